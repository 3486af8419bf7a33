"""Areas of responsibility: who answers for which part of the city."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="areas",
    title=text("Areas of responsibility", "負責範圍", "负责范围"),
    kind=Kind.RESOURCE,
    where={"area": {"known": True}},
    feeds=(),
    empty=text("No area of responsibility drawn", "沒有負責範圍", "没有负责范围"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Area of a team", "隊伍負責範圍", "队伍负责范围"),
            colour="team",
            shape="outline",
            line="dashed",
            size=14,
        ),
    ),
    place="area",
    group="response",
    order=75,
)
