"""Partners: their tab on the left, and the sheet with the messages of one of them."""

from __future__ import annotations

from typing import Any

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button


def render_partners() -> list[Any]:
    """Give the list for its tab."""
    return [
        html.Button(id=ids.PARTNERS_CHIP, type="button", className="new-chip", hidden=True),
        html.Div(
            id=ids.PARTNERS_BOX,
            className="scroll",
            children=[
                html.P(id=ids.PARTNERS_STATE, className="remark desk-state", hidden=True),
                html.Ul(id=ids.PARTNERS_LIST, className="rows partners-list"),
                html.Div(id=ids.PARTNERS_FAULTS, className="remarks", hidden=True),
            ],
        ),
    ]


def render() -> html.Section:
    """Give the sheet, hidden until a partner is opened; the script keeps what is typed."""
    return html.Section(
        id=ids.PARTNERS_SHEET,
        className="partner",
        hidden=True,
        tabIndex=-1,
        **attributes({"aria-labelledby": ids.PARTNERS_TITLE}),
        children=[
            html.Header(
                [
                    html.H2(id=ids.PARTNERS_TITLE, tabIndex=-1),
                    icon_button("close", "close", id=ids.PARTNERS_CLOSE),
                ]
            ),
            html.Button(id=ids.MESSAGES_CHIP, type="button", className="new-chip", hidden=True),
            html.Div(
                id=ids.PARTNERS_BODY,
                className="scroll partner-body",
                tabIndex=0,
                role="group",
                **attributes({"data-t-label": "partners"}),
            ),
        ],
    )
