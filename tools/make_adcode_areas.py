"""Make `cop/reference/tables/adcode_areas.json`: cities of Guangdong, Hong Kong, Macao as areas.

Run as `python -m tools.make_adcode_areas DIRECTORY`, where DIRECTORY holds the archive that
`npm pack echarts@4.9.0` leaves behind. Its outlines lie on the Chinese offset grid (GCJ-02): as
they come, those of Shenzhen cover 9 km² of Hong Kong, and half a square kilometre once they are
moved to WGS84. Names are those of the table `adcodes`.
"""

from __future__ import annotations

import math
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import shapely
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from cop.reference.tables import TABLES, default_sites
from tools.make_geo import decode_ring

ARCHIVE: Final = "echarts-4.9.0.tgz"
MAPS: Final = ("guangdong", "xianggang", "aomen")
MOST_CORNERS: Final = 60
LEAST_PART: Final = 0.01
"""Islands smaller than this share of the whole are left out."""

GRID_M: Final = 150.0
"""Off by the grid of 1/1024 degree, and what moving from one datum to the other leaves."""

METRES_IN_DEGREE: Final = 111_000.0
_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY: Final = 0.00669342162296594323


def to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Move a place from GCJ-02 to WGS84, good to a few metres."""
    x, y = lon, lat
    for _ in range(3):
        by_lon, by_lat = _offset(x, y)
        x, y = lon - by_lon, lat - by_lat
    return x, y


def _waves(x: float, *terms: tuple[float, float]) -> float:
    return sum(size * math.sin(x * math.pi / over) for size, over in terms) * 2 / 3


def _offset(lon: float, lat: float) -> tuple[float, float]:
    """Give by how much GCJ-02 moves the WGS84 place, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += _waves(x, (20, 1 / 6), (20, 1 / 2)) + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += _waves(x, (20, 1 / 6), (20, 1 / 2), (20, 1), (40, 3), (150, 12), (300, 30))
    flat = 1 - _ECCENTRICITY * math.sin(math.radians(lat)) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY) / (flat * math.sqrt(flat))
    parallel = _AXIS_M / math.sqrt(flat) * math.cos(math.radians(lat))
    return math.degrees(east / parallel), math.degrees(north / meridian)


def read_outlines(archive: Path) -> Iterator[tuple[str, BaseGeometry]]:
    """Give every outline of the archive by its code, in WGS84."""
    with tarfile.open(archive) as tar:
        for name in MAPS:
            member = tar.extractfile(f"package/map/json/province/{name}.json")
            if member is None:
                raise FileNotFoundError(name)
            for feature in orjson.loads(member.read())["features"]:
                yield str(feature["id"]), _outline(feature["geometry"])


def _outline(geometry: Any) -> BaseGeometry:
    parts, offsets = geometry["coordinates"], geometry["encodeOffsets"]
    if geometry["type"] == "Polygon":
        parts, offsets = [parts], [offsets]
    rings = [
        [to_wgs84(*place) for place in decode_ring(part[0], tuple(offset[0]))]
        for part, offset in zip(parts, offsets, strict=True)
    ]
    return unary_union([shapely.make_valid(Polygon(ring)) for ring in rings])


def simplify(outline: BaseGeometry) -> tuple[BaseGeometry, float]:
    """Give *outline* with few corners, and how far it then is from what it was, in metres."""
    parts = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    least = LEAST_PART * sum(part.area for part in parts)
    kept = unary_union([Polygon(part.exterior) for part in parts if part.area >= least])
    tolerance = 0.001
    simple = kept
    while shapely.get_num_coordinates(simple) > MOST_CORNERS:
        simple = kept.simplify(tolerance)
        tolerance *= 1.15
    rounded = shapely.set_precision(simple, 0.0001)
    apart = shapely.hausdorff_distance(rounded.boundary, kept.boundary)
    return rounded, float(round(apart * METRES_IN_DEGREE + GRID_M, -2))


def rows(archive: Path) -> Iterator[dict[str, Any]]:
    """Give the rows of the table, in the order of `adcodes`."""
    found = dict(read_outlines(archive))
    whole = {
        "440000": unary_union([shape for code, shape in found.items() if code[:2] == "44"]),
        "810000": unary_union([shape for code, shape in found.items() if code[:2] == "81"]),
        "820000": unary_union([shape for code, shape in found.items() if code[:2] == "82"]),
    }
    for site in default_sites("adcodes"):
        area, precision_m = simplify((found | whole)[site.key])
        geometry = orjson.loads(orjson.dumps(mapping(area)))
        yield {
            "key": site.key,
            "name": site.name,
            "geometry": geometry,
            "precision_m": precision_m,
        }


def main(directory: Path) -> None:
    """Write the table."""
    lines = [orjson.dumps(row).decode() for row in rows(directory / ARCHIVE)]
    body = "[\n  " + ",\n  ".join(lines) + "\n]\n"
    (TABLES / "adcode_areas.json").write_text(body, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
