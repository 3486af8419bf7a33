"""The page of the emergency centre: it only arranges the panels."""

from __future__ import annotations

from dash import html

from cop.config import Settings
from cop.ui import ids
from cop.ui.config import browser_config
from cop.ui.panels import (
    alerting,
    band,
    board,
    cameras,
    charts,
    desk,
    detail,
    help,  # noqa: A004 - named for what it shows
    journal,
    map,  # noqa: A004 - named for what it shows
    more,
    partners,
    phone,
    report,
    situation,
    strip,
)
from cop.ui.panels.shell import attributes


def layout(settings: Settings) -> html.Div:
    """Give the page of the operation that *settings* name."""
    return html.Div(
        id=ids.APP,
        className="cop",
        children=[
            html.Div(
                id=ids.CONFIG, hidden=True, **attributes({"data-config": browser_config(settings)})
            ),
            band.render(),
            html.P(id=ids.NOTICE, className="notice", hidden=True),
            html.Div(
                className="work",
                children=[situation.render(), board.render(), map.render(), detail.render()],
            ),
            charts.render(),
            strip.render(),
            phone.render(),
            strip.render_sheet(),
            help.render(),
            journal.render(),
            cameras.render(),
            more.render(),
            report.render(),
            alerting.render(),
            partners.render(),
            desk.render_over(),
            html.Div(
                id=ids.LIVE,
                className="sr-only",
                role="status",
                **attributes({"aria-live": "polite"}),
            ),
        ],
    )
