"""A made-up severe evening in Hong Kong, as entities: enough of everything to look at."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from cop.model.district import DISTRICT_NAMES, District
from cop.model.entity import Entity, Placing, Severity
from cop.model.geometry import point
from cop.model.kinds import (
    Alert,
    Camera,
    Facility,
    FacilityStatus,
    FeedState,
    FeedStatus,
    Incident,
    IncidentStatus,
    Observation,
    Road,
    RoadStatus,
)
from cop.model.record import put
from cop.model.text import Text, text
from cop.store.port import Store

_BATCH = 500
_SPOTS = {
    District.WONG_TAI_SIN: (114.193, 22.342),
    District.EASTERN: (114.236, 22.265),
    District.SHA_TIN: (114.188, 22.382),
    District.YUEN_LONG: (114.030, 22.444),
    District.TUEN_MUN: (113.973, 22.395),
    District.KWUN_TONG: (114.226, 22.313),
    District.SOUTHERN: (114.158, 22.248),
    District.TAI_PO: (114.168, 22.447),
    District.ISLANDS: (113.940, 22.289),
    District.WAN_CHAI: (114.175, 22.277),
    District.NORTH: (114.138, 22.495),
    District.TSUEN_WAN: (114.113, 22.371),
    District.SAI_KUNG: (114.265, 22.338),
}
_SIGNALS = (
    (
        "TC8NE",
        "No. 8 Northeast Gale or Storm Signal",
        "八號東北烈風或暴風信號",
        Severity.SEVERE,
        190,
    ),
    ("WRAINB", "Black Rainstorm Warning", "黑色暴雨警告", Severity.EXTREME, 47),
    ("WL", "Landslip Warning", "山泥傾瀉警告", Severity.SEVERE, 120),
    (
        "WFNTSA",
        "Flooding in the Northern New Territories",
        "新界北部水浸特別報告",
        Severity.MODERATE,
        33,
    ),
    ("WTS", "Thunderstorm Warning", "雷暴警告", Severity.MINOR, 15),
)
_ROADS = (
    ("Lung Cheung Road near Wong Tai Sin", "龍翔道近黃大仙", RoadStatus.CLOSED, "flooding"),
    ("Shek O Road near Windy Gap", "石澳道近大風坳", RoadStatus.CLOSED, "landslide"),
    ("Tolo Highway near Ma Liu Shui", "吐露港公路近馬料水", RoadStatus.RESTRICTED, "flooding"),
    ("Yuen Long On Lok Road", "元朗安樂路", RoadStatus.CLOSED, "flooding"),
    ("Castle Peak Road near So Kwun Wat", "青山公路近掃管笏", RoadStatus.RESTRICTED, "fallen_tree"),
    ("Kwun Tong Bypass", "觀塘繞道", RoadStatus.SLOW, "congestion"),
)
FEEDS: tuple[tuple[str, str, str, float], ...] = (
    ("hko_warnings", "Warnings in force", "生效警告", 60),
    ("hko_current", "Current weather", "本港地區天氣報告", 600),
    ("hko_rain_gauges", "Hourly rain by gauge", "各區雨量站", 900),
    ("hko_wind", "Regional wind", "各區風速", 600),
    ("td_traffic_news", "Special traffic news", "特別交通消息", 60),
    ("td_detectors", "Traffic detectors", "交通探測器", 60),
    ("td_cameras", "Traffic cameras", "交通快拍", 3600),
    ("ha_waiting", "A&E waiting times", "急症室等候時間", 900),
    ("gov_press", "Press releases", "新聞公報", 300),
    ("had_shelters", "Temporary shelters", "臨時庇護中心", 86400),
    ("mtr_service", "Railway service", "鐵路服務", 60),
    ("epd_aqhi", "Air quality", "空氣質素", 3600),
)
_HOSPITALS = (
    ("Queen Mary Hospital", "瑪麗醫院", (114.131, 22.270), 95, 260),
    ("Princess Margaret Hospital", "瑪嘉烈醫院", (114.135, 22.340), 310, 520),
    ("Prince of Wales Hospital", "威爾斯親王醫院", (114.201, 22.380), 540, 700),
    ("United Christian Hospital", "基督教聯合醫院", (114.228, 22.322), 250, 430),
    ("Tuen Mun Hospital", "屯門醫院", (113.976, 22.407), 180, 330),
    (
        "Pamela Youde Nethersole Eastern Hospital",
        "東區尤德夫人那打素醫院",
        (114.236, 22.269),
        130,
        280,
    ),
)


def _hans(words: str) -> str:
    """Give Simplified for the few characters used here; enough to see that the language changed."""
    return words.translate(
        str.maketrans(
            "號東風關黃龍雲離飛門觀塘灣馬萬區來發訊氣車鐵雜誌護瑪麗報醫",
            "号东风关黄龙云离飞门观塘湾马万区来发讯气车铁杂志护玛丽报医",
        )
    )


def _text(en: str, tc: str) -> Text:
    return text(en, tc, _hans(tc))


def feed_status(key: str, en: str, tc: str, now: datetime, **fields: Any) -> FeedStatus:
    """Make the status of a feed that was read well a moment ago, unless *fields* say otherwise."""
    every = next((s for k, _, _, s in FEEDS if k == key), 60.0)
    values: dict[str, Any] = {
        "state": FeedState.OK,
        "checked_at": now,
        "fetched_at": now,
        "taken": 10,
        "every_s": every,
        "stale_after_s": max(300.0, every * 3),
    }
    return FeedStatus(
        id=f"feed_status:{key}", publisher="COP", title=_text(en, tc), **(values | fields)
    )


def all_well(now: datetime) -> Iterator[FeedStatus]:
    """Give the statuses of all feeds, each read well."""
    for key, en, tc, _ in FEEDS:
        yield feed_status(key, en, tc, now)


def signals(now: datetime) -> Iterator[Alert]:
    """Give the Observatory's warnings in force."""
    for code, en, tc, severity, age in _SIGNALS:
        yield Alert(
            id=f"hko_warnings:{code[:5]}",
            feed="hko_warnings",
            publisher="HKO",
            title=_text(en, tc),
            description=_text(
                "Members of the public should stay indoors and keep away from flooded places.\n"
                "Those in exposed areas should move to a safe place now.",
                "市民應留在室內，並遠離水浸地方。\n身處空曠地方的人士應立即前往安全地點。",
            ),
            instruction=_text(
                "Stay indoors until the heavy rain has passed.", "留在室內直至大雨過去。"
            ),
            event_type=code.lower(),
            signal=code,
            severity=severity,
            issued_at=now - timedelta(minutes=age),
            observed_at=now - timedelta(minutes=3),
        )


def roads(now: datetime) -> Iterator[Entity]:
    """Give road news and the incidents behind it."""
    spots = list(_SPOTS.items())
    for index, (en, tc, status, cause) in enumerate(_ROADS):
        district, (lon, lat) = spots[index]
        common: dict[str, Any] = {
            "feed": "td_traffic_news",
            "publisher": "TD",
            "geometry": point(lon, lat),
            "placing": Placing.LANDMARK if index % 2 else Placing.ROAD,
            "precision_m": 200 + 400 * index,
            "district": district,
            "observed_at": now - timedelta(minutes=4 + 7 * index),
        }
        yield Road(
            id=f"td_traffic_news:{index}",
            title=_text(en, tc),
            status=status,
            cause=cause,
            number=f"TN{index:03}",
            road=_text(en.split(" near")[0], tc.split("近")[0]),
            description=_text(
                f"{en} is affected. Part of the lanes are closed to all traffic. Traffic is busy.",
                f"{tc}受影響，部分行車線封閉，交通擠塞。",
            ),
            **common,
        )
    for index, (kind, en, tc, severity) in enumerate(
        (
            (
                "flooding",
                "Flooding at Wong Tai Sin MTR station exit",
                "黃大仙港鐵站出口水浸",
                Severity.SEVERE,
            ),
            ("landslide", "Landslide below Yiu Hing Road", "耀興道山泥傾瀉", Severity.EXTREME),
            (
                "lift_entrapment",
                "Persons trapped in lift, Sha Tin",
                "沙田有人被困升降機",
                Severity.MODERATE,
            ),
        )
    ):
        district, (lon, lat) = spots[index]
        yield Incident(
            id=f"incident:{index}",
            publisher="COP",
            title=_text(en, tc),
            incident_type=kind,  # type: ignore[arg-type]
            status=IncidentStatus.REPORTED if index == 2 else IncidentStatus.RESPONDING,
            severity=severity,
            geometry=point(lon + 0.006, lat - 0.006),
            placing=Placing.GIVEN,
            district=district,
            reported_at=now - timedelta(minutes=8 + 11 * index),
        )


def rain_and_wind(now: datetime, dice: random.Random) -> Iterator[Observation]:
    """Give rain by district and gauge, and wind by station."""
    at = now - timedelta(minutes=5)
    for index, (district, name) in enumerate(DISTRICT_NAMES.items()):
        value = max(0.0, round(158 - 11 * index + dice.uniform(-9, 9)))
        yield Observation(
            id=f"hko_current:rain:{district.value}",
            feed="hko_current",
            publisher="HKO",
            title=name,
            measure="rain_1h",
            value=value,
            unit="mm",
            measures={"min_mm": round(value * 0.55), "max_mm": value},
            district=district,
            observed_at=at,
        )
    for index in range(60):
        lon, lat = _somewhere(dice)
        yield Observation(
            id=f"hko_rain_gauges:{index}",
            feed="hko_rain_gauges",
            publisher="HKO",
            title=_text(f"Gauge {index}", f"雨量站 {index}"),
            measure="rain_1h",
            value=None if index % 17 == 3 else round(max(0.0, dice.gauss(38, 34)), 1),
            unit="mm",
            geometry=point(lon, lat),
            placing=Placing.STATION,
            observed_at=at,
        )
    for index in range(30):
        lon, lat = _somewhere(dice)
        mean = round(abs(dice.gauss(62, 22)))
        yield Observation(
            id=f"hko_wind:{index}",
            feed="hko_wind",
            publisher="HKO",
            title=_text(f"Station {index}", f"氣象站 {index}"),
            measure="wind",
            value=mean,
            unit="km/h",
            measures={"gust_kmh": round(mean * 1.45), "direction_deg": 40.0 + index % 5 * 5},
            geometry=point(lon, lat),
            placing=Placing.STATION,
            observed_at=at,
        )


def places(now: datetime, dice: random.Random) -> Iterator[Entity]:
    """Give hospitals, shelters, railway lines and cameras."""
    for en, tc, (lon, lat), half, most in _HOSPITALS:
        yield Facility(
            id=f"ha_waiting:{en.split(' Hospital')[0].lower().replace(' ', '_')}",
            feed="ha_waiting",
            publisher="HA",
            title=_text(en, tc),
            facility_type="hospital",
            status=FacilityStatus.OPEN,
            measures={"t45_p50_min": half, "t45_p95_min": most, "t3_p50_min": 35},
            geometry=point(lon, lat),
            placing=Placing.STATION,
            observed_at=now - timedelta(minutes=12),
        )
    for index, (district, (lon, lat)) in enumerate(_SPOTS.items()):
        capacity = 60 + 20 * index
        yield Facility(
            id=f"gov_press:shelter:{index}",
            feed="gov_press",
            publisher="HAD",
            title=text(
                f"{DISTRICT_NAMES[district]['en']} Community Hall",
                f"{DISTRICT_NAMES[district]['zh-Hant']}社區會堂",
                f"{DISTRICT_NAMES[district]['zh-Hans']}社区会堂",
            ),
            facility_type="shelter",
            status=FacilityStatus.FULL if index == 1 else FacilityStatus.OPEN,
            capacity=capacity,
            occupancy=capacity if index == 1 else round(capacity * dice.random()),
            geometry=point(lon - 0.012, lat + 0.008),
            placing=Placing.STATION,
            district=district,
            asserted_at=now - timedelta(minutes=22),
        )
    for index in range(120):
        yield Camera(
            id=f"td_cameras:{index}",
            feed="td_cameras",
            publisher="TD",
            title=_text(f"Camera {index}", f"攝影機 {index}"),
            geometry=point(*_somewhere(dice)),
            placing=Placing.GIVEN,
            published=True,
        )


def detectors(now: datetime, dice: random.Random, count: int) -> Iterator[Observation]:
    """Give *count* traffic detectors."""
    for index in range(count):
        yield detector(index, _somewhere(dice), now, dice.uniform(4, 95))


def detector(index: int, at: tuple[float, float], now: datetime, speed: float) -> Observation:
    """Make one traffic detector."""
    return Observation(
        id=f"td_detectors:{index}",
        feed="td_detectors",
        publisher="TD",
        title=_text(f"Detector {index}", f"探測器 {index}"),
        measure="traffic_speed",
        value=round(speed),
        unit="km/h",
        geometry=point(*at),
        placing=Placing.STATION,
        observed_at=now,
    )


def _somewhere(dice: random.Random) -> tuple[float, float]:
    """Give a place near one where people live, longitude first."""
    lon, lat = dice.choice(list(_SPOTS.values()))
    return round(lon + dice.gauss(0, 0.018), 5), round(lat + dice.gauss(0, 0.013), 5)


def severe_evening(now: datetime, *, count: int = 500, seed: int = 8) -> list[Entity]:
    """Give the whole evening with *count* traffic detectors."""
    dice = random.Random(seed)
    return [
        *all_well(now),
        *signals(now),
        *roads(now),
        *rain_and_wind(now, dice),
        *places(now, dice),
        *detectors(now, dice, count),
    ]


def store_all(store: Store, entities: Iterable[Entity], now: datetime) -> str:
    """Write *entities*, a batch at a time; gives the cursor after them."""
    writes = [put(entity) for entity in entities]
    cursor = "0-0"
    for first in range(0, len(writes), _BATCH):
        batch = writes[first : first + _BATCH]
        cursor = store.write(batch, fetched_ms=int(now.timestamp() * 1000)).cursor
    return cursor
