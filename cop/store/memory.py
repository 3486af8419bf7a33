"""The store in the memory of one process: for tests, and for trying things out."""

from __future__ import annotations

import secrets
import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cop.errors import Conflict, IdempotencyMismatch
from cop.model.entity import Kind
from cop.model.journal import NO_HASH, link_hash
from cop.model.record import (
    Answer,
    Cursor,
    Event,
    Link,
    Page,
    Record,
    Snapshot,
    Write,
    cursor_key,
)
from cop.store.codec import ANSWER_KEPT_MS, also_about, check_writes, digest_of
from cop.store.port import Resync

_CursorKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Kept:
    record: Record
    feed: str
    expires_ms: int | None


@dataclass(frozen=True, slots=True)
class _Repeatable:
    digest: str
    answer: Answer
    until_ms: int


def _machine_ms() -> int:
    return time.time_ns() // 1_000_000


def _text(key: _CursorKey) -> Cursor:
    return f"{key[0]}-{key[1]}"


class MemoryStore:
    """A store that forgets everything when its process ends. Safe to use from many threads."""

    def __init__(self, now_ms: Callable[[], int] = _machine_ms) -> None:
        """Begin empty; *now_ms* tells the real time in epoch milliseconds."""
        self._now_ms = now_ms
        self._changed = threading.Condition()
        self._epoch: Final = secrets.token_hex(8)
        self._kept: dict[str, _Kept] = {}
        self._removed: dict[str, _CursorKey] = {}
        self._versions: dict[str, int] = {}
        self._log: list[tuple[_CursorKey, Event]] = []
        self._floor: _CursorKey = (now_ms(), 0)
        self._last = self._floor
        self._answers: dict[str, _Repeatable] = {}
        self._journal: list[Link] = []
        self._journal_of: defaultdict[str, list[int]] = defaultdict(list)
        self._numbers: defaultdict[str, int] = defaultdict(int)
        self._tables: dict[str, bytes] = {}
        self._marks: dict[str, tuple[str, int]] = {}
        self._locks: dict[str, tuple[str, int]] = {}
        self._lent: dict[str, tuple[bytes, int]] = {}

    def write(
        self,
        writes: Sequence[Write],
        *,
        fetched_ms: int,
        idempotency_key: str | None = None,
        request: bytes | None = None,
        page: Page | None = None,
    ) -> Answer:
        """Apply all *writes* or none, append one event, and *page* to the journal.

        Raises:
            Conflict: some expected version is not the stored one; nothing was changed.
            IdempotencyMismatch: the key was used for another request; nothing was changed.
            ValueError: more than 1,000 writes, an id twice or with a blank, an empty body or page.
        """
        check_writes(writes, page)
        content = "" if idempotency_key is None else digest_of(writes, request)
        with self._changed:
            if idempotency_key is not None:
                first = self._repeat(idempotency_key, content)
                if first is not None:
                    return first
            answer = self._apply(writes, fetched_ms)
            if page is not None:
                answer = replace(answer, journal=self._journalise(page, writes))
            if idempotency_key is not None:
                until = self._now_ms() + ANSWER_KEPT_MS
                self._answers[idempotency_key] = _Repeatable(content, answer, until)
            self._changed.notify_all()
            return answer

    def _repeat(self, idempotency_key: str, content: str) -> Answer | None:
        first = self._answers.get(idempotency_key)
        if first is None or first.until_ms <= self._now_ms():
            return None
        if first.digest != content:
            raise IdempotencyMismatch
        return replace(first.answer, repeated=True)

    def _journalise(self, page: Page, writes: Sequence[Write]) -> int:
        number = len(self._journal) + 1
        before = self._journal[-1].hash if self._journal else NO_HASH
        self._journal.append(Link(number, link_hash(before, number, page.body), page.body))
        written = (write.id for write in writes if not write.check)
        for entity_id in (*written, *also_about(page, writes)):
            self._journal_of[entity_id].append(number)
        return number

    def answered(self, idempotency_key: str, request: bytes) -> Answer | None:
        """Give the answer that *request* got under this key, `repeated`; None if it is new.

        Raises:
            IdempotencyMismatch: the key was used for another request.
        """
        with self._changed:
            return self._repeat(idempotency_key, digest_of((), request))

    def next_number(self, series: str) -> int:
        """Give the next number of *series*, 1 first; each is given once, some may go unused."""
        with self._changed:
            self._numbers[series] += 1
            return self._numbers[series]

    def journal_head(self) -> tuple[int, str]:
        """Tell number and hash of the journal's last entry; (0, 64 zeros) when it is empty."""
        with self._changed:
            return len(self._journal), self._journal[-1].hash if self._journal else NO_HASH

    def journal(self, numbers: Iterable[int]) -> list[Link]:
        """Read entries by number, in the order asked for; absent ones are left out."""
        with self._changed:
            last = len(self._journal)
            return [self._journal[number - 1] for number in numbers if 0 < number <= last]

    def journal_size(self) -> int:
        """Tell how many entries are stored, under whatever numbers."""
        return self.journal_head()[0]

    def journal_of(
        self, entity_id: str, *, limit: int = 200, before: int | None = None
    ) -> list[Link]:
        """Read the last *limit* entries that wrote, or were about, one entity; oldest first.

        Where *before* is given, the last ones with a number less than that.
        """
        with self._changed:
            listed = self._journal_of.get(entity_id, [])
            numbers = [number for number in listed if before is None or number < before]
            return self.journal(numbers[-limit:] if limit > 0 else [])

    def _apply(self, writes: Sequence[Write], fetched_ms: int) -> Answer:
        current = {w.id: self._versions[w.id] if w.id in self._kept else 0 for w in writes}
        refused = {
            write.id: current[write.id]
            for write in writes
            if write.expected is not None and write.expected != current[write.id]
        }
        if refused:
            raise Conflict(refused)
        effective = [
            write
            for write in writes
            if not write.check and (write.body is not None or write.id in self._kept)
        ]
        if not effective:
            return Answer(_text(self._last), {})
        cursor = self._next_cursor()
        records = tuple(self._change(write, fetched_ms, cursor) for write in effective)
        self._log.append((cursor, Event(_text(cursor), records)))
        self._last = cursor
        return Answer(_text(cursor), {record.id: record.version for record in records})

    def _next_cursor(self) -> _CursorKey:
        now = self._now_ms()
        return (now, 0) if now > self._last[0] else (self._last[0], self._last[1] + 1)

    def _change(self, write: Write, fetched_ms: int, cursor: _CursorKey) -> Record:
        version = self._versions.get(write.id, 0) + 1
        self._versions[write.id] = version
        if write.body is None:
            gone = self._kept.pop(write.id)
            self._removed[write.id] = cursor
            return Record(write.id, gone.record.kind, version, fetched_ms, b"", gone.feed)
        record = Record(write.id, write.kind, version, fetched_ms, write.body, write.feed)
        self._kept[write.id] = _Kept(record, write.feed, write.expires_ms)
        self._removed.pop(write.id, None)
        return record

    def read(self, ids: Iterable[str]) -> dict[str, Record]:
        """Read records by id; absent ids are left out."""
        with self._changed:
            return {name: self._kept[name].record for name in ids if name in self._kept}

    def by_kind(self, kind: Kind) -> dict[str, Record]:
        """Read every record of *kind*."""
        return self._select(lambda kept: kept.record.kind is kind)

    def by_feed(self, feed: str) -> dict[str, Record]:
        """Read every record that *feed* put on the picture."""
        return self._select(lambda kept: bool(feed) and kept.feed == feed)

    def _select(self, wanted: Callable[[_Kept], bool]) -> dict[str, Record]:
        with self._changed:
            return {name: kept.record for name, kept in self._kept.items() if wanted(kept)}

    def snapshot(self) -> Snapshot:
        """Read the whole picture, exact at the cursor it gives."""
        with self._changed:
            records = {name: kept.record for name, kept in self._kept.items()}
            return Snapshot(_text(self._last), self._epoch, records)

    def cursor(self) -> Cursor:
        """Tell the cursor of the last event."""
        with self._changed:
            return _text(self._last)

    def epoch(self) -> str:
        """Tell the id of this log; it changes when a store was emptied."""
        return self._epoch

    def events(self, after: Cursor, *, limit: int = 1000, wait_ms: int = 0) -> list[Event]:
        """Read the events after a cursor, in order; wait up to *wait_ms* for the first.

        Raises:
            Resync: events after *after* have been trimmed away, or *after* is from another log.
        """
        position = cursor_key(after)
        deadline = time.monotonic() + wait_ms / 1000
        with self._changed:
            while True:
                if not self._floor <= position <= self._last:
                    raise Resync
                begin = bisect_right(self._log, position, key=lambda entry: entry[0])
                left = deadline - time.monotonic()
                if begin < len(self._log) or left <= 0:
                    return [event for _, event in self._log[begin : begin + limit]]
                self._changed.wait(left)

    def events_until(self, until: Cursor, *, limit: int) -> tuple[Cursor, list[Event]]:
        """Read the last *limit* events up to and with *until*, in order, and what they follow.

        Raises:
            Resync: the log does not reach from its beginning to *until*.
        """
        end = cursor_key(until)
        with self._changed:
            if not self._floor <= end <= self._last:
                raise Resync
            stop = bisect_right(self._log, end, key=lambda entry: entry[0])
            begin = max(0, stop - limit)
            before = self._log[begin - 1][0] if begin else self._floor
            return _text(before), [event for _, event in self._log[begin:stop]]

    def expired(self, now_ms: int, *, limit: int = 1000) -> list[Record]:
        """List records whose time to leave has come."""
        due = self._select(lambda kept: kept.expires_ms is not None and kept.expires_ms <= now_ms)
        return list(due.values())[:limit]

    def trim(self, keep: int, *, tombstones_before_ms: int) -> int:
        """Cut the log down to its last *keep* events; tell how many went. Forget old removals.

        A removal is forgotten when it was logged before *tombstones_before_ms*, in real time, and
        the log holds it no more: a later write of its id then begins at version 1 again.
        """
        with self._changed:
            gone = max(0, len(self._log) - keep)
            if gone:
                self._floor = self._log[gone - 1][0]
                del self._log[:gone]
            before = min(tombstones_before_ms, self._floor[0])
            for name in [name for name, at in self._removed.items() if at[0] < before]:
                del self._removed[name], self._versions[name]
            return gone

    def read_table(self, name: str) -> bytes | None:
        """Read a reference table as it was written; None if there is none."""
        return self._tables.get(name)

    def write_table(self, name: str, body: bytes) -> None:
        """Replace a reference table."""
        self._tables[name] = body

    def mark(self, name: str, value: str, *, ttl_ms: int) -> None:
        """Say that process *name* is alive; forgotten after *ttl_ms*."""
        with self._changed:
            self._marks[name] = (value, self._now_ms() + ttl_ms)

    def marks(self) -> Mapping[str, str]:
        """List the marks that are still alive."""
        now = self._now_ms()
        with self._changed:
            self._marks = {name: mark for name, mark in self._marks.items() if mark[1] > now}
            return {name: value for name, (value, _) in self._marks.items()}

    def lend(self, name: str, body: bytes, *, ttl_ms: int) -> None:
        """Leave *body* under *name* for whoever takes it first; forgotten after *ttl_ms*."""
        now = self._now_ms()
        with self._changed:
            self._lent = {other: one for other, one in self._lent.items() if one[1] > now}
            self._lent[name] = (body, now + ttl_ms)

    def lent(self, name: str) -> bytes | None:
        """Take what was left under *name*, which is gone with that; None if there is nothing."""
        with self._changed:
            body, until = self._lent.pop(name, (None, 0))
            return body if until > self._now_ms() else None

    def lock(self, name: str, *, ttl_ms: int) -> str | None:
        """Take the named lock and give its token, or None when somebody holds it."""
        with self._changed:
            held = self._locks.get(name)
            if held is not None and held[1] > self._now_ms():
                return None
            token = secrets.token_hex(16)
            self._locks[name] = (token, self._now_ms() + ttl_ms)
            return token

    def unlock(self, name: str, token: str) -> None:
        """Give the named lock back, if *token* still holds it."""
        with self._changed:
            if self._locks.get(name, ("", 0))[0] == token:
                del self._locks[name]

    def ping(self) -> None:
        """Return: this store always answers."""

    def close(self) -> None:
        """Do nothing: there are no connections."""
