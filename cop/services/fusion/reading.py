"""What matching knows of one report: read once, compared often."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cop.model.entity import Placing
from cop.model.geometry import Position, bbox
from cop.model.kinds import Incident
from cop.services.fusion.names import Mentions, Names, known_names

_LON_M: Final = 102_900.0  # metres in a degree at 22.35 N
_LAT_M: Final = 110_750.0

DEFAULT_PRECISION_M: Final = {
    Placing.GIVEN: 100.0,
    Placing.STATION: 200.0,
    Placing.LANDMARK: 350.0,
    Placing.ROAD: 2_000.0,
}
"""How far off a place may be whose publisher does not say so."""

NO_PLACE_M: Final = 3_000.0
"""A place that may be further off than this says nothing: only words can match then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One report as it is compared.

    Attributes:
        id, type, feed, publisher, number, author, parent: as the incident has them.
        at: when it was reported, seconds since 1970.
        when: the same as a moment.
        spot: metres east and north; None where no place, or one too vague, is known.
        reach_m: how far off *spot* may be, half the size of an area or line included.
        district: code of the district.
        roads, landmarks, areas, strange, houses, posts, ways, words, pairs: see `names.Mentions`.
        trust: higher for what deserves to be worked on first.
    """

    id: str
    type: str
    feed: str | None
    publisher: str
    number: str | None
    author: str | None
    parent: str | None
    at: float
    when: datetime
    spot: tuple[float, float] | None
    reach_m: float
    district: str | None
    roads: frozenset[str]
    landmarks: frozenset[str]
    areas: frozenset[str]
    strange: dict[str, tuple[str, ...]]
    houses: frozenset[int]
    posts: frozenset[str]
    ways: frozenset[str]
    words: str
    pairs: frozenset[str]
    trust: int


def metres(position: Position) -> tuple[float, float]:
    """Give a position (WGS84 degrees) as metres east and north, true near Hong Kong."""
    return (position[0] * _LON_M, position[1] * _LAT_M)


def read_report(incident: Incident, names: Names | None = None) -> Reading:
    """Read what *incident* says, with the known *names*, by default the shipped ones."""
    names = names or known_names()
    mentions = Mentions()
    seen: set[str] = set()
    for said in (incident.place, incident.title, incident.description):
        for words in said.values():
            if words not in seen:
                seen.add(words)
                names.read(words, mentions)
    spot, reach_m = _spot(incident)
    return Reading(
        id=incident.id,
        type=incident.incident_type,
        feed=incident.feed,
        publisher=incident.publisher,
        number=incident.number,
        author=incident.author,
        parent=incident.parent,
        at=incident.reported_at.timestamp(),
        when=incident.reported_at,
        spot=spot,
        reach_m=reach_m,
        district=incident.district,
        roads=frozenset(mentions.roads),
        landmarks=frozenset(mentions.landmarks),
        areas=frozenset(mentions.areas),
        strange={sort: tuple(sorted(found)) for sort, found in mentions.strange.items()},
        houses=frozenset(mentions.houses),
        posts=frozenset(mentions.posts),
        ways=frozenset(mentions.ways),
        words=" ".join(sorted(mentions.words)),
        pairs=frozenset(mentions.pairs),
        trust=_trust(incident),
    )


def _spot(incident: Incident) -> tuple[tuple[float, float] | None, float]:
    geometry = incident.geometry
    if geometry is None:
        return None, 0.0
    stated = incident.precision_m
    precision = DEFAULT_PRECISION_M.get(incident.placing) if stated is None else stated
    if precision is None:  # only a district or a region is known
        return None, 0.0
    west, south, east, north = bbox(geometry)
    (left, low), (right, high) = metres((west, south)), metres((east, north))
    reach = precision + math.hypot(right - left, high - low) / 2
    if reach > NO_PLACE_M:
        return None, 0.0
    return ((left + right) / 2, (low + high) / 2), reach


def _trust(incident: Incident) -> int:
    """Rank a report: made by a person and verified, made by a person, verified, any other."""
    return 2 * (incident.feed is None and incident.verified) + (
        1 if incident.feed is None or incident.verified else 0
    )


def precedence(reading: Reading) -> tuple[int, float, str]:
    """Sort key by which the report to work on comes first: most trusted, then oldest."""
    return (-reading.trust, reading.at, reading.id)
