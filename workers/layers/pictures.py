"""Pictures of map services for whoever looks at them: fetched by several threads, each bounded."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from functools import cache
from typing import Final

import httpx

from cop.config import Settings
from cop.errors import FeedError
from cop.model.exchange import Layer
from cop.services.layers.addresses import NotAllowed, check_address
from cop.services.layers.tiles import MOST_TILE_BYTES, NoTile, Place, Tile
from cop.store.port import Store
from workers.backoff import Backoff
from workers.fetch import Fetcher
from workers.layers import wms
from workers.layers.asking import Asking, feed_of
from workers.transports import open_guarded, open_transport

WITHIN_S: Final = 8.0


def open_pictures(settings: Settings, store: Store) -> Pictures:
    """Give what fetches pictures for the operation of *settings*; nothing is opened yet."""

    @cache
    def context() -> ssl.SSLContext:
        return httpx.create_ssl_context()

    def opened() -> httpx.BaseTransport:
        return open_transport(settings) if settings.exercise else open_guarded(context())

    return Pictures(settings, store, opened)


class Pictures:
    """Fetches one picture at a time in each thread, which keeps its own connections."""

    def __init__(
        self, settings: Settings, store: Store, opened: Callable[[], httpx.BaseTransport]
    ) -> None:
        """Fetch from the hosts that *settings* allow, by transports that *opened* makes."""
        self._settings = settings
        self._store = store
        self._opened = opened
        self._own = threading.local()

    def __call__(self, layer: Layer, place: Place) -> Tile:
        """Fetch the picture of *place*.

        Raises:
            NoTile: it cannot be had; the message says why.
            StoreUnavailable: the store does not answer.
        """
        feed = feed_of(layer, within_s=WITHIN_S, most_bytes=MOST_TILE_BYTES)
        try:
            check_address(layer.address, self._settings.layer_hosts)
            with Fetcher(
                feed,
                self._transport(),
                Backoff(self._store),
                contact=self._settings.contact,
            ) as fetcher:
                return wms.picture(Asking(layer, fetcher), layer, place)
        except (FeedError, NotAllowed) as error:
            raise NoTile(str(error)) from error

    def _transport(self) -> httpx.BaseTransport:
        found: httpx.BaseTransport | None = getattr(self._own, "transport", None)
        if found is None:
            found = self._own.transport = self._opened()
        return found
