"""Coordinate reference systems: by URI, axes as their authority orders them, boxes, output.

The picture is in CRS84 (WGS 84, longitude first). EPSG:4326 has latitude first and the Hong Kong
1980 Grid (EPSG:2326) northing first: so are their boxes read and their coordinates written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from cop.errors import Invalid
from cop.model.geometry import BBox

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_CODES: Final[Mapping[str, str]] = {
    CRS84: "OGC:CRS84",
    f"{_EPSG}4326": "EPSG:4326",
    f"{_EPSG}3857": "EPSG:3857",
    f"{_EPSG}2326": "EPSG:2326",
}
CRS: Final = tuple(_CODES)
"""Every system that is offered, by URI, the one of the picture first."""

_GEOGRAPHIC: Final = (CRS84, f"{_EPSG}4326")
_DEGREE_DECIMALS: Final = 7  # a centimetre
_METRE_DECIMALS: Final = 3
_EDGE_PARTS: Final = 64
"""A straight edge of a projected box is followed in so many steps."""
_FARTHEST_M: Final = 1e9
_ROUNDING_M: Final = 0.001
"""What is lost on the way to another system and back must not lose what lies on a box's edge."""
_ROUND_M: Final[Mapping[str, float]] = {f"{_EPSG}3857": 20_037_508.342_789_244}
"""Where a system comes round to the 180th meridian, east and west of its middle."""


def known(uri: str, parameter: str) -> str:
    """Give *uri* if it is one of `CRS`.

    Raises:
        Invalid: it is not; says which there are.
    """
    if uri not in _CODES:
        raise Invalid((parameter, f"no such system here: use one of {', '.join(CRS)}"))
    return uri


@lru_cache(maxsize=16)
def _transformer(origin: str, target: str) -> Transformer:
    """Give what carries coordinates over, axes on both sides as their authorities order them."""
    return Transformer.from_crs(_CODES[origin], _CODES[target], always_xy=False)


@dataclass(frozen=True, slots=True)
class Area:
    """Where a feature must be.

    Attributes:
        boxes: in CRS84: one, or two where the box spans the 180th meridian.
        shapes: of each box its exact shape; None: the box itself.
    """

    boxes: tuple[BBox, ...]
    shapes: tuple[BaseGeometry | None, ...]

    def meets(self, box: BBox | None, geometry: Callable[[], Mapping[str, Any]]) -> bool:
        """Tell whether what has *box* around it meets it; what has no place always does.

        That is what Part 1 of the standard asks for. *geometry* is asked for only where the box
        does not tell.
        """
        if box is None:
            return True
        return any(
            boxes_meet(box, mine) and _shapes_meet(box, geometry, mine, shape)
            for mine, shape in zip(self.boxes, self.shapes, strict=True)
        )

    def shape(self) -> BaseGeometry:
        """Give it as one geometry in CRS84."""
        parts = [
            shapely.box(*box) if shape is None else shape
            for box, shape in zip(self.boxes, self.shapes, strict=True)
        ]
        return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def boxes_meet(one: BBox, two: BBox) -> bool:
    """Tell whether two boxes touch or overlap."""
    return one[0] <= two[2] and one[2] >= two[0] and one[1] <= two[3] and one[3] >= two[1]


def _shapes_meet(
    box: BBox,
    geometry: Callable[[], Mapping[str, Any]],
    mine: BBox,
    shape: BaseGeometry | None,
) -> bool:
    inside = mine[0] <= box[0] and mine[1] <= box[1] and mine[2] >= box[2] and mine[3] >= box[3]
    if shape is None and inside:
        return True
    around = shapely.box(*mine) if shape is None else shape
    if box[0] == box[2] and box[1] == box[3]:
        return bool(shapely.intersects_xy(around, box[0], box[1]))
    try:
        return bool(shapely.intersects(around, shapely.geometry.shape(geometry())))
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return True  # the boxes meet, and no more can be said of it


def read_number(words: str) -> float:
    """Read a number as programs write it; Python alone takes `1_0` and digits of other scripts.

    Raises:
        ValueError: it is none.
    """
    if not words.isascii() or "_" in words:
        raise ValueError("not a number")
    return float(words)


def parse_bbox(words: str, uri: str) -> Area:
    """Read the `bbox` parameter in the system *uri*: four numbers, or six with heights.

    Raises:
        Invalid: it is no box, or lies outside the system.
    """
    try:
        numbers = [read_number(part) for part in words.split(",")]
    except ValueError:
        raise _wrong("give four numbers, or six with heights, with commas between them") from None
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise _wrong("give four finite numbers, or six with heights")
    half = len(numbers) // 2
    (first, second), (third, fourth) = numbers[:2], numbers[half : half + 2]
    if len(numbers) == 6 and numbers[2] > numbers[5]:
        raise _wrong("the lowest height is above the highest")
    if uri in _GEOGRAPHIC:
        if uri != CRS84:
            first, second, third, fourth = second, first, fourth, third
        return _geographic(first, second, third, fourth)
    if first > third or second > fourth:
        raise _wrong("the lower left corner is above or right of the upper right one")
    return _projected((first, second, third, fourth), uri)


def _geographic(west: float, south: float, east: float, north: float) -> Area:
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise _wrong(
            "longitudes are -180 to 180, latitudes -90 to 90, the lower latitude first"
            " (in EPSG:4326 latitude stands before longitude)"
        )
    if west <= east:
        return Area(((west, south, east, north),), (None,))
    return Area(((west, south, 180.0, north), (-180.0, south, east, north)), (None, None))


def _projected(box: BBox, uri: str) -> Area:
    outside = _wrong("it lies outside the system that bbox-crs names, or reaches too far for it")
    if max(map(abs, box)) > _FARTHEST_M:
        raise outside
    reach = _ROUND_M.get(uri, math.inf)
    first, third = max(box[0] - _ROUNDING_M, -reach), min(box[2] + _ROUNDING_M, reach)
    second, fourth = box[1] - _ROUNDING_M, box[3] + _ROUNDING_M
    if first > third:
        raise outside
    edges = shapely.box(first, second, third, fourth)
    edges = shapely.segmentize(edges, max(third - first, fourth - second) / _EDGE_PARTS)
    shape = to_crs84(edges, uri)
    if shape is None or np.abs(np.diff(shapely.get_coordinates(shape)[:, 0])).max() > 180.0:
        raise outside  # over a pole or the 180th meridian
    west, south, east, north = shape.bounds
    return Area(((west, south, east, north),), (shape,))


def to_crs84(geometry: BaseGeometry, uri: str) -> BaseGeometry | None:
    """Carry *geometry* from the system *uri* into CRS84; None where it lies outside of it."""
    if uri == CRS84:
        return geometry
    try:
        moved = shapely.transform(geometry, lambda at: _carry(at, uri, CRS84))
    except ProjError:
        return None
    places = shapely.get_coordinates(moved)
    inside = np.isfinite(places).all() and (np.abs(places) <= (180.0, 90.0)).all()
    return moved if inside else None


def _carry(places: np.ndarray[Any, Any], origin: str, target: str) -> np.ndarray[Any, Any]:
    first, second = _transformer(origin, target).transform(places[:, 0], places[:, 1])
    return np.column_stack((first, second))


def carry_out(geometries: Iterable[dict[str, Any] | None], uri: str) -> list[dict[str, Any] | None]:
    """Write GeoJSON *geometries* of the picture in the system *uri*, all in one go.

    What the system cannot hold has no geometry there.
    """
    given = list(geometries)
    if uri == CRS84:
        return given
    flat: list[tuple[float, float]] = []
    for geometry in given:
        _collect(None if geometry is None else geometry.get("coordinates"), flat)
    if not flat:
        return given
    decimals = _DEGREE_DECIMALS if uri in _GEOGRAPHIC else _METRE_DECIMALS
    moved = np.round(_carry(np.asarray(flat, dtype=float), CRS84, uri), decimals)
    places = iter(moved.tolist())
    return [None if one is None else _filled(one, places) for one in given]


def _collect(part: Any, flat: list[tuple[float, float]]) -> None:
    if not part:
        return
    if isinstance(part[0], (int, float)):
        flat.append((part[0], part[1]))
    else:
        for inner in part:
            _collect(inner, flat)


def _filled(geometry: Mapping[str, Any], places: Any) -> dict[str, Any] | None:
    whole = True

    def fill(part: Any) -> Any:
        nonlocal whole
        if part and isinstance(part[0], (int, float)):
            place = next(places)
            whole = whole and all(map(math.isfinite, place))
            return place
        return [fill(inner) for inner in part]

    coordinates = fill(geometry["coordinates"])
    return {**geometry, "coordinates": coordinates} if whole else None


def _wrong(what: str) -> Invalid:
    return Invalid(("bbox", what))
