"""Pictures of a map service (WMS) as square tiles: where a tile lies, and what may be one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from cop.errors import CopError

SIDE: Final = 256
"""Pixels."""
MOST_ZOOM: Final = 20
MOST_TILE_BYTES: Final = 1024 * 1024

_HALF_M: Final = math.pi * 6_378_137.0
"""Half the side of the square of EPSG:3857, metres."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_FRAMES_OF_JPEG: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks of the segment that says how large a JPEG is."""


class NoTile(CopError):
    """There is no picture to be had now; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture that may be shown.

    Attributes:
        body: its bytes.
        media_type: what they are by their own beginning, whatever the service says.
    """

    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Place:
    """One tile of the usual pyramid: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether there is such a tile."""
        return 0 <= self.z <= MOST_ZOOM and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    def box(self) -> tuple[float, float, float, float]:
        """Give west, south, east, north in metres of EPSG:3857."""
        side = 2 * _HALF_M / 2**self.z
        west, north = self.x * side - _HALF_M, _HALF_M - self.y * side
        return west, north - side, west + side, north


HONG_KONG: Final = Place(10, 836, 446)
"""The tile on which most of Hong Kong lies, by which a service is tried."""


def check_tile(body: bytes) -> Tile:
    """Give *body* as a tile: a PNG or JPEG of the size that was asked for.

    The picture is not decoded here, but by the browser, in its sandbox.

    Raises:
        NoTile: it is none.
    """
    if body.startswith(_PNG) and body[12:16] == b"IHDR":
        size = (int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big"))
        media_type = "image/png"
    elif body.startswith(_JPEG):
        size = _size_of_jpeg(body)
        media_type = "image/jpeg"
    else:
        raise NoTile("the service did not send a PNG or JPEG picture")
    if size != (SIDE, SIDE):
        raise NoTile(f"the service sent a picture of another size than {SIDE} × {SIDE}")
    return Tile(body, media_type)


def _size_of_jpeg(body: bytes) -> tuple[int, int]:
    """Give width and height; segment by segment, since one may hold a small picture of its own."""
    at = 2
    while at + 9 <= len(body) and body[at] == 0xFF:
        if body[at + 1] in _FRAMES_OF_JPEG:
            high, wide = body[at + 5 : at + 7], body[at + 7 : at + 9]
            return int.from_bytes(wide, "big"), int.from_bytes(high, "big")
        at += 2 + max(2, int.from_bytes(body[at + 2 : at + 4], "big"))
    return 0, 0
