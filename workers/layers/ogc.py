"""OGC API - Features: a collection's items, page after page by their `next` links."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import httpx

from cop.errors import PayloadError
from cop.formats.payload import read_object
from cop.model.exchange import Layer
from workers.layers.asking import Asking, body_of, with_query
from workers.layers.rows import MOST_FEATURES, Rows

_PAGE: Final = 1000


def read(asking: Asking, layer: Layer, rows: Rows) -> None:
    """Take the items of the collection that the layer names.

    Raises:
        FeedError: a page cannot be had, is no GeoJSON, or leads to another host.
    """
    url: str | None = with_query(items_address(layer.address, layer.name), {"limit": _PAGE})
    asked: set[str] = set()
    while url is not None and url not in asked:
        asked.add(url)
        page = body_of(asking.get(url))
        if not rows.is_new(page):
            return
        document = read_object(page)
        rows.take_collection(document)
        matched = document.get("numberMatched")
        if isinstance(matched, int) and matched > MOST_FEATURES:
            rows.cut = True
        url = _next(document, url)
        if rows.full:
            rows.cut = rows.cut or url is not None
            return


def items_address(address: str, name: str) -> str:
    """Give where the items are, whether *address* is of the service or of the collection."""
    url = httpx.URL(address)
    path = url.path.rstrip("/")
    collection = f"/collections/{quote(name, safe='')}"
    if not path.endswith("/items"):
        path = path.removesuffix("/collections")
        raw = path if path.endswith((collection, f"/collections/{name}")) else path + collection
        path = f"{raw}/items"
    return str(url.copy_with(path=path))


def _protected(url: httpx.URL, page: httpx.URL) -> httpx.URL:
    """Give *url* over https where it is of the same host as the *page* that was.

    Services behind a proxy that ends TLS for them write links as they see themselves.
    """
    if page.scheme == "https" and url.scheme == "http" and url.netloc == page.netloc:
        return url.copy_with(scheme="https")
    return url


def _next(document: dict[str, Any], page: str) -> str | None:
    links = document.get("links")
    for link in links if isinstance(links, list) else ():
        if not isinstance(link, dict) or link.get("rel") != "next":
            continue
        href, kind = link.get("href"), link.get("type", "")
        if not isinstance(href, str) or (kind and "json" not in str(kind)):
            continue
        try:
            return str(_protected(httpx.URL(page).join(href), httpx.URL(page)))
        except (httpx.InvalidURL, ValueError) as error:
            raise PayloadError("its link to the next page is no address") from error
    return None
