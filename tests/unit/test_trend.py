"""The verdict of the soak: leaks are found, noise, peaks and sawteeth are none."""

from __future__ import annotations

import math
import random

import pytest

from tests.soak.__main__ import lost, not_done, restarted
from tests.soak.trend import Measure, Point, Rule, judge, slope_of

HANDLES = Measure("handles", "files", least=3, share=0.0)
MEMORY = Measure("memory", "MiB", least=8, share=0.05)


def series(minutes: int, per_hour: float, noise: float = 0.0, base: float = 200.0) -> list[Point]:
    """Give two samples a minute of something that grows by so much an hour, with noise."""
    dice = random.Random(5)
    hours = [n / 120 for n in range(2 * minutes)]
    return [(at, base + per_hour * at + dice.gauss(0, noise)) for at in hours]


def test_the_slope_is_that_of_most() -> None:
    """Neither noise nor a few peaks move it much."""
    points = series(50, 12.0, noise=1.0)
    for index in (10, 40, 70):
        points[index] = (points[index][0], 5000.0)
    slope, low, high = slope_of(points)
    assert slope == pytest.approx(12.0, abs=1.0)
    assert low < slope < high
    assert slope_of(points[:2]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("measure", "points", "said"),
    [
        pytest.param(MEMORY, series(50, 60.0, noise=4.0), "grows", id="memory leaks"),
        pytest.param(MEMORY, series(50, 0.0, noise=4.0), "flat", id="memory is noisy"),
        pytest.param(MEMORY, series(50, 6.0), "flat", id="memory hardly grows"),
        pytest.param(MEMORY, series(50, -80.0), "flat", id="memory falls"),
        pytest.param(HANDLES, series(50, 10.0, base=40), "grows", id="ten handles an hour"),
        pytest.param(HANDLES, [(n / 60, 40.0 + n % 3) for n in range(50)], "flat", id="to and fro"),
        pytest.param(
            MEMORY, [(n / 60, 200.0 + n % 10 * 20) for n in range(50)], "flat", id="a sawtooth"
        ),
        pytest.param(
            MEMORY, [(n / 60, 200.0 + (n > 25) * 2) for n in range(50)], "flat", id="one small step"
        ),
    ],
)
def test_what_must_be_flat(measure: Measure, points: list[Point], said: str) -> None:
    """Only what is more than noise, and more than matters, is called growth, and fails the run."""
    verdict = judge(measure, points)
    assert verdict.said == said
    assert verdict.fails == (said == "grows")


def test_what_it_holds_may_have_grown() -> None:
    """Memory that grows with the picture is no leak."""
    points = series(60, 60.0, noise=1.0)
    assert judge(MEMORY, points).fails
    assert not judge(MEMORY, points, allowed=60.0).fails


def test_bounds_and_what_may_grow() -> None:
    """A log may fill up to its bound and no further; a journal may grow, and says why."""
    log = Measure("log", "events", Rule.BOUNDED, bound=100, why="it is trimmed")
    full = [(n / 60, 90.0 + n % 10) for n in range(20)]
    assert judge(log, full).said == "bounded"
    assert judge(log, [*full, (1.0, 101.0)]).fails
    journal = Measure("journal", "entries", Rule.MAY_GROW, why="nothing is ever taken off it")
    verdict = judge(journal, series(50, 1000.0))
    assert (verdict.said, verdict.fails, verdict.reason) == ("may grow", False, journal.why)
    assert judge(journal, []).said == "too few samples"
    assert math.isclose(verdict.slope, 1000.0)


def test_what_fills_is_no_growth() -> None:
    """What comes while caches fill is left out; where there is nothing else, nothing is said."""
    cache = Measure("cache", "MiB", least=8, settles_h=0.25)
    points = [(n / 120, min(300.0, 10.0 * n)) for n in range(120)]
    assert judge(cache, points, from_h=0.1).said == "flat"
    assert judge(cache, points, from_h=0.1).first == 300.0
    early = judge(cache, points[:30])
    assert (early.said, early.fails, early.most) == ("too few samples", False, 290.0)
    assert judge(Measure("cache", "MiB", least=8), points[:30]).fails


def test_what_the_journal_lacks_is_told() -> None:
    """An entry that is gone, a number that fell, a confirmed command that is nowhere."""
    whole = {11: "a", 14: "b"}
    assert lost([(10, 10), (14, 14)], [(11, "a"), (14, "b")], whole) == []
    assert "13 entries of 14" in lost([(10, 10), (14, 13)], [], {})[0]
    assert "14 before" in lost([(10, 10), (14, 14), (9, 9)], [], {})[0]
    absent = lost([(10, 10), (14, 14)], [(11, "a"), (12, "c")], whole)
    assert absent == ["1 of 2 confirmed commands are not in the journal under their number: [12]"]
    assert lost([(10, 10), (14, 14)], [(14, "a")], whole)  # another's entry is not one's own


def test_what_could_not_be_done_is_told() -> None:
    """One failure in a hundred is the pace of the machine; a deed that never works is none."""
    assert not_done({"look": 300}, {"look: ReadTimeout ": 2}) == []
    assert not_done({}, {"look: HTTPStatusError 302": 23}) == [
        "look was done 0 times, and 23 times it was not"
    ]


def test_what_ended_is_told() -> None:
    """Nothing is to end by itself while it is only used."""
    assert restarted([{"web": 1, "worker": 2}, {"web": 1}]) == []
    assert restarted([{"web": 1}, {"web": 7}, {"web": 9}]) == ["web ended 2 times"]
