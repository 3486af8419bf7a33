"""Where a camera's value is heading: its rate, and when that passes a threshold.

The rate is the weighted Theil-Sen slope of the last readings, as for the occupancy of facilities
(`cop.services.forecast`). It is given only where it is told from noise: by the test of Mann and
Kendall (H. B. Mann, Nonparametric tests against trend, Econometrica 13, 1945; two-sided, 5 %), and
the change over the readings must be more than `SIGNAL` times their scatter about the line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from statistics import median
from typing import Final

from cop.model.sight import Outlook, Reading
from cop.services.forecast import Point, Spread, rate_of

HORIZON: Final = timedelta(hours=2)
"""No time further away than this is given."""

WINDOW: Final = timedelta(minutes=30)
"""Only readings so long before the last one: a crowd turns within the hour."""

FEWEST: Final = 5
"""With fewer readings even a strict rise may be chance (two of 5! orders)."""

SHORTEST: Final = timedelta(minutes=4)
SIGNAL: Final = 2.5
_TEST: Final = 1.96
_EFFICIENCY: Final = 1.1
"""Variance of a Theil-Sen slope against that of least squares (π/3 for many points; Sen, 1968)."""


def outlook(
    recent: Sequence[Reading], thresholds: Sequence[float], now: datetime
) -> Outlook | None:
    """Tell when the next of *thresholds* is passed upwards; None where no trend can be told.

    Args:
        recent: oldest first; those without a value are left out.
        thresholds: in the unit of the readings, ascending; with none there is no outlook. The next
            above the last reading counts; where that is above all of them the highest, without a
            time.
        now: the operation's time; no time that is given lies before it.
    """
    points, last = _points(recent)
    if last is None or len(points) < FEWEST or not thresholds:
        return None
    span = points[-1][0] - points[0][0]
    rate = rate_of(points)
    start = median(value - rate * at for at, value in points)
    freedom = len(points) - 2
    scatter = sum((value - start - rate * at) ** 2 for at, value in points) / freedom
    if not _is_trend(points) or abs(rate) * span < max(SIGNAL * math.sqrt(scatter), 1e-9):
        return None
    value = points[-1][1]
    threshold = next((limit for limit in thresholds if limit > value), thresholds[-1])
    made = {"rate_per_min": float(f"{rate / 60:.4g}"), "threshold": threshold, "made_at": now}
    if value >= threshold:
        return Outlook(**made)
    middle = sum(at for at, _ in points) / len(points)
    spread = Spread(
        rate,
        freedom,
        noise=scatter / span,  # what the value wandered about its line it may wander on
        doubt=_EFFICIENCY * scatter / sum((at - middle) ** 2 for at, _ in points),
        level=scatter / len(points),
    )
    room = threshold - (start + rate * points[-1][0])
    ends = (spread.first(room, side, HORIZON) for side in (0, 1, -1))
    at, earliest, latest = (
        None if end is None else max(now, last + timedelta(hours=end)) for end in ends
    )
    return Outlook(at=at, earliest=earliest, latest=latest, **made)


def _points(recent: Sequence[Reading]) -> tuple[list[Point], datetime | None]:
    """Give hours and values of the readings that count, and when the last one was made."""
    if not recent or recent[-1].value is None:
        return [], None
    last = recent[-1].at
    within = [reading for reading in recent if last - reading.at <= WINDOW]
    points = [
        ((reading.at - within[0].at) / timedelta(hours=1), reading.value)
        for reading in within
        if reading.value is not None
    ]
    told = 2 * len(points) >= len(within)
    seen = points[-1][0] - points[0][0] >= SHORTEST / timedelta(hours=1)
    return (points, last) if told and seen else ([], None)


def _is_trend(points: Sequence[Point]) -> bool:
    """Tell by Mann and Kendall whether more pairs rise, or fall, than chance would have it."""
    n = len(points)
    score = abs(sum((b[1] > a[1]) - (b[1] < a[1]) for a, b in combinations(points, 2)))
    return (score - 1) / math.sqrt(n * (n - 1) * (2 * n + 5) / 18) >= _TEST
