"""One open line to a client: what it has, what it is still to get, and what it sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from cop.errors import PayloadError
from cop.formats.cot.control import delete
from cop.formats.cot.stream import Garbage, Splitter
from cop.services.cot.clients import Client
from cop.services.cot.groups import allows
from cop.services.cot.incoming import Incoming
from cop.services.cot.view import Drawn

MOST_FAULTS: Final = 5
"""So many things that are no events, and the line is closed.

Without TLS it is one: what a browser on this machine is made to send begins with words of HTTP.
"""
SLOW_S: Final = 30.0
"""Who takes nothing for so long is let go."""
_BATCH: Final = 50
_READ: Final = 16 * 1024

Draw = Callable[[str], Drawn | None]
"""Gives a thing as the client may see it, before its groups; None where there is none."""


class Line:
    """Lives in one event loop. What is to be sent are ids: however slow, only the last state goes.

    Attributes:
        client: whose it is.
        certificate: DER that was verified; empty without TLS.
        why: why it was closed.
    """

    def __init__(
        self,
        client: Client,
        certificate: bytes,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        draw: Draw,
        incoming: Incoming,
    ) -> None:
        """Send what *draw* gives; hand what comes to *incoming*."""
        self.client = client
        self.certificate = certificate
        self.incoming = incoming
        self.why = ""
        self._reader, self._writer = streams
        self._draw = draw
        self._has: dict[str, tuple[tuple[str, str], ...]] = {}
        self._due: dict[str, None] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Send and read until either side ends, or something is wrong."""
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._read())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            self._writer.transport.abort()
        for error in ended:
            if isinstance(error, Exception) and not isinstance(error, OSError):
                raise error

    def close(self, why: str) -> None:
        """Let the client go at once."""
        self.why = self.why or why
        self._writer.transport.abort()

    def tell(self, ids: Iterable[str]) -> None:
        """Let it have how these things are now."""
        self._due.update(dict.fromkeys(ids))
        self._wake.set()

    def renew(self, ids: Iterable[str]) -> None:
        """Let it have these things again, of those that it has."""
        self.tell([one for one in ids if one in self._has])

    def tell_all(self, ids: Iterable[str]) -> None:
        """Let it have how everything is now: *ids*, and what it has that is no more."""
        self.tell(self._has)
        self.tell(ids)

    async def _send(self) -> None:
        while await self._wake.wait():
            self._wake.clear()
            while self._due:
                ids = list(islice(self._due, _BATCH))
                for one in ids:
                    del self._due[one]
                self._writer.write(b"".join(map(self._news_of, ids)))
                try:
                    async with asyncio.timeout(SLOW_S):
                        await self._writer.drain()
                except TimeoutError:
                    self.close("slow")
                    return
                await asyncio.sleep(0)

    def _news_of(self, entity_id: str) -> bytes:
        """Give what is to be said of a thing: how it is, or that it is gone, or nothing."""
        drawn = self._draw(entity_id)
        shown = drawn is not None and bool(drawn.uids) and allows(self.client, drawn.feature)
        uids = drawn.uids if drawn is not None and shown else ()
        gone = [one for one in self._has.pop(entity_id, ()) if one not in uids]
        now = datetime.now(UTC)
        news = b"".join(delete(uid, kind, now) for uid, kind in gone if uid not in dict(uids))
        if drawn is None or not shown:
            return news
        self._has[entity_id] = uids
        return news + drawn.body

    async def _read(self) -> None:
        splitter, faults = Splitter(), 0
        most = MOST_FAULTS if self.certificate else 1
        while body := await self._reader.read(_READ):
            for event in splitter.feed(body):
                if isinstance(event, Garbage):
                    self.incoming.counts["garbage"] += 1
                    faults += 1
                else:
                    faults += await self._take(event)
                if faults >= most:
                    self.close("faults")
                if self.why:  # what has come already is not taken from who was let go
                    return

    async def _take(self, event: bytes) -> int:
        """Take one event; tell how many faults it was."""
        try:
            answer = await self.incoming.take(event)
        except PayloadError:
            self.incoming.counts["no-event"] += 1
            return 1
        if answer:
            self._writer.write(answer)
        return 0
