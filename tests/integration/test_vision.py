"""Frames to picture in a real worker process, and the live view through it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import cv2
import httpx
import numpy as np
import psutil
import pytest

from cop.config import Settings
from cop.model.journal import Deed
from cop.model.kinds import Camera, FeedState
from cop.services.accounts import add_user
from cop.services.feed_status import read_standing
from cop.services.policy import Role
from cop.store.accounts import MemoryAccounts
from cop.store.redis import RedisStore
from tests.integration.camera_site import (
    CameraSite,
    VisionWorker,
    camera_site,
    set_up,
    vision_worker,
)
from tests.integration.web_server import SETTINGS, Server, web_server
from tests.redis_server import RedisServer
from tests.system import wait_until
from workers.vision.shards import LOOK_BYTES

pytestmark = pytest.mark.redis

JFIF = b"\xff\xd8\xff\xe0\x00\x10JFIF"
"""What any JPEG of ours begins with."""
PIECE = 48
POISON = ("poison-a", "poison-b", "poison-c")
"""Cameras that never answer; one that has killed is left alone for a while."""


@dataclass(slots=True)
class Hall:
    """A camera, its worker and the picture that it writes to."""

    site: CameraSite
    worker: VisionWorker
    store: RedisStore
    settings: Settings
    folder: Path
    poison: Iterator[str] = field(default_factory=lambda: iter(POISON))

    def camera(self, name: str = "pier-4") -> Camera | None:
        """Give a camera as it is on the picture."""
        record = self.store.read([f"camera:{name}"]).get(f"camera:{name}")
        return None if record is None else Camera.model_validate_json(record.body)

    def looked(self, name: str = "pier-4") -> Camera:
        """Look, and give the camera once it has a frame that was taken since this was asked."""
        asked_at = datetime.now(UTC)

        def newer() -> bool:
            seen = self.camera(name)
            return seen is not None and seen.frame_at is not None and seen.frame_at >= asked_at

        self.worker.look(name)
        wait_until(newer)
        seen = self.camera(name)
        assert seen is not None
        return seen

    def on_disk(self) -> bytes:
        """Give all that Redis has written to its append-only file, the broker's part too."""
        return b"".join(path.read_bytes() for path in self.folder.rglob("*.aof*"))


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Run camera, Redis and worker."""
    cameras = tmp_path_factory.mktemp("cameras")
    folder = tmp_path_factory.mktemp("redis")
    redis = RedisServer(folder)
    redis.start()
    with contextlib.ExitStack() as stack:
        stack.callback(redis.close)
        site = stack.enter_context(camera_site())
        set_up(cameras, "pier-4", site.url("now.jpg"))
        set_up(cameras, "closed", site.url("now.jpg"), privacy={"view": "nobody"})
        for name in POISON:
            set_up(cameras, name, site.url("never.jpg"))
        settings = SETTINGS.model_copy(
            update={
                "redis_url": redis.url,
                "cameras_dir": cameras,
                "data_dir": tmp_path_factory.mktemp("data"),
            }
        )
        store = RedisStore(redis.url, settings.operation)
        stack.callback(store.close)
        worker = stack.enter_context(vision_worker(settings))
        yield Hall(site, worker, store, settings, folder)


def test_frames_become_what_is_on_the_picture(hall: Hall) -> None:
    """A look puts the camera and its zone there; each later one brings them up to date."""
    first, later = hall.looked(), hall.looked()
    assert later.frame_at is not None
    assert first.frame_at is not None
    assert later.frame_at > first.frame_at
    assert set(hall.store.by_feed("vision")) >= {"camera:pier-4", "vision:pier-4.deck"}


def test_a_frame_that_kills_ends_nothing_else(hall: Hall) -> None:
    """With its child killed in the middle of a look the worker goes on with the next camera."""
    hall.looked()
    (child,) = hall.worker.children()
    asked = hall.site.asked.get("/never.jpg", 0)
    hall.worker.look(next(hall.poison))
    wait_until(lambda: hall.site.asked.get("/never.jpg", 0) > asked)
    child.kill()
    hall.looked()
    assert hall.worker.process.poll() is None
    wait_until(lambda: child.pid not in {each.pid for each in hall.worker.children()})
    assert {f"camera:{name}" for name in POISON}.isdisjoint(hall.store.by_feed("vision"))


def test_the_child_cannot_fill_the_machine(hall: Hall) -> None:
    """The process that decodes may take only so much memory; the one that replaces it likewise."""
    hall.looked()
    for child in hall.worker.children():
        soft, _ = child.rlimit(psutil.RLIMIT_DATA)
        assert LOOK_BYTES < soft < 2 * LOOK_BYTES


def test_it_is_said_how_the_cameras_do(hall: Hall) -> None:
    """The feed's status names the cameras that give nothing, beside those that do."""
    hall.looked()
    hall.worker.survey()
    wait_until(lambda: read_standing(hall.store, "vision").status is not None)
    status = read_standing(hall.store, "vision").status
    assert status is not None
    assert status.state in {FeedState.DEGRADED, FeedState.FAILING}
    assert POISON[-1] in status.reason


@pytest.fixture(scope="module")
def server(hall: Hall) -> Iterator[Server]:
    """Run a web process beside it, with a few people."""
    hall.looked()
    hall.worker.look("closed")
    wait_until(lambda: hall.camera("closed") is not None)
    with web_server(hall.store, MemoryAccounts(), hall.settings) as running:
        for name, role, agency in (
            ("chief", Role.COMMANDER, ""),
            ("police", Role.LIAISON, "HKPF"),
            ("team", Role.FIELD, "FSD"),
            ("guest", Role.VIEWER, ""),
        ):
            running.passwords[name] = add_user(running.accounts, name, role, agency)
        with running.client() as client:
            wait_until(lambda: client.get("/readyz").json().get("vision"))
        yield running


@pytest.fixture
def get(server: Server) -> Callable[..., httpx.Response]:
    """Give what asks for a frame as somebody."""

    def ask(name: str, camera: str = "pier-4") -> httpx.Response:
        with server.client(name) as client:
            answer = client.get(f"/api/v1/cameras/camera:{camera}/frame")
            for _ in range(12):  # on a machine that is busy a frame may come too late
                if answer.status_code != httpx.codes.GATEWAY_TIMEOUT:
                    break
                answer = client.get(f"/api/v1/cameras/camera:{camera}/frame")
            return answer

    return ask


def detail(answer: httpx.Response) -> float:
    """Give how much fine detail is in the near half of a frame that was shown."""
    pixels = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    near = pixels[pixels.shape[0] // 2 :]
    return float(cv2.Laplacian(near, cv2.CV_64F).std())


def test_everybody_sees_what_is_for_them(get: Callable[..., httpx.Response]) -> None:
    """Through the real worker: clear, clear as its publisher, blurred, refused, closed to all."""
    frames = {name: get(name) for name in ("chief", "police", "team")}
    assert {name: answer.status_code for name, answer in frames.items()} == dict.fromkeys(
        frames, 200
    )
    blurred = {name: answer.headers["cop-blurred"] for name, answer in frames.items()}
    assert blurred == {"chief": "no", "police": "no", "team": "yes"}
    assert detail(frames["team"]) < 0.3 * detail(frames["chief"])
    assert get("guest").status_code == 403
    assert {name: get(name, "closed").status_code for name in frames} == dict.fromkeys(frames, 403)


def test_who_looked_is_in_the_journal(hall: Hall, get: Callable[..., httpx.Response]) -> None:
    """Each who was shown a frame stands there, whoever was refused does not."""
    for name in ("chief", "team", "guest"):
        get(name)
    numbers = range(1, hall.store.journal_head()[0] + 1)
    deeds = [Deed.decode(link.body) for link in hall.store.journal(numbers)]
    looked = {(d.who.name, d.id, d.reason) for d in deeds if d.action == "view_camera"}
    assert {("chief", "camera:pier-4", "clear"), ("team", "camera:pier-4", "blurred")} <= looked
    assert "guest" not in {name for name, _, _ in looked}


def test_no_readable_frame_is_ever_on_disk(hall: Hall, get: Callable[..., httpx.Response]) -> None:
    """What the append-only file holds of a frame that was shown, nobody can read."""
    answer = get("chief")
    assert answer.content.startswith(JFIF)
    kept = hall.on_disk()
    assert b"camera:pier-4" in kept
    assert b"lent:view:" in kept, "the sealed answer went through the store"
    assert JFIF not in kept
    body = answer.content
    middle = range(len(body) // 4, len(body) - PIECE, len(body) // 40)
    assert not [start for start in middle if body[start : start + PIECE] in kept]


def test_without_the_worker_it_is_said(
    hall: Hall, server: Server, get: Callable[..., httpx.Response]
) -> None:
    """Once that process is gone readers are told so, at once, and the page's health says it."""
    hall.worker.stop()
    with server.client() as client:
        wait_until(lambda: client.get("/readyz").json()["vision"] is False)
    answer = get("chief")
    assert (answer.status_code, answer.json()["code"]) == (503, "vision-down")
