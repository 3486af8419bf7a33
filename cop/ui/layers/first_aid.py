"""First-aid posts with how many wait there, kept by those who work there."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="first_aid",
    title=text("First-aid posts", "急救站", "急救站"),
    kind=Kind.FACILITY,
    where={"facility_type": "first_aid_post"},
    feeds=(),
    empty=text("No first-aid post", "沒有急救站", "没有急救站"),
    draw="marker",
    rules=(
        Rule(
            word=text("Closed", "關閉", "关闭"),
            colour="unknown",
            shape="closed",
            size=18,
            when={"status": ["closed", "standby"]},
        ),
        Rule(
            word=text("Full or limited", "已滿或有限度", "已满或有限度"),
            colour="sev-severe",
            counted=True,
            shape="octagon",
            icon="cross",
            size=28,
            when={"status": ["full", "limited"]},
        ),
        Rule(
            word=text("Open", "開放", "开放"),
            colour="good",
            counted=True,
            shape="badge",
            icon="cross",
            size=26,
            when={"status": "open"},
        ),
        Rule(
            word=text("Not known", "不詳", "不详"),
            colour="unknown",
            shape="ring",
            icon="cross",
            size=20,
        ),
    ),
    tally="queue",
    group="places",
    order=61,
    on=True,
)
