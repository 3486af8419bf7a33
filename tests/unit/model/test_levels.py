"""Fruin's levels of service."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.levels import USES, level_of, threshold_of
from cop.model.sight import ZoneUse


@pytest.mark.parametrize(
    ("use", "density", "level"),
    [
        ("walkway", 0.0, "A"), ("walkway", 0.30, "A"), ("walkway", 0.31, "B"),
        ("walkway", 0.5, "C"), ("walkway", 0.8, "D"), ("walkway", 1.08, "E"),
        ("walkway", 2.2, "F"), ("stairs", 0.5, "A"), ("stairs", 1.6, "E"),
        ("stairs", 2.7, "F"), ("queue", 0.8, "A"), ("queue", 3.5, "D"),
        ("queue", 3.6, "E"), ("queue", 5.4, "F"), ("road", 3.0, None),
    ],
)  # fmt: skip
def test_by_density(use: ZoneUse, density: float, level: str | None) -> None:
    """The level is that of Fruin's table for the zone's use."""
    assert level_of(use, density) == level


def test_by_flow() -> None:
    """A flow worse than the density decides, up to E; a queue has no limits of flow."""
    assert level_of("walkway", 0.2, 50) == "D"
    assert level_of("walkway", 0.2, 500) == "E"
    assert level_of("walkway", 3.0, 5) == "F"
    assert level_of("queue", 0.2, 500) == "A"


@given(st.sampled_from(USES), st.floats(0, 9), st.floats(0, 9), st.floats(0, 120))
def test_never_better_when_denser(use: ZoneUse, one: float, other: float, flow: float) -> None:
    """More people on the same ground never make a better level."""
    low, high = sorted((one, other))
    assert (level_of(use, low, flow) or "") <= (level_of(use, high, flow) or "")


@pytest.mark.parametrize("use", USES)
def test_thresholds_are_where_levels_begin(use: ZoneUse) -> None:
    """At a level's threshold it holds, just below it the better one does."""
    for level in ("B", "C", "D", "E", "F"):
        least = threshold_of(use, level)
        assert level_of(use, least) == level
        assert (level_of(use, least - 1e-6) or "") < level
    assert threshold_of(use, "A") == 0
