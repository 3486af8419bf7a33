"""The same thing by several ways (A to B to D, and A to C to D): one is shown, the others wait.

All of them are kept, so that when the one that is shown goes, the next takes its place at once. A
thing is known by the installation where it was made and by its id there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
from pydantic import ValidationError

from cop.errors import Conflict
from cop.model.entity import Entity, Kind
from cop.model.kinds import decode
from cop.model.record import Record, Write, put, remove
from cop.services.feed_status import millis
from cop.services.ingest import CHUNK
from cop.store.port import Store

_WAY: Final = re.compile(r"(?:partner_[a-z0-9_]{1,30}:)+")
"""What each installation puts before the id of what comes by a partner."""

_Key = tuple[str, str]
"""Where something was made, and its id there."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """One of several copies of a thing.

    Attributes:
        entity: as it is, or is about to be.
        version: stored; 0 where it is new.
        stored: its bytes as they are stored; None where it is new.
    """

    entity: Entity
    version: int
    stored: bytes | None

    @property
    def rank(self) -> tuple[int, str]:
        """Whatever is least is shown: the shortest way; of equals always the same one."""
        return len(self.entity.via), self.entity.id


def partner_feeds(store: Store) -> list[str]:
    """List the feeds under which the partners on the picture give things."""
    return [f"partner_{name.partition(':')[2]}" for name in store.by_kind(Kind.PARTNER)]


def settle(
    store: Store, changes: Sequence[Write], known: Mapping[str, Record], feeds: Iterable[str]
) -> list[Write]:
    """Give *changes*, with what follows for other copies of the same things.

    Args:
        store: the picture.
        changes: about to be written, all of one partner.
        known: what is stored of those by id.
        feeds: of all partners, that one too.
    """
    touched = {key for write in changes if (key := _key_of(_body(write, known))) is not None}
    if not touched:
        return list(changes)
    copies: dict[_Key, dict[str, _Copy]] = {key: {} for key in touched}
    ids = {entity_id for _, entity_id in touched}
    for record in _stored(store, feeds):
        if _bare(record.id) not in ids or (key := _key_of(record.body)) not in copies:
            continue
        if (one := _copy(record)) is not None:
            copies[key][record.id] = one
    done: list[Write] = []
    for write in changes:
        key = _key_of(_body(write, known))
        if key is None or write.body is None:
            done.append(write)
        if key is not None:
            copies[key].pop(write.id, None)
        if key is not None and write.body is not None:
            before = known.get(write.id)
            stored = None if before is None else before.body
            version = 0 if before is None else before.version
            copies[key][write.id] = _Copy(decode(write.body), version, stored)
    for found in copies.values():
        done += _marked(found.values())
    return done


def settle_all(store: Store, now: datetime) -> int:
    """Make right what changed by itself, or by two at once; tell how many copies were changed.

    What is shown may have expired, and two partners may have brought the same in one moment.
    """
    groups: dict[_Key, list[_Copy]] = {}
    for record in _stored(store, partner_feeds(store)):
        if (key := _key_of(record.body)) is not None and (one := _copy(record)) is not None:
            groups.setdefault(key, []).append(one)
    writes = [write for found in groups.values() for write in _marked(found)]
    _write(store, writes, now)
    return len(writes)


def withdraw(store: Store, feed: str, *, now: datetime) -> int:
    """Take everything that came by the *feed* of a partner off the picture; tell how many."""
    known = store.by_feed(feed)
    writes = settle(store, list(map(remove, known.values())), known, partner_feeds(store))
    try:
        _write(store, writes, now)
    except Conflict:  # one expired just now: the next run takes the rest
        return 0
    return len(known)


def _write(store: Store, writes: Sequence[Write], now: datetime) -> None:
    for begin in range(0, len(writes), CHUNK):
        store.write(writes[begin : begin + CHUNK], fetched_ms=millis(now))


def _marked(copies: Iterable[_Copy]) -> Iterator[Write]:
    """Give the writes by which of *copies* one is shown."""
    ranked = sorted(copies, key=lambda one: one.rank)
    for number, one in enumerate(ranked):
        behind = ranked[0].entity.id if number else None
        entity = one.entity.model_copy(update={"double_of": behind})
        if entity.encode() != one.stored:
            yield put(entity, expected=one.version)


def _copy(record: Record) -> _Copy | None:
    """Give a copy as it is stored; None where it cannot be read."""
    try:
        return _Copy(decode(record.body), record.version, record.body)
    except ValidationError:  # written by another version of this program
        return None


def _stored(store: Store, feeds: Iterable[str]) -> Iterator[Record]:
    for feed in feeds:
        yield from store.by_feed(feed).values()


def _body(write: Write, known: Mapping[str, Record]) -> bytes | None:
    if write.body is not None:
        return write.body
    record = known.get(write.id)
    return None if record is None else record.body


def _key_of(body: bytes | None) -> _Key | None:
    """Give what a thing is known by; None for what came from its maker itself: there is one."""
    if body is None or b'"via":' not in body:
        return None
    said = orjson.loads(body)
    return (said["origin"], _bare(said["id"])) if said.get("via") else None


def _bare(entity_id: str) -> str:
    return _WAY.sub("", entity_id, count=1) if _WAY.match(entity_id) else entity_id
