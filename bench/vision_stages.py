"""Cameras and crowds of which the truth is known, for measuring what is counted in frames.

No lens and no seed here was used to choose how people are counted in `workers.vision.detectors`;
only the errors that detectors state of themselves were widened once after a run of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from workers.simulate.sights.lens import Lens
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.things import Truth
from workers.simulate.sights.walkers import crowd
from workers.vision.counting import Count
from workers.vision.detectors.open import open_detector
from workers.vision.flow import Flow, flows
from workers.vision.frame import Frame
from workers.vision.ground import View
from workers.vision.plan import CameraPlan

AT = datetime(2026, 9, 8, 12, tzinfo=UTC)
LENSES = (
    Lens(835200, 816900, 9.5, 106, 36, 50),
    Lens(835200, 816900, 6.5, 263, 23, 68),
    Lens(835200, 816900, 11, 344, 42, 62),
)
LOW = Lens(835200, 816900, 3.4, 140, 13, 48)
"""Of a camera just above people's heads, which is what the people detector needs."""

CONDITIONS: Mapping[str, Mapping[str, Any]] = {
    "day": {},
    "night": {"light": "night"},
    "rain": {"rain": True},
    "night rain": {"light": "night", "rain": True},
    "glare": {"glare": True},
    "occlusion": {"occlusion": True},
}
DENSITIES = (0.0, 0.15, 0.4, 0.7, 1.2, 2.0, 3.6)
SIDE_M = 7.0
LEARNS = 13
LEARNS_AT = 0.25
"""People a square metre while a place is being learned: it is never empty."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One look of a detector at a scene, and what was true."""

    detector: str
    condition: str
    truth: Truth
    count: Count
    flow: Flow | None


def plan_of(lens: Lens, zone: Mapping[str, Any], detector: str) -> CameraPlan:
    """Make the plan of a camera with one zone."""
    image, grid = lens.ground_points()
    return CameraPlan.model_validate(
        {
            "id": "bench",
            "title": {"en": "Bench"},
            "publisher": "hkpf",
            "place": (114.17, 22.3),
            "source": {"kind": "snapshot", "url": "https://camera.example/a.jpg"},
            "frame": {"size": lens.size, "thermal": detector == "thermal"},
            "ground": {"image": image, "grid": grid},
            "zones": [{"id": "z", "title": {"en": "Zone"}, **zone}],
            "detector": {"name": detector},
        }
    )


def square(lens: Lens) -> list[tuple[float, float]]:
    """Give a square of the ground in the middle of a picture, in pixels."""
    away = lens.height_m / math.tan(math.radians(lens.tilt_deg)) * 1.05
    half = SIDE_M / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    return [
        (float(x), float(y))
        for x, y in lens.to_image([(*lens.ahead(a, away + b), 0.0) for a, b in corners])
    ]


def looks(detector: str, condition: str, lens: Lens, seed: int) -> Iterator[Looked]:
    """Let a new detector learn a place, then look at a crowd of each density."""
    outline = square(lens)
    plan = plan_of(lens, {"outline": outline, "use": "walkway"}, detector)
    view = View(plan)
    counter = open_detector(plan, view)
    thermal = plan.frame.thermal
    usual = crowd(lens, outline, LEARNS_AT, heading_deg=53.0 * seed, speed_mps=1.1, seed=seed)
    scene = Scene(lens, usual, seed=seed, **CONDITIONS[condition])
    learning = 3 if condition.endswith("rain") else 1
    for number in range(LEARNS if detector != "people" else 0):
        at = 31.7 * number + 7.3 * math.sin(number)
        counter.count(burst(scene, at, thermal, learning))
    for number, density in enumerate(DENSITIES):
        way, speed = (67.0 * (seed + number)) % 360, 0.7 + 0.1 * number
        walkers = (
            crowd(lens, outline, density, heading_deg=way, speed_mps=speed, seed=seed + number)
            if density
            else ()
        )
        full = replace(scene, walkers=walkers)
        at = 1000.0 + 61.0 * number
        frames = burst(full, at, thermal, 3)
        counted = counter.count(frames)
        truth = full.truth(outline, at + 0.4)
        count = counted.zones["z"]
        known = {"z": count.people / truth.area_m2} if count.people else {}
        yield Looked(
            detector,
            condition,
            truth,
            count,
            flows(view, frames, counted.who, known).get("z"),
        )


def burst(scene: Scene, at_s: float, thermal: bool, frames: int) -> Sequence[Frame]:
    """Draw so many *frames* of *scene*, a fifth of a second apart."""
    moments = [at_s + 0.2 * number for number in range(frames)]
    return [
        Frame(
            scene.thermal(at) if thermal else scene.visible(at),
            AT + timedelta(seconds=at),
            thermal,
        )
        for at in moments
    ]
