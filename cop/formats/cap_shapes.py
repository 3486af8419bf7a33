"""Polygons and circles of CAP as publishers really write them: `latitude,longitude` and near it."""

from __future__ import annotations

import math
import re
from typing import Final

from cop.formats.circle import circle
from cop.model.geometry import Position

MOST_CORNERS: Final = 20_000
"""Of one ring as it comes; a polygon of more is not read."""

SWAPPED: Final = "longitude stands before latitude: read the other way round"

_COMMA: Final = re.compile(r" ?, ?")
_GAPS: Final = re.compile(r"[\s;]+")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_UNIT: Final = re.compile(r" ?km$", re.IGNORECASE)


def read_ring(raw: str) -> tuple[tuple[Position, ...], str]:
    """Read the corners of a polygon; give the closed ring (longitude, latitude), and its defect.

    Blanks may stand around commas, semicolons or line breaks between corners, blanks instead of
    commas (as GML and GeoRSS have it), and the last corner may be missing. Where every first number
    can only be a longitude, the order is turned round and said as the defect; otherwise that is "".

    Raises:
        ValueError: it is no such list, has a corner that is not on earth, or too few or many.
    """
    pairs = _pairs(raw)
    if len(pairs) > MOST_CORNERS:
        raise ValueError(f"more than {MOST_CORNERS} corners")
    swapped = bool(pairs) and all(_is_swapped(*pair) for pair in pairs)
    corners = [_place(b, a) if swapped else _place(a, b) for a, b in pairs]
    if corners and corners[0] != corners[-1]:
        corners.append(corners[0])
    if len(set(corners)) < 3:
        raise ValueError("fewer than three corners")
    return tuple(corners), SWAPPED if swapped else ""


def read_disc(raw: str) -> tuple[Position, float, str]:
    """Read a circle; give its centre (longitude, latitude), its radius in km, and its defect.

    The radius may be 0: a point. Defect as in `read_ring`.

    Raises:
        ValueError: it is no circle on earth.
    """
    numbers = [part for part in re.split(r"[\s,;]+", _UNIT.sub("", " ".join(raw.split()))) if part]
    if len(numbers) != 3:
        raise ValueError(f"not a place and a radius: {raw.strip()[:60]!r}")
    first, second, radius_km = (_number(part) for part in numbers)
    swapped = _is_swapped(first, second)
    centre = _place(second, first) if swapped else _place(first, second)
    if radius_km != 0:
        circle(centre, radius_km)
    return centre, radius_km, SWAPPED if swapped else ""


def _pairs(raw: str) -> list[tuple[float, float]]:
    words = [word for word in _GAPS.split(_COMMA.sub(",", " ".join(raw.split()))) if word]
    parts = [word.strip(",").split(",") for word in words]
    if len(parts) == 1 and len(parts[0]) >= 6:  # nothing but commas
        parts = [[number] for number in parts[0]]
    if all(len(part) == 1 for part in parts):  # nothing but blanks
        if len(parts) % 2:
            raise ValueError(f"an odd count of numbers: {raw.strip()[:60]!r}")
        parts = [[a[0], b[0]] for a, b in zip(parts[::2], parts[1::2], strict=True)]
    if any(len(part) not in {2, 3} for part in parts):  # a third one is a height
        raise ValueError(f"not pairs of latitude and longitude: {raw.strip()[:60]!r}")
    return [(_number(part[0]), _number(part[1])) for part in parts]


def _number(raw: str) -> float:
    if not _NUMBER.fullmatch(raw):
        raise ValueError(f"not a number: {raw[:20]!r}")
    value = float(raw)
    if not math.isfinite(value):
        raise ValueError(f"not a number: {raw[:20]!r}")
    return value


def _is_swapped(first: float, second: float) -> bool:
    """Tell whether *first* can be no latitude, and the two are a place the other way round."""
    return 90 < abs(first) <= 180 and abs(second) <= 90


def _place(lat: float, lon: float) -> Position:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"not a place on earth: {lat:g},{lon:g}")
    return (lon, lat)
