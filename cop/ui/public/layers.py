"""Which of the desk's layers the public map draws, and how it differs there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

import orjson

from cop.model.text import text
from cop.ui.layer import Layer, Rule, find_layers
from cop.ui.layers.transport import LAYER as TRANSPORT

_SHUT: Final = Rule(
    word=text("Control point closed now", "口岸現時關閉", "口岸现时关闭"),
    colour="unknown",
    shape="badge",
    icon="gate",
    size=18,
    when={"status": "closed", "facility_type": "boundary_control_point"},
)
"""Most control points close every night: that is no road closed by danger, nor like one."""

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
    "transport": {"rules": (_SHUT, *TRANSPORT.rules)},
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
