"""Warnings of our own: their tab on the left, and the sheet in which one is written or released."""

from __future__ import annotations

from typing import Any

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words


def render_list() -> list[Any]:
    """Give the list for its tab; what begins a warning stands apart, on the right."""
    return [
        html.Div(
            id=ids.ALERTING_ACTS,
            className="orders-acts acts",
            children=[
                words(
                    "alerting.new",
                    html.Button,
                    id=ids.ALERTING_NEW,
                    type="button",
                    className="button filled",
                    hidden=True,
                )
            ],
        ),
        html.Button(id=ids.ALERTING_CHIP, type="button", className="new-chip", hidden=True),
        html.Div(
            id=ids.ALERTING_BOX,
            className="scroll",
            children=[
                html.P(id=ids.ALERTING_STATE, className="remark desk-state", hidden=True),
                html.Ul(id=ids.ALERTING_LIST, className="rows alerting-list"),
            ],
        ),
    ]


def render() -> html.Section:
    """Give the sheet, hidden until a draft is opened; the script keeps what is typed."""
    return html.Section(
        id=ids.ALERTING_SHEET,
        className="alerting",
        hidden=True,
        tabIndex=-1,
        **attributes({"aria-labelledby": ids.ALERTING_TITLE}),
        children=[
            html.Header(
                [
                    html.H2(id=ids.ALERTING_TITLE, tabIndex=-1),
                    icon_button("close", "close", id=ids.ALERTING_CLOSE),
                ]
            ),
            html.Div(id=ids.ALERTING_BODY, className="alerting-body"),
        ],
    )
