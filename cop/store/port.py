"""What a store promises. Memory and Redis keep the same promises under one suite of tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from cop.model.entity import Kind
from cop.model.record import Answer, Cursor, Event, Link, Page, Record, Snapshot, Write


class Resync(Exception):
    """The log no longer reaches back to the cursor: take a new snapshot."""


class Store(Protocol):
    """The picture of one operation.

    Every method raises `cop.errors.StoreUnavailable` when the store cannot answer.
    """

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

        A key that was seen with the same *request* gives the first answer, whatever the writes:
        they were made from what was stored, which the first time has changed. Without *request*
        the writes themselves are the request. No writes and a page make a journal entry alone.

        Raises:
            Conflict: some expected version is not the stored one; nothing was changed.
            IdempotencyMismatch: the key was used for another request; nothing was changed.
            ValueError: more than 1,000 writes, an id twice or with a blank, an empty body or page.
        """

    def answered(self, idempotency_key: str, request: bytes) -> Answer | None:
        """Give the answer that *request* got under this key, `repeated`; None if it is new.

        Raises:
            IdempotencyMismatch: the key was used for another request.
        """

    def next_number(self, series: str) -> int:
        """Give the next number of *series*, 1 first; each is given once, some may go unused."""

    def journal_head(self) -> tuple[int, str]:
        """Tell number and hash of the journal's last entry; (0, 64 zeros) when it is empty."""

    def journal(self, numbers: Iterable[int]) -> list[Link]:
        """Read entries by number, in the order asked for; absent ones are left out."""

    def journal_size(self) -> int:
        """Tell how many entries are stored, under whatever numbers."""

    def journal_of(
        self, entity_id: str, *, limit: int = 200, before: int | None = None
    ) -> list[Link]:
        """Read the last *limit* entries that wrote, or were about, one entity; oldest first.

        Where *before* is given, the last ones with a number less than that.
        """

    def read(self, ids: Iterable[str]) -> dict[str, Record]:
        """Read records by id; absent ids are left out."""

    def by_kind(self, kind: Kind) -> dict[str, Record]:
        """Read every record of *kind*."""

    def by_feed(self, feed: str) -> dict[str, Record]:
        """Read every record that *feed* put on the picture."""

    def snapshot(self) -> Snapshot:
        """Read the whole picture, exact at the cursor it gives."""

    def cursor(self) -> Cursor:
        """Tell the cursor of the last event."""

    def epoch(self) -> str:
        """Tell the id of this log; it changes when a store was emptied."""

    def events(self, after: Cursor, *, limit: int = 1000, wait_ms: int = 0) -> list[Event]:
        """Read the events after a cursor, in order; wait up to *wait_ms* for the first.

        Raises:
            Resync: events after *after* have been trimmed away, or *after* is from another log.
        """

    def events_until(self, until: Cursor, *, limit: int) -> tuple[Cursor, list[Event]]:
        """Read the last *limit* events up to and with *until*, in order, and what they follow.

        Raises:
            Resync: the log does not reach from its beginning to *until*.
        """

    def expired(self, now_ms: int, *, limit: int = 1000) -> list[Record]:
        """List records whose time to leave has come."""

    def trim(self, keep: int, *, tombstones_before_ms: int) -> int:
        """Cut the log down to its last *keep* events; tell how many went. Forget old removals.

        A removal is forgotten when it was logged before *tombstones_before_ms*, in real time, and
        the log holds it no more: a later write of its id then begins at version 1 again.
        """

    def read_table(self, name: str) -> bytes | None:
        """Read a reference table as it was written; None if there is none."""

    def write_table(self, name: str, body: bytes) -> None:
        """Replace a reference table."""

    def mark(self, name: str, value: str, *, ttl_ms: int) -> None:
        """Say that process *name* is alive; forgotten after *ttl_ms*."""

    def marks(self) -> Mapping[str, str]:
        """List the marks that are still alive."""

    def lend(self, name: str, body: bytes, *, ttl_ms: int) -> None:
        """Leave *body* under *name* for whoever takes it first; forgotten after *ttl_ms*."""

    def lent(self, name: str) -> bytes | None:
        """Take what was left under *name*, which is gone with that; None if there is nothing."""

    def lock(self, name: str, *, ttl_ms: int) -> str | None:
        """Take the named lock and give its token, or None when somebody holds it."""

    def unlock(self, name: str, token: str) -> None:
        """Give the named lock back, if *token* still holds it."""

    def ping(self) -> None:
        """Return when the store answers."""

    def close(self) -> None:
        """Give the connections back."""
