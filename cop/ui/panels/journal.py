"""The sheet of the journal: filters above, entries below; the browser fills both."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words

_COLUMNS = ("number", "time", "who", "action", "changes", "hash")


def render() -> html.Section:
    """Give the sheet, hidden until asked for."""
    return html.Section(
        id=ids.JOURNAL_SHEET,
        className="sheet journal",
        hidden=True,
        tabIndex=-1,
        **attributes({"data-t-label": "journal"}),
        children=[
            html.Header(
                [
                    words("journal", html.H2),
                    html.Span(id=ids.JOURNAL_HEAD, className="journal-head num"),
                    html.A(
                        id=ids.JOURNAL_EXPORT,
                        className="button ghost",
                        href="/api/v1/journal.csv",
                        hidden=True,
                        **attributes({"data-t": "journal.export"}),
                    ),
                    icon_button("close", "close", **attributes({"data-journal": "close"})),
                ]
            ),
            html.Div(id=ids.JOURNAL_FILTERS, className="journal-filters"),
            html.Div(
                className="scroll",
                tabIndex=0,
                **attributes({"data-t-label": "journal"}),
                children=[
                    html.Table(
                        [
                            html.Thead(
                                html.Tr(
                                    [
                                        words(f"journal.{name}", html.Th, scope="col")
                                        for name in _COLUMNS
                                    ]
                                )
                            ),
                            html.Tbody(id=ids.JOURNAL_BODY),
                        ]
                    ),
                    html.P(id=ids.JOURNAL_NOTE, className="quiet", role="status", hidden=True),
                    words(
                        "journal.more",
                        html.Button,
                        id=ids.JOURNAL_MORE,
                        type="button",
                        className="button ghost",
                        hidden=True,
                    ),
                ],
            ),
        ],
    )
