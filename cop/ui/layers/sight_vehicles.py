"""Vehicles as cameras count them, and the queue in which they stand."""

from cop.model.entity import Kind, Severity
from cop.model.text import text
from cop.ui.layer import Layer, Rule, not_counted

LAYER = Layer(
    key="sight_vehicles",
    title=text("Vehicles and queues", "車輛及車龍", "车辆及车龙"),
    kind=Kind.OBSERVATION,
    where={"measure": "vehicle_count"},
    feeds=("vision",),
    empty=text("No road is counted", "沒有監察車輛的路段", "没有监察车辆的路段"),
    draw="marker",
    rules=(
        Rule(
            word=text("Queue of 80 m or more", "車龍長 80 米或以上", "车龙长 80 米或以上"),
            colour="speed-jam",
            shape="octagon",
            icon="car",
            severity=Severity.MODERATE,
            size=24,
            when={"sight.unknown": {"known": False}, "measures.queue_m": {"min": 80}},
        ),
        Rule(
            word=text("Queue of 20 to 80 m", "車龍長 20 至 80 米", "车龙长 20 至 80 米"),
            colour="speed-slow",
            shape="badge",
            icon="car",
            severity=Severity.MINOR,
            size=21,
            when={"sight.unknown": {"known": False}, "measures.queue_m": {"min": 20}},
        ),
        Rule(
            word=text("No queue", "沒有車龍", "没有车龙"),
            colour="speed-fast",
            shape="disc",
            icon="car",
            size=18,
            when={"value": {"known": True}},
        ),
        not_counted(size=17),
    ),
    group="traffic",
    order=55,
    on=True,
    optional=True,
    area_zoom=15,
    label="value",
    label_zoom=15,
    alarms="sight.alarms",
)
