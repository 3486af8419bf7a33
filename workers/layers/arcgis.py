"""ArcGIS FeatureServer: a layer queried as GeoJSON, page after page by offset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import httpx

from cop.clock import HONG_KONG
from cop.errors import PayloadError
from cop.formats.payload import read_object, strip_unseen
from cop.model.exchange import Layer
from workers.layers.asking import Asking, body_of, with_query
from workers.layers.rows import Rows

_PAGE: Final = 1000
_DATE: Final = "esriFieldTypeDate"
_QUERY: Final[dict[str, str | int | float]] = {
    "where": "1=1",
    "outFields": "*",
    "outSR": 4326,
    "returnGeometry": "true",
    "geometryPrecision": 6,
    "maxAllowableOffset": 0.00005,  # some 5 m: corners that nobody sees stay there
    "f": "geojson",
}


def read(asking: Asking, layer: Layer, rows: Rows) -> None:
    """Take the features of the layer with the number that is named, and its last change.

    Raises:
        FeedError: a page cannot be had or is no GeoJSON; an error that came with status 200 is
            one too.
    """
    address = layer_address(layer.address, layer.name)
    about = _ask(asking, with_query(address, {"f": "json"}))
    editing = about.get("editingInfo")
    if isinstance(editing, dict):
        rows.content_at = _moment(editing.get("lastEditDate"))
    dates = _dates(about.get("fields"))
    offset = 0
    while True:
        query = {**_QUERY, "resultOffset": offset, "resultRecordCount": _PAGE}
        page = body_of(asking.get(with_query(f"{address}/query", query)))
        if not rows.is_new(page):
            return
        document = _without_error(read_object(page))
        _write_out(document.get("features"), dates)
        count = rows.take_collection(document)
        offset += count
        more = _more(document, count)
        if rows.full:
            rows.cut = rows.cut or more
            return
        if not more:
            return
        if count == 0:
            raise PayloadError("it says that there is more, and gives nothing")


def layer_address(address: str, name: str) -> str:
    """Give where the layer *name* is, whether *address* is of the service or of the layer."""
    url = httpx.URL(address)
    path = url.path.rstrip("/").removesuffix("/query")
    if not path.endswith(f"/{name}"):
        path = f"{path}/{name}"
    return str(url.copy_with(path=path))


def _ask(asking: Asking, url: str) -> dict[str, Any]:
    return _without_error(read_object(body_of(asking.get(url))))


def _without_error(document: dict[str, Any]) -> dict[str, Any]:
    error = document.get("error")
    if error:
        said = error if isinstance(error, dict) else {}
        message = strip_unseen(str(said.get("message", "")))[:200]
        raise PayloadError(f"the service answered with an error: {said.get('code')} {message}")
    return document


def _dates(fields: Any) -> frozenset[str]:
    """Give the names of the fields that are dates."""
    said = fields if isinstance(fields, list) else []
    found = (one for one in said if isinstance(one, dict) and one.get("type") == _DATE)
    return frozenset(name for one in found if isinstance(name := one.get("name"), str))


def _write_out(features: Any, dates: frozenset[str]) -> None:
    """Write milliseconds out as the time in Hong Kong, in place; what is no time stays."""
    for feature in features if isinstance(features, list) and dates else []:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            continue
        for name in dates & properties.keys():
            moment = _moment(properties[name])
            if moment is not None:
                properties[name] = moment.astimezone(HONG_KONG).isoformat(timespec="minutes")


def _more(document: dict[str, Any], count: int) -> bool:
    """Tell whether there is another page; where the service does not say, a full one has one."""
    properties = document.get("properties")
    told = document.get("exceededTransferLimit")
    if told is None and isinstance(properties, dict):
        told = properties.get("exceededTransferLimit")
    return told is True or (told is None and count >= _PAGE)


def _moment(epoch_ms: Any) -> datetime | None:
    if isinstance(epoch_ms, bool) or not isinstance(epoch_ms, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(epoch_ms / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
