"""Two sources on one facility: what is a difference, and what is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.model.kinds import Entry, Facility, FacilityStatus
from cop.services.reconcile import Side, differences
from tests.unit.services.watch.making import START, a_facility, after

S = FacilityStatus


def publishers(**fields: object) -> Facility:
    """Make what the publisher says of the shelter."""
    return a_facility(id="had:1", feed="had", **fields)


def fields(keeper: Facility, other: Facility) -> list[str]:
    """List the fields on which they differ."""
    return [one.field for one in differences(keeper, other)]


@pytest.mark.parametrize(
    ("mine", "theirs", "differ"),
    [
        (S.OPEN, S.CLOSED, True),
        (S.CLOSED, S.FULL, True),
        (S.LIMITED, S.CLOSED, True),
        (S.OPEN, S.FULL, False),
        (S.OPEN, S.STANDBY, False),
        (S.CLOSED, S.UNKNOWN, False),
    ],
)
def test_open_against_closed(mine: S, theirs: S, *, differ: bool) -> None:
    """Standby and unknown contradict neither."""
    found = fields(a_facility(status=mine), publishers(status=theirs))
    assert found == (["status"] if differ else [])


@pytest.mark.parametrize(
    ("mine", "theirs", "differ"),
    [
        (20, 30, False),
        (20, 31, True),
        (100, 115, False),
        (100, 85, False),
        (100, 80, True),
        (1000, 1100, False),
        (None, 500, False),
    ],
)
def test_counts_far_apart(mine: int | None, theirs: int, *, differ: bool) -> None:
    """More than ten people and more than 15 %: counts of different minutes are never equal."""
    found = fields(a_facility(occupancy=mine), publishers(occupancy=theirs))
    assert found == (["occupancy"] if differ else [])


def test_capacities() -> None:
    """Any difference; none where one does not say."""
    assert fields(a_facility(capacity=100), publishers(capacity=101)) == ["capacity"]
    assert fields(a_facility(capacity=None), publishers(capacity=101)) == []


def test_each_side_says_when_and_who() -> None:
    """A count is as of its last entry, a status as of when it was last said."""
    keeper = a_facility(
        occupancy=60, asserted_at=after(30), entries=[Entry(at=after(5), occupancy=60)]
    )
    other = publishers(occupancy=5, publisher="HAD", asserted_at=None, observed_at=START)
    (found,) = differences(keeper, other)
    assert found.keeper == Side("HAD", 60, START + timedelta(minutes=5))
    assert found.other == Side("HAD", 5, START)
