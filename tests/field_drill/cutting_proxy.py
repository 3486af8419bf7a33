"""A line between a phone and the web process that can be cut at any byte, and mended again."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_WRITES: Final = (b"POST ", b"PUT ", b"PATCH ", b"DELETE ")
_BYTES: Final = 65536


class Line(StrEnum):
    """How the line is."""

    UP = "up"
    DEAF = "deaf"  # takes everything and passes nothing on
    DOWN = "down"  # refuses every connection


class At(StrEnum):
    """Where a trap cuts: in a changing request, or in the answer to one."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(slots=True)
class _Trap:
    """Cuts everything after *left* more bytes of the next changing request, or of its answer."""

    at: At
    left: int


class CuttingProxy:
    """Passes TCP connections on to another port of this machine, for as long as the line is up.

    Attributes:
        port: where it listens on loopback; it keeps this port however often the line is cut.
        cut: set when a trap has cut the line.
        answered: bytes that came back over it until now.
    """

    def __init__(self, to_port: int) -> None:
        """Listen; connections go on to *to_port*, which need not be listened on yet."""
        self.cut = threading.Event()
        self.answered = 0
        self._to = to_port
        self._line = Line.UP
        self._trap: _Trap | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self._thread.start()
        assert listening.wait(60)

    def set(self, line: Line) -> None:
        """Make the line so; what is open is cut unless it is up. A trap that waits is taken away.

        Where the line was cut it is so when this returns.
        """
        asyncio.run_coroutine_threadsafe(self._set(line), self._loop).result(60)

    def trap(self, at: At, after: int) -> None:
        """Bring the line down *after* so many bytes of the next changing request, or its answer."""
        self.cut.clear()
        self._loop.call_soon_threadsafe(setattr, self, "_trap", _Trap(at, after))

    def close(self) -> None:
        """Cut everything and stop listening."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(60)
        self._listener.close()

    async def _set(self, line: Line) -> None:
        self._trap = None
        self._line = line
        if line is Line.DOWN:
            self._cut_all()

    def _cut_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    def _run(self, listening: threading.Event) -> None:
        async def serve() -> None:
            server = await asyncio.start_server(self._take, sock=self._listener)
            listening.set()
            await self._over.wait()
            server.close()
            self._line = Line.DOWN
            self._cut_all()
            await asyncio.gather(*self._calls, return_exceptions=True)

        with contextlib.closing(self._loop):
            self._loop.run_until_complete(serve())

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        self._open.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if self._line is not Line.DOWN:
                await self._pass_on(reader, writer)
        writer.transport.abort()
        self._open.discard(writer)
        self._calls.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._open.add(up_writer)
        asked: list[_Trap] = []  # the trap that waits for the answer on this connection
        ways = [
            asyncio.ensure_future(self._requests(reader, up_writer, asked)),
            asyncio.ensure_future(self._answers(up_reader, writer, asked)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        up_writer.transport.abort()
        writer.transport.abort()
        await asyncio.gather(*ways, return_exceptions=True)
        self._open.discard(up_writer)

    async def _requests(
        self, reader: asyncio.StreamReader, onward: asyncio.StreamWriter, asked: list[_Trap]
    ) -> None:
        cutting: _Trap | None = None
        while data := await reader.read(_BYTES):
            if self._line is not Line.UP:
                continue
            if self._trap is not None and data.startswith(_WRITES):
                trap, self._trap = self._trap, None
                if trap.at is At.ANSWER:
                    asked.append(trap)
                else:
                    cutting = trap
            if not await self._passed(data, onward, cutting):
                return

    async def _answers(
        self, reader: asyncio.StreamReader, back: asyncio.StreamWriter, asked: list[_Trap]
    ) -> None:
        while data := await reader.read(_BYTES):
            if self._line is not Line.UP:
                continue
            self.answered += len(data)
            if not await self._passed(data, back, asked[0] if asked else None):
                return

    async def _passed(self, data: bytes, to: asyncio.StreamWriter, trap: _Trap | None) -> bool:
        """Pass *data* on; False where the trap cut it short, and the whole line with it."""
        if trap is None or len(data) < trap.left:
            to.write(data)
            await to.drain()
            if trap is not None:
                trap.left -= len(data)
            return True
        to.write(data[: trap.left])
        with contextlib.suppress(OSError):
            await to.drain()
        self._line = Line.DOWN
        self._cut_all()
        self.cut.set()
        return False
