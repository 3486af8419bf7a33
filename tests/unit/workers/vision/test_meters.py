"""Vehicles, water and heat, in drawn scenes of which they are known."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from cop.model.sight import Unknown
from tests.unit.workers.vision.views import NOW, a_burst, a_view
from workers.simulate.sights.backdrop import Floor
from workers.simulate.sights.lens import Lens
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.things import Gauge, HotSpot, Vehicle, Water
from workers.vision.frame import Frame
from workers.vision.heat import Heat
from workers.vision.measured import Measured
from workers.vision.meters import Meters
from workers.vision.reference import LOOKS

LENS = Lens(836500, 822300, 7, 0, 20, 50)
EAST, NORTH = LENS.ahead(0, 20)
ROAD = Scene(LENS, floor=Floor("road", EAST, NORTH, 0), seed=5)
OUTLINE = tuple(
    tuple(pixel)
    for pixel in LENS.to_image(
        [(*LENS.ahead(right, away), 0.0) for right, away in ((-4, 13), (4, 13), (4, 32), (-4, 32))]
    ).tolist()
)
STAFF = tuple(
    tuple(pixel) for pixel in LENS.to_image([(EAST, NORTH, 0), (EAST, NORTH, 1.5)]).tolist()
)


def cars(count: int, speed_mps: float) -> tuple[Vehicle, ...]:
    """Make cars in one lane, front ones first, 2 m apart."""
    return tuple(
        Vehicle(EAST - 1.9, NORTH + 8 - 6.4 * number, 0, speed_mps, seed=3 * number)
        for number in range(count)
    )


def flood(level_cm: float, gauge: bool = False) -> Water:
    """Make water in a dip at the middle of the zone."""
    return Water(EAST, NORTH, 0, 9, 6, 40, level_cm, Gauge(EAST, NORTH, 150) if gauge else None)


@lru_cache(maxsize=LOOKS + 1)
def empty_road(at_s: float) -> tuple[Frame, ...]:
    """Give frames of the road without anything on it, which most meters here learn from."""
    frames = a_burst(ROAD, at_s)
    for frame in frames:
        frame.pixels.flags.writeable = False
    return frames


def look_at(meters: Meters, scene: Scene, at_s: float = 10.0) -> Measured:
    """Let meters look at a scene."""
    return meters.look(empty_road(at_s) if scene == ROAD else a_burst(scene, at_s))["z0"]


def learned(meters: Meters, scene: Scene) -> Meters:
    """Let meters learn how a scene looks usually; while they do nothing is known."""
    for number in range(LOOKS):
        assert look_at(meters, scene, 60.0 * number).unknown is Unknown.LEARNING
    return meters


def road_meters() -> Meters:
    """Make the meters of the road, which have seen it without vehicles."""
    zone = {"outline": OUTLINE, "use": "road", "way_deg": 0}
    return learned(Meters(a_view(LENS, [zone])), ROAD)


def meters_least(zone: dict[str, object]) -> float:
    """Give the confidence below which a value of a zone is unknown."""
    return a_view(LENS, [zone]).plan.detector.confidence


def test_vehicles() -> None:
    """Vehicles are counted; those that stand make a queue, those that drive do not."""
    meters = road_meters()
    nothing = look_at(meters, ROAD)
    assert nothing.value == 0
    assert nothing.extra["queue_m"] == 0
    queue = look_at(meters, replace(ROAD, vehicles=cars(3, 0)))
    assert queue.value == pytest.approx(3, abs=1)
    assert queue.extra["queue_m"] == pytest.approx(3 * 4.4 + 2 * 2, rel=0.3)
    assert queue.extra["moving_percent"] == 0
    driving = look_at(meters, replace(ROAD, vehicles=cars(2, 9)), at_s=0.0)
    assert driving.value == pytest.approx(2, abs=1)
    assert driving.extra["queue_m"] == 0
    assert driving.extra["moving_percent"] == 100
    single = meters.look(a_burst(replace(ROAD, vehicles=cars(3, 0)), frames=1))["z0"]
    assert "queue_m" not in single.extra


@pytest.mark.parametrize("lanes", [1, 2])
def test_no_road_is_empty_by_rain(lanes: int) -> None:
    """Cars far off in rain are counted, or nothing is sure; an empty road in rain is empty."""
    rain = replace(ROAD, rain=True)
    zone = {"outline": OUTLINE, "use": "road", "way_deg": 0, "lanes": lanes}
    meters = Meters(a_view(LENS, [zone]))
    for number in range(LOOKS):
        look_at(meters, rain, 60.0 * number)
    least = meters_least(zone)
    for seed in range(6):
        grey = tuple(replace(car, seed=seed + 3 * n) for n, car in enumerate(cars(2, 0)))
        found = look_at(meters, replace(rain, vehicles=grey), 900.0 + 60 * seed)
        assert found.value != 0 or found.confidence < least
    empty = look_at(meters, rain, 2000.0)
    assert (empty.value, empty.confidence >= least) == (0, True)
    fog = [
        replace(frame, pixels=(frame.pixels * 0.2 + 110).astype(np.uint8))
        for frame in a_burst(rain, 2100.0)
    ]
    assert meters.look(fog)["z0"].confidence < least


def test_vehicles_are_not_told_in_glare_or_dark() -> None:
    """Where a lamp shines in, or in the dark, nothing is said."""
    meters = road_meters()
    dazzled = look_at(meters, replace(ROAD, glare=True, vehicles=cars(3, 0)))
    assert (dazzled.value, dazzled.unknown) == (None, Unknown.HIDDEN)
    away = replace(ROAD, lens=replace(LENS, bearing_deg=40))
    assert look_at(meters, away).unknown is Unknown.HIDDEN
    black = np.full((480, 640, 3), 9, np.uint8)
    assert meters.look([Frame(black, NOW)])["z0"].unknown is Unknown.HIDDEN


@pytest.mark.parametrize(("level_cm", "night"), [(30, False), (66, True), (120, False)])
def test_water_by_a_staff(level_cm: float, night: bool) -> None:
    """The level is read to within two of its own errors and 4 cm, by day and by lamps."""
    gauge = {"line": STAFF, "height_cm": 150}
    zone = {"outline": OUTLINE, "use": "water", "gauge": gauge}
    scene = replace(ROAD, water=flood(level_cm, gauge=True), light="night" if night else "day")
    found = look_at(Meters(a_view(LENS, [zone])), scene)
    assert found.value is not None
    assert abs(found.value - level_cm) < max(2 * found.error, 4)
    assert found.confidence > 0.5


def test_a_staff_that_is_dry_or_not_there() -> None:
    """A staff seen down to its foot is at 0; without a staff to be seen nothing is said."""
    gauge = {"line": STAFF, "height_cm": 150}
    meters = Meters(a_view(LENS, [{"outline": OUTLINE, "use": "water", "gauge": gauge}]))
    dry = look_at(meters, replace(ROAD, water=flood(0, gauge=True)))
    assert dry.value == pytest.approx(0, abs=3)
    gone = meters.look([Frame(np.full((480, 640, 3), 90, np.uint8), NOW)])["z0"]
    assert (gone.value, gone.unknown) == (None, Unknown.HIDDEN)


def test_water_by_share() -> None:
    """The flooded share is told against how the road looks dry; rain alone is no flood."""
    meters = learned(Meters(a_view(LENS, [{"outline": OUTLINE, "use": "water"}])), ROAD)
    assert look_at(meters, replace(ROAD, rain=True)).value == pytest.approx(0, abs=4)
    for level_cm in (8, 25):
        scene = replace(ROAD, water=flood(level_cm))
        true = scene.truth(OUTLINE, 10).flooded_percent
        assert look_at(meters, scene).value == pytest.approx(true, abs=10)
    assert look_at(meters, ROAD).value == pytest.approx(0, abs=4)
    dazzled = look_at(meters, replace(ROAD, glare=True))
    assert (dazzled.value, dazzled.unknown) == (None, Unknown.HIDDEN)


def test_water_that_rises_over_all_and_falls_by_daylight() -> None:
    """What was seen to flood stays so, far beyond the zone and in other light, until it is dry."""
    zone = {"outline": OUTLINE, "use": "water"}
    night = replace(ROAD, light="night", rain=True)
    meters = learned(Meters(a_view(LENS, [zone])), night)

    def share(scene: Scene, level_cm: float, number: int) -> tuple[Measured, float]:
        water = Water(EAST, NORTH, 0, 14, 40, 40, level_cm)
        scene = replace(scene, water=water)
        at_s = 1000.0 + 240 * number
        return look_at(meters, scene, at_s), scene.truth(OUTLINE, at_s).flooded_percent

    levels = (6, 10, 15, 20, 28, 36, 44, 52, 60, 70)
    looks = [share(night, level, number) for number, level in enumerate(levels)]
    day = replace(ROAD, rain=True)
    falling = (60, 44, 30, 18, 8, 2)
    looks += [share(day, level, 20 + number) for number, level in enumerate(falling)]
    assert looks[9][1] == 100
    for found, true in looks:
        assert found.value is not None
        assert found.confidence >= 0.5
        assert found.value == pytest.approx(true, abs=max(2.5 * found.error, 10))
        assert true < 50 or found.value > 40
    dark = [Frame(np.full((480, 640, 3), 4, np.uint8), NOW)]
    assert meters.look(dark)["z0"].unknown is Unknown.HIDDEN
    for number in range(LOOKS + 1):  # dry for a while, its new look is learned
        last = look_at(meters, day, 9000.0 + 240 * number)
    assert last.value == pytest.approx(0, abs=4)
    assert last.confidence > 0.9


def test_a_flooded_zone_that_dazzles_or_has_no_marks() -> None:
    """While a lamp shines into what was flooded, it stays at least as flooded as it was."""
    meters = learned(Meters(a_view(LENS, [{"outline": OUTLINE, "use": "water"}])), ROAD)
    flooded = replace(ROAD, water=flood(25))
    before = look_at(meters, flooded)
    found = look_at(meters, replace(flooded, glare=True))
    assert found.value == before.value
    assert found.error >= 10
    assert found.confidence >= 0.5


def test_a_staff_that_drowns() -> None:
    """A staff under water to its top and then out of sight stands for the last level read."""
    gauge = {"line": STAFF, "height_cm": 150}
    meters = Meters(a_view(LENS, [{"outline": OUTLINE, "use": "water", "gauge": gauge}]))
    assert look_at(meters, replace(ROAD, water=flood(130, gauge=True))).value is not None
    gone = [Frame(np.full((480, 640, 3), 90, np.uint8), NOW)]
    drowned = meters.look(gone)["z0"]
    assert drowned.value is not None
    assert drowned.value + drowned.error >= 149
    assert drowned.confidence >= 0.5
    look_at(meters, replace(ROAD, water=flood(20, gauge=True)))
    assert meters.look(gone)["z0"].unknown is Unknown.HIDDEN


def test_heat() -> None:
    """The hottest part of a zone is told, and how large what is too hot is."""
    zone = {"outline": OUTLINE, "use": "heat"}
    meters = Meters(a_view(LENS, [zone], thermal=True))
    cool = meters.look(a_burst(ROAD, frames=1, thermal=True))["z0"]
    assert cool.value is not None
    assert cool.value < 50
    assert cool.extra["hot_area_m2"] == 0
    spot = HotSpot(EAST, NORTH, 0.2, 1.0, 180)
    hot = meters.look(a_burst(replace(ROAD, hot_spots=(spot,)), frames=1, thermal=True))["z0"]
    assert hot.value == pytest.approx(180, rel=0.1)
    assert hot.extra["hot_area_m2"] > 1


def test_heat_that_cannot_be_told() -> None:
    """A camera without temperatures, or without them for much of the zone, says nothing."""
    view = a_view(LENS, [{"outline": OUTLINE, "use": "heat"}])
    zone = view.zones["z0"]
    assert Heat(view).look(a_burst(ROAD, frames=1), zone).unknown is Unknown.UNSURE
    assert Heat(view).look([], zone).unknown is Unknown.UNSURE
    blind = np.full((480, 640), np.nan, np.float32)
    assert Heat(view).look([Frame(blind, NOW, thermal=True)], zone).unknown is Unknown.HIDDEN


def test_zones_for_people_have_no_meter() -> None:
    """Meters say nothing of zones for people."""
    meters = Meters(a_view(LENS, [{"outline": OUTLINE, "use": "queue"}]))
    assert meters.look(a_burst(ROAD, frames=1)) == {}
