"""Halls that can be opened as shelters and are not: the pool to choose from."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="halls",
    title=text("Shelters on standby", "候命庇護中心", "候命庇护中心"),
    kind=Kind.FACILITY,
    where={
        "facility_type": ["shelter", "cold_shelter", "heat_shelter", "community_hall"],
        "status": ["standby", "closed"],
    },
    feeds=("had_shelters", "gov_press"),
    empty=text("No shelter on standby", "沒有候命庇護中心", "没有候命庇护中心"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Standby or closed", "候命或已關閉", "候命或已关闭"),
            colour="unknown",
            shape="house",
            size=13,
        ),
    ),
    group="places",
    order=35,
)
