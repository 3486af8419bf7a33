"""Places given by numbers: degrees, the Hong Kong 1980 Grid, and UTM grid references.

Grid references on Hong Kong maps are those of MGRS without its zone, for example `KK 083 691`.
Of each 100 km square that has those letters only one lies near Hong Kong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from pyproj import Transformer

from cop.model.geometry import BBox, Position, inside

REGION: Final[BBox] = (111.0, 20.0, 117.0, 25.0)
"""West, south, east, north of where a grid reference without a zone is looked for."""

_GRID_BOX: Final = (795_000.0, 795_000.0, 870_000.0, 850_000.0)
"""Least easting and northing, most easting and northing of the Hong Kong 1980 Grid, metres."""

_HK1980: Final = 2326
_UTM: Final = {49: 32649, 50: 32650}
_COLUMNS: Final = {1: "ABCDEFGH", 2: "JKLMNPQR", 0: "STUVWXYZ"}
_ROWS: Final = "ABCDEFGHJKLMNPQRSTUV"
_LEAST_NORTHING: Final = 1_700_000  # of the band Q, which Hong Kong lies in
_DEGREE_M: Final = 111_000.0

_NUMBER: Final = r"[-+]?\d{1,3}(?:\.\d{1,12})?"
_DEGREES: Final = re.compile(
    rf"(?P<one>{_NUMBER})\s*°?\s*(?P<side>[NSEW]?)\s*[,;\s]\s*"
    rf"(?P<two>{_NUMBER})\s*°?\s*(?P<other>[NSEW]?)"
)
_ARC: Final = r"(\d{1,3})\s*[°º]\s*(\d{1,2})\s*['’′]\s*(?:(\d{1,2}(?:\.\d{1,6})?)\s*[\"”″]\s*)?"
_SEXAGESIMAL: Final = re.compile(rf"{_ARC}([NSEW])\s*,?\s*{_ARC}([NSEW])")
_METRES: Final = re.compile(
    r"(?P<axis>[EN]?)\s*(?P<one>\d{6}(?:\.\d{1,3})?)\s*(?:M\s*)?(?P<side>[EN]?)\s*[,;\s]\s*"
    r"(?P<last>[EN]?)\s*(?P<two>\d{6}(?:\.\d{1,3})?)\s*(?:M\s*)?(?P<other>[EN]?)"
)
_REFERENCE: Final = re.compile(
    r"(?:(?P<zone>49|50)\s*Q\s*)?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])\s*(?P<figures>\d[\d\s]*\d)"
)

What = Literal["coordinates", "grid"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was given by numbers.

    Attributes:
        at: longitude and latitude, WGS84.
        precision_m: how far off it may be, from the number of figures.
        what: in degrees, or by a grid.
        title: the reference as it is usually written.
    """

    at: Position
    precision_m: float
    what: What
    title: str


def read_reference(words: str) -> list[Spot]:
    """Read *words* as a place given by numbers; [] where they are none, several in doubt."""
    plain = " ".join(words.split()).upper()  # rows of blanks would be tried in every division
    readings = (_read_degrees, _read_arcs, _read_hk1980, _read_utm)
    return next((found for read in readings if (found := list(read(plain)))), [])


def _read_degrees(words: str) -> Iterator[Spot]:
    found = _DEGREES.fullmatch(words)
    if found is None:
        return
    one, two = float(found["one"]), float(found["two"])
    sides = found["side"] + found["other"]
    if not sides:  # the larger stands for the longitude, unless both could be a latitude
        sides = "EN" if abs(one) > 90 else "NE"
    figures = min(len(found[name].partition(".")[2]) for name in ("one", "two"))
    yield from _from_degrees(((one, sides[:1]), (two, sides[1:])), _DEGREE_M / 10**figures)


def _read_arcs(words: str) -> Iterator[Spot]:
    found = _SEXAGESIMAL.fullmatch(words)
    if found is None:
        return
    parts = found.groups()
    angles = [
        (float(d) + float(m) / 60 + float(s or 0) / 3600, side)
        for d, m, s, side in (parts[:4], parts[4:])
    ]
    precision = _DEGREE_M / (3600 if parts[2] and parts[6] else 60)
    yield from _from_degrees((angles[0], angles[1]), precision)


def _from_degrees(
    angles: tuple[tuple[float, str], tuple[float, str]], precision: float
) -> Iterator[Spot]:
    """Give the place of two *angles*, each with the side of the earth that it counts towards."""
    signed = {side: -angle if side in "SW" else angle for angle, side in angles}
    lon = next((signed[side] for side in "EW" if side in signed), None)
    lat = next((signed[side] for side in "NS" if side in signed), None)
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        return
    precision = max(1.0, precision)
    yield Spot((lon, lat), round(precision, 1), "coordinates", f"{lat:.5f}, {lon:.5f}")


def _read_hk1980(words: str) -> Iterator[Spot]:
    found = _METRES.fullmatch(words)
    if found is None:
        return
    axes = (found["axis"] or found["side"], found["last"] or found["other"])
    east, north = float(found["one"]), float(found["two"])
    if axes in {("N", "E"), ("N", ""), ("", "E")}:
        east, north = north, east
    elif axes in {("E", "E"), ("N", "N")}:
        return
    if inside((east, north), _GRID_BOX):
        at = _to_degrees(_HK1980).transform(east, north)
        yield Spot(_rounded(at), 1.0, "grid", f"HK1980 E{east:.0f} N{north:.0f}")


def _read_utm(words: str) -> Iterator[Spot]:
    found = _REFERENCE.fullmatch(words)
    figures = found["figures"].split() if found else []
    if found is None or len(figures) > 2:
        return
    if len(figures) == 1 and len(figures[0]) % 2 == 0:
        half = len(figures[0]) // 2
        figures = [figures[0][:half], figures[0][half:]]
    if len(figures) != 2 or len(figures[0]) != len(figures[1]) or not 2 <= len(figures[0]) <= 5:
        return
    side = 10 ** (5 - len(figures[0]))
    for zone in [int(found["zone"])] if found["zone"] else sorted(_UTM):
        corner = _corner(zone, found["square"])
        if corner is None:
            continue
        east, north = (
            start + int(part) * side + side / 2 for start, part in zip(corner, figures, strict=True)
        )
        at = _rounded(_to_degrees(_UTM[zone]).transform(east, north))
        if inside(at, REGION) and _zone_at(at) == zone:
            title = f"{zone}Q {found['square']} {figures[0]} {figures[1]}"
            yield Spot(at, float(side), "grid", title)


def _corner(zone: int, square: str) -> tuple[float, float] | None:
    """Give the south-west corner of a 100 km square, metres in *zone*; None: it has no such one."""
    column = _COLUMNS[zone % 3].find(square[0])
    if column < 0:
        return None
    row = _ROWS.index(square[1]) - (5 if zone % 2 == 0 else 0)
    north = row % 20 * 100_000
    while north < _LEAST_NORTHING:
        north += 2_000_000
    return (column + 1) * 100_000.0, float(north)


def _zone_at(at: Position) -> int:
    """Tell the UTM zone of a place; its squares are not numbered on in the next."""
    return int((at[0] + 180) // 6) + 1


def _rounded(at: tuple[float, float]) -> Position:
    return (round(at[0], 6), round(at[1], 6))


@cache
def _to_degrees(crs: int) -> Transformer:
    """Give what makes WGS84 degrees of the metres of a projected system, by its EPSG code."""
    return Transformer.from_crs(crs, 4326, always_xy=True)
