"""The least that could push: one bare asyncio server that repeats what it is handed.

`python -m bench.floor_server PORT`: the first connection is the writer; what it sends goes to every
later one, as it is.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import uvloop


class Peer(asyncio.Protocol):
    """The writer, or one viewer."""

    viewers: set[asyncio.Transport] = set()  # noqa: RUF012 - one server a process
    writer: Peer | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the first connection for the writer."""
        self._transport = cast("asyncio.Transport", transport)
        if Peer.writer is None:
            Peer.writer = self

    def data_received(self, data: bytes) -> None:
        """Repeat what the writer says; answer what a viewer asks."""
        if Peer.writer is self:
            for viewer in Peer.viewers:
                viewer.write(data)
        elif self._transport not in Peer.viewers:
            Peer.viewers.add(self._transport)
            self._transport.write(b"HTTP/1.1 200 OK\r\n\r\n")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        """Forget a viewer."""
        Peer.viewers.discard(self._transport)


async def serve(port: int) -> None:
    """Serve until ended."""
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
