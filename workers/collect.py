"""Turn one poll into what a feed said, or say why its payload as a whole is no good."""

from __future__ import annotations

import traceback
from datetime import datetime
from typing import Final

from lxml import etree

from cop.errors import PayloadError
from cop.model.entity import Entity
from cop.model.site import Site
from cop.services.ingest import Parsed
from workers.feed import (
    ContentAt,
    Ended,
    Feed,
    Ignored,
    Item,
    Noted,
    Original,
    Poll,
    Refused,
    Source,
)

_BUGS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
"""What escapes a parser that met something its author did not think of."""


def collect(feed: Feed, poll: Poll) -> Parsed:
    """Run the feed's parser over *poll* and sort what it yields.

    Raises:
        PayloadError: the payload is not the expected document, or the parser broke on it; the
            message then names the place in the parser.
    """
    sorter = _Sorter(feed.key)
    try:
        for item in feed.parse(poll):
            sorter.take(item)
    except _BUGS as error:
        raise _unreadable(error) from error
    return sorter.parsed()


def follow(feed: Feed, first: Poll) -> tuple[Source, ...]:
    """Tell which documents those of the *first* round name; () for a feed of one round.

    Raises:
        PayloadError: the first round is not what was expected.
    """
    if feed.follow is None:
        return ()
    try:
        return tuple(feed.follow(first))
    except _BUGS as error:
        raise _unreadable(error) from error


class _Sorter:
    """Collects the items of one poll by what they are."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._entities: list[Entity] = []
        self._sites: list[Site] = []
        self._ignored: list[tuple[str, str]] = []
        self._refused: list[tuple[str, str]] = []
        self._content_at: datetime | None = None
        self._ended: set[str] = set()
        self._originals: dict[bytes, None] = {}
        self._noted: bytes | None = None

    def take(self, item: Item) -> None:
        match item:
            case Entity():
                if item.feed != self._key:
                    raise ValueError(f"{item.id} says it is of feed {item.feed!r}")
                self._entities.append(item)
            case Site():
                self._sites.append(item)
            case Ignored():
                self._ignored.append((item.row, item.reason))
            case Refused():
                self._refused.append((item.row, item.reason))
            case ContentAt():
                self._content_at = max(item.at, self._content_at or item.at)
            case Ended():
                self._ended.add(item.id)
            case Original():
                self._originals[item.body] = None
            case Noted():
                self._noted = item.body
            case _:
                raise TypeError(f"parse yielded a {type(item).__name__}")

    def parsed(self) -> Parsed:
        last = {entity.id: entity for entity in self._entities}
        again = [e.id for e in self._entities if last[e.id] is not e]
        return Parsed(
            entities=tuple(last.values()),
            sites=tuple(self._sites),
            ignored=tuple(self._ignored),
            refused=(*self._refused, *((row, "a later row has the same id") for row in again)),
            content_at=self._content_at,
            ended=frozenset(self._ended),
            originals=tuple(self._originals),
            noted=self._noted,
        )


def _unreadable(error: Exception) -> PayloadError:
    return PayloadError(
        f"could not be read: {type(error).__name__} at {_place(error)}: {str(error)[:200]}"
    )


def _place(error: BaseException) -> str:
    """Name the innermost line of our own code that the error passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/workers/" in frame.filename or "/cop/" in frame.filename]
    frame = (ours or frames)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
