"""Tasks under way: a line from each team to where it was sent."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="assignments",
    title=text("Tasks under way", "進行中任務", "进行中任务"),
    kind=Kind.ASSIGNMENT,
    where={"status": ["assigned", "delivered", "acknowledged", "en_route", "on_scene"]},
    feeds=(),
    empty=text("No task under way", "沒有進行中任務", "没有进行中任务"),
    draw="link",
    rules=(
        Rule(
            word=text("On scene", "已到場", "已到场"),
            colour="team",
            shape="outline",
            size=12,
            when={"status": "on_scene"},
        ),
        Rule(
            word=text("Sent, not there yet", "已派出，未到場", "已派出，未到场"),
            colour="team",
            shape="outline",
            line="dashed",
            size=12,
        ),
    ),
    group="response",
    order=73,
    on=True,
)
