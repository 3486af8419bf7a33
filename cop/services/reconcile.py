"""Two sources on one facility: where they differ, somebody has to find out which is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Literal

from cop.model.kinds import Facility, FacilityStatus

LEAST_PEOPLE: Final = 10
LEAST_SHARE: Final = 0.15
"""Two counts of people differ when they are further apart than both of these: the counts are made
at different minutes, and people come and go."""
STILL_DIFFER: Final = 0.7
"""Of those distances, where somebody has been told already that the counts differ."""

IN_USE: Final = frozenset([FacilityStatus.OPEN, FacilityStatus.FULL, FacilityStatus.LIMITED])
NOT_IN_USE: Final = frozenset([FacilityStatus.CLOSED])
"""Standby and unknown contradict neither: a list of places that may open says nothing of today."""

Field = Literal["status", "occupancy", "capacity"]


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says.

    Attributes:
        source: code of its agency.
        value: a status, or people.
        at: as of when; None where it does not say.
    """

    source: str
    value: str | int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which a keeper and another source differ.

    Attributes:
        keeper: what the facility's keeper says.
        other: what the publisher, or another keeper, says.
    """

    field: Field
    keeper: Side
    other: Side


def differences(keeper: Facility, other: Facility, *, known: bool = False) -> list[Difference]:
    """List on what a keeper's facility and another source's entity of the same one differ.

    Where that is *known* already, two counts differ until they are clearly nearer again.
    """
    nearness = STILL_DIFFER if known else 1.0
    tests: dict[Field, Callable[[Facility, Facility], bool]] = {
        "status": _status,
        "occupancy": partial(_occupancy, nearness=nearness),
        "capacity": _capacity,
    }
    return [
        Difference(field, _side(keeper, field), _side(other, field))
        for field, differ in tests.items()
        if differ(keeper, other)
    ]


def _side(facility: Facility, field: Field) -> Side:
    at = facility.asserted_at or facility.observed_at
    value = getattr(facility, field)
    if field == "occupancy" and facility.entries:
        at = facility.entries[-1].at
    return Side(facility.publisher, value, None if field == "capacity" else at)


def _status(a: Facility, b: Facility) -> bool:
    return (a.status in IN_USE and b.status in NOT_IN_USE) or (
        a.status in NOT_IN_USE and b.status in IN_USE
    )


def _occupancy(a: Facility, b: Facility, *, nearness: float) -> bool:
    if a.occupancy is None or b.occupancy is None:
        return False
    tolerance = max(LEAST_PEOPLE, LEAST_SHARE * max(a.occupancy, b.occupancy))
    return abs(a.occupancy - b.occupancy) > tolerance * nearness


def _capacity(a: Facility, b: Facility) -> bool:
    return None not in (a.capacity, b.capacity) and a.capacity != b.capacity
