"""Occurrences that somebody manages or has reported."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_event, by_severity

LAYER = Layer(
    key="incidents",
    title=text("Incidents", "事故", "事故"),
    kind=Kind.INCIDENT,
    where={
        "status": ["reported", "verified", "responding", "contained"],
        "origin": {"known": False},
    },
    feeds=("td_traffic_news", "wsd_suspensions"),
    empty=text("No incident reported", "沒有事故報告", "没有事故报告"),
    draw="marker",
    rules=by_severity("danger", counted=True),
    pictograms=(
        "incident_type",
        {
            "flooding": "water",
            "landslide": "landslip",
            "fallen_tree": "tree",
            "road_blockage": "road",
            "structural": "building",
            "lift_entrapment": "lift",
            "fire": "fire",
            "power_failure": "power",
            "water_supply": "wave",
            "rescue": "rescue",
            "crowd": "people",
            "traffic_accident": "car",
            "transport_disruption": "bus",
        },
    ),
    patterns=by_event("incident_type"),
    group="danger",
    order=85,
    on=True,
    vital=True,
    listed=True,
)
