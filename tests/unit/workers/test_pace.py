from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.workers.making import NOON, a_feed
from workers.pace import dated, promise_of, real_interval


def test_live_keeps_the_feeds_own_promise() -> None:
    """At the speed of the real clock the promise is the feed's own."""
    promise = promise_of(a_feed(), 1)
    assert (promise.every_s, promise.stale_after_s) == (60, 300)
    assert real_interval(a_feed(), 1) == 60


@pytest.mark.parametrize(
    ("speed", "interval", "every", "stale_after"),
    [(10, 6, 60, 300), (60, 2, 120, 360), (600, 2, 1200, 3600)],
)
def test_exercise_polls_no_faster_than_it_can(
    speed: float, interval: float, every: float, stale_after: float
) -> None:
    """In a fast exercise polls are two seconds apart at least, and the promise allows for it."""
    promise = promise_of(a_feed(), speed)
    assert real_interval(a_feed(), speed) == interval
    assert (promise.every_s, promise.stale_after_s) == (every, stale_after)


def test_slow_exercise_waits_longer() -> None:
    """At half speed the publisher's minute lasts two of ours."""
    assert real_interval(a_feed(every=timedelta(minutes=1)), 0.5) == 120


def test_dates_are_hong_kongs() -> None:
    """A date in an address is Hong Kong's, and other addresses are left alone."""
    late = NOON + timedelta(hours=13)  # 01:00 of the next day in Hong Kong
    assert dated("https://e.test/{hk:%Y%m%d}.csv", late) == "https://e.test/20260909.csv"
    assert dated("https://e.test/a?b=%7B", late) == "https://e.test/a?b=%7B"
