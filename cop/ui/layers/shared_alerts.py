"""Warnings that partners share: they stand apart from those of our own publishers."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_event, by_severity

LAYER = Layer(
    key="shared_alerts",
    title=text("Warnings shared by partners", "夥伴機構分享的警告", "伙伴机构分享的警告"),
    kind=Kind.ALERT,
    where={"origin": {"known": True}, "exercise": {"not": [True]}},
    feeds=(),
    empty=text("No warning shared", "沒有分享的警告", "没有分享的警告"),
    draw="marker",
    rules=by_severity("danger", size=18),
    patterns=by_event("event_type"),
    group="region",
    order=52,
    on=True,
    listed=True,
)
