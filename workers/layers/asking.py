"""Asking the service of one layer: bounded in time, bytes and number of requests."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

import httpx

from cop.errors import FetchError, PayloadError
from cop.model.exchange import Layer
from workers.feed import Feed, Item, Poll, Source
from workers.fetch import Document, Fetcher

MOST_PAGES: Final = 60
MOST_BYTES: Final = 24_000_000
WITHIN_S: Final = 60.0
"""All documents of one layer together."""

MOST_PAGE_BYTES: Final = 8_000_000
PAGE_WITHIN_S: Final = 20.0

_MADE_BY_US: Final = frozenset({"service", "request", "version"})


def feed_of(
    layer: Layer, *, within_s: float = PAGE_WITHIN_S, most_bytes: int = MOST_PAGE_BYTES
) -> Feed:
    """Give the recipe by which a `Fetcher` asks the host of *layer*, and no other.

    Args:
        layer: to be asked for.
        within_s: time for one document.
        most_bytes: of one document.
    """
    return Feed(
        key="layer",
        title=layer.title,
        publisher=layer.publisher,
        licence=layer.licence,
        sources=(Source(name="layer", url=layer.address),),
        every=timedelta(seconds=layer.every_s),
        stale_after=timedelta(seconds=layer.every_s),
        parse=_no_entities,
        max_bytes=most_bytes,
        timeout=timedelta(seconds=within_s),
    )


def _no_entities(_: Poll) -> Iterator[Item]:
    """Yield nothing: what is in a layer is no part of the picture."""
    yield from ()


class Asking:
    """The requests for one layer."""

    def __init__(self, layer: Layer, fetcher: Fetcher) -> None:
        """Ask for *layer* through *fetcher*; the time begins now."""
        self._layer = layer
        self._fetcher = fetcher
        self._left_bytes = MOST_BYTES
        self._left_pages = MOST_PAGES
        self._until = time.monotonic() + WITHIN_S

    def get(self, url: str, *, accept: str = "application/geo+json, application/json") -> Document:
        """Fetch *url*, which must be where the layer is.

        Raises:
            FetchError: it cannot be had, or the layer has taken too much already.
        """
        if self._left_pages <= 0:
            raise FetchError(f"the layer has more than {MOST_PAGES} pages")
        if time.monotonic() >= self._until:
            raise FetchError(f"the layer took longer than {WITHIN_S:g} s")
        if not is_same_origin(url, self._layer.address):
            raise FetchError(
                f"the service leads to another address ({httpx.URL(url).host}): not followed"
            )
        self._left_pages -= 1
        document = self._fetcher.fetch(
            Source(name="layer", url=url, headers={"Accept": accept}), url
        )
        self._left_bytes -= len(document.body or b"")
        if self._left_bytes < 0:
            raise FetchError(f"the layer is larger than {MOST_BYTES:,} bytes")
        return document


def body_of(document: Document) -> bytes:
    """Give the bytes of *document*; raises PayloadError where there are none."""
    if document.body is None:
        raise PayloadError("the service says that nothing has changed, which was not asked")
    return document.body


def is_same_origin(url: str, address: str) -> bool:
    """Tell whether both have the same scheme, host and port; False for what is no address."""
    try:
        one, other = httpx.URL(url), httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        return False
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def with_query(address: str, query: Mapping[str, str | int | float]) -> str:
    """Give *address* with *query*, which takes the place of what it says already."""
    url = httpx.URL(address)
    ours = {name.lower() for name in query} | _MADE_BY_US
    kept = [(name, value) for name, value in url.params.multi_items() if name.lower() not in ours]
    wanted = [(name, str(value)) for name, value in query.items()]
    return str(url.copy_with(params=[*kept, *wanted]))
