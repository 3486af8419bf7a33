"""The area of an alert: without holes, few points, and never smaller than what it was made from.

Reckoned in degrees with longitudes drawn in by the cosine of the latitude, so that a metre is as
long in each direction; good enough for areas that are no larger than a country.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import shapely
import shapely.ops
from pyproj import Geod
from shapely import affinity
from shapely.geometry import MultiPolygon as Many
from shapely.geometry import Polygon as One
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from cop.formats.cap_write import DECIMALS
from cop.model.geometry import Geometry, MultiPolygon, Polygon, positions
from cop.services.shapes import mended

MOST_POINTS: Final = 100
"""Of an alert's polygons together, the closing ones counted: what phone networks and many others
who broadcast alerts take."""

MOST_AROUND: Final = 500
"""A line of more points may cross itself millions of times: what is near it takes minutes."""

_METRE: Final = 1 / 111_195.0
"""Of a great circle, in degrees."""

_EARTH: Final = Geod(ellps="WGS84")
_STEP: Final = 10.0**-DECIMALS
_STEPS_M: Final = tuple(1.25**step for step in range(64))
"""How far a simpler outline may lie outside, tried in turn: a metre to some 1,300 km."""


def shape_of(geometry: Geometry) -> BaseGeometry:
    """Give *geometry* to reckon with."""
    return shapely.from_geojson(geometry.model_dump_json())


def is_area(geometry: Geometry | None) -> bool:
    """Tell whether an alert can hold for *geometry*."""
    return isinstance(geometry, Polygon | MultiPolygon)


def points_of(geometry: Geometry) -> int:
    """Count the points that a message says for an area, the closing ones too."""
    return sum(1 for _ in positions(geometry))


def area_km2(shape: BaseGeometry) -> float:
    """Give the area on the ellipsoid, in km²."""
    return abs(float(_EARTH.geometry_area_perimeter(shapely.orient_polygons(shape))[0])) / 1e6


def reach_m(area: BaseGeometry, place: BaseGeometry) -> float:
    """Tell how many metres *area* reaches around *place*, which lies in it, where it is least."""
    (lon, lat), (to_lon, to_lat) = (
        one.coords[0] for one in shapely.ops.nearest_points(place, area.boundary)
    )
    return float(_EARTH.inv(lon, lat, to_lon, to_lat)[2])


def as_area(geometry: Geometry, radius_m: float) -> Geometry:
    """Give the area that an alert made from *geometry* is for.

    A place or a line becomes what lies within *radius_m* metres of it; places or a line of more
    than `MOST_AROUND` points, what lies around them all. What is an area already
    keeps its outline; holes are covered. Coordinates get five decimals, outwards.

    Raises:
        ValueError: it cannot be made an area.
    """
    shape = shape_of(geometry)
    if is_area(geometry):
        return _model(_covering(shape))
    plain = _drawn_in(shape, shape)
    if _count(plain) > MOST_AROUND:
        plain = plain.convex_hull
    around = plain.buffer(radius_m * _METRE, quad_segs=8)
    return _model(_covering(_drawn_out(around, shape)))


def simplified(geometry: Geometry, most: int = MOST_POINTS) -> Geometry:
    """Give an area of at most *most* points that covers *geometry*, as little more as can be.

    Raises:
        ValueError: it is no area.
    """
    if not is_area(geometry):
        raise ValueError("only an area has an outline that can be made simpler")
    return _model(_covering(shape_of(geometry), most))


def covers(outer: Geometry, inner: Geometry) -> bool:
    """Tell whether *inner* lies within *outer*, edges counted, to the metre."""
    whole = shape_of(outer)
    return bool(whole.covers(shape_of(inner)) or whole.buffer(_STEP).covers(shape_of(inner)))


def _covering(shape: BaseGeometry, most: int | None = None) -> BaseGeometry:
    """Give the smaller of what follows the outline of *shape* and what is put around all of it.

    Raises:
        ValueError: neither can be made with at most *most* points.
    """
    whole = shape if shape.is_valid else shapely.union_all(_parts(mended(shape)))
    found = [_first(whole, whole, most)]
    if most is not None and _count(whole) > most:
        found.append(_first(whole.convex_hull, whole, most))
    made = [one for one in found if one is not None]
    if not made:
        raise ValueError("this area is too large or too odd for an alert: draw a simpler one")
    return min(made, key=lambda one: float(one.area))


def _first(outline: BaseGeometry, whole: BaseGeometry, most: int | None) -> BaseGeometry | None:
    """Give the first of ever simpler outlines that has at most *most* points and covers *whole*."""
    for made in _outlines(outline, most):
        few = most is None or _count(made) <= most
        if few and made.is_valid and not made.is_empty and made.covers(whole):
            return made
    return None


def _outlines(shape: BaseGeometry, most: int | None) -> Iterator[BaseGeometry]:
    filled = _filled(shape)
    yield _rounded(filled)
    plain = _drawn_in(filled, shape)
    for metres in _STEPS_M[_first_step(plain, most) :]:
        reach = metres * _METRE
        rough = _thinned(plain, reach * 0.5)
        wider = rough.buffer(reach, join_style="mitre", mitre_limit=2.0)
        yield _rounded(_filled(_drawn_out(wider.simplify(reach * 0.4), shape)))
    box = plain.envelope.buffer(2 * _STEP, join_style="mitre")
    yield _rounded(_drawn_out(box, shape))


def _first_step(plain: BaseGeometry, most: int | None) -> int:
    """Give the first step at which few enough points are left; 0 where any number will do.

    To widen what has more takes long, and would not make it few enough.
    """
    if most is None:
        return 0
    return bisect_left(
        _STEPS_M,
        True,
        key=lambda metres: _count(_thinned(plain, metres * _METRE * 0.5)) <= 2 * most,
    )


def _thinned(shape: BaseGeometry, tolerance: float) -> BaseGeometry:
    """Take out points of each outline by itself; its edges may cross after that."""
    rings = [part.exterior.simplify(tolerance, preserve_topology=False) for part in _parts(shape)]
    parts = [One(ring) for ring in rings if len(ring.coords) > 3]
    return parts[0] if len(parts) == 1 else Many(parts)


def _filled(shape: BaseGeometry) -> BaseGeometry:
    """Cover holes; parts that lie in one another's holes, or touch, become one."""
    parts = [One(part.exterior) for part in _parts(shape)]
    return parts[0] if len(parts) == 1 else _without_holes(shapely.union_all(parts))


def _without_holes(shape: BaseGeometry) -> BaseGeometry:
    parts = [One(part.exterior) for part in _parts(shape)]
    return parts[0] if len(parts) == 1 else Many(parts)


def _parts(shape: BaseGeometry) -> list[One]:
    found = [shape] if isinstance(shape, One) else list(getattr(shape, "geoms", ()))
    return [part for part in found if isinstance(part, One) and not part.is_empty]


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda places: places.round(DECIMALS))


def _count(shape: BaseGeometry) -> int:
    return int(shapely.get_num_coordinates(shape))


def _drawn_in(shape: BaseGeometry, around: BaseGeometry) -> BaseGeometry:
    return affinity.scale(shape, xfact=_narrow(around), origin=(0, 0))


def _drawn_out(shape: BaseGeometry, around: BaseGeometry) -> BaseGeometry:
    return affinity.scale(shape, xfact=1 / _narrow(around), origin=(0, 0))


def _narrow(around: BaseGeometry) -> float:
    middle = (around.bounds[1] + around.bounds[3]) / 2
    return max(0.05, math.cos(math.radians(middle)))


def _model(shape: BaseGeometry) -> Geometry:
    made = mapping(shape)
    model = Polygon if made["type"] == "Polygon" else MultiPolygon
    return model.model_validate(made)
