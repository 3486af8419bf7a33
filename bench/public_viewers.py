"""Many people with the public map open: `python -m bench.public_viewers PORT COUNT ARRIVE_S`.

Each is one keep-alive connection that does what the page's script does: the page and the files it
names on arrival, then the pointer, the whole picture, and from then on the pointer again and again,
conditionally, with the change files that it names. As they come within a short time, each waits for
a random part of the interval once, so that their moments lie as those of people who came all day.
Prints `ready` when all have arrived. Each line on standard input is answered by one JSON object
with what was seen since the line before; with the end of input all leave.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import sys
import time
from array import array
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

import httptools
import uvloop

LANGS: Final = ("tc", "en", "sc")
POINTER: Final = "/public/now.json"
_ASSET: Final = re.compile(rb"/public/a/[\w.-]+\.(?:js|css|json)\b")
_VERSION: Final = re.compile(rb'data-version="(\d+)"')
_JITTER: Final = 0.5
"""The script waits up to so much longer than the pointer says, each time anew."""
_LEAST_S: Final = 5.0
_PATIENCE_S: Final = 5.0


@dataclass(slots=True)
class Tally:
    """What all viewers of this process have seen since it was last asked for.

    Attributes:
        bytes: that came, with the heads of the answers.
        asked: requests by what they were for.
        answered: answers by status.
        waits_ms: from each request to the end of its answer.
        seen: version to the moments at which viewers had it, seconds since 1970.
        awaited: viewers that have not everything yet.
        complete: set when there are none.
    """

    awaited: int
    complete: asyncio.Event

    bytes: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    waits_ms: array[float] = field(default_factory=lambda: array("d"))
    seen: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))

    def arrived(self) -> None:
        """Count one viewer that has everything."""
        self.awaited -= 1
        if not self.awaited:
            self.complete.set()

    def give(self) -> str:
        """Give it as JSON, and begin anew."""
        waits = sorted(self.waits_ms)
        found = {
            "bytes": self.bytes,
            "asked": self.asked,
            "answered": self.answered,
            "wait_p50_ms": waits[len(waits) // 2] if waits else 0,
            "wait_p99_ms": waits[int(len(waits) * 0.99)] if waits else 0,
            "seen": self.seen,
        }
        words = json.dumps(found)
        self.bytes, self.waits_ms = 0, array("d")
        self.asked, self.answered, self.seen = Counter(), Counter(), defaultdict(list)
        return words


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@lru_cache(maxsize=64)
def _pointer(body: bytes) -> dict[str, Any]:
    """Read the pointer: the same bytes once for all viewers."""
    found: dict[str, Any] = json.loads(_plain(body))
    return found


@lru_cache(maxsize=64)
def _page(body: bytes) -> tuple[int, tuple[str, ...]]:
    """Read a page: its version and the files it names, the same bytes once for all viewers."""
    html = _plain(body)
    version = _VERSION.search(html)
    files = dict.fromkeys(found.decode() for found in _ASSET.findall(html))
    return int(version[1]) if version else 0, tuple(files)


class Viewer(asyncio.Protocol):
    """One person's browser."""

    def __init__(self, port: int, lang: str, tally: Tally) -> None:
        """Know the way in; `arrive` goes there."""
        self._port, self._lang, self._tally = port, lang, tally
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._queue: deque[tuple[str, str]] = deque([("page", f"/{lang}/")])
        self._body: list[bytes] = []
        self._etag, self._found_etag = "", ""
        self._series, self._page_version, self._version = "", 0, 0
        self._every_s = _LEAST_S
        self._begun = 0.0
        self._arrived = False
        self._coming: asyncio.Task[None] | None = None

    async def arrive(self) -> None:
        """Connect, or connect again, and ask for what is next."""
        try:
            await self._loop.create_connection(lambda: self, "127.0.0.1", self._port)
        except OSError:
            self._tally.answered[0] += 1
            self._loop.call_later(_PATIENCE_S * random.random(), self._go_on)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpResponseParser(self)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        """Come back when there is something to ask."""
        self._transport = None
        if self._begun:
            self._begun = 0.0
            self._go_on()

    def data_received(self, data: bytes) -> None:
        """Count, and read on."""
        self._tally.bytes += len(data)
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the validator."""
        if name.lower() == b"etag":
            self._found_etag = value.decode()

    def on_body(self, piece: bytes) -> None:
        """Keep what has to be read."""
        if self._queue[0][0] in ("page", "pointer"):
            self._body.append(piece)

    def on_message_complete(self) -> None:
        """Take the answer, and ask for what is next."""
        status = self._parser.get_status_code()
        kind, what = self._queue.popleft()
        body, self._body = b"".join(self._body), []
        self._tally.answered[status] += 1
        self._tally.waits_ms.append((time.perf_counter() - self._begun) * 1e3)
        self._begun = 0.0
        if status == 200:
            self._take(kind, what, body)
        if self._queue:
            self._go_on()
            return
        wait_s = self._every_s * (1 + _JITTER * random.random())
        if not self._arrived:
            self._arrived = True
            self._tally.arrived()
            wait_s *= random.random()
        self._loop.call_later(wait_s, self._look)

    def _look(self) -> None:
        self._queue.append(("pointer", POINTER))
        self._go_on()

    def _go_on(self) -> None:
        if self._transport is None:
            self._coming = self._loop.create_task(self.arrive())
        else:
            self._ask()

    def _ask(self) -> None:
        kind, path = self._queue[0]
        self._found_etag = ""
        self._begun = time.perf_counter()
        self._tally.asked[kind] += 1
        words = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        if kind == "pointer" and self._etag:
            words += f"If-None-Match: {self._etag}\r\n"
        assert self._transport is not None
        self._transport.write(f"{words}\r\n".encode())

    def _take(self, kind: str, path: str, body: bytes) -> None:
        if kind == "page":
            self._page_version, files = _page(body)
            self._queue.extend(("file", one) for one in files)
            self._queue.append(("pointer", POINTER))
        elif kind == "pointer":
            self._etag = self._found_etag
            self._follow(_pointer(body))
        elif kind == "change":
            self._version = int(path.rpartition("/")[2].partition("-")[0])
            self._tally.seen[self._version].append(time.time())

    def _follow(self, pointer: dict[str, Any]) -> None:
        """Ask for what the pointer names and is not here yet."""
        self._every_s = max(_LEAST_S, float(pointer["every_s"]))
        changes = pointer["changes"]
        first = changes[0]["to"] if changes else pointer["version"] + 1
        if pointer["series"] != self._series or self._version < first - 1:
            self._series = pointer["series"]
            self._queue.append(("picture", f"/{pointer['picture']['path'].lstrip('/')}"))
            self._version = pointer["picture"]["version"]
            if self._page_version:
                self._version = min(self._version, self._page_version)
                self._page_version = 0
        for one in changes:
            if one["to"] > self._version:
                path = f"/public/c/{one['to']}-{one['hash']}.{self._lang}.json"
                self._queue.append(("change", path))


async def watch(port: int, count: int, arrive_s: float) -> None:
    """Let *count* viewers arrive on *port* within *arrive_s* seconds, and report when asked."""
    loop, tally = asyncio.get_running_loop(), Tally(count, asyncio.Event())
    begun = loop.time()
    coming = set()
    for index in range(count):
        await asyncio.sleep(max(0.0, begun + index * arrive_s / count - loop.time()))
        viewer = Viewer(port, LANGS[index % len(LANGS)], tally)
        task = loop.create_task(viewer.arrive())
        coming.add(task)
        task.add_done_callback(coming.discard)
    await tally.complete.wait()
    print("ready", flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(tally.give(), flush=True)


if __name__ == "__main__":
    uvloop.run(watch(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
