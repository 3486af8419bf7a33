"""Mean speed along road segments."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="segments",
    title=text("Road speeds", "道路車速", "道路车速"),
    kind=Kind.OBSERVATION,
    where={"measure": "traffic_speed", "feed": "td_segment_speed"},
    feeds=("td_segment_speed",),
    empty=text("No road speed reported", "沒有道路車速報告", "没有道路车速报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="outline",
            line="dashed",
            size=8,
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("≥ 50 km/h", "50 公里或以上", "50 公里或以上"),
            colour="speed-fast",
            shape="outline",
            size=10,
            when={"value": {"min": 50}},
        ),
        Rule(
            word=text("25–50 km/h", "25–50 公里", "25–50 公里"),
            colour="speed-slow",
            shape="outline",
            size=16,
            when={"value": {"min": 25}},
        ),
        Rule(
            word=text("Below 25 km/h", "25 公里以下", "25 公里以下"),
            colour="speed-jam",
            shape="outline",
            size=24,
        ),
    ),
    group="traffic",
    order=25,
)
