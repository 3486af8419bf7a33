"""Water on roads as cameras see it: its depth at a gauge, or how much of the zone it covers."""

from cop.model.entity import Kind, Severity
from cop.model.text import Text, text
from cop.ui.layer import Condition, Layer, Pattern, Rule, Shape, not_counted


def _water(
    word: Text, when: Condition, *, severity: Severity, size: int, pattern: Pattern | None = None
) -> Rule:
    shape: Shape = "badge" if when["measure"] == "water_depth" else "disc"
    return Rule(
        word=word,
        colour=f"sev-{severity.value.lower()}",
        shape=shape,
        icon="wave" if shape == "badge" else "water",
        severity=severity,
        size=size,
        pattern=pattern or "",
        when=when,
    )


LAYER = Layer(
    key="sight_water",
    title=text("Water seen by cameras", "攝影機所見積水", "摄影机所见积水"),
    kind=Kind.OBSERVATION,
    where={"measure": ["water_depth", "flooded_share"]},
    feeds=("vision",),
    empty=text("No road is watched for water", "沒有監察積水的路段", "没有监察积水的路段"),
    draw="marker",
    rules=(
        _water(
            text("30 cm or deeper", "深 30 厘米或以上", "深 30 厘米或以上"),
            {"measure": "water_depth", "value": {"min": 30}},
            severity=Severity.SEVERE,
            size=26,
            pattern="waves",
        ),
        _water(
            text("10 to 30 cm deep", "深 10 至 30 厘米", "深 10 至 30 厘米"),
            {"measure": "water_depth", "value": {"min": 10}},
            severity=Severity.MODERATE,
            size=23,
            pattern="waves",
        ),
        _water(
            text("Less than 10 cm", "少於 10 厘米", "少于 10 厘米"),
            {"measure": "water_depth", "value": {"min": 0}},
            severity=Severity.MINOR,
            size=19,
        ),
        _water(
            text("Half or more under water", "一半或以上被淹", "一半或以上被淹"),
            {"measure": "flooded_share", "value": {"min": 50}},
            severity=Severity.SEVERE,
            size=26,
            pattern="waves",
        ),
        _water(
            text("A fifth to a half under water", "五分之一至一半被淹", "五分之一至一半被淹"),
            {"measure": "flooded_share", "value": {"min": 20}},
            severity=Severity.MODERATE,
            size=23,
            pattern="waves",
        ),
        _water(
            text("Less than a fifth under water", "少於五分之一被淹", "少于五分之一被淹"),
            {"measure": "flooded_share", "value": {"min": 0}},
            severity=Severity.MINOR,
            size=19,
        ),
        not_counted(),
    ),
    group="danger",
    order=81,
    on=True,
    optional=True,
    area_zoom=15,
    label="value",
    label_zoom=15,
    alarms="sight.alarms",
)
