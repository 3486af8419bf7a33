"""Which layers there are, and which are due: brought in step with what is set up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog

from cop.errors import Conflict
from cop.model.entity import Kind
from cop.model.exchange import Layer, LayerState
from cop.model.record import Record, Write, put, remove
from cop.services.following import entity_of
from cop.services.layers.tables import note_tables
from cop.services.setup_files import Found
from cop.store.port import Store
from workers.layers.fetching import source_of

log = structlog.get_logger(__name__)

AGAIN_AFTER_S: Final = 300.0
"""Real seconds after a fetch that failed, where the layer is not due earlier."""
SHORTEST_S: Final = 30.0
"""Real seconds between two fetches at least, however fast the operation's clock runs."""
ASKED_FOR_S: Final = 180
"""Real seconds after which a fetch that nobody began is asked for again."""
_ASKED: Final = "layer-asked:"
_SURVEY: Final = "layers-survey"
_WITHIN_MS: Final = 30_000


def survey(store: Store, wanted: Found[Layer], now: datetime) -> dict[str, Layer]:
    """Put on the picture what is set up, take off what is no longer; give the layers there were.

    While a file cannot be used, nothing is taken off: it may be the one that the file is about.
    While another process is at it, nothing is done, and no layers are given.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    token = store.lock(_SURVEY, ttl_ms=_WITHIN_MS)
    if token is None:
        return {}
    try:
        return _survey(store, wanted, now)
    finally:
        store.unlock(_SURVEY, token)


def _survey(store: Store, wanted: Found[Layer], now: datetime) -> dict[str, Layer]:
    records = store.by_kind(Kind.LAYER)
    known = _decoded(records.values())
    writes = [*_puts(records, known, wanted)]
    gone: set[str] = set()
    if not wanted.faults:
        gone = {
            name for name, layer in known.items() if layer.author is None and name not in wanted
        }
        writes += [remove(records[name]) for name in sorted(gone)]
    if writes:
        try:
            store.write(writes, fetched_ms=int(now.timestamp() * 1000))
        except Conflict:  # a fetch wrote in between: the next survey does it
            gone = set()
    note_tables(store, set(records) - gone)
    return {name: layer for name, layer in known.items() if name not in gone}


def _decoded(records: Iterable[Record]) -> dict[str, Layer]:
    found = ((record.id, entity_of(record)) for record in records)
    return {name: layer for name, layer in found if isinstance(layer, Layer)}


def _puts(
    records: dict[str, Record], known: dict[str, Layer], wanted: Found[Layer]
) -> Iterable[Write]:
    for name, layer in wanted.items():
        before = known.get(name)
        if before is None:
            record = records.get(name)
            yield put(layer, expected=0 if record is None else record.version)
            continue
        now = renewed(before, layer)
        if now != before:
            yield put(now, expected=records[name].version)


def renewed(before: Layer, wanted: Layer) -> Layer:
    """Give *wanted* with what is known of *before*, where it is still of the same content."""
    if source_of(before) != source_of(wanted):
        return wanted
    kept = ("state", "checked_at", "fetched_at", "content_at", "features", "cut", "why")
    return wanted.model_copy(update={name: getattr(before, name) for name in kept})


def due(store: Store, layers: Iterable[Layer], now: datetime, speed: float) -> list[str]:
    """List the layers that are to be fetched now, and note that they were asked for.

    Args:
        store: where it is noted; what was asked for a moment ago is not asked for again.
        layers: all there are.
        now: in the operation's clock.
        speed: seconds of that clock in a real one.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    asked = {name for name, value in store.marks().items() if name.startswith(_ASKED) and value}
    found = [
        layer.id for layer in layers if _ASKED + layer.id not in asked and is_due(layer, now, speed)
    ]
    for layer_id in found:
        store.mark(_ASKED + layer_id, "1", ttl_ms=ASKED_FOR_S * 1000)
    return found


def was_fetched(store: Store, layer_id: str) -> None:
    """Forget that the layer was asked for; raises StoreUnavailable."""
    store.mark(_ASKED + layer_id, "", ttl_ms=1)


def is_due(layer: Layer, now: datetime, speed: float) -> bool:
    """Tell whether *layer* is to be fetched at *now*; one that was never tried is."""
    if layer.checked_at is None or layer.checked_at > now:
        return True
    wait_s = layer.every_s
    if layer.state is LayerState.FAILING:
        wait_s = min(wait_s, AGAIN_AFTER_S * speed)
    return now - layer.checked_at >= timedelta(seconds=max(wait_s, SHORTEST_S * speed))
