"""What is in a layer of somebody else's: one table of the store, apart from the picture."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

import orjson

from cop.store.port import Store

MOST_KEPT: Final = 8
_NOTED: Final = "layers"
"""Table of the ids of all layers that may have a table."""
_EMPTIES_WITHIN_MS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """The features of a layer.

    Attributes:
        body: a GeoJSON FeatureCollection in WGS84.
        digest: SHA-256 of it, hexadecimal.
    """

    body: bytes
    digest: str


def keep_table(store: Store, layer_id: str, body: bytes) -> None:
    """Keep *body* as what is in a layer; the same as is kept already is not written.

    Whoever calls has the lock of the layer's id, and `note_tables` knew the layer before.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    if store.read_table(layer_id) != body:
        store.write_table(layer_id, body)


def note_tables(store: Store, known: set[str]) -> None:
    """Note that the layers *known* may have tables, and empty those of layers that are gone.

    One of a layer that is being fetched at this moment is left for the next time: what is fetched
    may be kept after this. Only one process at a time may call it.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    noted = set(orjson.loads(store.read_table(_NOTED) or b"[]"))
    left = noted | known
    for layer_id in sorted(noted - known):
        token = store.lock(layer_id, ttl_ms=_EMPTIES_WITHIN_MS)
        if token is None:
            continue
        try:
            store.write_table(layer_id, b"")
        finally:
            store.unlock(layer_id, token)
        left.discard(layer_id)
    if left != noted:
        store.write_table(_NOTED, orjson.dumps(sorted(left)))


class Tables:
    """The tables that this process was asked for last; for use from several threads."""

    def __init__(self, store: Store) -> None:
        """Read from *store*."""
        self._store = store
        self._kept: OrderedDict[str, tuple[str, Table]] = OrderedDict()
        self._lock = Lock()

    def read(self, layer_id: str, as_of: str) -> Table | None:
        """Give what is in a layer that was fetched at *as_of*; None where nothing is kept.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        with self._lock:
            kept = self._kept.get(layer_id)
            if kept is not None and kept[0] == as_of:
                self._kept.move_to_end(layer_id)
                return kept[1]
        body = self._store.read_table(layer_id)
        if not body:
            return None
        table = Table(body, hashlib.sha256(body).hexdigest())
        with self._lock:
            self._kept[layer_id] = (as_of, table)
            self._kept.move_to_end(layer_id)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return table
