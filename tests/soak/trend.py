"""What a series of samples says: flat, within its bound, growing as it may, or growing.

The slope is the median of the slopes of all pairs (Theil and Sen): single peaks do not move it.
Whether it is more than chance is told by Sen's interval of 95 %, from Kendall's variance. Sources:
H. Theil, Indagationes Mathematicae 12 (1950); P. K. Sen, J. Amer. Stat. Assoc. 63 (1968) 1379-1389.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import median
from typing import Final

_Z: Final = 1.96
_SIGMA: Final = 1.4826
"""A median of deviations, times this, is the standard deviation of a normal error."""
_NOISES: Final = 3.0
FEWEST: Final = 10
"""Samples from which something is said."""

Point = tuple[float, float]
"""Hours since the start, and the value."""


class Rule(StrEnum):
    """What must hold of a series."""

    FLAT = "flat"
    BOUNDED = "bounded"
    MAY_GROW = "may grow"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is sampled.

    Attributes:
        name, unit: for the table.
        rule: what must hold of it.
        least: a growth of less than this over the whole time is none, in the unit.
        share: the same, as a share of its median.
        bound: the most that it may be, where it is bounded.
        why: why it may grow, or what bounds it.
        settles_h: hours in which it fills: what comes before is no growth.
    """

    name: str
    unit: str
    rule: Rule = Rule.FLAT
    least: float = 0.0
    share: float = 0.05
    bound: float = math.inf
    why: str = ""
    settles_h: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a series.

    Attributes:
        first, last, most: median of the first and last tenth, and the largest value.
        slope: in the unit, per hour.
        said: `flat`, `bounded`, `may grow`, `grows`, or `too few samples`.
        reason: why.
        fails: whether the run fails by it.
    """

    measure: Measure
    first: float
    last: float
    most: float
    slope: float
    said: str
    reason: str
    fails: bool


def slope_of(points: Sequence[Point]) -> tuple[float, float, float]:
    """Give the slope and the ends of its interval, per hour; all 0 of fewer than three points."""
    slopes = sorted(
        (later[1] - one[1]) / (later[0] - one[0])
        for one, later in combinations(points, 2)
        if later[0] != one[0]
    )
    if len(points) < 3 or not slopes:
        return 0.0, 0.0, 0.0
    n = len(points)
    wide = _Z * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = max(0, math.floor((len(slopes) - wide) / 2))
    high = min(len(slopes) - 1, math.ceil((len(slopes) + wide) / 2))
    return median(slopes), slopes[low], slopes[high]


def judge(
    measure: Measure, points: Sequence[Point], *, from_h: float = 0.0, allowed: float = 0.0
) -> Verdict:
    """Say what *points* show.

    Args:
        measure: what they are of.
        points: in order.
        from_h: when the warm-up has ended; what came before says nothing, nor does what came
            while it filled. Where that is all, it is shown and nothing is said of it.
        allowed: by how much more it may grow over the whole time, since what it holds grew.
    """
    said_of = [one for one in points if one[0] >= max(from_h, measure.settles_h)]
    judged = len(said_of) >= FEWEST
    points = said_of if judged else points
    values = [value for _, value in points]
    tenth = max(1, len(values) // 10)
    slope, low, _ = slope_of(points)
    first = median(values[:tenth]) if values else 0.0
    last = median(values[-tenth:]) if values else 0.0
    most = max(values, default=0.0)

    def say(said: str, reason: str, *, fails: bool = False) -> Verdict:
        return Verdict(measure, first, last, most, slope, said, reason, fails)

    if not judged:
        return say("too few samples", "run it for longer")
    if measure.rule is Rule.MAY_GROW:
        return say("may grow", measure.why)
    if measure.rule is Rule.BOUNDED:
        if most <= measure.bound:
            return say("bounded", f"never above {measure.bound:,.0f}: {measure.why}")
        return say("grows", f"{most:,.0f} is above {measure.bound:,.0f}", fails=True)
    grown = slope * (points[-1][0] - points[0][0])
    rest = [value - slope * at for at, value in points]
    middle = median(rest)
    noise = _SIGMA * median(abs(one - middle) for one in rest)
    least = max(measure.least, measure.share * median(values), _NOISES * noise) + allowed
    if low > 0 and grown > least:
        return say("grows", f"by {grown:,.1f}, of which {least:,.1f} is noise", fails=True)
    return say("flat", f"{grown:+,.1f} in all, within {least:,.1f}")
