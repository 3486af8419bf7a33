"""Simulated pictures: the same for the same moment, and true to what they say is in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.simulate.sights.backdrop import Floor
from workers.simulate.sights.lens import Lens
from workers.simulate.sights.poses import poses
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.surface import flooded
from workers.simulate.sights.things import Block, Gauge, HotSpot, Vehicle, Water
from workers.simulate.sights.walkers import Walker, crowd, places

LENS = Lens(838_000.0, 822_500.0, 7.0, 90.0, 28.0, 62.0, (320, 240))
ZONE = ((30.0, 230.0), (290.0, 230.0), (235.0, 95.0), (90.0, 95.0))
PEOPLE = crowd(LENS, ZONE, 1.0, heading_deg=0, speed_mps=1.2, seed=3)
WEATHERS: list[dict[str, Any]] = [
    {},
    {"light": "night"},
    {"rain": True},
    {"glare": True},
    {"occlusion": True},
    {"light": "night", "rain": True},
]


def ahead(right: float, away: float) -> tuple[float, float]:
    """Give a place in front of the lens."""
    return LENS.ahead(right, away)


@pytest.mark.parametrize("weather", WEATHERS, ids=str)
def test_the_same_moment_is_the_same_picture(weather: dict[str, Any]) -> None:
    """Same scene and second: same bytes; another second: another picture, the noise too."""
    scene = Scene(LENS, PEOPLE, seed=5, **weather)
    assert scene.jpeg(3.2) == replace(scene).jpeg(3.2)
    assert np.array_equal(scene.thermal(3.2), replace(scene).thermal(3.2))
    empty = Scene(LENS, seed=5, **weather)
    assert empty.jpeg(3.2) != empty.jpeg(3.4)
    assert not np.array_equal(empty.thermal(3.2), empty.thermal(3.4))


@pytest.mark.parametrize("weather", WEATHERS, ids=str)
def test_a_picture_is_of_the_size_of_the_lens(weather: dict[str, Any]) -> None:
    """Visible: height × width × 3 bytes; thermal: height × width in °C that may be."""
    scene = Scene(LENS, PEOPLE, seed=6, **weather)
    visible, thermal = scene.visible(1.0), scene.thermal(1.0)
    assert visible.shape == (240, 320, 3)
    assert visible.dtype == np.uint8
    assert thermal.shape == (240, 320)
    assert thermal.dtype == np.float32
    assert 10 < thermal.min() < thermal.max() < 45


def in_outline(point: tuple[float, float], outline: tuple[tuple[float, float], ...]) -> bool:
    """Tell whether a pixel is inside an outline, by counting what a ray crosses."""
    x, y = point
    crossed = False
    for (x1, y1), (x2, y2) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1):
            crossed = not crossed
    return crossed


@given(st.floats(0, 900))
@settings(deadline=None, max_examples=25)
def test_truth_counts_the_feet_in_the_zone(second: float) -> None:
    """As many are inside as have their feet inside the outline in the picture."""
    truth = Scene(LENS, PEOPLE).truth(ZONE, second)
    feet = LENS.to_image([(*spot, 0.0) for spot in places(PEOPLE, second)])
    assert truth.people == sum(in_outline((x, y), ZONE) for x, y in feet.tolist())
    assert truth.density_per_m2 == pytest.approx(truth.people / truth.area_m2)
    assert truth.flow_deg is not None
    assert (truth.flow_deg + 180) % 360 == pytest.approx(180, abs=8)
    assert truth.flow_mps == pytest.approx(1.2, rel=0.1)


def test_an_empty_place_is_true_too() -> None:
    """Nobody there: none, and no direction."""
    truth = Scene(LENS).truth(ZONE, 0)
    assert (truth.people, truth.vehicles, truth.queue_m) == (0, 0, 0.0)
    assert truth.flow_deg is truth.flow_mps is truth.water_cm is truth.hot_cel is None


def test_the_nearer_of_two_is_drawn_larger() -> None:
    """Twice as near is about twice as large, and is drawn last."""
    two = tuple(Walker(*ahead(0, away), 90, 0, 1.7, 1) for away in (10.0, 22.0))
    seen = poses(LENS, two, 0)
    tall = np.hypot(*(seen.head - seen.spot).T)
    assert seen.away_m[0] > seen.away_m[1]
    assert tall[1] > 1.5 * tall[0]


def test_people_change_the_picture_where_they_stand() -> None:
    """A person is seen between feet and head, and nowhere far from there."""
    walker = Walker(*ahead(0, 12), 90, 0, 1.7, 77)
    thermal = Scene(LENS, (walker,), light="night", seed=2).thermal(0)
    without = Scene(LENS, light="night", seed=2).thermal(0)
    warmer = np.argwhere(thermal - without > 1.5)
    head, feet = LENS.to_image([(*ahead(0, 12), 1.7), (*ahead(0, 12), 0.0)])
    assert head[1] - 3 <= warmer[:, 0].min() < warmer[:, 0].max() <= feet[1] + 6
    assert np.abs(warmer[:, 1] - feet[0]).max() < 14


@pytest.mark.parametrize("light", ["day", "night"])
def test_heads_are_warmer_than_the_ground(light: Any) -> None:
    """A face towards the lens is warm, by day over ground that the sun has warmed too."""
    walker = Walker(*ahead(0, 8), 270, 0, 1.75, 4)
    thermal = Scene(LENS, (walker,), light=light, seed=3).thermal(0)
    head = LENS.to_image([(*ahead(0, 8), 1.75 * 0.91)])[0]
    x, y = int(head[0]), int(head[1])
    assert thermal[y - 3 : y + 4, x - 3 : x + 4].max() > np.median(thermal[120:]) + 0.5


def test_vehicles_are_counted_and_the_queue_is_measured() -> None:
    """A queue runs from bumper to bumper; one that drives past is counted but does not stand."""
    road = Floor("road", *ahead(0, 20), 90.0, 5.0)
    cars = [Vehicle(*ahead(0, away), 90, 0.0, seed=round(away)) for away in (10.0, 16.0, 22.0)]
    cars.append(Vehicle(*ahead(3, 14), 90, 9.0, span_m=(20, 20)))
    scene = Scene(LENS, vehicles=tuple(cars), floor=road)
    zone = tuple(
        (float(x), float(y))
        for x, y in LENS.to_image(
            [(*ahead(*spot), 0.0) for spot in ((-5, 8), (5, 8), (5, 30), (-5, 30))]
        )
    )
    truth = scene.truth(zone, 0)
    assert truth.vehicles == 4
    assert truth.queue_m == pytest.approx(12 + 4.4)
    assert scene.truth(zone, 1.5).vehicles == 3 + (14 + 13.5 < 30)


def test_water_covers_more_the_higher_it_stands() -> None:
    """Its share, its mask and how much of the staff is covered grow with the level."""
    shares, masks = [], []
    for level in (0.0, 10.0, 40.0, 90.0):
        gauge = Gauge(*ahead(3, 12), 150)
        water = Water(*ahead(0, 12), 90.0, 8.0, 30.0, 80.0, level, gauge)
        scene = Scene(LENS, water=water, floor=Floor("road", *ahead(0, 12), 90.0, 5.0))
        truth = scene.truth(ZONE, 0)
        assert truth.water_cm == level
        shares.append(truth.flooded_percent)
        masks.append(int((flooded(LENS, water) > 0).sum()))
        assert scene.visible(0).shape == (240, 320, 3)
    assert shares == sorted(shares)
    assert masks == sorted(masks)
    assert shares[0] == masks[0] == 0
    assert shares[-1] > 50


def test_hot_things_are_as_hot_as_they_are() -> None:
    """The hottest pixels show the temperature of a hot spot; the truth names it in its zone."""
    spot = HotSpot(*ahead(0, 9), 1.0, 0.5, 88.0, flames=True)
    box = Block(*ahead(0, 9.6), 90.0, 0.8, 1.2, 1.6)
    scene = Scene(LENS, hot_spots=(spot,), blocks=(box,), light="night")
    assert scene.thermal(0).max() == pytest.approx(88, abs=1.5)
    around = ((100.0, 40.0), (220.0, 40.0), (220.0, 230.0), (100.0, 230.0))
    assert scene.truth(around, 0).hot_cel == 88.0
    assert scene.truth(((5.0, 200.0), (40.0, 200.0), (20.0, 235.0)), 0).hot_cel is None
    assert not np.array_equal(
        scene.visible(0), Scene(LENS, blocks=(box,), light="night").visible(0)
    )


def test_glare_blinds_a_part_and_night_is_darker() -> None:
    """What makes it hard to see is in the picture."""
    day = Scene(LENS, PEOPLE, seed=5).visible(0)
    assert Scene(LENS, PEOPLE, seed=5, light="night").visible(0).mean() < 0.7 * day.mean()
    white = (Scene(LENS, PEOPLE, seed=5, glare=True).visible(0) > 250).all(axis=2).mean()
    assert 0.01 < white < 0.5
    assert (day > 250).all(axis=2).mean() < 0.01
