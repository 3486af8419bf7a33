"""The duty desk: the attention queue, the boards of teams and of orders, and my own duty."""

from __future__ import annotations

from typing import Any

from dash import html

from cop.ui import ids
from cop.ui.panels.shell import attributes, icon_button, words


def render_queue() -> html.Div:
    """Give what stands on the right while nothing is chosen; the scripts fill it."""
    return html.Div(
        id=ids.DESK,
        className="desk",
        children=[
            html.Div(id=ids.DUTY, className="duty scroll", hidden=True),
            html.Section(
                id=ids.QUEUE,
                className="queue",
                tabIndex=-1,
                **attributes({"data-t-label": "attention.queue"}),
                children=[
                    _queue_head(),
                    html.P(id=ids.QUEUE_MEDIAN, className="queue-median", hidden=True),
                    html.Details(
                        id=ids.QUEUE_FILTER_BOX,
                        className="more-details",
                        children=[
                            html.Summary(),
                            html.Div(id=ids.QUEUE_FILTERS, className="queue-filters"),
                        ],
                    ),
                    _chip(ids.QUEUE_CHIP),
                    _queue_rows(),
                ],
            ),
            words(
                "attention.changes",
                html.Button,
                id=ids.CHANGES,
                type="button",
                className="changes-button",
                **attributes({"aria-expanded": "false"}),
            ),
        ],
    )


def render_teams() -> list[Any]:
    """Give the board of teams for its tab."""
    return [
        html.Div(id=ids.TEAMS_FILTERS, className="filters teams-filters"),
        html.Div(id=ids.TEAMS_TOTALS),
        html.Div(
            className="scroll",
            children=[
                html.P(id=ids.TEAMS_STATE, className="remark desk-state", hidden=True),
                html.Div(id=ids.TEAMS_LIST, className="teams-list"),
            ],
        ),
        html.P(id=ids.TEAMS_COUNT, className="list-count"),
    ]


def render_orders() -> list[Any]:
    """Give the orders for their tab; what everybody will see stands apart, on the right."""
    return [
        html.Div(
            id=ids.ORDERS_ACTS,
            className="orders-acts acts",
            children=[
                words(
                    "order.new",
                    html.Button,
                    id=ids.ORDER_NEW,
                    type="button",
                    className="button filled",
                    hidden=True,
                )
            ],
        ),
        _chip(ids.ORDERS_CHIP),
        html.Div(
            id=ids.ORDERS_BOX,
            className="scroll",
            children=[
                html.P(id=ids.ORDERS_STATE, className="remark desk-state", hidden=True),
                html.Ul(id=ids.ORDERS_LIST, className="rows orders-list"),
            ],
        ),
    ]


def render_over() -> html.Div:
    """Give what lies over the page: orders to me, and my duty for whoever sits at a desk."""
    return html.Div(
        [
            html.Div(id=ids.ORDER_NOTICES, className="order-notices", hidden=True),
            html.Div(id=ids.QUIET, hidden=True),
            html.Section(
                id=ids.DUTY_SHEET,
                className="sheet duty-sheet",
                hidden=True,
                tabIndex=-1,
                **attributes({"data-t-label": "duty"}),
                children=[
                    html.Header(
                        [
                            words("duty", html.H2),
                            words(
                                "account", html.A, href="/account", className="button account-link"
                            ),
                            icon_button("close", "close", **attributes({"data-sheet": "duty"})),
                        ]
                    ),
                    html.Div(id=ids.DUTY_BODY, className="duty scroll"),
                ],
            ),
        ]
    )


def _queue_head() -> html.Header:
    return html.Header(
        className="desk-head",
        children=[
            words("attention.queue", html.H2),
            html.B(className="badge", hidden=True, **attributes({"data-badge": "attention"})),
            html.Select(
                id=ids.SOUND_TEST,
                className="sound-test",
                hidden=True,
                **attributes({"data-t-label": "sound.test"}),
            ),
            html.Button(
                [html.Span()],
                id=ids.SOUND,
                type="button",
                className="sound-button",
                **attributes({"data-icon": "sound", "aria-pressed": "false"}),
            ),
        ],
    )


def _queue_rows() -> html.Div:
    return html.Div(
        id=ids.QUEUE_BOX,
        className="scroll",
        children=[
            html.P(id=ids.QUEUE_STATE, className="remark desk-state", hidden=True),
            html.Ul(id=ids.QUEUE_LIST, className="queue-list"),
            html.Details(
                id=ids.QUEUE_SNOOZED,
                className="more-details",
                hidden=True,
                children=[html.Summary(), html.Ul(id=ids.QUEUE_SNOOZED_LIST)],
            ),
        ],
    )


def _chip(chip_id: str) -> html.Button:
    return html.Button(id=chip_id, type="button", className="new-chip", hidden=True)
