"""Accident and emergency departments, by the wait of a semi-urgent patient."""

from cop.model.entity import Kind
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="hospitals",
    title=text("Hospitals (A&E)", "醫院急症室", "医院急症室"),
    kind=Kind.FACILITY,
    where={"facility_type": "hospital"},
    feeds=("ha_waiting",),
    empty=text("No A&E department reports", "沒有急症室報告", "没有急症室报告"),
    draw="marker",
    rules=(
        Rule(
            word=text("Closed", "關閉", "关闭"),
            colour="road-closed",
            shape="closed",
            size=22,
            when={"status": "closed"},
        ),
        Rule(
            word=text("Wait of 8 hours or more", "輪候 8 小時或以上", "轮候 8 小时或以上"),
            colour="sev-severe",
            shape="octagon",
            icon="cross",
            size=26,
            when={"measures.t45_p50_min": {"min": 480}},
        ),
        Rule(
            word=text("Wait of 4–8 hours", "輪候 4–8 小時", "轮候 4–8 小时"),
            colour="sev-moderate",
            shape="badge",
            icon="cross",
            size=22,
            when={"measures.t45_p50_min": {"min": 240}},
        ),
        Rule(
            word=text("Wait below 4 hours", "輪候少於 4 小時", "轮候少于 4 小时"),
            colour="good",
            shape="disc",
            icon="cross",
            size=20,
            when={"measures.t45_p50_min": {"min": 0}},
        ),
        Rule(
            word=text("Wait not known", "輪候時間不詳", "轮候时间不详"),
            colour="unknown",
            shape="ring",
            icon="cross",
            size=22,
        ),
    ),
    group="places",
    order=60,
    on=True,
)
