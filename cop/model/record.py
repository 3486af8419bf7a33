"""What is stored and what is logged: records, writes and events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cop.model.entity import Entity, Kind

Cursor = str
"""Id of an event in the log, `milliseconds-sequence`."""
MOST_LINE: Final = (1 << 20) - 1
"""The highest line that a log is given (`line_of`); the write script has this number too."""


def cursor_key(cursor: Cursor) -> tuple[int, int]:
    """Give *cursor* as numbers that sort as the log does; raises ValueError if it is not one."""
    millis, _, sequence = cursor.partition("-")
    is_one = cursor.isascii() and millis.isdecimal() and sequence.isdecimal()
    if not is_one or len(cursor) > 41 or max(int(millis), int(sequence)) >= 1 << 64:
        raise ValueError(f"not a cursor: {cursor[:60]!r}")
    return int(millis), int(sequence)


def line_of(key: tuple[int, int]) -> int:
    """Give the line of the log that a cursor's *key* belongs to.

    A log that began anew, on another Redis or from a copy, has another line: what follows a cursor
    of an earlier one cannot be told.
    """
    return key[1] >> 32


@dataclass(frozen=True, slots=True)
class Record:
    """An entity as it is stored.

    Attributes:
        body: canonical JSON of the entity (`Entity.encode`), or b"" for a removal.
        version: 1 for the first write of this id, one more for each later one. A removal takes a
            version too, and so does a write after it: versions of an id never skip or repeat.
        fetched_ms: when this content was fetched (a feed's) or written (a person's), epoch ms.
        feed: key of the feed that put it, "" for a person's. For a removal kind and feed are those
            of what was removed.
    """

    id: str
    kind: Kind
    version: int
    fetched_ms: int
    body: bytes
    feed: str = ""

    @property
    def removed(self) -> bool:
        """Whether this record says that the entity has left the picture."""
        return not self.body


@dataclass(frozen=True, slots=True)
class Write:
    """One wanted change.

    Attributes:
        id, kind: which entity.
        body: the new canonical JSON; None to remove.
        expected: the version that must be stored now; 0 = must not exist; None = whatever it is.
        feed: key of the feed whose index lists the entity; "" for people's, and for a removal.
        expires_ms: epoch ms after which upkeep removes it; None = never.
        check: only *expected* is looked at, and nothing is changed: for what a change was decided
            by without being part of it.
    """

    id: str
    kind: Kind
    body: bytes | None
    expected: int | None = None
    feed: str = ""
    expires_ms: int | None = None
    check: bool = False


def put(entity: Entity, *, expected: int | None = None) -> Write:
    """Make the write that stores *entity*."""
    return Write(
        id=entity.id,
        kind=entity.kind,
        body=entity.encode(),
        expected=expected,
        feed=entity.feed or "",
        expires_ms=None if entity.expires_at is None else int(entity.expires_at.timestamp() * 1000),
    )


def remove(record: Record) -> Write:
    """Make the write that takes *record*'s entity off the picture, if it is still that version."""
    return Write(id=record.id, kind=record.kind, body=None, expected=record.version)


def check(record: Record) -> Write:
    """Make the write that changes nothing, but is refused where *record* is no longer stored."""
    return Write(id=record.id, kind=record.kind, body=None, expected=record.version, check=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write gave: the cursor after it, and the version of each id written.

    `repeated` is true when an idempotency key was seen before: nothing was changed this time, and
    the rest is what it gave the first time. `journal` is the number of the journal's entry, 0 when
    none was asked for.
    """

    cursor: Cursor
    versions: Mapping[str, int]
    repeated: bool = False
    journal: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What a person's deed adds to the journal, in the same atomic step as its writes.

    Attributes:
        body: canonical JSON of the deed (`cop.model.journal`); its SHA-256 goes into the chain.
        about: ids under whose history it is listed, besides those that are written.
    """

    body: bytes
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry of the journal.

    Attributes:
        number: 1 for the first, one more for each later one.
        hash: SHA-256, hexadecimal, of `<hash before>:<number>:<SHA-256 of body, hexadecimal>`;
            the hash before the first is 64 zeros.
        body: what was written, byte for byte.
    """

    number: int
    hash: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log: everything that one write changed, as whole records."""

    cursor: Cursor
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole picture at a cursor: id to record, removed ones absent."""

    cursor: Cursor
    epoch: str
    records: Mapping[str, Record]
