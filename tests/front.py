"""A small proxy of connections: each goes to the next process behind it that says it is ready."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Final

import httpx

_LOOK_EVERY_S: Final = 0.2


class Front:
    """Listens on a port of loopback, and asks those behind it at `/readyz` as a proxy does.

    Attributes:
        url: where it listens.
        behind: ports of the processes behind it; may be changed at any time.
        ready: those of them that said so last.
        end: ends it.
    """

    def __init__(self, behind: list[int]) -> None:
        """Stand before *behind*."""
        self.url = ""
        self.behind = behind
        self.ready: list[int] = []
        self.end: Callable[[], object] = lambda: None
        self._turn = itertools.count()

    async def serve(self, begun: threading.Event) -> None:
        """Serve until `end`; *begun* is set when it listens."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        self.end = lambda: loop.call_soon_threadsafe(over.set)
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, httpx.AsyncClient(timeout=5, trust_env=False) as client:
            looking = asyncio.create_task(self._look(client))
            begun.set()
            await over.wait()
            looking.cancel()

    async def _look(self, client: httpx.AsyncClient) -> None:
        while True:
            self.ready = [port for port in self.behind if await _is_ready(client, port)]
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to whoever takes it; where nobody does, close it."""
        with contextlib.closing(writer):
            ready = self.ready or [*self.behind]
            first = next(self._turn) % len(ready)
            for port in [*ready[first:], *ready[:first]]:
                with contextlib.suppress(OSError):
                    there, back = await asyncio.open_connection("127.0.0.1", port)
                    with contextlib.closing(back):
                        await _join((reader, back), (there, writer))
                    return


async def _is_ready(client: httpx.AsyncClient, port: int) -> bool:
    with contextlib.suppress(httpx.TransportError):
        answer = await client.get(f"http://127.0.0.1:{port}/readyz", params={"store": "any"})
        return answer.status_code == httpx.codes.OK
    return False


async def _join(*ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Pass bytes on until one side ends."""
    passing = [asyncio.create_task(_pass_on(*way)) for way in ways]
    await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
    for one in passing:
        one.cancel()
    await asyncio.gather(*passing, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while body := await reader.read(65_536):
            writer.write(body)
            await writer.drain()


@contextlib.contextmanager
def front(behind: list[int]) -> Iterator[Front]:
    """Give a proxy before the ports *behind*, which runs until the end of the block."""
    proxy, begun = Front(behind), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(proxy.serve(begun)), daemon=True)
    thread.start()
    assert begun.wait(45)
    try:
        yield proxy
    finally:
        proxy.end()
        thread.join(45)
