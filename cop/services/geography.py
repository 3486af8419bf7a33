"""Which of the 18 districts a place lies in."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry import Point, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from cop.formats.placing import distance_m
from cop.model.district import District
from cop.model.geometry import HONG_KONG_BBOX, Geometry, MultiPolygon, Position, inside

DISTRICTS_FILE = Path(__file__).parents[2] / "assets" / "geo" / "districts.json"
"""The one copy: the browser is served the same file."""

REACH_DEG = 0.008
"""A place at sea belongs to the nearest district within this: about 850 m of the coast."""

ACROSS_DEG = 0.0008
"""On the mainland side of the land border only this much, the precision of the outline."""

_LAND_BORDER = (113.99, 22.50, 114.24, 22.58)
"""West, south, east, north of the strip in which north of a district is Shenzhen."""


@cache
def _index() -> tuple[tuple[District, ...], STRtree]:
    features: list[dict[str, Any]] = orjson.loads(DISTRICTS_FILE.read_bytes())["features"]
    codes = tuple(District(feature["properties"]["code"]) for feature in features)
    areas: list[BaseGeometry] = [shape(feature["geometry"]) for feature in features]
    shapely.prepare(areas)
    return codes, STRtree(areas)


@lru_cache(maxsize=50_000)
def _district_at(lon: float, lat: float) -> District | None:
    if not inside((lon, lat), HONG_KONG_BBOX):
        return None
    codes, tree = _index()
    place = Point(lon, lat)
    within = tree.query(place, predicate="intersects")
    if len(within):
        return codes[int(within[0])]
    across = inside((lon, lat), _LAND_BORDER)
    reach = ACROSS_DEG if across else REACH_DEG
    near = tree.query_nearest(place, max_distance=reach, all_matches=False)
    return codes[int(near[0])] if len(near) else None


def district_at(lon: float, lat: float) -> District | None:
    """Give the district at WGS84 degrees (rounded to about 10 m); None outside Hong Kong."""
    return _district_at(round(lon, 4), round(lat, 4))


def middle_of_district(district: District) -> tuple[Position, float]:
    """Give a place on land within *district*, and how far from it the district reaches, metres."""
    codes, tree = _index()
    areas = [area for code, area in zip(codes, tree.geometries, strict=True) if code is district]
    middle = max(areas, key=lambda area: area.area).representative_point()
    at = (round(middle.x, 5), round(middle.y, 5))
    corners = shapely.get_coordinates(areas).tolist()
    return at, round(max(distance_m(at, (lon, lat)) for lon, lat in corners), -2)


def districts_touched(whole: BaseGeometry) -> frozenset[District]:
    """Give every district that a shape, in WGS84 degrees, lies in or reaches into."""
    codes, tree = _index()
    return frozenset(codes[int(each)] for each in tree.query(whole, predicate="intersects"))


def area_of_district(district: District) -> Geometry:
    """Give the outline of *district*, islands included."""
    codes, tree = _index()
    areas = [area for code, area in zip(codes, tree.geometries, strict=True) if code is district]
    return MultiPolygon.model_validate(mapping(areas[0]))


def district_of(geometry: Geometry | None) -> District | None:
    """Give the district that *geometry* lies in.

    None outside Hong Kong, at sea far from its coast, without a geometry, and for a line or an
    area that reaches into several districts: it belongs to none of them.
    """
    if geometry is None:
        return None
    if geometry.type == "Point":
        return district_at(*geometry.coordinates)
    return _district_within(geometry.model_dump_json())


@lru_cache(maxsize=10_000)
def _district_within(geometry_json: str) -> District | None:
    whole = shapely.from_geojson(geometry_json)
    middle = whole.representative_point()
    if not inside((middle.x, middle.y), HONG_KONG_BBOX):
        return None
    codes, tree = _index()
    touched = tree.query(whole, predicate="intersects")
    if len(touched) > 1:
        return None
    return codes[int(touched[0])] if len(touched) else district_at(middle.x, middle.y)
