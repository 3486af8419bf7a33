"""Which of the desk's layers the phone's map draws, and their tables as the script reads them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import orjson

from cop.ui.layer import Layer, find_layers

_KEYS: Final = frozenset(
    [
        "alerts",
        "cyclone",
        "disasters",
        "first_aid",
        "halls",
        "hospitals",
        "incidents",
        "neighbours",
        "roads",
        "shelters",
    ]
)


def area_layers() -> tuple[Layer, ...]:
    """List the layers of which something may be in one's area, in drawing order."""
    return tuple(layer for layer in find_layers() if layer.key in _KEYS)


def layer_tables() -> str:
    """Give the script that hands those tables to `layers.js`; it stands before the map's own."""
    tables = orjson.dumps([asdict(layer) for layer in area_layers()]).decode()
    return f"(window.cop = window.cop || {{}}).layerTables = {tables};"
