"""Users and sessions, alike in memory and in a real Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from cop.config import Settings
from cop.errors import Misconfigured, NotFound, StoreUnavailable
from cop.model.access import Audience
from cop.services import accounts as service
from cop.services.accounts import (
    SignInRefused,
    TooManyAttempts,
    add_user,
    disable_user,
    identify,
    identify_sessions,
    issue_token,
    list_users,
    open_accounts,
    sign_in,
    sign_out,
)
from cop.services.policy import AUDIENCE_OF, Role, at_least
from cop.store.accounts import Accounts, MemoryAccounts, RedisAccounts
from tests.redis_server import shared_redis

__all__ = ["shared_redis"]

HERE = "192.0.2.1"


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def accounts(request: pytest.FixtureRequest) -> Iterator[Accounts]:
    """Give empty accounts of each kind."""
    if request.param == "memory":
        yield MemoryAccounts()
        return
    url = request.getfixturevalue("shared_redis")
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()
    opened = RedisAccounts(url)
    yield opened
    opened.close()


def test_a_new_user_signs_in_with_the_printed_password(accounts: Accounts) -> None:
    """The password is given once, is not stored, and opens a session of the user's audience."""
    password = add_user(accounts, " Wong ", Role.LIAISON, "DSD")
    (user,) = list_users(accounts)
    assert (user.name, user.role, user.agency, user.disabled) == ("wong", "liaison", "DSD", False)
    assert user.password.startswith("$argon2id$")
    assert password not in user.password
    signed_in = sign_in(accounts, "WONG", password, HERE)
    identity = identify(accounts, signed_in.token)
    assert identity == signed_in.identity
    assert identity is not None
    assert identity.audience is Audience.COMMAND
    assert signed_in.token not in identity.session


def test_passwords_are_strong_and_never_the_same(accounts: Accounts) -> None:
    """Twenty characters that nobody misreads, new for each user."""
    passwords = {add_user(accounts, f"user{n}", Role.VIEWER) for n in range(5)}
    assert len(passwords) == 5
    assert all(len(password.replace("-", "")) == 20 for password in passwords)


def test_a_name_is_taken_once(accounts: Accounts) -> None:
    """Adding a user again changes nothing and says so."""
    password = add_user(accounts, "wong", Role.VIEWER)
    with pytest.raises(Misconfigured, match="already"):
        add_user(accounts, "Wong", Role.COMMANDER)
    assert sign_in(accounts, "wong", password, HERE).identity.role is Role.VIEWER


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "-x", "a:b", "黃"])
def test_what_is_no_name_is_refused(accounts: Accounts, name: str) -> None:
    """Names are plain, so that they can stand in keys and logs of other systems."""
    with pytest.raises(Misconfigured, match="not a user name"):
        add_user(accounts, name, Role.VIEWER)


def test_a_disabled_user_is_out_at_once(accounts: Accounts) -> None:
    """Disabling ends the sessions and lets none begin."""
    password = add_user(accounts, "wong", Role.FIELD)
    tokens = [sign_in(accounts, "wong", password, HERE) for _ in range(2)]
    other = sign_in(accounts, "other", add_user(accounts, "other", Role.FIELD), HERE)
    assert disable_user(accounts, "wong") == 2
    assert [identify(accounts, each.token) for each in tokens] == [None, None]
    assert identify(accounts, other.token) is not None
    with pytest.raises(SignInRefused):
        sign_in(accounts, "wong", password, HERE)
    with pytest.raises(NotFound, match="no user"):
        disable_user(accounts, "nobody")


def test_signing_out_ends_one_session(accounts: Accounts) -> None:
    """The other sessions of the user go on."""
    password = add_user(accounts, "wong", Role.FIELD)
    left, stayed = (sign_in(accounts, "wong", password, HERE) for _ in range(2))
    sign_out(accounts, left.identity)
    assert identify(accounts, left.token) is None
    alive = identify_sessions(accounts, [left.identity.session, stayed.identity.session])
    assert alive == {stayed.identity.session: stayed.identity}


def test_a_session_ends_by_itself(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much it is used, a session ends after its whole life."""
    password = add_user(accounts, "wong", Role.FIELD)
    signed_in = sign_in(accounts, "wong", password, HERE)
    (session,) = accounts.read_sessions([signed_in.identity.session]).values()
    monkeypatch.setattr(service, "_now_ms", lambda: session.ends_ms + 1)
    assert identify(accounts, signed_in.token) is None
    assert identify_sessions(accounts, [session.id]) == {}


def test_an_unused_session_ends_sooner() -> None:
    """A session that nobody uses is forgotten; using it puts that off."""
    now = 1_000_000
    accounts = MemoryAccounts(lambda: now)
    password = add_user(accounts, "wong", Role.FIELD)
    signed_in = sign_in(accounts, "wong", password, HERE)
    idle_ms = int(service.SESSION_IDLE.total_seconds() * 1000)
    now += idle_ms - 1
    assert identify(accounts, signed_in.token) is not None
    now += idle_ms - 1
    assert identify(accounts, signed_in.token) is not None
    now += idle_ms + 1
    assert identify(accounts, signed_in.token) is None


def test_guessing_is_limited_by_name_and_address(accounts: Accounts) -> None:
    """A guesser is stopped, and does not lock the user out from anywhere else."""
    password = add_user(accounts, "wong", Role.FIELD)
    for _ in range(service.ATTEMPTS_PER_PAIR):
        with pytest.raises(SignInRefused):
            sign_in(accounts, "wong", "guess", HERE)
    with pytest.raises(TooManyAttempts) as stopped:
        sign_in(accounts, "wong", password, HERE)
    assert 0 < stopped.value.retry_after_s <= 300
    assert sign_in(accounts, "wong", password, "198.51.100.7").identity.name == "wong"


def test_an_address_is_limited_over_all_names(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trying many names from one address is stopped too."""
    monkeypatch.setattr(service, "ATTEMPTS_PER_ADDRESS", 3)
    for n in range(3):
        with pytest.raises(SignInRefused):
            sign_in(accounts, f"name{n}", "guess", HERE)
    with pytest.raises(TooManyAttempts):
        sign_in(accounts, "name9", "guess", HERE)


def test_a_right_password_begins_the_count_again(accounts: Accounts) -> None:
    """Somebody who mistypes now and then is never stopped."""
    password = add_user(accounts, "wong", Role.FIELD)
    for _ in range(3):
        for _ in range(service.ATTEMPTS_PER_PAIR - 1):
            with pytest.raises(SignInRefused):
                sign_in(accounts, "wong", "typo", HERE)
        sign_in(accounts, "wong", password, HERE)


def test_a_machine_gets_a_long_lived_token(accounts: Accounts) -> None:
    """Only a user with the role machine, and only while it is active."""
    add_user(accounts, "gis", Role.MACHINE)
    add_user(accounts, "wong", Role.COMMANDER)
    identity = identify(accounts, issue_token(accounts, "gis"))
    assert identity is not None
    assert identity.audience is Audience.RESPONDER
    with pytest.raises(NotFound, match="machine"):
        issue_token(accounts, "wong")
    disable_user(accounts, "gis")
    with pytest.raises(NotFound, match="machine"):
        issue_token(accounts, "gis")


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 5000, "a b", "é" * 43])
def test_what_is_no_token_is_nobody(accounts: Accounts, token: str) -> None:
    """Nonsense as a token never reaches the store as a key, and is nobody."""
    assert identify(accounts, token) is None


def test_the_passwords_never_reach_redis(shared_redis: str) -> None:
    """Neither password nor token stands anywhere in the store."""
    accounts = RedisAccounts(shared_redis)
    password = add_user(accounts, "secretive", Role.FIELD)
    token = sign_in(accounts, "secretive", password, HERE).token
    client = redis.Redis.from_url(shared_redis)
    for key in client.scan_iter("cop:accounts*"):
        assert token.encode() not in key
        stored = client.dump(key)
        assert password.encode() not in stored
        assert token.encode() not in stored
    client.close()
    accounts.close()


def test_without_redis_accounts_say_so() -> None:
    """No Redis is an error that is told, never an empty list of users."""
    accounts = RedisAccounts("unix:///nowhere/redis.sock")
    with pytest.raises(StoreUnavailable, match="accounts"):
        identify(accounts, "A" * 43)
    with pytest.raises(Misconfigured, match="COP_REDIS_URL"):
        open_accounts(Settings(redis_url=""))


def test_every_role_has_an_audience() -> None:
    """A role that is added without an audience fails here; none is public."""
    assert set(AUDIENCE_OF) == set(Role)
    assert all(at_least(audience, Audience.RESPONDER) for audience in AUDIENCE_OF.values())
