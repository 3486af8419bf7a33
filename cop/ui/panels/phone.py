"""The tab bar of a phone: one thing at a time."""

from __future__ import annotations

from dash import html

from cop.ui.panels.shell import attributes, words

_TABS = (
    ("map", "map"),
    ("situation", "list"),
    ("desk", "bell"),
    ("layers", "layers"),
    ("feeds", "feeds"),
)


def render() -> html.Nav:
    """Give the bar; wide screens hide it."""
    return html.Nav(
        className="phone-tabs",
        children=[
            html.Button(
                [words(f"tab.{name}")],
                type="button",
                **attributes({"data-phone-tab": name, "data-icon": icon}),
            )
            for name, icon in _TABS
        ],
    )
