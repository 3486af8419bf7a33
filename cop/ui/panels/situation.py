"""The left panel: situation list, teams, orders, own warnings, partners and layers."""

from __future__ import annotations

from typing import Any

from dash import html

from cop.ui import ids
from cop.ui.panels.alerting import render_list
from cop.ui.panels.desk import render_orders, render_teams
from cop.ui.panels.partners import render_partners
from cop.ui.panels.shell import attributes, words


def render() -> html.Aside:
    """Give the panel."""
    return html.Aside(
        className="left",
        **attributes({"data-t-label": "panel.left"}),
        children=[
            html.Div(
                className="tabs",
                role="tablist",
                children=[
                    _tab("situation", ids.TAB_SITUATION),
                    _tab("teams", ids.TAB_TEAMS),
                    _tab("orders", ids.TAB_ORDERS),
                    _tab("alerting", ids.TAB_ALERTING),
                    _tab("partners", ids.TAB_PARTNERS),
                    _tab("layers", ids.TAB_LAYERS),
                ],
            ),
            html.Div(
                className="tab-panel",
                role="tabpanel",
                **attributes({"data-tab-panel": "situation", "aria-labelledby": ids.TAB_SITUATION}),
                children=[
                    html.Div(id=ids.FILTERS, className="filters"),
                    html.P(id=ids.PLACES, className="places-count", hidden=True),
                    html.Button(id=ids.NEW_CHIP, type="button", className="new-chip", hidden=True),
                    html.Div(
                        id=ids.LIST_BOX,
                        className="scroll",
                        children=[
                            html.P(id=ids.LIST_EMPTY, className="quiet skeleton"),
                            html.Ul(id=ids.LIST, className="rows"),
                            html.P(id=ids.LIST_MORE, className="quiet", hidden=True),
                            html.Div(id=ids.LIST_REMARKS, className="remarks"),
                        ],
                    ),
                    html.P(id=ids.LIST_COUNT, className="list-count"),
                ],
            ),
            _panel("teams", ids.TEAMS, ids.TAB_TEAMS, render_teams()),
            _panel("orders", ids.ORDERS, ids.TAB_ORDERS, render_orders()),
            _panel("alerting", ids.ALERTING, ids.TAB_ALERTING, render_list()),
            _panel("partners", ids.PARTNERS, ids.TAB_PARTNERS, render_partners()),
            html.Div(
                id=ids.LAYERS,
                className="tab-panel scroll",
                role="tabpanel",
                hidden=True,
                **attributes({"data-tab-panel": "layers", "aria-labelledby": ids.TAB_LAYERS}),
            ),
        ],
    )


def _panel(name: str, panel_id: str, tab_id: str, children: list[Any]) -> html.Div:
    return html.Div(
        children,
        id=panel_id,
        className="tab-panel",
        role="tabpanel",
        hidden=True,
        **attributes({"data-tab-panel": name, "aria-labelledby": tab_id}),
    )


def _tab(name: str, tab_id: str) -> Any:
    return words(
        f"tab.{name}",
        html.Button,
        id=tab_id,
        type="button",
        role="tab",
        **attributes({"data-tab": name, "aria-selected": "false"}),
    )
