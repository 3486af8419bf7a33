"""Polygons and circles of CAP as publishers really write them: `latitude,longitude` and near it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Final

import shapely
from shapely.affinity import translate

from cop.formats.circle import circle
from cop.model.geometry import Position

MOST_CORNERS: Final = 20_000
"""Of one ring as it comes; a polygon of more is not read."""

SWAPPED: Final = "longitude stands before latitude: read the other way round"

NO_RADIUS: Final = "it has no radius: read as a place"

_COMMA: Final = re.compile(r" ?, ?")
_GAPS: Final = re.compile(r"[\s;|]+")
_BRACKETS: Final = re.compile(r"[()\[\]°]")
_WKT: Final = re.compile(r"\s*(?:POLYGON\s*(?=\()|(?=\[\s*\[))", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_UNIT: Final = re.compile(r" ?(k?m)$", re.IGNORECASE)


def read_ring(raw: str) -> tuple[tuple[Position, ...], str]:
    """Read the corners of a polygon; give the closed ring (longitude, latitude), and its defect.

    Blanks may stand around commas, semicolons or line breaks between corners, blanks instead of
    commas (as GML and GeoRSS have it), commas and blanks the other way round, brackets around all
    (WKT and GeoJSON have longitude first), and the last corner may be missing. Where half of the
    first numbers or more can only be longitudes, the order is turned round and said as the defect;
    otherwise that is "".

    Raises:
        ValueError: it is no such list, has a corner that is not on earth, or too few or many.
    """
    wkt = _WKT.match(raw)
    pairs = _pairs(_BRACKETS.sub(" ", raw[wkt.end() :] if wkt else raw))
    if wkt:
        pairs = [(lat, lon) for lon, lat in pairs]
    if len(pairs) > MOST_CORNERS:
        raise ValueError(f"more than {MOST_CORNERS} corners")
    swapped = 2 * sum(_is_swapped(*pair) for pair in pairs) >= max(len(pairs), 1)
    corners = [_place(b, a) if swapped else _place(a, b) for a, b in pairs]
    if corners and corners[0] != corners[-1]:
        corners.append(corners[0])
    if len(set(corners)) < 3:
        raise ValueError("fewer than three corners")
    return tuple(corners), SWAPPED if swapped else ""


def read_disc(raw: str) -> tuple[Position, float, str]:
    """Read a circle; give its centre (longitude, latitude), its radius in km, and its defect.

    The radius may be 0: a point; so is one that has none, with that as the defect. Others as in
    `read_ring`.

    Raises:
        ValueError: it is no circle on earth.
    """
    words = _BRACKETS.sub(" ", " ".join(raw.split())).strip()
    unit = _UNIT.search(words)
    numbers = [part for part in re.split(r"[\s,;]+", _UNIT.sub("", words)) if part]
    if len(numbers) not in {2, 3}:
        raise ValueError(f"not a place and a radius: {raw.strip()[:60]!r}")
    first, second, radius_km = (_number(part) for part in (*numbers, "0")[:3])
    if unit and unit[1].lower() == "m":
        radius_km /= 1000
    swapped = _is_swapped(first, second)
    centre = _place(second, first) if swapped else _place(first, second)
    if radius_km != 0:
        circle(centre, radius_km)
    missing = NO_RADIUS if len(numbers) == 2 else ""
    return centre, radius_km, "; ".join(filter(None, (SWAPPED if swapped else "", missing)))


def unrolled(ring: Sequence[Position]) -> tuple[Position, ...]:
    """Give *ring* with longitudes that go on past 180° where it crosses that meridian.

    An edge is the shorter way between its ends, as RFC 7946 has it. A ring that goes round a pole
    or round the whole earth is given as it is.
    """
    lons = [ring[0][0]]
    for lon, _ in ring[1:]:
        turn = lon - lons[-1]
        lons.append(lon - 360.0 * round(turn / 360.0) if abs(turn) > 180 else lon)
    made = tuple((lon, lat) for lon, (_, lat) in zip(lons, ring, strict=True))
    flat = max(lons) == min(lons)
    return tuple(ring) if flat or made[0] != made[-1] else made


def rolled(shape: Any) -> list[Any]:
    """Part *shape*, of `unrolled` rings and valid, at the 180th meridian; each lies on the map."""
    west, _, east, _ = shape.bounds
    parts = []
    for turn in range(math.floor((west + 180) / 360), math.ceil((east - 180) / 360) + 1):
        here = shapely.clip_by_rect(shape, 360 * turn - 180, -90, 360 * turn + 180, 90)
        if not here.is_empty and here.area > 0:
            parts.append(translate(here, xoff=-360.0 * turn))
    return parts if len(parts) > 1 or (west < -180 or east > 180) else [shape]


def _pairs(raw: str) -> list[tuple[float, float]]:
    by_comma = [_GAPS.split(part.strip()) for part in raw.split(",")]
    if len(by_comma) > 2 and all(len(part) in {2, 3} for part in by_comma):  # as in WKT
        return [(_number(part[0]), _number(part[1])) for part in by_comma]
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
    return 90 < abs(first) <= 360 and abs(second) <= 90


def _place(lat: float, lon: float) -> Position:
    if not (-90 <= lat <= 90 and -360 <= lon <= 360):
        raise ValueError(f"not a place on earth: {lat:g},{lon:g}")
    if abs(lon) > 180:  # counted on past the meridian, as tsunami centres do
        lon = round(lon - math.copysign(360, lon), 9)
    return (lon, lat)
