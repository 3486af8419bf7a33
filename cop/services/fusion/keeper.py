"""Keeps the proposals right: follows the log, and writes what has become different."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import structlog

from cop.errors import Conflict
from cop.model.entity import Kind
from cop.model.kinds import Fusion, Incident
from cop.model.record import Cursor, Record, Write, put
from cop.services.following import entity_of, new_events
from cop.services.fusion.proposals import Proposer
from cop.services.fusion.rounds import Changes
from cop.store.port import Resync, Store

log = structlog.get_logger(__name__)

LOCK: Final = "fuse"
LOCK_MS: Final = 240_000
"""Longer than the first look at 10,000 reports takes on a machine that is short of time."""

_BATCH: Final = 400


class FusionKeeper:
    """What one process knows of reports and fusions. A quiet run reads the log and nothing else."""

    def __init__(self, store: Store) -> None:
        """Keep the fusions of *store*; nothing is read before the first run."""
        self._store = store
        self._cursor: Cursor | None = None
        self._proposer = Proposer()
        self._versions: dict[str, int] = {}

    def run(self, now: datetime) -> int:
        """Bring the proposals up to date, unless another process does; tell how many were written.

        *now* is the picture's time. A proposal that somebody else changed meanwhile is left to the
        next run.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        token = self._store.lock(LOCK, ttl_ms=LOCK_MS)
        if token is None:
            return 0
        try:
            self._follow()
            return self._write(self._proposer.plan(), int(now.timestamp() * 1000))
        except Exception:
            self._cursor = None  # what was planned is not known to be written: begin anew
            raise
        finally:
            self._store.unlock(LOCK, token)

    def _follow(self) -> None:
        if self._cursor is None:
            self._begin()
        try:
            self._take_events()
        except Resync:
            log.info("fusion_begins_anew")
            self._begin()
            self._take_events()

    def _begin(self) -> None:
        """Read all there is. What changes meanwhile comes again as an event, newer or the same."""
        self._proposer = Proposer()
        self._versions = {}
        self._cursor = self._store.cursor()
        for kind in (Kind.INCIDENT, Kind.FUSION):
            self._take(self._store.by_kind(kind).values(), seen=True)

    def _take_events(self) -> None:
        assert self._cursor is not None  # noqa: S101 - begun before
        for event in new_events(self._store, self._cursor):
            self._take(event.records)
            self._cursor = event.cursor

    def _take(self, records: Iterable[Record], *, seen: bool = False) -> None:
        for record in records:
            if record.kind not in (Kind.INCIDENT, Kind.FUSION):
                continue
            if record.version <= self._versions.get(record.id, 0):
                continue
            self._versions[record.id] = record.version
            if record.removed:  # whatever follows in the log is newer
                del self._versions[record.id]
            entity = None if record.removed else entity_of(record)
            if entity is None:
                self._proposer.remove_incident(record.id)
                self._proposer.remove_fusion(record.id)
            elif isinstance(entity, Incident):
                self._proposer.put_incident(entity, seen=seen)
            elif isinstance(entity, Fusion):
                self._proposer.put_fusion(entity)

    def _write(self, changes: Changes, now_ms: int) -> int:
        writes = [put(fusion, expected=self._stored(fusion.id)) for fusion in changes.puts]
        writes += [
            Write(id=one, kind=Kind.FUSION, body=None, expected=self._stored(one))
            for one in changes.removes
        ]
        written = 0
        for begin in range(0, len(writes), _BATCH):
            written += self._write_batch(writes[begin : begin + _BATCH], changes, now_ms)
        return written

    def _stored(self, fusion_id: str) -> int:
        known = fusion_id in self._proposer.fusions
        return self._versions[fusion_id] if known else 0

    def _write_batch(self, writes: list[Write], changes: Changes, now_ms: int) -> int:
        try:
            self._store.write(writes, fetched_ms=now_ms)
        except Conflict as conflict:
            if len(writes) == 1:
                self._proposer.again([writes[0].id])
                wanted = (one for one in changes.puts if one.id == writes[0].id)
                self._proposer.look_again(member for one in wanted for member in one.members)
                log.info("fusion_changed_meanwhile", fusions=len(conflict.current))
                return 0
            return sum(self._write_batch([write], changes, now_ms) for write in writes)
        return len(writes)
