"""Pictures of map services that this process fetches for its viewers, each once for all of them."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from cop.model.exchange import Layer
from cop.services.layers.tiles import NoTile, Place, Tile

AT_ONCE: Final = 6
"""Pictures that are fetched at once; the others wait for their turn."""
MOST_WAITING: Final = 256
MOST_KEPT_BYTES: Final = 24 * 1024 * 1024
LONGEST_KEPT_S: Final = 300.0
WITHIN_S: Final = 20.0

Fetch = Callable[[Layer, Place], Tile]
"""Fetches a picture; raises NoTile. Called in several threads at once."""

_Name = tuple[str, str, str, Place]


class LayerTiles:
    """Pictures by layer and place, in memory for a short time. Lives in one event loop."""

    def __init__(self, fetch: Fetch) -> None:
        """Fetch by *fetch*."""
        self._fetch = fetch
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tiles")
        self._waiting: dict[_Name, asyncio.Task[Tile]] = {}
        self._kept: OrderedDict[_Name, tuple[float, Tile]] = OrderedDict()
        self._kept_bytes = 0

    @property
    def is_busy(self) -> bool:
        """Whether so many wait that no more are taken."""
        return len(self._waiting) >= MOST_WAITING

    async def see(self, layer: Layer, place: Place) -> Tile:
        """Give the picture of *place* in *layer*.

        Raises:
            NoTile: there is none, it did not come in time, or too many wait.
        """
        name = (layer.id, layer.address, layer.name, place)
        kept = self._kept.get(name)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        waiting = self._waiting.get(name)
        if waiting is None:
            if self.is_busy:
                raise NoTile("too many pictures are asked for at once: try again in a moment")
            waiting = asyncio.create_task(self._ask(name, layer, place))
            self._waiting[name] = waiting
            waiting.add_done_callback(partial(self._had, name))
        # one who goes away must not take the picture from the others
        return await asyncio.shield(waiting)

    async def _ask(self, name: _Name, layer: Layer, place: Place) -> Tile:
        try:
            async with asyncio.timeout(WITHIN_S):
                loop = asyncio.get_running_loop()
                tile = await loop.run_in_executor(self._pool, self._fetch, layer, place)
        except TimeoutError:
            raise NoTile(f"no picture came within {WITHIN_S:g} s") from None
        self._keep(name, tile, min(layer.every_s, LONGEST_KEPT_S))
        return tile

    def _keep(self, name: _Name, tile: Tile, for_s: float) -> None:
        before = self._kept.pop(name, None)
        self._kept_bytes += len(tile.body) - (0 if before is None else len(before[1].body))
        self._kept[name] = (time.monotonic() + for_s, tile)
        while self._kept_bytes > MOST_KEPT_BYTES:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest.body)

    def _had(self, name: _Name, waiting: asyncio.Task[Tile]) -> None:
        self._waiting.pop(name, None)
        if not waiting.cancelled():
            waiting.exception()  # nobody may be left to hear it
