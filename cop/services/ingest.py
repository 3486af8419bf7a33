"""Bring one poll of a feed onto the picture: compare, write what changed, keep the status."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeVar

import orjson

from cop.errors import Conflict, FeedError, PayloadError
from cop.model.district import District
from cop.model.entity import Entity
from cop.model.geometry import Geometry
from cop.model.kinds import FeedState
from cop.model.record import Record, Write, put, remove
from cop.model.site import Site
from cop.services.feed_status import (
    ATTEMPTS,
    Promise,
    Standing,
    fail,
    millis,
    read_standing,
    status_id,
    status_write,
    unchanged,
)
from cop.services.geography import district_of
from cop.store.port import Store

__all__ = ["Ingested", "Parsed", "Promise", "fail", "ingest", "located", "status_id", "unchanged"]

T = TypeVar("T")
Row = tuple[str, str]
"""A row of a payload, and why it is not on the picture."""

CHUNK: Final = 500
"""Changes of one write: one event, one flush to disk."""

BELIEVED: Final = 3
"""A doubtful loss is believed when it has come this many times."""

_MANY: Final = 20
_REASONS: Final = 20
_OBSERVED: Final = re.compile(rb'"observed_at":"([^"]+)"')
_EXPIRES: Final = re.compile(rb'"expires_at":"([^"]+)"')

MOST_BYTES: Final = 512 * 1024
"""Of one entity, encoded. Everybody who looks has all of it; nothing real comes near."""

Locate = Callable[[Geometry], District | None]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a payload held: every row is an entity, a site, ignored or refused (row, reason).

    Attributes:
        ended: ids of entities that it ends in so many words.
        originals: the messages that its entities were made of, byte for byte.
        noted: what the feed wants to be handed at its next poll; None: nothing new.
    """

    entities: tuple[Entity, ...]
    sites: tuple[Site, ...]
    ignored: tuple[Row, ...]
    refused: tuple[Row, ...]
    content_at: datetime | None
    ended: frozenset[str] = frozenset()
    originals: tuple[bytes, ...] = ()
    noted: bytes | None = None

    @property
    def taken(self) -> int:
        """Count the rows that were understood; a row may give an entity and a site for joins."""
        return len(self.entities) or len(self.sites)


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one poll did to the picture, in entities.

    Attributes:
        put, removed: how many changed or came, and how many ended.
        same: how many were known as they are.
        kept: how many are missing from the payload and stay, because rows could not be read.
        ignored, refused: rows that are not on the picture, the parser's and those found here.
    """

    put: int = 0
    removed: int = 0
    same: int = 0
    kept: int = 0
    ignored: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Plan:
    """The way from what is known to what was parsed."""

    known: int
    missing: dict[str, Record]
    puts: list[Write] = field(default_factory=list)
    removals: list[Write] = field(default_factory=list)
    ignored: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    doubts: dict[str, int] = field(default_factory=dict)
    same: int = 0


@lru_cache(maxsize=20_000)
def _locate(geometry: Geometry) -> District | None:
    """Find the district of a place that comes again with every poll."""
    return district_of(geometry)


def ingest(
    store: Store,
    promise: Promise,
    parsed: Parsed,
    *,
    checked_at: datetime,
    degraded: str = "",
    locate: Locate = _locate,
) -> Ingested:
    """Write what *parsed* changes, and the feed's status.

    Args:
        store: the picture.
        promise: what the feed promises.
        parsed: what its payload held.
        checked_at: when it was polled, in the picture's clock.
        degraded: what was missing of an otherwise usable payload, in words.
        locate: finds the district of a place.

    Raises:
        PayloadError: the payload is implausible; nothing was changed. Call `fail` with the reason.
        FeedError: somebody else kept changing the same entities. Call `fail` with the reason.
        StoreUnavailable: the store cannot answer.
    """
    work = _Ingest(store, promise, parsed, checked_at=checked_at, degraded=degraded, locate=locate)
    for _ in range(ATTEMPTS):
        done = work.attempt()
        if done is not None:
            return done
    raise FeedError("others kept changing the same entities; the next poll tries again")


class _Ingest:
    """One payload on its way to the picture."""

    def __init__(
        self,
        store: Store,
        promise: Promise,
        parsed: Parsed,
        *,
        checked_at: datetime,
        degraded: str,
        locate: Locate,
    ) -> None:
        entities, repeated = _last_of_each(parsed.entities, lambda entity: entity.id)
        self._sites, repeated_sites = _last_of_each(parsed.sites, lambda site: site.key)
        self._refused = [*parsed.refused, *repeated, *repeated_sites]
        _check_count(promise, len(entities) or len(self._sites), self._refused)
        self._entities = [located(entity, locate) for entity in entities]
        self._store = store
        self._promise = promise
        self._parsed = parsed
        self._checked_at = checked_at
        self._degraded = degraded
        self._elsewhere: set[str] = set()
        self._changed = 0

    def attempt(self) -> Ingested | None:
        """Plan and write; None when somebody else wrote in between and it must be done again."""
        key = self._promise.key
        known = self._store.by_feed(key)
        before = read_standing(self._store, key)
        plan = _compare(self._entities, known, self._elsewhere, self._checked_at)
        plan.refused[:0] = self._refused
        if self._promise.complete:
            _end_missing(
                self._store,
                self._promise,
                plan,
                before,
                ended=self._parsed.ended,
                checked_at=self._checked_at,
            )
        try:
            self._write([*plan.puts, *plan.removals, self._status_write(plan, before)])
        except Conflict as conflict:
            own = self._store.by_feed(key).keys() | known.keys() | {status_id(key)}
            self._elsewhere |= conflict.current.keys() - own
            return None
        _write_sites(self._store, key, self._sites)
        if plan.doubts:
            self._store.write_table(f"doubt:{key}", orjson.dumps(plan.doubts))
        return Ingested(
            put=self._changed - len(plan.removals) - 1,
            removed=len(plan.removals),
            same=plan.same,
            kept=len(plan.doubts),
            ignored=len(self._parsed.ignored) + len(plan.ignored),
            refused=len(plan.refused),
        )

    def _write(self, writes: Sequence[Write]) -> None:
        for begin in range(0, len(writes), CHUNK):
            chunk = writes[begin : begin + CHUNK]
            self._store.write(chunk, fetched_ms=millis(self._checked_at))
            self._changed += len(chunk)

    def _status_write(self, plan: _Plan, before: Standing) -> Write:
        reasons = [self._degraded] if self._degraded else []
        if plan.doubts:
            reasons.append(
                f"{len(plan.doubts)} entities are missing and {len(plan.refused)} rows could not"
                " be read: the missing ones stay for now"
            )
        outcome = {
            "state": FeedState.DEGRADED if reasons else FeedState.OK,
            "checked_at": self._checked_at,
            "fetched_at": self._checked_at,
            "content_at": self._parsed.content_at,
            "reason": "; ".join(reasons)[:500],
            "failures": 0,
            "taken": len(plan.puts) + plan.same or len(self._sites),
            "ignored": len(self._parsed.ignored) + len(plan.ignored),
            "refused": len(plan.refused),
            "refusals": tuple(f"{row}: {why}"[:200] for row, why in plan.refused[:_REASONS]),
        }
        return status_write(self._promise, before, outcome)


def _last_of_each(rows: Sequence[T], key: Callable[[T], str]) -> tuple[list[T], list[Row]]:
    """Keep the last row of each key; the earlier ones are refused."""
    last = {key(row): row for row in rows}
    if len(last) == len(rows):
        return list(rows), []
    refused = [
        (key(row), "a later row has the same id") for row in rows if last[key(row)] is not row
    ]
    return list(last.values()), refused


def _check_count(promise: Promise, count: int, refused: Sequence[Row]) -> None:
    least, most = promise.expected
    if not least <= count <= most:
        why = f"; {len(refused)} rows refused, the first: {refused[0][1]}" if refused else ""
        raise PayloadError(
            f"implausible: {count} entities where {least} to {most} are expected{why[:300]}"
        )


def located(entity: Entity, locate: Locate = _locate) -> Entity:
    """Give *entity* with the district that it lies in, where none is said."""
    if entity.district is not None or entity.geometry is None:
        return entity
    district = locate(entity.geometry)
    return entity if district is None else entity.model_copy(update={"district": district})


def _compare(
    entities: Sequence[Entity],
    known: Mapping[str, Record],
    elsewhere: Collection[str],
    checked_at: datetime,
) -> _Plan:
    """Sort *entities* into new or changed, same, and not to be taken; what is left is missing."""
    plan = _Plan(known=len(known), missing=dict(known))
    for entity in entities:
        if entity.expires_at is not None and entity.expires_at <= checked_at:
            plan.ignored.append((entity.id, "already over when it was fetched"))
            continue
        stored = plan.missing.pop(entity.id, None)
        if entity.id in elsewhere:
            plan.refused.append((entity.id, "the id belongs to another feed or to a person"))
            continue
        write = put(entity, expected=stored.version if stored else 0)
        if len(write.body or b"") > MOST_BYTES:
            plan.refused.append((entity.id, f"larger than {MOST_BYTES:,} bytes"))
            continue
        if stored is None:
            plan.puts.append(write)
        elif stored.body == write.body:
            plan.same += 1
        elif _is_older(entity, stored, checked_at):
            plan.ignored.append((entity.id, "older than what is known"))
        else:
            plan.puts.append(write)
    return plan


def _is_older(entity: Entity, stored: Record, checked_at: datetime) -> bool:
    """Tell whether *stored* was observed later; a time still to come is a mistake, and is not."""
    if entity.observed_at is None:
        return False
    known_at = _time_in(_OBSERVED, stored.body)
    return known_at is not None and entity.observed_at < known_at <= checked_at


def _time_in(pattern: re.Pattern[bytes], body: bytes) -> datetime | None:
    found = pattern.search(body)
    return datetime.fromisoformat(found[1].decode()) if found else None


def _end_missing(
    store: Store,
    promise: Promise,
    plan: _Plan,
    before: Standing,
    *,
    ended: Collection[str],
    checked_at: datetime,
) -> None:
    """Plan to remove what a complete payload leaves out, unless that is doubtful.

    Most of a large feed gone at once fails the poll until it has come three times in a row. What
    is missing while rows could not be read may be theirs, and stays until missed three times.
    """
    over = {
        record.id
        for record in plan.missing.values()
        if record.id in ended
        or ((at := _time_in(_EXPIRES, record.body)) is not None and at <= checked_at)
    }
    lost = len(plan.missing) - len(over)
    if plan.known >= _MANY and lost > promise.max_loss * plan.known:
        _believe_loss(store, promise, before, f"{lost} of {plan.known}")
    elif lost and plan.refused:
        missed = orjson.loads(store.read_table(f"doubt:{promise.key}") or b"{}")
        counts = {name: missed.get(name, 0) + 1 for name in plan.missing if name not in over}
        plan.doubts = {name: count for name, count in counts.items() if count < BELIEVED}
    plan.removals = [
        remove(record) for record in plan.missing.values() if record.id not in plan.doubts
    ]


def _believe_loss(store: Store, promise: Promise, before: Standing, share: str) -> None:
    """Return when a great loss has come three times in a row; raise PayloadError until then."""
    name = f"loss:{promise.key}"
    count, at = orjson.loads(store.read_table(name) or b"[0,0]")
    in_a_row = count + 1 if at + 1 == before.version else 1  # each poll writes the status once
    if in_a_row >= BELIEVED:
        return
    store.write_table(name, orjson.dumps([in_a_row, before.version]))
    raise PayloadError(
        f"implausible: {share} known entities are missing at once; this is believed when it comes"
        f" {BELIEVED} times in a row ({in_a_row} so far)"
    )


def _write_sites(store: Store, table: str, sites: Sequence[Site]) -> None:
    if not sites:
        return
    body = orjson.dumps(
        [site.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for site in sites]
    )
    if store.read_table(table) != body:
        store.write_table(table, body)
