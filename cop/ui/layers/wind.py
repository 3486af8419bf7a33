"""Wind at each station: an arrow with the wind, by strength."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="wind",
    title=text("Wind", "風", "风"),
    kind=Kind.OBSERVATION,
    where={"measure": "wind"},
    feeds=("hko_wind", "smg_weather"),
    empty=text("No wind station reports", "沒有風速站報告", "没有风速站报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="ring",
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("Hurricane, ≥ 118 km/h", "颶風 118 公里或以上", "飓风 118 公里或以上"),
            colour="wind-5",
            shape="arrow",
            size=26,
            when={"value": {"min": 118}},
        ),
        Rule(
            word=text("Storm, 88–117 km/h", "暴風 88–117 公里", "暴风 88–117 公里"),
            colour="wind-4",
            shape="arrow",
            size=24,
            when={"value": {"min": 88}},
        ),
        Rule(
            word=text("Gale, 63–87 km/h", "烈風 63–87 公里", "烈风 63–87 公里"),
            colour="wind-3",
            shape="arrow",
            size=22,
            when={"value": {"min": 63}},
        ),
        Rule(
            word=text("Strong, 41–62 km/h", "強風 41–62 公里", "强风 41–62 公里"),
            colour="wind-2",
            shape="arrow",
            size=20,
            when={"value": {"min": 41}},
        ),
        Rule(
            word=text("Below strong", "強風以下", "强风以下"),
            colour="wind-1",
            shape="arrow",
            size=16,
        ),
    ),
    group="weather",
    order=42,
    label="value",
    label_zoom=11,
    turn="measures.direction_deg",
)
