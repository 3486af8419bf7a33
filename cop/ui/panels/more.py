"""What a phone's band has no room for: who I am, languages, charts, help, signing out."""

from __future__ import annotations

from typing import Any

from dash import html

from cop.ui import ids
from cop.ui.panels.band import languages
from cop.ui.panels.shell import attributes, icon_button, words


def render() -> html.Section:
    """Give the sheet, hidden until asked for; wide screens never show its button."""
    return html.Section(
        id=ids.MORE_SHEET,
        className="sheet more",
        hidden=True,
        tabIndex=-1,
        **attributes({"data-t-label": "more"}),
        children=[
            html.Header(
                [
                    html.H2(id=ids.MORE_ME),
                    icon_button("close", "close", **attributes({"data-sheet": "more"})),
                ]
            ),
            html.Div(
                className="more-rows",
                children=[
                    languages(),
                    _row("duty", "person", id=ids.MORE_DUTY),
                    _row("panel.charts", "chart", id=ids.MORE_CHARTS),
                    _row("cameras", "camera", id=ids.MORE_CAMERAS),
                    _row("help", "help", id=ids.MORE_HELP),
                    html.A(
                        [words("account")],
                        href="/account",
                        className="more-row",
                        **attributes({"data-icon": "person"}),
                    ),
                    _row("sign-out", "out", id=ids.MORE_SIGN_OUT),
                ],
            ),
        ],
    )


def _row(label: str, icon: str, **more: Any) -> html.Button:
    return html.Button(
        [words(label)],
        type="button",
        className="more-row",
        **attributes({"data-icon": icon}),
        **more,
    )
