"""What concerns whom: kept up by following the log, so that a change costs those it concerns.

Of each account: its orders. Of each resource: its tasks and where it is. Around each place: what
matters out there. A change is told as a `Stir`: the accounts, resources and facilities, and the
boxes on the map, for which something is no longer as it was.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
import structlog

from cop.errors import CopError, StoreUnavailable
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.geometry import BBox, Position, bbox, positions
from cop.model.record import Event, Record, Snapshot
from cop.model.response import OPEN_ASSIGNMENT, AssignmentStatus
from cop.services.commands.receipts import receipt_id
from cop.services.picture import encode_features
from cop.services.replica import Replica
from cop.services.surroundings import CELL_DEG, REACH, Cell, Surroundings, cell_of

log = structlog.get_logger(__name__)

MOST_CELLS: Final = 24
"""Cells from which one person looks: of more places than that, the first count."""
_ACROSS: Final = 4
"""An area is looked at from so many places along each side at most; one larger, from its middle."""


@dataclass(slots=True)
class Stir:
    """What is no longer as it was.

    Attributes:
        accounts: whose orders or receipts.
        things: ids of resources and facilities that, or whose tasks, changed.
        moved: ids of those for which the place may be another.
        boxes: where on the map something that matters changed.
        everybody: an alert changed.
        anew: the picture was read anew: everything.
    """

    accounts: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    boxes: list[BBox] = field(default_factory=list)
    everybody: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """An order as far as it decides whose page it is on."""

    id: str
    recipients: frozenset[str]
    issued_at: datetime
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Task:
    """An open assignment: whose it is, what for, and where."""

    id: str
    resource: str
    incident: str
    at: Position | None


@dataclass(frozen=True, slots=True)
class Live:
    """Where a resource is now: as responders see it."""

    id: str
    version: int
    at: Position
    feature: bytes


@dataclass(frozen=True, slots=True)
class Outlook:
    """From where somebody looks.

    Attributes:
        centre: where they are, as well as is known; None where nothing is.
        cells: those from which they look.
    """

    centre: Position | None
    cells: frozenset[Cell]


@dataclass(slots=True)
class _Known:
    """All that is kept of one picture.

    Attributes:
        orders, tasks, live: by id; live positions by the id of their resource.
        orders_of: ids of orders by account; not of those that have left its page for good.
        answered: ids of receipts that acknowledge an order.
        tasks_of, tasks_at: ids of tasks by resource, and by incident.
        needs, needs_of: what a need is of by its id, and ids of needs by what they are of.
        keepers: the publisher's facility by the id of the keeper's that stands for it.
        places: middle of resources, facilities and incidents by id.
        areas: cells from which a resource's area of responsibility is seen.
        shared: resource by the id of its live position.
        feeds: status by the key of the feed.
    """

    surroundings: Surroundings = field(default_factory=Surroundings)
    orders: dict[str, Sent] = field(default_factory=dict)
    orders_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    answered: set[str] = field(default_factory=set)
    tasks: dict[str, Task] = field(default_factory=dict)
    tasks_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tasks_at: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    needs: dict[str, str] = field(default_factory=dict)
    needs_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keepers: dict[str, str] = field(default_factory=dict)
    places: dict[str, Position] = field(default_factory=dict)
    areas: dict[str, frozenset[Cell]] = field(default_factory=dict)
    live: dict[str, Live] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, record: Record, stir: Stir) -> None:
        """Take a record of any kind, and note in *stir* what is no longer as it was."""
        take = _TAKERS.get(record.kind)
        try:
            if take is not None:
                take(self, record, {} if record.removed else orjson.loads(record.body), stir)
            stir.boxes += self.surroundings.put(record)
        except (ValueError, KeyError, TypeError, CopError) as error:
            # One that another version of this program wrote must not stop work on all the others.
            log.error(  # noqa: TRY400
                "record_unreadable", id=record.id.partition("/")[0], error=type(error).__name__
            )

    def _order(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        old = self.orders.pop(record.id, None)
        for name in old.recipients if old else ():
            _unlink(self.orders_of, name, record.id)
            stir.accounts.add(name)
        if said:
            issued_at = datetime.fromisoformat(said["issued_at"])
            names = frozenset(said.get("recipients", ()))
            self.orders[record.id] = Sent(record.id, names, issued_at, "cancelled_at" in said)
            for name in names:
                self.orders_of[name].add(record.id)
                stir.accounts.add(name)

    def _receipt(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        stir.accounts.add(record.id.partition("/")[2])
        if "acknowledged_at" in said:
            self.answered.add(record.id)
        else:
            self.answered.discard(record.id)

    def _assignment(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        old = self.tasks.pop(record.id, None)
        if old is not None:
            _unlink(self.tasks_of, old.resource, old.id)
            _unlink(self.tasks_at, old.incident, old.id)
            stir.things.add(old.resource)
            stir.moved.add(old.resource)
        status = said.get("status")
        if status in OPEN_ASSIGNMENT and status != AssignmentStatus.PROPOSED:
            place = _place_of(said)
            task = Task(record.id, said["resource"], said.get("incident", ""), place)
            self.tasks[task.id] = task
            self.tasks_of[task.resource].add(task.id)
            self.tasks_at[task.incident].add(task.id)
            stir.things.add(task.resource)
            stir.moved.add(task.resource)

    def _incident(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        moved = self._place(record.id, said)
        for task in self.tasks_at.get(record.id, ()):
            stir.things.add(self.tasks[task].resource)
            if moved:
                stir.moved.add(self.tasks[task].resource)

    def _need(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        """Take a need; those who keep, or work for, what it is of are told."""
        old, new = self.needs.pop(record.id, None), said.get("subject")
        if old is not None:
            _unlink(self.needs_of, old, record.id)
        if new is not None:
            self.needs[record.id] = new
            self.needs_of[new].add(record.id)
        for subject in {one for one in (old, new) if one is not None}:
            stir.things.add(subject)
            stir.things.update(self.tasks[task].resource for task in self.tasks_at.get(subject, ()))

    def _resource(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        stir.things.add(record.id)
        before = self.areas.pop(record.id, frozenset())
        area = said.get("area")
        if area is not None and next(positions(area), None) is not None:
            self.areas[record.id] = _cells_over(bbox(area))
        if self._place(record.id, said) or before != self.areas.get(record.id, frozenset()):
            stir.moved.add(record.id)

    def _facility(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        old, new = self.keepers.pop(record.id, None), said.get("stands_for")
        if new is not None:
            self.keepers[record.id] = new
        stir.things.update({record.id, old or record.id, new or record.id})
        if self._place(record.id, said):
            stir.moved.add(record.id)

    def _position(self, record: Record, said: Mapping[str, Any], stir: Stir) -> None:
        """Take a live position; its own people are told when it comes into another cell."""
        resource = said["resource"] if said else self.shared.pop(record.id, "")
        old = self.live.pop(resource, None)
        at = _place_of(said) if said else None
        if at is not None:
            feature = encode_features(record)[Audience.RESPONDER]
            self.shared[record.id] = resource
            self.live[resource] = Live(record.id, record.version, at, feature)
        if (old and cell_of(old.at)) != (at and cell_of(at)):
            stir.moved.add(resource)

    def _feed(self, record: Record, said: Mapping[str, Any], _: Stir) -> None:
        self.feeds[record.id.partition(":")[2]] = dict(said)

    def _alert(self, _: Record, __: Mapping[str, Any], stir: Stir) -> None:
        stir.everybody = True

    def _place(self, entity_id: str, said: Mapping[str, Any]) -> bool:
        """Note where an entity is; tell whether that is somewhere else than before."""
        old, new = self.places.pop(entity_id, None), _place_of(said)
        if new is not None:
            self.places[entity_id] = new
        return old != new


_Taker = Callable[[_Known, Record, Mapping[str, Any], Stir], None]
_TAKERS: Final[Mapping[Kind, _Taker]] = {
    Kind.ALERT: _Known._alert,  # noqa: SLF001 - the table of this very class
    Kind.ASSIGNMENT: _Known._assignment,  # noqa: SLF001
    Kind.FACILITY: _Known._facility,  # noqa: SLF001
    Kind.FEED_STATUS: _Known._feed,  # noqa: SLF001
    Kind.INCIDENT: _Known._incident,  # noqa: SLF001
    Kind.NEED: _Known._need,  # noqa: SLF001
    Kind.ORDER: _Known._order,  # noqa: SLF001
    Kind.POSITION: _Known._position,  # noqa: SLF001
    Kind.RECEIPT: _Known._receipt,  # noqa: SLF001
    Kind.RESOURCE: _Known._resource,  # noqa: SLF001
}


class Concerns:
    """Follows a replica. Safe to ask from many threads; `lock` keeps several answers together."""

    def __init__(self, replica: Replica) -> None:
        """Follow *replica* from its start on."""
        self.lock = threading.RLock()
        self._known = _Known()
        self._has_begun = False
        self._listeners: list[Callable[[Stir], None]] = []
        replica.follow(self)

    @property
    def surroundings(self) -> Surroundings:
        """What lies around places; to be used while `lock` is held."""
        return self._known.surroundings

    def subscribe(self, listener: Callable[[Stir], None]) -> None:
        """Tell *listener*, in the replica's thread, what is no longer as it was."""
        self._listeners.append(listener)

    def begin(self, snapshot: Snapshot) -> None:
        """Forget everything and begin with *snapshot*; nobody who asks waits for that."""
        known = _Known()
        for record in snapshot.records.values():
            known.take(record, Stir())
        with self.lock:
            self._known = known
            self._has_begun = True
        self._tell(Stir(anew=True))

    def go_on(self, events: Sequence[Event]) -> None:
        """Take what has changed since, in order."""
        stir = Stir()
        with self.lock:
            for event in events:
                for record in event.records:
                    self._known.take(record, stir)
        self._tell(stir)

    def orders_of(self, account: str, since: datetime) -> list[Sent]:
        """List the orders that may be on the page of *account*, the latest first.

        Those of before *since* that it has acknowledged, or that were taken back, are not; they
        are not looked at again, since both stay so.

        Raises:
            StoreUnavailable: the picture has not been read yet: that there is none is not known.
        """
        with self.lock:
            if not self._has_begun:
                raise StoreUnavailable("the picture has not been read yet; try again soon")
            known = self._known
            for one in [known.orders[one] for one in known.orders_of.get(account, ())]:
                done = one.cancelled or receipt_id(one.id, account) in known.answered
                if done and one.issued_at < since:
                    _unlink(known.orders_of, account, one.id)
            left = [known.orders[one] for one in known.orders_of.get(account, ())]
        return sorted(left, key=lambda sent: (sent.issued_at, sent.id), reverse=True)

    def tasks_of(self, resources: Iterable[str]) -> list[Task]:
        """List the open tasks of *resources*; proposals are none."""
        with self.lock:
            known = self._known
            ids = [task for one in resources for task in known.tasks_of.get(one, ())]
            return [known.tasks[task] for task in sorted(ids)]

    def needs_of(self, subjects: Iterable[str]) -> list[str]:
        """List the ids of the needs of incidents and facilities."""
        with self.lock:
            return sorted(one for each in subjects for one in self._known.needs_of.get(each, ()))

    def keepers_of(self, facilities: Iterable[str]) -> dict[str, str]:
        """Give the keepers' facilities that stand for *facilities* of publishers, by their id."""
        wanted = set(facilities)
        with self.lock:
            keepers = self._known.keepers.items()
            return {one: other for one, other in keepers if other in wanted}

    def live_of(self, resources: Iterable[str]) -> list[Live]:
        """Give where those of *resources* are now who share it."""
        with self.lock:
            known = self._known
            return [known.live[one] for one in sorted(resources) if one in known.live]

    def feeds(self) -> Mapping[str, Mapping[str, Any]]:
        """Give what is known of each feed by its key, as its status says it."""
        with self.lock:
            known = self._known
            return dict(known.feeds)

    def outlook(self, own: Iterable[str]) -> Outlook:
        """Tell from where somebody looks whose *own* these resources and facilities are."""
        ids = sorted(own)
        with self.lock:
            known = self._known
            here = [known.live[one].at for one in ids if one in known.live]
            tasks = [task.at or known.places.get(task.incident) for task in self.tasks_of(ids)]
            bases = [known.places.get(one) for one in ids if one not in known.live]
            places = [at for at in (*here, *tasks, *bases) if at is not None]
            cells = [cell_of(at) for at in places]
            cells += [cell for one in ids for cell in sorted(known.areas.get(one, ()))]
        centre = places[0] if places else _middle_of(cells[0]) if cells else None
        return Outlook(centre, frozenset(list(dict.fromkeys(cells))[:MOST_CELLS]))

    def _tell(self, stir: Stir) -> None:
        for listener in self._listeners:
            listener(stir)


def _unlink(index: defaultdict[str, set[str]], key: str, one: str) -> None:
    """Take *one* off what *key* leads to; nothing is kept of a key that leads nowhere."""
    index[key].discard(one)
    if not index[key]:
        del index[key]


def _place_of(said: Mapping[str, Any]) -> Position | None:
    """Give the middle of an entity's geometry; None where it has none."""
    geometry = said.get("geometry")
    if geometry is None or next(positions(geometry), None) is None:
        return None
    west, south, east, north = bbox(geometry)
    return ((west + east) / 2, (south + north) / 2)


def _middle_of(cell: Cell) -> Position:
    return ((cell[0] + 0.5) * CELL_DEG, (cell[1] + 0.5) * CELL_DEG)


def _cells_over(box: BBox) -> frozenset[Cell]:
    """Give cells from which all of *box* is seen; of a very large one, its middle."""
    (west, south), (east, north) = cell_of((box[0], box[1])), cell_of((box[2], box[3]))
    columns = range(west, east + REACH, 2 * REACH)
    rows = range(south, north + REACH, 2 * REACH)
    if len(columns) > _ACROSS or len(rows) > _ACROSS:
        return frozenset({((west + east) // 2, (south + north) // 2)})
    return frozenset((min(c, east), min(r, north)) for c in columns for r in rows)
