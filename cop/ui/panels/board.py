"""The command board: lanes by status, beside the map when it is asked for."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words


def render() -> html.Section:
    """Give the board, empty and hidden; the browser fills its lanes."""
    return html.Section(
        id=ids.BOARD,
        className="board",
        hidden=True,
        **attributes({"data-t-label": "board"}),
        children=[
            html.Header(
                [
                    words("board", html.H2),
                    html.Span(id=ids.BOARD_FILTER, className="board-filter"),
                    icon_button("close", "close", **attributes({"data-board": "close"})),
                ]
            ),
            html.Div(id=ids.BOARD_BULK, className="board-bulk acts", hidden=True, role="status"),
            html.Div(id=ids.BOARD_LANES, className="lanes acts"),
            words("board.keys", html.P, className="board-keys"),
        ],
    )
