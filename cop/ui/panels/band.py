"""The top band: which operation, what is in force, whether this is now."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button

_LANGUAGE_NAMES = {
    "zh-Hant": ("繁", "繁體中文"),
    "en": ("EN", "English"),
    "zh-Hans": ("简", "简体中文"),
}


def render() -> html.Header:
    """Give the band."""
    return html.Header(
        className="band",
        children=[
            html.Div(
                className="operation",
                children=[
                    html.Strong(id=ids.MODE, className="mode"),
                    html.Span(id=ids.OPERATION, className="operation-name"),
                ],
            ),
            html.Section(
                className="signals",
                **attributes({"data-t-label": "signals"}),
                children=[
                    html.Div(id=ids.SIGNALS, className="signals-row"),
                    html.Button(
                        id=ids.SIGNALS_MORE, type="button", className="signals-more", hidden=True
                    ),
                    html.Span(id=ids.SIGNALS_NOTE, className="signals-note"),
                ],
            ),
            html.Div(className="tools", children=_tools()),
        ],
    )


def _tools() -> list[html.Button | html.Div | html.Span]:
    return [
        html.Span(id=ids.LINK, className="link"),
        html.Span(
            className="clock-box",
            children=[
                html.Span(id=ids.CLOCK, className="clock"),
                html.Span(id=ids.SPEED, className="speed", hidden=True),
            ],
        ),
        icon_button("search", "find", id=ids.FIND),
        languages(),
        html.Button(id=ids.THEME, type="button", className="icon-button"),
        icon_button("help", "help", **attributes({"data-sheet": "help"})),
        html.Button(
            id=ids.ME,
            type="button",
            className="me",
            **attributes({"data-sheet": "duty", "aria-haspopup": "dialog"}),
        ),
        icon_button("out", "sign-out", id=ids.SIGN_OUT),
        icon_button(
            "person", "more", "icon-button more-button", **attributes({"data-sheet": "more"})
        ),
    ]


def languages() -> html.Div:
    """Give the choice of languages."""
    return html.Div(
        className="langs",
        role="group",
        **attributes({"data-t-label": "language"}),
        children=[
            html.Button(
                _LANGUAGE_NAMES[lang][0],
                type="button",
                lang=lang,
                title=_LANGUAGE_NAMES[lang][1],
                **attributes({"data-lang": lang, "aria-label": _LANGUAGE_NAMES[lang][1]}),
            )
            for lang in _LANGUAGE_NAMES
        ],
    )
