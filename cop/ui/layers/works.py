"""Road works: planned, dated, known in advance."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="works",
    title=text("Road works", "道路工程", "道路工程"),
    kind=Kind.ROAD,
    where={"feed": "td_roadworks"},
    feeds=("td_roadworks",),
    empty=text("No road works listed", "沒有道路工程", "没有道路工程"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Closed", "封閉", "封闭"),
            colour="road-closed",
            shape="closed",
            line="crosses",
            size=16,
            when={"status": "closed"},
        ),
        Rule(
            word=text("Works", "工程", "工程"),
            colour="road-works",
            shape="badge",
            icon="works",
            size=16,
        ),
    ),
    group="roads",
    order=28,
)
