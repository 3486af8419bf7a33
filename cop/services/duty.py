"""What one person has to do: own resources and facilities, their tasks, and own orders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from cop.clock import utc_iso
from cop.model.access import fingerprint
from cop.model.entity import Entity, Kind
from cop.model.kinds import Assignment, AssignmentStatus, Resource, decode
from cop.model.record import Record
from cop.model.response import OPEN_ASSIGNMENT
from cop.services.commands.desk import Desk
from cop.services.commands.receipts import receipt_id
from cop.services.concerns import Concerns, Sent
from cop.services.feed_age import feeds_state
from cop.services.picture import encode_features
from cop.services.policy import Identity, scopes_of

KEPT_FOR: Final = timedelta(hours=24)
"""For so long an order stays on one's page after there is nothing left to answer."""
MOST_ORDERS: Final = 200
_ANSWER: Final = ("sent_at", "delivered_at", "read_at", "acknowledged_at", "answer", "words")
_ON_THE_WAY: Final = ("sent_at", "delivered_at", "read_at")
_FINGERPRINT: Final = fingerprint().encode()


@dataclass(frozen=True, slots=True)
class Duty:
    """What was found for one person; the answer is made from it only where it is wanted.

    Attributes:
        identity: whose it is.
        now: in the operation's clock.
        found: every record that is in it, and every receipt, by id.
        own: the own resources and facilities.
        tasks: open assignments of own resources, the one given last first.
        orders: those on the page, the latest first.
        needs: ids of those of own facilities and of the incidents of own tasks.
        head: the parts that are no records.
        etag: changes whenever any of it does, but for the time and how fresh fresh feeds are.
    """

    identity: Identity
    now: datetime
    found: Mapping[str, Record]
    own: Mapping[str, Record]
    tasks: tuple[tuple[Record, Assignment], ...]
    orders: tuple[Sent, ...]
    needs: tuple[str, ...]
    head: Mapping[str, Any]
    etag: str

    def body(self) -> dict[str, Any]:
        """Give what `GET /api/v1/me/duty` answers; nothing in it is anybody else's."""
        resources, facilities = (
            _of_kind(self.own, kind) for kind in (Kind.RESOURCE, Kind.FACILITY)
        )
        held = [entity for _, entity in resources if isinstance(entity, Resource)]
        leader, contact = _leader([task for _, task in self.tasks], held)
        incidents = dict.fromkeys(task.incident for _, task in self.tasks if task.incident)
        return {
            **self.head,
            "resources": self._features(record for record, _ in resources),
            "facilities": self._features(record for record, _ in facilities),
            "assignments": self._features(record for record, _ in self.tasks),
            "incidents": self._features(self.found[one] for one in incidents if one in self.found),
            "needs": self._features(self.found[one] for one in self.needs),
            "receipts": {task.id: self._answer_to(task.id, _ON_THE_WAY) for _, task in self.tasks},
            "leader": leader,
            "leader_contact": contact,
            "orders": [
                {"order": feature, "receipt": self._answer_to(sent.id, _ANSWER)}
                for sent in self.orders
                for feature in self._features([self.found[sent.id]])
            ],
        }

    def _answer_to(self, subject: str, names: Iterable[str]) -> dict[str, Any]:
        """Give the own receipt for an order or a task; None for each time that is not."""
        record = self.found.get(receipt_id(subject, self.identity.name))
        known = {} if record is None else orjson.loads(record.body)
        return {name: known.get(name) for name in names}

    def _features(self, records: Iterable[Record]) -> list[Any]:
        """Give each record as they may see it."""
        encoded = (encode_features(record).get(self.identity.audience) for record in records)
        return [orjson.loads(feature) for feature in encoded if feature]


class Duties:
    """Answers for one web process; what is one's own is read from the store, as it is now."""

    def __init__(self, desk: Desk, concerns: Concerns) -> None:
        """Read through *desk*; what to read is known from *concerns*."""
        self._desk = desk
        self._concerns = concerns

    def find(self, identity: Identity) -> Duty:
        """Find the duty of *identity*.

        What the copy in this process expects is read in one go; only what it does not know yet
        is read after it.

        Raises:
            StoreUnavailable: the picture cannot be read.
        """
        now, name = self._desk.clock.now(), identity.name
        own = sorted(identity.belongs_to)
        sent = self._concerns.orders_of(name, now - KEPT_FOR)[:MOST_ORDERS]
        kept = self._concerns.keepers_of(own)
        own = sorted({*own, *kept} - set(kept.values()))  # what is kept, not whom it stands for
        expected = self._concerns.tasks_of(own)
        ids = [*own, *_with_receipts((task.id for task in expected), name)]
        ids += [task.incident for task in expected if task.incident]
        ids += _with_receipts((one.id for one in sent), name)
        ids += self._concerns.needs_of([*own, *(task.incident for task in expected)])
        found = self._desk.store.read(dict.fromkeys(ids))
        mine = {one: found[one] for one in own if one in found}
        tasks = self._tasks(mine, found, set(ids), name)
        orders = tuple(one for one in sent if _is_shown(one, found, name, now))
        asked = self._concerns.needs_of(
            [*mine, *(task.incident for _, task in tasks if task.incident)]
        )
        self._read_more(asked, found, set(ids))
        needs = tuple(one for one in asked if one in found)
        settings, clock = self._desk.settings, self._desk.clock
        me = {
            "role": identity.role,
            "agency": identity.agency,
            "belongs_to": sorted(identity.belongs_to),
            "may": scopes_of(identity),
        }
        feeds = feeds_state(self._concerns.feeds(), now)
        head = {
            "operation": settings.operation,
            "exercise": settings.exercise,
            "me": me,
            "now": utc_iso(now),
            "clock": {"now": utc_iso(now), "speed": clock.speed},
            "feeds": feeds,
        }
        steady = [settings.operation, clock.speed, identity.audience, name, me, feeds["state"]]
        if feeds["state"] != "ok":  # else it moves with every poll, and says nothing new
            steady.append(feeds["as_of"])
        shown = [*mine, *_with_receipts((task.id for _, task in tasks), name)]
        shown += [task.incident for _, task in tasks if task.incident]
        shown += _with_receipts((one.id for one in orders), name)
        shown += needs
        etag = _etag(steady, (found[one] for one in shown if one in found))
        return Duty(identity, now, found, mine, tasks, orders, needs, head, etag)

    def _tasks(
        self, own: Mapping[str, Record], found: dict[str, Record], asked: set[str], name: str
    ) -> tuple[tuple[Record, Assignment], ...]:
        """Give the open assignments of *own* resources; what *found* lacks is added to it."""
        held = [one for _, one in _of_kind(own, Kind.RESOURCE) if isinstance(one, Resource)]
        ids = [task for resource in held for task in resource.assignments]
        self._read_more(_with_receipts(ids, name), found, asked)
        tasks = [
            (record, entity)
            for record, entity in _of_kind(
                {one: found[one] for one in ids if one in found}, Kind.ASSIGNMENT
            )
            if isinstance(entity, Assignment) and entity.status in OPEN_ASSIGNMENT
        ]
        tasks.sort(key=lambda one: one[1].steps[AssignmentStatus.ASSIGNED], reverse=True)
        self._read_more([one.incident for _, one in tasks if one.incident], found, asked)
        return tuple(tasks)

    def _read_more(self, ids: Iterable[str], found: dict[str, Record], asked: set[str]) -> None:
        missing = [one for one in dict.fromkeys(ids) if one not in asked]
        if missing:
            found.update(self._desk.store.read(missing))
            asked.update(missing)


def _with_receipts(subjects: Iterable[str], name: str) -> list[str]:
    """List ids of orders or tasks, each with that of the receipt of account *name* for it."""
    return [one for subject in subjects for one in (subject, receipt_id(subject, name))]


def _is_shown(sent: Sent, found: Mapping[str, Record], name: str, now: datetime) -> bool:
    """Tell whether an order is on the page.

    What is a day old and has been acknowledged or taken back is not.
    """
    receipt = found.get(receipt_id(sent.id, name))
    answered = receipt is not None and b'"acknowledged_at":' in receipt.body
    done = sent.cancelled or answered
    return sent.id in found and not (done and sent.issued_at < now - KEPT_FOR)


def _leader(
    tasks: Sequence[Assignment], resources: Sequence[Resource]
) -> tuple[str | None, str | None]:
    """Tell who leads, and how to reach them; None where that is not known."""
    known = {one.leader: one.contact for one in resources if one.leader}
    named = [(one.leader, one.contact) for one in tasks]
    named += [(one.leader, one.contact) for one in resources]
    for leader, contact in named:
        if leader:
            return leader, contact or known.get(leader)
    return None, None


def _etag(steady: Iterable[Any], records: Iterable[Record]) -> str:
    seen = hashlib.blake2b(orjson.dumps(list(steady)) + _FINGERPRINT, digest_size=12)
    for record in records:
        seen.update(b"%b %d\n" % (record.id.encode(), record.version))
    return f'"{seen.hexdigest()}"'


def _of_kind(records: Mapping[str, Record], kind: Kind) -> list[tuple[Record, Entity]]:
    """List the records of *kind*, in the order of their ids, with their entities."""
    return [
        (record, decode(record.body))
        for _, record in sorted(records.items())
        if record.kind is kind
    ]
