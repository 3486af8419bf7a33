"""Earthquakes, felt here or strong elsewhere."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule, by_event

LAYER = Layer(
    key="quakes",
    title=text("Earthquakes", "地震", "地震"),
    kind=Kind.HAZARD,
    where={"phenomenon": "earthquake"},
    feeds=("hko_earthquakes", "usgs"),
    empty=text("No earthquake reported", "沒有地震報告", "没有地震报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Magnitude ≥ 7", "7 級或以上", "7 级或以上"),
            colour="sev-severe",
            shape="ring",
            size=30,
            when={"measures.magnitude": {"min": 7}},
        ),
        Rule(
            word=text("Magnitude 6–7", "6–7 級", "6–7 级"),
            colour="sev-moderate",
            shape="ring",
            size=22,
            when={"measures.magnitude": {"min": 6}},
        ),
        Rule(word=text("Smaller", "較小", "较小"), colour="sev-minor", shape="ring", size=14),
    ),
    patterns=by_event("phenomenon"),
    group="region",
    order=15,
)
