"""The map: dash-leaflet's container with one empty group, which our script fills and keeps."""

from __future__ import annotations

from typing import Any

import dash_leaflet as dl
from dash import html

from cop.ui import ids
from cop.ui.panels import report
from cop.ui.panels.shell import attributes, icon_button, words

_CENTRE = (22.36, 114.13)  # latitude first, as Leaflet wants it


def render() -> html.Main:
    """Give the map with what lies on it."""
    return html.Main(
        className="map-box",
        **attributes({"data-t-label": "map"}),
        children=[
            dl.MapContainer(
                id=ids.MAP,
                center=_CENTRE,
                zoom=10,
                minZoom=4,
                maxZoom=18,
                zoomControl=False,
                preferCanvas=True,
                zoomSnap=0.5,
                trackViewport=False,
                className="map",
                children=[
                    dl.ZoomControl(position="bottomright"),
                    dl.LayerGroup(
                        id=ids.LIVE_LAYERS,
                        # dash-leaflet hands the Leaflet map to every function prop.
                        eventHandlers={"add": {"variable": "cop.map.attach"}},
                    ),
                ],
            ),
            html.Div(id=ids.VEIL, className="veil skeleton", **attributes({"aria-hidden": "true"})),
            html.P(id=ids.VEIL_NOTE, className="veil-note", role="status", hidden=True),
            *_tools(),
            report.button(),
            report.pick_bar(),
            html.Details(
                className="key-box",
                open=False,
                children=[
                    words("key", html.Summary),
                    html.Div(id=ids.KEY, className="key"),
                ],
            ),
            html.Div(
                className="map-foot",
                children=[
                    html.Span(id=ids.POSITION, className="position"),
                    html.Span(id=ids.CREDITS, className="credits"),
                    html.Span(id=ids.ATTRIBUTION),
                ],
            ),
            html.Div(className="corner-marks", **attributes({"aria-hidden": "true"})),
        ],
    )


def _tools() -> list[html.Div]:
    """Give the buttons on the map: what is only my view on the left, what acts on the right."""
    return [
        html.Div(
            className="map-tools",
            children=[
                icon_button("list", "panel.left", **_panel("left")),
                icon_button("home-view", "home", id=ids.HOME),
                icon_button("chart", "panel.charts", **_panel("charts")),
                icon_button("board", "board", **attributes({"data-board": "toggle"})),
                icon_button("camera", "cameras", **attributes({"data-cameras": "toggle"})),
            ],
        ),
        html.Div(
            className="map-tools map-tools-right",
            children=[
                icon_button("right", "panel.right", **_panel("right")),
                icon_button("pen", "draw", **attributes({"data-draw-toggle": "draw"})),
                html.Div(id=ids.DRAW, className="draw-tools", hidden=True),
            ],
        ),
    ]


def _panel(name: str) -> dict[str, Any]:
    return attributes({"data-panel": name, "aria-expanded": "true"})
