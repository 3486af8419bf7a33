"""When something was done, by phones whose clocks are wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.model.kinds import Incident
from cop.services.commands.context import Context
from cop.services.commands.moments import moment
from cop.services.commands.plan import Asked
from tests.unit.services.commands.acting import NOON, TEAM, Room, StandingClock

STEP_AT = NOON - timedelta(minutes=30)


def at(seconds: float | None) -> tuple[float, bool]:
    """Say a time after noon, noon being now, of what follows a step at half past eleven.

    Gives what it was taken as, and whether the clock was found to be wrong.
    """
    said = None if seconds is None else NOON + timedelta(seconds=seconds)
    taken = moment(
        Context(Room().desk, Asked(identity=TEAM, key="k"), ""), said, not_before=STEP_AT
    )
    codes = [caution.code for caution in taken.cautions]
    assert codes in ([], ["clock-off"])
    return (taken.at - NOON).total_seconds(), bool(codes)


@pytest.mark.parametrize(
    ("said", "taken", "wrong"),
    [
        (None, 0, False),
        (0, 0, False),
        (-600, -600, False),
        (-599.4, -600, False),
        (119, 0, False),
        (120, 0, False),
        (121, 0, True),
        (86_400 * 365 * 30, 0, True),
        (-1800, -1800, False),
        (-1801, -1800, False),
        (-1920, -1800, False),
        (-1921, -1800, True),
        (-86_400 * 365 * 50, -1800, True),
    ],
)
def test_a_time_is_put_between_the_step_before_and_now(
    said: float | None, taken: float, wrong: bool
) -> None:
    """Never to come and never before what it follows; two minutes either way are nobody's fault."""
    assert at(said) == (taken, wrong)


def test_a_fast_exercise_makes_no_clock_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """At sixty minutes a minute, a phone that is seconds behind is minutes off, and is not told."""
    monkeypatch.setattr(StandingClock, "speed", 60.0)
    assert at(7_200) == (0, False)
    assert at(7_201) == (0, True)
    assert at(-1800 - 7_200) == (-1800, False)


def test_now_is_not_before_what_it_follows() -> None:
    """Where another machine's clock was ahead, the times of steps go on all the same."""
    context = Context(Room().desk, Asked(identity=TEAM, key="k"), "")
    ahead = NOON + timedelta(seconds=3)
    assert moment(context, None, not_before=ahead).at == ahead
    assert moment(context, NOON, not_before=ahead).at == ahead


@pytest.mark.parametrize(
    ("said", "taken", "wrong"),
    [
        (-5 * 3600, -5 * 3600, False),
        (60, 0, False),
        (600, 0, True),
        (-14 * 86_400, -14 * 86_400, False),
        (-15 * 86_400, 0, True),
    ],
)
def test_a_report_is_of_when_it_was_seen(said: float, taken: float, wrong: bool) -> None:
    """What a phone kept for hours was so then; the desk's own time to look begins now."""
    room = Room()
    seen = NOON + timedelta(seconds=said)
    told = room.do("POST /incidents", TEAM, incident_type="flooding", at=seen)
    incident = room.see(told.id, Incident)
    was = NOON + timedelta(seconds=taken)
    assert (incident.reported_at, incident.observed_at) == (was, was)
    assert incident.steps == {"reported": NOON}
    assert [caution.code for caution in told.cautions] == (["clock-off"] if wrong else [])
