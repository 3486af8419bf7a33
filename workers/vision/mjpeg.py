"""Pictures one after another in one answer: `multipart/x-mixed-replace`, as cameras send it."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx

from cop.clock import Clock
from cop.model.sight import CameraState
from workers.vision.asking import Asker, bounded, missing
from workers.vision.decode import decode
from workers.vision.frame import Frame, Unusable
from workers.vision.headers import MOST_BYTES
from workers.vision.plan import CameraPlan

TIME_S: Final = 20.0
"""Real seconds that a look may take beyond the seconds that its frames are apart."""
MOST_ALTOGETHER: Final = 64 * 1024 * 1024
"""Bytes of one answer that are read."""

_MOST_HEAD: Final = 8 * 1024
_MOST_BEFORE: Final = 64 * 1024
_EARLY: Final = 0.05
"""Of the gap: by how much the next frame may come too soon."""
_CLOCK_OFF: Final = timedelta(minutes=10)
"""From here a camera's clock is taken to be wrong: only its differences count."""
_BOUNDARY: Final = re.compile(
    r'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE
)
_LAST_LINE: Final = re.compile(rb"\r?\n-*\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer.

    Attributes:
        headers: names in small letters.
        body: without the line end before the next boundary.
    """

    headers: Mapping[str, str]
    body: bytes


class Mjpeg:
    """One camera's pictures one after another; remembers the digest of those it gave last."""

    def __init__(self, plan: CameraPlan, asker: Asker, clock: Clock) -> None:
        """Ask by *asker*; pictures without a time of their own get that of *clock*."""
        self._plan = plan
        self._asker = asker
        self._clock = clock
        self._digest = b""

    def take(self) -> tuple[Frame, ...]:
        """Give as many pictures as planned, at least the gap apart, or all of a shorter answer.

        A broken picture among good ones is left out, unless half of them are broken.

        Raises:
            Unusable: there is none, or what comes is broken or of another size.
        """
        pieces = self._pieces()
        digest = hashlib.blake2b(b"".join(body for body, _ in pieces), digest_size=16).digest()
        if digest == self._digest:
            return ()
        frames: list[Frame] = []
        trouble: Unusable | None = None
        for body, at in pieces:
            try:
                pixels = decode(body, self._plan.frame)
            except Unusable as error:
                trouble = error
            else:
                frames.append(Frame(pixels, at, self._plan.frame.thermal))
        if trouble is not None and len(frames) * 2 <= len(pieces):
            raise trouble
        self._digest = digest
        return tuple(frames)

    def _pieces(self) -> list[tuple[bytes, datetime]]:
        """Read as many parts as are needed, each with its time, and hang up."""
        source = self._plan.source
        deadline = time.monotonic() + TIME_S + source.frames * source.gap_s
        times = _Times(self._clock)
        taken: list[tuple[bytes, datetime]] = []
        soonest = timedelta(seconds=source.gap_s * (1 - _EARLY))
        try:
            with self._asker.ask({}, deadline) as response:
                chunks = bounded(response, MOST_ALTOGETHER, deadline)
                for part in read_parts(chunks, boundary_of(response.headers)):
                    at = times.of(part)
                    if not taken or at - taken[-1][1] >= soonest:
                        taken.append((part.body, at))
                    if len(taken) == source.frames:
                        break
        except Unusable:
            if not taken:
                raise
        if not taken:
            raise missing("the camera ended its answer without a picture")
        return taken


class _Times:
    """Tells when parts were taken: by X-Timestamp (seconds since 1970), else when they arrive."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._off: timedelta | None = None

    def of(self, part: Part) -> datetime:
        now = self._clock.now()
        try:
            at = datetime.fromtimestamp(float(part.headers.get("x-timestamp", "")), UTC)
        except (ValueError, OverflowError, OSError):
            return now
        if self._off is None:
            self._off = now - at if abs(now - at) > _CLOCK_OFF else timedelta(0)
        return at + self._off


def boundary_of(headers: httpx.Headers) -> bytes | None:
    """Give the boundary that the headers of an answer name, without leading dashes; None: none.

    Raises:
        Unusable: it is no answer of several parts.
    """
    kind = headers.get("content-type", "")
    if kind.lower().startswith("image/"):
        raise Unusable(
            CameraState.BROKEN, 'the camera gives one picture: write kind = "snapshot" in its file'
        )
    if not kind.lower().startswith("multipart/"):
        raise Unusable(
            CameraState.BROKEN, "the camera gives no pictures one after another: look at source.url"
        )
    found = _BOUNDARY.search(kind)
    name = (found[1] or found[2]).lstrip("-") if found else ""
    return name.encode("latin-1", "replace") or None


def read_parts(chunks: Iterable[bytes], boundary: bytes | None) -> Iterator[Part]:
    """Give the parts in *chunks* as soon as each is whole.

    Cameras write the boundary with more dashes than they say, or with fewer, and often leave
    Content-Length out. Without a *boundary* the first line that begins with two dashes is it.

    Raises:
        Unusable: a head or a part without end, or no boundary.
    """
    reader = _Reader(iter(chunks))
    if boundary is None:
        boundary = _found_boundary(reader)
    mark = b"--" + boundary
    if reader.until(mark, _MOST_BEFORE) is None:
        raise Unusable(CameraState.BROKEN, "the camera's answer lacks the boundary that it names")
    while True:
        line = reader.until(b"\n", _MOST_HEAD)
        if line is None or line.startswith(b"--"):
            return
        headers = _head(reader)
        if headers is None:
            return
        said = _length(headers)
        if said is None:
            body = reader.until(mark, MOST_BYTES)
            yield Part(headers, _LAST_LINE.sub(b"", reader.rest() if body is None else body))
            if body is None:
                return
            continue
        body = reader.exactly(said)
        if body is None:
            return
        yield Part(headers, body)  # at once: the next boundary may come with the next picture
        if reader.until(mark, _MOST_BEFORE) is None:
            return


def _found_boundary(reader: _Reader) -> bytes:
    for _ in range(20):
        line = reader.until(b"\n", _MOST_HEAD)
        if line is None:
            break
        if line.startswith(b"--") and line.strip(b"-\r "):
            reader.give_back(line + b"\n")
            return line.strip().lstrip(b"-")
    raise Unusable(CameraState.BROKEN, "the camera's answer has no boundary between its pictures")


def _head(reader: _Reader) -> dict[str, str] | None:
    """Read the head of a part; None where the answer ends in it."""
    headers: dict[str, str] = {}
    left = _MOST_HEAD
    while (line := reader.until(b"\n", left)) is not None:
        left -= len(line) + 1
        words = line.decode("latin-1").strip()
        if not words:
            return headers
        name, _, value = words.partition(":")
        headers[name.strip().lower()] = value.strip()
    return None


def _length(headers: Mapping[str, str]) -> int | None:
    """Give how long a part says it is; None: it does not say, or not in figures."""
    said = headers.get("content-length", "")
    if not said.isascii() or not said.isdigit():
        return None
    if len(said) > 9 or int(said) > MOST_BYTES:
        raise Unusable(CameraState.BROKEN, f"the camera announces a picture of {said[:12]} bytes")
    return int(said)


class _Reader:
    """Bytes that come in pieces, read up to a mark or by their number."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = bytearray()

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        self._held += chunk or b""
        return chunk is not None

    def give_back(self, data: bytes) -> None:
        self._held[:0] = data

    def exactly(self, number: int) -> bytes | None:
        while len(self._held) < number:
            if not self._more():
                return None
        return self._cut(number, number)

    def until(self, mark: bytes, most: int) -> bytes | None:
        """Give what stands before *mark*, which is passed over; None where the bytes end first."""
        looked = 0
        while (found := self._held.find(mark, looked)) < 0:
            looked = max(0, len(self._held) - len(mark) + 1)
            if looked > most:
                raise Unusable(
                    CameraState.BROKEN,
                    f"a part of the camera's answer does not end in {most:,} bytes",
                )
            if not self._more():
                return None
        return self._cut(found, found + len(mark))

    def rest(self) -> bytes:
        """Give what has come and not been taken."""
        return self._cut(len(self._held), len(self._held))

    def _cut(self, end: int, following: int) -> bytes:
        taken = bytes(self._held[:end])
        del self._held[:following]
        return taken
