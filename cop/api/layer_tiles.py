"""Pictures of map services that this process fetches for its viewers, each once for all of them."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from cop.model.exchange import Layer
from cop.services.layers.tiles import NoTile, Place, Tile

AT_ONCE: Final = 16
"""Pictures that are fetched at once; the others wait for their turn."""
AT_ONCE_OF_ONE: Final = 4
"""From one host: one that is slow holds up nobody else's pictures."""
MOST_WAITING: Final = 256
MOST_WAITING_OF_ONE: Final = 96
"""From one host, those that are being fetched included."""
MOST_KEPT_BYTES: Final = 24 * 1024 * 1024
ENTRY_BYTES: Final = 1024
"""What is kept of a picture besides its bytes, reckoned amply: an empty one has hardly any."""
LONGEST_KEPT_S: Final = 300.0
WITHIN_S: Final = 20.0

Fetch = Callable[[Layer, Place], Tile]
"""Fetches a picture; raises NoTile. Called in several threads at once."""

_Name = tuple[str, str, str, Place]


class TooMany(NoTile):
    """So many pictures are waited for that no more are taken."""


@dataclass(eq=False)
class _Host:
    """What is asked of one host.

    Attributes:
        waiting: pictures that are waited for.
        turns: places of those that are being fetched.
    """

    waiting: int = 0
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_OF_ONE))


class LayerTiles:
    """Pictures by layer and place, in memory for a short time. Lives in one event loop."""

    def __init__(self, fetch: Fetch) -> None:
        """Fetch by *fetch*."""
        self._fetch = fetch
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tiles")
        self._waiting: dict[_Name, asyncio.Task[Tile]] = {}
        self._kept: OrderedDict[_Name, tuple[float, Tile]] = OrderedDict()
        self._kept_bytes = 0
        self._hosts: dict[str, _Host] = {}

    async def see(self, layer: Layer, place: Place) -> Tile:
        """Give the picture of *place* in *layer*.

        Raises:
            TooMany: too many wait, for this host or all together.
            NoTile: there is none, or it did not come in time.
        """
        name = (layer.id, layer.address, layer.name, place)
        kept = self._kept.get(name)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        waiting = self._waiting.get(name)
        if waiting is None:
            waiting = self._begin(name, layer, place)
        # one who goes away must not take the picture from the others
        return await asyncio.shield(waiting)

    def _begin(self, name: _Name, layer: Layer, place: Place) -> asyncio.Task[Tile]:
        host_name = urlsplit(layer.address).hostname or ""
        host = self._hosts.setdefault(host_name, _Host())
        if len(self._waiting) >= MOST_WAITING or host.waiting >= MOST_WAITING_OF_ONE:
            raise TooMany("too many pictures are asked for at once: try again in a moment")
        waiting = asyncio.create_task(self._ask(host, name, layer, place))
        self._waiting[name] = waiting
        host.waiting += 1

        def had(done: asyncio.Task[Tile]) -> None:
            host.waiting -= 1
            del self._waiting[name]
            _hear(done)

        waiting.add_done_callback(had)
        return waiting

    async def _ask(self, host: _Host, name: _Name, layer: Layer, place: Place) -> Tile:
        try:
            async with asyncio.timeout(WITHIN_S):
                await host.turns.acquire()
                loop = asyncio.get_running_loop()
                fetched = loop.run_in_executor(self._pool, self._fetch, layer, place)

                def over(done: asyncio.Future[Tile]) -> None:
                    host.turns.release()
                    _hear(done)

                fetched.add_done_callback(over)
                # one that is given up has its place until its thread is free again
                tile = await asyncio.shield(fetched)
        except TimeoutError:
            raise NoTile(f"no picture came within {WITHIN_S:g} s") from None
        self._keep(name, tile, min(layer.every_s, LONGEST_KEPT_S))
        return tile

    def _keep(self, name: _Name, tile: Tile, for_s: float) -> None:
        before = self._kept.pop(name, None)
        self._kept_bytes += _weight(tile) - (0 if before is None else _weight(before[1]))
        self._kept[name] = (time.monotonic() + for_s, tile)
        while self._kept_bytes > MOST_KEPT_BYTES:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._kept_bytes -= _weight(oldest)


def _weight(tile: Tile) -> int:
    return len(tile.body) + ENTRY_BYTES


def _hear(done: asyncio.Future[Tile]) -> None:
    """Take note of a failure: nobody may be left to hear it."""
    if not done.cancelled():
        done.exception()
