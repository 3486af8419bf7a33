"""Proving that the journal is whole: the chain of its entries, and anchors outside the store.

Every entry's hash covers the hash before it, so that a change shows from there on. Whoever rewrites
everything from there on is found by the anchors: number and hash of the head, noted every minute in
a file outside the store.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from cop.config import Settings
from cop.model.journal import NO_HASH, link_hash
from cop.store.port import Store

MOST_FAULTS: Final = 20
"""Faults that are told of one journal: the first ones say where to look."""

_PAGE: Final = 500
_LAST_BYTES: Final = 4096
"""More than a line of anchors has."""


class Anchor(BaseModel):
    """Number and hash of the head as they were at a moment, noted outside the store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=0)
    hash: str
    at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the file of anchors holds.

    Attributes:
        known: in the order in which they were noted.
        damaged: numbers of the lines, 1 first, that are none.
    """

    known: tuple[Anchor, ...] = ()
    damaged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a journal is whole.

    Attributes:
        entries: how many were read.
        number, hash: of the head.
        anchors: how many were compared.
        faults: what is wrong, in words, the first in the chain first; empty when it is whole.
    """

    entries: int
    number: int
    hash: str
    anchors: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    """What going along the chain has shown so far; *before* is None after a missing entry."""

    wanted: frozenset[int]
    before: str | None = NO_HASH
    found: int = 0
    faults: list[str] = field(default_factory=list)
    anchored: dict[int, str] = field(default_factory=dict)

    def missing(self, first: int, last: int) -> None:
        words = f"entry {first} is" if first == last else f"entries {first} to {last} are"
        self.faults.append(f"{words} missing")
        self.before = None

    def take(self, number: int, claimed: str, body: bytes) -> None:
        self.found += 1
        if self.before is not None and claimed != link_hash(self.before, number, body):
            follows = f"does not follow from entry {number - 1}: one of the two"
            first = "is not the first that was written: it"
            self.faults.append(
                f"entry {number} {follows if number > 1 else first}"
                " was changed, replaced, put in or moved"
            )
        self.before = claimed
        if number in self.wanted:
            self.anchored[number] = claimed


def verify(store: Store, anchors: Anchors) -> Verdict:
    """Go along the whole chain; say what is missing, changed or too much, and what anchors say.

    Entries may be written meanwhile: what is judged is the journal as it was at the beginning.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    size = store.journal_size()  # asked first: it only grows, so that it is never above the head
    last, head = store.journal_head()
    walk = _Walk(frozenset(anchor.number for anchor in anchors.known))
    _go_along(store, last, walk)
    faults = walk.faults[:MOST_FAULTS]
    if walk.before not in {None, head}:
        faults.append(f"the head has another hash than entry {last}: one of the two was changed")
    faults += _beyond(store, last, size - walk.found)
    faults += _anchor_faults(anchors, last, walk.anchored)
    return Verdict(walk.found, last, head, len(anchors.known), tuple(faults))


def _go_along(store: Store, last: int, walk: _Walk) -> None:
    expected = 1
    for begin in range(1, last + 1, _PAGE):
        links = store.journal(range(begin, min(begin + _PAGE, last + 1)))
        if not links:  # a head that was moved far away must not keep us for ever
            break
        for link in links:
            if link.number > expected:
                walk.missing(expected, link.number - 1)
            walk.take(link.number, link.hash, link.body)
            expected = link.number + 1
    if expected <= last:
        walk.missing(expected, last)


def _beyond(store: Store, last: int, surplus: int) -> Iterator[str]:
    """Say what is stored that the head does not know of."""
    links = store.journal(range(last + 1, last + 1 + _PAGE))
    now = store.journal_head()[0]  # asked afterwards: what was written meanwhile is below it
    extra = [link.number for link in links if link.number > now]
    for number in extra[:MOST_FAULTS]:
        yield f"entry {number} stands beyond the head, {last}: one of the two was put in or moved"
    if surplus > 0 and not extra:
        yield f"{surplus} more are stored than the head, {last}, counts: they were put in"


def _anchor_faults(anchors: Anchors, last: int, found: dict[int, str]) -> Iterator[str]:
    for line in anchors.damaged[:MOST_FAULTS]:
        yield f"line {line} of the anchors is none: the file was changed"
    fits = 0
    for anchor in anchors.known:
        at = anchor.at.astimezone(UTC).isoformat(timespec="seconds")
        if anchor.number > last:
            yield (
                f"at {at} the journal had {anchor.number} entries, and now it has {last}:"
                " its end was cut off, or the store was emptied"
            )
            return
        if anchor.number and found.get(anchor.number) != anchor.hash:
            yield (
                f"entry {anchor.number} is not the one that was there at {at}: everything after"
                f" entry {fits}, the last that an anchor fits, may have been rewritten"
            )
            return
        fits = max(fits, anchor.number)


def anchors_file(settings: Settings) -> Path:
    """Give the file that holds the anchors of *settings*' operation."""
    return settings.data_dir / f"journal-{settings.operation}.anchors"


def read_anchors(file: Path) -> Anchors:
    """Read a file of anchors; one that does not exist holds none.

    A last line without its end was being written when the machine stopped: it is no anchor.
    """
    try:
        lines = file.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return Anchors()
    known, damaged = [], []
    for number, line in enumerate(lines, start=1):
        try:
            known.append(Anchor.model_validate_json(line))
        except ValidationError:
            damaged.append(number)
    return Anchors(tuple(known), tuple(damaged))


def anchor(store: Store, file: Path) -> bool:
    """Note the head of the journal in *file*, on disk, if it moved; tell whether it had.

    Raises:
        StoreUnavailable: the store cannot answer.
        OSError: the file cannot be written.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as notes:
        fcntl.flock(notes, fcntl.LOCK_EX)  # given back with the descriptor
        number, head = store.journal_head()
        begin = max(0, notes.seek(0, os.SEEK_END) - _LAST_BYTES)
        notes.seek(begin)
        content = notes.read()
        end = content.rfind(b"\n") + 1
        if (number, head) == _position(content[:end].rstrip().rpartition(b"\n")[2]):
            return False
        noted = Anchor(number=number, hash=head, at=datetime.now(UTC))
        notes.seek(begin + end)
        notes.truncate()  # of a line that was being written when the machine stopped
        notes.write(noted.model_dump_json().encode() + b"\n")
        notes.flush()
        os.fsync(notes.fileno())
    return True


def last_anchor(file: Path) -> Anchor | None:
    """Give the last anchor in a file of them, however long it is; None where there is none.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        with file.open("rb") as notes:
            notes.seek(max(0, notes.seek(0, os.SEEK_END) - _LAST_BYTES))
            content = notes.read()
    except FileNotFoundError:
        return None
    try:
        return Anchor.model_validate_json(content[: content.rfind(b"\n") + 1].splitlines()[-1])
    except (IndexError, ValidationError):
        return None


def _position(line: bytes) -> tuple[int, str]:
    """Give number and hash of the last anchor; those of an empty journal where it is none."""
    try:
        last = Anchor.model_validate_json(line)
    except ValidationError:
        return 0, NO_HASH
    return last.number, last.hash
