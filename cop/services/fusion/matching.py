"""How alike two reports are: evidence for and against, added up, as a probability with reasons.

Each piece of evidence is the logarithm of how much likelier it is between two reports of one thing
than between two reports of different things. What is not known adds nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz

from cop.services.fusion.reading import Reading
from cop.services.fusion.romanised import any_same
from cop.services.fusion.weights import KIN, SIZE_M, SPEAKS_FOR_MANY, WEIGHTS

_LONGEST_WORDS: Final = 300
_PLACES: Final = ("road", "landmark", "house", "post")


@dataclass(frozen=True, slots=True)
class Match:
    """How alike two reports are.

    Attributes:
        logit: the evidence, added up; 0 is as likely as not.
        distance_m: between their places; None where one has none.
        minutes: between the reports.
        words: likeness of what was written, 0 to 1; None where it cannot be compared.
        reasons: evidence by name: `type`, `distance`, `time`, `road`, `landmark`, `house`, `post`,
            `nowhere`, `way`, `words`, `publisher`, `district`.
    """

    logit: float
    distance_m: float | None
    minutes: float
    words: float | None
    reasons: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The probability that they are of one thing, 0 to 1."""
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, self.logit))))


def match(one: Reading, other: Reading) -> Match | None:
    """Compare two reports; None where they cannot be of one thing."""
    if one.parent == other.id or other.parent == one.id:
        return None
    apart_s = abs(one.at - other.at)
    if apart_s > WEIGHTS.longest_s:
        return None
    kin = _type(one.type, other.type)
    if kin is None:
        return None
    reasons: dict[str, float] = {"type": kin}
    distance, spread = _distance(one, other, reasons)
    if reasons.get("distance", 0.0) < WEIGHTS.hopeless:
        return None
    reasons["time"] = _time(apart_s)
    near = 1.0 if distance is None else 1.0 - math.exp(-spread / WEIGHTS.names_matter_m)
    _names(one, other, near, reasons)
    if distance is None and not any(reasons.get(name, 0.0) > 0 for name in _PLACES):
        reasons["nowhere"] = WEIGHTS.nowhere
    likeness = _words(one, other, reasons)
    _publisher(one, other, reasons)
    logit = WEIGHTS.bias + sum(reasons.values())
    return Match(logit, distance, apart_s / 60, likeness, reasons)


def _type(one: str, other: str) -> float | None:
    if one == other:
        return WEIGHTS.same_type
    if "other" in (one, other):
        return WEIGHTS.other_type
    if frozenset((one, other)) in KIN:
        return WEIGHTS.kin_type
    return WEIGHTS.alien_type


def _distance(
    one: Reading, other: Reading, reasons: dict[str, float]
) -> tuple[float | None, float]:
    """Weigh the distance by how exactly both places are known; gives it, and the spread."""
    if one.spot is None or other.spot is None:
        reasons["distance"] = WEIGHTS.no_place
        if one.district and other.district:
            same = one.district == other.district
            reasons["district"] = WEIGHTS.same_district if same else WEIGHTS.other_district
        return None, 0.0
    distance = math.hypot(one.spot[0] - other.spot[0], one.spot[1] - other.spot[1])
    variance = (
        max(WEIGHTS.least_error_m, one.reach_m / 2) ** 2
        + max(WEIGHTS.least_error_m, other.reach_m / 2) ** 2
        + max(SIZE_M.get(one.type, WEIGHTS.size_m), SIZE_M.get(other.type, WEIGHTS.size_m)) ** 2
    )
    wider = variance * WEIGHTS.understated_by**2
    density = (
        (1 - WEIGHTS.understated_share - WEIGHTS.lost_share) * _density(distance, variance)
        + WEIGHTS.understated_share * _density(distance, wider)
        + WEIGHTS.lost_share * _density(distance, WEIGHTS.lost_m**2)
    )
    reasons["distance"] = math.log(density / WEIGHTS.density + 1e-12)
    return distance, math.sqrt(variance)


def _density(distance: float, variance: float) -> float:
    """Give how likely it is to be *distance* off, a square metre, with errors of *variance*."""
    return math.exp(-(distance**2) / (2 * variance)) / (2 * math.pi * variance)


def _time(apart_s: float) -> float:
    """Weigh the time between: reports of one thing bunch, with a long tail."""
    hours = apart_s / 3600
    soon, late = WEIGHTS.soon_h, WEIGHTS.late_h
    density = (1 - WEIGHTS.late_share) * math.exp(-hours / soon) / soon
    density += WEIGHTS.late_share * math.exp(-hours / late) / late
    return max(WEIGHTS.time_least, math.log(density / WEIGHTS.per_hour))


def _names(one: Reading, other: Reading, near: float, reasons: dict[str, float]) -> None:
    """Weigh the names of places: what they share counts the more, the vaguer the places are."""
    road = _shared(one, other, "road")
    if road is not None:
        known = any(_related(a, b) for a in one.roads for b in other.roads)
        same = WEIGHTS.same_road if known else WEIGHTS.same_street
        reasons["road"] = near * same if road else WEIGHTS.other_road
    if road and _crossing_differs(one, other):
        reasons["crossing"] = WEIGHTS.other_crossing
    mark = _shared(one, other, "mark")
    if mark is not None:
        reasons["landmark"] = near * WEIGHTS.same_landmark if mark else WEIGHTS.other_landmark
    elif one.areas and other.areas and one.areas & other.areas:
        reasons["area"] = near * WEIGHTS.same_area
    if one.posts and other.posts:
        same = bool(one.posts & other.posts)
        reasons["post"] = WEIGHTS.same_post if same else WEIGHTS.other_post
    if one.houses and other.houses and road is not False:
        gap = min(abs(a - b) for a in one.houses for b in other.houses)
        reasons["house"] = _house(gap, sure=road is True)
    if one.ways and other.ways:
        reasons["way"] = _way(one.ways, other.ways)


def _shared(one: Reading, other: Reading, sort: str) -> bool | None:
    """Tell whether two reports name a road (or landmark) in common; None when it is not known."""
    mine, theirs = (one.roads, other.roads) if sort == "road" else (one.landmarks, other.landmarks)
    if any(_related(a, b) for a in mine for b in theirs):
        return True
    here = [one.strange.get(f"{sort}-{lang}", ()) for lang in ("en", "zh")]
    there = [other.strange.get(f"{sort}-{lang}", ()) for lang in ("en", "zh")]
    for lang, a_names, b_names in zip(("en", "zh"), here, there, strict=True):
        if any(_spelled_alike(a, b, lang) for a in a_names for b in b_names):
            return True
    if any_same(here[0], there[1]) or any_same(there[0], here[1]):
        return True
    strange = any((*here, *there))
    if mine and theirs and not strange:
        return False
    told = bool(here[0] and there[0]) or bool(here[1] and there[1])
    return False if told and not mine and not theirs else None


def _related(one: str, other: str) -> bool:
    """Tell whether two keys are one road, or a road and a section of it."""
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


def _spelled_alike(one: str, other: str, lang: str) -> bool:
    if one == other:
        return True
    if lang == "zh":
        return min(len(one), len(other)) > 2 and (one.endswith(other) or other.endswith(one))
    return bool(fuzz.ratio(one, other) >= WEIGHTS.name_alike)


def _crossing_differs(one: Reading, other: Reading) -> bool:
    """Tell whether both name a further road, and not the same one: other corners of one road."""
    return len(one.roads) > 1 and len(other.roads) > 1 and len(one.roads & other.roads) == 1


def _house(gap: int, *, sure: bool) -> float:
    if gap == 0:
        return WEIGHTS.same_house if sure else WEIGHTS.same_house / 2
    return WEIGHTS.next_house if gap <= WEIGHTS.next_door else WEIGHTS.other_house


def _way(one: frozenset[str], other: frozenset[str]) -> float:
    if one & other:
        return WEIGHTS.same_way
    compass = {"n", "s", "e", "w"}
    comparable = bool(one & compass and other & compass) or not (one | other) & compass
    return WEIGHTS.other_way if comparable else 0.0


def _words(one: Reading, other: Reading, reasons: dict[str, float]) -> float | None:
    """Compare what is left of the words, in each language that both use; the better counts."""
    found: list[float] = []
    if one.words and other.words:
        short, long = one.words[:_LONGEST_WORDS], other.words[:_LONGEST_WORDS]
        found.append(fuzz.token_set_ratio(short, long) / 100)
    if len(one.pairs) > 1 and len(other.pairs) > 1:
        found.append(2 * len(one.pairs & other.pairs) / (len(one.pairs) + len(other.pairs)))
    if not found:
        return None
    best = max(found)
    weight = WEIGHTS.words_slope * (best - WEIGHTS.words_neutral)
    reasons["words"] = max(WEIGHTS.words_least, min(WEIGHTS.words_most, weight))
    return best


def _publisher(one: Reading, other: Reading, reasons: dict[str, float]) -> None:
    """Raise the bar for one voice: a publisher's two cases, or one person's two reports."""
    if one.feed is None and other.feed is None:
        if one.author is not None and one.author == other.author:
            reasons["publisher"] = WEIGHTS.same_author
        return
    if one.feed is None or other.feed is None or one.publisher != other.publisher:
        return
    if one.number is not None and one.number == other.number:
        reasons["publisher"] = WEIGHTS.same_number
    elif one.publisher not in SPEAKS_FOR_MANY:
        reasons["publisher"] = WEIGHTS.same_publisher
