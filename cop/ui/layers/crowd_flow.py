"""Where crowds walk: an arrow beside each zone in which people move."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="crowd_flow",
    title=text("Flow of crowds", "人流方向", "人流方向"),
    kind=Kind.OBSERVATION,
    where={
        "measure": "crowd_density",
        "measures.flow_deg": {"known": True},
        "measures.flow_mps": {"min": 0.1},
    },
    feeds=("vision",),
    empty=text("Nobody is seen to move", "未見人流移動", "未见人流移动"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Walking, 1 m/s or more", "步行，每秒 1 米或以上", "步行，每秒 1 米或以上"),
            colour="crowd-flow",
            shape="arrow",
            size=24,
            when={"measures.flow_mps": {"min": 1}},
        ),
        Rule(
            word=text("Slowly, 0.5 to 1 m/s", "緩慢，每秒 0.5 至 1 米", "缓慢，每秒 0.5 至 1 米"),
            colour="crowd-flow",
            shape="arrow",
            size=19,
            when={"measures.flow_mps": {"min": 0.5}},
        ),
        Rule(
            word=text(
                "Hardly, less than 0.5 m/s", "極慢，每秒少於 0.5 米", "极慢，每秒少于 0.5 米"
            ),
            colour="crowd-flow",
            shape="arrow",
            size=14,
        ),
    ),
    group="danger",
    order=83,
    on=True,
    optional=True,
    min_zoom=16,
    turn="measures.flow_deg",
    towards=True,
    shift=36,
)
