"""The listener with TLS: how many may be at their handshake at once, and for how long."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Final, Self, cast

HANDSHAKE_S: Final = 10.0
MOST_HANDSHAKES: Final = 64
"""At once, over all addresses."""
GONE_S: Final = 60
"""Who answers nothing for so long, not even that it has received something, is gone."""

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Listener:
    """Takes connections and secures them. Lives in one event loop.

    Whoever comes when all places are taken gets that of who has had one the longest: a handshake
    is over in a moment, and who keeps a place without one wants nothing else. So connections that
    say nothing hold up nobody, and take no more memory than those places.

    Attributes:
        port: where it listens; 0 while it does not.
    """

    def __init__(self, context: ssl.SSLContext, serve: Serve) -> None:
        """Secure by *context*; hand each connection that is secured to *serve*."""
        self.port = 0
        self._context = context
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._greeted: dict[asyncio.Task[None], asyncio.Transport] = {}

    async def open(self, host: str, port: int) -> Self:
        """Listen at *host*; *port* 0 takes any.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Arrival(self), host, port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def close(self) -> None:
        """Listen no more; who is at the handshake is let go, who is served stays."""
        if self._server is not None:
            self._server.close()
        for task in list(self._greeted):
            self._let_go(task)

    def greet(self, transport: asyncio.Transport) -> None:
        """Begin the handshake with whoever has come by *transport*, of which nothing was read."""
        if len(self._greeted) >= MOST_HANDSHAKES:
            self._let_go(next(iter(self._greeted)))
        task = asyncio.get_running_loop().create_task(self._secure(transport))
        self._greeted[task] = transport
        task.add_done_callback(lambda done: self._greeted.pop(done, None))

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._greeted.pop(task).abort()
        task.cancel()

    async def _secure(self, transport: asyncio.Transport) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, self._serve, loop=loop)
        with contextlib.suppress(OSError):  # no certificate, no TLS, too slow, gone
            secured = await loop.start_tls(
                transport,
                protocol,
                self._context,
                server_side=True,
                ssl_handshake_timeout=HANDSHAKE_S,
            )
            if secured is not None:
                protocol.connection_made(secured)


class _Arrival(asyncio.Protocol):
    """A connection of which nothing is read before TLS reads it."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        arrived = cast("asyncio.Transport", transport)
        arrived.pause_reading()
        self._listener.greet(arrived)


def notice_gone(carrier: socket.socket) -> None:
    """Have the machine end a connection whose other end is gone, also while nothing is sent.

    A device that changes its network says no farewell; its places would stay taken for long.
    """
    carrier.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    carrier.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, GONE_S // 2)
    carrier.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, GONE_S // 6)
    carrier.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_S * 1000)
