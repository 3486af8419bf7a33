"""Which alarms stand, look after look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.model.entity import Severity
from cop.model.kinds import Observation
from cop.model.sight import Alarm, Sight, Watched, ZoneUse
from tests.unit.workers.vision.views import NOW
from workers.vision.alarms import KEPT_UNSEEN, alarms
from workers.vision.plan import ZonePlan

STEP = timedelta(minutes=2)


def a_zone(use: ZoneUse, **limits: Any) -> ZonePlan:
    """Make a zone."""
    outline = ((0, 0), (10, 0), (10, 10))
    return ZonePlan.model_validate(
        {"id": "z", "title": {"en": "Z"}, "outline": outline, "use": use, **limits}
    )


def a_look(
    use: ZoneUse, value: float | None, standing: tuple[Alarm, ...] = (), **measures: float
) -> Observation:
    """Make what one look found."""
    sight = Sight(camera="camera:c", zone="z", use=use, method="x", alarms=standing)
    return Observation(
        id="vision:c.z",
        publisher="hkpf",
        measure="x",
        value=value,
        measures=measures,
        sight=sight,
    )


def run(zone: ZonePlan, *looks: tuple[float | None, dict[str, float]]) -> list[tuple[Alarm, ...]]:
    """Give the alarms that stand after each of *looks*, two minutes apart."""
    before: Observation | None = None
    given = []
    for number, (value, measures) in enumerate(looks):
        seen = a_look(zone.use, value, **measures)
        standing = alarms(zone, seen, before, NOW + number * STEP)
        before = a_look(zone.use, value, standing, **measures)
        given.append(standing)
    return given


def severities(zone: ZonePlan, *values: float | None) -> list[str]:
    """Give the severity of the one alarm after each value, "" where none stands."""
    return [
        "".join(a.severity for a in standing) for standing in run(zone, *((v, {}) for v in values))
    ]


@pytest.mark.parametrize(
    ("limits", "values", "expected"),
    [
        # Fruin's levels E and F of a walkway, and 1.6 times F's
        ({}, (1.0, 1.1, 2.2, 3.5), ["", "Moderate", "Severe", "Extreme"]),
        # what has begun ends below nine tenths of where it began
        ({}, (1.1, 1.0, 0.96, 1.0), ["Moderate", "Moderate", "", ""]),
        ({}, (2.2, 2.0, 1.9, 0.98), ["Severe", "Severe", "Moderate", "Moderate"]),
        # the operator's own limit
        ({"dense_per_m2": 2.0}, (1.9, 2.0, 2.5, 3.2), ["", "Moderate", "Severe", "Extreme"]),
        # bodies that touch all round are the worst, whatever limit is set
        ({"dense_per_m2": 5.0}, (5.0, 5.6), ["Moderate", "Extreme"]),
        ({"dense_per_m2": 9.0}, (5.4, 5.6), ["", "Extreme"]),
    ],
)
def test_dense(limits: dict[str, float], values: tuple[float], expected: list[str]) -> None:
    """Density is an alarm by Fruin's levels, or by the limit of the plan."""
    assert severities(a_zone("walkway", **limits), *values) == expected


def test_since_is_kept() -> None:
    """An alarm keeps when it began, and begins anew after it has ended."""
    first, second, _, fourth = run(a_zone("walkway"), (1.2, {}), (1.3, {}), (0.2, {}), (1.2, {}))
    assert first[0].since == second[0].since == NOW
    assert fourth[0].since == NOW + 3 * STEP


def test_unseen() -> None:
    """While nothing is known an alarm stands, and says so, for a quarter of an hour."""
    looks = run(a_zone("walkway"), (1.2, {}), *[(None, {})] * 10)
    for number, standing in enumerate(looks[1:], start=1):
        unseen = (number - 1) * STEP
        if unseen > KEPT_UNSEEN:
            assert standing == ()
        else:
            assert standing[0].unseen_since == NOW + STEP
            assert standing[0].since == NOW
    seen_again = run(a_zone("walkway"), (1.2, {}), (None, {}), (1.2, {}))[-1]
    assert seen_again[0].unseen_since is None
    assert seen_again[0].since == NOW


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(0.9, 0.1), (0.9, 0.1)], [False, True]),  # two in a row
        ([(0.9, 0.1), (0.9, 0.5), (0.9, 0.1)], [False, False, False]),
        ([(0.5, 0.1), (0.5, 0.1)], [False, False]),  # not dense
        ([(0.9, 0.1), (0.9, 0.1), (0.9, 0.6), (0.9, 0.6)], [False, True, True, False]),
        ([(0.9, 0.1), (0.9, 0.1), (0.9, 0.21), (0.9, 0.21)], [False, True, True, True]),
        ([(0.9, None), (0.9, 0.1)], [False, False]),
    ],
)
def test_stopped(looks: list[tuple[float, float | None]], expected: list[bool]) -> None:
    """A dense crowd has stopped when two looks in a row say so, and goes when two say so."""
    given = run(
        a_zone("walkway"),
        *((v, {} if speed is None else {"flow_mps": speed}) for v, speed in looks),
    )
    found = [any(a.watched is Watched.STOPPED for a in standing) for standing in given]
    assert found == expected


@pytest.mark.parametrize(
    ("density", "share", "expected"),
    [(0.8, 12, True), (0.8, 11, False), (0.7, 40, False), (1.0, None, False)],
)
def test_counter_flow(density: float, share: float | None, expected: bool) -> None:
    """An eighth of what moves is told to go against the rest, and there is no room to pass."""
    measures = {} if share is None else {"counter_percent": float(share)}
    standing = run(a_zone("walkway"), (density, measures))[0]
    assert (Watched.COUNTER_FLOW in {a.watched for a in standing}) == expected


def test_a_queue_may_stand() -> None:
    """People in a queue stand: that is no alarm, but how dense they stand is."""
    still = {"flow_mps": 0.0, "counter_percent": 50.0}
    standing = run(a_zone("queue"), (3.7, still), (3.7, still))[-1]
    assert [a.watched for a in standing] == [Watched.DENSE]


@pytest.mark.parametrize(
    ("zone", "values", "expected"),
    [
        (a_zone("heat"), (59, 60, 80, 120), ["", "Moderate", "Severe", "Extreme"]),
        (a_zone("heat"), (60, 54, 53), ["Moderate", "Moderate", ""]),
        (a_zone("water"), (29, 30, 60, 100), ["", "Moderate", "Severe", "Severe"]),
        (
            a_zone("water", gauge={"line": ((0, 9), (0, 0)), "height_cm": 100}),
            (14, 15, 30, 60),
            ["", "Moderate", "Severe", "Extreme"],
        ),
    ],
)
def test_heat_and_water(zone: ZonePlan, values: tuple[float], expected: list[str]) -> None:
    """Heat and water are alarms from the plan's limits."""
    assert severities(zone, *values) == expected


def test_rising_water() -> None:
    """Water that will be above its limit within a quarter of an hour is an alarm already."""
    zone = a_zone("water", gauge={"line": ((0, 9), (0, 0)), "height_cm": 100})
    looks = run(zone, (5.0, {"rise_per_min": 0.5}), (6.0, {"rise_per_min": 0.7}), (6.0, {}))
    assert [bool(standing) for standing in looks] == [False, True, False]
    assert looks[1][0].severity is Severity.MODERATE


@pytest.mark.parametrize(
    ("zone", "value"), [(a_zone("water"), 60.0), (a_zone("walkway"), 2.5), (a_zone("queue"), 6.0)]
)
def test_nothing_is_dropped_before_its_time(zone: ZonePlan, value: float) -> None:
    """At looks of any rhythm an alarm that is unseen stands until a quarter of an hour is over."""
    for step in (timedelta(seconds=20), timedelta(minutes=4), timedelta(minutes=7)):
        first = alarms(zone, a_look(zone.use, value), None, NOW)
        assert first
        before, now, unseen = a_look(zone.use, value, first), NOW, NOW + step
        while now - unseen < KEPT_UNSEEN:
            now += step
            standing = alarms(zone, a_look(zone.use, None), before, now)
            assert bool(standing) == (now - unseen <= KEPT_UNSEEN)
            assert {a.severity for a in standing} <= {a.severity for a in first}
            before = a_look(zone.use, None, standing)


def test_queue_of_vehicles() -> None:
    """Vehicles are an alarm by how far they stand back, not by how many they are."""
    looks = run(
        a_zone("road"), (30.0, {}), (9.0, {"queue_m": 80.0}), (9.0, {"queue_m": 121.0}), (9.0, {})
    )
    assert [[a.severity.value for a in standing] for standing in looks[:3]] == [
        [],
        ["Moderate"],
        ["Severe"],
    ]
    assert looks[3][0].unseen_since is not None
