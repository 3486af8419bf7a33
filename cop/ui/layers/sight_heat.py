"""Hot surfaces as thermal cameras measure them."""

from cop.model.entity import Kind, Severity
from cop.model.text import text
from cop.ui.layer import Layer, Rule, not_counted

LAYER = Layer(
    key="sight_heat",
    title=text("Heat seen by cameras", "熱成像所見高溫", "热成像所见高温"),
    kind=Kind.OBSERVATION,
    where={"measure": "surface_temperature"},
    feeds=("vision",),
    empty=text("No surface is watched for heat", "沒有監察溫度的範圍", "没有监察温度的范围"),
    draw="marker",
    rules=(
        Rule(
            word=text("80 °C or hotter", "攝氏 80 度或以上", "摄氏 80 度或以上"),
            colour="sev-severe",
            shape="badge",
            icon="fire",
            severity=Severity.SEVERE,
            size=26,
            pattern="stripes",
            when={"value": {"min": 80}},
        ),
        Rule(
            word=text("60 to 80 °C", "攝氏 60 至 80 度", "摄氏 60 至 80 度"),
            colour="sev-moderate",
            shape="badge",
            icon="thermometer",
            severity=Severity.MODERATE,
            size=22,
            pattern="stripes",
            when={"value": {"min": 60}},
        ),
        Rule(
            word=text("Below 60 °C", "低於攝氏 60 度", "低于摄氏 60 度"),
            colour="mild",
            shape="disc",
            icon="thermometer",
            size=18,
            when={"value": {"known": True}},
        ),
        not_counted(),
    ),
    group="danger",
    order=79,
    on=True,
    optional=True,
    area_zoom=15,
    label="value",
    label_zoom=15,
    alarms="sight.alarms",
)
