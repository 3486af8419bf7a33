"""Sessions that are renewed, ended or lost, and what takes push messages, in each kind of store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from cop.services import sessions
from cop.services.accounts import add_user, disable_user, now_ms, set_user
from cop.services.policy import Identity, Role
from cop.services.push import MOST_A_SESSION, MOST_AN_ACCOUNT, subscribe, subscriptions_of
from cop.services.push import unsubscribe as unsubscribe_
from cop.services.sessions import (
    FIELD_IDLE,
    FIELD_LIFE,
    FIELD_MOST,
    SESSION_IDLE,
    SESSION_LIFE,
    Opening,
    SignedIn,
    identify,
    is_lost,
    lasts,
    mark_lost,
    milliseconds,
    open_session,
    renew_session,
)
from cop.store.accounts import Accounts, RedisAccounts, Session
from tests.browsers import Browser, subscription
from tests.integration.both_accounts import accounts
from tests.redis_server import shared_redis

__all__ = ["accounts", "shared_redis"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Clock:
    """Real time as the sessions see it."""

    def __init__(self) -> None:
        """Begin now."""
        self.ahead_ms = 0

    def __call__(self) -> int:
        """Tell the time."""
        return now_ms() + self.ahead_ms

    def pass_(self, span: timedelta) -> None:
        """Let time pass; what Redis forgets by itself is not forgotten by this."""
        self.ahead_ms += milliseconds(span)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Give a clock that can be put forward."""
    made = Clock()
    monkeypatch.setattr(sessions, "now_ms", made)
    return made


def sign_in(accounts: Accounts, name: str) -> SignedIn:
    """Open a session as a password or the provider would."""
    user = accounts.read_users([name])[name]
    life, idle = lasts(user.role)
    return open_session(accounts, user, Opening(operation="live", life=life, idle=idle))


def who(accounts: Accounts, signed_in: SignedIn) -> Identity | None:
    """Tell whom a token stands for."""
    return identify(accounts, signed_in.token, operation="live")


def stored(accounts: Accounts, signed_in: SignedIn) -> Session:
    """Give a session as it is stored."""
    return accounts.read_sessions([signed_in.session.id])[signed_in.session.id]


def test_how_long_a_session_lasts() -> None:
    """Days for those out there, however they signed in; as ever for those at a desk."""
    for role in Role:
        life, idle = lasts(role, DAY)
        if role in {Role.FIELD, Role.WARDEN}:
            assert (life, idle) == (FIELD_LIFE, FIELD_IDLE) == (14 * DAY, 72 * HOUR)
        else:
            assert (life, idle) == (DAY, SESSION_IDLE)
    assert lasts(Role.COMMANDER) == (SESSION_LIFE, SESSION_IDLE)


@pytest.mark.parametrize("role", [Role.FIELD, Role.WARDEN])
def test_renewing_goes_on_for_sixty_days(accounts: Accounts, clock: Clock, role: Role) -> None:
    """Each renewal gives 14 more days, none goes past the sixtieth; the token stays the same."""
    add_user(accounts, "chan", role)
    signed_in = sign_in(accounts, "chan")
    started = signed_in.session.started_ms
    for day in range(0, 60, 10):
        identity = who(accounts, signed_in)
        assert identity is not None
        renewed = renew_session(accounts, identity)
        assert renewed is not None
        wanted = min(started + milliseconds((day + 14) * DAY), started + milliseconds(FIELD_MOST))
        assert abs(renewed.ends_ms - wanted) < 60_000
        assert renewed == stored(accounts, signed_in)
        assert [one.id for one in accounts.sessions_of("chan")] == [renewed.id]
        clock.pass_(10 * DAY)
    assert who(accounts, signed_in) is None


def test_sessions_at_a_desk_stay_as_they_are(accounts: Accounts, clock: Clock) -> None:
    """A renewal gives a commander nothing but that the session was used."""
    add_user(accounts, "chief", Role.COMMANDER)
    signed_in = sign_in(accounts, "chief")
    clock.pass_(HOUR)
    identity = who(accounts, signed_in)
    assert identity is not None
    renewed = renew_session(accounts, identity)
    assert renewed is not None
    assert (renewed.ends_ms, renewed.idle_ms) == (
        signed_in.session.ends_ms,
        signed_in.session.idle_ms,
    )


@pytest.mark.parametrize(
    "end",
    [
        lambda accounts: disable_user(accounts, "chan"),
        lambda accounts: set_user(accounts, "chan", role=Role.VIEWER),
        lambda accounts: accounts.end_sessions("chan"),
    ],
    ids=["disabled", "other role", "ended"],
)
def test_what_has_ended_is_not_renewed(
    accounts: Accounts, end: Callable[[Accounts], object]
) -> None:
    """Who was known a moment ago and is no more gets no session back."""
    add_user(accounts, "chan", Role.FIELD)
    signed_in = sign_in(accounts, "chan")
    identity = who(accounts, signed_in)
    assert identity is not None
    end(accounts)
    assert renew_session(accounts, identity) is None
    assert who(accounts, signed_in) is None
    assert accounts.sessions_of("chan") == []


@pytest.mark.redis
def test_a_session_that_ends_while_it_is_renewed_stays_ended(shared_redis: str) -> None:
    """Whatever comes between reading a session and writing it anew, an ended one is gone."""
    accounts, others = RedisAccounts(shared_redis), RedisAccounts(shared_redis)
    accounts.end_sessions("race")
    add_user(accounts, "race", Role.FIELD)
    signed_in = sign_in(accounts, "race")
    calls = []

    def change(session: Session) -> tuple[Session, int]:
        calls.append(session)
        others.end_session(session)  # just now, by somebody else
        return replace(session, ends_ms=session.ends_ms + 1), 60_000

    assert accounts.change_session(signed_in.session.id, change) is None
    assert len(calls) == 1
    assert others.read_sessions([signed_in.session.id]) == {}
    assert others.sessions_of("race") == []
    accounts.close()
    others.close()


def test_many_renewals_and_one_end(accounts: Accounts) -> None:
    """However they fall, the session has ended when both are done."""
    add_user(accounts, "chan", Role.FIELD)
    for _ in range(20):
        signed_in = sign_in(accounts, "chan")
        identity = who(accounts, signed_in)
        assert identity is not None
        begin = threading.Barrier(4)

        def renew(identity: Identity = identity, begin: threading.Barrier = begin) -> None:
            begin.wait(60)
            for _ in range(5):
                renew_session(accounts, identity)

        threads = [threading.Thread(target=renew) for _ in range(3)]
        for thread in threads:
            thread.start()
        begin.wait(60)
        accounts.end_session(signed_in.session)
        for thread in threads:
            thread.join(60)
        assert who(accounts, signed_in) is None
        assert accounts.sessions_of("chan") == []


def test_using_a_session_does_not_undo_its_renewal(accounts: Accounts, clock: Clock) -> None:
    """A use that is noted leaves the later end, which another request has just given it."""
    add_user(accounts, "chan", Role.FIELD)
    signed_in = sign_in(accounts, "chan")
    clock.pass_(2 * DAY)
    identity = who(accounts, signed_in)
    assert identity is not None
    renewed = renew_session(accounts, identity)
    assert renewed is not None
    clock.pass_(timedelta(minutes=2))
    assert who(accounts, signed_in) is not None
    after = stored(accounts, signed_in)
    assert after.ends_ms == renewed.ends_ms
    assert after.seen_ms > renewed.seen_ms


def test_a_lost_device_is_remembered(accounts: Accounts) -> None:
    """By its token alone, after the session has ended; no other token is lost."""
    add_user(accounts, "chan", Role.FIELD)
    lost, other = sign_in(accounts, "chan"), sign_in(accounts, "chan")
    assert not is_lost(accounts, lost.token)
    mark_lost(accounts, lost.session)
    accounts.end_session(lost.session)
    accounts.end_session(other.session)
    assert is_lost(accounts, lost.token)
    assert not is_lost(accounts, other.token)
    assert not is_lost(accounts, "x")


def test_sessions_of_many_at_once(accounts: Accounts) -> None:
    """Each is listed as alone; whoever has none is left out."""
    for name in ("chan", "wong", "lee"):
        add_user(accounts, name, Role.FIELD)
    opened = {name: [sign_in(accounts, name).session for _ in range(2)] for name in ("chan", "lee")}
    found = accounts.sessions_by_user(["chan", "wong", "lee", "nobody"])
    assert found == {name: accounts.sessions_of(name) for name in opened}
    assert {name: {one.id for one in each} for name, each in found.items()} == {
        name: {one.id for one in each} for name, each in opened.items()
    }


def identity_of(signed_in: SignedIn) -> Identity:
    """Tell who asks by a session."""
    return signed_in.identity


def take(accounts: Accounts, signed_in: SignedIn, number: int) -> str:
    """Let a browser of a session take messages; gives its address."""
    browser = Browser()
    endpoint = f"https://push.test/{number}"
    subscribe(
        accounts,
        identity_of(signed_in),
        operation="live",
        hosts="push.test",
        endpoint=endpoint,
        p256dh=browser.p256dh,
        auth=browser.auth,
    )
    return endpoint


def endpoints(accounts: Accounts, name: str) -> list[str]:
    """List where somebody's browsers take messages."""
    return [one.endpoint for one in subscriptions_of(accounts, name)]


def test_a_subscription_lives_as_long_as_its_session(accounts: Accounts) -> None:
    """Ending one session takes its own away; the other's stays, until it ends as well."""
    add_user(accounts, "chan", Role.FIELD)
    first, second = sign_in(accounts, "chan"), sign_in(accounts, "chan")
    one, two = take(accounts, first, 1), take(accounts, second, 2)
    assert endpoints(accounts, "chan") == [one, two]
    assert accounts.subscribers() == {"chan"}
    accounts.end_session(first.session)
    assert endpoints(accounts, "chan") == [two]
    disable_user(accounts, "chan")
    assert endpoints(accounts, "chan") == []
    assert accounts.subscribers() == set()


def test_the_oldest_give_way(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most five a session and ten an account; the same browser again counts once."""
    ticks = iter(range(1, 1000))
    monkeypatch.setattr("cop.services.push.now_ms", lambda: next(ticks))
    add_user(accounts, "chan", Role.FIELD)
    signed_in = [sign_in(accounts, "chan") for _ in range(3)]
    for number in (*range(6), 5, 5):
        take(accounts, signed_in[0], number)
    assert endpoints(accounts, "chan") == [f"https://push.test/{n}" for n in range(1, 6)]
    for number in range(10, 15):
        take(accounts, signed_in[1], number)
    assert len(endpoints(accounts, "chan")) == MOST_AN_ACCOUNT == 2 * MOST_A_SESSION
    take(accounts, signed_in[2], 20)
    assert endpoints(accounts, "chan") == [
        f"https://push.test/{n}" for n in (*range(2, 6), *range(10, 15), 20)
    ]


def test_a_phone_that_changes_hands(accounts: Accounts) -> None:
    """A browser takes messages for whoever let it last, not for the one before."""
    for name in ("chan", "wong"):
        add_user(accounts, name, Role.FIELD)
    before, after = sign_in(accounts, "chan"), sign_in(accounts, "wong")
    endpoint = take(accounts, before, 1)
    take(accounts, after, 1)
    assert endpoints(accounts, "chan") == []
    unsubscribe_(accounts, identity_of(before), endpoint)
    assert endpoints(accounts, "wong") == [endpoint]
    assert accounts.subscribers() == {"wong"}
    unsubscribe_(accounts, identity_of(after), endpoint)
    assert endpoints(accounts, "wong") == []
    assert accounts.subscribers() == set()


def test_what_was_made_anew_is_not_forgotten(accounts: Accounts) -> None:
    """Who forgets what it saw a moment ago leaves what the same browser has said since."""
    add_user(accounts, "chan", Role.FIELD)
    first, second = sign_in(accounts, "chan"), sign_in(accounts, "chan")
    endpoint = take(accounts, first, 1)
    (seen,) = subscriptions_of(accounts, "chan")
    take(accounts, second, 1)
    accounts.drop_subscriptions([seen])
    assert endpoints(accounts, "chan") == [endpoint]


def test_a_subscription_that_rests(accounts: Accounts) -> None:
    """What is noted of it stays with it; nothing comes back that is gone."""
    add_user(accounts, "chan", Role.FIELD)
    signed_in = sign_in(accounts, "chan")
    take(accounts, signed_in, 1)
    (before,) = subscriptions_of(accounts, "chan")
    accounts.change_subscription(before.id, lambda one: replace(one, failures=2, rests_until_ms=9))
    assert subscriptions_of(accounts, "chan") == [replace(before, failures=2, rests_until_ms=9)]
    accounts.drop_subscriptions([before])
    accounts.change_subscription(before.id, lambda one: replace(one, failures=3))
    assert subscriptions_of(accounts, "chan") == []


def test_subscriptions_of_many_at_once(accounts: Accounts) -> None:
    """More than are asked for in one go, with nobody's missing and nobody else's among them."""
    names = [f"u{number}" for number in range(1_200)]
    session = {name: f"s-{name}" for name in names}
    opened = Session(id="", user="", operation="live", started_ms=1, ends_ms=2**50, idle_ms=1)
    browser = Browser()
    for number, name in enumerate(names):
        accounts.open_session(replace(opened, id=session[name], user=name), ttl_ms=600_000)
        made = subscription(
            name, browser, f"https://push.test/{number}", session=session[name], made_ms=number
        )
        accounts.add_subscription(made, ttl_ms=600_000)
    found = accounts.subscriptions_of([*names, "nobody"])
    assert {name: [one.user for one in each] for name, each in found.items()} == {
        name: [name] for name in names
    }
    assert accounts.subscribers() == set(names)
