"""Time to full against what then happened, on evenings of the documented generator."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

from bench.figures import Figure
from cop.model.kinds import Forecast
from cop.services.forecast import HORIZON, forecast
from tests.unit.services.arriving import Evening, an_evening

EVENINGS = 1000


def run() -> Iterator[Figure]:
    """Measure; a few seconds."""
    evenings = [an_evening(seed) for seed in range(EVENINGS)]
    begun = time.perf_counter()
    made = [forecast(one.entries, one.capacity, one.entries[-1].at) for one in evenings]
    each_ms = 1000 * (time.perf_counter() - begun) / EVENINGS
    pairs = [(one, guess) for one, guess in zip(evenings, made, strict=True) if guess is not None]
    yield Figure("forecast, one", each_ms, "ms")
    share = 100 / len(pairs)
    within = sum(_lies_within(one, guess) for one, guess in pairs)
    yield Figure("forecast, truth within its 90 % interval", share * within, "%", note="aim 90")
    filled = sum(one.full_at is not None for one, _ in pairs)
    yield Figure("forecast, evenings on which it did fill", share * filled, "%")
    ended = sum(guess.latest is not None for _, guess in pairs)
    yield Figure("forecast, with a latest time", share * ended, "%")
    errors = [
        (abs(guess.full_at - one.full_at), one.full_at - one.entries[-1].at)
        for one, guess in pairs
        if guess.full_at is not None and one.full_at is not None
    ]
    minutes = statistics.median(error / timedelta(minutes=1) for error, _ in errors)
    parts = statistics.median(error / max(ahead, timedelta(minutes=1)) for error, ahead in errors)
    yield Figure("forecast, median error where it did fill", minutes, "min")
    yield Figure("forecast, the same as a share of the time to go", 100 * parts, "%")


def _lies_within(evening: Evening, guess: Forecast) -> bool:
    last = evening.entries[-1].at
    full_at = evening.full_at or last + 9 * HORIZON
    soonest = guess.earliest or last + HORIZON
    return soonest <= full_at and (guess.latest is None or full_at <= guess.latest)
