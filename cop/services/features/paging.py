"""Pages of a list that stays as it was when its first page was read.

The first page fixes the list; it is kept for a while, and the link to the next page names the
state of the picture and the last id. Where the list is not kept (another web process answers, this
one was started anew, or too many others came in between), the pages go on from that id in the list
as it is now: lists are in the order of ids, so what did not change in the meantime comes once, and
nothing comes twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from cop.errors import CopError, Invalid
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.record import Cursor, cursor_key
from cop.services.features.columns import Column
from cop.services.features.sheet import Line, Shape

KEPT_S: Final = 900.0
MOST_KEPT: Final = 64
MOST_LINES: Final = 1_000_000
MOST_BYTES: Final = 64 * 1024 * 1024
"""Of all kept lists together, but for the newest; a line that several have is counted once."""

_MOST_TOKEN: Final = 1_000
_FUTURE_S: Final = 60.0
_STEP_S: Final = 300
"""Links are written anew only so often, so that who asks again is told that nothing changed."""


class TooOld(CopError):
    """The link to a page has come to its end; the reader has to begin anew."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "this page is no longer kept: begin anew at the first page, which is newer"
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page begins.

    Attributes:
        epoch: digest of the picture's epoch.
        cursor: the state of the picture that the list was made from.
        issued_s: when the link was written, epoch seconds.
        after: the last id before the page; "" for the first.
    """

    epoch: str
    cursor: Cursor
    issued_s: int
    after: str

    def encode(self) -> str:
        """Give it as a word that can stand in an address."""
        body = orjson.dumps([self.epoch, self.cursor, self.issued_s, self.after])
        return base64.urlsafe_b64encode(body).decode().rstrip("=")


def epoch_digest(epoch: str) -> str:
    """Give what stands for the picture's *epoch* in links."""
    return hashlib.blake2b(epoch.encode(), digest_size=6).hexdigest()


def parse_mark(words: str) -> Mark:
    """Read the `page` parameter.

    Raises:
        Invalid: it is none of ours.
        TooOld: it is older than lists are kept.
    """
    broken = Invalid(("page", "take it from a next or prev link as it stands there"))
    if len(words) > _MOST_TOKEN:
        raise broken
    try:
        padded = words.encode("ascii") + b"=" * (-len(words) % 4)
        epoch, cursor, issued_s, after = orjson.loads(base64.b64decode(padded, b"-_", True))
        cursor_key(cursor)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise broken from None
    if not (isinstance(epoch, str) and isinstance(issued_s, int) and isinstance(after, str)):
        raise broken
    if not -_FUTURE_S <= time.time() - issued_s <= KEPT_S + _STEP_S:
        raise TooOld
    return Mark(epoch, cursor, issued_s, after)


@dataclass(frozen=True, slots=True)
class Key:
    """What a list was asked for by: the same for whoever asks the same of the same state."""

    epoch: str
    cursor: Cursor
    audience: Audience
    kind: Kind
    shape: Shape | None
    query: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that was found, in the order of ids.

    Attributes:
        key: by which it is kept.
        lines: what was found.
        columns: the properties of the collection then.
        as_of: real time at which the picture was last known to be up to date.
    """

    key: Key
    lines: Sequence[Line]
    columns: tuple[Column, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a listing.

    Attributes:
        listing: the whole.
        lines: those of this page.
        next, prev: the marks of the pages around it; None where there is none.
    """

    listing: Listing
    lines: Sequence[Line]
    next: Mark | None
    prev: Mark | None


class Listings:
    """Keeps the lists whose pages are being read."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[Key, tuple[float, Listing]] = OrderedDict()
        self._uses: dict[int, int] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Key) -> Listing | None:
        """Give the list kept under *key*; None when there is none any more."""
        with self._lock:
            self._forget()
            kept = self._kept.pop(key, None)
            if kept is None:
                return None
            self._kept[key] = (time.monotonic(), kept[1])
            return kept[1]

    def keep(self, listing: Listing) -> None:
        """Keep *listing* until it has not been asked for, for a while."""
        with self._lock:
            if listing.key in self._kept:
                self._let_go(listing.key)
            self._kept[listing.key] = (time.monotonic(), listing)
            for line in listing.lines:
                used = self._uses.get(id(line), 0)
                self._uses[id(line)] = used + 1
                self._bytes += 0 if used else len(line.body)
            self._forget()

    def __len__(self) -> int:
        """Count the lists that are kept."""
        return len(self._kept)

    def _forget(self) -> None:
        end = time.monotonic() - KEPT_S
        lines = sum(len(listing.lines) for _, listing in self._kept.values())
        while self._kept:
            key, (used, listing) = next(iter(self._kept.items()))
            fits = lines <= MOST_LINES and (self._bytes <= MOST_BYTES or len(self._kept) == 1)
            if used >= end and len(self._kept) <= MOST_KEPT and fits:
                break
            lines -= len(listing.lines)
            self._let_go(key)

    def _let_go(self, key: Key) -> None:
        """Keep the list under *key* no longer, nor the lines that no other has."""
        for line in self._kept.pop(key)[1].lines:
            self._uses[id(line)] -= 1
            if not self._uses[id(line)]:
                del self._uses[id(line)]
                self._bytes -= len(line.body)


def cut(listing: Listing, after: str, limit: int) -> Page:
    """Give the page of at most *limit* lines that begins behind the id *after*."""
    lines = listing.lines
    begin = bisect_right(lines, after, key=lambda line: line.id) if after else 0
    end = begin + limit
    part = lines[begin:end]
    following = _mark(listing, part[-1].id) if end < len(lines) else None
    before = _mark(listing, lines[begin - limit - 1].id if begin > limit else "")
    return Page(listing, part, following, before if begin else None)


def _mark(listing: Listing, after: str) -> Mark:
    key = listing.key
    return Mark(epoch_digest(key.epoch), key.cursor, int(time.time()) // _STEP_S * _STEP_S, after)
