"""The Observatory's files: regional readings, visibility, lightning, sea, nowcast, stations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np

from cop.clock import HONG_KONG
from cop.reference.tables import default_sites
from workers.simulate.ask import Ask, json_of, local, say_in
from workers.simulate.observatory import TEMPERATURE_STATIONS, station, temperature
from workers.simulate.story import Story
from workers.simulate.weather import (
    noise,
    place_of,
    rain_at,
    rain_rate,
    rows,
    sea_level_at,
    tide_at,
    wind_at,
)

BOM: Final = b"\xef\xbb\xbf"
WIND_STATIONS: Final = (
    "Central Pier",
    "Chek Lap Kok",
    "Cheung Chau",
    "Cheung Chau Beach",
    "Green Island",
    "Hong Kong Sea School",
    "Kai Tak",
    "King's Park",
    "Lamma Island",
    "Lau Fau Shan",
    "Ngong Ping",
    "North Point",
    "Peng Chau",
    "Sai Kung",
    "Sha Chau",
    "Sha Tin",
    "Shek Kong",
    "Stanley",
    "Star Ferry",
    "Ta Kwu Ling",
    "Tai Mei Tuk",
    "Tai Po Kau",
    "Tap Mun",
    "Tate's Cairn",
    "Tseung Kwan O",
    "Tsing Yi",
    "Tuen Mun",
    "Waglan Island",
    "Wetland Park",
    "Wong Chuk Hang",
)
PRESSURE_STATIONS: Final = (
    "Hong Kong Observatory",
    "Chek Lap Kok",
    "Cheung Chau",
    "Lau Fau Shan",
    "Peng Chau",
    "Sha Tin",
    "Shek Kong",
    "Ta Kwu Ling",
    "Tai Po",
    "Waglan Island",
    "Wetland Park",
)
SEA_STATIONS: Final = (
    "CLK",
    "CCH",
    "KLW",
    "KCT",
    "MWC",
    "QUB",
    "SPW",
    "TAO",
    "TBT",
    "TMW",
    "TPK",
    "WAG",
)

_WINDS: Final = {
    "en": ["North", "Northeast", "East", "Southeast", "South", "Southwest", "West", "Northwest"],
    "zh-Hant": ["北", "東北", "東", "東南", "南", "西南", "西", "西北"],
    "zh-Hans": ["北", "东北", "东", "东南", "南", "西南", "西", "西北"],
}
_HEADS: Final = {
    "wind": (
        (
            "10-Minute Mean Wind Direction(Compass points),10-Minute Mean Speed(km/hour),"
            "10-Minute Maximum Gust(km/hour)"
        ),
        "十分鐘平均風向(方位點),十分鐘平均風速(公里/小時),十分鐘最高陣風(公里/小時)",
        "十分钟平均风向(方位点),十分钟平均风速(公里/小时),十分钟最高阵风(公里/小时)",
    ),
    "temperature": ("Air Temperature(degree Celsius)", "氣溫(攝氏)", "气温(摄氏)"),
    "humidity": ("Relative Humidity(percent)", "相對濕度(百分比)", "相对湿度(百分比)"),
    "pressure": (
        "Mean Sea Level Pressure(hPa)",
        "平均海平面氣壓(百帕斯卡)",
        "平均海平面气压(百帕斯卡)",
    ),
}
_FIRST: Final = (
    "Date time,Automatic Weather Station",
    "日期時間,自動氣象站",
    "日期时间,自动气象站",
)
_ORDER: Final = ("en", "zh-Hant", "zh-Hans")


def _csv(header: str, lines: Iterable[Iterable[object]], ask: Ask) -> bytes:
    out = io.StringIO()
    out.write(header + "\n")
    csv.writer(out, lineterminator="\n").writerows(lines)
    return (BOM if ask.lang != "en" else b"") + out.getvalue().encode()


def _table(measure: str, ask: Ask, values: Iterable[tuple[str, Sequence[object]]]) -> bytes:
    which = _ORDER.index(ask.lang)
    stamp = f"{local(ask.at):%Y%m%d%H%M}"
    lines = ([stamp, say_in(ask, station(name).name), *row] for name, row in values)
    return _csv(f"{_FIRST[which]},{_HEADS[measure][which]}", lines, ask)


def _wind_row(story: Story, name: str, ask: Ask) -> list[object]:
    mean, gust, degrees = wind_at(story, name, ask.at)
    if round(mean) < 2:
        calm = {"en": "Calm", "zh-Hant": "無風", "zh-Hans": "无风"}[ask.lang]
        return [calm, calm, 0, ""]
    direction = _WINDS[ask.lang][round(degrees / 45) % 8]
    if name in {"Green Island", "Tate's Cairn"}:
        direction = "N/A"
    return [direction, round(mean), round(gust)]


def wind(story: Story, ask: Ask) -> bytes:
    """Give ten-minute winds; two stations have no direction, as in reality."""
    return _table("wind", ask, ((name, _wind_row(story, name, ask)) for name in WIND_STATIONS))


def temperatures(story: Story, ask: Ask) -> bytes:
    """Give temperatures, one station missing."""
    values = (
        (name, ["N/A" if name == "Shek Kong" else f"{temperature(story, name, ask):.1f}"])
        for name in TEMPERATURE_STATIONS
    )
    return _table("temperature", ask, values)


def humidities(story: Story, ask: Ask) -> bytes:
    """Give relative humidities."""
    middle = story.humidity_percent.at(ask.at)
    values = (
        (name, [min(100, round(middle + 5 * (noise(f"rh {name}") - 0.5)))])
        for name in TEMPERATURE_STATIONS
    )
    return _table("humidity", ask, values)


def pressures(story: Story, ask: Ask) -> bytes:
    """Give pressures at sea level."""
    middle = story.pressure_hpa.at(ask.at)
    values = (
        (name, [f"{middle + 0.8 * (noise(f'p {name}') - 0.5):.1f}"]) for name in PRESSURE_STATIONS
    )
    return _table("pressure", ask, values)


def visibility(story: Story, ask: Ask) -> bytes:
    """Give ten-minute visibilities; Waglan Island has none."""
    which = _ORDER.index(ask.lang)
    head = (
        '"Date time","Automatic Weather Station","10 minute mean visibility"',
        "日期時間,自動氣象站,十分鐘平均能見度",
        "日期时间,自动气象站,十分钟平均能见度",
    )[which]
    unit = ("km", "公里", "公里")[which]
    lines = []
    for name in ("Central", "Chek Lap Kok", "Sai Wan Ho", "Waglan Island"):
        site = station(name)
        rate = rain_at(story, place_of(site), ask.at)
        seen = "N/A" if name == "Waglan Island" else f"{max(1, round(22 / (1 + rate / 6)))}{unit}"
        lines.append([f"{local(ask.at):%Y%m%d%H%M}", say_in(ask, site.name), seen])
    return _csv(head, lines, ask)


_REGIONS: Final = (
    (("New Territories West", "新界西", "新界西"), ((114.0, 22.45), (113.97, 22.39))),
    (("New Territories East", "新界東", "新界东"), ((114.17, 22.5), (114.25, 22.4))),
    (
        ("Hong Kong Island and Kowloon", "香港島及九龍", "香港岛及九龙"),
        ((114.17, 22.31), (114.2, 22.26)),
    ),
    (("Lantau", "大嶼山", "大屿山"), ((113.93, 22.27), (114.0, 22.29))),
)
_FLASHES: Final = (
    ("Cloud-to-ground", "雲對地", "云对地"),
    ("Cloud-to-cloud", "雲間", "云间"),
)


def lightning(story: Story, ask: Ask) -> bytes:
    """Give lightning counts of the past hour by region."""
    which = _ORDER.index(ask.lang)
    end = local(ask.at).replace(minute=0, second=0)
    stamp = f"{end - timedelta(hours=1):%Y%m%d%H%M}-{end - timedelta(minutes=1):%Y%m%d%H%M}"
    counts = [
        round(float(rain_rate(story, rows(list(places)), ask.at).mean()) * 2.2)
        for _, places in _REGIONS
    ]
    whole = ("Hong Kong territory", "香港境內", "香港境内")
    lines = []
    for flash, factor in zip(_FLASHES, (1, 2), strict=True):
        by_region = zip((names for names, _ in _REGIONS), counts, strict=True)
        for names, count in (*by_region, (whole, sum(counts))):
            lines.append([stamp, flash[which], names[which], count * factor])
    head = (
        'DateTime,Type,Region,"lightning count"', "日期時間,類型,區域,閃電次數",
        "日期时间,类型,区域,闪电次数",
    )[which]  # fmt: skip
    return _csv(head, lines, ask)


@lru_cache(maxsize=64)
def _tide_year(code: str, year: int) -> bytes:
    lines = []
    day = datetime(year, 1, 1, tzinfo=HONG_KONG)
    while day.year == year:
        heights = [f"{tide_at(code, day + timedelta(hours=h)):.2f}" for h in range(1, 25)]
        lines.append(",".join([f"{day:%m,%d}", *heights]))
        day += timedelta(days=1)
    header = ",".join(["MM", "DD", *(f"{hour:02}" for hour in range(1, 25))])
    return "\n".join([header, *lines, ""]).encode()


def tides(_story: Story, ask: Ask) -> bytes:
    """Give the astronomical tide tables of a station and year, a day's or a month's part of it."""
    year = int(ask.params.get("year", f"{local(ask.at).year}"))
    whole = _tide_year(ask.params.get("station", "QUB"), year)
    head, *lines = whole.decode().splitlines()
    for at, key in ((0, "month"), (3, "day")):
        if key in ask.params:
            wanted = f"{int(ask.params[key]):02}"
            lines = [line for line in lines if line[at : at + 2] == wanted]
    if ask.params.get("rformat") == "json":
        return json_of({"fields": head.split(","), "data": [line.split(",") for line in lines]})
    return "\n".join([head, *lines, ""]).encode()


def sea_levels(story: Story, ask: Ask) -> bytes:
    """Give sea levels of the tide stations."""
    which = _ORDER.index(ask.lang)
    head = (
        "Tide Station,Date,Time,Height(m)",
        "潮汐站,日期,時間,高度(米)",
        "潮汐站,日期,时间,高度(米)",
    )[which]
    at = local(ask.at)
    lines = []
    for code in SEA_STATIONS:
        site = station(code)
        height = sea_level_at(story, code, ask.at)
        lines.append([say_in(ask, site.name), f"{at:%Y-%m-%d}", f"{at:%H:%M}", f"{height:.2f}"])
    return _csv(head, lines, ask)


_LATS: Final = np.linspace(23.487, 21.328, 121)
_LONS: Final = np.linspace(112.956, 115.291, 121)
_GRID: Final = np.array([(lon, lat) for lat in _LATS for lon in _LONS])
_PLACES: Final = [f"{lat:.3f},{lon:.3f}," for lat in _LATS for lon in _LONS]
_HEADER: Final = (
    "Updated Date and Time (in Hong Kong Time),Ending Date and Time (in Hong Kong Time),"
    "Latitude (degree),Longitude (degree),Half-hourly Nowcast Accumulated Rainfall (mm)"
)


def nowcast(story: Story, ask: Ask) -> bytes:
    """Give the nowcast grid: four half hours of 121 by 121 points."""
    updated = f"{local(ask.at):%Y%m%d%H%M}"
    lines = [_HEADER]
    for lead in (30, 60, 90, 120):
        end = ask.at + timedelta(minutes=lead)
        middle = end - timedelta(minutes=15)
        amount = rain_rate(story, _GRID, middle) / 2
        stamp = f"{updated},{local(end):%Y%m%d%H%M},"
        lines += [
            f"{stamp}{place}{value:.2f}" if value >= 0.005 else f"{stamp}{place}0.00"
            for place, value in zip(_PLACES, amount.tolist(), strict=True)
        ]
    return ("\n".join(lines) + "\n").encode()


def stations(_story: Story, ask: Ask) -> bytes:
    """Give the list of weather stations (not the tide stations), or that of the rain gauges."""
    gauges = "file-api" in ask.path
    sites = default_sites("hko_gauge_sites" if gauges else "hko_stations")
    features: list[dict[str, Any]] = []
    for site in sites:
        if not gauges and len(site.key) == 3 and site.key.isupper():
            continue
        lon, lat = place_of(site)
        properties = {
            "OBJECTID": len(features) + 1,
            "Name_en": site.name["en"],
            "Name_tc": site.name["zh-Hant"],
            "Latitude": lat,
            "Longitude": lon,
        }
        if gauges:
            properties["AutomaticWeatherStationID"] = site.key
        features.append(
            {
                "type": "Feature",
                "id": len(features) + 1,
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": properties,
            }
        )
    return json_of({"type": "FeatureCollection", "features": features})


def utc_stamp(moment: datetime) -> str:
    """Write `2027-08-14T12:00:00+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
