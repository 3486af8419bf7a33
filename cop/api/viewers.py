"""Open streams of this process, and how bytes get to them: past every layer, to the socket.

What is to be told comes from the replica's thread and is written out by the event loop, together
with what has come in meanwhile.

A viewer has no queue and no task of its own beyond the server's. What a socket cannot take stays
in its transport; when too much does, the viewer is let go. The bytes that wait there are the same
for all who wait for them: each has no more than a list of what they have not had.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import structlog
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from cop.model.record import Cursor
from cop.services.policy import Identity

log = structlog.get_logger(__name__)

MOST_STREAMS: Final = 20_000
MOST_PER_ADDRESS: Final = 5_000
"""A whole emergency centre, or a district behind one carrier's gateway, may share an address."""
FLUSH_S: Final = 10.0
TICK_S: Final = 1.0

News = TypeVar("News")
"""What the viewers of a stream are told of."""


@dataclass(slots=True, eq=False)
class Viewer:
    """One open stream.

    Attributes:
        cycle: uvicorn's side of it.
        identity: who is looking.
        address: network address of who is looking.
        after: the cursor of the picture they came with; None: they begin now.
        ahead_of: the cursor they have, when this process has not come to it yet.
        waited: ticks since then.
        part: which part of all viewers they belong to, where not all have their turn at once.
        transport: what bytes are written to.
    """

    cycle: RequestResponseCycle
    identity: Identity
    address: str
    after: Cursor | None = None
    ahead_of: tuple[int, int] | None = None
    waited: int = 0
    part: int = 0
    transport: Any = field(init=False)

    def __post_init__(self) -> None:
        """Keep the transport at hand: it is asked for with every change."""
        self.transport = self.cycle.transport

    @property
    def server_stops(self) -> bool:
        """Whether the server has begun to shut down: it then no longer keeps connections."""
        return not self.cycle.keep_alive


def chunk(body: bytes) -> bytes:
    """Frame *body* for HTTP/1.1 chunked transfer."""
    return b"%x\r\n%b\r\n" % (len(body), body)


_BYE: Final = chunk(b"event: bye\ndata: {}\n\n") + b"0\r\n\r\n"
"""The last word of a process that ends in order: come back at once, to whoever is there then."""


class Viewers(ABC, Generic[News]):
    """All who hold one sort of stream open. Lives in one event loop.

    Attributes:
        viewers: how many streams are open in this process.
        tick_s: how often it is seen to what is due.
    """

    tick_s = TICK_S

    def __init__(self) -> None:
        """Begin with nobody."""
        self.viewers = 0
        self._addresses: Counter[str] = Counter()
        self._inbox: deque[News] = deque()
        self._called = False
        self._rests_until = 0.0
        self._wake: Callable[[], object] = lambda: None

    def is_full(self, address: str) -> bool:
        """Whether no further stream may be opened from *address*."""
        return self.viewers >= MOST_STREAMS or self._addresses[address] >= MOST_PER_ADDRESS

    def join(self, viewer: Viewer) -> None:
        """Begin to write to *viewer*, whose response headers have been sent."""
        self.viewers += 1
        self._addresses[viewer.address] += 1
        self._welcome(viewer)

    def leave(self, viewer: Viewer) -> None:
        """Forget *viewer*, whose connection has ended."""
        self._forget(viewer)
        self.viewers -= 1
        self._addresses[viewer.address] -= 1
        if not self._addresses[viewer.address]:
            del self._addresses[viewer.address]

    async def run(self) -> None:
        """Serve until cancelled: what comes in, what is due, sessions that have ended."""
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(self._pump_soon, loop)
        self._pump()
        checks = asyncio.create_task(self._look_after_sessions())
        try:
            while True:
                await asyncio.sleep(self.tick_s)
                try:
                    self._tick()
                except Exception:  # without the next tick every viewer would call us dead
                    log.exception("tick_failed", stream=type(self).__name__)
        finally:
            checks.cancel()
            self._wake = lambda: None
            for viewer in self._everyone():
                self._close(viewer, _BYE)

    def _receive(self, news: News) -> None:
        """Take *news* in the replica's thread."""
        self._inbox.append(news)
        if not self._called:
            self._called = True
            self._wake()

    def _pump_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write what has come in; at once, if the last time leaves enough for other work."""
        rest = self._rests_until - time.monotonic()
        if rest > 0:
            loop.call_later(rest, self._pump)
        else:
            self._pump()

    def _end_stopped(self, some: Iterable[Viewer]) -> None:
        """Close those streams of *some* whose connections the server shuts down."""
        for viewer in [*some]:
            if viewer.server_stops:
                self._close(viewer, _BYE)

    @property
    @abstractmethod
    def slow_bytes(self) -> int:
        """How much may wait in a viewer's transport before they are let go."""

    @property
    @abstractmethod
    def farewell(self) -> bytes:
        """The last words to somebody who reads too slowly."""

    @abstractmethod
    def _welcome(self, viewer: Viewer) -> None:
        """Write what *viewer* must have at once, and remember them."""

    @abstractmethod
    def _everyone(self) -> list[Viewer]:
        """List all who are written to, or will be."""

    @abstractmethod
    def _pump(self) -> None:
        """Write all that has come in, and say until when to rest."""

    @abstractmethod
    def _tick(self) -> None:
        """Do what is due; called every `tick_s`."""

    @abstractmethod
    async def _look_after_sessions(self) -> None:
        """End the streams of sessions that have ended, until cancelled."""

    @abstractmethod
    def _forget(self, viewer: Viewer) -> None:
        """Write nothing to *viewer* any more."""

    def _write(self, viewers: Iterable[Viewer], data: bytes) -> None:
        slow, broken = [], []
        most = self.slow_bytes
        for viewer in viewers:
            transport = viewer.transport
            if transport.is_closing():  # gone, and about to be forgotten
                continue
            if transport.get_write_buffer_size() > most:
                slow.append(viewer)
            else:
                try:
                    transport.write(data)
                except Exception:  # one connection must not keep a change from the others
                    log.exception("viewer_failed")
                    broken.append(viewer)
        for viewer in broken:
            self._forget(viewer)
            viewer.transport.abort()
        for viewer in slow:
            log.info("viewer_too_slow", audience=viewer.identity.audience.value)
            self._close(viewer, self.farewell)

    def _close(self, viewer: Viewer, last: bytes = b"") -> None:
        """End the stream of *viewer*, and with it the connection, which nobody may use again.

        A socket that takes nothing any more is cut off.
        """
        self._forget(viewer)
        transport = viewer.transport
        if transport.is_closing():
            return
        transport.write(last)
        transport.close()
        asyncio.get_running_loop().call_later(FLUSH_S, transport.abort)
