"""Live positions: only on duty, only by their own, gone in time, in no journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.errors import NotFound, NotPermitted, NotPossible, TooOften
from cop.model.geometry import point
from cop.model.kinds import LivePosition, Resource, ResourceStatus
from cop.model.record import put, remove
from cop.services import positions
from cop.services.commands.resources import amended
from cop.services.policy import Identity, Role
from cop.services.positions import (
    SharePosition,
    WithdrawPosition,
    position_id,
    share,
    withdraw,
    withdraw_off_duty,
)
from cop.services.upkeep import expire
from cop.store.memory import MemoryStore
from tests.unit.services.commands.acting import CHIEF, DSD, TEAM, Room, who
from tests.unit.services.test_duty import Following

PUMP = "resource:pump-1"
HERE = position_id(PUMP)
MATE = who(Role.FIELD, "DSD", "mate", [PUMP])
STRANGER = who(Role.FIELD, "DSD", "stranger")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """Give a desk with one team, at which nobody is too quick."""
    monkeypatch.setattr(positions, "_keep_pace", lambda *_: None)
    room = Room()
    room.resource(geometry=point(114.0, 22.4))
    return room


def send(room: Room, asker: Identity = TEAM, ago_s: float = 0, **said: Any) -> bool:
    """Share a position measured so many seconds ago."""
    at = room.clock.now() - timedelta(seconds=ago_s)
    given = {"resource": PUMP, "geometry": point(114.17, 22.3), "at": at, **said}
    return share(room.desk, asker, SharePosition.model_validate(given))


def stop(room: Room, asker: Identity = TEAM) -> None:
    """Stop sharing."""
    withdraw(room.desk, asker, WithdrawPosition(resource=PUMP))


def is_shown(room: Room) -> bool:
    """Tell whether the position is on the picture."""
    return HERE in room.store.read([HERE])


def test_a_position_stands_on_the_picture_alone(room: Room) -> None:
    """It is there with what was measured; the resource is as it was, and no journal knows."""
    before = room.version(PUMP)
    assert send(room, ago_s=30, precision_m=12.5, heading_deg=85, speed_kmh=4.5)
    shown = room.see(HERE, LivePosition)
    assert (shown.resource, shown.agency, shown.author) == (PUMP, "DSD", "team")
    assert (shown.precision_m, shown.heading_deg, shown.speed_kmh) == (12.5, 85, 4.5)
    assert shown.observed_at == room.clock.now() - timedelta(seconds=30)
    assert shown.expires_at == shown.observed_at + timedelta(minutes=15)
    assert room.version(PUMP) == before
    assert room.store.journal_size() == 0


def test_a_later_one_takes_its_place(room: Room) -> None:
    """One that is older than known, or older than it may live, changes nothing."""
    assert send(room, ago_s=60)
    assert send(room, MATE, ago_s=10, geometry=point(114.2, 22.35))
    assert not send(room, ago_s=30)
    assert room.see(HERE, LivePosition).author == "mate"
    stop(room)
    assert not send(room, ago_s=15 * 60)
    assert not is_shown(room)


def test_a_clock_that_is_ahead_is_not_believed(room: Room) -> None:
    """A time to come counts as now, so that no later true one is ignored for it."""
    assert send(room, ago_s=-3600)
    assert room.see(HERE, LivePosition).observed_at == room.clock.now()
    room.clock.wait(5)
    assert send(room)


def test_only_its_own_people_share_it(room: Room) -> None:
    """Nobody shares where another team is, whatever their role."""
    for asker in (STRANGER, CHIEF, DSD, who(Role.WARDEN, "DSD", own=[PUMP]), who(Role.VIEWER)):
        with pytest.raises(NotPermitted):
            send(room, asker)
    assert send(room, who(Role.MACHINE, "DSD"))
    with pytest.raises(NotFound):
        send(room, resource="resource:none")


@pytest.mark.parametrize("status", [ResourceStatus.RESTING, ResourceStatus.OUT_OF_SERVICE])
def test_off_duty_nobody_is_followed(room: Room, status: ResourceStatus) -> None:
    """A team that rests shares nothing, and what it had shared goes at that very moment."""
    send(room)
    assert withdraw_off_duty(room.store, room.clock.now()) == 0
    room.do("POST /resources/{id}/report", TEAM, PUMP, status=status.value)
    assert not is_shown(room)
    assert b"position:" not in room.store.journal([1])[0].body
    with pytest.raises(NotPossible) as refused:
        send(room)
    assert refused.value.code == "off-duty"


@pytest.mark.parametrize("status", [None, ResourceStatus.RESTING], ids=["gone", "resting"])
def test_what_went_without_a_command_is_followed_no_more(
    room: Room, status: ResourceStatus | None
) -> None:
    """A team that a list of teams left out, or put to rest, is taken off by upkeep."""
    send(room)
    record = room.store.read([PUMP])[PUMP]
    team = room.see(PUMP, Resource)
    write = remove(record) if status is None else put(amended(team, status=status))
    room.store.write([write], fetched_ms=0)
    assert withdraw_off_duty(room.store, room.clock.now()) == 1
    assert not is_shown(room)


def test_who_goes_off_duty_meanwhile_is_not_shown(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A position that is being written while its team goes off duty is not written."""

    def rest(*_: object) -> None:
        room.do("POST /resources/{id}/report", TEAM, PUMP, status="resting")

    monkeypatch.setattr(positions, "_keep_pace", rest)
    with pytest.raises(NotPossible):
        send(room)
    assert not is_shown(room)


def test_it_is_taken_off_at_once(room: Room) -> None:
    """By whoever shares it, also when they belong to the team no more, or by the team."""
    for asker in (TEAM, MATE, who(Role.FIELD, "FSD", "team")):
        room.clock.wait(1)
        assert send(room)
        with pytest.raises(NotPermitted):
            stop(room, STRANGER)
        assert is_shown(room)
        stop(room, asker)
        assert not is_shown(room)
    stop(room)
    assert room.store.journal_size() == 0


def test_what_is_on_its_way_does_not_undo_it(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops sharing while the last position is being written is shown no more."""
    assert send(room, ago_s=5)
    write = room.store.write

    def stopped_first(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(room.store, "write", write)
        stop(room)
        return write(*args, **more)

    monkeypatch.setattr(room.store, "write", stopped_first)
    assert not send(room)
    assert not is_shown(room)


def test_it_expires_by_itself(room: Room) -> None:
    """Fifteen minutes after the last one it is gone with whatever else has expired."""
    send(room)
    room.clock.wait(15 * 60 - 1)
    assert expire(room.store, room.clock.now()) == 0
    room.clock.wait(2)
    assert expire(room.store, room.clock.now()) == 1
    assert not is_shown(room)


def test_not_more_often_than_is_of_use() -> None:
    """Two within three seconds, whoever sends them, are one too many; what is older is not."""
    room = Room(store=MemoryStore(now_ms=lambda: 1_000))  # of real time none goes by
    room.resource()
    send(room)
    assert not send(room)
    room.clock.wait(1)
    with pytest.raises(TooOften) as refused:
        send(room, MATE)
    assert refused.value.retry_after_s == 3


@pytest.mark.parametrize(
    "said",
    [
        {"heading_deg": 361},
        {"speed_kmh": -1},
        {"precision_m": -1},
        {"geometry": {"type": "Point", "coordinates": [181, 0]}},
        {"geometry": {"type": "LineString", "coordinates": [[114, 22], [114, 23]]}},
        {"at": "2026-09-08T04:00:00"},
        {"author": "somebody"},
    ],
)
def test_nonsense_is_refused(room: Room, said: dict[str, Any]) -> None:
    """Only a point, with numbers that can be, at a moment that is one, and nothing else."""
    with pytest.raises(ValueError):
        send(room, **said)


def test_whom_to_send_follows_where_they_are(room: Room) -> None:
    """The nearest is who is nearest now, not by the roster; a later report counts before it."""
    room.resource("far", geometry=point(114.171, 22.3))
    incident = room.incident(geometry=point(114.17, 22.3), incident_type="other")
    following = Following(room)

    def nearest() -> str:
        following.catch_up()
        return following.suggesting.find(CHIEF, incident, limit=1)[0].resource

    try:
        assert nearest() == "resource:far"
        send(room)
        assert nearest() == PUMP
        room.clock.wait(60)
        elsewhere = point(114.0, 22.4).model_dump(mode="json")
        room.do("POST /resources/{id}/report", TEAM, PUMP, geometry=elsewhere)
        assert nearest() == "resource:far"
    finally:
        following.replica.stop()


def test_an_order_to_an_area_reaches_who_is_there_now(room: Room) -> None:
    """A team whose roster says elsewhere is addressed where its live position is."""
    room.user("team", Role.FIELD, "DSD", belongs_to=(PUMP,))
    square = [[114.1, 22.25], [114.2, 22.25], [114.2, 22.35], [114.1, 22.35], [114.1, 22.25]]
    order = {
        "words": "Leave",
        "addressees": ["area"],
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    with pytest.raises(NotPossible):
        room.do("POST /orders", CHIEF, **order)
    send(room)
    assert room.do("POST /orders", CHIEF, **order).version == 1
