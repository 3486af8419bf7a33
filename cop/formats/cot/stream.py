"""A stream of events, one after the other without any mark between them, cut into events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cop.formats.cot.event import MOST_BYTES

_BEGIN: Final = b"<event"
_END: Final = b"</event>"
_LONGEST_TAG: Final = 4096
_TAG: Final = re.compile(rb"<event(?=[\s/>])(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")
_BETWEEN: Final = re.compile(rb"(?:\s|\xef\xbb\xbf|<\?xml[^<>]*\?>)+")
_MAY_BEGIN: Final = re.compile(rb"<(?:\?[^<>]*|e|ev|eve|even)?")


class Garbage(Exception):
    """What came is no event; what follows it may be one."""


class Splitter:
    """Takes bytes as they come and gives whole events; holds little more than the largest."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Refuse an event of more than *most_bytes*."""
        self._most = most_bytes
        self._held = b""
        self._looked = 0
        self._tag_is_known = False
        self._untold: int | None = None

    def feed(self, body: bytes) -> Iterator[bytes | Garbage]:
        """Take *body*; give each event that is whole now, and each run of bytes that is none.

        A run of garbage is told once, and again for each *most_bytes* of it.
        """
        self._held += body
        while True:
            garbage = self._skip()
            if garbage is not None:
                yield garbage
            event = self._take()
            if event is None:
                return
            yield event

    def _skip(self) -> Garbage | None:
        """Drop what stands before the next event; tell if that was more than may stand there."""
        if self._looked:
            return None
        between = _BETWEEN.match(self._held)
        if between is not None:
            self._held = self._held[between.end() :]
        if not self._held or self._held.startswith(_BEGIN):
            return None
        if _MAY_BEGIN.fullmatch(self._held):
            return self._refuse_overlong()
        begin = self._held.find(_BEGIN)
        if begin < 0:
            begin = self._held.rfind(b"<")
            if begin < 0 or _MAY_BEGIN.fullmatch(self._held, begin) is None:
                begin = len(self._held)
        self._held = self._held[begin:]
        return self._tell("what came is no event", begin)

    def _take(self) -> bytes | Garbage | None:
        if not self._held.startswith(_BEGIN):
            return None
        end = self._end()
        if end < 0:
            return self._refuse_overlong()
        event, self._held = self._held[:end], self._held[end:]
        self._forget()
        self._untold = None
        if len(event) > self._most:
            return Garbage(f"an event of more than {self._most:,} bytes")
        return event

    def _end(self) -> int:
        """Give where the first event ends; -1 while it is not whole."""
        if not self._tag_is_known:
            tag = _TAG.match(self._held, 0, _LONGEST_TAG)
            if tag is not None and tag.group().endswith(b"/>"):
                return tag.end()
            self._tag_is_known = tag is not None or len(self._held) >= _LONGEST_TAG
        end = self._held.find(_END, max(0, self._looked - len(_END)))
        self._looked = len(self._held)
        return -1 if end < 0 else end + len(_END)

    def _refuse_overlong(self) -> Garbage | None:
        if len(self._held) <= self._most:
            return None
        size, self._held = len(self._held), b""
        self._forget()
        return self._tell(f"an event of more than {self._most:,} bytes", size)

    def _forget(self) -> None:
        self._looked, self._tag_is_known = 0, False

    def _tell(self, words: str, size: int) -> Garbage | None:
        """Give the fault, unless its *size* bytes belong to a run that was told a moment ago."""
        if self._untold is not None:
            self._untold += size
            if self._untold < self._most:
                return None
        self._untold = 0
        return Garbage(words)
