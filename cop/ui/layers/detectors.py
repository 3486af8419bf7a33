"""Speed at each traffic detector."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="detectors",
    title=text("Traffic detectors", "交通探測器", "交通探测器"),
    kind=Kind.OBSERVATION,
    where={"measure": "traffic_speed", "feed": "td_detectors"},
    feeds=("td_detectors",),
    empty=text("No detector reports", "沒有探測器報告", "没有探测器报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="ring",
            size=7,
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("No vehicle seen, or suspect", "沒有車輛或數據存疑", "没有车辆或数据存疑"),
            colour="unknown",
            shape="ring",
            size=7,
            when={"quality": ["no_flow", "suspect", "missing", "maintenance"]},
        ),
        Rule(
            word=text("≥ 50 km/h", "50 公里或以上", "50 公里或以上"),
            colour="speed-fast",
            size=7,
            when={"value": {"min": 50}},
        ),
        Rule(
            word=text("25–50 km/h", "25–50 公里", "25–50 公里"),
            colour="speed-slow",
            size=9,
            when={"value": {"min": 25}},
        ),
        Rule(word=text("Below 25 km/h", "25 公里以下", "25 公里以下"), colour="speed-jam", size=11),
    ),
    group="traffic",
    order=30,
    on=True,
    min_zoom=11,
    label="value",
    label_zoom=14,
)
