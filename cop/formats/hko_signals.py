"""The Observatory's warnings by code: what each is called and how bad, soon and sure it is.

Severity, urgency and certainty are ours, in the words of CAP 1.2, after the Observatory's own
description of each warning; the JSON API publishes none. The names fill the languages in which a
poll brought no words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cop.model.entity import Certainty, Severity, Urgency
from cop.model.text import Text, text


@dataclass(frozen=True, slots=True)
class Signal:
    """What a code means."""

    event_type: str
    name: Text
    severity: Severity = Severity.UNKNOWN
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN


_GRADES: Final = {
    "unknown": (Severity.UNKNOWN, Urgency.UNKNOWN, Certainty.UNKNOWN),
    "watch": (Severity.MINOR, Urgency.FUTURE, Certainty.POSSIBLE),
    "notice": (Severity.MINOR, Urgency.EXPECTED, Certainty.LIKELY),
    "expected": (Severity.MODERATE, Urgency.EXPECTED, Certainty.LIKELY),
    "soon": (Severity.SEVERE, Urgency.EXPECTED, Certainty.LIKELY),
    "now": (Severity.SEVERE, Urgency.IMMEDIATE, Certainty.LIKELY),
    "worst": (Severity.EXTREME, Urgency.IMMEDIATE, Certainty.OBSERVED),
}


def _signal(event_type: str, grade: str, en: str, tc: str, sc: str) -> Signal:
    severity, urgency, certainty = _GRADES[grade]
    return Signal(event_type, text(en, tc, sc), severity, urgency, certainty)


def _gale(quarter: str, tc: str, sc: str) -> Signal:
    return _signal(
        "tropical_cyclone",
        "now",
        f"No. 8 {quarter} Gale or Storm Signal",
        f"八號{tc}烈風或暴風信號",
        f"八号{sc}烈风或暴风信号",
    )


SIGNALS: Final[dict[str, Signal]] = {
    "TC1": _signal(
        "tropical_cyclone", "watch", "Standby Signal No. 1", "一號戒備信號", "一号戒备信号"
    ),
    "TC3": _signal(
        "tropical_cyclone", "expected", "Strong Wind Signal No. 3", "三號強風信號", "三号强风信号"
    ),
    "TC8": _signal(
        "tropical_cyclone",
        "now",
        "No. 8 Gale or Storm Signal",
        "八號烈風或暴風信號",
        "八号烈风或暴风信号",
    ),
    "TC8NE": _gale("Northeast", "東北", "东北"),
    "TC8SE": _gale("Southeast", "東南", "东南"),
    "TC8SW": _gale("Southwest", "西南", "西南"),
    "TC8NW": _gale("Northwest", "西北", "西北"),
    "TC9": _signal(
        "tropical_cyclone",
        "worst",
        "Increasing Gale or Storm Signal No. 9",
        "九號烈風或暴風風力增強信號",
        "九号烈风或暴风风力增强信号",
    ),
    "TC10": _signal(
        "tropical_cyclone", "worst", "Hurricane Signal No. 10", "十號颶風信號", "十号飓风信号"
    ),
    "WTCPRE8": _signal(
        "pre_no8",
        "soon",
        "Pre-No. 8 Special Announcement",
        "預警八號熱帶氣旋警告信號之特別報告",
        "预警八号热带气旋警告信号之特别报告",
    ),
    "WRAINA": _signal(
        "rainstorm",
        "expected",
        "Amber Rainstorm Warning Signal",
        "黃色暴雨警告信號",
        "黄色暴雨警告信号",
    ),
    "WRAINR": _signal(
        "rainstorm", "now", "Red Rainstorm Warning Signal", "紅色暴雨警告信號", "红色暴雨警告信号"
    ),
    "WRAINB": _signal(
        "rainstorm",
        "worst",
        "Black Rainstorm Warning Signal",
        "黑色暴雨警告信號",
        "黑色暴雨警告信号",
    ),
    "WFIREY": _signal(
        "fire_danger",
        "notice",
        "Yellow Fire Danger Warning",
        "黃色火災危險警告",
        "黄色火灾危险警告",
    ),
    "WFIRER": _signal(
        "fire_danger", "expected", "Red Fire Danger Warning", "紅色火災危險警告", "红色火灾危险警告"
    ),
    "WL": _signal("landslip", "now", "Landslip Warning", "山泥傾瀉警告", "山泥倾泻警告"),
    "WTS": _signal("thunderstorm", "expected", "Thunderstorm Warning", "雷暴警告", "雷暴警告"),
    "WFNTSA": _signal(
        "flooding_nnt",
        "now",
        "Special Announcement on Flooding in the northern New Territories",
        "新界北部水浸特別報告",
        "新界北部水浸特别报告",
    ),
    "WMSGNL": _signal(
        "monsoon", "expected", "Strong Monsoon Signal", "強烈季候風信號", "强烈季候风信号"
    ),
    "WHOT": _signal(
        "very_hot", "expected", "Very Hot Weather Warning", "酷熱天氣警告", "酷热天气警告"
    ),
    "WCOLD": _signal("cold", "expected", "Cold Weather Warning", "寒冷天氣警告", "寒冷天气警告"),
    "WFROST": _signal("frost", "notice", "Frost Warning", "霜凍警告", "霜冻警告"),
    "WTMW": _signal("tsunami", "worst", "Tsunami Warning", "海嘯警告", "海啸警告"),
}
"""Code of a level in force to what it means."""

FAMILIES: Final[dict[str, Signal]] = {
    family: Signal(event_type, text(*names))
    for family, event_type, names in (
        (
            "WTCSGNL",
            "tropical_cyclone",
            ("Tropical Cyclone Warning Signal", "熱帶氣旋警告信號", "热带气旋警告信号"),
        ),
        ("WRAIN", "rainstorm", ("Rainstorm Warning Signal", "暴雨警告信號", "暴雨警告信号")),
        ("WFIRE", "fire_danger", ("Fire Danger Warning", "火災危險警告", "火灾危险警告")),
    )
} | {
    family: Signal(SIGNALS[family].event_type, SIGNALS[family].name)
    for family in (["WL", "WTS", "WFNTSA", "WMSGNL", "WHOT", "WCOLD", "WFROST", "WTMW", "WTCPRE8"])
}
"""Family of warnings to its name; how bad it is depends on the code in force."""


def meaning(family: str, code: str) -> tuple[Signal, bool]:
    """Tell what *code* of *family* means, and whether the code is a known one.

    An unknown code keeps its family's event type and name; an unknown family is `other`. Neither
    has a severity: it is not guessed.
    """
    known = SIGNALS.get(code)
    if known is not None and (family not in FAMILIES or _belongs(family, known)):
        return known, True
    return FAMILIES.get(family, Signal("other", {})), False


def _belongs(family: str, signal: Signal) -> bool:
    return FAMILIES[family].event_type == signal.event_type
