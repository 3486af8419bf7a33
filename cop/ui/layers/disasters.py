"""Disasters in the region, from the global coordination system."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_event, by_severity

LAYER = Layer(
    key="disasters",
    title=text("Regional disasters", "區域災害", "区域灾害"),
    kind=Kind.HAZARD,
    where={"feed": "gdacs"},
    feeds=("gdacs",),
    empty=text("No regional disaster reported", "沒有區域災害報告", "没有区域灾害报告"),
    draw="canvas",
    rules=by_severity(size=16),
    patterns=by_event("phenomenon"),
    group="region",
    order=14,
)
