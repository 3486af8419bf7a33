"""Rain of the past hour by district, as the Observatory reports it."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="rain_district",
    title=text("Rain by district", "分區雨量", "分区雨量"),
    kind=Kind.OBSERVATION,
    where={"measure": "rain_1h", "feed": "hko_current"},
    feeds=("hko_current",),
    empty=text("No district rainfall reported", "沒有分區雨量報告", "没有分区雨量报告"),
    draw="district",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="ring",
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("≥ 70 mm: black rainstorm rate", "70 毫米或以上", "70 毫米或以上"),
            colour="rain-6",
            pattern="dots",
            shape="cell",
            when={"value": {"min": 70}},
        ),
        Rule(
            word=text("50–70 mm: red rate", "50–70 毫米", "50–70 毫米"),
            colour="rain-5",
            shape="cell",
            when={"value": {"min": 50}},
        ),
        Rule(
            word=text("30–50 mm: amber rate", "30–50 毫米", "30–50 毫米"),
            colour="rain-4",
            shape="cell",
            when={"value": {"min": 30}},
        ),
        Rule(
            word=text("10–30 mm", "10–30 毫米", "10–30 毫米"),
            colour="rain-3",
            shape="cell",
            when={"value": {"min": 10}},
        ),
        Rule(
            word=text("0.5–10 mm", "0.5–10 毫米", "0.5–10 毫米"),
            colour="rain-2",
            shape="cell",
            when={"value": {"min": 0.5}},
        ),
        Rule(word=text("Dry", "無雨", "无雨"), colour="rain-0", shape="cell", size=12),
    ),
    group="weather",
    order=5,
    on=True,
    vital=True,
)
