"""What is in a layer of somebody else's: one table of the store, apart from the picture."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import orjson

from cop.store.port import Store

MOST_KEPT: Final = 8
_HELD: Final = "layers"
"""Table of the ids of all layers that have a table."""


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

    Raises:
        StoreUnavailable: the store does not answer.
    """
    if store.read_table(layer_id) == body:
        return
    held = _held(store)
    if layer_id not in held:
        store.write_table(_HELD, orjson.dumps([*held, layer_id]))
    store.write_table(layer_id, body)


def drop_tables(store: Store, known: set[str]) -> None:
    """Empty the tables of layers that are not among *known*.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    held = _held(store)
    gone = [layer_id for layer_id in held if layer_id not in known]
    for layer_id in gone:
        store.write_table(layer_id, b"")
    if gone:
        store.write_table(_HELD, orjson.dumps([one for one in held if one in known]))


def _held(store: Store) -> list[str]:
    body = store.read_table(_HELD)
    return list(orjson.loads(body)) if body else []


class Tables:
    """The tables that this process was asked for last; for use from several threads."""

    def __init__(self, store: Store) -> None:
        """Read from *store*."""
        self._store = store
        self._kept: OrderedDict[tuple[str, str], Table] = OrderedDict()

    def read(self, layer_id: str, as_of: str) -> Table | None:
        """Give what is in a layer that was fetched at *as_of*; None where nothing is kept.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        name = (layer_id, as_of)
        found = self._kept.get(name)
        if found is not None:
            return found
        body = self._store.read_table(layer_id)
        if not body:
            return None
        table = Table(body, hashlib.sha256(body).hexdigest())
        self._kept[name] = table
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return table
