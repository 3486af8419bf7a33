"""Where an alert holds: its polygons and circles, else what its geocodes stand for.

Codes of areas of the Mainland (GB/T 2260) and of Hong Kong's 18 districts are known; a code of any
other scheme is left alone, however much it looks like one of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import shapely
from shapely.geometry import mapping, shape

from cop.formats.adcode import REGION, find_area
from cop.formats.cap import CapArea
from cop.formats.cap_shapes import rolled, unrolled
from cop.formats.circle import circle
from cop.model.district import District, find_district
from cop.model.entity import Placing
from cop.model.geometry import Geometry, MultiPoint, MultiPolygon, Point, Polygon, Position
from cop.model.site import Site, Table

Scheme = Literal["adcode", "district", "none"]
"""What the codes of one valueName are."""

MOST_CORNERS: Final = 2_000
"""Of one alert on the map; an area of more is simplified, and says by how much."""

_MOST_CODES: Final = 500
"""Of one geocode."""

_MOST_READ: Final = 50_000
_MOST_PARTS: Final = 2_000
_MOST_CROSSING: Final = 400
"""Beyond these an area costs more than it tells: corners, parts, corners of those that cross."""

DISTRICT_PRECISION_M: Final = 100.0

_METRES_IN_DEGREE: Final = 111_000.0
_SPLIT: Final = re.compile(r"[\s,;|]+")
_ADCODE: Final = re.compile(r"(?:[1-6][1-7]|71|81|82)\d{4}(?:\d{2}|\d{3}|\d{6})?")
"""Of a county or larger, six digits; of a town eight or nine, of a village twelve."""

_FOREIGN: Final = re.compile(
    r"fips|same|ugc|emma|nuts|warncell|cap-?cp|capan|hasc|clc|sgc|zip|post|sidra|geonames"
    r"|taiwan|psgc|ibge|istat|insee|tis-?1099|\bbps\b|\babs|\bars\b|\bshn\b",
    re.IGNORECASE,
)
_MAINLAND: Final = re.compile(
    r"adcode|area ?code|2260|行政|区划|區劃|\bebms\b|12379", re.IGNORECASE
)
_DISTRICTS: Final = re.compile(r"district|\bhk|hong ?kong|\bhad\b|[區区]", re.IGNORECASE)
_ISO: Final[Mapping[str, str]] = {
    "CN-44": "440000",
    "CN-GD": "440000",
    "HK": "810000",
    "HKG": "810000",
    "CN-HK": "810000",
    "CN-91": "810000",
    "MO": "820000",
    "MAC": "820000",
    "CN-MO": "820000",
    "CN-92": "820000",
}
_HONG_KONG: Final = (
    *("CW", "WCH", "EST", "STH", "YTM", "SSP", "KC", "WTS", "KT", "TW", "TM", "YL", "NTH"),
    *("TP", "SK", "ST", "KWT", "ISL"),
)
"""The districts of 810001 to 810018, as Chinese map services number them; no standard does."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as an alert gives it.

    Attributes:
        geometry: None where there is none.
        placing: how it is known.
        precision_m: how far off it may be; None: as far as its publisher says.
        defects: what had to be mended.
        district: the one district that it is, where a code says so.
    """

    geometry: Geometry | None = None
    placing: Placing = Placing.UNPLACED
    precision_m: float | None = None
    defects: tuple[str, ...] = ()
    district: District | None = None


@dataclass(frozen=True, slots=True)
class Geocodes:
    """The areas that codes stand for.

    Attributes:
        areas: the table `adcode_areas`.
        outline_of: gives the outline of a district of Hong Kong.
        schemes: valueName, in lower case, to what its codes are, where a source says so.
    """

    areas: Table = field(default_factory=dict)
    outline_of: Callable[[District], Geometry] | None = None
    schemes: Mapping[str, Scheme] = field(default_factory=dict)

    def adcodes(self, name: str, value: str) -> tuple[str, ...]:
        """Give the codes of GB/T 2260, six digits each, in one geocode; () in another scheme."""
        scheme = self._scheme(name)
        found = []
        for word in _SPLIT.split(value.strip(), _MOST_CODES)[:_MOST_CODES]:
            code = _ISO.get(word.upper(), "") if "iso" in name.lower() and not scheme else word
            foreign = scheme in {"none", "district"} or (not scheme and _FOREIGN.search(name))
            if _ADCODE.fullmatch(code) and not foreign:
                found.append(code[:6])
        return tuple(found)

    def find(self, name: str, value: str) -> tuple[Site | District, ...]:
        """Give what one geocode stands for; () where it is of no scheme that is known."""
        found: list[Site | District] = []
        for code in self.adcodes(name, value):
            area = self._area_of(code)
            if area is not None:
                found.append(area)
        scheme = self._scheme(name)
        if not found and (scheme == "district" or (not scheme and _DISTRICTS.search(name))):
            words = re.split(r"[,;|]+", value, maxsplit=_MOST_CODES)[:_MOST_CODES]
            named = [find_district(part) for part in words]
            found += [one for one in named if one is not None and self.outline_of is not None]
        return tuple(found)

    def unknown(self, name: str, value: str) -> tuple[str, ...]:
        """Give the codes of GB/T 2260 in one geocode that stand for nothing in the table.

        Where neither the name nor the source says that they are such, only those of the region.
        """
        sure = self._scheme(name) == "adcode" or _MAINLAND.search(name)
        return tuple(
            code
            for code in self.adcodes(name, value)
            if (sure or code[:2] in REGION) and self._area_of(code) is None
        )

    def _area_of(self, code: str) -> Site | District | None:
        district = _district_of(code)
        if district is not None and self.outline_of is not None:
            return district
        return find_area(self.areas, code) if code[:2] in REGION else None

    def _scheme(self, name: str) -> Scheme | None:
        return self.schemes.get(name.strip().lower())


def _district_of(code: str) -> District | None:
    number = int(code[2:]) if code.startswith("8100") else 0
    return District(_HONG_KONG[number - 1]) if 0 < number <= len(_HONG_KONG) else None


def place_of(areas: Iterable[CapArea], codes: Geocodes) -> Place:
    """Give the place of *areas* together; each counts once, however many languages repeat it.

    Of an area that has polygons or circles its codes are not looked at. Points (circles without a
    radius) count only where there is nothing else.
    """
    areas = tuple(areas)
    rings: dict[tuple[Position, ...], None] = {}
    coded: dict[str, tuple[Any, Placing, float]] = {}
    points: dict[Position, None] = {}
    unknown: dict[str, None] = {}
    for area in areas:
        rings.update(dict.fromkeys(area.polygons))
        rings.update((circle(centre, km), None) for centre, km in area.circles)
        points.update(dict.fromkeys(area.points))
        if not area.polygons and not area.circles:
            for name, value in area.geocodes:
                coded.update(_outlines(codes, name, value))
                unknown.update(dict.fromkeys(codes.unknown(name, value)))
    defects = [f"geocode: no area is known for {', '.join(unknown)}"] if unknown else []
    if not rings and not coded:
        return _points(tuple(points), tuple(defects))
    parts = [shapely.Polygon(unrolled(ring)) for ring in rings]
    if sum(map(len, rings)) > _MOST_READ:
        defects.append(f"polygon: more than {_MOST_READ:,} corners; each is its box")
        parts = [part.envelope for part in parts]
    if len(parts) > _MOST_PARTS:
        defects.append(f"polygon: more than {_MOST_PARTS:,}; all are the outline around them")
        parts = [shapely.MultiPoint(shapely.get_coordinates(parts)).convex_hull]
    if not all(part.is_valid for part in parts):
        defects.append("polygon: it crosses itself; mended")
    few = sum(shapely.get_num_coordinates(p) for p in parts if not p.is_valid) <= _MOST_CROSSING
    shapes = [part if part.is_valid else _valid(part, few=few) for part in parts]
    drawn = [piece for one in shapes for piece in rolled(one)]
    geometry, apart_m = _simplified([*drawn, *(shape(one[0]) for one in coded.values())])
    if geometry is None:
        return Place(defects=(*defects, "polygon: it has no area"))
    if apart_m:
        defects.append(f"polygon: simplified to {MOST_CORNERS} corners, {apart_m:.0f} m off")
    precisions = [one[2] for one in coded.values()] + ([apart_m] if apart_m else [])
    return Place(
        geometry,
        _worst(one[1] for one in coded.values()),
        max(precisions, default=None),
        tuple(defects),
        _only_district(coded) if not rings else None,
    )


def place_or(default: Place | None, areas: Sequence[CapArea], codes: Geocodes) -> Place:
    """Give the place of *areas*; *default* where neither a shape nor a code says any."""
    place = place_of(areas, codes)
    coded = any(codes.adcodes(*code) for area in areas for code in area.geocodes)
    if place.geometry is not None or coded or default is None:
        return place
    said = "area: no shape is given; the usual area of its source stands in"
    return replace(default, defects=(*place.defects, said))


def _valid(part: Any, *, few: bool) -> Any:
    """Give *part*, which crosses itself, without that; where corners are not *few*, its outline."""
    return shapely.make_valid(part) if few else part.convex_hull


def _only_district(coded: Mapping[str, object]) -> District | None:
    name = next(iter(coded)) if len(coded) == 1 else ""
    return District(name) if name in set(District) else None


def _outlines(codes: Geocodes, name: str, value: str) -> dict[str, tuple[Any, Placing, float]]:
    found: dict[str, tuple[Any, Placing, float]] = {}
    for one in codes.find(name, value):
        if isinstance(one, Site):
            geometry = one.geometry.model_dump()
            found[one.key] = (geometry, Placing.REGION, one.precision_m or 0.0)
        elif codes.outline_of is not None:
            geometry = codes.outline_of(one).model_dump()
            found[one.value] = (geometry, Placing.DISTRICT, DISTRICT_PRECISION_M)
    return found


def _worst(placings: Iterable[Placing]) -> Placing:
    order = list(Placing)
    return max(placings, key=order.index, default=Placing.GIVEN)


def _points(points: tuple[Position, ...], defects: tuple[str, ...]) -> Place:
    if not points:
        return Place(defects=defects)
    if len(points) == 1:
        geometry: Geometry = Point(type="Point", coordinates=points[0])
    else:
        geometry = MultiPoint(type="MultiPoint", coordinates=points)
    return Place(geometry, Placing.GIVEN, defects=defects)


def _simplified(shapes: list[Any]) -> tuple[Geometry | None, float]:
    """Put *shapes* into one area of at most `MOST_CORNERS`; give by how many metres it is off."""
    parts = [
        part
        for one in shapes
        for part in shapely.get_parts(shapely.get_parts(one))
        if part.geom_type == "Polygon" and part.area > 0
    ]
    if not parts:
        return None, 0.0
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    if not whole.is_valid:  # parts that overlap
        whole = shapely.unary_union(parts)
    simple, tolerance = whole, 0.0005
    if shapely.get_num_coordinates(whole) <= MOST_CORNERS:
        return _geometry(shapely.get_parts(whole)), 0.0
    while shapely.get_num_coordinates(simple) > MOST_CORNERS:
        simple = whole.simplify(tolerance)
        if tolerance > 0.01:  # many small parts: each is as good as its hull
            simple = simple.buffer(tolerance).simplify(tolerance)
        tolerance *= 1.6
    kept = [part for part in shapely.get_parts(simple) if part.area > 0]
    return _geometry(kept), tolerance * _METRES_IN_DEGREE


def _geometry(parts: Sequence[Any]) -> Geometry:
    if len(parts) == 1:
        return Polygon.model_validate(mapping(parts[0]))
    coordinates = tuple(mapping(part)["coordinates"] for part in parts)
    return MultiPolygon(type="MultiPolygon", coordinates=coordinates)
