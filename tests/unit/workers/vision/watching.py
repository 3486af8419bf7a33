"""A camera for tests: its plan, frames of it, and what stands in for its source."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from workers.vision.counting import Count, Counted
from workers.vision.frame import Frame
from workers.vision.plan import CameraPlan

AT = datetime(2026, 9, 8, 12, tzinfo=UTC)
SIZE = (320, 180)


def plan(camera: str = "pier-4", **tables: Any) -> CameraPlan:
    """Give the plan of a camera at Central that looks at a walkway, 8 m wide and 20 m long."""
    given: dict[str, Any] = {
        "id": camera,
        "title": {"en": "Pier 4", "zh-Hant": "四號碼頭", "zh-Hans": "四号码头"},
        "publisher": "HKPF",
        "place": [114.1585, 22.2870],
        "source": {"kind": "snapshot", "url": "https://cctv.example/now.jpg"},
        "frame": {"size": SIZE},
        "ground": {
            "image": [[40, 175], [280, 175], [200, 60], [120, 60]],
            "grid": [[834010, 816020], [834018, 816020], [834018, 816040], [834010, 816040]],
        },
        "zones": [
            {
                "id": "deck",
                "title": {"en": "Deck", "zh-Hant": "平台", "zh-Hans": "平台"},
                "outline": [[60, 170], [260, 170], [195, 65], [125, 65]],
                "use": "walkway",
            }
        ],
        "detector": {"name": "background"},
        "privacy": {"view": "responder"},
    }
    return CameraPlan.model_validate(given | tables)


def written(of: CameraPlan, every_s: float = 120) -> str:
    """Give the file of a camera, with another interval."""
    tables = of.model_dump(mode="json", exclude_none=True)
    tables["source"]["every_s"] = every_s
    zones = tables.pop("zones")
    lines = [f"{name} = {_toml(value)}" for name, value in tables.items()]
    lines += [f"zones = [{', '.join(map(_toml, zones))}]"]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{name} = {_toml(each)}" for name, each in value.items())
        return f"{{ {inner} }}"
    return json.dumps(value, ensure_ascii=False)


def frame(number: int = 0, at: datetime = AT) -> Frame:
    """Give a frame that differs from those of other numbers."""
    noise = np.random.default_rng(number).integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    return Frame(noise, at + timedelta(seconds=number))


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is set."""

    at: datetime = AT
    speed: float = 1.0

    def now(self) -> datetime:
        """Tell the time that it was set to."""
        return self.at


@dataclass(slots=True)
class Given:
    """A source that gives what it is told to, or raises it; the last again and again."""

    looks: list[Any] = field(default_factory=list)

    def take(self) -> tuple[Frame, ...]:
        """Give the frames of the next look."""
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(look, BaseException):
            raise look
        return tuple(look() if callable(look) else look)


@dataclass(slots=True)
class Steady:
    """A detector that always sees the same number of people in every zone."""

    plan: CameraPlan
    people: float | Callable[[], float] = 12.0
    method: str = "steady"

    def count(self, _: Any) -> Counted:
        """Count."""
        people = self.people if isinstance(self.people, float) else self.people()
        one = Count(people, error=1.0, confidence=0.9)
        return Counted({zone.id: one for zone in self.plan.zones})


class Well:
    """The health of a camera that always gives good frames."""

    def __init__(self, _: CameraPlan) -> None:
        """Be well."""

    def look(self, frames: Any, now: datetime | None = None) -> None:
        """Find nothing."""
