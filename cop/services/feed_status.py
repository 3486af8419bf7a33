"""What a feed promises, and the entity that says how it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cop.errors import Conflict
from cop.model.kinds import FeedState, FeedStatus
from cop.model.record import Write, put
from cop.model.text import Text
from cop.store.port import Store

ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a feed promises, as far as the picture needs to know (see `workers.feed.Feed`)."""

    key: str
    title: Text
    publisher: str
    licence: str
    complete: bool
    expected: tuple[int, int]
    max_loss: float
    every_s: float
    stale_after_s: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a feed did up to its last poll.

    Attributes:
        status: None before its first poll.
        version: of the stored status; each poll writes it once, so it counts the polls.
    """

    status: FeedStatus | None
    version: int


def status_id(feed: str) -> str:
    """Give the id of the entity that says how *feed* does."""
    return f"feed_status:{feed}"


def read_standing(store: Store, feed: str) -> Standing:
    """Read how *feed* did up to its last poll."""
    record = store.read([status_id(feed)]).get(status_id(feed))
    if record is None:
        return Standing(None, 0)
    try:
        return Standing(FeedStatus.model_validate_json(record.body), record.version)
    except ValueError:  # written by another version of this program
        return Standing(None, record.version)


def status_write(promise: Promise, before: Standing, changes: Mapping[str, object]) -> Write:
    """Make the write that changes a feed's status, if nobody else has since *before*."""
    fields: dict[str, object] = {} if before.status is None else dict(before.status)
    fields |= changes
    fields |= {
        "id": status_id(promise.key),
        "publisher": promise.publisher,
        "title": promise.title,
        "licence": promise.licence,
        "every_s": promise.every_s,
        "stale_after_s": promise.stale_after_s,
    }
    return put(FeedStatus.model_validate(fields), expected=before.version)


def unchanged(store: Store, promise: Promise, *, checked_at: datetime) -> None:
    """Note that the publisher still says what was last ingested; only the status is written."""
    for attempt in range(1, ATTEMPTS + 1):
        before = read_standing(store, promise.key)
        known = before.status
        degraded = known is not None and known.state is FeedState.DEGRADED
        changes = {
            "state": FeedState.DEGRADED if degraded else FeedState.OK,
            "checked_at": checked_at,
            "fetched_at": checked_at,
            "failures": 0,
            "reason": known.reason if known is not None and degraded else "",
        }
        if _written(store, status_write(promise, before, changes), checked_at, attempt):
            return


def fail(store: Store, promise: Promise, reason: str, *, checked_at: datetime) -> None:
    """Note that a poll gave no usable payload. What is known stays, and so do its times."""
    for attempt in range(1, ATTEMPTS + 1):
        before = read_standing(store, promise.key)
        changes = {
            "state": FeedState.FAILING,
            "checked_at": checked_at,
            "failures": (before.status.failures if before.status else 0) + 1,
            "reason": reason[:500],
        }
        if _written(store, status_write(promise, before, changes), checked_at, attempt):
            return


def millis(at: datetime) -> int:
    """Give *at* in epoch milliseconds."""
    return int(at.timestamp() * 1000)


def _written(store: Store, write: Write, checked_at: datetime, attempt: int) -> bool:
    try:
        store.write([write], fetched_ms=millis(checked_at))
    except Conflict:
        if attempt == ATTEMPTS:
            raise
        return False
    return True
