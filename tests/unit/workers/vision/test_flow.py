"""Which way people go, in drawn scenes of which it is known."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.unit.workers.vision.views import PAVEMENT, STREET, a_burst, a_view, unlike
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.walkers import crowd
from workers.vision.alarms import COUNTER_PERCENT
from workers.vision.flow import Flow, flows
from workers.vision.frame import Frame
from workers.vision.ground import View

EMPTY = Scene(STREET, seed=5)


def flow_of(
    scene: Scene, *, thermal: bool = False, way_deg: float | None = None, told: bool = True
) -> Flow | None:
    """Measure the flow of a scene's people; *told*: where they are."""
    frames = a_burst(scene, thermal=thermal)
    who = unlike(frames[-1].pixels, nobody(thermal=thermal)) if told else None
    density = scene.truth(PAVEMENT, 10.4).density_per_m2
    return flows(seen_from(way_deg, thermal=thermal), frames, who, {"z0": density}).get("z0")


@cache
def seen_from(way_deg: float | None, *, thermal: bool) -> View:
    """Give the view of the camera."""
    zone = {"outline": PAVEMENT, "use": "walkway", "way_deg": way_deg}
    return a_view(STREET, [zone], thermal=thermal)


@cache
def nobody(*, thermal: bool) -> Any:
    """Give the place without anybody."""
    return EMPTY.thermal(10.4) if thermal else EMPTY.visible(10.4)


@pytest.mark.parametrize(
    ("heading_deg", "speed_mps", "per_m2", "thermal"),
    [
        (90, 1.2, 0.3, False),
        (225, 1.2, 1.0, False),
        (0, 0.5, 3.5, False),
        (135, 0.4, 4.0, True),
    ],
)
def test_direction_and_speed(
    heading_deg: float, speed_mps: float, per_m2: float, thermal: bool
) -> None:
    """Direction is within 15°, speed within a quarter, from few people to a dense crowd."""
    walkers = crowd(STREET, PAVEMENT, per_m2, heading_deg=heading_deg, speed_mps=speed_mps, seed=3)
    scene = Scene(STREET, walkers, seed=5)
    found, truth = flow_of(scene, thermal=thermal), scene.truth(PAVEMENT, 10.2)
    assert found is not None
    assert found.direction_deg is not None
    assert truth.flow_deg is not None
    assert abs((found.direction_deg - truth.flow_deg + 180) % 360 - 180) < 15
    assert found.speed_mps == pytest.approx(truth.flow_mps, rel=0.25)
    assert found.moving_percent is not None
    assert found.moving_percent > 90
    assert found.counter_percent is not None
    assert found.counter_percent < 5


def test_those_who_stand() -> None:
    """A crowd that stands has a speed near 0 and no direction."""
    found = flow_of(Scene(STREET, crowd(STREET, PAVEMENT, 1.5, seed=3), seed=5))
    assert found is not None
    assert found.direction_deg is None
    assert found.speed_mps == pytest.approx(0, abs=0.08)
    assert found.moving_percent == pytest.approx(0, abs=5)


def test_counter_flow() -> None:
    """People against the zone's way are told, and against each other where it has none."""
    one = crowd(STREET, PAVEMENT, 0.3, heading_deg=0, speed_mps=1.0, seed=3)
    other = crowd(STREET, PAVEMENT, 0.2, heading_deg=180, speed_mps=1.0, seed=9)
    both = flow_of(Scene(STREET, one + other, seed=5))
    assert both is not None
    assert both.counter_percent is not None
    assert 20 < both.counter_percent < 50
    wrong = flow_of(Scene(STREET, one, seed=5), way_deg=180)
    assert wrong is not None
    assert wrong.counter_percent is not None
    assert wrong.counter_percent > 90


@pytest.mark.parametrize("share", [0.0, 0.4])
@pytest.mark.parametrize("per_m2", [0.5, 1.5, 3.0])
def test_counter_flow_in_a_crowd(per_m2: float, share: float) -> None:
    """Of two in five against at 1.5/m² enough is told in three looks, of a crowd one way never."""
    told = []
    for seed in (1, 2, 3):
        walkers = crowd(
            STREET, PAVEMENT, per_m2 * (1 - share), heading_deg=20, speed_mps=1.0, seed=seed
        )
        if share:
            walkers += crowd(
                STREET, PAVEMENT, per_m2 * share, heading_deg=200, speed_mps=1.0, seed=seed + 50
            )
        found = flow_of(Scene(STREET, walkers, seed=5))
        assert found is not None
        told.append(found.counter_percent or 0.0)
    assert (max(told) >= COUNTER_PERCENT) == bool(share)


def test_without_being_told_where_people_are() -> None:
    """What moves tells direction and speed; who stands is then not seen, so no share is given."""
    walkers = crowd(STREET, PAVEMENT, 0.6, heading_deg=60, speed_mps=1.1, seed=3)
    found = flow_of(Scene(STREET, walkers, seed=5), told=False)
    assert found is not None
    assert found.direction_deg == pytest.approx(60, abs=15)
    assert found.moving_percent is None


def shifted(view: View, gap: timedelta) -> list[Frame]:
    """Make two frames of grain, *gap* apart."""
    wide, high = view.size
    grain = np.random.default_rng(1).integers(0, 255, (high, wide, 3), np.uint8)
    first = a_burst(EMPTY, frames=1)[0].at
    return [Frame(grain, first), Frame(np.roll(grain, 2, axis=1), first + gap)]


def test_too_little_to_see() -> None:
    """One frame, frames too far apart, nobody there or nobody of those shown: no flow."""
    view = a_view()
    one = a_burst(EMPTY, frames=1)
    assert flows(view, one, None, {"z0": 1.0}) == {}
    assert flows(view, shifted(view, timedelta(seconds=9)), None, {"z0": 1.0}) == {}
    assert flows(view, shifted(view, timedelta(0)), None, {"z0": 1.0}) == {}
    assert flows(view, a_burst(EMPTY), None, {}) == {}
    nobody = np.zeros(view.size[::-1], bool)
    assert flows(view, a_burst(EMPTY, frames=2), nobody, {"z0": 1.0}) == {}
