"""The right panel: what is chosen, or what needs attention."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.desk import render_queue
from cop.ui.panels.shell import attributes, icon_button


def render() -> html.Aside:
    """Give the panel; the script fills it."""
    return html.Aside(
        className="right",
        **attributes({"data-t-label": "panel.right"}),
        children=[
            icon_button(
                "close", "close", "icon-button detail-close", id=ids.DETAIL_CLOSE, hidden=True
            ),
            render_queue(),
            html.Div(id=ids.DETAIL_BODY, className="scroll detail"),
        ],
    )
