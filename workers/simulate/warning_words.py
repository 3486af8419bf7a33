"""The Observatory's warnings in words: names, signal types, what to do; for exercises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cop.model.text import Text, text

NAMES: Final[Mapping[str, Text]] = {
    "WRAIN": text("Rainstorm Warning Signal", "暴雨警告信號", "暴雨警告信号"),
    "WL": text("Landslip Warning", "山泥傾瀉警告", "山泥倾泻警告"),
    "WTS": text("Thunderstorm Warning", "雷暴警告", "雷暴警告"),
    "WFNTSA": text(
        "Special Announcement on Flooding in the northern New Territories",
        "新界北部水浸特別報告",
        "新界北部水浸特别报告",
    ),
    "WTCSGNL": text("Tropical Cyclone Warning Signal", "熱帶氣旋警告信號", "热带气旋警告信号"),
    "WTCPRE8": text(
        "Pre-No. 8 Special Announcement",
        "預警八號熱帶氣旋警告信號之特別報告",
        "预警八号热带气旋警告信号之特别报告",
    ),
    "WHOT": text("Very Hot Weather Warning", "酷熱天氣警告", "酷热天气警告"),
}

TYPES: Final[Mapping[str, Text]] = {
    "WRAINA": text("Amber", "黃色", "黄色"),
    "WRAINR": text("Red", "紅色", "红色"),
    "WRAINB": text("Black", "黑色", "黑色"),
    "TC1": text("Standby Signal, No. 1", "一號戒備信號", "一号戒备信号"),
    "TC3": text("Strong Wind Signal, No. 3", "三號強風信號", "三号强风信号"),
    "TC8NE": text(
        "No. 8 Northeast Gale or Storm Signal", "八號東北烈風或暴風信號", "八号东北烈风或暴风信号"
    ),
    "TC8NW": text(
        "No. 8 Northwest Gale or Storm Signal", "八號西北烈風或暴風信號", "八号西北烈风或暴风信号"
    ),
    "TC8SE": text(
        "No. 8 Southeast Gale or Storm Signal", "八號東南烈風或暴風信號", "八号东南烈风或暴风信号"
    ),
    "TC9": text(
        "Increasing Gale or Storm Signal, No. 9",
        "九號烈風或暴風風力增強信號",
        "九号烈风或暴风风力增强信号",
    ),
    "TC10": text("Hurricane Signal, No. 10", "十號颶風信號", "十号飓风信号"),
}

ADVICE: Final[Mapping[str, tuple[Text, ...]]] = {
    "WRAINA": (
        text(
            "Heavy rain exceeding 30 millimetres in an hour has fallen or is expected to fall"
            " generally over Hong Kong and is likely to continue.",
            "香港廣泛地區已錄得或預料會有每小時雨量超過30毫米的大雨，且雨勢可能持續。",
            "香港广泛地区已录得或预料会有每小时雨量超过30毫米的大雨，且雨势可能持续。",
        ),
    ),
    "WRAINR": (
        text(
            "Heavy rain exceeding 50 millimetres in an hour has fallen or is expected to fall"
            " generally over Hong Kong and is likely to continue.",
            "香港廣泛地區已錄得或預料會有每小時雨量超過50毫米的大雨，且雨勢可能持續。",
            "香港广泛地区已录得或预料会有每小时雨量超过50毫米的大雨，且雨势可能持续。",
        ),
        text(
            "Stay away from watercourses. Drivers should watch for flooded roads.",
            "請遠離河道。駕駛人士應提防道路水浸。",
            "请远离河道。驾驶人士应提防道路水浸。",
        ),
    ),
    "WRAINB": (
        text(
            "Very heavy rain exceeding 70 millimetres in an hour has fallen or is expected to"
            " fall generally over Hong Kong and is likely to continue.",
            "香港廣泛地區已錄得或預料會有每小時雨量超過70毫米的豪雨，且雨勢可能持續。",
            "香港广泛地区已录得或预料会有每小时雨量超过70毫米的豪雨，且雨势可能持续。",
        ),
        text(
            "Stay indoors or take shelter in a safe place until the heavy rain has passed.",
            "請留在室內，或到安全地方暫避，直至大雨過去。",
            "请留在室内，或到安全地方暂避，直至大雨过去。",
        ),
    ),
    "WL": (
        text(
            "Persistent heavy rain may cause landslips. Stay away from steep slopes and"
            " retaining walls.",
            "持續大雨可能引致山泥傾瀉。請遠離陡峭斜坡及擋土牆。",
            "持续大雨可能引致山泥倾泻。请远离陡峭斜坡及挡土墙。",
        ),
    ),
    "WTS": (
        text(
            "Thunderstorms are expected over Hong Kong. Stay indoors.",
            "預料香港有雷暴。請留在室內。",
            "预料香港有雷暴。请留在室内。",
        ),
    ),
    "WFNTSA": (
        text(
            "Heavy rain is affecting the northern New Territories. People who may be affected"
            " should take precautions against flooding.",
            "大雨正影響新界北部，可能受影響的市民應採取預防水浸的措施。",
            "大雨正影响新界北部，可能受影响的市民应采取预防水浸的措施。",
        ),
    ),
    "WTCPRE8": (
        text(
            "The No. 8 Gale or Storm Signal will be issued within two hours.",
            "天文台將於兩小時內發出八號烈風或暴風信號。",
            "天文台将于两小时内发出八号烈风或暴风信号。",
        ),
    ),
    "TC1": (
        text(
            "A tropical cyclone is centred within about 800 kilometres of Hong Kong.",
            "有一熱帶氣旋集結於香港約800公里的範圍內。",
            "有一热带气旋集结于香港约800公里的范围内。",
        ),
    ),
    "TC3": (
        text(
            "Strong winds of 41 to 62 kilometres per hour are expected.",
            "預料會有每小時41至62公里的強風。",
            "预料会有每小时41至62公里的强风。",
        ),
    ),
    "TC8": (
        text(
            "Gale or storm force winds of 63 to 117 kilometres per hour are expected.",
            "預料會有每小時63至117公里的烈風或暴風。",
            "预料会有每小时63至117公里的烈风或暴风。",
        ),
        text(
            "Complete all precautions and stay where you are safe.",
            "請完成所有防風措施，並留在安全地方。",
            "请完成所有防风措施，并留在安全地方。",
        ),
    ),
    "TC9": (
        text(
            "Winds are expected to increase significantly. Stay indoors.",
            "預料風力將顯著增強。請留在室內。",
            "预料风力将显著增强。请留在室内。",
        ),
    ),
    "TC10": (
        text(
            "Winds of 118 kilometres per hour or more are expected. Stay indoors and away from"
            " exposed windows and doors.",
            "預料風力達每小時118公里或以上。請留在室內，遠離當風的門窗。",
            "预料风力达每小时118公里或以上。请留在室内，远离当风的门窗。",
        ),
    ),
}


def advice(code: str) -> tuple[Text, ...]:
    """Give what to do under the warning *code*."""
    return ADVICE.get(code) or ADVICE.get(code[:3], ())
