"""Journey times to the cross-harbour tunnels and other gateways."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="journeys",
    title=text("Journey times", "行車時間", "行车时间"),
    kind=Kind.OBSERVATION,
    where={"measure": "journey_time"},
    feeds=("td_journey_times",),
    empty=text("No journey time reported", "沒有行車時間報告", "没有行车时间报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="ring",
            size=14,
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("Minutes", "分鐘", "分钟"),
            colour="journey",
            shape="badge",
            icon="car",
            size=16,
        ),
    ),
    group="traffic",
    order=26,
    min_zoom=11,
    label="value",
    label_zoom=12,
)
