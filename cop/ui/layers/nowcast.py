"""Rainfall forecast for the next two hours, cell by cell."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="nowcast",
    title=text("Rainfall, next half hour", "未來半小時雨量", "未来半小时雨量"),
    kind=Kind.HAZARD,
    where={"phenomenon": "rain_nowcast", "measures.lead_min": {"max": 50}},
    feeds=("hko_nowcast",),
    empty=text("No rain forecast for the next half hour", "預計半小時內無雨", "预计半小时内无雨"),
    draw="grid",
    rules=(
        Rule(
            word=text("≥ 50 mm", "50 毫米或以上", "50 毫米或以上"),
            colour="rain-5",
            shape="cell",
            when={"value": {"min": 50}},
        ),
        Rule(
            word=text("20–50 mm", "20–50 毫米", "20–50 毫米"),
            colour="rain-4",
            shape="cell",
            when={"value": {"min": 20}},
        ),
        Rule(
            word=text("10–20 mm", "10–20 毫米", "10–20 毫米"),
            colour="rain-3",
            shape="cell",
            when={"value": {"min": 10}},
        ),
        Rule(
            word=text("2–10 mm", "2–10 毫米", "2–10 毫米"),
            colour="rain-2",
            shape="cell",
            when={"value": {"min": 2}},
        ),
        Rule(word=text("Below 2 mm", "2 毫米以下", "2 毫米以下"), colour="rain-1", shape="cell"),
    ),
    group="weather",
    order=12,
)
