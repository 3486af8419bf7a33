"""Warnings of our own in force; in an exercise they are the exercise's, and shown all the same."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, by_event, by_severity

LAYER = Layer(
    key="own_alerts",
    title=text("Warnings of our own", "本平台發出的警告", "本平台发出的警告"),
    kind=Kind.ALERT,
    where={"released_at": {"known": True}, "origin": {"known": False}},
    feeds=(),
    empty=text("No warning of our own", "沒有本平台發出的警告", "没有本平台发出的警告"),
    draw="marker",
    rules=by_severity("danger"),
    patterns=by_event("event_type"),
    group="danger",
    order=91,
    on=True,
    listed=True,
)
