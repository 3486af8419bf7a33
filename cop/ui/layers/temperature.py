"""Air temperature at each station."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="temperature",
    title=text("Temperature", "氣溫", "气温"),
    kind=Kind.OBSERVATION,
    where={"measure": "temperature", "feed": ["hko_temperature", "smg_weather"]},
    feeds=("hko_temperature", "smg_weather"),
    empty=text("No temperature station reports", "沒有氣溫站報告", "没有气温站报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="ring",
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("≥ 33 °C", "33 度或以上", "33 度或以上"),
            colour="hot",
            when={"value": {"min": 33}},
        ),
        Rule(
            word=text("12–33 °C", "12–33 度", "12–33 度"),
            colour="mild",
            when={"value": {"min": 12}},
        ),
        Rule(word=text("Below 12 °C", "12 度以下", "12 度以下"), colour="cold"),
    ),
    group="weather",
    order=38,
    label="value",
    label_zoom=10,
    digits=1,
)
