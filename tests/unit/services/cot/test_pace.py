"""How much is taken from a client."""

from __future__ import annotations

from cop.services.cot.pace import Pace


def test_a_burst_then_the_rate() -> None:
    """Five seconds' worth at once, then as many as the rate; a long rest gives no more."""
    now = [0.0]
    pace = Pace(2.0, lambda: now[0])
    assert sum(pace.takes() for _ in range(50)) == 10
    now[0] = 3.0
    assert sum(pace.takes() for _ in range(50)) == 6
    now[0] = 3600.0
    assert sum(pace.takes() for _ in range(50)) == 10


def test_a_slow_rate_takes_one() -> None:
    """Where a burst is less than one, one is taken at a time."""
    now = [0.0]
    pace = Pace(0.01, lambda: now[0])
    assert [pace.takes(), pace.takes()] == [True, False]
    now[0] = 100.5
    assert [pace.takes(), pace.takes()] == [True, False]
