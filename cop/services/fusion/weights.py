"""The numbers that matching turns on, each with its reason. All weights are natural logarithms.

They were set by hand from what the words mean and tried on the seeds 1 to 4 of `bench.reports`;
the figures in docs/fusion.md are of other seeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KIN: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("fallen_tree", "road_blockage"),
        ("flooding", "road_blockage"),
        ("flooding", "transport_disruption"),
        ("flooding", "rescue"),
        ("landslide", "road_blockage"),
        ("landslide", "structural"),
        ("landslide", "rescue"),
        ("traffic_accident", "road_blockage"),
        ("traffic_accident", "rescue"),
        ("structural", "road_blockage"),
        ("structural", "rescue"),
        ("structural", "fallen_tree"),
        ("fire", "rescue"),
        ("fire", "power_failure"),
        ("power_failure", "lift_entrapment"),
        ("lift_entrapment", "rescue"),
        ("road_blockage", "transport_disruption"),
        ("traffic_accident", "transport_disruption"),
        ("crowd", "transport_disruption"),
        ("water_supply", "flooding"),
    )
)
"""Pairs of types that may describe one thing: what has happened, and what follows from it."""

SIZE_M: Final[Mapping[str, float]] = {
    "flooding": 40.0,
    "landslide": 30.0,
    "power_failure": 200.0,
    "water_supply": 200.0,
    "crowd": 60.0,
    "transport_disruption": 150.0,
    "road_blockage": 30.0,
    "fire": 25.0,
}
"""How far apart two people may stand and mean the same thing, by type, metres."""

SPEAKS_FOR_MANY: Final = frozenset({"1823"})
"""Publishers that pass on what many callers say: their two numbers may well be one thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each piece of evidence is worth."""

    # Where everything begins: reports that are compared at all are near in place or name.
    bias: float = 0.0
    # A pair this far apart in time is never compared: a tree that fell the day before yesterday
    # has been dealt with, or has its case.
    longest_s: float = 36 * 3600.0

    same_type: float = 0.8
    kin_type: float = 0.1
    other_type: float = 0.0
    # Types are mistaken by callers and call takers, but seldom beyond the table of kin.
    alien_type: float = -2.0

    # The error of a place is taken as half of what its publisher says that it may be off; nobody
    # stands nearer to a thing than a few metres.
    least_error_m: float = 8.0
    size_m: float = 8.0
    # How thick other things of the kind lie on a bad night where things happen at all: one in a
    # square of 220 m. Two places of one thing must be nearer than chance would bring them.
    density: float = 2e-5
    # Publishers think that they are more exact than they are, one time in twenty.
    understated_share: float = 0.05
    understated_by: float = 2.5
    # One place in thirty is simply wrong (the other end of the road, a street of the same name).
    lost_share: float = 0.03
    lost_m: float = 700.0
    # Beyond this, no word could make it good.
    hopeless: float = -7.5

    # Most people report a thing within the hour; some see it in the morning, or call again. Other
    # things of the kind come all through the night.
    soon_h: float = 0.8
    late_h: float = 6.0
    late_share: float = 0.3
    per_hour: float = 0.3
    time_least: float = -1.5

    # Names: where both places are exact, things that are different but near share their road too,
    # and the name says nothing new; where they are vague, it says nearly everything.
    names_matter_m: float = 90.0
    # The roads of the tables are long and busy; a street that no table has is short.
    same_road: float = 1.4
    same_street: float = 3.5
    other_road: float = -2.2
    # Reports from the same corner name the same two roads.
    other_crossing: float = -1.5
    same_landmark: float = 0.9
    # Two people at one place often name different landmarks.
    other_landmark: float = -0.2
    same_area: float = 0.4
    # Where one has no usable place, only words are left, and streets are long.
    no_place: float = -2.0
    # And where the words name nothing in common either, nothing says that it is one place.
    nowhere: float = -1.5
    same_district: float = 0.0
    other_district: float = -3.0
    # A lamp post's number is a place of its own; the next post is thirty metres away.
    same_post: float = 4.5
    other_post: float = -3.0
    same_house: float = 4.0
    next_house: float = -0.3
    next_door: int = 4
    other_house: float = -3.5
    # The other side of a dual carriageway is another thing, and mostly another agency's team.
    same_way: float = 0.2
    other_way: float = -5.0
    name_alike: float = 86.0

    # What is left when places and common words are taken away says little either way.
    words_slope: float = 1.0
    words_neutral: float = 0.35
    words_least: float = -0.4
    words_most: float = 0.8

    # A department gives one number to one thing; it repeats itself now and then.
    same_publisher: float = -1.8
    same_number: float = 5.0
    same_author: float = -1.5


WEIGHTS: Final = Weights()

JOIN: Final = -0.3
"""Least mean evidence between two groups of reports for them to be proposed as one."""

VETO: Final = -4.0
"""One pair of reports with less evidence than this keeps their groups apart."""

LEAVE: Final = -1.5
"""A report of a proposal leaves it only when the mean evidence has sunk to this: no flutter."""

RIVAL: Final = 0.4
"""By how much the best must beat the next best where only one of two can be right."""

RIVALS: Final = -2.5
"""Groups with less evidence than this between them are taken for different things."""
