"""What a store promises. Memory and Redis keep the same promises under one suite of tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from cop.model.entity import Kind
from cop.model.record import Answer, Cursor, Event, Record, Snapshot, Write


class Resync(Exception):
    """The log no longer reaches back to the cursor: take a new snapshot."""


class Store(Protocol):
    """The picture of one operation.

    Every method raises `cop.errors.StoreUnavailable` when the store cannot answer.
    """

    def write(
        self, writes: Sequence[Write], *, fetched_ms: int, idempotency_key: str | None = None
    ) -> Answer:
        """Apply all *writes* or none, and append one event.

        Raises:
            Conflict: some expected version is not the stored one; nothing was changed.
            IdempotencyMismatch: the key was used for other writes; nothing was changed.
            ValueError: more than 1,000 writes, an id twice, or an empty body.
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

    def lock(self, name: str, *, ttl_ms: int) -> str | None:
        """Take the named lock and give its token, or None when somebody holds it."""

    def unlock(self, name: str, token: str) -> None:
        """Give the named lock back, if *token* still holds it."""

    def ping(self) -> None:
        """Return when the store answers."""

    def close(self) -> None:
        """Give the connections back."""
