"""One look at a camera as observations, and looks one after another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from cop.model.kinds import Observation, Quality
from cop.model.sight import CameraState, Sight, Unknown, Watched
from tests.unit.workers.vision.views import NOW, PAVEMENT, a_view
from workers.vision.counting import Count, Counted
from workers.vision.frame import Frame, Unusable
from workers.vision.ground import View
from workers.vision.measured import Measured
from workers.vision.observe import KEPT, MOST_RECENT, camera_entity, observe
from workers.vision.survey import zone_id

MINUTE = timedelta(minutes=1)
GREY = np.full((480, 640, 3), 90, np.uint8)
NAME = "vision:street.z0"


def people(view: View, per_m2: float, confidence: float = 0.9) -> Counted:
    """Make a count of so many people a square metre."""
    count = per_m2 * view.zones["z0"].area_m2
    return Counted({"z0": Count(count, 0.1 * count, confidence)})


def look(
    view: View,
    counted: Counted | None,
    before: Mapping[str, Observation] | None = None,
    now: datetime = NOW,
    **more: Any,
) -> Observation:
    """Observe the one zone of *view* in a grey frame."""
    frames = more.pop("frames", [Frame(GREY, now)])
    seen = observe(view.plan, view, frames, counted, before or {}, now, **more)
    assert [one.id for one in seen] == [NAME]
    return seen[0]


def sight_of(seen: Observation) -> Sight:
    """Give how an observation was come by."""
    assert seen.sight is not None
    return seen.sight


def test_a_crowd() -> None:
    """A zone for people is an observation of its density, with all that makes it."""
    view = a_view()
    seen = look(view, people(view, 1.5))
    sight = sight_of(seen)
    area = view.zones["z0"].area_m2
    assert (seen.measure, seen.unit, seen.quality) == ("crowd_density", "1/m2", Quality.OK)
    assert seen.value == pytest.approx(1.5, abs=0.001)
    assert seen.measures == {
        "people": pytest.approx(1.5 * area, abs=0.1),
        "people_error": pytest.approx(0.15 * area, abs=0.1),
    }
    assert (seen.observed_at, seen.expires_at) == (NOW, NOW + KEPT)
    assert seen.geometry == view.zones["z0"].outline
    assert (sight.camera, sight.zone, sight.method) == ("camera:street", "z0", "background")
    assert (sight.level, sight.confidence, sight.unknown) == ("E", 0.9, None)
    assert sight.error == pytest.approx(0.15, abs=0.001)
    assert [alarm.watched for alarm in sight.alarms] == [Watched.DENSE]
    assert [reading.value for reading in sight.recent] == [seen.value]
    assert Observation.model_validate_json(seen.encode()) == seen


@pytest.mark.parametrize(
    ("count", "why"),
    [
        (Count(None, 0, 0, Unknown.LEARNING), Unknown.LEARNING),
        (Count(None, 0, 0.8, Unknown.CROWDED), Unknown.CROWDED),
        (Count(30, 3, 0.3), Unknown.UNSURE),
        (None, Unknown.UNSURE),
    ],
)
def test_what_cannot_be_told_is_unknown(count: Count | None, why: Unknown) -> None:
    """Below the confidence of the plan, or where the detector cannot tell, it is not 0."""
    view = a_view()
    counted = None if count is None else Counted({"z0": count})
    seen = look(view, counted)
    assert seen.value is None
    assert seen.quality is Quality.MISSING
    assert seen.measures == {}
    assert (sight_of(seen).unknown, sight_of(seen).level, sight_of(seen).error) == (why, None, None)


def test_nobody_is_not_unknown() -> None:
    """Where the detector is sure that nobody is there, it is 0."""
    view = a_view()
    seen = look(view, Counted({"z0": Count(0, 0.2, 0.9)}))
    assert (seen.value, sight_of(seen).unknown, sight_of(seen).level) == (0, None, "A")


def test_unusable_frames() -> None:
    """With unusable frames all zones are unknown; what was known and how old it is stays."""
    view = a_view()
    first = look(view, people(view, 1.5))
    later = NOW + 2 * MINUTE
    dark = look(
        view,
        None,
        {NAME: first},
        later,
        frames=(),
        unusable=Unusable(CameraState.MISSING, "no answer"),
    )
    sight = sight_of(dark)
    assert (dark.value, sight.unknown) == (None, Unknown.CAMERA)
    assert (dark.observed_at, dark.expires_at) == (NOW, later + KEPT)
    assert [reading.value for reading in sight.recent] == [first.value, None]
    assert sight.recent[-1].at == later
    assert sight.alarms[0].unseen_since == later


def test_readings_are_thinned() -> None:
    """Readings are kept one a minute, the last always, sixty at most."""
    view = a_view()
    before: dict[str, Observation] = {}
    for number in range(45):
        seen = look(view, people(view, 0.2), before, NOW + number * timedelta(seconds=20))
        before = {NAME: seen}
    recent = sight_of(before[NAME]).recent
    assert recent[-1].at == NOW + 44 * timedelta(seconds=20)
    steps = [b.at - a.at for a, b in pairwise(recent[:-1])]
    assert min(steps) >= MINUTE
    assert len(recent) <= 16
    for number in range(1, 80):
        before = {NAME: look(view, people(view, 0.2), before, NOW + (20 + number) * MINUTE)}
    assert len(sight_of(before[NAME]).recent) == MOST_RECENT
    back = look(view, people(view, 0.2), before, NOW + 50 * MINUTE)
    assert sight_of(back).recent[-1].at == NOW + 50 * MINUTE
    assert sorted(r.at for r in sight_of(back).recent) == [r.at for r in sight_of(back).recent]


def test_a_crowd_that_grows() -> None:
    """A crowd that grows has an outlook to its next limit, and then an alarm."""
    view = a_view()
    before: dict[str, Observation] = {}
    alarmed = []
    for number in range(12):
        seen = look(view, people(view, 0.4 + 0.08 * number), before, NOW + number * 2 * MINUTE)
        before = {NAME: seen}
        alarmed.append(bool(sight_of(seen).alarms))
        if number == 5:
            heading = sight_of(seen).outlook
            assert heading is not None
            assert heading.threshold == pytest.approx(1.076, abs=0.01)
            assert heading.at is not None
            true = NOW + (1.076 - 0.4) / 0.04 * MINUTE
            assert abs(heading.at - true) < 2 * MINUTE
    assert alarmed == [False] * 9 + [True] * 3


METERED = [
    ("road", {}, ("vehicle_count", "1", "vehicles")),
    ("water", {}, ("flooded_share", "%", "flooded")),
    (
        "water",
        {"gauge": {"line": ((300, 400), (300, 200)), "height_cm": 100}},
        ("water_depth", "cm", "gauge"),
    ),
    ("heat", {}, ("surface_temperature", "Cel", "heat")),
]


@pytest.mark.parametrize(("use", "more", "told"), METERED)
def test_meters(use: str, more: dict[str, Any], told: tuple[str, str, str]) -> None:
    """What meters measured is an observation in its own measure and unit."""
    view = a_view(zones=[{"outline": PAVEMENT, "use": use, **more}])
    found = Measured(7.0, 0.5, 0.8, extra={"queue_m": 90.0})
    seen = look(view, None, measured={"z0": found})
    assert (seen.measure, seen.unit, sight_of(seen).method) == told
    assert (seen.value, sight_of(seen).error, sight_of(seen).level) == (7, 0.5, None)
    assert seen.measures == {"queue_m": 90.0}
    unsure = look(view, None, measured={"z0": Measured(7.0, 0.5, 0.2)})
    assert (unsure.value, sight_of(unsure).unknown) == (None, Unknown.UNSURE)
    unmeasured = look(view, None, measured={})
    assert (unmeasured.value, sight_of(unmeasured).unknown) == (None, Unknown.UNSURE)


def test_water_that_rises() -> None:
    """Readings of water that rises give how fast, and an alarm before its limit is reached."""
    view = a_view(zones=[{"outline": PAVEMENT, **METERED[2][1], "use": "water"}])
    before: dict[str, Observation] = {}
    for number in range(6):
        found = {"z0": Measured(2.0 + number, 0.5, 0.9)}
        seen = look(view, None, before, NOW + number * MINUTE, measured=found)
        before = {NAME: seen}
    assert seen.measures["rise_per_min"] == pytest.approx(1.0)
    assert [alarm.watched for alarm in sight_of(seen).alarms] == [Watched.WATER]


def test_vehicles_that_grow_in_number() -> None:
    """A road has no limit for how many vehicles there are: a queue that grows has no outlook."""
    view = a_view(zones=[{"outline": PAVEMENT, "use": "road"}])
    before: dict[str, Observation] = {}
    for number in range(8):
        found = {"z0": Measured(float(number), 0.5, 0.9, extra={"queue_m": 6.0 * number})}
        seen = look(view, None, before, NOW + number * 2 * MINUTE, measured=found)
        before = {NAME: seen}
    assert seen.value == 7
    assert sight_of(seen).outlook is None


def test_the_camera() -> None:
    """The camera says what it counts and how it is; the address of its frames is no part of it."""
    plan = a_view().plan
    camera = camera_entity(
        plan, state=CameraState.MOVED, state_since=NOW, frame_at=NOW, why="turned away"
    )
    assert (camera.id, camera.feed, camera.publisher) == ("camera:street", "vision", "hkpf")
    assert (camera.state, camera.state_since, camera.frame_at) == (CameraState.MOVED, NOW, NOW)
    assert camera.counts == ("walkway",)
    assert camera.image_url is None
    assert b"camera.example" not in camera.encode()
    assert zone_id(plan.id, plan.zones[0].id) == NAME
