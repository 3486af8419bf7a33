"""What a line takes, and when it takes nothing more."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import cast

from cop.services.cot.clients import Client
from cop.services.cot.incoming import Incoming
from cop.services.cot.line import Line

EVENT = b'<event uid="1"/>'


class Cutting:
    """Takes an event, and has its line closed meanwhile, as when its client is revoked."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.line: Line | None = None
        self.taken = 0

    async def take(self, _: bytes) -> bytes:
        """Count."""
        self.taken += 1
        assert self.line is not None
        self.line.close("no longer as it was")
        return b""


def test_who_is_let_go_is_not_heard_to_the_end() -> None:
    """What has come already, but was not taken, is not taken from whoever has no more leave."""
    cutting = Cutting()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        streams = (reader, writer)
        cutting.line = Line(
            Client(cn="tablet"), b"one", streams, lambda _: None, cast("Incoming", cutting)
        )
        await cutting.line.run()

    async def talk() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, asyncio.timeout(45):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(EVENT * 500)
            try:
                await reader.read()
            except ConnectionError:
                pass
            finally:
                writer.close()

    asyncio.run(talk())
    assert cutting.taken == 1
