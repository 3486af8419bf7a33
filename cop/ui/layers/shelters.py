"""Shelters and halls opened for people who cannot stay at home."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="shelters",
    title=text("Shelters", "臨時庇護中心", "临时庇护中心"),
    kind=Kind.FACILITY,
    where={
        "facility_type": ["shelter", "cold_shelter", "heat_shelter", "community_hall"],
        "status": ["open", "full", "limited", "unknown"],
    },
    feeds=("gov_press", "had_shelters"),
    empty=text("No shelter open", "沒有庇護中心開放", "没有庇护中心开放"),
    draw="marker",
    rules=(
        Rule(
            word=text("Full", "已滿", "已满"),
            colour="sev-severe",
            counted=True,
            shape="house",
            icon="people",
            size=24,
            when={"status": "full"},
        ),
        Rule(
            word=text("Open", "開放", "开放"),
            colour="shelter",
            counted=True,
            shape="house",
            size=22,
            when={"status": ["open", "limited"]},
        ),
        Rule(
            word=text("Not known", "不詳", "不详"),
            colour="unknown",
            shape="house",
            size=16,
        ),
    ),
    group="places",
    order=62,
    on=True,
    level=("occupancy", "capacity"),
)
