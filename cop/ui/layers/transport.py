"""Railway lines, the airport and boundary control points."""

from cop.model.entity import Kind, Severity
from cop.model.text import text
from cop.ui.layer import Layer, Rule

LAYER = Layer(
    key="transport",
    title=text("Railway, airport, boundary", "鐵路、機場、口岸", "铁路、机场、口岸"),
    kind=Kind.FACILITY,
    where={"facility_type": ["railway_line", "station", "airport", "boundary_control_point"]},
    feeds=("mtr_service", "airport_flights", "boundary_queues"),
    empty=text("No service reports", "沒有服務報告", "没有服务报告"),
    draw="marker",
    rules=(
        Rule(
            word=text("Closed or suspended", "關閉或暫停", "关闭或暂停"),
            colour="road-closed",
            shape="closed",
            line="crosses",
            severity=Severity.SEVERE,
            size=22,
            when={"status": "closed"},
        ),
        Rule(
            word=text("Limited", "有限度服務", "有限度服务"),
            colour="sev-moderate",
            shape="badge",
            icon="gate",
            severity=Severity.MODERATE,
            size=22,
            when={"status": ["limited", "full"]},
        ),
        Rule(
            word=text("Normal", "正常", "正常"),
            colour="good",
            shape="badge",
            icon="gate",
            size=10,
            when={"status": "open"},
        ),
        Rule(
            word=text("Not known", "不詳", "不详"),
            colour="unknown",
            shape="badge",
            icon="gate",
            size=18,
        ),
    ),
    group="places",
    order=55,
    on=True,
)
