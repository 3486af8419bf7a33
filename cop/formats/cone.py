"""The area in which a moving centre will probably be: circles that grow along a track."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from pyproj import CRS, Transformer
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon
from shapely.ops import unary_union

from cop.model.geometry import Geometry, Position
from cop.model.geometry import Polygon as Area

_TOLERANCE_M = 1_000


def cone(circles: Sequence[tuple[Position, float]]) -> Geometry | None:
    """Give the area that *circles* (place, radius in km) sweep from each to the next.

    The sweep is computed in an equidistant projection about the first place and simplified to a
    kilometre. None for no circles.

    Raises:
        ValueError: a place or radius is not finite, or a radius not positive.
    """
    if not circles:
        return None
    for place, radius_km in circles:
        if not (all(map(math.isfinite, place)) and math.isfinite(radius_km) and radius_km > 0):
            raise ValueError(f"not a circle: {place}, {radius_km} km")
    return _swept(tuple((place, radius_km) for place, radius_km in circles))


@lru_cache(maxsize=16)
def _swept(circles: tuple[tuple[Position, float], ...]) -> Area:
    """Give the area; a track is read again and again before it changes."""
    lon, lat = circles[0][0]
    local = CRS.from_proj4(f"+proj=aeqd +lon_0={lon} +lat_0={lat} +datum=WGS84 +units=m")
    ahead = Transformer.from_crs(4326, local, always_xy=True)
    back = Transformer.from_crs(local, 4326, always_xy=True)
    discs = [
        Point(*ahead.transform(*place)).buffer(radius_km * 1000.0, quad_segs=12)
        for place, radius_km in circles
    ]
    sweeps = [_hull(one, two) for one, two in pairwise(discs)] or discs
    swept = unary_union(sweeps).simplify(_TOLERANCE_M)
    if isinstance(swept, MultiPolygon):
        swept = max(swept.geoms, key=lambda part: part.area)
    ring = (back.transform(x, y) for x, y in swept.exterior.coords)
    return Area(type="Polygon", coordinates=(tuple((round(x, 4), round(y, 4)) for x, y in ring),))


def _hull(one: Polygon, two: Polygon) -> Polygon:
    return MultiPoint([*one.exterior.coords, *two.exterior.coords]).convex_hull
