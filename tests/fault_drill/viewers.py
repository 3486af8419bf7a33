"""Those who look: each keeps a picture by snapshot and stream, and says when it may be old."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from cop.model.record import Cursor
from tests.fault_drill.site import Web

SILENCE_S: Final = 4.0
"""A page that hears nothing for so long says so, as `assets/` has it."""
_AGAIN_S: Final = 0.3
_PARTS: Final = ("redis", "worker", "beat")
LOST: Final = frozenset({"connection"})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a viewer was told.

    Attributes:
        cursor: that goes with it.
        put: id to version; of a snapshot, everything.
        remove: ids.
        whole: whether it is a snapshot.
        mark: whether it says no more than that all up to the cursor has been told.
    """

    cursor: Cursor
    put: Mapping[str, int]
    remove: frozenset[str] = frozenset()
    whole: bool = False
    mark: bool = False


class Viewer(threading.Thread):
    """One page: follows any of the web processes, and goes to another when one is lost.

    Attributes:
        trail: all that it was told, in order.
        says: when it began to say what is not as it should be: monotonic time, words.
        port: of the web process that it follows, or tries to.
        resyncs: how often it was told to take a snapshot.
    """

    def __init__(self, webs: Sequence[Web], cookie: str, number: int) -> None:
        """Follow *webs*, beginning with one by *number*."""
        super().__init__(name=f"viewer-{number}", daemon=True)
        self.trail: list[Step] = []
        self.says: list[tuple[float, frozenset[str]]] = [(time.monotonic(), LOST)]
        self.resyncs = 0
        self._ways = itertools.islice(itertools.cycle(webs), number % len(webs), None)
        self._headers = {"Cookie": cookie}
        self._ended = threading.Event()
        self._cursor: Cursor = ""
        self.port = webs[number % len(webs)].port

    @property
    def is_well(self) -> bool:
        """Whether it says nothing."""
        return not self.says[-1][1]

    @property
    def cursor(self) -> Cursor:
        """Up to where it has been told everything."""
        return self._cursor

    def leave(self) -> None:
        """Look no longer."""
        self._ended.set()

    def run(self) -> None:
        """Look until told to leave."""
        limits = httpx.Timeout(SILENCE_S, connect=2.0)
        while not self._ended.is_set():
            web = next(self._ways)
            self.port = web.port
            with (
                contextlib.suppress(httpx.HTTPError),
                httpx.Client(
                    base_url=web.url, headers=self._headers, timeout=limits, trust_env=False
                ) as client,
            ):
                if not self._cursor:
                    self._take_snapshot(client)
                self._follow(client)
            self._say(LOST)
            self._ended.wait(_AGAIN_S)

    def _say(self, words: frozenset[str]) -> None:
        if words != self.says[-1][1]:
            self.says.append((time.monotonic(), words))

    def _take_snapshot(self, client: httpx.Client) -> None:
        picture = client.get("/api/v1/picture").raise_for_status().json()
        found = _versions(picture["features"])
        self.trail.append(Step(picture["cursor"], found, whole=True))
        self._cursor = picture["cursor"]

    def _follow(self, client: httpx.Client) -> None:
        """Take what the stream says until it ends, or says that a snapshot is needed."""
        headers = {"Last-Event-ID": self._cursor}
        with client.stream("GET", "/api/v1/stream", headers=headers) as answer:
            answer.raise_for_status()
            for name, mark, data in _events(answer.iter_lines()):
                if self._ended.is_set():
                    return
                if name == "resync":
                    self.resyncs += 1
                    self._cursor = ""
                    return
                self._take(name, mark, data)

    def _take(self, name: str, mark: str, data: Any) -> None:
        if name == "picture":
            put, gone = _versions(data["put"]), frozenset(data["remove"])
            self.trail.append(Step(data["cursor"], put, gone))
            self._cursor = data["cursor"]
        elif name == "health":
            if mark and mark != self._cursor:
                self.trail.append(Step(mark, {}, mark=True))
                self._cursor = mark
            self._say(frozenset(part for part in _PARTS if not data[part]))


def _versions(features: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {one["id"]: one["properties"]["version"] for one in features}


def _events(lines: Iterator[str]) -> Iterator[tuple[str, str, Any]]:
    """Give name, id and data of each event of a stream."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            if "event" in fields:
                yield fields["event"], fields.get("id", ""), json.loads(fields["data"])
            fields = {}


class Dawdler(threading.Thread):
    """A viewer who reads one byte a second, over whatever line it gets."""

    def __init__(self, webs: Sequence[Web], cookie: str) -> None:
        """Dawdle with each of *webs* in turn."""
        super().__init__(name="dawdler", daemon=True)
        self._ways = itertools.cycle(webs)
        self._cookie = cookie
        self._ended = threading.Event()

    def leave(self) -> None:
        """Look no longer."""
        self._ended.set()

    def run(self) -> None:
        """Read on until told to leave."""
        while not self._ended.wait(1):
            with contextlib.suppress(OSError):
                self._dawdle(next(self._ways).port)

    def _dawdle(self, port: int) -> None:
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            line.settimeout(10)
            line.connect(("127.0.0.1", port))
            words = f"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._cookie}"
            line.sendall(f"{words}\r\n\r\n".encode())
            while line.recv(1) and not self._ended.wait(1):
                pass
