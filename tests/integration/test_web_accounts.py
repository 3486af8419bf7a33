"""Users and sessions, alike in memory and in a real Redis."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis

from cop.config import Settings
from cop.errors import Misconfigured, NotFound, StoreUnavailable
from cop.model.access import Audience
from cop.services import sessions
from cop.services.accounts import (
    add_user,
    disable_user,
    enable_user,
    list_users,
    open_accounts,
    password_fits,
    reset_password,
    set_user,
)
from cop.services.policy import AUDIENCE_OF, Role, at_least
from cop.services.sessions import SignedIn, identify, identify_sessions, sign_out
from cop.services.sign_in import SignInRefused, sign_in
from cop.store.accounts import Accounts, MemoryAccounts, RedisAccounts, User
from tests.integration.both_accounts import accounts
from tests.redis_server import shared_redis

__all__ = ["accounts", "shared_redis"]

HERE = "192.0.2.1"


def enter(accounts: Accounts, name: str, password: str, operation: str = "live") -> SignedIn:
    """Sign in from here."""
    return sign_in(accounts, name, password, HERE, operation=operation)


def test_a_new_user_signs_in_with_the_printed_password(accounts: Accounts) -> None:
    """The password is given once, is not stored, and opens a session of the user's audience."""
    password = add_user(accounts, " Wong ", Role.LIAISON, "DSD")
    (user,) = list_users(accounts)
    assert (user.name, user.role, user.agency, user.disabled) == ("wong", "liaison", "DSD", False)
    assert user.password.startswith("$argon2id$")
    assert password not in user.password
    signed_in = enter(accounts, "WONG", password)
    identity = identify(accounts, signed_in.token, operation="live")
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
    assert enter(accounts, "wong", password).identity.role is Role.VIEWER


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "-x", "a:b", "黃"])
def test_what_is_no_name_is_refused(accounts: Accounts, name: str) -> None:
    """Names are plain, so that they can stand in keys and logs of other systems."""
    with pytest.raises(Misconfigured, match="not a user name"):
        add_user(accounts, name, Role.VIEWER)


def test_a_disabled_user_is_out_at_once(accounts: Accounts) -> None:
    """Disabling ends the sessions and lets none begin."""
    password = add_user(accounts, "wong", Role.FIELD)
    tokens = [enter(accounts, "wong", password) for _ in range(2)]
    other = enter(accounts, "other", add_user(accounts, "other", Role.FIELD))
    assert disable_user(accounts, "wong") == 2
    assert [identify(accounts, each.token, operation="live") for each in tokens] == [None, None]
    assert identify(accounts, other.token, operation="live") is not None
    with pytest.raises(SignInRefused):
        enter(accounts, "wong", password)
    with pytest.raises(NotFound, match="no user"):
        disable_user(accounts, "nobody")


def test_signing_out_ends_one_session(accounts: Accounts) -> None:
    """The other sessions of the user go on."""
    password = add_user(accounts, "wong", Role.FIELD)
    left, stayed = (enter(accounts, "wong", password) for _ in range(2))
    sign_out(accounts, left.identity)
    assert identify(accounts, left.token, operation="live") is None
    alive = identify_sessions(
        accounts, [left.identity.session, stayed.identity.session], operation="live"
    )
    assert alive == {stayed.identity.session: stayed.identity}


def test_a_session_ends_by_itself(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much it is used, a session ends after its whole life."""
    password = add_user(accounts, "wong", Role.FIELD)
    signed_in = enter(accounts, "wong", password)
    (session,) = accounts.read_sessions([signed_in.identity.session]).values()
    monkeypatch.setattr(sessions, "now_ms", lambda: session.ends_ms + 1)
    assert identify(accounts, signed_in.token, operation="live") is None
    assert identify_sessions(accounts, [session.id], operation="live") == {}


@pytest.mark.parametrize(
    ("role", "idle"),
    [(Role.COMMANDER, sessions.SESSION_IDLE), (Role.FIELD, sessions.FIELD_IDLE)],
)
def test_an_unused_session_ends_sooner(
    role: Role, idle: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that nobody uses is forgotten; using it puts that off and is noted."""
    now = 1_000_000
    monkeypatch.setattr(sessions, "now_ms", lambda: now)
    accounts = MemoryAccounts(lambda: now)
    password = add_user(accounts, "wong", role)
    signed_in = enter(accounts, "wong", password)
    idle_ms = sessions.milliseconds(idle)
    for _ in range(2):
        now += idle_ms - 1
        assert identify(accounts, signed_in.token, operation="live") is not None
        (session,) = accounts.sessions_of("wong")
        assert session.seen_ms == now
    now += idle_ms + 1
    assert identify(accounts, signed_in.token, operation="live") is None


def test_a_session_is_good_in_its_own_operation_alone(accounts: Accounts) -> None:
    """A session of an exercise is nobody on live, and the other way round, for the same user."""
    password = add_user(accounts, "wong", Role.COMMANDER)
    for own, other in (("live", "exercise-storm"), ("exercise-storm", "live")):
        signed_in = enter(accounts, "wong", password, own)
        assert identify(accounts, signed_in.token, operation=own) == signed_in.identity
        assert identify(accounts, signed_in.token, operation=other) is None
        session = signed_in.identity.session
        assert identify_sessions(accounts, [session], operation=other) == {}


def test_a_user_may_be_kept_to_some_operations(accounts: Accounts) -> None:
    """Where operations are named the right password opens no other one, and says no more."""
    password = add_user(accounts, "wong", Role.FIELD, operations=["exercise-storm"])
    assert enter(accounts, "wong", password, "exercise-storm").identity.name == "wong"
    with pytest.raises(SignInRefused, match="the name or the password is wrong"):
        enter(accounts, "wong", password, "live")


def test_a_session_without_an_operation_is_ended(accounts: Accounts) -> None:
    """Sessions stored before they had an operation are good for none."""
    password = add_user(accounts, "wong", Role.FIELD)
    signed_in = enter(accounts, "wong", password)
    old = dataclasses.replace(signed_in.session, operation="")
    accounts.open_session(old, ttl_ms=60_000)
    assert identify(accounts, signed_in.token, operation="live") is None


def test_what_a_user_is_can_be_changed(accounts: Accounts) -> None:
    """A new role, agency or belonging ends the sessions; the same again ends nothing."""
    password = add_user(accounts, "wong", Role.FIELD, "dsd", belongs_to=["resource:t1"])
    before = enter(accounts, "wong", password)
    assert before.identity.belongs_to == {"resource:t1"}
    assert set_user(accounts, "wong", role=Role.FIELD, belongs_to=["resource:t1"]) == 0
    assert identify(accounts, before.token, operation="live") == before.identity
    assert set_user(accounts, "Wong", role=Role.WARDEN, agency="HAD", belongs_to=[]) == 1
    assert identify(accounts, before.token, operation="live") is None
    after = enter(accounts, "wong", password).identity
    assert (after.role, after.agency, after.belongs_to) == (Role.WARDEN, "HAD", frozenset())
    with pytest.raises(NotFound, match="no user"):
        set_user(accounts, "nobody", role=Role.FIELD)


def test_an_unknown_agency_is_refused_with_the_list(accounts: Accounts) -> None:
    """Nobody is given an agency that the policy could never match."""
    with pytest.raises(Misconfigured, match=r"no agency 'XYZ'.*DSD.*HKPF"):
        add_user(accounts, "wong", Role.FIELD, "XYZ")
    with pytest.raises(Misconfigured, match="id of a resource or a facility"):
        add_user(accounts, "wong", Role.FIELD, belongs_to=["team 1"])
    assert list_users(accounts) == []


@pytest.mark.parametrize(
    "password", ["short", "x" * 11, "x" * 201, "my WONG password", "ｗｏｎｇ-password"]
)
def test_a_weak_password_is_refused(accounts: Accounts, password: str) -> None:
    """A chosen password is long, and does not contain the name however that is written."""
    with pytest.raises(Misconfigured, match="password"):
        add_user(accounts, "wong", Role.FIELD, password=password)
    assert list_users(accounts) == []


def test_a_chosen_password_signs_in(accounts: Accounts) -> None:
    """However a keyboard composes its characters, and on a disabled user only once enabled."""
    add_user(accounts, "wong", Role.FIELD, password="caf\u00e9 by the harbour")
    enter(accounts, "wong", "cafe\u0301 by the harbour")
    disable_user(accounts, "wong")
    with pytest.raises(SignInRefused):
        enter(accounts, "wong", "caf\u00e9 by the harbour")
    enable_user(accounts, "wong")
    enter(accounts, "wong", "caf\u00e9 by the harbour")


def test_a_password_that_is_reset_while_it_is_checked(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sign-in with the old password that overlaps a reset leaves no session behind."""
    password = add_user(accounts, "wong", Role.FIELD)

    def slow(user: User | None, given: str) -> bool:
        fits = password_fits(user, given)
        reset_password(accounts, "wong")
        return fits

    monkeypatch.setattr("cop.services.sign_in.password_fits", slow)
    with pytest.raises(SignInRefused):
        enter(accounts, "wong", password)
    assert accounts.sessions_of("wong") == []


def test_a_short_session_does_not_hide_a_long_one(accounts: Accounts) -> None:
    """Ending all sessions of a user ends each, however long each would have lasted."""
    password = add_user(accounts, "wong", Role.FIELD)
    (user,) = list_users(accounts)
    long = enter(accounts, "wong", password)
    brief = sessions.Opening(
        operation="live", life=timedelta(milliseconds=1), idle=timedelta(minutes=1)
    )
    sessions.open_session(accounts, user, brief)
    assert long.session in accounts.sessions_of("wong")
    disable_user(accounts, "wong")
    assert accounts.sessions_of("wong") == []


def test_changes_of_a_user_do_not_undo_each_other(accounts: Accounts) -> None:
    """Many who change one user at once: every change is kept."""
    add_user(accounts, "wong", Role.FIELD)

    def add_one(number: int) -> None:
        accounts.change_user(
            "wong",
            lambda user: dataclasses.replace(
                user, belongs_to=(*user.belongs_to, f"resource:{number}")
            ),
        )

    with ThreadPoolExecutor(4) as several:
        list(several.map(add_one, range(12)))
    (user,) = list_users(accounts)
    assert len(user.belongs_to) == 12


def test_what_is_kept_is_taken_once(accounts: Accounts) -> None:
    """Of several who take one thing one gets it; what was never kept nobody gets."""
    accounts.keep("a", b"secret", ttl_ms=60_000)
    assert accounts.kept("a") == b"secret"
    with ThreadPoolExecutor(4) as several:
        taken = list(several.map(lambda _: accounts.take("a"), range(8)))
    assert sorted(taken, key=bool) == [*[None] * 7, b"secret"]
    assert accounts.kept("a") is None
    assert len(accounts.salt()) >= 16
    assert accounts.salt() == accounts.salt()


def test_users_of_the_first_release_still_load(shared_redis: str) -> None:
    """A user stored without the newer fields belongs to nothing and may enter anywhere."""
    client = redis.Redis.from_url(shared_redis)
    old = {
        "name": "elder",
        "role": "commander",
        "agency": "SB",
        "password": "",
        "disabled": False,
        "created_ms": 1,
    }
    client.set("cop:accounts:user:elder", json.dumps(old))
    client.close()
    accounts = RedisAccounts(shared_redis)
    user = accounts.read_users(["elder"])["elder"]
    assert (user.belongs_to, user.operations, user.external) == ((), None, "")
    accounts.close()


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 5000, "a b", "é" * 43])
def test_what_is_no_token_is_nobody(accounts: Accounts, token: str) -> None:
    """Nonsense as a token never reaches the store as a key, and is nobody."""
    assert identify(accounts, token, operation="live") is None


def test_the_passwords_never_reach_redis(shared_redis: str) -> None:
    """Neither password nor token stands anywhere in the store."""
    accounts = RedisAccounts(shared_redis)
    password = add_user(accounts, "secretive", Role.FIELD)
    token = enter(accounts, "secretive", password).token
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
        identify(accounts, "A" * 43, operation="live")
    with pytest.raises(Misconfigured, match="COP_REDIS_URL"):
        open_accounts(Settings(redis_url=""))


def test_every_role_has_an_audience() -> None:
    """A role that is added without an audience fails here; none is public."""
    assert set(AUDIENCE_OF) == set(Role)
    assert all(at_least(audience, Audience.RESPONDER) for audience in AUDIENCE_OF.values())
