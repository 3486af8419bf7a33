"""The agencies that publish what is on the picture, and those that respond."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cop.model.text import Lang, Text, say, text

PUBLISHERS: Final[dict[str, Text]] = {
    "AAHK": text("Airport Authority Hong Kong", "香港機場管理局", "香港机场管理局"),
    "AFCD": text(
        "Agriculture, Fisheries and Conservation Department", "漁農自然護理署", "渔农自然护理署"
    ),
    "AMS": text("Auxiliary Medical Service", "醫療輔助隊", "医疗辅助队"),
    "BD": text("Buildings Department", "屋宇署", "屋宇署"),
    "CAS": text("Civil Aid Service", "民眾安全服務隊", "民众安全服务队"),
    "CEDD": text(
        "Civil Engineering and Development Department", "土木工程拓展署", "土木工程拓展署"
    ),
    "CLP": text("CLP Power Hong Kong Limited", "中華電力有限公司", "中华电力有限公司"),
    "CMA": text("China Meteorological Administration", "中國氣象局", "中国气象局"),
    "COP": text("This picture", "本平台", "本平台"),
    "DSD": text("Drainage Services Department", "渠務署", "渠务署"),
    "EMSC": text(
        "Emergency Monitoring and Support Centre",
        "緊急事故監察及支援中心",
        "紧急事故监察及支援中心",
    ),
    "EMSD": text("Electrical and Mechanical Services Department", "機電工程署", "机电工程署"),
    "EPD": text("Environmental Protection Department", "環境保護署", "环境保护署"),
    "FEHD": text("Food and Environmental Hygiene Department", "食物環境衞生署", "食物环境卫生署"),
    "FSD": text("Fire Services Department", "消防處", "消防处"),
    "GDACS": text("GDACS", "全球災害警報協調系統", "全球灾害预警协调系统"),
    "GEO": text("Geotechnical Engineering Office", "土力工程處", "土力工程处"),
    "GFS": text("Government Flying Service", "政府飛行服務隊", "政府飞行服务队"),
    "HA": text("Hospital Authority", "醫院管理局", "医院管理局"),
    "HAD": text("Home Affairs Department", "民政事務總署", "民政事务总署"),
    "HKE": text("The Hongkong Electric Company, Limited", "香港電燈有限公司", "香港电灯有限公司"),
    "HKO": text("Hong Kong Observatory", "香港天文台", "香港天文台"),
    "HKPF": text("Hong Kong Police Force", "香港警務處", "香港警务处"),
    "HKRC": text("Hong Kong Red Cross", "香港紅十字會", "香港红十字会"),
    "HOUSING": text("Housing Department", "房屋署", "房屋署"),
    "HYD": text("Highways Department", "路政署", "路政署"),
    "IMMD": text("Immigration Department", "入境事務處", "入境事务处"),
    "ISD": text("Information Services Department", "政府新聞處", "政府新闻处"),
    "LANDSD": text("Lands Department", "地政總署", "地政总署"),
    "LCSD": text(
        "Leisure and Cultural Services Department", "康樂及文化事務署", "康乐及文化事务署"
    ),
    "LD": text("Labour Department", "勞工處", "劳工处"),
    "MARDEP": text("Marine Department", "海事處", "海事处"),
    "MTR": text("MTR Corporation", "港鐵公司", "港铁公司"),
    "NMC": text("National Meteorological Centre", "中央氣象台", "中央气象台"),
    "SB": text("Security Bureau", "保安局", "保安局"),
    "SJAB": text("Hong Kong St. John Ambulance Brigade", "香港聖約翰救傷隊", "香港圣约翰救伤队"),
    "SMG": text(
        "Macao Meteorological and Geophysical Bureau", "澳門地球物理氣象局", "澳门地球物理气象局"
    ),
    "SWD": text("Social Welfare Department", "社會福利署", "社会福利署"),
    "TD": text("Transport Department", "運輸署", "运输署"),
    "USGS": text("United States Geological Survey", "美國地質調查局", "美国地质调查局"),
    "WMO": text("World Meteorological Organization", "世界氣象組織", "世界气象组织"),
    "WSD": text("Water Supplies Department", "水務署", "水务署"),
}
"""Code to name. A new publisher, or a new agency of users and resources, is a new row."""

_BY_WAY: Final = text(
    "{name}, by way of {way}", "{name}（經 {way} 轉來）", "{name}（经 {way} 转来）"
)


def way_of(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """Give where something was made and by which installations it came; empty: it was made here."""
    origin = properties.get("origin")
    return (origin, *properties.get("via", ())) if origin else ()


def said_by(properties: Mapping[str, Any], lang: Lang) -> str:
    """Name who says something, from its *properties*, and by whose way it came.

    A partner may name any publisher: without the way its word would pass for that publisher's own.
    """
    code = str(properties.get("publisher") or "")
    name = say(PUBLISHERS.get(code, {}), lang) or code
    way = " → ".join(way_of(properties))
    return _BY_WAY[lang].format(name=name, way=way) if way else name
