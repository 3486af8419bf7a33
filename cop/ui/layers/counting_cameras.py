"""Cameras by which something is counted, and what can be said of each by its last pictures."""

from cop.model.entity import Kind, Severity
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="counting_cameras",
    title=text("Counting cameras", "點算攝影機", "点算摄影机"),
    kind=Kind.CAMERA,
    where={"feed": "vision"},
    feeds=("vision",),
    empty=text("No camera counts", "沒有點算攝影機", "没有点算摄影机"),
    draw="canvas",
    rules=(
        Rule(
            word=text("Turned away or covered", "被移動或遮擋", "被移动或遮挡"),
            colour="sev-severe",
            shape="octagon",
            icon="camera",
            severity=Severity.MODERATE,
            size=22,
            when={"state": "moved"},
        ),
        Rule(
            word=text("Gives no usable picture", "沒有可用畫面", "没有可用画面"),
            colour="sev-moderate",
            shape="octagon",
            icon="close",
            severity=Severity.MINOR,
            size=20,
            when={"state": {"not": ["ok", "unknown"]}},
        ),
        Rule(
            word=text("Not looked at yet", "尚未查看", "尚未查看"),
            colour="unknown",
            shape="ring",
            icon="camera",
            size=17,
            when={"state": "unknown"},
        ),
        Rule(
            word=text("Sees temperatures", "熱成像", "热成像"),
            colour="camera",
            shape="disc",
            icon="thermometer",
            size=17,
            when={"thermal": True},
        ),
        Rule(
            word=text("Working", "正常", "正常"),
            colour="camera",
            shape="badge",
            icon="camera",
            size=16,
        ),
    ),
    group="places",
    order=45,
    on=True,
    optional=True,
    min_zoom=13,
    turn="bearing_deg",
    towards=True,
)
