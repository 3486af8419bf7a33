"""Which of the desk's layers the public map draws, and how it differs there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

import orjson

from cop.model.text import text
from cop.ui.layer import Layer, find_layers

_PUBLIC: Final[Mapping[str, Mapping[str, Any]]] = {
    "alerts": {"title": text("Warning areas", "警告範圍", "警告范围"), "vital": False},
    "cyclone": {},
    "disasters": {"on": False},
    "incidents": {
        "where": {},
        "title": text("Floods and other dangers", "水浸及其他危險", "水浸及其他危险"),
        "empty": text("No danger confirmed", "沒有經核實的危險", "没有经核实的危险"),
    },
    "roads": {"title": text("Closed and slow roads", "封路及道路情況", "封路及道路情况")},
    "shelters": {"feeds": ("gov_press",)},
    "first_aid": {},
    "hospitals": {},
    "air": {"on": True, "min_zoom": 12, "label_zoom": 12},
    "rain_gauges": {"feeds": ("hko_rain_gauges",), "min_zoom": 12, "label_zoom": 12},
    "water": {"feeds": ("hko_sea_level", "hko_tides"), "on": True, "min_zoom": 12},
    "transport": {},
}
"""Layer to what is otherwise in public: words for people who have never seen a desk."""


def public_layers() -> tuple[Layer, ...]:
    """List the layers of the public map, in drawing order."""
    return tuple(
        replace(layer, **_PUBLIC[layer.key]) for layer in find_layers() if layer.key in _PUBLIC
    )


def layer_script() -> str:
    """Give the script that hands those tables to `layers.js`; it stands before the map's own."""
    tables = orjson.dumps([asdict(layer) for layer in public_layers()]).decode()
    return f"(window.cop = window.cop || {{}}).layerTables = {tables};"
