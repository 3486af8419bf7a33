"""Cameras of a scenario and the addresses at which they answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np

from workers.replay import Reply
from workers.simulate.sights.caption import burn, burn_warm
from workers.simulate.sights.lens import Lens
from workers.simulate.sights.scene import Scene
from workers.simulate.story import Curve, floor

HOST: Final = "cameras.cop.example"
GAP_S: Final = 0.2
"""Between two frames of a burst."""
MOST_FRAMES: Final = 30

_MINUTE: Final = timedelta(minutes=1)
_PATH: Final = re.compile(r"^/([a-z0-9-]+)/(now\.jpg|celsius\.png|burst\.mjpeg)$")
_BOUNDARY: Final = "frame"


@dataclass(frozen=True, slots=True)
class Fault:
    """A time in which a camera shows nothing that can be counted by.

    Attributes:
        kind: "frozen": the picture of its beginning again and again; "turned": it looks elsewhere;
            "covered": something hangs right before it.
    """

    kind: Literal["frozen", "turned", "covered"]
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Post:
    """A simulated camera.

    Attributes:
        id: as in its address and in the name of its file.
        lens: as it was set up.
        scene: what is there in the minute that begins at a moment; its second 0 is *began*.
        began: from when seconds are counted.
        thermal: it sees temperatures.
        faults: when it shows nothing usable.
    """

    id: str
    lens: Lens
    scene: Callable[[datetime], Scene]
    began: datetime
    thermal: bool = False
    faults: tuple[Fault, ...] = ()

    def picture(self, at: datetime, scene: Scene) -> bytes:
        """Give the picture taken at a moment: a JPEG, or a PNG of hundredths of a kelvin."""
        fault = next((fault for fault in self.faults if fault.start <= at < fault.end), None)
        if fault is not None and fault.kind == "frozen":
            at, scene = fault.start, self.scene(floor(fault.start, _MINUTE))
        if fault is not None and fault.kind == "turned":
            lens = replace(self.lens, bearing_deg=(self.lens.bearing_deg + 38) % 360)
            scene = replace(scene, lens=lens)
        second = (at - self.began).total_seconds()
        covered = fault is not None and fault.kind == "covered"
        if self.thermal:
            celsius = scene.thermal(second)
            if covered:
                celsius = celsius * np.float32(0.02) + np.float32(26.0)
            burn_warm(celsius, at)
            kelvin = np.rint((celsius + 273.15) * 100).clip(0, 65535).astype(np.uint16)
            return cv2.imencode(".png", kelvin, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()

        def finish(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
            if covered:
                picture[:] = cv2.convertScaleAbs(cv2.GaussianBlur(picture, (0, 0), 40), alpha=0.25)
            burn(picture, at)

        return scene.jpeg(second, finish)

    def burst(self, now: datetime, count: int) -> tuple[tuple[float, bytes], ...]:
        """Give *count* pictures up to *now*, with the Unix time at which each was taken."""
        first = now - timedelta(seconds=GAP_S * (count - 1))
        scene = self._scene_of(floor(first, _MINUTE))
        times = [first + timedelta(seconds=GAP_S * number) for number in range(count)]
        return tuple((at.timestamp(), self.picture(at, scene)) for at in times)

    def _scene_of(self, minute: datetime) -> Scene:
        return _scene(self, minute)


@lru_cache(maxsize=16)
def _scene(post: Post, minute: datetime) -> Scene:
    return post.scene(minute)


def answer(posts: Mapping[str, Post], url: str, now: datetime) -> Reply | None:
    """Answer a GET of a camera's address at *now*; None where no camera has it.

    `/<id>/now.jpg` and `/<id>/celsius.png` give one picture, `/<id>/burst.mjpeg?frames=6` so many
    parts, each with its `X-Timestamp`. Nothing is remembered: each moment has its own picture.
    """
    parts = urlsplit(url)
    found = _PATH.match(parts.path) if parts.hostname == HOST else None
    post = posts.get(found[1]) if found else None
    if found is None or post is None:
        return None
    image = "image/png" if post.thermal else "image/jpeg"
    if found[2] != "burst.mjpeg":
        if post.thermal != (found[2] == "celsius.png"):
            return None
        return Reply(post.burst(now, 1)[0][1], now, image)
    asked = parse_qs(parts.query).get("frames", ["6"])[0]
    count = min(MOST_FRAMES, int(asked)) if asked.isdecimal() else 0
    if count < 1:
        return None
    body = b"".join(
        f"--{_BOUNDARY}\r\nContent-Type: {image}\r\nContent-Length: {len(picture)}\r\n"
        f"X-Timestamp: {taken:.6f}\r\n\r\n".encode()
        + picture
        + b"\r\n"
        for taken, picture in post.burst(now, count)
    )
    kind = f"multipart/x-mixed-replace;boundary={_BOUNDARY}"
    return Reply(body + f"--{_BOUNDARY}--\r\n".encode(), None, kind)


def gone_m(speed_mps: Curve, since: datetime, minute: datetime) -> float:
    """Give metres that somebody has gone from *since* to *minute*, whose speed is a curve's.

    The speed counts as steady within each minute, as it is within one scene; so nobody jumps from
    one scene to the next.
    """
    step = _MINUTE.total_seconds()
    minutes = round((minute - since).total_seconds() / step)
    sign = 1 if minutes >= 0 else -1
    passed = range(minutes) if sign > 0 else range(minutes, 0)
    return sign * step * sum(speed_mps.at(since + _MINUTE * number) for number in passed)
