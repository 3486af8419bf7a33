"""The demo's cameras: fetched from the scenario, decoded, counted and put on the picture."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from cop.model.kinds import Camera, FeedState, Observation, Quality
from cop.model.sight import VISION, CameraState, Watched
from cop.services.feed_status import read_standing
from cop.store.redis import RedisStore
from tests.unit.workers.vision.watching import Clock
from workers.replay import ReplayTransport, find_scenario
from workers.vision.look import Looker, Ways
from workers.vision.plans import read_plans
from workers.vision.survey import camera_id, survey, zone_id

pytestmark = pytest.mark.redis

SCENARIO = find_scenario("black-rainstorm-2023")
AT: datetime = SCENARIO.start + timedelta(hours=2)
STAIRS = "wong-tai-sin-stairs"


@pytest.fixture(scope="module")
def store(shared_redis: str) -> Iterator[RedisStore]:
    """Give the picture after one look through every camera, two hours into the storm."""
    assert SCENARIO.cameras_dir is not None
    plans = read_plans(SCENARIO.cameras_dir)
    store = RedisStore(shared_redis, f"vision-{secrets.token_hex(4)}")
    clock = Clock(AT, SCENARIO.default_speed)
    answers = ReplayTransport(SCENARIO, clock)
    looker = Looker(store, plans, clock, Ways(answers, answers, clock).open)
    assert {looker.look(camera) for camera in plans} == {CameraState.OK}
    survey(store, plans, AT, clock.speed)
    yield store
    store.close()


def observation(store: RedisStore, camera: str, zone: str) -> Observation:
    """Give what was counted in a zone."""
    name = zone_id(camera, zone)
    return Observation.model_validate_json(store.read([name])[name].body)


def test_the_crowd_is_counted_from_frames(store: RedisStore) -> None:
    """The station is full: so say the temperatures that its camera gave, with how sure that is."""
    seen = observation(store, STAIRS, "queue")
    assert seen.value is not None
    assert 2 < seen.value < 8
    assert seen.quality is Quality.OK
    assert seen.sight is not None
    assert seen.sight.method == "thermal"
    assert seen.sight.confidence > 0.5
    assert Watched.DENSE in {alarm.watched for alarm in seen.sight.alarms}
    assert seen.district is not None


def test_what_is_not_known_yet_is_no_zero(store: RedisStore) -> None:
    """A camera that has to learn how its place looks says nothing of it at its first look."""
    seen = observation(store, "wong-tai-sin-gates", "passage")
    assert (seen.value, seen.quality) == (None, Quality.MISSING)


def test_the_cameras_are_on_the_picture(store: RedisStore) -> None:
    """Each with its state and the time of its frame, and without its address."""
    record = store.read([camera_id(STAIRS)])[camera_id(STAIRS)]
    camera = Camera.model_validate_json(record.body)
    assert camera.state is CameraState.OK
    assert camera.frame_at is not None
    assert abs(camera.frame_at - AT) < timedelta(minutes=2)
    everything = b"".join(record.body for record in store.by_feed(VISION).values())
    assert b"cameras.cop.example" not in everything
    status = read_standing(store, VISION).status
    assert status is not None
    assert status.state is FeedState.OK
