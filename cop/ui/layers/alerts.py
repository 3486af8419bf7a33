"""Warnings in force for Hong Kong; those without a place stand in the list and the band."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_event, by_severity

LAYER = Layer(
    key="alerts",
    title=text("Warnings", "警告", "警告"),
    kind=Kind.ALERT,
    where={
        "feed": {"not": ["hko_cap", "smg_warnings", "nmc_warnings", "wmo_swic"]},
        "origin": {"known": False},
        "released_at": {"known": False},
        "exercise": {"not": [True]},
    },
    feeds=("hko_warnings",),
    empty=text("No warning in force", "沒有生效警告", "没有生效警告"),
    draw="marker",
    rules=by_severity("danger"),
    patterns=by_event("event_type"),
    group="danger",
    order=90,
    on=True,
    vital=True,
    listed=True,
)
