"""The index gives everything that could match, and forgets what has gone."""

from __future__ import annotations

import random

from bench.report_sources import HARD
from bench.reports import make_reports
from cop.services.fusion.candidates import Candidates
from cop.services.fusion.matching import match
from cop.services.fusion.reading import read_report
from tests.unit.services.fusion.making import report


def test_next_to_nothing_that_matches_is_missed() -> None:
    """Of a whole night, the index finds 99 of 100 pairs that are more likely one thing than not.

    What it may miss are names without a place that are misspelt or sound in an unknown way.
    """
    readings = [read_report(one.incident) for one in make_reports(7, 400, 140, night=HARD)]
    index = Candidates()
    for reading in readings:
        index.put(reading)
    likely = missed = 0
    for reading in readings:
        near = {other.id for other in index.near(reading)}
        for other in readings:
            found = match(reading, other) if other is not reading else None
            if found is not None and found.logit > 0:
                likely += 1
                missed += other.id not in near
                assert other.id in near or reading.spot is None or other.spot is None
    assert missed <= likely / 100


def test_what_left_is_not_found() -> None:
    """A report that was removed or has moved is found where it is, not where it was."""
    index = Candidates()
    here, there = read_report(report("a")), read_report(report("b", east=10))
    index.put(here)
    index.put(there)
    assert index.near(here) == [there]
    index.put(read_report(report("b", east=9_000)))
    assert index.near(here) == []
    index.remove("incident:b")
    index.remove("incident:b")
    assert len(index) == 1
    assert "incident:b" not in index


def test_put_and_remove_in_any_order() -> None:
    """After many changes the index is as one made anew."""
    dice = random.Random(3)
    readings = [read_report(one.incident) for one in make_reports(8, 120, 40)]
    index = Candidates()
    for _ in range(600):
        reading = dice.choice(readings)
        if dice.random() < 0.5:
            index.put(reading)
        else:
            index.remove(reading.id)
    anew = Candidates()
    for reading in readings:
        if reading.id in index:
            anew.put(reading)
    for reading in readings:
        assert {one.id for one in index.near(reading)} == {one.id for one in anew.near(reading)}
