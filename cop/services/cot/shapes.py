"""Places and outlines of features, as events can have them: one point, few corners, no holes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyproj
import shapely

from cop.model.geometry import HONG_KONG_BBOX, Position
from cop.services.shapes import mended

CITY: Final[Position] = (
    (HONG_KONG_BBOX[0] + HONG_KONG_BBOX[2]) / 2,
    (HONG_KONG_BBOX[1] + HONG_KONG_BBOX[3]) / 2,
)
"""Where a warning stands that is for the whole city."""
MOST_CORNERS: Final = 300
MOST_PARTS: Final = 20
"""Of one thing; the largest are drawn."""

_EARTH: Final = pyproj.Geod(ellps="WGS84")
_ROUND: Final = 2
"""Segments of a quarter of a circle where an area is widened: enough to hold it all."""
_STEP_DEG: Final = 1e-5
"""About a metre; what is too long is made simpler by that much, then by twice that, and so on."""


def whole_of(geometry: Mapping[str, Any]) -> shapely.Geometry:
    """Give a geometry of GeoJSON; an area whose edges cross, or whose parts do, is mended."""
    return mended(shapely.geometry.shape(geometry))


def place_of(whole: shapely.Geometry) -> tuple[Position, float]:
    """Give a place on *whole*, and the radius in metres around it that holds all of it."""
    middle = shapely.point_on_surface(whole)
    place = (float(middle.x), float(middle.y))
    corners = shapely.get_coordinates(whole)
    there = np.full(len(corners), place[0]), np.full(len(corners), place[1])
    *_, distances = _EARTH.inv(*there, corners[:, 0], corners[:, 1])
    return place, float(np.max(distances))


def city_radius_m() -> float:
    """Give the radius around `CITY` that holds Hong Kong."""
    west, south, east, north = HONG_KONG_BBOX
    _, radius_m = place_of(shapely.box(west, south, east, north))
    return radius_m


def outlines_of(whole: shapely.Geometry) -> Iterator[tuple[shapely.Geometry, tuple[Position, ...]]]:
    """Give each line and area of *whole* with its corners, the largest first.

    An area's first corner is also its last; its holes are drawn over. One of too many corners is
    drawn simpler: an area then larger, never smaller.
    """
    simple = shapely.get_parts(shapely.get_parts(whole))  # of a collection too
    parts = [part for part in simple.tolist() if _is_extended(part)]
    parts.sort(key=lambda part: (part.area, part.length), reverse=True)
    for part in parts[:MOST_PARTS]:
        if part.geom_type == "Polygon":
            ring = _simpler_area(shapely.Polygon(part.exterior)).exterior
        else:
            ring = _simpler_line(part)
        yield part, tuple((float(x), float(y)) for x, y in shapely.get_coordinates(ring))


def _is_extended(part: shapely.Geometry) -> bool:
    return part.geom_type in {"Polygon", "LineString", "LinearRing"} and not part.is_empty


def _simpler_line(line: shapely.Geometry) -> shapely.Geometry:
    simple, step = line, _STEP_DEG
    while shapely.get_num_coordinates(simple) > MOST_CORNERS:
        simple, step = line.simplify(step), step * 2
    return simple


def _simpler_area(area: shapely.Geometry) -> shapely.Geometry:
    simple, step = area, _STEP_DEG
    while shapely.get_num_coordinates(simple) > MOST_CORNERS:
        wide = simple.buffer(step * 1.5, quad_segs=_ROUND)
        wider = shapely.Polygon(wide.exterior).simplify(step)
        if wider.contains(simple):
            simple = wider
        step *= 2
    return simple
