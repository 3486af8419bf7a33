"""What devices send, and what becomes of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cop.clock import ScenarioClock
from cop.errors import PayloadError, StoreUnavailable
from cop.formats.cot.event import CotEvent, write_event
from cop.model.entity import Kind
from cop.model.geometry import point
from cop.model.kinds import Incident, LivePosition, Resource, ResourceStatus
from cop.services import positions
from cop.services.cot.clients import Client
from cop.services.cot.incoming import Incoming
from cop.services.cot.pace import Pace
from cop.services.positions import position_id
from tests.unit.services.commands.acting import NOON, Room

PUMP = "resource:pump-1"
OTHER = "resource:fire-1"
HERE = position_id(PUMP)
DEVICE = Client(cn="tablet", agency="DSD", resource=PUMP, may_send=True, may_report=True)


class Now:
    """The machine's clock."""

    speed = 1.0

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """Give a desk with two teams, at which nobody is too quick."""
    monkeypatch.setattr(positions, "_keep_pace", lambda *_: None)
    room = Room(clock=Now())  # type: ignore[arg-type]
    room.resource(geometry=point(114.0, 22.4))
    room.resource("fire-1", agency="FSD", geometry=point(114.0, 22.4))
    return room


def incoming(room: Room, client: Client = DEVICE) -> Incoming:
    """Open a line."""
    return Incoming(room.desk, client, Pace(100), "192.0.2.7")


def send(line: Incoming, *, ago_s: float = 0, **fields: Any) -> str:
    """Send an event; give the word of what became of it."""
    at = datetime.now(UTC) - timedelta(seconds=ago_s)
    said: dict[str, Any] = {
        "uid": "ANDROID-1",
        "type": "a-f-G-U-C",
        "how": "m-g",
        "time": at,
        "start": at,
        "stale": at + timedelta(minutes=2),
        "place": (114.2, 22.3),
        **fields,
    }
    before = line.counts.copy()
    asyncio.run(line.take(write_event(CotEvent(**said))))
    (word,) = line.counts - before
    return word


def test_a_position_moves_the_team_that_it_is_bound_to(room: Room) -> None:
    """With error, course and speed as far as they can be; in no journal."""
    line = incoming(room)
    assert send(line, ce_m=7.5, course_deg=85.0, speed_ms=10.0) == "position"
    shown = room.see(HERE, LivePosition)
    assert (shown.geometry, shown.precision_m) == (point(114.2, 22.3), 7.5)
    assert (shown.heading_deg, shown.speed_kmh) == (85, 36)
    assert room.store.journal_size() == 0
    assert send(line, ago_s=60) == "old-position"
    assert send(line, speed_ms=9000.0, course_deg=1.0) == "position"
    assert room.see(HERE, LivePosition).speed_kmh is None


@pytest.mark.parametrize("uid", [OTHER, position_id(OTHER), f"cop.cop.live.{OTHER}", "order:1"])
def test_a_spoofed_uid_moves_nobody(room: Room, uid: str) -> None:
    """Neither the one that it names nor the one that sends it."""
    assert send(incoming(room), uid=uid) == "our-uid"
    assert room.store.by_kind(Kind.POSITION) == {}


def test_a_device_speaks_for_itself_alone(room: Room) -> None:
    """What it passes on of others moves nobody; where its uid is known, no other is taken."""
    line = incoming(room)
    assert send(line) == "position"
    assert send(line, uid="ANDROID-2") == "other-uid"
    known = incoming(room, DEVICE.model_copy(update={"device": "ANDROID-9"}))
    assert send(known) == "other-uid"
    assert send(known, uid="ANDROID-9") == "position"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"how": "h-g-i-g-o"}, "other"),
        ({"type": "a-h-G"}, "other"),
        ({"type": "a-n-G"}, "other"),
        ({"type": "b-t-f", "remarks": "hello"}, "chat"),
        ({"type": "b-f-t-r"}, "other"),
        ({"type": "u-d-f"}, "drawing"),
        ({"type": "u-d-c-c"}, "drawing"),
        ({"type": "t-x-d-d"}, "control"),
        ({"type": "t-x-takp-v"}, "protocol"),
        ({"place": (0.0, 0.0)}, "no-fix"),
        ({"ago_s": 13 * 3600}, "wrong-time"),
        ({"ago_s": -13 * 3600}, "wrong-time"),
        ({"ago_s": -60}, "position"),
        ({"ago_s": 121}, "stale"),
        ({"stale": datetime(2026, 1, 1, tzinfo=UTC)}, "stale"),
        ({"how": "h-e", "is_device": True}, "position"),
    ],
)
def test_only_what_a_device_says_of_itself_is_a_position(
    room: Room, fields: dict[str, Any], word: str
) -> None:
    """A mark that somebody set is none, nor is a device that does not know where it is."""
    assert send(incoming(room), **fields) == word
    assert (HERE in room.store.read([HERE])) == (word == "position")


@pytest.mark.parametrize(("lasts_s", "holds_s"), [(75, 75), (3600, 900)])
def test_a_position_holds_until_it_is_stale(room: Room, lasts_s: float, holds_s: float) -> None:
    """As long as the device says, and never longer than a quarter of an hour."""
    at = datetime.now(UTC) - timedelta(seconds=20)
    line = incoming(room)
    assert send(line, time=at, stale=at + timedelta(seconds=lasts_s)) == "position"
    shown = room.see(HERE, LivePosition)
    assert shown.observed_at is not None
    assert shown.expires_at == shown.observed_at + timedelta(seconds=holds_s)


def test_a_device_that_leaves_takes_its_position_along(room: Room) -> None:
    """By its own delete alone; what it deletes of others stays, and nothing stands in a journal."""
    line = incoming(room)
    gone = {"uid": "delete-1", "type": "t-x-d-d", "place": (0.0, 0.0)}
    assert send(line, **gone, deletes=("ANDROID-1", "a-f-G-U-C")) == "other-delete"
    assert send(line) == "position"
    assert send(line, **gone, deletes=("ANDROID-2", "a-f-G-U-C")) == "other-delete"
    assert HERE in room.store.read([HERE])
    assert send(line, **gone, deletes=("ANDROID-1", "a-f-G-U-C")) == "delete"
    assert room.store.read([HERE]) == {}
    assert send(incoming(room, Client(cn="r")), **gone, deletes=("A", "none")) == "no-leave"
    assert room.store.journal_size() == 0


def test_the_policy_holds(room: Room) -> None:
    """Off duty, taken off the picture, without leave: nothing moves."""
    gone = DEVICE.model_copy(update={"resource": "resource:gone"})
    assert send(incoming(room, gone)) == "no-resource"
    assert send(incoming(room, Client(cn="reader"))) == "no-leave"
    version = room.version(PUMP)
    room.do("PATCH /resources/{id}", target=PUMP, made_from=version, status="resting")
    assert send(incoming(room)) == "not-possible"
    assert room.see(PUMP, Resource).status is ResourceStatus.RESTING


def test_positions_have_their_pace(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many lines and clients move one team, one is taken every three seconds."""
    monkeypatch.undo()
    # on a busy machine three seconds are soon over
    monkeypatch.setattr(positions, "LEAST_APART", timedelta(hours=1))
    assert send(incoming(room)) == "position"
    assert send(incoming(room), place=(114.3, 22.3)) == "too-often"


def test_a_store_that_is_down_is_no_fault_of_the_device(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted, and the line goes on."""

    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(room.store, "read", down)
    assert send(incoming(room)) == "store-down"


def test_times_are_the_operations(room: Room) -> None:
    """In an exercise at 30 times the speed, two seconds ago is a minute ago of the scenario."""
    real = datetime.now(UTC)
    room.clock = ScenarioClock(NOON, real, 30.0)  # type: ignore[assignment]
    assert send(incoming(room), ago_s=2) == "position"
    seen = room.see(HERE, LivePosition).observed_at
    assert seen is not None
    now = room.clock.now()
    assert timedelta(seconds=60) <= now - seen
    assert abs(seen - NOON) < timedelta(hours=2)


def test_a_report_is_one_incident(room: Room) -> None:
    """Unverified, by the device; alarms that are sent again and again are one."""
    line = incoming(room)
    alarm = {"uid": "ANDROID-1-9-1-1", "type": "b-a-o-tbl", "callsign": "HELP", "ce_m": 30.0}
    assert send(line, **alarm, remarks="trapped") == "report"
    assert send(line, **alarm, remarks="trapped") == "repeated"
    (one,) = room.store.by_kind(Kind.INCIDENT)
    made = room.see(one, Incident)
    assert (made.incident_type, made.verified, made.status) == ("rescue", False, "reported")
    assert (made.title, made.description) == ({"en": "HELP"}, {"en": "trapped"})
    assert (made.author, made.publisher, made.reported_by) == ("cot:tablet", "DSD", "field")
    assert made.precision_m == 30
    assert b'"entrance":"cot"' in room.store.journal([1])[0].body


def test_a_report_that_comes_again_by_another_line_is_the_same(room: Room) -> None:
    """By uid and time; with other words under the same it is not taken."""
    at = datetime.now(UTC)
    report = {"uid": "r-1", "type": "b-r-f-h-c", "time": at}
    assert send(incoming(room), **report, callsign="a") == "report"
    assert send(incoming(room), **report, callsign="a") == "old-report"
    assert send(incoming(room), **report, callsign="b") == "changed-report"
    assert len(room.store.by_kind(Kind.INCIDENT)) == 1


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"type": "b-a-o-can"}, "called-off"),
        ({"place": (0.0, 0.0)}, "no-fix"),
        ({"callsign": "x" * 300, "remarks": "y" * 4000}, "report"),
        ({"ago_s": 40 * 3600}, "report"),
        ({"ago_s": 600}, "report"),
    ],
)
def test_what_is_no_report_makes_none(room: Room, fields: dict[str, Any], word: str) -> None:
    """What is called off, and what has no place; a wrong clock, or a cry that comes late, does."""
    assert send(incoming(room), **{"type": "b-l-f", "uid": "r", **fields}) == word
    assert len(room.store.by_kind(Kind.INCIDENT)) == (word == "report")


def test_without_leave_nothing_is_reported(room: Room) -> None:
    """A reader's alarm makes no incident."""
    assert send(incoming(room, Client(cn="reader")), type="b-a-o-tbl") == "no-leave"
    assert room.store.by_kind(Kind.INCIDENT) == {}


def test_over_the_rate_nothing_is_even_read(room: Room) -> None:
    """What comes too fast costs next to nothing; over all lines of a client together."""
    pace = Pace(0.001)
    first, second = (Incoming(room.desk, DEVICE, pace, "192.0.2.7") for _ in range(2))
    assert send(first) == "position"
    asyncio.run(second.take(b"nonsense"))
    assert second.counts == {"too-fast": 1}


def test_what_is_no_event_is_told(room: Room) -> None:
    """The line counts it as a fault."""
    with pytest.raises(PayloadError):
        asyncio.run(incoming(room).take(b"<event/>"))
