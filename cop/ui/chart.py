"""The charts of the drawer, as tables: the browser draws them from the picture it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cop.model.entity import Kind
from cop.model.text import Text, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of bars: the property *path*, what it means, and its colour token."""

    path: str
    word: Text
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of the highest values.

    Attributes:
        key, title: what it is.
        kind, where: which entities, as for a layer.
        feeds: keys of the feeds behind it.
        bars: what to draw of each, the widest value first.
        unit: unit of the drawn numbers.
        scale: factor from the stored number to the drawn one.
        most: how many entities at most.
        count: draw how many entities each district has, instead of a value.
        by_district: label with the district rather than the title.
        empty: the sentence for "looked, and there is none".
    """

    key: str
    title: Text
    kind: Kind
    where: Mapping[str, Any] = field(default_factory=dict)
    feeds: tuple[str, ...]
    bars: tuple[Bar, ...]
    unit: Text
    scale: float = 1.0
    most: int = 18
    count: bool = False
    by_district: bool = False
    empty: Text


CHARTS: Final = (
    Chart(
        key="rain",
        title=text("Rain of the past hour by district", "過去一小時分區雨量", "过去一小时分区雨量"),
        kind=Kind.OBSERVATION,
        where={"measure": "rain_1h", "feed": "hko_current"},
        feeds=("hko_current",),
        bars=(
            Bar(path="value", word=text("Highest", "最高", "最高"), colour="chart-1"),
            Bar(path="measures.min_mm", word=text("Lowest", "最低", "最低"), colour="chart-2"),
        ),
        unit=text("mm", "毫米", "毫米"),
        by_district=True,
        empty=text("No district rainfall reported", "沒有分區雨量報告", "没有分区雨量报告"),
    ),
    Chart(
        key="wind",
        title=text("Wind and gusts by station", "各站風速及陣風", "各站风速及阵风"),
        kind=Kind.OBSERVATION,
        where={"measure": "wind"},
        feeds=("hko_wind",),
        bars=(
            Bar(path="measures.gust_kmh", word=text("Gust", "陣風", "阵风"), colour="chart-2"),
            Bar(path="value", word=text("Mean", "平均", "平均"), colour="chart-1"),
        ),
        unit=text("km/h", "公里／小時", "公里／小时"),
        most=16,
        empty=text("No wind station reports", "沒有風速站報告", "没有风速站报告"),
    ),
    Chart(
        key="waits",
        title=text("A&E wait, semi-urgent", "急症室次緊急輪候", "急症室次紧急轮候"),
        kind=Kind.FACILITY,
        where={"facility_type": "hospital"},
        feeds=("ha_waiting",),
        bars=(
            Bar(
                path="measures.t45_p95_min",
                word=text("Most wait less than", "大部分少於", "大部分少于"),
                colour="chart-2",
            ),
            Bar(
                path="measures.t45_p50_min",
                word=text("Half wait less than", "半數少於", "半数少于"),
                colour="chart-1",
            ),
        ),
        unit=text("hours", "小時", "小时"),
        scale=1 / 60,
        empty=text("No A&E department reports", "沒有急症室報告", "没有急症室报告"),
    ),
    Chart(
        key="shelters",
        title=text("Open shelters by district", "各區開放的庇護中心", "各区开放的庇护中心"),
        kind=Kind.FACILITY,
        where={
            "facility_type": ["shelter", "cold_shelter", "heat_shelter", "community_hall"],
            "status": ["open", "full", "limited"],
        },
        feeds=("gov_press", "had_shelters"),
        bars=(Bar(path="", word=text("Open", "開放", "开放"), colour="chart-1"),),
        unit=text("shelters", "間", "间"),
        by_district=True,
        count=True,
        empty=text("No shelter open", "沒有庇護中心開放", "没有庇护中心开放"),
    ),
)
