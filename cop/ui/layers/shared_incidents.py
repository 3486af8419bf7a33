"""Incidents that partners share: others manage them."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_event, by_severity
from cop.ui.layers.incidents import LAYER as OWN

LAYER = Layer(
    key="shared_incidents",
    title=text("Incidents shared by partners", "夥伴機構分享的事故", "伙伴机构分享的事故"),
    kind=Kind.INCIDENT,
    where={**OWN.where, "origin": {"known": True}},
    feeds=(),
    empty=text("No incident shared", "沒有分享的事故", "没有分享的事故"),
    draw="marker",
    rules=by_severity("danger", size=18),
    pictograms=OWN.pictograms,
    patterns=by_event("incident_type"),
    group="region",
    order=51,
    on=True,
    listed=True,
)
