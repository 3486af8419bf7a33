"""What the log says, read event by event from the beginning: the measure of what viewers saw."""

from __future__ import annotations

import bisect
import threading
from collections import defaultdict
from typing import Final

import orjson

from cop.errors import StoreUnavailable
from cop.model.access import Audience, project
from cop.model.record import Cursor, Record, Snapshot, cursor_key
from cop.store.port import Resync, Store

Key = tuple[int, int]
_AGAIN_S: Final = 0.2
_WAIT_MS: Final = 400


class Ledger(threading.Thread):
    """Follows the log in a thread, through everything that happens to it.

    Attributes:
        records: what is on the picture by what the log says, by id.
        numbers: each short number ever given, with the ids that it was given to.
        wrong: what must never be, in words.
        length: how many events it has read.
        chapter: counts the times that it began with what is on the picture.
    """

    def __init__(self, store: Store, *, may_begin_anew: bool) -> None:
        """Begin with what is on the picture of *store* now.

        *may_begin_anew*: the log of a Redis that failed over goes on where nobody can follow it,
        since its end may be another than was read; there the ledger begins with a new chapter.
        """
        super().__init__(name="ledger", daemon=True)
        self._store = store
        self._may_begin_anew = may_begin_anew
        self.numbers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.wrong: list[str] = []
        self.length = 0
        self.chapter = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._begin(store.snapshot())

    def _begin(self, snapshot: Snapshot) -> None:
        """Begin a chapter with what is on the picture."""
        with self._lock:
            self.chapter += 1
            self.records = dict(snapshot.records)
            self._cursor = snapshot.cursor
            self._keys: list[Key] = [cursor_key(snapshot.cursor)]
            self._touched: list[frozenset[str]] = [frozenset()]
            self._of: defaultdict[str, list[tuple[Key, int | None]]] = defaultdict(list)
            for record in snapshot.records.values():
                self._note(self._keys[0], record)

    @property
    def cursor(self) -> Cursor:
        """Up to where it has read."""
        return self._cursor

    def begins(self, cursor: Cursor) -> bool:
        """Tell whether *cursor* is of this chapter, or of a later one."""
        return cursor_key(cursor) >= self._keys[0]

    def run(self) -> None:
        """Read until told to end."""
        while not self._ended.is_set():
            try:
                self._follow()
            except StoreUnavailable:
                self._ended.wait(_AGAIN_S)
            except Resync:
                self.wrong.append(f"the log no longer holds what came after {self._cursor}")
                return

    def _follow(self) -> None:
        try:
            events = self._store.events(self._cursor, wait_ms=_WAIT_MS)
        except Resync:
            if not self._may_begin_anew:
                raise
            self._begin(self._store.snapshot())
        else:
            for event in events:
                self._take(event.cursor, event.records)

    def leave(self) -> None:
        """Read no further."""
        self._ended.set()

    def _take(self, cursor: Cursor, records: tuple[Record, ...]) -> None:
        key = cursor_key(cursor)
        with self._lock:
            for record in records:
                before = self.records.get(record.id)
                if before is not None and record.version != before.version + 1:
                    self.wrong.append(
                        f"{record.id}: version {record.version} follows {before.version}"
                    )
                if record.removed:
                    self.records.pop(record.id, None)
                else:
                    self.records[record.id] = record
                self._note(key, record)
            self._keys.append(key)
            self._touched.append(frozenset(record.id for record in records))
            self._cursor = cursor
            self.length += 1

    def _note(self, key: Key, record: Record) -> None:
        """Keep from when on viewers see which version; None: nothing."""
        seen = None
        if not record.removed:
            entity = orjson.loads(record.body)
            if project(entity, version=0, fetched_at="", audience=Audience.COMMAND) is not None:
                seen = record.version
            if entity.get("number") and not record.feed:
                self.numbers[record.kind.value, entity["number"]].add(record.id)
        self._of[record.id].append((key, seen))

    def has(self, cursor: Cursor) -> bool:
        """Tell whether it has read up to *cursor*."""
        return self._keys[-1] >= cursor_key(cursor)

    def whole(self, cursor: Cursor) -> dict[str, int]:
        """Give the version of everything that a viewer sees at *cursor*, by id."""
        key = cursor_key(cursor)
        with self._lock:
            found = {entity: self._at(entity, key) for entity in self._of}
        return {entity: version for entity, version in found.items() if version is not None}

    def between(
        self, after: Cursor, until: Cursor
    ) -> tuple[dict[str, int], frozenset[str], frozenset[str]]:
        """Give what changed for a viewer after one cursor and up to another.

        Returns:
            What to put (id to version), what to remove, and what came and went in between.
        """
        first, last = cursor_key(after), cursor_key(until)
        with self._lock:
            begin, end = (
                bisect.bisect_right(self._keys, first),
                bisect.bisect_right(self._keys, last),
            )
            ids = frozenset().union(*self._touched[begin:end])
            now = {entity: self._at(entity, last) for entity in ids}
            before = {entity: self._at(entity, first) for entity in ids}
        put = {entity: version for entity, version in now.items() if version is not None}
        gone = {entity for entity in ids if now[entity] is None}
        known = frozenset(entity for entity in gone if before[entity] is not None)
        return put, known, frozenset(gone - known)

    def is_event(self, cursor: Cursor) -> bool:
        """Tell whether the log has an event with that very cursor."""
        key = cursor_key(cursor)
        place = bisect.bisect_left(self._keys, key)
        return place < len(self._keys) and self._keys[place] == key

    def _at(self, entity: str, key: Key) -> int | None:
        states = self._of[entity]
        place = bisect.bisect_right(states, key, key=lambda state: state[0])
        return states[place - 1][1] if place else None
