from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cop.config import Settings
from cop.errors import Misconfigured
from cop.launcher.exercise import resume_or_begin
from cop.launcher.up import for_exercise
from cop.model.text import text
from workers.replay import Scenario

START = datetime(2023, 9, 7, 12, tzinfo=UTC)
NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)


def a_scenario(key: str = "black-rainstorm") -> Scenario:
    """Make a scenario of one hour that answers nothing."""
    return Scenario(
        key=key,
        title=text("Rain"),
        summary=text("Rain"),
        start=START,
        end=START + timedelta(hours=1),
        default_speed=60,
        answer=lambda _url, _now: None,
    )


def test_begins_at_the_scenarios_start(tmp_path: Path) -> None:
    """A first exercise begins now, at the scenario's own speed, as an operation of its own."""
    exercise, resumed = resume_or_begin(tmp_path, a_scenario(), None, NOON)
    assert not resumed
    settings = exercise.applied_to(Settings())
    assert settings.operation == "exercise-black-rainstorm"
    assert settings.exercise
    assert (settings.scenario_start, settings.scenario_anchor) == (START, NOON)
    assert settings.speed == 60


def test_goes_on_after_a_restart(tmp_path: Path) -> None:
    """While the scenario is not over, a restart goes on with the same clock and operation."""
    first, _ = resume_or_begin(tmp_path, a_scenario(), None, NOON)
    second, resumed = resume_or_begin(tmp_path, a_scenario(), None, NOON + timedelta(seconds=1))
    assert resumed
    assert second == first


@pytest.mark.parametrize(
    ("speed", "scenario"), [(None, a_scenario()), (1.0, a_scenario()), (None, a_scenario("wind"))]
)
def test_begins_anew(tmp_path: Path, speed: float | None, scenario: Scenario) -> None:
    """When the last is over, or of another scenario, a new exercise has a picture of its own."""
    long_ago = NOON - timedelta(hours=2 if scenario.key != "wind" else 0)
    first, _ = resume_or_begin(tmp_path, a_scenario(), speed and 60.0, long_ago)
    second, resumed = resume_or_begin(tmp_path, scenario, speed, NOON)
    assert not resumed
    assert second.operation == f"exercise-{scenario.key}-2" != first.operation
    assert second.anchor == NOON


def test_a_new_speed_does_not_jump(tmp_path: Path) -> None:
    """At another speed the scenario's time goes on from where it was."""
    first, _ = resume_or_begin(tmp_path, a_scenario(), 10, NOON - timedelta(seconds=60))
    second, resumed = resume_or_begin(tmp_path, a_scenario(), 100, NOON)
    assert resumed
    assert second.speed == 100
    assert second.operation == first.operation
    assert second.start == second.clock.at(NOON) == first.clock.at(NOON)


@pytest.mark.parametrize(
    ("sender", "expected"),
    [("", "exercise@cop.invalid"), ("cop@example.hk", "cop@example.hk")],
    ids=["nobody named", "named"],
)
def test_everything_can_be_tried_in_an_exercise(sender: str, expected: str) -> None:
    """It has a public site and a sender of alerts, which is nobody's address unless one is set."""
    ready = for_exercise(Settings(operation="exercise-rain", alert_sender=sender))
    assert ready.public_exercise
    assert ready.alert_sender == expected


@pytest.mark.parametrize("written", ["{", '{"scenario": 1}', ""], ids=["torn", "other", "empty"])
def test_what_cannot_be_read_is_not_begun_over(tmp_path: Path, written: str) -> None:
    """A first exercise would go on with the picture of the one that was held before."""
    (tmp_path / "exercise.json").write_text(written)
    with pytest.raises(Misconfigured, match="choose another directory"):
        resume_or_begin(tmp_path, a_scenario(), None, NOON)
    assert (tmp_path / "exercise.json").read_text() == written
