"""Teams, vehicles and equipment at their last position, by whether they can be sent."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="resources",
    title=text("Teams and vehicles", "隊伍及車輛", "队伍及车辆"),
    kind=Kind.RESOURCE,
    feeds=(),
    empty=text("No team on the map", "地圖上沒有隊伍", "地图上没有队伍"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Available", "可調派", "可调派"),
            colour="team",
            counted=True,
            shape="disc",
            icon="people",
            size=18,
            when={"status": "available"},
        ),
        Rule(
            word=text("Assigned", "已指派", "已指派"),
            colour="team",
            counted=True,
            shape="badge",
            icon="people",
            size=20,
            when={"status": "assigned"},
        ),
        Rule(
            word=text("Resting", "休息中", "休息中"),
            colour="team",
            shape="ring",
            icon="people",
            size=18,
            when={"status": "resting"},
        ),
        Rule(
            word=text("Out of service", "暫停服務", "暂停服务"),
            colour="unknown",
            shape="closed",
            size=14,
        ),
    ),
    pictograms=("resource_type", {"team": "people", "vehicle": "car", "equipment": "works"}),
    group="response",
    order=74,
    on=True,
)
