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

Point = tuple[float, int]
"""Hours, and people then."""


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
    rate = _rate(points)
    room = capacity - last.occupancy
    made = {"rate_per_h": round(rate, 1), "made_at": now, "entries": len(recent)}
    if room <= 0:
        return Forecast(full_at=now, earliest=now, latest=now, **made)
    spread = _Spread(rate, points)
    return Forecast(
        full_at=_moment(spread.first(room, 0), last.at, now),
        earliest=_moment(spread.first(room, 1), last.at, now),
        latest=_moment(spread.first(room, -1), last.at, now),
        **made,
    )


def _recent(entries: Sequence[Entry]) -> Sequence[Entry]:
    if not entries:
        return entries
    since = entries[-1].at - WINDOW
    within = [entry for entry in entries if entry.at >= since]
    return within if len(within) >= FEWEST_ENTRIES else entries[-FEWEST_ENTRIES:]


def _rate(points: Sequence[Point]) -> float:
    """Give people an hour: the weighted median of the slopes of all pairs."""
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


class _Spread:
    """How far the people to come may be from the rate."""

    def __init__(self, rate: float, points: Sequence[Point]) -> None:
        steps = [(max(b[0] - a[0], _STEP_H), b[1] - a[1]) for a, b in pairwise(points)]
        measured = sum((people - rate * hours) ** 2 / hours for hours, people in steps)
        span = points[-1][0] - points[0][0]
        self._rate = rate
        self._reach = _student(len(steps) - 1)
        self._noise = max(measured / (len(steps) - 1), abs(rate), 1.0)
        self._drift = (DRIFT * rate) ** 2 / 3
        self._doubt = self._noise / span + self._drift * span

    def first(self, room: int, side: int) -> float | None:
        """Give after how many hours *room* people are reached; None: not within the horizon.

        Args:
            room: people.
            side: 1: if as many come as may; -1: if as few come as may; 0: at the rate itself.
        """
        for minute in range(1, HORIZON // timedelta(minutes=1)):
            hours = minute / 60
            variance = self._noise * hours + self._doubt * hours**2 + self._drift * hours**3
            if self._rate * hours + side * self._reach * math.sqrt(variance) >= room:
                return hours
        return None


def _student(freedom: int) -> float:
    """Give the one-sided quantile of Student's t, from the normal one (Cornish-Fisher)."""
    z, n = NormalDist().inv_cdf(_ONE_SIDE), max(freedom, 2)
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n * n)


def _moment(hours: float | None, since: datetime, now: datetime) -> datetime | None:
    return None if hours is None else max(now, since + timedelta(hours=hours))
