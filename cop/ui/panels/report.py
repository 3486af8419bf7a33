"""Reporting an incident: its button, its sheet, and the bar while a place is picked on the map."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words


def button() -> html.Button:
    """Give the button that opens the sheet; hidden from whoever may not report."""
    return html.Button(
        [words("report.open")],
        id=ids.REPORT,
        type="button",
        className="button filled report-button",
        hidden=True,
        **attributes({"data-icon": "plus", "aria-keyshortcuts": "n"}),
    )


def pick_bar() -> html.Div:
    """Give the bar that stands on the map while a place is picked."""
    return html.Div(
        id=ids.PICK_BAR,
        className="pick-bar",
        hidden=True,
        children=[
            words("pick.hint", html.Span, role="status"),
            words(
                "pick.centre", html.Button, id=ids.PICK_CENTRE, type="button", className="button"
            ),
            words(
                "cancel", html.Button, id=ids.PICK_CANCEL, type="button", className="button ghost"
            ),
        ],
    )


def render() -> html.Section:
    """Give the sheet, hidden until asked for; the script fills it and keeps what is typed."""
    return html.Section(
        id=ids.REPORT_SHEET,
        className="report",
        hidden=True,
        tabIndex=-1,
        **attributes({"data-t-label": "report.title"}),
        children=[
            html.Header(
                [
                    words("report.title", html.H2),
                    icon_button("close", "close", id=ids.REPORT_CLOSE),
                ]
            ),
            html.Div(id=ids.REPORT_BODY, className="report-body"),
        ],
    )
