"""What people have drawn on the map for everyone."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="drawings",
    title=text("Shared drawings", "共用繪圖", "共用绘图"),
    kind=Kind.NOTE,
    where={"topic": "drawing"},
    feeds=(),
    empty=text("Nothing drawn", "沒有繪圖", "没有绘图"),
    draw="marker",
    rules=(
        Rule(
            word=text("Drawn by somebody", "人手繪畫", "人手绘画"),
            colour="accent",
            shape="badge",
            icon="pen",
            size=20,
        ),
    ),
    group="places",
    order=88,
    on=True,
)
