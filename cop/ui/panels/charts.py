"""The drawer of charts: a card each, whose graph the browser makes when the drawer is opened."""

from __future__ import annotations

from dash import html

from cop.ui import ids
from cop.ui.chart import CHARTS
from cop.ui.panels.shell import attributes


def render() -> html.Section:
    """Give the drawer, closed."""
    return html.Section(
        id=ids.CHARTS,
        className="charts",
        hidden=True,
        tabIndex=0,  # the row of charts can be scrolled, so the keyboard must reach it
        **attributes({"data-t-label": "panel.charts"}),
        children=[
            html.Article(
                id=ids.chart(chart.key),
                className="chart",
                children=[
                    html.H3(
                        [
                            html.Span(className="chart-title"),
                            html.Span(className="chart-state"),
                        ]
                    ),
                    html.Div(id=ids.chart_slot(chart.key), className="chart-graph"),
                ],
            )
            for chart in CHARTS
        ],
    )
