"""The wall of cameras of a district: choices above, tiles below; the browser fills both."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words


def render() -> html.Section:
    """Give the sheet, hidden until asked for."""
    return html.Section(
        id=ids.CAMERAS_SHEET,
        className="sheet cameras",
        hidden=True,
        tabIndex=-1,
        **attributes({"data-t-label": "cameras"}),
        children=[
            html.Header(
                [
                    words("cameras", html.H2),
                    html.Span(id=ids.CAMERAS_COUNT, className="cameras-count num", role="status"),
                    icon_button("close", "close", **attributes({"data-cameras": "close"})),
                ]
            ),
            html.Div(id=ids.CAMERAS_CHOICES, className="cameras-choices"),
            html.Div(
                className="scroll",
                tabIndex=0,
                role="region",
                **attributes({"data-t-label": "cameras"}),
                children=[
                    html.Ul(id=ids.CAMERAS_TILES, className="camera-tiles"),
                    html.P(id=ids.CAMERAS_NOTE, className="remark", hidden=True),
                    html.Div(id=ids.CAMERAS_PAGES, className="verbs cameras-pages", hidden=True),
                ],
            ),
        ],
    )
