"""Rain of the past hour at each automatic gauge."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="rain_gauges",
    title=text("Rain gauges", "雨量站", "雨量站"),
    kind=Kind.OBSERVATION,
    where={"measure": "rain_1h", "feed": ["hko_rain_gauges", "smg_weather"]},
    feeds=("hko_rain_gauges", "smg_weather"),
    empty=text("No gauge reports", "沒有雨量站報告", "没有雨量站报告"),
    draw="canvas",
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
            size=14,
            when={"value": {"min": 70}},
        ),
        Rule(
            word=text("50–70 mm: red rate", "50–70 毫米", "50–70 毫米"),
            colour="rain-5",
            size=14,
            when={"value": {"min": 50}},
        ),
        Rule(
            word=text("30–50 mm: amber rate", "30–50 毫米", "30–50 毫米"),
            colour="rain-4",
            size=14,
            when={"value": {"min": 30}},
        ),
        Rule(
            word=text("10–30 mm", "10–30 毫米", "10–30 毫米"),
            colour="rain-3",
            size=14,
            when={"value": {"min": 10}},
        ),
        Rule(
            word=text("0.5–10 mm", "0.5–10 毫米", "0.5–10 毫米"),
            colour="rain-2",
            size=14,
            when={"value": {"min": 0.5}},
        ),
        Rule(word=text("Dry", "無雨", "无雨"), colour="rain-0", size=8),
    ),
    group="weather",
    order=40,
    on=True,
    min_zoom=11,
    label="value",
    label_zoom=11,
    digits=0,
)
