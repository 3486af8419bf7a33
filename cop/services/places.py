"""Finding a place by what somebody types: numbers of a grid, or a name in any of the languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import orjson
from rapidfuzz import fuzz, process

from cop.formats.placing import Gazetteer, fold
from cop.formats.roads import Stretch
from cop.model.access import Audience
from cop.model.district import DISTRICT_NAMES
from cop.model.entity import Kind, Placing
from cop.model.geometry import Position, bbox, point
from cop.model.text import Text, text
from cop.reference.tables import default_sites
from cop.services.geography import middle_of_district
from cop.services.grid_reference import read_reference
from cop.services.picture import Picture

MOST: Final = 10
LONGEST: Final = 120
"""Characters of a question that are looked at."""

_LEAST_SCORE: Final = 70.0
_SPREAD: Final = 12.0
"""Names that fit worse than the best by more than this are noise."""
_KINDS: Final = frozenset({Kind.CAMERA, Kind.FACILITY})
_LANDMARKS: Final = ("landmarks", "community_halls", "ha_hospitals", "boundary_points")
_RANK: Final = ("district", "landmark", "facility", "road", "camera")
"""Of names that fit as well, which comes first."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place that was found.

    Attributes:
        title: its name, or the reference as it is usually written.
        at: longitude and latitude, WGS84.
        placing: how it is known.
        precision_m: how far off it may be; None where that is not known.
        what: `grid`, `coordinates`, `landmark`, `road`, `camera`, `facility` or `district`.
    """

    title: Text
    at: Position
    placing: Placing
    precision_m: float | None
    what: str

    def shown(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {
            "title": self.title,
            "geometry": point(*self.at).model_dump(mode="json"),
            "placing": self.placing.value,
            "precision_m": self.precision_m,
            "what": self.what,
        }


def find_places(words: str, picture: Picture | None, audience: Audience) -> list[Found]:
    """Find what *words* may mean, likeliest first, at most ten.

    Args:
        words: degrees, a grid reference, or a name or a part of one, in any spelling.
        picture: where cameras and facilities are looked for too; None where there is none yet.
        audience: who asks: nothing is found that they may not see.
    """
    asked = words.strip()[:LONGEST]
    spots = read_reference(asked)
    if spots:
        return [
            Found(
                {"en": spot.title, "zh-Hant": spot.title, "zh-Hans": spot.title},
                spot.at,
                Placing.GIVEN,
                spot.precision_m,
                spot.what,
            )
            for spot in spots
        ]
    folded = fold(asked)
    if not folded:
        return []
    names = dict(_known_names())
    if picture is not None:
        _, features = picture.select(audience, _KINDS, None)
        for found, spelled in filter(None, map(_of_feature, features)):
            for name in spelled:
                names.setdefault((name, found.what), found)
    return _best(folded, names)


_Names = Mapping[tuple[str, str], Found]
"""Folded name and what it is the name of, to the place."""


def _best(asked: str, names: _Names) -> list[Found]:
    """Give the places whose names are most like *asked*; a name that begins so goes first."""
    keys = list(names)
    scored = process.extract(
        asked,
        [name for name, _ in keys],
        scorer=fuzz.WRatio,
        score_cutoff=_LEAST_SCORE,
        limit=MOST * 5,
    )

    def order(match: tuple[str, float, int]) -> tuple[bool, bool, float, int, int, str]:
        name, score, index = match
        rank = _RANK.index(keys[index][1])
        return (name != asked, not name.startswith(asked), -score, rank, len(name), name)

    least = max((score for _, score, _ in scored), default=0.0) - _SPREAD
    likely = [m for m in scored if m[1] >= least or m[0].startswith(asked)]
    best: list[Found] = []
    for _, _, index in sorted(likely, key=order):
        found = names[keys[index]]
        if found not in best:
            best.append(found)
    return best[:MOST]


@cache
def _known_names() -> _Names:
    """Give the places that are always known, by every folded spelling."""
    names: dict[tuple[str, str], Found] = {}
    for found, spelled in (*_districts(), *_landmarks(), *_roads()):
        for name in spelled:
            names.setdefault((name, found.what), found)
    return names


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(name) for name in names) - {""}


def _districts() -> Iterator[tuple[Found, frozenset[str]]]:
    for code, names in DISTRICT_NAMES.items():
        at, reach = middle_of_district(code)
        whole = text(f"{names['en']} District", names["zh-Hant"], names["zh-Hans"])
        found = Found(whole, at, Placing.DISTRICT, reach, "district")
        yield found, _folded((*names.values(), whole["en"]))


def _landmarks() -> Iterator[tuple[Found, frozenset[str]]]:
    for table in _LANDMARKS:
        for site in default_sites(table):
            if site.geometry.type == "Point":
                found = Found(
                    site.name,
                    site.geometry.coordinates,
                    Placing.LANDMARK,
                    site.precision_m,
                    "landmark",
                )
                yield found, _folded((*site.name.values(), *site.aliases))


def _roads() -> Iterator[tuple[Found, frozenset[str]]]:
    sites = default_sites("roads")
    gazetteer = Gazetteer.of(roads={site.key: site for site in sites}, landmarks={})
    for site in sites:
        place = gazetteer.place(Stretch(road=site.name))
        if place.geometry is not None and place.geometry.type == "Point":
            at = place.geometry.coordinates
            found = Found(site.name, at, Placing.ROAD, place.precision_m, "road")
            yield found, _folded((*site.name.values(), *site.aliases))


@lru_cache(maxsize=8_000)  # features are encoded once, and the same ones are searched every time
def _of_feature(feature: bytes) -> tuple[Found, frozenset[str]] | None:
    """Read a camera or facility; None where it has no place or no name."""
    decoded = orjson.loads(feature)
    said, geometry = decoded["properties"], decoded["geometry"]
    title = said.get("title", {})
    if geometry is None or not title:
        return None
    west, south, east, north = bbox(geometry)
    found = Found(
        title,
        ((west + east) / 2, (south + north) / 2),
        Placing(said.get("placing", Placing.GIVEN)),
        said.get("precision_m"),
        said["kind"],
    )
    return found, _folded((*title.values(), *said.get("address", {}).values()))
