"""GET /api/v1/cameras/{id}/frame: who gets what, what is written down, and what is said instead."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from cop.api import cameras
from cop.errors import StoreUnavailable
from cop.model.geometry import point
from cop.model.journal import Deed
from cop.model.kinds import Camera
from cop.model.record import put
from cop.model.sight import CameraState
from cop.services import views
from cop.services.accounts import add_user
from cop.services.policy import Role
from cop.services.views import Ask
from cop.store.memory import MemoryStore
from cop.ui.words_problem import PROBLEMS
from tests.integration.seeing import PICTURE, TAKEN_AT, seeing
from tests.integration.web_server import Server, until, web_server

FRAME = "/api/v1/cameras/camera:pier-4/frame"
CAMERA = Camera(
    id="camera:pier-4",
    feed="vision",
    publisher="HKPF",
    geometry=point(114.16, 22.28),
    view="responder",
)


@dataclass(slots=True)
class Door:
    """A web process whose cameras can be seen, and what it asked of them."""

    server: Server
    asks: list[Ask]

    def get(self, name: str, path: str = FRAME, **query: str) -> httpx.Response:
        """Ask for a frame as somebody."""
        with self.server.client(name) as client:
            return client.get(path, params=query)

    def journal(self) -> list[tuple[str, str | None]]:
        """Give who looked through what."""
        links = self.server.store.journal(range(1, 999))
        deeds = [Deed.decode(link.body) for link in links]
        return [(deed.who.name, deed.id) for deed in deeds if deed.action == "view_camera"]


@pytest.fixture
def door() -> Iterator[Door]:
    """Run a web process with a camera and a few people."""
    store = MemoryStore()
    with seeing(store) as asks, web_server(store) as server:
        for name, role, agency in (
            ("chief", Role.COMMANDER, ""),
            ("police", Role.LIAISON, "HKPF"),
            ("fire", Role.LIAISON, "FSD"),
            ("team", Role.FIELD, "FSD"),
            ("guest", Role.VIEWER, ""),
        ):
            server.passwords[name] = add_user(server.accounts, name, role, agency)
        store.write([put(CAMERA)], fetched_ms=1)
        yield Door(server, asks)


def test_a_frame_is_shown_and_kept_by_nobody(door: Door) -> None:
    """A JPEG that no browser and no proxy may keep, with its time, and whether it is blurred."""
    answer = door.get("chief")
    assert answer.status_code == 200, answer.text
    assert answer.content == PICTURE
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cop-frame-at"] == TAKEN_AT.isoformat().replace("+00:00", "Z")
    assert "etag" not in answer.headers
    assert "frame-ancestors 'none'; sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "blurred"), [("chief", "no"), ("police", "no"), ("fire", "yes"), ("team", "yes")]
)
def test_faces_are_for_who_needs_them(door: Door, name: str, blurred: str) -> None:
    """Others get the blurred frame, cannot ask for more, and everybody may ask for less."""
    assert door.get(name).headers["cop-blurred"] == blurred
    insisting = door.get(name, blurred="no")
    assert insisting.status_code == (200 if blurred == "no" else 403)
    assert door.get(name, blurred="yes").headers["cop-blurred"] == "yes"


def test_who_looked_is_written_down(door: Door) -> None:
    """Each person once; whoever was refused, and whoever is nobody, looked at nothing."""
    for name in ("chief", "team", "chief", "guest"):
        door.get(name)
    assert httpx.get(f"{door.server.url}{FRAME}").status_code == 401
    assert door.get("guest").status_code == 403
    assert door.journal() == [("chief", "camera:pier-4"), ("team", "camera:pier-4")]
    assert door.get("chief", "/api/v1/cameras/camera:none/frame").status_code == 404
    assert door.get("guest", "/api/v1/cameras/camera:none/frame").status_code == 403


def test_without_the_journal_nothing_is_shown(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """No entry, no frame: it is not even asked for."""

    def refuse(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("Redis does not answer")

    with door.server.client("chief") as client:
        monkeypatch.setattr(door.server.store, "write", refuse)
        answer = client.get(FRAME)
    assert answer.status_code == 503
    assert door.asks == []


def test_many_who_look_are_one_request(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """What several want at once is fetched once for all who see it clear, once for the others."""
    monkeypatch.setattr(cameras, "SHARED_S", 3600.0)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(door.get, ["chief", "police", "team", "fire"] * 3))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(ask.clear for ask in door.asks) == [False, True]
    assert sorted(name for name, _ in door.journal()) == ["chief", "fire", "police", "team"]


def test_a_camera_without_a_picture_says_so(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its state comes as a code that the page has words for."""
    monkeypatch.setattr(Ask, "seal", lambda ask, _: ask.seal_refusal(CameraState.BLACK, "black"))
    answer = door.get("chief")
    assert answer.status_code == 503
    assert answer.json()["code"] == "camera-black"
    assert answer.headers["content-type"] == "application/problem+json"


def test_nobody_who_looks_at_cameras_is_said(door: Door) -> None:
    """With that process gone nothing is asked; the answer says what is down."""
    door.server.store.mark("vision:stand-in", "", ttl_ms=1)
    with door.server.client() as client:
        until(lambda: client.get("/readyz").json()["vision"] is False)
    answer = door.get("chief")
    assert (answer.status_code, answer.json()["code"]) == (503, "vision-down")
    assert door.asks == []


def test_a_frame_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time the answer is 504, with words; what comes later nobody reads."""
    monkeypatch.setattr(cameras, "WITHIN_S", 0.3)
    store = MemoryStore()
    store.write([put(CAMERA)], fetched_ms=1)
    store.mark("vision:stand-in", "", ttl_ms=3_600_000)
    monkeypatch.setattr(views, "_queue_of", lambda _: lambda _: None)
    with web_server(store) as server:
        server.add("chief", Role.COMMANDER)
        answer = Door(server, []).get("chief")
    assert (answer.status_code, answer.json()["code"]) == (504, "camera-late")


def test_there_are_words_for_every_answer() -> None:
    """Whatever a live view may answer with, the pages say in three languages."""
    states = set(CameraState) - {CameraState.OK, CameraState.UNKNOWN}
    codes = {"vision-down", "camera-late", *(f"camera-{state}" for state in states)}
    assert {f"problem.{code}" for code in codes} <= PROBLEMS.keys()
