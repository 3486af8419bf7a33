"""Tropical cyclones: position, track and cone of the forecast."""

from cop.model.entity import Kind, Severity
from cop.model.text import text
from cop.ui.layer import Layer, Rule, by_event

LAYER = Layer(
    key="cyclone",
    title=text("Tropical cyclones", "熱帶氣旋", "热带气旋"),
    kind=Kind.HAZARD,
    where={"feed": "hko_cyclones"},
    feeds=("hko_cyclones",),
    empty=text("No tropical cyclone on the map", "地圖上沒有熱帶氣旋", "地图上没有热带气旋"),
    draw="marker",
    rules=(
        Rule(
            word=text("Forecast track and cone", "預測路徑及範圍", "预测路径及范围"),
            colour="cyclone-forecast",
            shape="outline",
            severity=Severity.MINOR,
            when={"phenomenon": ["tc_track", "tc_cone"]},
        ),
        Rule(
            word=text("Forecast position", "預測位置", "预测位置"),
            colour="cyclone-forecast",
            shape="ring",
            size=14,
            severity=Severity.MINOR,
            when={"forecast": True},
        ),
        Rule(
            word=text("Centre", "中心", "中心"),
            colour="cyclone",
            shape="badge",
            icon="cyclone",
            size=28,
            severity=Severity.SEVERE,
        ),
    ),
    patterns=by_event("phenomenon"),
    group="danger",
    order=88,
    on=True,
)
