"""Whether a camera's frames can be counted by: what is wrong is told, what is weather is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from cop.model.sight import CameraState
from tests.unit.workers.vision.pictures import NOON, a_plan
from workers.scenarios.black_rainstorm_2023.record import DAY_8, after
from workers.scenarios.black_rainstorm_2023.sights import POSTS
from workers.simulate.sights.lens import Lens
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.walkers import crowd
from workers.vision.edges import run_of_edges
from workers.vision.frame import Frame, Unusable
from workers.vision.health import Health

LENS = Lens(836500, 822300, 7, 90, 28, 62, size=(640, 480))
ZONE = [(60, 460), (580, 460), (470, 190), (180, 190)]
EVERY = timedelta(seconds=120)
WEATHER: dict[str, tuple[dict[str, Any], float]] = {
    "day": ({}, 0.8),
    "empty": ({}, 0.0),
    "crowd": ({}, 3.0),
    "rain": ({"rain": True}, 0.8),
    "glare": ({"glare": True}, 0.8),
    "night": ({"light": "night"}, 0.6),
    "night and rain": ({"light": "night", "rain": True}, 0.6),
    "occlusion": ({"occlusion": True}, 0.8),
}
KINDS = pytest.mark.parametrize("thermal", [False, True], ids=["visible", "thermal"])
Picture = NDArray[Any]
Change = Callable[[Picture, int], Picture]


@cache
def drawn(weather: str, look: int, *, thermal: bool) -> Picture:
    """Draw what the camera sees at a look."""
    how, dense = WEATHER[weather]
    walkers = crowd(LENS, ZONE, dense, heading_deg=0, speed_mps=1.2, seed=look) if dense else ()
    scene = Scene(LENS, walkers, seed=5, **how)
    at_s = 120.0 * look
    return scene.thermal(at_s) if thermal else scene.visible(at_s)


class Watch:
    """A camera that is looked at every two minutes."""

    def __init__(self, *, thermal: bool = False) -> None:
        """Begin with nothing seen."""
        self.thermal = thermal
        self.health = Health(a_plan(LENS.size, thermal=thermal))
        self.at = NOON

    def sees(self, picture: Picture | None) -> str:
        """Look once; None: nothing new. Give the state."""
        frames = () if picture is None else (Frame(picture, self.at, self.thermal),)
        self.at += EVERY
        try:
            self.health.look(frames, self.at)
        except Unusable as wrong:
            return wrong.state.value
        return "ok"

    def after(self, weather: str, looks: int = 5) -> Watch:
        """Learn *weather* for some looks, none of which may be told to be wrong."""
        states = [self.sees(drawn(weather, n, thermal=self.thermal)) for n in range(looks)]
        assert states == ["ok"] * looks
        return self


@KINDS
@pytest.mark.parametrize("before", ["day", "night"])
def test_weather_is_not_the_camera(before: str, *, thermal: bool) -> None:
    """Night, rain, glare, crowds and branches are ok, each even from one look to the next."""
    for weather in WEATHER:
        watch = Watch(thermal=thermal).after(before)
        states = [watch.sees(drawn(weather, n, thermal=thermal)) for n in (5, 6)]
        assert states == ["ok", "ok"], weather


def warped(picture: Picture, right: float, down: float, turn_deg: float = 0) -> Picture:
    """Give what a camera sees that was turned a little."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, 1)
    matrix[:, 2] += np.array((right, down))
    return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)


def covered(picture: Picture, look: int) -> Picture:
    """Give what a camera sees that somebody hung a bag before."""
    rng = np.random.default_rng(look)
    height, width = picture.shape[:2]
    shade = np.linspace(-1, 1, width)[None] * np.linspace(0.2, 1, height)[:, None]
    if picture.ndim == 2:
        return np.asarray(31 + 0.8 * shade + rng.normal(0, 0.06, (height, width)), np.float32)
    values = picture.mean() + 12 * shade[:, :, None] + rng.normal(0, 2, (height, width, 1))
    return np.asarray(np.repeat(values, 3, axis=2).clip(0, 255), np.uint8)


@KINDS
@pytest.mark.parametrize("weather", ["day", "empty", "night and rain"])
@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("moved", lambda picture, _: warped(picture, 32, 6)),
        ("moved", lambda picture, _: warped(picture, -20, 3)),
        ("moved", lambda picture, _: warped(picture, 0, 0, 8)),
        ("moved", covered),
        ("blurred", lambda picture, _: cv2.GaussianBlur(picture, (0, 0), 3)),
    ],
    ids=["shifted by 5 %", "shifted by 3 %", "turned", "covered", "blurred"],
)
def test_tampering_is_told_at_the_second_look(
    weather: str, state: str, change: Change, *, thermal: bool
) -> None:
    """One look may be a bird; two in a row are the camera, and a look that is well ends it."""
    watch = Watch(thermal=thermal).after(weather)
    pictures = [drawn(weather, n, thermal=thermal) for n in (5, 6, 7)]
    assert watch.sees(change(pictures[0], 0)) == "ok"
    assert watch.sees(change(pictures[1], 1)) == state
    assert watch.sees(change(pictures[2], 2)) == state
    assert watch.sees(pictures[0]) == "ok"


def seen_by(camera: str, hours: float) -> Picture:
    """Give what a camera of the exercise sees so many hours after its midnight."""
    at = DAY_8 + after(hours)
    encoded = np.frombuffer(POSTS[camera].burst(at, 1)[0][1], np.uint8)
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)


def test_a_turn_at_night_is_told_although_caption_and_skyline_stay() -> None:
    """A camera turned in rain by night shows the same words and horizon; turned back it is ok."""
    watch = Watch()
    for minute in (-6, -4, -2, 0, 2, 4):
        assert watch.sees(seen_by("lung-cheung-tailback", 0.7 + minute / 60)) == "ok"
    turned = [watch.sees(seen_by("lung-cheung-tailback", 0.95 + n / 20)) for n in range(4)]
    assert turned == ["ok", "moved", "moved", "moved"]
    assert watch.sees(seen_by("lung-cheung-tailback", 1.5)) == "ok"


def test_a_cover_at_night_is_told_and_dawn_is_not() -> None:
    """Something hung before the lens gives nothing to count by; the light of morning does."""
    watch = Watch()
    for number in range(5):
        assert watch.sees(seen_by("lung-cheung-tailback", 5.0 + number / 30)) == "ok"
    covered = [
        watch.sees(seen_by("lung-cheung-tailback", 5.3 + number / 30)) for number in range(3)
    ]
    assert set(covered) <= {"black", "moved"}
    after_it = [watch.sees(seen_by("lung-cheung-tailback", hours)) for hours in (5.7, 5.9, 6.0)]
    assert after_it == ["ok"] * 3


def test_words_in_the_picture_are_no_fixed_mark() -> None:
    """Edges are looked for below and above the rows in which cameras write."""
    grey = np.random.default_rng(4).normal(90, 2, (480, 640)).clip(0, 255).astype(np.uint8)
    words = grey.copy()
    cv2.putText(words, "2026-09-08 12:00:00", (6, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1)
    assert np.abs(run_of_edges(words) - run_of_edges(grey)).max() < 0.05


def test_black_is_told_at_once() -> None:
    """Noise without light is black; so is a black picture with a clock written into it."""
    dark = np.random.default_rng(1).normal(6, 2, (480, 640, 3)).clip(0, 255).astype(np.uint8)
    assert Watch().sees(dark) == "black"
    cv2.putText(dark, "2026-09-08 12:00:00", (10, 30), 0, 1, (255, 255, 255), 2)
    assert Watch().after("day").sees(dark) == "black"


def test_a_night_with_lamps_is_not_black() -> None:
    """A dark place with one lamp is a place."""
    dark = np.random.default_rng(1).normal(6, 2, (480, 640, 3)).clip(0, 255).astype(np.uint8)
    cv2.circle(dark, (300, 200), 9, (220, 240, 250), -1)
    assert Watch().sees(dark) == "ok"


def test_a_closed_shutter_is_black() -> None:
    """A thermal picture of one temperature is its shutter."""
    flat = np.random.default_rng(1).normal(25, 0.06, (480, 640)).astype(np.float32)
    assert Watch(thermal=True).sees(flat) == "black"


@KINDS
def test_frozen_is_told_although_a_clock_runs(*, thermal: bool) -> None:
    """The same to the last bit for more than three intervals, but for the time in a corner."""
    watch = Watch(thermal=thermal).after("day")
    still = drawn("day", 9, thermal=thermal)
    states = []
    for look in range(6):
        picture = still.copy()
        picture[5:20, 5:120] = drawn("day", look, thermal=thermal)[5:20, 5:120]
        states.append(watch.sees(picture))
    assert states == ["ok"] * 4 + ["frozen"] * 2
    assert watch.sees(drawn("day", 8, thermal=thermal)) == "ok"


def test_an_empty_place_is_not_frozen() -> None:
    """Where nothing moves, the noise of the sensor does."""
    watch = Watch()
    assert {watch.sees(drawn("empty", n, thermal=False)) for n in range(8)} == {"ok"}


def test_nothing_new_for_long_is_frozen() -> None:
    """A camera that says again and again that nothing is new has stopped; new frames end it."""
    watch = Watch().after("day", looks=1)
    assert [watch.sees(None) for _ in range(5)] == ["ok", "ok", "frozen", "frozen", "frozen"]
    assert watch.sees(drawn("day", 3, thermal=False)) == "ok"
    assert watch.sees(None) == "ok"


def test_a_camera_that_was_never_seen_is_not_frozen() -> None:
    """Before the first frame there is nothing to compare with."""
    assert Watch().sees(None) == "ok"


def test_a_wrong_size_is_told_at_once() -> None:
    """Frames of another size than planned cannot be laid over the zones."""
    watch = Watch()
    assert watch.sees(np.zeros((360, 640, 3), np.uint8)) == CameraState.WRONG_SIZE.value


def test_all_frames_of_a_look_count() -> None:
    """Several frames a look are judged as one look."""
    health = Health(a_plan(LENS.size))
    for look in range(6):
        frames = [
            Frame(drawn("day", look, thermal=False), NOON + look * EVERY + timedelta(seconds=n))
            for n in range(2)
        ]
        health.look(frames)
    blurred = cv2.GaussianBlur(drawn("day", 7, thermal=False), (0, 0), 3)
    frames = [Frame(blurred, NOON + 7 * EVERY)] * 2
    health.look(frames)
    with pytest.raises(Unusable, match="blurred"):
        health.look(frames)
