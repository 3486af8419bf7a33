"""Air Quality Health Index at each station."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="air",
    title=text("Air quality (AQHI)", "空氣質素健康指數", "空气质素健康指数"),
    kind=Kind.OBSERVATION,
    where={"measure": "aqhi"},
    feeds=("epd_aqhi",),
    empty=text("No air quality station reports", "沒有空氣質素站報告", "没有空气质素站报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="ring",
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("10+ serious", "10+ 嚴重", "10+ 严重"),
            colour="sev-extreme",
            shape="square",
            size=14,
            when={"value": {"min": 10.5}},
        ),
        Rule(
            word=text("8–10 very high", "8–10 甚高", "8–10 甚高"),
            colour="sev-severe",
            shape="square",
            size=14,
            when={"value": {"min": 8}},
        ),
        Rule(
            word=text("7 high", "7 高", "7 高"),
            colour="sev-moderate",
            shape="square",
            size=14,
            when={"value": {"min": 7}},
        ),
        Rule(
            word=text("1–6 low to moderate", "1–6 低至中", "1–6 低至中"),
            colour="good",
            shape="square",
            size=14,
        ),
    ),
    group="weather",
    order=37,
    label="value",
    label_zoom=10,
)
