"""Places for road news: from the names of roads and landmarks to a point, or honestly to none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from cop.formats.roads import Stretch, read_site
from cop.model.district import District
from cop.model.entity import Placing
from cop.model.geometry import HONG_KONG_BBOX, Geometry, LineString, Point, Position, inside, point
from cop.model.site import Site, Table
from cop.model.text import Text

GIVEN_M: Final = 50.0
"""How far off the publisher's own coordinates may be, metres."""

NEAR_M: Final = 200.0
"""How far from a landmark "near" may be, metres; found by trying it on the names of detectors."""

_ON_ROAD_M: Final = 1000.0  # a landmark nearer than this to the road is the one that is meant
_ONE_PLACE_M: Final = 600.0  # candidates within this distance of each other are one place
_CROSSING_M: Final = 250.0  # two roads nearer than this cross
_LON_M: Final = 102_900.0  # metres in a degree at 22.35 N
_LAT_M: Final = 110_750.0

_SHORT: Final[Mapping[str, str]] = {
    "rd": "road",
    "st": "street",
    "ave": "avenue",
    "hwy": "highway",
    "kln": "kowloon",
    "stn": "station",
    "bldg": "building",
    "saint": "st",
    "shatin": "sha tin",
    "bypass": "by pass",
}
_IDLE: Final = frozenset({"the", "of", "and", "at", "in", "hongkong"})
_TOKEN: Final = re.compile(r"[a-z0-9]+")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_SIDE_OF: Final = re.compile(r"^(?:exit|entrance|toll plaza|junction)\s+(?:to|from|of|with)\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, and how that is known.

    Attributes:
        geometry: WGS84; None when it could not be placed.
        placing: by what it was placed.
        precision_m: how far off the geometry may be.
        district: the district, when the publisher or the matched site names it.
    """

    geometry: Geometry | None = None
    placing: Placing = Placing.UNPLACED
    precision_m: float | None = None
    district: District | None = None


@dataclass(frozen=True, slots=True)
class _Spot:
    """A named place: where, how exactly, and on which road if that is known."""

    at: Position
    precision_m: float
    roads: frozenset[str] = frozenset()
    district: District | None = None


@lru_cache(maxsize=30_000)  # the same thousand names come with every poll
def fold(name: str) -> str:
    """Reduce *name* to what all spellings of it share; "" when nothing is left."""
    if _HAN.search(name):
        plain = re.sub(r"[\s\W_]+", "", name)
        return re.sub("^港[鐵铁]|[站段]$", "", plain) or plain
    words = name.lower().replace("'", "").replace("’", "").replace("&", " and ")
    words = _SIDE_OF.sub("", words).replace("hong kong", "hongkong")
    tokens = _TOKEN.findall(words)
    tokens = " ".join(_SHORT.get(t, t) if n else t for n, t in enumerate(tokens)).split()
    kept = [t for t in tokens if t not in _IDLE]
    if "mtr" in kept:
        kept = [t for t in kept if t not in {"mtr", "station"}] + ["station"]
    return " ".join(kept or tokens)


def distance_m(one: Position, other: Position) -> float:
    """Give the distance between two places in Hong Kong, metres."""
    return math.hypot((one[0] - other[0]) * _LON_M, (one[1] - other[1]) * _LAT_M)


def _nearest_on(line: tuple[Position, ...], at: Position) -> Position:
    best = line[0]
    for start, end in pairwise(line):
        dx, dy = (end[0] - start[0]) * _LON_M, (end[1] - start[1]) * _LAT_M
        px, py = (at[0] - start[0]) * _LON_M, (at[1] - start[1]) * _LAT_M
        length = dx * dx + dy * dy
        share = min(1.0, max(0.0, (px * dx + py * dy) / length)) if length else 0.0
        spot = (
            start[0] + share * (end[0] - start[0]),
            start[1] + share * (end[1] - start[1]),
        )
        if distance_m(spot, at) < distance_m(best, at):
            best = spot
    return best


def _halfway(line: tuple[Position, ...]) -> Position:
    """Give the place halfway along *line*."""
    lengths = [distance_m(a, b) for a, b in pairwise(line)]
    left = sum(lengths) / 2
    for length, start, end in zip(lengths, line, line[1:], strict=False):
        if left <= length and length > 0:
            share = left / length
            return (
                start[0] + share * (end[0] - start[0]),
                start[1] + share * (end[1] - start[1]),
            )
        left -= length
    return line[0]


def _middle(spots: Iterable[Position]) -> Position:
    lons, lats = zip(*spots, strict=True)
    return (sum(lons) / len(lons), sum(lats) / len(lats))


def _sites(table: Table) -> list[Site]:
    return list({id(site): site for site in table.values()}.values())


def _stretch(site: Site) -> Stretch:
    """Give the road and landmark of *site*, as its table has them, else from its name."""
    if "road" not in site.words:
        return read_site(site.name)
    return Stretch(road=site.words["road"], near=site.words.get("near", {}))


def _names(site: Site) -> set[str]:
    return {fold(words) for words in (*site.name.values(), *site.aliases)} - {""}


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of roads and landmarks, folded, and where they are.

    Attributes:
        lines: folded road name to its line.
        spots: folded landmark name to the places that bear it.
        along: folded road name to the known places on it.
    """

    lines: Mapping[str, tuple[Position, ...]] = field(default_factory=dict)
    spots: Mapping[str, tuple[_Spot, ...]] = field(default_factory=dict)
    along: Mapping[str, tuple[_Spot, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, *, roads: Table, landmarks: Table, points: Iterable[Table] = ()) -> Gazetteer:
        """Make one from lines of *roads*, *landmarks*, and *points* named `Road near Landmark`."""
        lines: dict[str, tuple[Position, ...]] = {}
        spots: dict[str, list[_Spot]] = {}
        along: dict[str, list[_Spot]] = {}
        for site in _sites(roads):
            if isinstance(site.geometry, LineString):
                lines.update(dict.fromkeys(_names(site), site.geometry.coordinates))
        for site in _sites(landmarks):
            if isinstance(site.geometry, Point):
                spot = _Spot(site.geometry.coordinates, site.precision_m or 300.0)
                for name in _names(site):
                    spots.setdefault(name, []).append(spot)
        for site in (site for table in points for site in _sites(table)):
            if not isinstance(site.geometry, Point):
                continue
            stretch = _stretch(site)
            names = frozenset(fold(words) for words in stretch.road.values())
            spot = _Spot(site.geometry.coordinates, 200.0, names, site.district)
            for name in names:
                along.setdefault(name, []).append(spot)
            for words in stretch.near.values():
                spots.setdefault(fold(words), []).append(spot)
        return cls(
            lines,
            {name: tuple(found) for name, found in spots.items() if name},
            {name: tuple(found) for name, found in along.items() if name},
        )

    def _line(self, road: Text) -> tuple[Position, ...] | None:
        return next((self.lines[n] for n in map(fold, road.values()) if n in self.lines), None)

    def _find(self, name: Text, road: Text) -> _Spot | None:
        """Find the one place called *name*, on *road* if that is given; None when in doubt."""
        roads = {fold(words) for words in road.values()}
        line = self._line(road)
        candidates: list[_Spot] = []
        for words in map(fold, name.values()):
            candidates = list(self.spots.get(words, ())) or list(
                self.spots.get(f"{words} station", ())
            )
            if candidates:
                break
        on_road = [spot for spot in candidates if spot.roads & roads]
        if not on_road and line:
            on_road = [
                s for s in candidates if distance_m(_nearest_on(line, s.at), s.at) <= _ON_ROAD_M
            ]
        is_road = any(n in self.lines or n in self.along for n in map(fold, name.values()))
        chosen = on_road or ([] if line or is_road else candidates)
        crossing = None if chosen else self._crossing(name, line)
        if crossing is not None:
            return _Spot(crossing, 150.0)
        return _agree(chosen, line)

    def _crossing(self, name: Text, line: tuple[Position, ...] | None) -> Position | None:
        other = self._line(name)
        if line is None or other is None or other == line:
            return None
        pairs = [(at, _nearest_on(other, at)) for at in _every(line, 50.0)]
        at, across = min(pairs, key=lambda pair: distance_m(*pair))
        return at if distance_m(at, across) <= _CROSSING_M else None

    def _on_road(self, road: Text, district: District | None) -> Place:
        line = self._line(road)
        if line is not None:
            middle = _halfway(line)
            reach = max(distance_m(middle, at) for at in line)
            return Place(point(*middle), Placing.ROAD, float(round(reach + 150)), district)
        known = next((self.along[n] for n in map(fold, road.values()) if n in self.along), ())
        if not known:
            placing = Placing.DISTRICT if district else Placing.UNPLACED
            return Place(placing=placing, district=district)
        middle = min(
            (spot.at for spot in known), key=lambda at: distance_m(at, _middle(s.at for s in known))
        )
        reach = max(distance_m(middle, spot.at) for spot in known)
        return Place(point(*middle), Placing.ROAD, float(round(max(1000.0, reach + 500))), district)

    def place(
        self,
        stretch: Stretch,
        *,
        given: Position | None = None,
        district: District | None = None,
    ) -> Place:
        """Place *stretch*: by *given* coordinates, landmarks, crossing, road, or only district.

        Coordinates outside Hong Kong count as none. A name that means places far from each other,
        and a landmark far from the road, are not used: nothing is guessed.
        """
        if given is not None and inside(given, HONG_KONG_BBOX):
            return Place(point(*given), Placing.GIVEN, GIVEN_M, district)
        near = self._find(stretch.near, stretch.road) if stretch.near else None
        ends = [found for end in stretch.ends if end and (found := self._find(end, stretch.road))]
        if near is None and len(ends) == 2:
            near = self._between(ends[0], ends[1], self._line(stretch.road))
        elif near is None and ends:
            near = _Spot(ends[0].at, ends[0].precision_m + 500, frozenset(), ends[0].district)
        if near is not None:
            return Place(
                point(*near.at),
                Placing.LANDMARK,
                float(round(near.precision_m + NEAR_M)),
                district or near.district,
            )
        return self._on_road(stretch.road, district)

    @staticmethod
    def _between(one: _Spot, other: _Spot, line: tuple[Position, ...] | None) -> _Spot:
        middle = _middle((one.at, other.at))
        apart = distance_m(one.at, other.at)
        on_line = _nearest_on(line, middle) if line else middle
        at = on_line if distance_m(on_line, middle) <= max(_ON_ROAD_M, apart / 2) else middle
        return _Spot(at, apart / 2 + 100)


def _every(line: tuple[Position, ...], step_m: float) -> Iterable[Position]:
    """Walk along *line* in steps of about *step_m* metres."""
    for start, end in pairwise(line):
        steps = max(1, round(distance_m(start, end) / step_m))
        for n in range(steps):
            share = n / steps
            yield (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    yield line[-1]


def _agree(spots: list[_Spot], line: tuple[Position, ...] | None) -> _Spot | None:
    """Give the one place that all *spots* mean, drawn to the road; None when they differ."""
    if not spots:
        return None
    middle = _middle(spot.at for spot in spots)
    spread = max(distance_m(middle, spot.at) for spot in spots)
    if spread > _ONE_PLACE_M:
        return None
    precision = max(spread, min(spot.precision_m for spot in spots))
    drawn = _nearest_on(line, middle) if line else middle
    if (aside := distance_m(drawn, middle)) <= _ON_ROAD_M:
        middle, precision = drawn, max(precision, aside)
    district = next((spot.district for spot in spots if spot.district), None)
    return _Spot(middle, precision, frozenset(), district)
