"""Fetch one layer of somebody else's: what comes takes the place of what was, or nothing does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx
import structlog

from cop.clock import Clock
from cop.errors import Conflict, FeedError, FetchError, StoreUnavailable
from cop.model.exchange import Layer, LayerState
from cop.model.kinds import decode
from cop.model.record import Record, put
from cop.services.layers.addresses import NotAllowed, check_address
from cop.services.layers.tables import keep_table
from cop.services.layers.tiles import NoTile
from cop.store.port import Store
from workers.backoff import Backoff, LeftAlone
from workers.fetch import Fetcher
from workers.layers import arcgis, geojson, ogc, wfs, wms
from workers.layers.asking import WITHIN_S, Asking, feed_of
from workers.layers.rows import Rows

log = structlog.get_logger(__name__)

_ATTEMPTS: Final = 5
_LOCK_SLACK_S: Final = 60.0
_MOST_WHY: Final = 300
_OUR_FAULT: Final = "what came could not be read by this program: it has been logged"


class Reader(Protocol):
    """Takes the features of a layer into rows; raises FeedError."""

    def __call__(self, asking: Asking, layer: Layer, rows: Rows) -> None:
        """Take all there is, as far as there is room."""


_READERS: Final[Mapping[str, Reader]] = {
    "ogc": ogc.read,
    "wfs": wfs.read,
    "arcgis": arcgis.read,
    "geojson": geojson.read,
}


@dataclass(frozen=True, slots=True)
class Ways:
    """How layers are fetched.

    Attributes:
        transport: by which requests leave.
        hosts: that are allowed; see `cop.config.Settings.layer_hosts`.
        contact: where a publisher can reach us.
        sleep: waits before a second try; None: for real.
    """

    transport: httpx.BaseTransport
    hosts: str
    contact: str = ""
    sleep: Callable[[float], None] | None = None


def fetch_layer(store: Store, layer_id: str, clock: Clock, ways: Ways) -> str:
    """Fetch the layer *layer_id* and say in its entity what came of it; why it failed, or "".

    A fetch that fails changes nothing that is shown. Two of one layer do not overlap: the later
    one does nothing.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    token = store.lock(layer_id, ttl_ms=int((WITHIN_S + _LOCK_SLACK_S) * 1000))
    if token is None:
        return ""
    try:
        found = _read(store, layer_id)
        if found is None:
            return ""
        layer = found[1]
        try:
            changes = _fetch(store, layer, clock, ways)
        except (FeedError, NoTile) as error:
            changes = {"state": LayerState.FAILING, "why": _why(layer, error)}
            if layer.state is not LayerState.FAILING:
                log.warning("layer_down", layer=layer_id, reason=str(error))
        except StoreUnavailable:
            raise
        except Exception:  # what others send must not leave the layer without a word
            log.exception("layer_unreadable", layer=layer_id)
            changes = {"state": LayerState.FAILING, "why": _OUR_FAULT}
        _say(store, layer, clock, changes)
        return str(changes["why"]) if changes["state"] is LayerState.FAILING else ""
    finally:
        store.unlock(layer_id, token)


def _fetch(store: Store, layer: Layer, clock: Clock, ways: Ways) -> dict[str, Any]:
    """Fetch *layer* and keep what is in it; gives what is to be said of it.

    Raises:
        FeedError: it cannot be had, or is not what it should be.
        NoTile: a map service gives no picture.
    """
    try:
        check_address(layer.address, ways.hosts)
    except NotAllowed as error:
        raise FetchError(str(error)) from error
    backoff = Backoff(store, speed=clock.speed)
    rows, count = Rows(), None
    with Fetcher(
        feed_of(layer), ways.transport, backoff, contact=ways.contact, sleep=ways.sleep
    ) as fetcher:
        asking = Asking(layer, fetcher)
        if layer.service == "wms":
            wms.try_out(asking, layer)
        else:
            _READERS[layer.service](asking, layer, rows)
            body, count = rows.encode()
            keep_table(store, layer.id, body)
    return {
        "state": LayerState.OK,
        "fetched_at": clock.now(),
        "content_at": rows.content_at,
        "features": count,
        "cut": rows.cut,
        "why": ""
        if not rows.odd
        else f"{rows.odd} of its features have no place that can be drawn",
    }


def _why(layer: Layer, error: Exception) -> str:
    """Say why a layer was not fetched; what is true for seconds only is not said for minutes."""
    if isinstance(error, LeftAlone):
        return f"{httpx.URL(layer.address).host} did not answer a moment before"
    return str(error)[:_MOST_WHY]


def _read(store: Store, layer_id: str) -> tuple[Record, Layer] | None:
    record = store.read([layer_id]).get(layer_id)
    if record is None:
        return None
    try:
        layer = decode(record.body)
    except ValueError:  # written by another version of this program
        return None
    return (record, layer) if isinstance(layer, Layer) else None


def _say(store: Store, fetched: Layer, clock: Clock, changes: Mapping[str, Any]) -> None:
    """Write *changes* into the layer, unless it has gone or is another by now."""
    for _ in range(_ATTEMPTS):
        now = clock.now()
        found = _read(store, fetched.id)
        if found is None or source_of(found[1]) != source_of(fetched):
            return
        record, layer = found
        told = layer.model_copy(update={**changes, "checked_at": now})
        try:
            store.write(
                [put(told, expected=record.version)], fetched_ms=int(now.timestamp() * 1000)
            )
        except Conflict:  # somebody changed it just now
            continue
        return


def source_of(layer: Layer) -> tuple[str, str, str]:
    """Give what tells one layer's content from another's: service, address and name."""
    return layer.service, layer.address, layer.name
