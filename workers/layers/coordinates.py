"""Geometries as others send them: whole, in whatever reference system, made into WGS84.

Services mix up the order of the axes and leave out, or misname, their reference system. Where the
numbers leave no doubt they decide; where they do, what was declared does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyproj import Transformer
from pyproj.exceptions import ProjError

from cop.errors import PayloadError
from cop.model.geometry import Position

DEGREES: Final = 4326
HK_GRID: Final = 2326
_MERCATOR: Final = {900913: 3857, 102100: 3857, 102113: 3857, 3857: 3857}
_DEGREES_TOO: Final = frozenset({4326, 4269, 4490, 4979, 84})
"""Apart from WGS84 by less than a metre: GRS80 of 1983, CGCS2000; 84 is OGC's CRS84."""
_NESTING: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_CODE: Final = re.compile(r"[:/#](?:CRS)?(\d{2,6})$", re.IGNORECASE)
_CRS84: Final = 84
_GRID_EAST: Final = (790_000.0, 880_000.0)
_GRID_NORTH: Final = (790_000.0, 860_000.0)
"""Where Hong Kong lies in its grid, with the sea around it."""


class Odd(ValueError):
    """One geometry cannot be used."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry whose structure is right; its numbers are in whatever reference system.

    Attributes:
        type: as GeoJSON has it.
        coordinates: nested as the type wants; innermost `(first, second)`.
    """

    type: str
    coordinates: Any


@dataclass(frozen=True, slots=True)
class System:
    """In what the numbers of a layer are.

    Attributes:
        code: EPSG.
        swapped: the second number is the one to the east.
    """

    code: int
    swapped: bool


def read_shape(geometry: Any) -> Shape:
    """Give a GeoJSON geometry, its structure checked, heights left out.

    Raises:
        Odd: it is none of the six kinds, a number is none, or a ring is none.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _NESTING:
        raise Odd("no geometry that can be drawn")
    coordinates = _walk(geometry.get("coordinates"), _NESTING[kind])
    shape = Shape(kind, coordinates)
    least = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}.get(kind, 1)
    if any(len(part) < least for part in _lines(coordinates, _NESTING[kind])):
        raise Odd("a line or ring that is too short")
    return shape


def _walk(part: Any, depth: int) -> Any:
    if not isinstance(part, (list, tuple)):
        raise Odd("coordinates that are none")
    if depth:
        if not part:
            raise Odd("coordinates that are empty")
        return [_walk(inner, depth - 1) for inner in part]
    if len(part) < 2 or not all(_is_number(value) for value in part[:2]):
        raise Odd("a place that has not two numbers")
    return float(part[0]), float(part[1])


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 1e9 and math.isfinite(value)


def _lines(coordinates: Any, depth: int) -> Iterator[list[Any]]:
    if depth == 1:
        yield coordinates
    elif depth > 1:
        for part in coordinates:
            yield from _lines(part, depth - 1)


def places(shape: Shape) -> Iterator[Position]:
    """Give every place of *shape* in order, as its numbers stand."""
    stack = [shape.coordinates]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            yield part
        else:
            stack.extend(reversed(part))


def code_of(name: Any) -> int | None:
    """Read the number out of `EPSG:2326`, `urn:ogc:def:crs:OGC:1.3:CRS84` and the like; or None."""
    if not isinstance(name, str):
        return None
    found = _CODE.search(name.strip())
    return int(found[1]) if found else None


def recognise(
    shapes: Iterable[Shape], declared: int | None, *, by_authority: bool = False
) -> System:
    """Tell in what the numbers of a layer are.

    Args:
        shapes: all that there are.
        declared: the EPSG code that the service names; None: it names none.
        by_authority: the service says that axes come in the authority's order, as GML does.

    Raises:
        PayloadError: they are no degrees and the service names no reference system.
    """
    first, second, count = [0.0, 0.0], [0.0, 0.0], 0
    east_first = 0
    for shape in shapes:
        for a, b in places(shape):
            count += 1
            first = [min(first[0], a), max(first[1], a)]
            second = [min(second[0], b), max(second[1], b)]
            east_first += _in_grid(a, b) - _in_grid(b, a)
    by_authority = by_authority and declared != _CRS84
    degrees = max(map(abs, (*first, *second))) <= 180
    if declared in _DEGREES_TOO or (declared is None and degrees):
        return System(DEGREES, _latitude_first(first, second, by_authority=by_authority))
    if declared is None and count and _all_in_grid(first, second):
        declared = HK_GRID
    if declared is None:
        raise PayloadError(
            "its coordinates are no degrees and it names no reference system that is known"
        )
    if declared == HK_GRID:
        return System(HK_GRID, east_first < 0 or (east_first == 0 and by_authority))
    return System(_MERCATOR.get(declared, declared), swapped=False)


def _latitude_first(first: list[float], second: list[float], *, by_authority: bool) -> bool:
    wide_first = max(map(abs, first)) > 90
    wide_second = max(map(abs, second)) > 90
    if wide_first != wide_second:
        return wide_second
    return by_authority and not wide_first


def _in_grid(east: float, north: float) -> bool:
    return _GRID_EAST[0] <= east <= _GRID_EAST[1] and _GRID_NORTH[0] <= north <= _GRID_NORTH[1]


def _all_in_grid(first: list[float], second: list[float]) -> bool:
    return _in_grid(first[1], second[1]) or _in_grid(second[1], first[1])


def place_on_earth(shape: Shape, system: System) -> dict[str, Any]:
    """Give *shape* as a GeoJSON geometry in WGS84, longitude first, rounded to 0.1 m.

    Raises:
        Odd: a place of it is not on earth.
        PayloadError: the reference system is not known.
    """
    return {"type": shape.type, "coordinates": _moved(shape.coordinates, system)}


def _moved(part: Any, system: System) -> Any:
    if isinstance(part, tuple):
        return _to_degrees([part], system)[0]
    if part and isinstance(part[0], tuple):
        return _to_degrees(part, system)
    return [_moved(inner, system) for inner in part]


def _to_degrees(line: list[Position], system: System) -> list[list[float]]:
    firsts, seconds = zip(*line, strict=True)
    if system.swapped:
        firsts, seconds = seconds, firsts
    if system.code != DEGREES:
        firsts, seconds = _transformer(system.code).transform(firsts, seconds)
    moved = [[round(lon, 6), round(lat, 6)] for lon, lat in zip(firsts, seconds, strict=True)]
    if not all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in moved):  # nor NaN, nor inf
        raise Odd("a place that is not on earth")
    return moved


@lru_cache(maxsize=8)
def _transformer(code: int) -> Transformer:
    try:
        return Transformer.from_crs(f"EPSG:{code}", "EPSG:4326", always_xy=True)
    except ProjError as error:
        raise PayloadError(f"its reference system EPSG:{code} is not known") from error
