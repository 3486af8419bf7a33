"""When a facility will be full, from the last entries of its counter, and how sure that is.

The rate is the weighted median of the slopes between all pairs of recent entries (Theil-Sen, each
pair weighted by the time between its two entries): one wrong entry does not turn it.

The interval takes people to come in as a counting process with that rate. Its variance is measured
from the steps between the entries, and is never less than that of people who come one by one. To
it comes what is not known of the rate: the shorter the time seen, the more; and that rates wander:
`DRIFT`. With few entries all of it is widened as Student's t is. Nine of ten times the facility
should be full between the two ends; `python -m bench forecast` measures how often it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from statistics import NormalDist
from typing import Final

from cop.model.kinds import Entry, Forecast

FEWEST_ENTRIES: Final = 4
SHORTEST: Final = timedelta(minutes=10)
WINDOW: Final = timedelta(hours=2)
"""Only entries so long before the last count, as long as there are enough of them."""

HORIZON: Final = timedelta(hours=24)
"""No time further away than this is given: nobody's evening goes on for so long."""

DRIFT: Final = 0.2
"""How far a rate wanders within an hour, as a share of it (one sigma): a random walk."""

_ONE_SIDE: Final = 0.95
_STEP_H: Final = 1 / 60
"""Steps within a minute are taken as of a minute: two taps at the door are no rate of their own."""

Point = tuple[float, float]
"""Hours, and the value then: people, or whatever a series counts."""


def forecast(entries: Sequence[Entry], capacity: int | None, now: datetime) -> Forecast | None:
    """Tell when a facility with *capacity* will be full; None when too little is known.

    Args:
        entries: oldest first.
        capacity: people; None where nobody knows.
        now: the operation's time; no time that is given lies before it.
    """
    recent = _recent(entries)
    if not capacity or len(recent) < FEWEST_ENTRIES:
        return None
    begun, last = recent[0].at, recent[-1]
    if last.at - begun < SHORTEST:
        return None
    points = [((entry.at - begun) / timedelta(hours=1), entry.occupancy) for entry in recent]
    rate = rate_of(points)
    room = capacity - last.occupancy
    made = {"rate_per_h": round(rate, 1), "made_at": now, "entries": len(recent)}
    if room <= 0:
        return Forecast(full_at=now, earliest=now, latest=now, **made)
    spread = _counting(rate, points)
    return Forecast(
        full_at=_moment(spread.first(room, 0, HORIZON), last.at, now),
        earliest=_moment(spread.first(room, 1, HORIZON), last.at, now),
        latest=_moment(spread.first(room, -1, HORIZON), last.at, now),
        **made,
    )


def _recent(entries: Sequence[Entry]) -> Sequence[Entry]:
    if not entries:
        return entries
    since = entries[-1].at - WINDOW
    within = [entry for entry in entries if entry.at >= since]
    return within if len(within) >= FEWEST_ENTRIES else entries[-FEWEST_ENTRIES:]


def rate_of(points: Sequence[Point]) -> float:
    """Give the change an hour: the weighted median of the slopes of all pairs, 0 where none is.

    Args:
        points: in order of time; pairs within a minute are left out.
    """
    slopes = sorted(
        ((b[1] - a[1]) / (b[0] - a[0]), b[0] - a[0])
        for a, b in combinations(points, 2)
        if b[0] - a[0] >= _STEP_H
    )
    half, passed = sum(weight for _, weight in slopes) / 2, 0.0
    for slope, weight in slopes:
        passed += weight
        if passed >= half:
            return slope
    return 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """How far what is to come may be from a rate; units are those of the series, and hours.

    Attributes:
        rate: change an hour.
        freedom: steps from which the variances are known, less one.
        noise: variance an hour of what comes in beside the rate.
        doubt: variance of the rate itself, without what `DRIFT` adds in the time to come.
        level: variance of the last value itself.
    """

    rate: float
    freedom: int
    noise: float
    doubt: float
    level: float = 0.0

    def first(self, room: float, side: int, horizon: timedelta) -> float | None:
        """Give after how many hours *room* more is reached; None: not within the horizon.

        Args:
            room: above the last value.
            side: 1: if as much comes as may; -1: if as little comes as may; 0: at the rate itself.
            horizon: no time beyond it is given.
        """
        reach, drift = _student(self.freedom), (DRIFT * self.rate) ** 2 / 3
        for minute in range(1, horizon // timedelta(minutes=1)):
            hours = minute / 60
            variance = self.level + self.noise * hours + self.doubt * hours**2 + drift * hours**3
            if self.rate * hours + side * reach * math.sqrt(variance) >= room:
                return hours
        return None


def _counting(rate: float, points: Sequence[Point]) -> Spread:
    """Give the spread of people who come in as a counting process."""
    steps = [(max(b[0] - a[0], _STEP_H), b[1] - a[1]) for a, b in pairwise(points)]
    measured = sum((people - rate * hours) ** 2 / hours for hours, people in steps)
    freedom, span = len(steps) - 1, points[-1][0] - points[0][0]
    noise = max(measured / freedom, abs(rate), 1.0)
    return Spread(rate, freedom, noise, noise / span + (DRIFT * rate) ** 2 / 3 * span)


def _student(freedom: int) -> float:
    """Give the one-sided quantile of Student's t, from the normal one (Cornish-Fisher)."""
    z, n = NormalDist().inv_cdf(_ONE_SIDE), max(freedom, 2)
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n * n)


def _moment(hours: float | None, since: datetime, now: datetime) -> datetime | None:
    return None if hours is None else max(now, since + timedelta(hours=hours))
