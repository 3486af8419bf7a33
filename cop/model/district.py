"""The 18 districts of Hong Kong: codes, names, and the spellings publishers use."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cop.model.text import Text, text


class District(StrEnum):
    """A district by its code, as in the Home Affairs Department's boundary file."""

    CENTRAL_AND_WESTERN = "CW"
    EASTERN = "EST"
    SOUTHERN = "STH"
    WAN_CHAI = "WCH"
    KOWLOON_CITY = "KC"
    KWUN_TONG = "KT"
    SHAM_SHUI_PO = "SSP"
    WONG_TAI_SIN = "WTS"
    YAU_TSIM_MONG = "YTM"
    ISLANDS = "ISL"
    KWAI_TSING = "KWT"
    NORTH = "NTH"
    SAI_KUNG = "SK"
    SHA_TIN = "ST"
    TAI_PO = "TP"
    TSUEN_WAN = "TW"
    TUEN_MUN = "TM"
    YUEN_LONG = "YL"


DISTRICT_NAMES: Final[dict[District, Text]] = {
    District.CENTRAL_AND_WESTERN: text("Central and Western", "中西區", "中西区"),
    District.EASTERN: text("Eastern", "東區", "东区"),
    District.SOUTHERN: text("Southern", "南區", "南区"),
    District.WAN_CHAI: text("Wan Chai", "灣仔", "湾仔"),
    District.KOWLOON_CITY: text("Kowloon City", "九龍城", "九龙城"),
    District.KWUN_TONG: text("Kwun Tong", "觀塘", "观塘"),
    District.SHAM_SHUI_PO: text("Sham Shui Po", "深水埗", "深水埗"),
    District.WONG_TAI_SIN: text("Wong Tai Sin", "黃大仙", "黄大仙"),
    District.YAU_TSIM_MONG: text("Yau Tsim Mong", "油尖旺", "油尖旺"),
    District.ISLANDS: text("Islands", "離島", "离岛"),
    District.KWAI_TSING: text("Kwai Tsing", "葵青", "葵青"),
    District.NORTH: text("North", "北區", "北区"),
    District.SAI_KUNG: text("Sai Kung", "西貢", "西贡"),
    District.SHA_TIN: text("Sha Tin", "沙田", "沙田"),
    District.TAI_PO: text("Tai Po", "大埔", "大埔"),
    District.TSUEN_WAN: text("Tsuen Wan", "荃灣", "荃湾"),
    District.TUEN_MUN: text("Tuen Mun", "屯門", "屯门"),
    District.YUEN_LONG: text("Yuen Long", "元朗", "元朗"),
}

_CODES_ELSEWHERE: Final[dict[str, District]] = {
    "wc": District.WAN_CHAI,
    "ea": District.EASTERN,
    "so": District.SOUTHERN,
    "yt": District.YAU_TSIM_MONG,
    "ss": District.SHAM_SHUI_PO,
    "ku": District.KWUN_TONG,
    "ki": District.KWAI_TSING,
    "is": District.ISLANDS,
    "no": District.NORTH,
    "centralwestern": District.CENTRAL_AND_WESTERN,
    "hksouth": District.SOUTHERN,
    "shatintown": District.SHA_TIN,
    "葵涌": District.KWAI_TSING,
    "青衣": District.KWAI_TSING,
}


def _fold(name: str) -> str:
    """Reduce a spelling to what all publishers share: no blanks, `and`, `District` or 區."""
    folded = name.strip().lower().replace("&", "and").replace("/", "and")
    folded = folded.removesuffix("district").replace(" and ", " ")
    folded = "".join(ch for ch in folded if ch.isalnum())
    return folded.rstrip("區区") if len(folded) > 2 else folded


_BY_NAME: Final[dict[str, District]] = (
    {
        _fold(name): code
        for code, names in DISTRICT_NAMES.items()
        for name in (*names.values(), code.value)
    }
    | {_fold(names["en"]).replace("and", ""): code for code, names in DISTRICT_NAMES.items()}
    | _CODES_ELSEWHERE
)


def find_district(name: str) -> District | None:
    """Recognise a district by any publisher's spelling or code; None when it is not one."""
    folded = _fold(name)
    return _BY_NAME.get(folded) or _BY_NAME.get(folded.replace("and", ""))
