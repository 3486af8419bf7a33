"""What is still to be pushed to whom: orders, assignments and receipts, followed by the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cop.model.entity import Entity, Kind, Severity
from cop.model.kinds import Assignment, AssignmentStatus, Order, Receipt
from cop.model.record import Cursor, Record
from cop.services.following import entity_of, new_events
from cop.services.push import Message
from cop.store.port import Store

URGENT: Final = frozenset({Severity.EXTREME, Severity.SEVERE})
_KINDS: Final = (Kind.ORDER, Kind.ASSIGNMENT, Kind.RECEIPT)
_UNANSWERED: Final = frozenset({AssignmentStatus.ASSIGNED, AssignmentStatus.DELIVERED})


@dataclass(slots=True)
class Due:
    """One order or assignment that waits for an answer.

    Attributes:
        message: what phones are told.
        resource: whose people it is for; None: *names* are told by the order itself.
        names: the accounts it is for.
        warn_at: when it is pushed once more to those who have not answered; None: never.
        first: those who have neither had it nor been pushed.
        again: those to push once more from *warn_at* on.
    """

    message: Message
    resource: str | None
    names: frozenset[str]
    warn_at: datetime | None
    first: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)

    def wanted(self, now: datetime) -> set[str]:
        """Give those to push at *now*."""
        late = self.warn_at is not None and self.warn_at <= now
        return self.first | self.again if late else self.first


@dataclass(frozen=True, slots=True)
class _Had:
    """How far it has come with one recipient."""

    sent_at: datetime | None
    delivered_at: datetime | None
    acknowledged_at: datetime | None


class Scene:
    """Keeps, from run to run, what is due to whom; only what changes is looked at again."""

    def __init__(self, *, exercise: bool) -> None:
        """Begin empty; *exercise* stands in every message."""
        self._exercise = exercise
        self._had: defaultdict[str, dict[str, _Had]] = defaultdict(dict)
        self._people: dict[str, frozenset[str]] = {}
        self._cursor: Cursor = ""
        self.due: dict[str, Due] = {}

    def begin(self, store: Store) -> None:
        """Read what there is, once."""
        self._cursor = store.cursor()
        for kind in _KINDS:
            self._apply(store.by_kind(kind).values())

    def follow(self, store: Store) -> None:
        """Apply what was logged since.

        Raises:
            Resync: the log does not reach back to where this copy is.
        """
        for event in new_events(store, self._cursor):
            self._apply(event.records)
            self._cursor = event.cursor

    def resources(self) -> bool:
        """Tell whether it must be known who belongs to which resource."""
        return any(one.resource is not None for one in self.due.values())

    def know(self, people: Mapping[str, frozenset[str]]) -> None:
        """Take over who belongs to which resource."""
        self._people = dict(people)
        for subject, one in self.due.items():
            if one.resource is not None:
                names = self._people.get(one.resource, frozenset())
                if names != one.names:
                    one.names = names
                    self._sort(subject, one)

    def _apply(self, records: Iterable[Record]) -> None:
        for record in records:
            if record.kind is Kind.RECEIPT:
                self._answered(record)
            elif record.kind in (Kind.ORDER, Kind.ASSIGNMENT):
                entity = None if record.removed else entity_of(record)
                found = None if entity is None else self._due(entity)
                if found is None:
                    self.due.pop(record.id, None)
                    if record.removed:
                        self._had.pop(record.id, None)
                else:
                    self.due[record.id] = found
                    self._sort(record.id, found)

    def _answered(self, record: Record) -> None:
        receipt = None if record.removed else entity_of(record)
        if not isinstance(receipt, Receipt):
            return  # it goes with what it is about
        had = _Had(receipt.sent_at, receipt.delivered_at, receipt.acknowledged_at)
        self._had[receipt.subject][receipt.recipient] = had
        one = self.due.get(receipt.subject)
        if one is not None and receipt.recipient in one.names:
            self._place(one, receipt.recipient, had)

    def _due(self, entity: Entity) -> Due | None:
        """Give what is due of *entity*; None: nobody needs to be told of it any more."""
        if isinstance(entity, Order):
            if entity.cancelled_at is not None:
                return None
            message = Message(
                type="order" if entity.asks is None else "roll_call",
                id=entity.id,
                severity=entity.severity,
                at=entity.issued_at,
                exercise=self._exercise,
            )
            urgent = entity.severity in URGENT or entity.asks is not None
            late = entity.reply_by if urgent else None
            return Due(message, None, frozenset(entity.recipients), late)
        if isinstance(entity, Assignment) and entity.status in _UNANSWERED:
            given = entity.steps.get(AssignmentStatus.ASSIGNED, entity.observed_at)
            if given is None:
                return None
            message = Message(
                type="assignment",
                id=entity.id,
                severity=entity.severity,
                at=given,
                exercise=self._exercise,
            )
            late = entity.warn_at if entity.severity in URGENT else None
            names = self._people.get(entity.resource, frozenset())
            return Due(message, entity.resource, names, late)
        return None

    def _sort(self, subject: str, one: Due) -> None:
        had = self._had.get(subject, {})
        one.first, one.again = set(), set()
        for name in one.names:
            self._place(one, name, had.get(name))

    @staticmethod
    def _place(one: Due, name: str, had: _Had | None) -> None:
        one.first.discard(name)
        one.again.discard(name)
        if had is None or (had.sent_at is None and had.delivered_at is None):
            one.first.add(name)
        pushed = None if had is None else had.sent_at
        answered = had is not None and had.acknowledged_at is not None
        if one.warn_at is not None and not answered and (pushed is None or pushed < one.warn_at):
            one.again.add(name)
