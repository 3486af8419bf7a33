"""When an exercise began, kept in the data directory so that a restart goes on with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from cop.clock import ScenarioClock
from cop.config import Settings
from cop.errors import Misconfigured
from cop.store.files import make_folder, write_anew
from workers.replay import Scenario

_FILE: Final = "exercise.json"


class Exercise(BaseModel):
    """One playing of a scenario.

    Attributes:
        scenario: key of the scenario.
        number: how many exercises have been held on this data directory, with this one.
        start: the scenario's time at *anchor*.
        anchor: the real time at which it began, or its speed last changed.
        speed: scenario seconds per real second.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    number: int
    start: AwareDatetime
    anchor: AwareDatetime
    speed: float

    @property
    def operation(self) -> str:
        """Give the id of its operation; each exercise has a picture of its own."""
        name = f"exercise-{self.scenario.replace('_', '-')}"
        return name if self.number == 1 else f"{name}-{self.number}"

    @property
    def clock(self) -> ScenarioClock:
        """Give its clock."""
        return ScenarioClock(self.start, self.anchor, self.speed)

    def applied_to(self, settings: Settings) -> Settings:
        """Give *settings* of this exercise."""
        return settings.model_copy(
            update={
                "operation": self.operation,
                "scenario": self.scenario,
                "scenario_start": self.start,
                "scenario_anchor": self.anchor,
                "speed": self.speed,
            }
        )


def resume_or_begin(
    data: Path, scenario: Scenario, speed: float | None, now: datetime | None = None
) -> tuple[Exercise, bool]:
    """Go on with the exercise of *data* if it is of *scenario* and not over; else begin one.

    Args:
        data: the data directory; the exercise is written there.
        scenario: what is to be played.
        speed: scenario seconds per real second; None: as before, or the scenario's own.
        now: the real time.

    Returns:
        The exercise, and whether it is an earlier one that goes on.

    Raises:
        Misconfigured: what is written there of an earlier one cannot be read.
        OSError: the directory cannot be written.
    """
    now = now or datetime.now(UTC)
    last = _read(data)
    resumed = (
        last is not None and last.scenario == scenario.key and last.clock.at(now) < scenario.end
    )
    if last is not None and resumed:
        exercise = last
        if speed is not None and speed != last.speed:
            exercise = last.model_copy(
                update={"start": last.clock.at(now), "anchor": now, "speed": speed}
            )
    else:
        exercise = Exercise(
            scenario=scenario.key,
            number=1 if last is None else last.number + 1,
            start=scenario.start,
            anchor=now,
            speed=speed or scenario.default_speed,
        )
    make_folder(data)
    write_anew(data / _FILE, exercise.model_dump_json(indent=2).encode())
    return exercise, resumed


def _read(data: Path) -> Exercise | None:
    file = data / _FILE
    try:
        return Exercise.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise Misconfigured(
            f"{file} does not say which exercise this is: put it back from a backup, or choose"
            " another directory with --data"
        ) from error
