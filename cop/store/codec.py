"""A record as bytes, and what the writes of one call must be.

A record is stored and logged as one header line, `version fetched_ms kind feed expires_ms`, and
the entity's canonical JSON. An absent feed or expiry is `-`. A removal has no body. The write
script makes these bytes; nothing else does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from cop.errors import IdempotencyMismatch
from cop.model.entity import Kind
from cop.model.record import Answer, Event, Link, Page, Record, Write, cursor_key, line_of
from cop.store.port import Resync

MOST_WRITES: Final = 1000
"""The most changes of one write: nobody else is served while they are applied."""

ANSWER_KEPT_MS: Final = 7 * 24 * 3600 * 1000
"""How long the answer to an idempotency key is remembered: a phone may send again days later."""

_KINDS: Final = {kind.value.encode(): kind for kind in Kind}


def decode_record(entity_id: str, stored: bytes) -> Record:
    """Read a record from its stored bytes."""
    header, _, body = stored.partition(b"\n")
    version, fetched_ms, kind, feed, _ = header.split(b" ", 4)
    by = "" if feed == b"-" else feed.decode()
    return Record(entity_id, _KINDS[kind], int(version), int(fetched_ms), body, by)


def index_of(write: Write) -> str:
    """Give what the script indexes an entity by: the end of its header."""
    if write.check:
        return "?"
    expires = "-" if write.expires_ms is None else write.expires_ms
    return f"{write.kind.value} {write.feed or '-'} {expires}"


def check_writes(writes: Sequence[Write], page: Page | None = None) -> None:
    """Raise ValueError for what no store takes.

    That is: too many writes, an id twice or with a blank, an empty body or page.
    """
    if len(writes) > MOST_WRITES:
        raise ValueError(f"at most {MOST_WRITES} writes at once, not {len(writes)}")
    if len({write.id for write in writes}) != len(writes):
        raise ValueError("an id may stand only once in a write")
    for write in writes:
        if write.body == b"" or " " in write.feed or " " in write.id:
            raise ValueError(f"not a write: {write.id!r} of feed {write.feed!r}")
    if page is not None and not page.body:
        raise ValueError("not a page: it is empty")


def digest_of(writes: Sequence[Write], request: bytes | None = None) -> str:
    """Give what makes two requests with one idempotency key the same: *request*, or the writes.

    When it was fetched is no part of it: the same request sent again is sent later.
    """
    if request is not None:
        return hashlib.sha256(request).hexdigest()
    seen = hashlib.sha256()
    for write in writes:
        body = b"-" if write.body is None else b"+" + write.body
        for part in (write.id.encode(), index_of(write).encode(), b"%a" % write.expected, body):
            seen.update(b"%d:%b" % (len(part), part))
    return seen.hexdigest()


def repeated_answer(kept: bytes, digest: str) -> Answer:
    """Read the answer that the script kept for an idempotency key: what it gave the first time.

    Raises:
        IdempotencyMismatch: it was another request than the one of *digest*.
    """
    first, cursor, number, *rest = kept.decode().split(" ")
    if first != digest:
        raise IdempotencyMismatch
    versions = dict(zip(rest[::2], map(int, rest[1::2]), strict=True))
    return Answer(cursor, versions, repeated=True, journal=int(number))


def also_about(page: Page, writes: Sequence[Write]) -> list[str]:
    """Give the ids under whose history *page* is listed besides those that are written."""
    written = {write.id for write in writes if not write.check}
    return [each for each in dict.fromkeys(page.about) if each not in written]


def check_reached(key: tuple[int, int], floor: bytes | None, last: bytes) -> None:
    """Raise Resync when a log between *floor* and *last* does not hold what follows *key*."""
    if floor is None:
        raise Resync
    end = cursor_key(last.decode())
    if not cursor_key(floor.decode()) <= key <= end or line_of(key) != line_of(end):
        raise Resync


def decode_event(entry_id: bytes, fields: Mapping[bytes, bytes]) -> Event:
    """Read an entry of the log."""
    return Event(
        entry_id.decode(),
        tuple(decode_record(raw.decode(), stored) for raw, stored in fields.items()),
    )


def decode_link(number: int, stored: bytes) -> Link:
    """Read a stored entry of the journal; one that was tampered with is read as it is."""
    claimed, _, body = stored.partition(b"\n")
    return Link(number, claimed.decode(errors="replace"), body)
