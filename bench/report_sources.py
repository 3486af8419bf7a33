"""Who reports on a bad night and how well: publishers, and what kinds of night there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Profile:
    """How a publisher reports.

    Attributes:
        precise, vague: error in metres where it knows the address, and where only about.
        vague_share, district_share: of its reports.
        chinese, both: shares of its reports in Chinese, and in both languages; the rest is English.
        weight: how much of all it reports, by type; `*` for the other types.
        repeats: chance that it opens a further case on a thing it has one on already.
    """

    precise: float
    vague: float
    vague_share: float
    district_share: float
    chinese: float
    both: float
    weight: dict[str, float]
    repeats: float


PROFILES: Final = {
    "1823": Profile(100, 250, 0.30, 0.10, 0.65, 0.05, {"fallen_tree": 3, "*": 2}, 0.5),
    "FSD": Profile(40, 150, 0.15, 0.0, 0.2, 0.3, {"landslide": 2, "*": 1}, 0.05),
    "HKPF": Profile(60, 200, 0.25, 0.02, 0.45, 0.05, {"traffic_accident": 4, "*": 1}, 0.08),
    "DSD": Profile(30, 120, 0.15, 0.0, 0.2, 0.5, {"flooding": 4, "*": 0}, 0.05),
    "HYD": Profile(40, 150, 0.2, 0.0, 0.2, 0.3, {"road_blockage": 2, "*": 0.8}, 0.05),
    "LCSD": Profile(40, 150, 0.2, 0.03, 0.4, 0.2, {"fallen_tree": 2, "*": 0}, 0.08),
    "TD": Profile(200, 400, 0.4, 0.0, 0.0, 1.0, {"road_blockage": 2, "*": 0.4}, 0.02),
    "public": Profile(15, 100, 0.2, 0.05, 0.6, 0.02, {"*": 1.5}, 0.9),
    "field": Profile(12, 30, 0.05, 0.0, 0.5, 0.02, {"*": 0.6}, 0.1),
}


@dataclass(frozen=True, slots=True)
class Night:
    """How well a night is reported.

    Attributes:
        crowding: multiplies how often different things of one type lie close to each other.
        wrong_type: share of reports whose type has nothing to do with what happened.
        kin_type: share that tell what followed from it, a blocked road for a fallen tree.
        wrong_place: share whose place is anywhere within 2.5 km.
        vague: multiplies how often a publisher knows only about where, or only the district.
        road, house, mark: shares of reports that name the street, its number where there is one,
            and a landmark.
        numbered: share of places on ordinary streets that have a number.
        typo: share of texts with a slip.
    """

    crowding: float
    wrong_type: float
    kin_type: float
    wrong_place: float
    vague: float
    road: float
    house: float
    mark: float
    numbered: float
    typo: float


PLAIN: Final = Night(0.5, 0.03, 0.15, 0.01, 0.5, 0.95, 0.75, 0.55, 0.7, 0.08)
"""Most reports carry an address, as departments ask for one."""

HARD: Final = Night(1.0, 0.05, 0.15, 0.02, 1.0, 0.85, 0.5, 0.55, 0.5, 0.08)
"""Callers do not know where they are, and trees fall in rows."""
