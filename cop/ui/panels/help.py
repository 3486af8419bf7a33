"""What the keys do and what the signs mean."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words

_KEYS = (
    ("/", "search"),
    ("j  k", "step"),
    ("n", "report"),
    ("z", "undo"),
    ("a", "attention"),
    ("t", "teams"),
    ("o", "orders"),
    ("w", "alerting"),
    ("p", "partners"),
    ("l", "layers"),
    ("f", "feeds"),
    ("c", "charts"),
    ("b", "board"),
    ("d", "draw"),
    ("g", "journal"),
    ("v", "cameras"),
    ("?", "help"),
    ("Esc", "back"),
)


def render() -> html.Section:
    """Give the help, hidden until asked for."""
    return html.Section(
        id=ids.HELP_SHEET,
        className="sheet help",
        hidden=True,
        tabIndex=-1,
        **attributes({"data-t-label": "help"}),
        children=[
            html.Header(
                [
                    words("help", html.H2),
                    icon_button("close", "close", **attributes({"data-sheet": "help"})),
                ]
            ),
            html.Dl(
                [
                    html.Div([html.Dt(html.Kbd(key)), words(f"help.{name}", html.Dd)])
                    for key, name in _KEYS
                ]
            ),
            words("help.states", html.P),
            words("help.patterns", html.P),
            words("help.crowds", html.P),
        ],
    )
