"""Incidents that are over: hollow, and only for those who ask for them."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_severity
from cop.ui.layers.incidents import LAYER as OPEN

LAYER = Layer(
    key="incidents_closed",
    title=text("Closed incidents", "已結束事故", "已结束事故"),
    kind=Kind.INCIDENT,
    where={"status": ["closed", "rejected", "merged"]},
    feeds=OPEN.feeds,
    empty=text("No incident closed", "沒有已結束的事故", "没有已结束的事故"),
    draw="canvas",
    rules=by_severity("danger", size=20),
    pictograms=OPEN.pictograms,
    group="danger",
    order=20,
)
