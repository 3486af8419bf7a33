"""A frame for somebody who may see it: fetched, made unrecognisable where it must, sealed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from PIL import Image
from structlog.testing import capture_logs

from cop.clock import RealClock
from cop.config import Settings
from cop.model.journal import Origin
from cop.model.kinds import Camera
from cop.model.record import put
from cop.model.sight import CameraState
from cop.services.commands.desk import Desk
from cop.services.policy import AUDIENCE_OF, Identity, Role
from cop.services.views import Ask, NoView, Pending, Seen, Views
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore
from tests.unit.workers.vision.watching import AT, SIZE, Clock, Given, plan
from workers.vision.frame import Frame, Unusable
from workers.vision.live import WIDEST_PX, Live, encode_jpeg
from workers.vision.look import Ways
from workers.vision.observe import camera_entity
from workers.vision.plan import CameraPlan

FINE = np.tile(np.array([[0, 255]], np.uint8).repeat(3, 0)[..., None], (60, SIZE[0] // 2, 3))
"""Stripes of one pixel: all detail there can be."""
URL = "https://tdcctv.data.one.gov.hk/H1.JPG"


@dataclass(frozen=True, slots=True)
class Near(Ways):
    """Sources that give what a test says."""

    given: Any = ()

    def open(self, plan: CameraPlan) -> Any:
        """Give the source; a live view takes one frame."""
        assert plan.source.frames == 1
        return Given([self.given])


class Town:
    """A picture with two cameras, somebody who asks, and the worker that answers."""

    def __init__(self, given: Any, of: CameraPlan | None = None, body: bytes = b"") -> None:
        """Let the camera of *of* give *given*, and a publisher's *body*."""
        self.store = MemoryStore()
        of = of or plan()
        site = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(body)))
        near = Near(site, site, Clock(AT + timedelta(minutes=1)), given=given)
        self.live = Live(self.store, {of.id: of}, near)
        self.sent: list[dict[str, Any]] = []
        desk = Desk(self.store, MemoryAccounts(), RealClock(), Settings())
        self.views = Views(desk, self.sent.append)
        own = camera_entity(of, state=CameraState.OK, state_since=AT, frame_at=AT)
        public = Camera(
            id="td_cameras:H1",
            feed="td_cameras",
            publisher="TD",
            image_url=URL,
            published=True,
        )
        self.store.write([put(own), put(public)], fetched_ms=1)

    def ask(self, role: Role, camera: str = "camera:pier-4") -> Pending:
        """Let somebody ask."""
        who = Identity(name=role.value, role=role, audience=AUDIENCE_OF[role])
        origin = Origin(address="", entrance="page")
        return self.views.ask(self.views.allow(who, camera, origin))

    def see(self, role: Role, camera: str = "camera:pier-4") -> Seen:
        """Let somebody ask and the worker answer; give what they see."""
        pending = self.ask(role, camera)
        assert self.live.answer(self.sent[-1])
        seen = self.views.collect(pending)
        assert seen is not None
        return seen


def pixels(seen: Seen) -> Any:
    """Decode what was seen."""
    return cv2.imdecode(np.frombuffer(seen.body, np.uint8), cv2.IMREAD_COLOR)


def test_only_who_may_sees_faces() -> None:
    """The commander gets the frame as it is, a field team one without detail."""
    town = Town([Frame(FINE, AT)])
    clear, blurred = town.see(Role.COMMANDER), town.see(Role.FIELD)
    assert (clear.blurred, blurred.blurred) == (False, True)
    assert clear.at == blurred.at == AT
    near = slice(SIZE[1] // 2, None)  # far away a face is no more than a pixel
    assert pixels(clear)[near].std() > 100
    assert pixels(blurred)[near].std() < 25


def test_a_publishers_picture_is_shown_as_it_is() -> None:
    """It is fetched, decoded and made anew: no metadata comes through, and nothing is blurred."""
    image = Image.fromarray(FINE)
    exif = image.getexif()
    exif[0x010E] = "secret words"
    file = BytesIO()
    image.save(file, "JPEG", quality=95, exif=exif)
    town = Town([], body=file.getvalue())
    seen = town.see(Role.FIELD, "td_cameras:H1")
    assert not seen.blurred
    assert seen.at == AT + timedelta(minutes=1)
    assert pixels(seen).std() > 100
    assert b"secret words" in file.getvalue()
    assert b"secret words" not in seen.body
    assert b"Exif" not in seen.body


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Unusable(CameraState.MISSING, "the camera cannot be reached"), "camera-missing"),
        (RuntimeError("rtsp://admin:hunter2@10.0.0.7"), "camera-broken"),
        ([], "camera-missing"),
    ],
)
def test_whoever_waits_is_told_why(given: Any, code: str) -> None:
    """Whatever goes wrong is an answer, without the camera's address in it."""
    town = Town(given)
    pending = town.ask(Role.COMMANDER)
    with capture_logs() as logs:
        assert town.live.answer(town.sent[-1])
    with pytest.raises(NoView) as refused:
        town.views.collect(pending)
    assert refused.value.code == code
    assert "hunter2" not in str(refused.value) + str(logs)


def test_what_nobody_may_have_is_not_fetched() -> None:
    """A late, changed or made-up request is not answered, and no camera is asked for it."""
    town = Town(AssertionError("no camera is to be asked"))
    town.ask(Role.FIELD)
    ask = Ask(**town.sent[-1])
    false: list[dict[str, Any]] = [
        asdict(replace(ask, asked_ms=ask.asked_ms - 60_000)),
        asdict(replace(ask, clear=True)),
        asdict(replace(ask, journal=99)),
        asdict(replace(ask, reply="looking:pier-4")),
        asdict(replace(ask, camera="camera:none")),
        {"camera": "camera:pier-4"},
        {},
    ]
    before = dict(town.store._lent)
    with capture_logs():
        assert [town.live.answer(asked) for asked in false] == [False] * len(false)
    assert town.store._lent == before


def test_a_thermal_frame_is_shown_in_colours_with_a_scale() -> None:
    """Its coldest is dark, its hottest bright, and a bar below says how many degrees that is."""
    celsius = np.linspace(20, 36, SIZE[0], dtype=np.float32)[None].repeat(SIZE[1], 0)
    thermal = plan(frame={"size": SIZE, "thermal": True}, detector={"name": "thermal"})
    seen = pixels(Town([Frame(celsius, AT, thermal=True)], thermal).see(Role.COMMANDER))
    assert seen.shape[0] > SIZE[1]
    left, right = seen[: SIZE[1], :40].mean(), seen[: SIZE[1], -40:].mean()
    assert right > left + 60
    assert seen[SIZE[1] :].std() > 20


def test_no_frame_is_larger_than_a_page_needs() -> None:
    """A wide frame is brought down, its shape kept."""
    wide = np.zeros((1080, 1920, 3), np.uint8)
    shown = cv2.imdecode(np.frombuffer(encode_jpeg(wide), np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[:2] == (720, WIDEST_PX)
