"""Streams and video files, read by OpenCV's FFMPEG: RTSP over TCP, HTTP, a file beside the plan.

FFMPEG opens what it is told to and nothing else: protocols and formats are named in full, so that
a playlist (HLS, concat) which names other files or addresses is refused unread. Certificates of
rtsps and https are not checked here: cameras sign their own.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import cv2
import numpy as np

from cop.clock import Clock
from cop.model.sight import CameraState
from workers.transports import is_public
from workers.vision.asking import missing
from workers.vision.decode import check_size
from workers.vision.frame import Frame, Pixels, Unusable
from workers.vision.plan import CameraPlan
from workers.vision.sandbox import decoding

OPEN_MS: Final = 10_000
READ_MS: Final = 5_000
"""Real milliseconds that opening, and one read, may take."""

_OPTIONS: Final = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_VIDEO: Final = "mov,matroska,avi,mpegts,mjpeg,h264,hevc"
_ALLOWED: Final = {
    "": f"protocol_whitelist;file|format_whitelist;{_VIDEO}",
    "rtsp": "protocol_whitelist;tcp,rtp|format_whitelist;rtsp|rtsp_transport;tcp",
    "rtsps": "protocol_whitelist;tcp,tls,rtp|format_whitelist;rtsp|rtsp_transport;tcp",
    "http": f"protocol_whitelist;http,tcp|max_redirects;0|format_whitelist;mpjpeg,{_VIDEO}",
    "https": f"protocol_whitelist;https,tls,tcp|max_redirects;0|format_whitelist;mpjpeg,{_VIDEO}",
}
_MJPEG: Final = cv2.VideoWriter.fourcc(*"MJPG")
"""JPEG pictures one after another bear no times: over HTTP FFMPEG makes up 25 a second."""
_EARLY: Final = 0.05
_BUSY: Final = threading.Lock()
_HOST: Final = re.compile(r"[A-Za-z0-9.:_-]{1,253}")


@dataclass(slots=True)
class _Taken:
    pixels: Pixels
    at_s: float


class Streams:
    """One camera's stream, opened anew at every look; of a file it remembers where it was."""

    def __init__(self, plan: CameraPlan, address: str, clock: Clock) -> None:
        """Read from *address*: it is checked, its variables are filled in."""
        self._plan = plan
        self._address = address
        self._clock = clock
        self._scheme = urlsplit(address).scheme if "://" in address else ""
        self._frame = 0

    def __repr__(self) -> str:
        """Say nothing of the address."""
        return f"Streams({self._plan.id})"

    def take(self) -> tuple[Frame, ...]:
        """Give as many frames as planned, the gap apart by the stream's own times.

        A file goes on where the last look ended. Where it ends, a look gives what is left, and the
        next one begins again; no look holds frames from both sides of the cut. The last frame is
        of now, those before it are earlier by their distance in the stream.

        Raises:
            Unusable: it cannot be opened, gives no frame, or is of another size.
        """
        with _opened(self._target(), self._scheme) as video, decoding("the stream"):
            check_size(
                (
                    int(video.get(cv2.CAP_PROP_FRAME_WIDTH)),
                    int(video.get(cv2.CAP_PROP_FRAME_HEIGHT)),
                ),
                self._plan.frame.size,
            )
            video.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
            taken = self._read(video)
        now = self._clock.now()
        return tuple(
            Frame(each.pixels, now - timedelta(seconds=taken[-1].at_s - each.at_s))
            for each in taken
        )

    def _read(self, video: cv2.VideoCapture) -> list[_Taken]:
        if self._scheme:
            return self._go_on(video)
        if self._frame:
            video.set(cv2.CAP_PROP_POS_FRAMES, self._frame)
            try:
                return self._go_on(video)
            except Unusable:  # that was the end
                self._frame = 0
                video.set(cv2.CAP_PROP_POS_FRAMES, 0)
        return self._go_on(video)

    def _go_on(self, video: cv2.VideoCapture) -> list[_Taken]:
        """Read from where *video* is, in order."""
        source = self._plan.source
        deadline = time.monotonic() + READ_MS / 1000 + source.frames * source.gap_s
        taken: list[_Taken] = []
        began = time.monotonic()
        made_up = self._scheme.startswith("http") and video.get(cv2.CAP_PROP_FOURCC) == _MJPEG
        while len(taken) < source.frames and time.monotonic() < deadline and video.grab():
            self._frame += 1
            own_s = video.get(cv2.CAP_PROP_POS_MSEC) / 1000
            at_s = time.monotonic() - began if made_up else own_s
            if taken and at_s - taken[-1].at_s < source.gap_s * (1 - _EARLY):
                continue
            given, pixels = video.retrieve()
            if not given:
                break
            frame = np.asarray(pixels, np.uint8)
            check_size((frame.shape[1], frame.shape[0]), self._plan.frame.size)
            taken.append(_Taken(frame, at_s))
        if not taken:
            raise Unusable(CameraState.BROKEN, "the stream opens and gives no frame")
        return taken

    def _target(self) -> str:
        """Give the address with its host as a number that was checked, where no TLS needs a name.

        Raises:
            Unusable: the host is not known, or lies inside a network and the plan does not say so.
        """
        if not self._scheme:
            return self._address
        parts = urlsplit(self._address)
        host = parts.hostname or ""
        if not _HOST.fullmatch(host):
            raise missing("the stream's address names no host")
        try:
            found = socket.getaddrinfo(host, parts.port or 554, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise missing("the host of the stream is not a known name") from error
        numbers = [str(entry[4][0]) for entry in found]
        if not self._plan.source.private and not all(map(is_public, numbers)):
            raise missing(
                "the stream's address is inside a network: write private = true in [source] if it"
                " may be"
            )
        if self._scheme != "rtsp":
            return self._address
        number = f"[{numbers[0]}]" if ":" in numbers[0] else numbers[0]
        user, at, _ = parts.netloc.rpartition("@")
        port = f":{parts.port}" if parts.port else ""
        return parts._replace(netloc=f"{user}{at}{number}{port}").geturl()


@contextmanager
def _opened(target: str, scheme: str) -> Iterator[cv2.VideoCapture]:
    """Open *target* by FFMPEG with what *scheme* allows; released afterwards."""
    settings = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        OPEN_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        READ_MS,
        cv2.CAP_PROP_N_THREADS,
        1,
    ]
    with _BUSY, decoding("the stream"):  # the options are the process's, not the stream's
        usual = os.environ.get(_OPTIONS)
        os.environ[_OPTIONS] = _ALLOWED[scheme]
        try:
            video = cv2.VideoCapture(target, cv2.CAP_FFMPEG, settings)
        finally:
            if usual is None:
                del os.environ[_OPTIONS]
            else:
                os.environ[_OPTIONS] = usual
    try:
        if not video.isOpened():
            if scheme:
                raise missing("the stream cannot be opened: nobody answers there, or not as asked")
            raise Unusable(CameraState.BROKEN, "the file is no video, or is broken")
        yield video
    finally:
        video.release()
