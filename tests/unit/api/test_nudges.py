"""Nudges: a change is told to those whom it concerns, whoever else looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cop.api import nudges as module
from cop.api.nudges import Nudges
from cop.api.viewers import Viewer
from cop.model.geometry import point
from cop.model.kinds import Alert, Facility, FeedStatus, LivePosition, Road
from cop.model.record import remove
from cop.services.concerns import Concerns
from cop.services.policy import Role
from cop.services.replica import Replica
from tests.unit.services.commands.acting import CHIEF, DUTY, NOON, Room, who

TEAMS = 400
MATES = 5


class Wire:
    """A transport that takes bytes, or holds them back."""

    def __init__(self) -> None:
        self.sent = b""
        self.waiting = 0
        self.closed = False

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self.closed

    def get_write_buffer_size(self) -> int:
        """Tell how much is held back."""
        return self.waiting

    def write(self, data: bytes) -> None:
        """Take *data*."""
        self.sent += data

    def close(self) -> None:
        """Close it."""
        self.closed = True

    abort = close


class Cycle:
    """The server's side of one request."""

    keep_alive = True

    def __init__(self) -> None:
        self.transport = Wire()


class Street:
    """A city of teams, each with some telephones."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the teams on the picture, two kilometres and more apart, and open the streams."""
        self.room = Room()
        self.now = 1000.0
        monkeypatch.setattr(module.time, "monotonic", lambda: self.now)
        for n in range(TEAMS):
            self.room.resource(f"team-{n}", geometry=self.place(n))
        self.replica = Replica(self.room.store, self.room.clock)
        self.concerns = Concerns(self.replica)
        self.nudges = Nudges(
            self.replica, self.concerns, self.room.accounts, operation=self.room.settings.operation
        )
        self.replica._load()
        self.phones: dict[str, Viewer] = {}
        for n in range(TEAMS):
            for mate in range(MATES):
                self.open(f"team-{n}-{mate}", [f"resource:team-{n}"])
        self.pump()
        self.later()

    @staticmethod
    def place(n: int, east: float = 0.0) -> Any:
        """Give where a team is."""
        return point(113.0 + 0.1 * (n % 20) + east, 22.0 + 0.1 * (n // 20))

    def open(self, name: str, own: list[str]) -> Viewer:
        """Open the stream of one telephone."""
        cycle: Any = Cycle()
        identity = replace(who(Role.FIELD, "DSD", name, own), session=f"session-{name}")
        viewer = Viewer(cycle, identity, "127.0.0.1")
        self.phones[name] = viewer
        self.nudges.join(viewer)
        return viewer

    def pump(self) -> None:
        """Let everything that was written come to the telephones."""
        while events := self.room.store.events(self.replica.picture().cursor):
            self.replica._apply(self.replica.picture(), events)
        self.nudges._pump()
        self.finish()

    def finish(self) -> None:
        """Let everybody have their turn."""
        while self.nudges._in_turn:
            self.nudges._take_turn()

    def later(self, seconds: float = 60.0) -> None:
        """Let real time pass and forget what was told so far."""
        self.now += seconds
        for viewer in self.phones.values():
            wire(viewer).sent = b""

    def told(self, event: str) -> set[str]:
        """List who has been told of *event* since."""
        words = f"event: {event}\n".encode()
        return {name for name, viewer in self.phones.items() if words in wire(viewer).sent}

    def heard(self) -> set[str]:
        """List who has had any bytes since."""
        return {name for name, viewer in self.phones.items() if wire(viewer).sent}


def wire(viewer: Viewer) -> Wire:
    """Give the transport of a telephone."""
    found: Any = viewer.cycle.transport
    assert isinstance(found, Wire)
    return found


def team(n: int) -> set[str]:
    """List the telephones of a team."""
    return {f"team-{n}-{mate}" for mate in range(MATES)}


@pytest.fixture
def street(monkeypatch: pytest.MonkeyPatch) -> Street:
    """Give a city with two thousand open streams."""
    return Street(monkeypatch)


def test_whoever_comes_is_told_to_ask(street: Street) -> None:
    """There is no cursor: what was missed before is asked for at once."""
    street.open("late", [])
    sent = wire(street.phones["late"]).sent
    for event in (b"event: duty", b"event: area", b'event: health\ndata: {"now":"2026-09-08T04'):
        assert event in sent
    assert street.nudges.viewers == TEAMS * MATES + 1


def test_a_task_concerns_its_team_alone(street: Street) -> None:
    """From being given to its end, and with every change of its incident; nobody else hears."""
    room = street.room
    incident = room.incident(geometry=street.place(7, 0.001))
    street.pump()
    assert street.told("area") == team(7)
    assert street.told("duty") == set()
    street.later()
    task = room.assign("resource:team-9", incident=incident)
    street.pump()
    assert street.told("duty") == street.heard() == team(9)
    assert street.told("area") == team(9), "there is another place to look at"
    street.later()
    room.do("PATCH /incidents/{id}", DUTY, incident, words="deeper", made_from=1)
    street.pump()
    assert street.told("duty") == team(9)
    assert street.told("area") == team(7) | team(9)
    street.later()
    answer = {"status": "completed"}
    room.do("POST /assignments/{id}/step", street.phones["team-9-0"].identity, task.id, **answer)
    street.pump()
    assert street.told("duty") == street.heard() == team(9)


def test_a_proposal_concerns_nobody(street: Street) -> None:
    """What nobody has decided on is no duty yet."""
    street.room.assign("resource:team-1", propose=True)
    street.pump()
    assert street.heard() == set()


def test_an_order_concerns_its_recipients(street: Street) -> None:
    """Those named when it was issued; an answer, whoever gave it."""
    room = street.room
    for n in range(3):
        room.user(f"team-5-{n}", Role.FIELD, "DSD", belongs_to=("resource:team-5",))
    order = room.do("POST /orders", CHIEF, words="x", addressees=["resource:team-5"])
    street.pump()
    meant = {f"team-5-{n}" for n in range(3)}
    assert street.told("duty") == street.heard() == meant
    street.later()
    one = street.phones["team-5-1"].identity
    room.do("POST /orders/{id}/receipts", one, order.id, step="read")
    street.pump()
    assert street.heard() == {"team-5-1"}
    street.later()
    room.do("POST /orders/{id}/cancel", CHIEF, order.id, made_from=1, reason="over")
    street.pump()
    assert street.told("duty") == meant


def test_a_place_concerns_those_who_look_at_it(street: Street) -> None:
    """A road that closes is told near by, at most every twenty seconds, and never forgotten."""

    def close(status: str) -> None:
        at = street.place(33, 0.002)
        fields: dict[str, Any] = {"publisher": "TD", "status": status, "geometry": at}
        street.room.put(Road(id="td_traffic_news:1", feed="td_traffic_news", **fields))
        street.pump()

    close("closed")
    assert street.told("area") == street.heard() == team(33)
    street.later(5)
    close("restricted")
    street.nudges._tell_area(list(street.nudges._late))
    assert street.heard() == set()
    street.now += 15
    street.nudges._tell_area(list(street.nudges._late))
    assert street.heard() == team(33)
    assert not street.nudges._late
    street.later()
    close("normal")
    assert street.told("area") == team(33)
    street.later()
    close("slow")
    assert street.heard() == set(), "an open road is nothing to anybody"


def test_the_nearest_shelter_may_be_far_away(street: Street) -> None:
    """That one opens, fills or goes is told to all; how many are in it, near by alone."""

    def keep(**fields: Any) -> None:
        far = {"publisher": "HAD", "facility_type": "shelter", "geometry": point(116.0, 24.0)}
        street.room.put(Facility(id="facility:far", **{**far, **fields}))
        street.pump()

    for status in ("open", "full", "open"):
        keep(status=status)
        assert street.told("area") == street.heard() == set(street.phones)
        street.later()
    keep(status="open", occupancy=5)
    assert street.heard() == set()
    keep(status="open", occupancy=5, facility_type="station")
    assert street.told("area") == set(street.phones)


def test_a_warning_is_told_to_everybody(street: Street) -> None:
    """However lately they were told of their area."""
    for n in range(2):
        fields: dict[str, Any] = {"event_type": "rain", "issued_at": NOON, "publisher": "HKO"}
        street.room.put(Alert(id=f"hko_warnings:{n}", feed="hko_warnings", **fields))
        street.pump()
        assert street.told("area") == set(street.phones)
        assert street.told("duty") == set()
        street.later(1)


def test_who_moves_looks_from_elsewhere(street: Street) -> None:
    """With a live position comes another area, for the team alone; standing still is no news."""

    def move(east: float) -> None:
        at = street.place(11, east)
        fields: dict[str, Any] = {"publisher": "DSD", "resource": "resource:team-11"}
        street.room.put(LivePosition(id="position:team-11", geometry=at, **fields))
        street.pump()

    move(0.045)
    assert street.told("area") == street.heard() == team(11)
    street.later()
    move(0.0451)
    assert street.heard() == set()
    fields: dict[str, Any] = {"publisher": "TD", "status": "closed"}
    road = Road(id="td_traffic_news:1", feed="td_traffic_news", geometry=street.place(11), **fields)
    street.room.put(road)
    street.pump()
    assert street.heard() == set(), "they look there no more"
    record = street.room.store.read(["position:team-11"])["position:team-11"]
    street.room.store.write([remove(record)], fetched_ms=1)
    street.pump()
    assert street.told("area") == team(11), "they are where the roster says again"


def test_a_picture_that_is_read_anew_is_news_to_all(street: Street) -> None:
    """After a gap nobody knows what was missed."""
    street.replica._load()
    street.nudges._pump()
    street.finish()
    assert street.told("duty") == street.told("area") == set(street.phones)


def test_a_feed_that_becomes_stale_is_told(street: Street) -> None:
    """Nothing is written when time runs out, and everybody must hear of it all the same."""
    for feed in ("hko_warnings", "td_traffic_news"):
        fields: dict[str, Any] = {"publisher": "HKO", "state": "ok", "fetched_at": NOON}
        status = FeedStatus(id=f"feed_status:{feed}", every_s=60, stale_after_s=600, **fields)
        street.room.put(status)
    street.pump()
    street.nudges._look_at_feeds()
    street.later()
    street.nudges._look_at_feeds()
    assert street.heard() == set()
    street.room.clock.wait(601)
    street.nudges._look_at_feeds()
    street.finish()
    assert street.told("duty") == street.told("area") == set(street.phones)
    street.later()
    again = {**fields, "fetched_at": NOON + timedelta(seconds=1), "every_s": 60}
    for feed in ("hko_warnings", "td_traffic_news"):
        street.room.put(FeedStatus(id=f"feed_status:{feed}", stale_after_s=600, **again))
    street.pump()
    street.nudges._look_at_feeds()
    street.finish()
    assert street.told("duty") == set(street.phones), "it is stale since another moment"


def test_a_crowd_is_told_in_turns(street: Street) -> None:
    """All ask after what concerns all, but not all at once; what concerns a few waits for nobody.

    Whoever was to be told twice asks once for each, as of what is newest.
    """
    fields: dict[str, Any] = {"event_type": "rain", "issued_at": NOON, "publisher": "HKO"}
    street.room.put(Alert(id="hko_warnings:1", feed="hko_warnings", **fields))
    street.replica._apply(
        street.replica.picture(), street.room.store.events(street.replica.picture().cursor)
    )
    street.nudges._pump()
    assert street.heard() == set()
    street.nudges._tick()
    assert len(street.told("area")) == module.A_TURN
    street.nudges._tell_duty([street.phones["team-300-1"]])
    assert street.told("duty") == {"team-300-1"}
    street.nudges._tell_area(list(street.phones.values()), urgent=True)
    gone = street.phones.pop(min(street.phones.keys() - street.heard()))
    street.nudges.leave(gone)
    street.finish()
    assert street.told("area") == set(street.phones)
    assert b"event: area" not in wire(gone).sent
    words = [wire(viewer).sent.count(b"event: area") for viewer in street.phones.values()]
    assert sum(words) == len(words) + module.A_TURN


def test_health_goes_round(street: Street) -> None:
    """Each telephone hears it every ten seconds, a tenth of them at a time."""
    street.nudges._look_at_feeds()
    street.later()
    for tick in range(1, module.HEALTH_EVERY + 1):
        for _ in range(round(module.TICK_S / module.TURN_S)):
            street.nudges._tick()
        assert len(street.told("health")) == tick * TEAMS * MATES // module.HEALTH_EVERY
    assert street.told("duty") == street.told("area") == set()
