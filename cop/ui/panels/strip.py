"""The bottom strip: every feed with its age, and the counts; with the table behind it."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words

_COLUMNS = ("name", "state", "content", "fetched", "rows-title", "reason")


def render() -> html.Footer:
    """Give the strip."""
    return html.Footer(
        className="strip",
        **attributes({"data-t-label": "feeds"}),
        children=[
            html.Button(
                id=ids.FEEDS_SUMMARY,
                type="button",
                className="feeds-summary",
                **attributes({"data-sheet": "feeds"}),
            ),
            html.Div(id=ids.FEEDS, className="feeds-row"),
            html.Div(id=ids.COUNTS, className="counts"),
            words(
                "journal",
                html.Button,
                type="button",
                className="strip-button",
                hidden=True,
                **attributes({"data-journal": "open"}),
            ),
        ],
    )


def render_sheet() -> html.Section:
    """Give the table of feeds, hidden until asked for."""
    return html.Section(
        id=ids.FEEDS_SHEET,
        className="sheet",
        hidden=True,
        tabIndex=-1,
        **attributes({"data-t-label": "feeds"}),
        children=[
            html.Header(
                [
                    words("feeds", html.H2),
                    icon_button("close", "close", **attributes({"data-sheet": "feeds"})),
                ]
            ),
            html.Div(
                className="scroll",
                children=html.Table(
                    [
                        html.Thead(
                            html.Tr(
                                [words(f"feed.{name}", html.Th, scope="col") for name in _COLUMNS]
                            )
                        ),
                        html.Tbody(id=ids.FEEDS_BODY),
                    ]
                ),
            ),
        ],
    )
