"""The streams that nudges go by: slow ones, too many of them, and those of whom is no longer in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from cop.api import nudges as module
from cop.model.access import Audience
from cop.services.policy import Identity, Role
from cop.store.accounts import Session
from tests.unit.api.test_nudges import MATES, TEAMS, Street, street, team, wire
from tests.unit.services.commands.acting import DUTY

__all__ = ["street"]


def in_a_loop(deed: Callable[[], None]) -> None:
    """Do what needs a running event loop."""

    async def run() -> None:
        deed()

    asyncio.run(run())


def test_a_slow_reader_is_let_go(street: Street) -> None:
    """Who takes nothing any more costs the mates nothing."""
    slow = street.phones["team-3-2"]
    wire(slow).waiting = module.SLOW_BYTES + 1
    street.room.assign("resource:team-3")
    in_a_loop(street.pump)
    assert wire(slow).closed
    assert street.told("duty") == team(3) - {"team-3-2"}
    assert slow not in street.nudges._listed
    street.nudges.leave(slow)
    assert street.nudges.viewers == TEAMS * MATES - 1


def test_a_slow_reader_keeps_nothing_from_the_others(street: Street) -> None:
    """Who is let go while duty is told is not asked for when their area is: all others hear it."""
    for name in ("team-3-2", "team-8-0"):
        wire(street.phones[name]).waiting = module.SLOW_BYTES + 1
    moved = replace(street.phones["team-8-0"].identity, belongs_to=frozenset({"resource:team-1"}))

    def tell() -> None:
        street.replica._load()
        street.nudges._pump()
        street.finish()
        slow = street.open("team-8-0", ["resource:team-8"])
        wire(slow).waiting = module.SLOW_BYTES + 1
        street.nudges._follow(slow, {slow.identity.session: moved})

    in_a_loop(tell)
    others = set(street.phones) - {"team-3-2", "team-8-0"}
    assert street.told("duty") & others == street.told("area") & others == others
    assert street.phones["team-8-0"] not in street.nudges._listed


def test_of_too_many_streams_of_a_phone_the_oldest_ends(street: Street) -> None:
    """One that comes back again and again is always let in, and holds a few streams at most."""
    opened = [street.phones["team-6-0"]]

    def come_back() -> None:
        again = range(module.MOST_A_SESSION)
        opened.extend(street.open("team-6-0", ["resource:team-6"]) for _ in again)

    in_a_loop(come_back)
    assert [wire(viewer).closed for viewer in opened] == [True] + [False] * module.MOST_A_SESSION
    street.room.assign("resource:team-6")
    street.pump()
    assert all(b"event: duty" in wire(viewer).sent for viewer in opened[1:])


def test_who_leaves_is_listed_nowhere(street: Street) -> None:
    """When all have gone nothing is left of them."""
    for viewer in street.phones.values():
        street.nudges.leave(viewer)
    assert not street.nudges._listed
    assert not street.nudges._by_key
    assert not street.nudges._by_cell
    assert street.nudges.viewers == 0


def test_another_team_is_followed(street: Street) -> None:
    """Who is moved to another team hears of that from then on, and of the old one no more."""
    viewer = street.phones["team-0-0"]
    now = replace(viewer.identity, belongs_to=frozenset({"resource:team-1"}))
    street.nudges._follow(viewer, {viewer.identity.session: now})
    assert street.told("duty") == street.told("area") == {"team-0-0"}
    street.later()
    street.room.assign("resource:team-0")
    street.room.assign("resource:team-1")
    street.pump()
    assert street.told("duty") == team(0) | team(1)
    assert b"event: duty" in wire(viewer).sent
    street.later()
    street.room.do("PATCH /resources/{id}", DUTY, "resource:team-0", made_from=2, strength=4)
    street.pump()
    assert street.heard() == team(0) - {"team-0-0"}


def test_who_may_no_longer_look_is_shut_out(street: Street) -> None:
    """A session that has ended, or is only the public's now, ends the stream."""
    ended, lowered, kept = (street.phones[f"team-2-{n}"] for n in range(3))
    public: Identity = replace(lowered.identity, audience=Audience.PUBLIC)
    alive = {
        lowered.identity.session: public,
        kept.identity.session: kept.identity,
    }

    def check() -> None:
        for viewer in (ended, lowered, kept):
            street.nudges._follow(viewer, alive)

    in_a_loop(check)
    assert [wire(v).closed for v in (ended, lowered, kept)] == [True, True, False]
    assert wire(kept).sent == b""


def test_open_streams_are_contact(street: Street) -> None:
    """The session of an open stream is noted as used, and not more often than once a minute."""
    accounts, viewer = street.room.accounts, street.phones["team-4-0"]
    street.room.user("team-4-0", Role.FIELD, "DSD", belongs_to=("resource:team-4",))
    session = Session(
        id=viewer.identity.session,
        user="team-4-0",
        operation="live",
        started_ms=0,
        ends_ms=2**60,
        idle_ms=3_600_000,
    )
    accounts.open_session(session, ttl_ms=3_600_000)
    assert session.id in street.nudges._check([viewer], [])
    assert accounts.read_sessions([session.id])[session.id].seen_ms == 0
    street.nudges._check([viewer], [viewer])
    seen = accounts.read_sessions([session.id])[session.id].seen_ms
    assert seen > 0
    street.nudges._check([viewer], [viewer])
    assert accounts.read_sessions([session.id])[session.id].seen_ms == seen
