"""When a threshold will be passed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.model.sight import Reading
from tests.unit.workers.vision.views import NOW
from workers.vision.trend import HORIZON, outlook


def series(values: Sequence[float | None], every_s: float = 120) -> tuple[Reading, ...]:
    """Make readings that end now."""
    first = NOW - timedelta(seconds=every_s * (len(values) - 1))
    return tuple(
        Reading(at=first + timedelta(seconds=every_s * number), value=value)
        for number, value in enumerate(values)
    )


@settings(deadline=None, max_examples=60)
@given(
    rate=st.floats(0.002, 0.5),
    start=st.floats(0, 3),
    count=st.integers(5, 16),
    ahead=st.integers(2, 118),
)
def test_exact_on_a_line(rate: float, start: float, count: int, ahead: int) -> None:
    """On a straight line rate and time are those of the line, and lie between the ends."""
    values = [start + rate * 2 * number for number in range(count)]
    found = outlook(series(values), [values[-1] + rate * ahead], NOW)
    assert found is not None
    assert found.rate_per_min == pytest.approx(rate, rel=1e-3)
    assert found.at is not None
    assert abs(found.at - NOW - timedelta(minutes=ahead)) <= timedelta(seconds=61)
    assert found.earliest is not None
    assert found.earliest <= found.at
    assert found.latest is None or found.latest >= found.at


def test_none_on_noise() -> None:
    """Noise about a level has no outlook, but for a few in a hundred."""
    chance = random.Random(4)
    told = [
        outlook(series([2 + chance.gauss(0, 0.3) for _ in range(count)]), [2.5], NOW) is not None
        for count in (5, 8, 12, 15)
        for _ in range(100)
    ]
    assert sum(told) / len(told) < 0.05


def test_interval_holds_the_truth() -> None:
    """On noisy lines the true time lies between the two ends most of the time."""
    chance = random.Random(7)
    within = []
    for _ in range(150):
        rate = chance.uniform(0.01, 0.04)
        values = [0.5 + rate * 2 * n + chance.gauss(0, 0.02) for n in range(10)]
        true = NOW + timedelta(minutes=(1.5 - 0.5 - rate * 18) / rate)
        found = outlook(series(values), [1.5], NOW)
        if found is not None and found.earliest is not None and found.latest is not None:
            within.append(found.earliest <= true <= found.latest)
    assert len(within) > 60
    assert sum(within) / len(within) > 0.8


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 1.1, 1.2, 1.3],
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        [1.0, 1.1, 1.2, 1.3, 1.4, None],
        [None, 1.1, None, 1.3, None, 1.5, None, 1.7, None, 1.9, None],
        [],
    ],
)
def test_too_little_known(values: list[float | None]) -> None:
    """Too few readings, no change, an unknown last one or mostly unknown ones: no outlook."""
    assert outlook(series(values), [3.0], NOW) is None


def test_unknown_ones_in_between_are_left_out() -> None:
    """One reading that could not be told does not end a trend."""
    found = outlook(series([1.0, 1.1, None, 1.3, 1.4, 1.5, 1.6]), [2.0], NOW)
    assert found is not None
    assert found.rate_per_min == pytest.approx(0.05, rel=0.01)


def test_thresholds() -> None:
    """The next one above counts; a falling value, one past all or one far off has no time."""
    rising = series([1.0, 1.1, 1.2, 1.3, 1.4, 1.5])
    found = outlook(rising, [1.2, 2.0, 3.0], NOW)
    assert found is not None
    assert found.threshold == 2.0
    past = outlook(rising, [0.5, 1.2], NOW)
    assert past is not None
    assert (past.threshold, past.at) == (1.2, None)
    assert outlook(rising, (), NOW) is None  # nothing to pass
    falling = outlook(series([1.5, 1.4, 1.3, 1.2, 1.1, 1.0]), [2.0], NOW)
    assert falling is not None
    assert falling.rate_per_min < 0
    assert falling.at is None
    far = outlook(rising, [1.5 + 0.05 * (HORIZON / timedelta(minutes=1) + 5)], NOW)
    assert far is not None
    assert far.at is None
