"""Make the offline base map, `assets/geo/coast.json` and `assets/geo/districts.json`.

Run as `python -m tools.make_geo DIRECTORY`, where DIRECTORY holds the two archives that
`npm pack @geo-maps/earth-lands-100m@0.6.0` and `npm pack echarts@4.9.0` leave behind.

Coast: the land of OpenStreetMap as of November 2017 (ODbL), cut to two boxes: Hong Kong and its
neighbours as it is, the Pearl River delta simplified. Districts: the outline that Apache ECharts
ships (Apache-2.0), moved from the Chinese grid offset onto that coast and fitted to it.
"""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
from shapely import clip_by_rect, make_valid, set_precision
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from cop.model.district import DISTRICT_NAMES, District, find_district

ASSETS: Final = Path(__file__).parents[1] / "assets" / "geo"

LANDS: Final = ("geo-maps-earth-lands-100m-0.6.0.tgz", "package/map.geo.json")
ECHARTS: Final = ("echarts-4.9.0.tgz", "package/map/json/province/xianggang.json")

NEAR: Final = (113.7, 22.1, 114.6, 22.7)
DELTA: Final = (112.5, 21.5, 115.5, 23.6)
DELTA_TOLERANCE_DEG: Final = 0.0015
DELTA_LEAST_AREA_DEG2: Final = 1e-5

GRID_SHIFT_DEG: Final = (-0.005, 0.003)
"""From the offset grid of the outline to WGS84, hereabouts: longitude, latitude."""

COAST_REACH_DEG: Final = 0.004
"""Land this near a district's outline is taken into it: about 400 m."""

FISH_PONDS: Final = box(113.985, 22.44, 114.08, 22.53)
"""Where the shore of Deep Bay is ponds and mud: the source's coast is not to be believed."""

SPIKE_DEG: Final = 0.006

LAND_BORDER: Final = box(114.0, 22.495, 114.24, 22.6)
"""Here the neighbour is Shenzhen, not the sea: the outline is not fitted to the coast."""


ISLETS: Final = (
    (District.ISLANDS, 114.3033, 22.1826),
    (District.TUEN_MUN, 113.8911, 22.3460),
)
"""Waglan Island and Sha Chau, which both sources leave out and weather stations stand on."""

ISLET_RADIUS_DEG: Final = 0.0018


def read_member(directory: Path, archive: tuple[str, str]) -> Any:
    """Decode the JSON member of an npm archive.

    Raises:
        KeyError: the archive has no such member.
    """
    name, member = archive
    with tarfile.open(directory / name) as tar:
        found = tar.extractfile(member)
        if found is None:
            raise KeyError(member)
        return orjson.loads(found.read())


def polygons_of(geometry: BaseGeometry) -> Iterator[Polygon]:
    """List the polygons of anything, leaving lines and points out."""
    if isinstance(geometry, Polygon):
        if not geometry.is_empty:
            yield geometry
    elif hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from polygons_of(part)


def land_in(lands: Iterable[Any], limits: tuple[float, float, float, float]) -> BaseGeometry:
    """Cut the world's land to *limits* (west, south, east, north)."""
    pieces: list[BaseGeometry] = []
    for collection in lands:
        for rings in collection["coordinates"]:
            lons = [lon for lon, _ in rings[0]]
            lats = [lat for _, lat in rings[0]]
            outside = max(lons) < limits[0] or min(lons) > limits[2]
            if outside or max(lats) < limits[1] or min(lats) > limits[3]:
                continue
            pieces.append(make_valid(clip_by_rect(Polygon(rings[0]), *limits)))
    return unary_union(pieces)


def mend(land: BaseGeometry) -> BaseGeometry:
    """Fill the holes and the spikes of water that simplifying left in the fish ponds."""
    filled = unary_union([Polygon(part.exterior) for part in polygons_of(land)])
    ponds = filled.intersection(FISH_PONDS)
    closed = ponds.buffer(SPIKE_DEG, join_style="mitre").buffer(-SPIKE_DEG, join_style="mitre")
    return unary_union([filled, closed.intersection(FISH_PONDS)])


def decode_ring(encoded: str, offset: tuple[int, int]) -> list[tuple[float, float]]:
    """Decode one ring of the ECharts map format: zigzag deltas on a grid of 1/1024 degree."""
    x, y = offset
    ring = []
    for at in range(0, len(encoded), 2):
        dx, dy = ord(encoded[at]) - 64, ord(encoded[at + 1]) - 64
        x += (dx >> 1) ^ -(dx & 1)
        y += (dy >> 1) ^ -(dy & 1)
        ring.append((x / 1024, y / 1024))
    return ring


def outlines(echarts: Any) -> dict[District, BaseGeometry]:
    """Read the 18 outlines, moved to WGS84."""
    found: dict[District, BaseGeometry] = {}
    for feature in echarts["features"]:
        code = find_district(feature["properties"]["name"])
        geometry = feature["geometry"]
        if code is None:
            raise ValueError(feature["properties"]["name"])
        parts, offsets = geometry["coordinates"], geometry["encodeOffsets"]
        if geometry["type"] == "Polygon":
            parts, offsets = [parts], [offsets]
        shapes = [
            make_valid(Polygon(decode_ring(part[0], tuple(offset[0]))))
            for part, offset in zip(parts, offsets, strict=True)
        ]
        found[code] = translate(unary_union(shapes), *GRID_SHIFT_DEG)
    return found


def fit_to_coast(
    districts: dict[District, BaseGeometry], land: BaseGeometry
) -> dict[District, BaseGeometry]:
    """Let each district end where the land does; slivers of land go to the nearest district."""
    territory = unary_union(list(districts.values()))
    fitted = {code: [outline.intersection(land)] for code, outline in districts.items()}
    for code, lon, lat in ISLETS:
        fitted[code].append(Point(lon, lat).buffer(ISLET_RADIUS_DEG, quad_segs=2))
    for sliver in polygons_of(
        land.intersection(territory.buffer(COAST_REACH_DEG)).difference(territory)
    ):
        rest = sliver.difference(LAND_BORDER)
        for part in polygons_of(rest):
            nearest = min(districts, key=lambda code: districts[code].distance(part.centroid))
            fitted[nearest].append(part)
    joined = {}
    for code, parts in fitted.items():
        whole = unary_union([part.buffer(1e-5) for part in parts])
        joined[code] = MultiPolygon([p for p in polygons_of(whole) if p.area > 2e-7])
    return joined


def rounded(geometry: BaseGeometry, decimals: int) -> Any:
    """Give GeoJSON with coordinates of *decimals* decimals."""
    exact = make_valid(set_precision(geometry, 10**-decimals))
    return _round(mapping(MultiPolygon(list(polygons_of(exact))))["coordinates"], decimals)


def _round(value: Any, decimals: int) -> Any:
    if isinstance(value, float):
        return round(value, decimals)
    return [_round(part, decimals) for part in value]


def feature(coordinates: Any, **properties: str) -> dict[str, Any]:
    """Make a GeoJSON feature of polygons."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }


def collection(attribution: str, features: list[dict[str, Any]]) -> bytes:
    """Encode a FeatureCollection that says where it comes from."""
    return orjson.dumps(
        {"type": "FeatureCollection", "attribution": attribution, "features": features}
    )


def make_coast(lands: Any) -> tuple[bytes, BaseGeometry]:
    """Make the coast file; also give the land of the near box as it is."""
    near = mend(land_in(lands, NEAR))
    around = land_in(lands, DELTA).difference(box(*NEAR))
    coarse = [
        part
        for part in polygons_of(around.simplify(DELTA_TOLERANCE_DEG))
        if part.area > DELTA_LEAST_AREA_DEG2
    ]
    body = collection(
        "© OpenStreetMap contributors, ODbL 1.0 (via geo-maps)",
        [
            feature(rounded(MultiPolygon(coarse), 3), part="delta"),
            feature(rounded(near, 4), part="near"),
        ],
    )
    return body, near


def make_districts(echarts: Any, land: BaseGeometry) -> bytes:
    """Make the districts file."""
    fitted = fit_to_coast(outlines(echarts), land)
    features = []
    for code in District:
        names = DISTRICT_NAMES[code]
        shape_of = rounded(fitted[code].simplify(0.0002), 4)
        words = {"en": names["en"], "tc": names["zh-Hant"], "sc": names["zh-Hans"]}
        features.append(feature(shape_of, code=code.value, **words))
    return collection(
        "Apache ECharts 4.9.0, Apache-2.0; coast © OpenStreetMap contributors, ODbL 1.0", features
    )


def main(directory: Path) -> None:
    """Write both files."""
    lands = read_member(directory, LANDS)["geometries"]
    coast, near = make_coast(lands)
    districts = make_districts(read_member(directory, ECHARTS), near)
    ASSETS.mkdir(parents=True, exist_ok=True)
    (ASSETS / "coast.json").write_bytes(coast)
    (ASSETS / "districts.json").write_bytes(districts)
    sizes = (len(coast), len(districts), len(list(polygons_of(shape(mapping(near))))))
    sys.stdout.write("coast {} bytes, districts {} bytes, {} near polygons\n".format(*sizes))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
