"""What is counted in frames against what is true, on lenses and crowds that no tuning used."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bench.figures import Figure
from bench.vision_stages import CONDITIONS, LENSES, LOW, Looked, burst, looks, plan_of
from workers.simulate.sights.backdrop import Floor
from workers.simulate.sights.lens import Lens
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.things import Gauge, HotSpot, Truth, Vehicle, Water
from workers.vision.ground import View
from workers.vision.measured import Measured
from workers.vision.meters import Meters
from workers.vision.reference import LOOKS

SEED = 12300
BANDS = ((0.0, 0.0), (0.0, 0.5), (0.5, 1.5), (1.5, 4.2))
AIMS = {"thermal": 10.0, "background": 25.0}
ROAD_LENS = Lens(835200, 816900, 8, 0, 22, 52)
SITUATIONS = 8


def run() -> Iterator[Figure]:
    """Measure; about three minutes."""
    flowing: list[Looked] = []
    for detector in ("thermal", "background", "people"):
        for condition in CONDITIONS:
            if (detector, condition) == ("thermal", "glare") or (
                detector == "people" and condition != "day"
            ):
                continue
            lenses = (LOW,) if detector == "people" else LENSES
            made = [
                one
                for number, lens in enumerate(lenses)
                for one in looks(detector, condition, lens, SEED + 10 * number)
            ]
            flowing += made
            yield from _counted(detector, condition, made)
    yield from _calibrated(flowing)
    yield from _flowing(flowing)
    yield from _measured()


def _counted(detector: str, condition: str, made: Sequence[Looked]) -> Iterator[Figure]:
    for low, high in BANDS:
        band = [one for one in made if _within(one.truth.density_per_m2, low, high)]
        if not band:
            continue
        known = [one for one in band if one.count.people is not None]
        name = f"vision, {detector}, {condition}, " + (
            f"{low:g} to {high:g} people/m²" if high else "nobody"
        )
        unknown = f"{len(band)} looks, {len(band) - len(known)} unknown" + _why(band)
        if not known:
            yield Figure(f"{name}: unknown", 100, "%", note=unknown)
            continue
        off = [(one.count.people or 0) - one.truth.people for one in known]
        if not high:
            mean = statistics.fmean(abs(one) for one in off)
            yield Figure(f"{name}: people counted", mean, "people", note=unknown)
            continue
        shares = [100 * a / one.truth.people for a, one in zip(off, known, strict=True)]
        density = statistics.fmean(
            abs(a) / one.truth.area_m2 for a, one in zip(off, known, strict=True)
        )
        sure = sum(abs(a) <= 2 * one.count.error for a, one in zip(off, known, strict=True)) / len(
            known
        )
        yield Figure(
            f"{name}: mean error of the count",
            statistics.fmean(abs(one) for one in shares),
            "%",
            note=f"{unknown}; bias {statistics.fmean(shares):+.0f} %, density off by "
            f"{density:.2f}/m², {100 * sure:.0f} % within 2 σ",
        )


def _calibrated(made: Sequence[Looked]) -> Iterator[Figure]:
    for detector in ("thermal", "background"):
        mine = [one for one in made if one.detector == detector and one.count.people is not None]
        hit = [abs((o.count.people or 0) - o.truth.people) <= 2 * o.count.error for o in mine]
        yield Figure(
            f"vision, {detector}, all conditions: truth within 2 σ",
            100 * sum(hit) / len(hit),
            "%",
            note=f"aim 95; {len(mine)} known counts",
        )
        best = [
            o
            for o in mine
            if o.condition in {"day", "night"} and 0 < o.truth.density_per_m2 <= _limit(detector)
        ]
        if detector == "background":
            best = [one for one in best if one.condition == "day"]
        yield Figure(
            f"vision, {detector}, where it is meant for: mean error of the count",
            statistics.fmean(100 * abs((o.count.people or 0) / o.truth.people - 1) for o in best),
            "%",
            note=f"aim {AIMS[detector]:g}; {len(best)} known counts, up to"
            f" {_limit(detector):g} people/m², "
            + ("day and night" if detector == "thermal" else "by day"),
        )


def _flowing(made: Sequence[Looked]) -> Iterator[Figure]:
    for detector in ("thermal", "background"):
        for condition in CONDITIONS:
            moved = [
                (one.truth, one.flow)
                for one in made
                if one.detector == detector
                and one.condition == condition
                and one.truth.flow_deg is not None
                and one.truth.people >= 5
            ]
            told = [
                (truth, flow)
                for truth, flow in moved
                if flow is not None and flow.direction_deg is not None
            ]
            if not told:
                continue
            turned = [
                abs((flow.direction_deg - truth.flow_deg + 180) % 360 - 180)  # type: ignore[operator]
                for truth, flow in told
            ]
            speeds = [
                100 * abs(flow.speed_mps / truth.flow_mps - 1)
                for truth, flow in told
                if flow.speed_mps is not None and truth.flow_mps
            ]
            yield Figure(
                f"vision, flow by {detector}, {condition}: mean error of the direction",
                statistics.fmean(turned),
                "°",
                note=f"aim 15; worst {max(turned):.0f}; speed off by"
                f" {statistics.fmean(speeds):.0f} %; {len(told)} of {len(moved)} told",
            )


def _measured() -> Iterator[Figure]:
    """Measure vehicles, water and heat."""
    dice = random.Random(SEED)
    east, north = ROAD_LENS.ahead(0, 21)
    road = Scene(ROAD_LENS, floor=Floor("road", east, north, 0), seed=SEED)
    corners = ((-4, 14), (4, 14), (4, 34), (-4, 34))
    outline = ROAD_LENS.to_image([(*ROAD_LENS.ahead(*c), 0.0) for c in corners]).tolist()
    foot, top = ROAD_LENS.to_image([(east, north, 0.0), (east, north, 1.5)]).tolist()

    def cars() -> Scene:
        count = dice.randint(0, 5)
        placed = [
            Vehicle(east + side, north + 9 - 6.6 * n, 0, 0, seed=dice.randint(0, 999))
            for n in range((count + 1) // 2)
            for side in (-1.9, 1.9)
        ]
        return replace(road, vehicles=tuple(placed[:count]))

    def flood() -> Scene:
        gauge = Gauge(east, north, 150)
        water = Water(east, north, 0, 9, 6, 40, dice.uniform(8, 110), gauge)
        return replace(road, water=water)

    def fire() -> Scene:
        spot = HotSpot(east + dice.uniform(-2, 2), north, 0.4, 0.6, dice.uniform(60, 140))
        return replace(road, hot_spots=(spot,))

    zone = {"outline": outline, "use": "road", "way_deg": 0}
    wet = {"outline": outline, "use": "water"}
    staff = {**wet, "gauge": {"line": (foot, top), "height_cm": 150}}
    hot = {"outline": outline, "use": "heat"}
    for name, unit, table, made, true in (
        ("vehicles standing", "vehicles", zone, cars, lambda t: t.vehicles),
        ("water by a staff", "cm", staff, flood, lambda t: t.water_cm),
        ("water by the flooded share", "points", wet, flood, lambda t: t.flooded_percent),
        ("hottest surface", "°C", hot, fire, lambda t: t.hot_cel),
    ):
        scenes = [made() for _ in range(SITUATIONS)]
        yield _metered(name, unit, table, usual=road, scenes=scenes, true=true)


def _metered(
    name: str,
    unit: str,
    zone: dict[str, object],
    *,
    usual: Scene,
    scenes: Sequence[Scene],
    true: Callable[[Truth], float | None],
) -> Figure:
    thermal = zone["use"] == "heat"
    plan = plan_of(ROAD_LENS, zone, "thermal" if thermal else "background")
    meters = Meters(View(plan))
    for number in range(0 if thermal else LOOKS):
        meters.look(burst(usual, 60.0 * number, thermal, 3))
    off, hits = [], 0
    for number, scene in enumerate(scenes):
        at = 900.0 + 60 * number
        found: Measured = meters.look(burst(scene, at, thermal, 3))["z"]
        if found.value is not None and found.confidence >= plan.detector.confidence:
            truth = true(scene.truth(plan.zones[0].outline, at))
            assert truth is not None
            off.append(abs(found.value - truth))
            hits += off[-1] <= 2 * found.error
    return Figure(
        f"vision, {name}: mean error",
        statistics.fmean(off) if off else float("nan"),
        unit,
        note=f"{len(scenes)} scenes by day, {len(scenes) - len(off)} unknown;"
        f" {hits} of {len(off)} within 2 σ",
    )


def _within(density: float, low: float, high: float) -> bool:
    return density == 0 if not high else low < density <= high


def _why(band: Sequence[Looked]) -> str:
    names = sorted({one.count.unknown.value for one in band if one.count.unknown is not None})
    return f" ({', '.join(names)})" if names else ""


def _limit(detector: str) -> float:
    return 4.2 if detector == "thermal" else 1.5
