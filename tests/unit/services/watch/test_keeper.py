"""The queue follows the picture and the clock, and writes nothing that it need not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cop.errors import StoreUnavailable
from cop.model.desk import Reason
from cop.model.entity import Entity, Kind, Severity
from cop.model.geometry import point
from cop.model.kinds import (
    AssignmentStatus,
    Attention,
    FusionStatus,
    IncidentStatus,
    Observation,
    Order,
    decode,
)
from cop.model.record import Answer, put, remove
from cop.services import upkeep
from cop.services.watch.keeper import LOCK, LOCK_MS, Keeper, Round, item_id
from cop.store.memory import MemoryStore
from cop.store.port import Store
from tests.unit.services.watch.making import (
    START,
    a_facility,
    a_fusion,
    a_receipt,
    after,
    an_assignment,
    an_incident,
    an_order,
)

NEW = item_id(Reason.NEW, "incident:1")


class World:
    """A picture, its clock, and what keeps its queue."""

    def __init__(self, store: Store | None = None) -> None:
        """Begin with an empty picture."""
        self.store = store or MemoryStore()
        self.keeper = Keeper(self.store)
        self.now = START

    def put(self, *entities: Entity) -> None:
        """Put entities on the picture, whatever was there."""
        self.store.write([put(each) for each in entities], fetched_ms=1)

    def run(self, minutes: float = 0) -> Round:
        """Let time pass, run, and give what was done."""
        self.now += timedelta(minutes=minutes)
        done = self.keeper.run(self.now)
        assert done is not None
        return done

    def item(self, entity_id: str = NEW) -> Attention:
        """Read one item."""
        item = decode(self.store.read([entity_id])[entity_id].body)
        assert isinstance(item, Attention)
        return item

    def change(self, entity_id: str = NEW, **fields: Any) -> None:
        """Change an item as a person does."""
        self.put(self.item(entity_id).model_copy(update=fields))

    def open(self) -> set[str]:
        """List the ids of the items whose cause has not gone."""
        records = self.store.by_kind(Kind.ATTENTION).values()
        items = [decode(record.body) for record in records]
        return {
            item.id for item in items if isinstance(item, Attention) and item.cleared_at is None
        }


@pytest.fixture
def world() -> World:
    """Give a picture with one report on it."""
    made = World()
    made.put(an_incident())
    return made


def test_an_item_comes_is_taken_and_goes(world: World) -> None:
    """From report to verification: one item, with who took it; it is kept for twelve hours."""
    assert world.run() == Round(judged=1, written=1)
    item = world.item()
    assert (item.reason, item.subject, item.raised_at) == (Reason.NEW, "incident:1", START)
    assert (item.rank, item.severity, item.title) == (26, Severity.SEVERE, {"en": "Flood 1"})
    world.change(taken_by="lee", taken_at=after(1), remark="calling")
    assert world.run(1).written == 0
    world.put(an_incident(status=IncidentStatus.VERIFIED))
    world.run(1)
    item = world.item()
    assert (item.cleared_at, item.taken_by, item.remark) == (after(2), "lee", "calling")
    assert item.expires_at == after(2) + timedelta(hours=12)
    assert upkeep.expire(world.store, after(2 + 12 * 60)) == 1
    assert world.run(12 * 60).written == 0


def test_time_alone_raises_and_clears(world: World) -> None:
    """A new report becomes an unverified one with nothing having changed but the clock."""
    world.run()
    assert world.run(9.9).written == 0
    assert world.run(0.1).written == 2
    assert world.open() == {item_id(Reason.UNVERIFIED, "incident:1")}


def test_a_quiet_run_looks_at_nothing(world: World) -> None:
    """Neither what is as it was, nor what the rules do not look at, is judged."""
    world.run()
    world.run()
    wind = Observation(
        id="hko_wind:1", feed="hko_wind", publisher="HKO", measure="wind", geometry=point(114, 22)
    )
    world.put(wind)
    assert world.run(1) == Round(0, 0)


def test_a_cause_that_comes_back_is_raised_anew(world: World) -> None:
    """Nobody has taken it yet this time, and it is as young as its cause."""
    world.run()
    world.change(taken_by="lee", taken_at=after(1), remark="calling")
    world.put(an_incident(status=IncidentStatus.REJECTED))
    world.run(1)
    world.put(an_incident(reported_at=after(2)))
    world.run(1)
    item = world.item()
    assert (item.cleared_at, item.taken_by, item.remark) == (None, None, "")
    assert (item.raised_at, item.expires_at) == (after(2), None)


def test_what_gets_worse_moves_up_and_wakes(world: World) -> None:
    """A snoozed item whose subject gets worse is there again; one that gets better sleeps on."""
    world.run()
    world.change(taken_by="lee", taken_at=after(0), snoozed_until=after(60))
    world.put(an_incident(severity=Severity.MODERATE))
    world.run(1)
    assert (world.item().snoozed_until, world.item().rank) == (after(60), 46)
    world.put(an_incident(severity=Severity.EXTREME))
    world.run(1)
    assert (world.item().snoozed_until, world.item().rank) == (None, 6)
    assert world.item().taken_by == "lee"


def test_a_snoozed_item_wakes_in_its_time() -> None:
    """Not before, and with one write."""
    world = World()
    world.put(a_fusion())
    world.run()
    entity_id = item_id(Reason.DUPLICATE, "fusion:1")
    world.change(entity_id, snoozed_until=after(15))
    assert world.run(1).written == 0
    assert world.run(13.9) == Round(0, 0)
    assert world.run(0.1).written == 1
    assert world.item(entity_id).snoozed_until is None


def test_what_left_the_picture_deserves_nothing(world: World) -> None:
    """An incident that was removed takes its items with it, also where nobody saw it go."""
    world.run()
    world.store.write([remove(world.store.read(["incident:1"])["incident:1"])], fetched_ms=1)
    world.keeper = Keeper(world.store)
    world.run(1)
    assert world.open() == set()


def test_what_names_another_counts_for_it(world: World) -> None:
    """A team that is sent, a receipt that comes: what they belong to is judged anew."""
    world.put(an_order(recipients=["a"]), a_receipt("a"))
    world.run()
    world.put(an_assignment())
    assert world.run(1).written == 1
    assert world.open() == set()
    world.put(an_assignment(status=AssignmentStatus.STOOD_DOWN))
    world.run(1)
    assert world.open() == {NEW}
    world.run(8)
    unanswered = item_id(Reason.UNANSWERED, "order:1")
    assert unanswered in world.open()
    world.put(a_receipt("a", acknowledged_at=after(11)))
    world.run(1)
    assert unanswered not in world.open()


def test_an_unanswered_order_is_escalated_once() -> None:
    """When it came to the desk stands on the order, and stays."""
    world = World()
    world.put(an_order())
    world.run(10)
    world.run(5)
    order = decode(world.store.read(["order:1"])["order:1"].body)
    assert isinstance(order, Order)
    assert order.escalated_at == after(10)


def test_keeper_and_publisher_are_compared_whoever_changes() -> None:
    """The publisher's change is enough to raise the item, the keeper's to clear it."""
    world = World()
    keeper = a_facility(stands_for="had:1")
    world.put(keeper, a_facility(id="had:1", feed="had"))
    world.run()
    world.put(a_facility(id="had:1", feed="had", occupancy=70))
    world.run()
    assert world.open() == {item_id(Reason.CONFLICTING, "facility:1")}
    world.put(keeper.model_copy(update={"occupancy": 68}))
    world.run()
    assert world.open() == set()


def test_one_keeper_at_a_time(world: World) -> None:
    """Who finds the lock taken leaves the work to whoever holds it."""
    token = world.store.lock(LOCK, ttl_ms=LOCK_MS)
    assert token is not None
    assert world.keeper.run(START) is None
    world.store.unlock(LOCK, token)
    assert world.keeper.run(START) == Round(1, 1)


class Overtaken(MemoryStore):
    """A store to which somebody else writes just before the next write."""

    overtake: Callable[[], object] | None = None

    def write(self, *args: Any, **options: Any) -> Answer:
        """Let the other one write first."""
        overtake, self.overtake = self.overtake, None
        if overtake is not None:
            overtake()
        return super().write(*args, **options)


def test_two_at_once_write_each_item_once() -> None:
    """Where a lock ran out, the second one's writes are refused, and the others of it are not."""
    store = Overtaken()
    world, other = World(store), Keeper(store)
    world.put(an_incident())
    store.overtake = lambda: other._run(START)
    assert world.run() == Round(1, 0)
    assert store.read([NEW])[NEW].version == 1
    world.put(an_incident(severity=Severity.EXTREME), an_incident(2))
    person = world.item().model_copy(update={"taken_by": "lee"})
    store.overtake = lambda: world.put(person)
    assert world.run() == Round(2, 1)
    assert world.run().written == 1
    item = world.item()
    assert (item.taken_by, item.severity) == ("lee", Severity.EXTREME)


class Dying(MemoryStore):
    """A store that may break off before or after it has written."""

    before = after = False

    def write(self, *args: Any, **options: Any) -> Answer:
        """Write, or break off."""
        if self.before:
            raise StoreUnavailable("gone")
        answer = super().write(*args, **options)
        if self.after:
            raise StoreUnavailable("gone")
        return answer


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("same_process", [True, False])
def test_a_run_that_breaks_off_is_made_up_for(moment: str, *, same_process: bool) -> None:
    """Wherever it ended: the next run leaves one item, written once."""
    store = Dying()
    world = World(store)
    world.put(an_incident())
    setattr(store, moment, True)
    with pytest.raises(StoreUnavailable):
        world.run()
    setattr(store, moment, False)
    if not same_process:
        world.keeper = Keeper(store)
    world.run()
    assert world.open() == {NEW}
    assert store.read([NEW])[NEW].version == 1


def test_a_log_that_was_cut_is_read_anew(world: World) -> None:
    """A process that slept too long takes a snapshot and goes on."""
    world.run()
    world.put(an_incident(status=IncidentStatus.CLOSED))
    for number in range(2, 9):
        world.put(an_incident(number))
    world.store.trim(2, tombstones_before_ms=0)
    world.run(1)
    assert world.open() == {item_id(Reason.NEW, f"incident:{n}") for n in range(2, 9)}


def test_what_cannot_be_read_stops_nothing(world: World) -> None:
    """An entity of another version of the program is passed over."""
    bad = put(an_incident(2))
    broken = type(bad)(bad.id, bad.kind, b'{"kind":"incident"}')
    world.store.write([broken], fetched_ms=1)
    world.run()
    assert world.open() == {NEW}


def test_thousands_are_raised_in_one_run() -> None:
    """A night's reports come at once: every one gets its item, in batches the store takes."""
    world = World()
    for begin in range(0, 2000, 500):
        world.put(*(an_incident(number) for number in range(begin, begin + 500)))
    assert world.run() == Round(2000, 2000)
    assert world.run().written == 0


STATUSES = st.sampled_from(list(IncidentStatus))
ENDS = st.sampled_from([AssignmentStatus.ASSIGNED, AssignmentStatus.EN_ROUTE, "completed"])


class Evenings(RuleBasedStateMachine):
    """Whatever happens in whatever order."""

    def __init__(self) -> None:
        """Begin with an empty picture, watched by two processes in turn."""
        super().__init__()
        self.world = World()
        self.others = [self.world.keeper, Keeper(self.world.store)]

    @rule(number=st.integers(1, 3), status=STATUSES, severity=st.sampled_from(list(Severity)))
    def report(self, number: int, status: IncidentStatus, severity: Severity) -> None:
        """An incident comes, or changes."""
        at: datetime = self.world.now
        incident = an_incident(number, status=status, severity=severity, reported_at=at)
        self.world.put(incident)

    @rule(status=ENDS, number=st.integers(1, 3))
    def assign(self, status: str, number: int) -> None:
        """A team is sent, or steps on."""
        limits = {"warn_at": self.world.now, "overdue_at": self.world.now + timedelta(minutes=9)}
        self.world.put(an_assignment(status=status, incident=f"incident:{number}", **limits))

    @rule(status=st.sampled_from(list(FusionStatus)))
    def fuse(self, status: FusionStatus) -> None:
        """Reports are proposed as one, confirmed or split."""
        self.world.put(a_fusion(status=status))

    @rule(minutes=st.integers(1, 60))
    def snooze(self, minutes: int) -> None:
        """Somebody puts everything off."""
        for entity_id in self.world.open():
            until = self.world.now + timedelta(minutes=minutes)
            self.world.change(entity_id, snoozed_until=until, taken_by="lee")

    @rule(minutes=st.integers(0, 45), which=st.integers(0, 1))
    def run_(self, minutes: int, which: int) -> None:
        """Time passes, and one of the processes runs."""
        self.world.keeper = self.others[which]
        self.world.run(minutes)

    @invariant()
    def a_second_run_writes_nothing(self) -> None:
        """In either process; and a process that begins anew finds nothing to write."""
        self.world.run()
        assert self.world.run().written == 0
        fresh = Keeper(self.world.store).run(self.world.now)
        assert fresh is not None
        assert fresh.written == 0


Evenings.TestCase.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
TestEvenings = Evenings.TestCase
