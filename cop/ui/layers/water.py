"""Water levels: tide gauges and flood gauges in the streets."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="water",
    title=text("Sea and flood levels", "海水及水浸水位", "海水及水浸水位"),
    kind=Kind.OBSERVATION,
    where={"measure": ["tide", "sea_level", "river_level"]},
    feeds=("hko_sea_level", "hko_tides", "smg_flood_gauges"),
    empty=text("No water gauge reports", "沒有水位站報告", "没有水位站报告"),
    draw="canvas",
    rules=(
        Rule(
            word=text("No value", "沒有數據", "没有数据"),
            colour="unknown",
            shape="ring",
            when={"value": {"known": False}},
        ),
        Rule(
            word=text("Water level", "水位", "水位"),
            colour="water-level",
            shape="badge",
            icon="wave",
            size=18,
        ),
    ),
    group="weather",
    order=44,
    label="value",
    label_zoom=11,
    digits=2,
)
