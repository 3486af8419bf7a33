"""Warnings of the neighbours: Macao, the mainland, and those relayed by the world's hub."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_event, by_severity

LAYER = Layer(
    key="neighbours",
    title=text("Neighbours' warnings", "鄰近地區警告", "邻近地区警告"),
    kind=Kind.ALERT,
    where={
        "feed": ["smg_warnings", "nmc_warnings", "wmo_swic"],
        "exercise": {"not": [True]},
    },
    feeds=("smg_warnings", "nmc_warnings", "wmo_swic"),
    empty=text("No warning of a neighbour", "鄰近地區沒有警告", "邻近地区没有警告"),
    draw="marker",
    rules=by_severity("danger", size=18),
    patterns=by_event("event_type"),
    group="region",
    order=50,
    on=True,
)
