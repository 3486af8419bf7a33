"""Web Feature Service 2.0 and 1.1: GeoJSON where it is spoken, else GML, page after page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from cop.errors import FeedError, PayloadError
from cop.formats.payload import read_json, read_xml
from cop.model.exchange import Layer
from workers.layers.asking import Asking, body_of, with_query
from workers.layers.gml import exception_words, take_gml
from workers.layers.rows import MOST_FEATURES, Rows

_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of asking: version and format; no format leaves it to the service."""

    version: str
    format: str

    def query(self, name: str, start: int) -> dict[str, str | int]:
        two = self.version.startswith("2")
        query: dict[str, str | int] = {
            "service": "WFS",
            "version": self.version,
            "request": "GetFeature",
            "typeNames" if two else "typeName": name,
            "count" if two else "maxFeatures": _PAGE,
        }
        if self.format:
            query["outputFormat"] = self.format
        if start:
            query["startIndex"] = start
        return query


_WAYS: Final = (
    _Way("2.0.0", "application/json"),
    _Way("2.0.0", "geojson"),
    _Way("1.1.0", "application/json"),
    _Way("2.0.0", ""),
    _Way("1.1.0", ""),
)
"""Tried in this order until one gives features."""


def read(asking: Asking, layer: Layer, rows: Rows) -> None:
    """Take the features of the type that the layer names, by the first way that works.

    Raises:
        FeedError: no way gives features; what the first one gave is told.
    """
    first: FeedError | None = None
    for way in _WAYS:
        try:
            got, more = _page(asking, layer, rows, way, 0)
        except FeedError as error:
            first = first or error
            continue
        _go_on(asking, layer, rows, way, got, more=more)
        return
    assert first is not None  # noqa: S101 - there are ways, and each either works or fails
    raise first


def _go_on(asking: Asking, layer: Layer, rows: Rows, way: _Way, start: int, *, more: bool) -> None:
    while more and not rows.full:
        got, more = _page(asking, layer, rows, way, start)
        start += got
    rows.cut = rows.cut or more


def _page(asking: Asking, layer: Layer, rows: Rows, way: _Way, start: int) -> tuple[int, bool]:
    """Take one page; tell how many features it has, and whether there may be more."""
    url = with_query(layer.address, way.query(layer.name, start))
    body = body_of(asking.get(url, accept="*/*"))
    if not rows.is_new(body) and start:  # another way may well meet the same words
        return 0, False
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        if way.format:
            root = read_xml(body)
            raise PayloadError(exception_words(root) or "XML came instead of GeoJSON")
        got, total = take_gml(body, rows), None
    else:
        document = read_json(body)
        got, total = rows.take_collection(document), _total(document)
    if total is not None:
        rows.cut = rows.cut or total > MOST_FEATURES
        return got, got > 0 and start + got < total
    return got, got >= _PAGE


def _total(document: Any) -> int | None:
    for name in ("numberMatched", "totalFeatures"):
        value = document.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None
