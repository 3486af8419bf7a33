"""Cameras that give snapshots, and pictures one after another: good, slow, and hostile ones."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import httpx
import numpy as np
import pytest

from cop.errors import Misconfigured
from cop.model.sight import CameraState
from tests.integration.cameras import Open, camera, clock, opened, pictures, refused
from tests.integration.publisher import Publisher, answer
from tests.unit.workers.vision.pictures import (
    NOON,
    Stopped,
    a_jpeg,
    a_plan,
    by_pillow,
    warm_values,
)
from workers.replay import ReplayTransport, Reply, Scenario
from workers.transports import LiveTransport
from workers.vision.decode import decode
from workers.vision.sources import open_source

__all__ = ["camera", "clock", "opened"]


def test_a_snapshot_is_asked_for_only_when_new(camera: Publisher, opened: Open) -> None:
    """Validators are sent back; not modified, and the same bytes, are nothing new."""
    url = camera.will(
        "/",
        answer(a_jpeg(1), "200 OK", 'ETag: "a"'),
        answer(b"", "304 Not Modified"),
        answer(a_jpeg(1), "200 OK", 'ETag: "b"'),
        answer(a_jpeg(2), "200 OK"),
    )
    source = opened(url)
    assert [len(source.take()) for _ in range(4)] == [1, 0, 0, 1]
    assert "if-none-match" not in camera.requests[0].lower()
    assert 'if-none-match: "a"' in camera.requests[1].lower()
    assert "(+https://e.test/us)" in camera.requests[0]


@pytest.mark.parametrize(
    ("modified", "said", "age"),
    [
        (timedelta(seconds=40), timedelta(0), 40),
        (timedelta(days=900, seconds=40), timedelta(days=900), 40),  # its clock is wrong
        (timedelta(seconds=40), None, 40),
        (timedelta(days=9000), timedelta(0), 0),
        (timedelta(seconds=-90), timedelta(0), 0),
        (None, timedelta(0), 0),
    ],
)
def test_a_snapshot_has_the_age_that_the_camera_says(
    camera: Publisher,
    opened: Open,
    modified: timedelta | None,
    said: timedelta | None,
    age: int,
) -> None:
    """The time is ours, less the age by the camera's own clock, if that can be."""
    heads = [
        f"{name}: {format_datetime(NOON - ago, usegmt=True)}"
        for name, ago in (("Last-Modified", modified), ("Date", said))
        if ago is not None
    ]
    (frame,) = opened(camera.will("/", answer(a_jpeg(), "200 OK", *heads))).take()
    assert frame.at == NOON - timedelta(seconds=age)


@pytest.mark.parametrize(
    ("status", "heads", "said"),
    [
        ("404 Not Found", (), "(404)"),
        ("401 Unauthorized", (), "does not let us in (401)"),
        ("503 Busy", (), "answered 503"),
        ("302 Found", ("Location: http://127.0.0.2/",), "redirects to another address"),
        ("302 Found", ("Location: http://127.0.0.1:9/",), "redirects to another address"),
        ("302 Found", ("Location: /",), "without end"),
        ("302 Found", ("Location: http://[",), "redirects to another address"),
        ("304 Not Modified", (), "has given nothing yet"),
        ("200 OK", ("Content-Encoding: gzip",), "packs its answer"),
    ],
)
def test_says_why_there_is_no_snapshot(
    camera: Publisher, opened: Open, status: str, heads: tuple[str, ...], said: str
) -> None:
    """What a camera answers instead of a picture is told in words, without its address."""
    wrong = refused(opened(camera.will("/", answer(b"x", status, *heads))))
    assert said in wrong.why
    assert "127.0.0.1" not in wrong.why


def test_a_camera_that_is_not_there(opened: Open, camera: Publisher) -> None:
    """Nobody at the address: the frame is missing."""
    wrong = refused(opened(camera.will("/", lambda connection, _: connection.close())))
    assert wrong.state is CameraState.MISSING


def test_a_snapshot_of_another_size_or_too_large(camera: Publisher, opened: Open) -> None:
    """A camera that was set to another size says so; a giant is not read to its end."""
    source = opened(camera.will("/", answer(a_jpeg(size=(128, 64))), answer(bytes(9_000_000))))
    assert refused(source).state is CameraState.WRONG_SIZE
    assert refused(source).state is CameraState.BROKEN


def test_a_password_is_given_only_when_asked_for(camera: Publisher, opened: Open) -> None:
    """By digest where the camera can, in the clear where it can do nothing else."""
    digest = 'WWW-Authenticate: Digest realm="cam", nonce="n1", qop="auth", algorithm=MD5'
    denied = answer(b"", "401 Unauthorized", digest, 'WWW-Authenticate: Basic realm="cam"')
    url = camera.will("/", denied, answer(a_jpeg())).replace("http://", "http://watch:hush@")
    assert len(opened(url).take()) == 1
    assert "authorization" not in camera.requests[0].lower()
    assert 'authorization: digest username="watch"' in camera.requests[1].lower()
    assert "hush" not in "".join(camera.requests)
    camera.will("/", answer(b"", "401 Unauthorized", "WWW-Authenticate: Basic"), answer(a_jpeg()))
    assert len(opened(url).take()) == 1
    assert "authorization: basic" in camera.requests[3].lower()


def test_pictures_one_after_another_have_their_own_times(camera: Publisher, opened: Open) -> None:
    """As many as planned, the gap apart; the times are those that the camera says."""
    start = NOON.timestamp()
    parts = [(a_jpeg(n), f"X-Timestamp: {start + n / 10:.3f}\r\n") for n in range(9)]
    source = opened(camera.will("/", pictures(*parts)), kind="mjpeg", frames=4)
    frames = source.take()
    assert [round((frame.at - NOON).total_seconds(), 3) for frame in frames] == [0, 0.2, 0.4, 0.6]
    assert np.array_equal(frames[1].pixels, decode(a_jpeg(2), a_plan().frame))
    assert source.take() == ()


def test_a_camera_whose_clock_is_wrong_keeps_its_differences(
    camera: Publisher, opened: Open
) -> None:
    """Times far from ours are moved to now, and stay as far apart as they are."""
    parts = [(a_jpeg(n), f"X-Timestamp: {1000 + n / 4}\r\n") for n in range(2)]
    frames = opened(camera.will("/", pictures(*parts)), kind="mjpeg", frames=2).take()
    assert [frame.at - NOON for frame in frames] == [timedelta(0), timedelta(seconds=0.25)]


def test_thermal_pictures_come_one_after_another(camera: Publisher, clock: Stopped) -> None:
    """16-bit PNG in a multipart answer are temperatures."""
    body = by_pillow(warm_values(), "PNG")
    plan = a_plan(
        thermal=True, url=camera.will("/", pictures((body, ""))), kind="mjpeg", private=True
    )
    with LiveTransport(allow_private=True) as transport:
        (frame,) = open_source(plan, transport, clock).take()
    assert frame.thermal
    assert float(frame.pixels.max()) == pytest.approx(40, abs=0.01)


def test_a_broken_picture_among_good_ones_is_left_out(camera: Publisher, opened: Open) -> None:
    """One in three is forgiven, two in three are not."""
    stamped = [f"X-Timestamp: {NOON.timestamp() + n}\r\n" for n in range(3)]
    good, bad = a_jpeg(), a_jpeg()[:-400] + b"\xff\xd9"
    url = camera.will("/", pictures(*zip((good, bad, a_jpeg(2)), stamped, strict=True)))
    assert len(opened(url, kind="mjpeg", frames=3).take()) == 2
    camera.will("/", pictures(*zip((good, bad, bad), stamped, strict=True)))
    assert refused(opened(url, kind="mjpeg", frames=3)).state is CameraState.BROKEN


def test_private_addresses_need_leave() -> None:
    """A camera's address inside an own network is refused, unless its file allows it."""
    with LiveTransport() as transport:
        for kind in ("snapshot", "mjpeg"):
            plan = a_plan(url="http://127.0.0.1:1/", kind=kind)
            assert refused(open_source(plan, transport, Stopped())).state is CameraState.MISSING
        for scheme in ("rtsp", "http", "https"):
            plan = a_plan(url=f"{scheme}://127.0.0.1:1/", kind="stream")
            assert "private = true" in refused(open_source(plan, transport, Stopped())).why


def test_an_exercise_reaches_no_network(clock: Stopped) -> None:
    """Its scenario answers snapshots; a stream over a network is refused before it is opened."""
    reply = Reply(a_jpeg(), NOON - timedelta(seconds=5), "image/jpeg")
    story = Scenario(
        key="trial",
        title={"en": "Trial"},
        summary={"en": "A trial."},
        start=NOON,
        end=NOON,
        default_speed=30,
        answer=lambda url, _: reply if url.endswith("/now.jpg") else None,
    )
    transport = ReplayTransport(story, clock)
    source = open_source(a_plan(), transport, clock)
    (frame,) = source.take()
    assert frame.at == NOON - timedelta(seconds=5)
    assert source.take() == ()
    with pytest.raises(Misconfigured, match="exercise"):
        open_source(a_plan(url="rtsp://camera.example/1", kind="stream"), transport, clock)


def test_transports_stay_open(camera: Publisher, clock: Stopped) -> None:
    """A source never closes the transport that it was given."""

    class Counted(httpx.BaseTransport):
        closed = 0

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, stream=httpx.ByteStream(a_jpeg()), request=request)

        def close(self) -> None:
            self.closed += 1

    transport = Counted()
    for _ in range(2):
        assert len(open_source(a_plan(), transport, clock).take()) == 1
    assert transport.closed == 0
