"""Tropical cyclone signals of the Observatory, in plain words."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.ui.public.meaning_lines import (
    CALL_999,
    DRAINS,
    HKO_CYCLONE,
    HOME_EARLY,
    LOCK,
    LOOSE,
    NEWS,
    SCHOOL,
    SHELTER,
    SHORE,
    STAY_INDOORS,
    STAY_PUT,
    WATER_SPORTS,
    WINDOWS,
    WIRES,
    Meaning,
)

_GALE_DO: Final = (STAY_INDOORS, LOCK, WINDOWS, SHORE, SHELTER, CALL_999)


def _gale(wind: Text) -> Meaning:
    return Meaning(wind, _GALE_DO, HKO_CYCLONE)


_EYE: Final = text(
    "If the wind stops suddenly, stay in. It may soon come back.",
    "如風突然靜止，仍要留在室內。狂風可能很快再來。",
    "如风突然静止，仍要留在室内。狂风可能很快再来。",
)

CYCLONE: Final[dict[tuple[str, str, str], Meaning]] = {
    ("alert", "tropical_cyclone", "TC1"): Meaning(
        text(
            "A tropical cyclone is within about 800 km. It may affect Hong Kong.",
            "有熱帶氣旋在香港約 800 公里內，可能影響香港。",
            "有热带气旋在香港约 800 公里内，可能影响香港。",
        ),
        (
            text(
                "Think again about boat trips and hikes.",
                "重新考慮出海和行山計劃。",
                "重新考虑出海和行山计划。",
            ),
            text(
                "Check windows, drains and things on balconies.",
                "檢查窗戶、渠口和露台上的物件。",
                "检查窗户、渠口和露台上的物件。",
            ),
            NEWS,
        ),
        HKO_CYCLONE,
    ),
    ("alert", "tropical_cyclone", "TC3"): Meaning(
        text(
            "Strong wind is here or coming. It blows at 41 to 62 km an hour.",
            "強風正吹襲或即將吹襲，時速 41 至 62 公里。",
            "强风正吹袭或即将吹袭，时速 41 至 62 公里。",
        ),
        (LOOSE, SHORE, WATER_SPORTS, DRAINS, SCHOOL, NEWS),
        HKO_CYCLONE,
    ),
    ("alert", "pre_no8", ""): Meaning(
        text(
            "Signal No. 8 is expected within two hours. Use this time to get safe.",
            "預計兩小時內會發出八號信號。趁這段時間做好準備。",
            "预计两小时内会发出八号信号。趁这段时间做好准备。",
        ),
        (HOME_EARLY, LOOSE, LOCK, SHORE, SCHOOL, NEWS),
        HKO_CYCLONE,
    ),
    ("alert", "tropical_cyclone", "TC8"): _gale(
        text(
            "Very strong wind is here or coming. It blows at 63 to 117 km an hour.",
            "烈風或暴風正吹襲或即將吹襲，時速 63 至 117 公里。",
            "烈风或暴风正吹袭或即将吹袭，时速 63 至 117 公里。",
        )
    ),
    ("alert", "tropical_cyclone", "TC8NE"): _gale(
        text(
            "Very strong wind (63 to 117 km an hour) is here or coming from the northeast.",
            "東北烈風或暴風正吹襲或即將吹襲，時速 63 至 117 公里。",
            "东北烈风或暴风正吹袭或即将吹袭，时速 63 至 117 公里。",
        )
    ),
    ("alert", "tropical_cyclone", "TC8SE"): _gale(
        text(
            "Very strong wind (63 to 117 km an hour) is here or coming from the southeast.",
            "東南烈風或暴風正吹襲或即將吹襲，時速 63 至 117 公里。",
            "东南烈风或暴风正吹袭或即将吹袭，时速 63 至 117 公里。",
        )
    ),
    ("alert", "tropical_cyclone", "TC8SW"): _gale(
        text(
            "Very strong wind (63 to 117 km an hour) is here or coming from the southwest.",
            "西南烈風或暴風正吹襲或即將吹襲，時速 63 至 117 公里。",
            "西南烈风或暴风正吹袭或即将吹袭，时速 63 至 117 公里。",
        )
    ),
    ("alert", "tropical_cyclone", "TC8NW"): _gale(
        text(
            "Very strong wind (63 to 117 km an hour) is here or coming from the northwest.",
            "西北烈風或暴風正吹襲或即將吹襲，時速 63 至 117 公里。",
            "西北烈风或暴风正吹袭或即将吹袭，时速 63 至 117 公里。",
        )
    ),
    ("alert", "tropical_cyclone", "TC9"): Meaning(
        text(
            "The wind is getting much stronger. It is very dangerous outside.",
            "風力正顯著增強，戶外非常危險。",
            "风力正显著增强，户外非常危险。",
        ),
        (STAY_INDOORS, WINDOWS, STAY_PUT, WIRES, SHORE, CALL_999),
        HKO_CYCLONE,
    ),
    ("alert", "tropical_cyclone", "TC10"): Meaning(
        text(
            "Hurricane wind is here or coming. It blows at 118 km an hour or more.",
            "颶風正吹襲或即將吹襲，時速達 118 公里或以上。",
            "飓风正吹袭或即将吹袭，时速达 118 公里或以上。",
        ),
        (STAY_INDOORS, WINDOWS, STAY_PUT, _EYE, WIRES, CALL_999),
        HKO_CYCLONE,
    ),
    ("alert", "tropical_cyclone", ""): Meaning(
        text(
            "A tropical cyclone brings strong wind, heavy rain and high seas.",
            "熱帶氣旋會帶來強風、大雨和大浪。",
            "热带气旋会带来强风、大雨和大浪。",
        ),
        (LOOSE, SHORE, WATER_SPORTS, STAY_PUT, NEWS, CALL_999),
        HKO_CYCLONE,
    ),
}
