"""Roads closed or restricted, from traffic news: where one cannot pass."""

from cop.model.entity import Kind, Severity
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="roads",
    title=text("Road closures", "封路及交通受阻", "封路及交通受阻"),
    kind=Kind.ROAD,
    where={
        "feed": ["td_traffic_news", "td_journey_times"],
        "status": ["closed", "restricted", "slow", "unknown"],
    },
    feeds=("td_traffic_news",),
    empty=text("No road closed", "沒有道路封閉", "没有道路封闭"),
    draw="marker",
    rules=(
        Rule(
            word=text("Closed", "封閉", "封闭"),
            colour="road-closed",
            shape="closed",
            severity=Severity.SEVERE,
            counted=True,
            line="crosses",
            size=24,
            when={"status": "closed"},
        ),
        Rule(
            word=text("Restricted", "部分封閉", "部分封闭"),
            colour="road-restricted",
            shape="badge",
            icon="road",
            severity=Severity.MODERATE,
            line="dashed",
            size=22,
            when={"status": "restricted"},
        ),
        Rule(
            word=text("Slow or other news", "擠塞或其他消息", "挤塞或其他消息"),
            colour="road-slow",
            shape="badge",
            icon="car",
            severity=Severity.MINOR,
            size=20,
        ),
    ),
    group="roads",
    order=80,
    on=True,
    vital=True,
    listed=True,
)
