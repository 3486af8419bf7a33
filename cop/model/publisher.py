"""The agencies that publish what is on the picture."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

PUBLISHERS: Final[dict[str, Text]] = {
    "AAHK": text("Airport Authority Hong Kong", "香港機場管理局", "香港机场管理局"),
    "CMA": text("China Meteorological Administration", "中國氣象局", "中国气象局"),
    "COP": text("This picture", "本平台", "本平台"),
    "EPD": text("Environmental Protection Department", "環境保護署", "环境保护署"),
    "GDACS": text("GDACS", "全球災害警報協調系統", "全球灾害预警协调系统"),
    "HA": text("Hospital Authority", "醫院管理局", "医院管理局"),
    "HAD": text("Home Affairs Department", "民政事務總署", "民政事务总署"),
    "HKO": text("Hong Kong Observatory", "香港天文台", "香港天文台"),
    "IMMD": text("Immigration Department", "入境事務處", "入境事务处"),
    "ISD": text("Information Services Department", "政府新聞處", "政府新闻处"),
    "LD": text("Labour Department", "勞工處", "劳工处"),
    "LANDSD": text("Lands Department", "地政總署", "地政总署"),
    "MARDEP": text("Marine Department", "海事處", "海事处"),
    "MTR": text("MTR Corporation", "港鐵公司", "港铁公司"),
    "NMC": text("National Meteorological Centre", "中央氣象台", "中央气象台"),
    "SMG": text(
        "Macao Meteorological and Geophysical Bureau", "澳門地球物理氣象局", "澳门地球物理气象局"
    ),
    "TD": text("Transport Department", "運輸署", "运输署"),
    "USGS": text("United States Geological Survey", "美國地質調查局", "美国地质调查局"),
    "WMO": text("World Meteorological Organization", "世界氣象組織", "世界气象组织"),
    "WSD": text("Water Supplies Department", "水務署", "水务署"),
}
"""Code to name. A new publisher is a new row."""
