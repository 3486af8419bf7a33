"""Detectors, cameras and segments along the known roads: all invented, ids in a block of their own.

The places follow the hand-typed road lines of the reference table; nothing here stands where a
real detector or camera stands, and no id is one that the Transport Department has given.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from pyproj import Transformer

from cop.model.district import DISTRICT_NAMES, District
from cop.model.geometry import Position
from cop.model.site import Site
from cop.model.text import Lang, Text
from cop.reference.tables import default_sites
from cop.services.geography import district_at
from workers.simulate.weather import KM_PER_DEG_LAT, KM_PER_DEG_LON, Numbers, place_of, rows

SPACING_KM: Final = 0.8
SEGMENT_KM: Final = 1.1
CAMERA_EVERY: Final = 2
FAST: Final = re.compile(r"highway|bypass|corridor|bridge|link|expressway")
MIDDLING: Final = re.compile(
    r"tunnel|crossing|tuen-mun-road|sha-tin-road|tsuen-wan-road|lung-cheung"
)
COMPASS: Final = (
    "North", "North East", "East", "South East", "South", "South West", "West", "North West",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a road.

    Attributes:
        bearing_deg: the way the road runs there.
        near: the nearest landmark.
    """

    road: Site
    place: Position
    bearing_deg: float
    limit_kmh: int
    near: Text
    district: District | None


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector that looks at one direction of a road."""

    id: str
    spot: Spot
    bearing_deg: float
    lanes: int

    @property
    def direction(self) -> str:
        """The way its traffic goes, in the publisher's words."""
        return COMPASS[round(self.bearing_deg / 45) % 8]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of road with a number."""

    id: int
    road: Site
    line: tuple[Position, ...]
    limit_kmh: int

    @property
    def middle(self) -> Position:
        """A place about half way along."""
        return self.line[len(self.line) // 2]


def km_between(one: Position, other: Position) -> float:
    """Give the distance of two places hereabouts."""
    east = (one[0] - other[0]) * KM_PER_DEG_LON
    north = (one[1] - other[1]) * KM_PER_DEG_LAT
    return math.hypot(east, north)


def limit_of(road: Site) -> int:
    """Give the speed limit of a road in km/h, by its name."""
    if FAST.search(road.key):
        return 80
    return 70 if MIDDLING.search(road.key) else 50


@cache
def roads() -> tuple[Site, ...]:
    """Give the roads that are single lines."""
    return tuple(road for road in default_sites("roads") if road.geometry.type == "LineString")


@cache
def _landmarks() -> tuple[tuple[Site, ...], Numbers]:
    sites = tuple(s for s in default_sites("landmarks") if s.geometry.type == "Point")
    return sites, rows([place_of(site) for site in sites])


def nearest_landmark(place: Position) -> Text:
    """Give the name of the nearest landmark."""
    sites, places = _landmarks()
    if not sites:
        return {"en": "", "zh-Hant": "", "zh-Hans": ""}
    apart = (places - np.array(place)) * (KM_PER_DEG_LON, KM_PER_DEG_LAT)
    return sites[int((apart**2).sum(axis=1).argmin())].name


def _along(road: Site, spacing_km: float) -> list[tuple[Position, float]]:
    """Give places every *spacing_km* along a road, each with the bearing of the road there."""
    line = road.geometry.coordinates if road.geometry.type == "LineString" else ()
    found: list[tuple[Position, float]] = []
    due = spacing_km / 2
    for start, end in pairwise(line):
        length = km_between(start, end)
        east = (end[0] - start[0]) * KM_PER_DEG_LON
        north = (end[1] - start[1]) * KM_PER_DEG_LAT
        bearing = math.degrees(math.atan2(east, north)) % 360
        while due <= length and length > 0:
            share = due / length
            lon = start[0] + (end[0] - start[0]) * share
            lat = start[1] + (end[1] - start[1]) * share
            found.append(((round(lon, 5), round(lat, 5)), bearing))
            due += spacing_km
        due -= length
    return found


@cache
def spots() -> tuple[Spot, ...]:
    """Give the places along the roads where something stands."""
    return tuple(
        Spot(road, place, bearing, limit_of(road), nearest_landmark(place), district_at(*place))
        for road in roads()
        for place, bearing in _along(road, SPACING_KM)
    )


@cache
def detectors() -> tuple[Detector, ...]:
    """Give two detectors for each place on a faster road, one for each direction."""
    found: list[Detector] = []
    for number, spot in enumerate(spots()):
        if spot.limit_kmh < 70 and number % 4:
            continue
        prefix = "AID" if spot.limit_kmh >= 70 else "TDS"
        lanes = 3 if spot.limit_kmh >= 80 else 2
        for turn in (0, 180):
            identity = f"{prefix}{90001 + len(found)}"
            found.append(Detector(identity, spot, (spot.bearing_deg + turn) % 360, lanes))
    return tuple(found)


@cache
def camera_spots() -> tuple[tuple[str, Spot], ...]:
    """Give the cameras: a key and a place each."""
    letters = {"CW": "H", "EST": "H", "STH": "H", "WCH": "H", "KC": "K", "KT": "K", "SSP": "K"}
    letters |= {"WTS": "K", "YTM": "K"}
    return tuple(
        (f"{letters.get(spot.district.value, 'N') if spot.district else 'N'}{9000 + number}F", spot)
        for number, spot in enumerate(spots()[::CAMERA_EVERY], start=1)
    )


@cache
def segments() -> tuple[Segment, ...]:
    """Cut the roads into numbered pieces."""
    found: list[Segment] = []
    for road in roads():
        places = [place for place, _ in _along(road, SEGMENT_KM / 3)]
        for at in range(0, len(places) - 1, 3):
            line = tuple(places[at : at + 4])
            if len(line) >= 2:
                found.append(Segment(900_001 + len(found), road, line, limit_of(road)))
    return tuple(found)


@cache
def _grid() -> Transformer:
    return Transformer.from_crs(4326, 2326, always_xy=True)


def to_grid(place: Position) -> tuple[float, float]:
    """Give easting and northing of the Hong Kong 1980 Grid, in metres."""
    east, north = _grid().transform(*place)
    return round(east, 2), round(north, 2)


def district_name(district: District | None, lang: Lang = "en") -> str:
    """Give a district's name, "" where there is none."""
    return DISTRICT_NAMES[district][lang] if district else ""
