"""Pictures of map services that a web process fetches: shared, bounded, fair among hosts."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from cop.api import layer_tiles
from cop.api.layer_tiles import AT_ONCE_OF_ONE, MOST_WAITING_OF_ONE, LayerTiles, TooMany
from cop.model.exchange import Layer
from cop.services.layers.tiles import NoTile, Place, Tile
from tests.integration.web_server import until


class Services:
    """Map services, of which the one at `slow.example` answers when it is let go.

    Attributes:
        asked: how often each host was asked.
        free: lets the slow one go on.
    """

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked: Counter[str] = Counter()
        self.free = threading.Event()
        self._counting = threading.Lock()

    def __call__(self, layer: Layer, place: Place) -> Tile:
        """Give a picture that names its column."""
        host = layer.address.split("/")[2]
        with self._counting:  # several threads ask at once
            self.asked[host] += 1
        if host == "slow.example":
            assert self.free.wait(45)
        if host == "broken.example":
            raise NoTile("nothing there")
        return Tile(b"%d" % place.x, "image/png")


def layer(host: str, name: str = "roads") -> Layer:
    """Give a layer of pictures."""
    return Layer(
        id=f"layer:{host}-{name}",
        publisher="COP",
        title={"en": name},
        service="wms",
        address=f"https://{host}/wms",
        name=name,
        attribution="Example",
        every_s=3600,
    )


def places(count: int) -> list[Place]:
    """Give so many tiles."""
    return [Place(12, x, 1786) for x in range(count)]


def play(talk: Callable[[LayerTiles, Services], Awaitable[None]]) -> None:
    """Have *talk* with a fresh web process and its services."""
    services = Services()

    async def run() -> None:
        async with asyncio.timeout(45):
            try:
                await talk(LayerTiles(services), services)
            finally:
                services.free.set()

    asyncio.run(run())


async def check_asked(services: Services) -> None:
    """Wait until the slow host was asked as often as it may be; fail if it was more often."""
    await asyncio.to_thread(lambda: until(lambda: services.asked["slow.example"] >= AT_ONCE_OF_ONE))
    assert services.asked["slow.example"] == AT_ONCE_OF_ONE


def test_a_slow_host_holds_up_nobody_else() -> None:
    """Its layers have their few places together; pictures of others come meanwhile."""

    async def talk(tiles: LayerTiles, services: Services) -> None:
        slow = [
            asyncio.ensure_future(tiles.see(layer("slow.example", name), place))
            for name in ("roads", "rails")
            for place in places(20)
        ]
        await asyncio.sleep(0)
        for place in places(40):
            assert (await tiles.see(layer("quick.example"), place)).body == b"%d" % place.x
        await check_asked(services)
        services.free.set()
        assert [one.body for one in await asyncio.gather(*slow)] == [
            b"%d" % place.x for place in places(20) * 2
        ]

    play(talk)


def test_one_that_is_given_up_keeps_its_place_until_its_thread_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever waits is told in time; the host is asked for no more meanwhile, and then again."""
    monkeypatch.setattr(layer_tiles, "WITHIN_S", 0.05)

    async def talk(tiles: LayerTiles, services: Services) -> None:
        for _ in range(2):
            found = await asyncio.gather(
                *(tiles.see(layer("slow.example"), place) for place in places(10)),
                return_exceptions=True,
            )
            assert {str(one) for one in found} == {"no picture came within 0.05 s"}
        await check_asked(services)
        services.free.set()
        monkeypatch.setattr(layer_tiles, "WITHIN_S", 45.0)
        assert (await tiles.see(layer("slow.example"), Place(12, 7, 7))).body == b"7"

    play(talk)


def test_one_host_does_not_take_all_the_room_to_wait() -> None:
    """Who asks for more of it is refused; others are not."""

    async def talk(tiles: LayerTiles, services: Services) -> None:
        slow = [
            asyncio.ensure_future(tiles.see(layer("slow.example"), place))
            for place in places(MOST_WAITING_OF_ONE)
        ]
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await tiles.see(layer("slow.example"), Place(12, 4000, 0))
        assert (await tiles.see(layer("quick.example"), Place(12, 3, 0))).body == b"3"
        services.free.set()
        await asyncio.gather(*slow)
        assert (await tiles.see(layer("slow.example"), Place(12, 4000, 0))).body == b"4000"

    play(talk)


def test_small_pictures_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of pictures that weigh next to nothing no more are kept than their entries have room."""
    monkeypatch.setattr(layer_tiles, "MOST_KEPT_BYTES", 10 * (layer_tiles.ENTRY_BYTES + 8))

    async def talk(tiles: LayerTiles, _: Services) -> None:
        for place in places(60):
            await tiles.see(layer("quick.example"), place)
        assert 10 <= len(tiles._kept) < 12
        await tiles.see(layer("quick.example"), Place(12, 59, 0))
        kept = sum(len(tile.body) + layer_tiles.ENTRY_BYTES for _, tile in tiles._kept.values())
        assert tiles._kept_bytes == kept

    play(talk)


def test_a_picture_is_fetched_once_for_all() -> None:
    """Also while it is on its way; a failure is told to all who wait, and asked for again."""

    async def talk(tiles: LayerTiles, services: Services) -> None:
        place = Place(12, 5, 5)
        both = [tiles.see(layer("quick.example"), place) for _ in range(2)]
        assert {one.body for one in await asyncio.gather(*both)} == {b"5"}
        await tiles.see(layer("quick.example"), place)
        assert services.asked["quick.example"] == 1
        for _ in range(2):
            with pytest.raises(NoTile, match="nothing there"):
                await tiles.see(layer("broken.example"), place)
        assert services.asked["broken.example"] == 2

    play(talk)
