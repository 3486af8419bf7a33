"""Command posts, and where to find them."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="command_posts",
    title=text("Command posts", "指揮站", "指挥站"),
    kind=Kind.FACILITY,
    where={"facility_type": "command_post"},
    feeds=(),
    empty=text("No command post", "沒有指揮站", "没有指挥站"),
    draw="marker",
    rules=(
        Rule(
            word=text("Closed", "關閉", "关闭"),
            colour="unknown",
            shape="closed",
            size=18,
            when={"status": "closed"},
        ),
        Rule(
            word=text("Command post", "指揮站", "指挥站"),
            colour="team",
            shape="house",
            icon="gate",
            size=24,
        ),
    ),
    group="response",
    order=72,
    on=True,
)
