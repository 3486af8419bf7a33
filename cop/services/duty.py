"""What one person has to do: own resources and facilities, their tasks, and own orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from cop.model.entity import Entity, Kind
from cop.model.kinds import Assignment, AssignmentStatus, Resource, decode
from cop.model.record import Record
from cop.model.response import OPEN_ASSIGNMENT
from cop.services.commands.desk import Desk
from cop.services.commands.orders import receipt_id
from cop.services.followed import Followed
from cop.services.picture import encode_features
from cop.services.policy import Identity
from cop.services.replica import Replica

KEPT_FOR: Final = timedelta(hours=24)
"""For so long an order stays on one's page after there is nothing left to answer."""
MOST_ORDERS: Final = 200


@dataclass(frozen=True, slots=True)
class _Sent:
    """An order as far as it decides whose page it is on."""

    id: str
    recipients: frozenset[str]
    issued_at: datetime
    cancelled: bool


class Duties:
    """Answers for one web process; what is one's own is read from the store, as it is now."""

    def __init__(self, desk: Desk, replica: Replica) -> None:
        """Read through *desk*; which orders there are is known from *replica*."""
        self._desk = desk
        self._orders = Followed(replica, Kind.ORDER, _sent)

    def of(self, identity: Identity) -> dict[str, Any]:
        """Give what `GET /api/v1/me/duty` answers; nothing in it is anybody else's.

        Raises:
            StoreUnavailable: the picture cannot be read.
        """
        settings, now = self._desk.settings, self._desk.clock.now()
        own = self._desk.store.read(sorted(identity.belongs_to))
        resources, facilities = (_of_kind(own, kind) for kind in (Kind.RESOURCE, Kind.FACILITY))
        held = [entity for _, entity in resources if isinstance(entity, Resource)]
        tasks = self._tasks(held)
        leaders = [task.leader for _, task in tasks] + [resource.leader for resource in held]
        return {
            "operation": settings.operation,
            "exercise": settings.exercise,
            "now": now.isoformat().replace("+00:00", "Z"),
            "resources": _features(identity, (record for record, _ in resources)),
            "facilities": _features(identity, (record for record, _ in facilities)),
            "assignments": _features(identity, (record for record, _ in tasks)),
            "leader": next((leader for leader in leaders if leader), None),
            "orders": self._answers(identity, now),
        }

    def _tasks(self, resources: Iterable[Resource]) -> list[tuple[Record, Assignment]]:
        """Read the open assignments of *resources*, the one given last first."""
        ids = [task for resource in resources for task in resource.assignments]
        found = [
            (record, entity)
            for record, entity in _of_kind(self._desk.store.read(ids), Kind.ASSIGNMENT)
            if isinstance(entity, Assignment) and entity.status in OPEN_ASSIGNMENT
        ]
        found.sort(key=lambda one: one[1].steps[AssignmentStatus.ASSIGNED], reverse=True)
        return found

    def _answers(self, identity: Identity, now: datetime) -> list[dict[str, Any]]:
        """List the orders that were sent to *identity*, the latest first, with their receipts.

        What is a day old and has been acknowledged or taken back is left out.
        """
        mine = [sent for sent in self._orders.values() if identity.name in sent.recipients]
        mine.sort(key=lambda sent: sent.issued_at, reverse=True)
        receipts = {sent.id: receipt_id(sent.id, identity.name) for sent in mine}
        found = self._desk.store.read([*receipts, *receipts.values()])
        answers = []
        for sent in mine:
            order, receipt = found.get(sent.id), found.get(receipts[sent.id])
            times = _times(receipt)
            done = sent.cancelled or times["acknowledged_at"] is not None
            if order is not None and not (done and sent.issued_at < now - KEPT_FOR):
                answers += [
                    {"order": feature, "receipt": times} for feature in _features(identity, [order])
                ]
        return answers[:MOST_ORDERS]


def _of_kind(records: Mapping[str, Record], kind: Kind) -> list[tuple[Record, Entity]]:
    """List the records of *kind*, in the order of their ids, with their entities."""
    return [
        (record, decode(record.body))
        for _, record in sorted(records.items())
        if record.kind is kind
    ]


def _features(identity: Identity, records: Iterable[Record]) -> list[Any]:
    """Give each record as *identity* may see it."""
    encoded = (encode_features(record).get(identity.audience) for record in records)
    return [orjson.loads(feature) for feature in encoded if feature]


def _times(record: Record | None) -> dict[str, Any]:
    """Give the times of a receipt; None for each that is not, or when there is none yet."""
    known = {} if record is None else orjson.loads(record.body)
    return {name: known.get(name) for name in ("delivered_at", "read_at", "acknowledged_at")}


def _sent(feature: dict[str, Any]) -> _Sent:
    properties = feature["properties"]
    return _Sent(
        id=feature["id"],
        recipients=frozenset(properties.get("recipients", ())),
        issued_at=datetime.fromisoformat(properties["issued_at"]),
        cancelled="cancelled_at" in properties,
    )
