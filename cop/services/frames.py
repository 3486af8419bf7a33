"""Frames of the live stream: a batch of changes, encoded once per audience; the recent ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cop.model.access import Audience
from cop.model.record import Cursor, cursor_key

MOST_FRAMES: Final = 20_000
MOST_BYTES: Final = 32 * 1024 * 1024
MOST_MISSED: Final = 512 * 1024
"""Who has missed more than these bytes is better served with a compressed picture."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a batch of events changed.

    Attributes:
        cursor: the cursor after the batch.
        bodies: one whole `picture` event per audience, in the bytes of Server-Sent Events;
            an audience that sees nothing of the batch has none.
        begins: the cursor of the first event of a batch of several; "" for one event alone. Who
            has only a part of the batch cannot go on from it: what came and went inside it is
            not told.
    """

    cursor: Cursor
    bodies: Mapping[Audience, bytes]
    begins: Cursor = ""

    def splits(self, key: tuple[int, int]) -> bool:
        """Tell whether the cursor of *key* lies inside the batch."""
        if not self.begins:
            return False
        return cursor_key(self.begins) <= key < cursor_key(self.cursor)


def encode_picture_event(cursor: Cursor, put: Iterable[bytes], remove: bytes) -> bytes:
    """Give the `picture` event of encoded features *put* and a JSON array of ids *remove*."""
    mark = cursor.encode()
    return b'id: %b\nevent: picture\ndata: {"cursor":"%b","put":[%b],"remove":%b}\n\n' % (
        mark,
        mark,
        b",".join(put),
        remove,
    )


class Ring:
    """The last frames, so that a viewer who was away for a while needs no new snapshot."""

    def __init__(
        self, floor: Cursor, *, most_frames: int = MOST_FRAMES, most_bytes: int = MOST_BYTES
    ) -> None:
        """Begin after *floor*; hold at most so many frames and so many bytes."""
        self.cursor = floor
        self._floor = cursor_key(floor)
        self._blind = dict.fromkeys(Audience, self._floor)
        self._most_frames = most_frames
        self._most_bytes = most_bytes
        self._bytes = 0
        self._frames: deque[tuple[tuple[int, int], Frame]] = deque()

    def add(self, frame: Frame) -> None:
        """Append *frame*; the oldest go when there are too many."""
        self.cursor = frame.cursor
        if frame.bodies or frame.begins:
            self._frames.append((cursor_key(frame.cursor), frame))
            self._bytes += _size(frame)
        while len(self._frames) > self._most_frames or self._bytes > self._most_bytes:
            self._floor, oldest = self._frames.popleft()
            self._bytes -= _size(oldest)

    def forbid(self, audience: Audience) -> None:
        """Let nobody of *audience* resume from before the cursor: something is not known exactly.

        What they would be told of the frames so far is given up.
        """
        self._blind[audience] = cursor_key(self.cursor)

    def after(self, cursor: Cursor, audience: Audience) -> list[bytes] | None:
        """Give *audience* what came after *cursor*, oldest first; None: a new snapshot is needed.

        Raises:
            ValueError: *cursor* is not one.
        """
        key = cursor_key(cursor)
        if key < max(self._floor, self._blind[audience]):
            return None
        missed: list[bytes] = []
        size = 0
        for at, frame in reversed(self._frames):
            if at <= key:
                break
            if frame.splits(key):
                return None
            body = frame.bodies.get(audience, b"")
            size += len(body)
            if size > MOST_MISSED:
                return None
            if body:
                missed.append(body)
        missed.reverse()
        return missed


def _size(frame: Frame) -> int:
    return sum(map(len, frame.bodies.values()))
