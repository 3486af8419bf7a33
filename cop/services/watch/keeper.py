"""Keeps the attention queue as the rules want it: raises, updates, wakes and clears its items.

Only differences are written, each over the version that it was made from. So it makes no
difference how often it runs, in how many processes, or where one of them ended.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cop.errors import Conflict
from cop.model.desk import Attention, Reason
from cop.model.entity import Entity, Kind
from cop.model.kinds import Order
from cop.model.record import Write, put
from cop.services.watch import limits
from cop.services.watch.cause import Cause
from cop.services.watch.rules import causes, worst
from cop.services.watch.scene import Scene
from cop.store.port import Resync, Store

LOCK: Final = "watch"
LOCK_MS: Final = 10_000
_BATCH: Final = 500
_ROOM: Final = 1_000
"""So many times that hold no more may wait, besides one for each that holds."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one run did.

    Attributes:
        judged: subjects that were looked at; the rest could not have changed.
        written: entities that were written.
    """

    judged: int = 0
    written: int = 0


def item_id(reason: Reason, subject: str) -> str:
    """Give the id of the item that says *reason* of *subject*."""
    return f"attention:{reason.value}-{hashlib.sha256(subject.encode()).hexdigest()[:16]}"


class Keeper:
    """Keeps the queue of one operation. Made once a process; `run` it every few seconds."""

    def __init__(self, store: Store) -> None:
        """Keep the queue in *store*; nothing is read before the first run."""
        self._store = store
        self._forget()

    def _forget(self) -> None:
        self._scene: Scene | None = None
        self._causes: dict[str, tuple[Cause, ...]] = {}
        self._due: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []
        self._unsettled: set[str] = set()

    def run(self, now: datetime) -> Round | None:
        """Bring the queue up to *now*, the operation's time; None: another process is at it.

        Raises:
            StoreUnavailable: the store does not answer; what was not done is done the next time.
        """
        token = self._store.lock(LOCK, ttl_ms=LOCK_MS)
        if token is None:
            return None
        try:
            return self._run(now.replace(microsecond=0))
        finally:
            self._store.unlock(LOCK, token)

    def _run(self, now: datetime) -> Round:
        self._follow()
        while self._heap and self._heap[0][0] <= now:
            at, subject = heapq.heappop(self._heap)
            if self._due.get(subject) == at:
                del self._due[subject]
                self._unsettled.add(subject)
        judged, written = len(self._unsettled), 0
        batch: list[Write] = []
        of: list[str] = []
        for subject in sorted(self._unsettled):
            writes = self._settle(subject, now)
            if batch and len(batch) + len(writes) > _BATCH:
                written += self._write(batch, of, now)
                batch, of = [], []
            batch += writes
            of.append(subject)
        written += self._write(batch, of, now)
        return Round(judged, written)

    def _follow(self) -> None:
        """Learn what changed, and judge it anew."""
        try:
            concerned = set() if self._scene is None else self._scene.follow(self._store)
        except Resync:
            self._forget()
        if self._scene is None:
            self._scene = Scene()
            concerned = self._scene.begin(self._store)
        for subject in concerned:
            entity = self._scene.entities.get(subject)
            if entity is not None and entity.kind is Kind.ATTENTION:
                continue
            found = () if entity is None else causes(entity, self._scene.related(entity))
            if found:
                self._causes[subject] = found
            else:
                self._causes.pop(subject, None)
            self._unsettled.add(subject)

    def _settle(self, subject: str, now: datetime) -> list[Write]:
        """Give the writes that bring the items about *subject* up to *now*.

        When time alone will next change any of it is noted down.
        """
        scene = self._scene
        assert scene is not None  # noqa: S101 - `_follow` made it
        found = self._causes.get(subject, ())
        holding = [cause for cause in found if cause.holds(now)]
        wanted = worst(holding)
        items = {item.reason: item for item in scene.items_of(subject)}
        changed: list[Entity] = []
        for reason in {**wanted, **items}:
            after = renew(items.get(reason), wanted.get(reason), subject, now)
            if after is not None:
                changed.append(after)
        order = scene.entities.get(subject)
        escalates = any(cause.escalates for cause in holding)
        if escalates and isinstance(order, Order) and order.escalated_at is None:
            changed.append(order.model_copy(update={"escalated_at": now}))
        snoozed = [item.snoozed_until for item in items.values() if item.cleared_at is None]
        times = [at for cause in found for at in (cause.since, cause.until)] + snoozed
        self._look_again(subject, [at for at in times if at is not None and at > now])
        return [put(entity, expected=scene.versions.get(entity.id, 0)) for entity in changed]

    def _look_again(self, subject: str, times: Iterable[datetime]) -> None:
        soonest = min(times, default=None)
        if soonest is None:
            self._due.pop(subject, None)
        elif self._due.get(subject) != soonest:
            self._due[subject] = soonest
            heapq.heappush(self._heap, (soonest, subject))
            if len(self._heap) > _ROOM + 2 * len(self._due):  # times that hold no more
                self._heap = [(at, one) for one, at in self._due.items()]
                heapq.heapify(self._heap)

    def _write(self, writes: list[Write], subjects: Iterable[str], now: datetime) -> int:
        """Write what can be; what somebody else changed just now is judged again the next time."""
        left, again = writes, set[str]()
        while left:
            try:
                self._store.write(left, fetched_ms=int(now.timestamp() * 1000))
                break
            except Conflict as conflict:
                again |= conflict.current.keys()
                left = [write for write in left if write.id not in conflict.current]
        if not again:
            self._unsettled.difference_update(subjects)
        return len(left)


def renew(
    item: Attention | None, cause: Cause | None, subject: str, now: datetime
) -> Attention | None:
    """Give the item as it should be at *now*; None where it is as it should be, or none is due.

    Args:
        item: as it is; None: there is none.
        cause: why it should be there; None: it has no cause any more.
        subject: id of what it is about.
        now: the operation's time.
    """
    if cause is None:
        if item is None or item.cleared_at is not None:
            return None
        return _changed(item, cleared_at=now, expires_at=now + limits.KEEP_CLEARED)
    said = {
        "severity": cause.severity,
        "rank": limits.rank(cause.severity, cause.reason),
        "agency": cause.agency,
        "title": cause.title,
        "description": cause.description,
    }
    if item is None or item.cleared_at is not None:
        return Attention(
            id=item_id(cause.reason, subject),
            publisher="COP",
            observed_at=now,
            reason=cause.reason,
            subject=subject,
            raised_at=now,
            **said,
        )
    rested = item.snoozed_until is not None and item.snoozed_until <= now
    if rested or limits.is_worse(cause.severity, item.severity):
        said["snoozed_until"] = None
    after = _changed(item, **said)
    return None if after == item else after


def _changed(item: Attention, **values: Any) -> Attention:
    return Attention.model_validate({**dict(item), **values})
