"""The cameras of scenarios: every address answers, and what is set up is what is seen."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from workers.replay import find_scenario, find_scenarios
from workers.scenarios.black_rainstorm_2023.sights import LEVEL_CM, POSTS
from workers.simulate.network import camera_spots
from workers.simulate.sights.post import Fault
from workers.simulate.story import hkt
from workers.vision.plan import CameraPlan

SCENARIO = find_scenario("black-rainstorm-2023")
FOLDER = SCENARIO.cameras_dir or Path()
FILES = sorted(FOLDER.glob("*.toml"))
MOMENTS = [SCENARIO.start + (SCENARIO.end - SCENARIO.start) * share / 9 for share in range(10)]
NIGHT = hkt(2023, 9, 7, 23, 10)


def plan_of(path: Path) -> CameraPlan:
    """Read one file."""
    return CameraPlan.model_validate(tomllib.loads(path.read_text("utf-8")))


def parts_of(body: bytes) -> list[tuple[float, bytes]]:
    """Take a multipart answer apart: the time and the picture of each part."""
    found = []
    while head := re.match(
        rb"--frame\r\nContent-Type: image/(?:jpeg|png)\r\nContent-Length: (\d+)\r\n"
        rb"X-Timestamp: ([\d.]+)\r\n\r\n",
        body,
    ):
        end = head.end() + int(head[1])
        found.append((float(head[2]), body[head.end() : end]))
        body = body[end + 2 :]
    assert body == b"--frame--\r\n"
    return found


def pictures(name: str, now: datetime) -> list[tuple[float, bytes]]:
    """Ask a camera as its file says."""
    reply = SCENARIO.respond(plan_of(FOLDER / f"{name}.toml").source.url, now)
    assert reply is not None
    if reply.content_type.startswith("multipart/"):
        return parts_of(reply.body)
    return [(now.timestamp(), reply.body)]


def decoded(body: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Decode a picture as it is."""
    picture = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return np.asarray(picture)


def test_every_camera_has_its_file() -> None:
    """A file for each simulated camera, and none besides."""
    assert {path.stem for path in FILES} == set(POSTS)
    assert len(POSTS) >= 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_camera_is_set_up_as_it_stands(path: Path) -> None:
    """Its ground points agree with its lens within 5 cm, and its zones are free of the caption."""
    plan, post = plan_of(path), POSTS[path.stem]
    assert plan.id == path.stem
    assert plan.frame.size == post.lens.size
    assert plan.frame.thermal == post.thermal
    assert post.lens.to_ground(plan.ground.image) == pytest.approx(
        np.array(plan.ground.grid), abs=0.05
    )
    for zone in plan.zones:
        assert set(zone.title) == {"en", "zh-Hant", "zh-Hans"}
        assert min(y for _, y in zone.outline) > 20
        assert post.scene(SCENARIO.start).truth(zone.outline, 0).area_m2 > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_address_answers_all_through_the_story(path: Path) -> None:
    """At ten moments each camera gives as many pictures as asked for, of the size set up."""
    plan = plan_of(path)
    for now in MOMENTS:
        got = pictures(path.stem, now)
        assert len(got) == plan.source.frames
        assert got[-1][0] == pytest.approx(now.timestamp(), abs=1e-3)
        for earlier, later in pairwise(got):
            assert later[0] - earlier[0] == pytest.approx(plan.source.gap_s, abs=1e-3)
        picture = decoded(got[-1][1])
        assert (picture.shape[1], picture.shape[0]) == plan.frame.size
        assert (picture.dtype == np.uint16) == plan.frame.thermal


def test_only_what_a_camera_has_is_answered() -> None:
    """Unknown cameras, forms and counts are nobody's."""
    base = "https://cameras.cop.example/"
    for path in (
        "elsewhere/now.jpg",
        "lung-cheung-dip/celsius.png",
        "wong-tai-sin-power/now.jpg",
        "lung-cheung-dip/burst.mjpeg?frames=0",
        "lung-cheung-dip/burst.mjpeg?frames=x",
        "",
    ):
        assert SCENARIO.respond(base + path, NIGHT) is None


def test_a_moment_has_its_own_picture() -> None:
    """Nothing is remembered: the same moment gives the same bytes, the next one others."""
    one, again = pictures("lung-cheung-dip", NIGHT), pictures("lung-cheung-dip", NIGHT)
    assert one == again
    assert one != pictures("lung-cheung-dip", NIGHT + timedelta(seconds=30))


def fault_of(kind: str) -> tuple[str, Fault]:
    """Give a camera that has a fault, and the fault."""
    return next(
        (name, fault) for name, post in POSTS.items() for fault in post.faults if fault.kind == kind
    )


def test_a_frozen_camera_shows_one_picture_with_its_clock() -> None:
    """All through the fault the same picture; before and after it others."""
    name, fault = fault_of("frozen")
    frozen = {
        body
        for at in (fault.start + timedelta(minutes=3), fault.end - timedelta(minutes=2))
        for _, body in pictures(name, at)
    }
    assert len(frozen) == 1
    assert len({body for _, body in pictures(name, fault.end + timedelta(minutes=1))}) > 1


def test_a_covered_camera_shows_next_to_nothing() -> None:
    """What hangs before a lens takes the detail away."""
    name, fault = fault_of("covered")
    covered = decoded(pictures(name, fault.start + timedelta(minutes=2))[0][1])[40:]
    clear = decoded(pictures(name, fault.start - timedelta(minutes=2))[0][1])[40:]
    assert cv2.Laplacian(covered, cv2.CV_64F).var() < 0.5 * cv2.Laplacian(clear, cv2.CV_64F).var()


def test_a_turned_camera_shows_another_place() -> None:
    """What does not move is elsewhere in the picture."""
    name, fault = fault_of("turned")
    turned = decoded(pictures(name, fault.start + timedelta(minutes=2))[0][1]).astype(float)
    before = decoded(pictures(name, fault.start - timedelta(minutes=2))[0][1]).astype(float)
    earlier = decoded(pictures(name, fault.start - timedelta(minutes=4))[0][1]).astype(float)
    assert np.abs(turned - before).mean() > 1.3 * np.abs(before - earlier).mean()


def test_the_crowd_grows_and_comes_to_a_halt() -> None:
    """Within an hour and a half the queue is dense and stands; by the morning it is gone."""
    zones = {zone.id: zone for zone in plan_of(FOLDER / "wong-tai-sin-stairs.toml").zones}
    outline = zones["queue"].outline
    post = POSTS["wong-tai-sin-stairs"]

    def truth(at: datetime) -> tuple[float, float]:
        found = post.scene(at).truth(outline, (at - post.began).total_seconds())
        return found.density_per_m2, found.flow_mps or 0.0

    start, full = truth(hkt(2023, 9, 7, 22, 45)), truth(hkt(2023, 9, 8, 0, 10))
    assert start[0] < 0.8
    assert full[0] > 3.6
    assert full[1] < 0.1
    assert truth(hkt(2023, 9, 8, 4))[0] < 0.8


def test_nobody_jumps_from_one_minute_to_the_next() -> None:
    """People go on from where they were when the next minute's scene begins."""
    post = POSTS["lung-cheung-footbridge"]
    minute = hkt(2023, 9, 7, 23, 20)
    before, after = post.scene(minute), post.scene(minute + timedelta(minutes=1))
    second = (minute + timedelta(minutes=1) - post.began).total_seconds()
    both = min(len(before.walkers), len(after.walkers), 20)
    pairs = zip(before.walkers[:both], after.walkers[:both], strict=True)
    for one, same in pairs:
        assert (one.seed, one.east_m, one.north_m) == (same.seed, same.east_m, same.north_m)
        gone = one.gone_m + one.speed_mps * second
        assert same.gone_m + same.speed_mps * second == pytest.approx(gone, abs=0.02)


def test_the_water_passes_its_alarm_and_falls_again() -> None:
    """Above 15 cm before half past eleven at night, and dry by the next noon."""
    assert LEVEL_CM.at(hkt(2023, 9, 7, 23, 30)) > 15
    assert LEVEL_CM.at(hkt(2023, 9, 8, 12)) == 0


@pytest.mark.parametrize("key", sorted(find_scenarios()))
def test_roadside_cameras_answer(key: str) -> None:
    """Each of the department's simulated cameras gives a small JPEG, renewed every two minutes."""
    scenario = find_scenario(key)
    now = scenario.start + timedelta(hours=1, seconds=50)
    known = [name for name, _ in camera_spots()]
    for name in known[:: len(known) // 6]:
        url = f"https://tdcctv.data.one.gov.hk/{name}.JPG"
        reply = scenario.respond(url, now)
        assert reply is not None
        assert reply.content_type == "image/jpeg"
        assert reply.modified_at is not None
        assert timedelta(0) <= now - reply.modified_at < timedelta(minutes=2)
        assert decoded(reply.body).shape == (240, 320, 3)
        assert len(reply.body) < 40_000
        later = scenario.respond(url, now + timedelta(minutes=2))
        assert later is not None
        assert later.body != reply.body
    assert scenario.respond("https://tdcctv.data.one.gov.hk/X0000F.JPG", now) is None
