"""What the public may know on a severe evening: each kind of thing, and feeds of any age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cop.model.text import text
from cop.services.publishing.picture import Feature, FeedKnown, PublicPicture
from cop.ui.public.sections import OWN, PAGE_FEEDS

NOW = datetime(2023, 9, 7, 15, 0, 30, tzinfo=UTC)
"""23:00 in Hong Kong."""

LICENCE = "DATA.GOV.HK terms of use"


def at(minutes: float = 0) -> str:
    """Write the moment so many *minutes* ago as features have it."""
    return (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def feature(id_: str, kind: str, type_: str, **properties: Any) -> Feature:
    """Make a feature; `geometry` among *properties* is its place, else it is in Yuen Long."""
    geometry = properties.pop("geometry", {"type": "Point", "coordinates": [114.03, 22.44]})
    told = {"kind": kind, "type": type_, "version": 1, "fetched_at": at(3)} | properties
    return {"type": "Feature", "id": id_, "geometry": geometry, "properties": told}


def feed(key: str, *, minutes: float | None = 2, stale_after_s: float = 600) -> FeedKnown:
    """Make the status of *key*: read so many *minutes* ago, or (None) never."""
    seen = None if minutes is None else NOW - timedelta(minutes=minutes)
    state = "never" if seen is None else "ok"
    title = text(f"Feed {key}", f"來源 {key}", f"来源 {key}")
    return FeedKnown(title, "HKO", LICENCE, state, seen, None, stale_after_s)


def feeds(**ages: float | None) -> dict[str, FeedKnown]:
    """Make every feed of the page; *ages* in minutes where they are not the usual two."""
    keys = dict.fromkeys((*(key for key in PAGE_FEEDS if key != OWN), *ages))
    return {key: feed(key, minutes=ages.get(key, 2)) for key in keys}


def picture(
    *features: Feature, known: Mapping[str, FeedKnown] | None = None, **changes: Any
) -> PublicPicture:
    """Make a picture of *features*; *known* are its feeds, *changes* go to its other attributes."""
    plain = PublicPicture(
        operation="live",
        exercise=False,
        as_of=NOW,
        made_at=NOW,
        speed=1.0,
        features={str(one["id"]): one for one in features},
        feeds=feeds() if known is None else known,
    )
    return replace(plain, **changes)


def warnings() -> list[Feature]:
    """Make warnings: in force, changed, over, of neighbours, in one language only."""
    return [*_signals(), *_other_warnings()]


def _signals() -> list[Feature]:
    hko: dict[str, Any] = {"feed": "hko_warnings", "publisher": "HKO", "geometry": None}
    return [
        feature(
            "hko_warnings:WRAIN",
            "alert",
            "rainstorm",
            **hko,
            event_type="rainstorm",
            signal="WRAINB",
            severity="Extreme",
            title=text("Black Rainstorm Warning Signal", "黑色暴雨警告信號", "黑色暴雨警告信号"),
            description=text(
                "Black Rainstorm Warning Signal\nIssued at 11:05 p.m.\nStay where you are.",
                "黑色暴雨警告信號\n下午11時05分發出。\n請留在安全地方。",
                "黑色暴雨警告信号\n下午11时05分发出。\n请留在安全地方。",
            ),
            link="https://www.hko.gov.hk/en/wxinfo/dailywx/wxwarntoday.htm",
            issued_at=at(55),
            changed={"at": at(55), "was": {"signal": "WRAINR"}, "corrected": False},
        ),
        feature(
            "hko_warnings:WL",
            "alert",
            "landslip",
            **hko,
            event_type="landslip",
            signal="WL",
            severity="Severe",
            title=text("Landslip Warning", "山泥傾瀉警告", "山泥倾泻警告"),
            issued_at=at(1500),
        ),
        feature(
            "hko_warnings:WTS",
            "alert",
            "thunderstorm",
            **hko,
            event_type="thunderstorm",
            signal="WTS",
            severity="Moderate",
            title=text("Thunderstorm Warning", "雷暴警告", "雷暴警告"),
            issued_at=at(200),
            ended={"at": at(20), "why": "over"},
        ),
    ]


def _other_warnings() -> list[Feature]:
    return [
        feature(
            "hko_tips:1",
            "alert",
            "weather_tip",
            feed="hko_tips",
            publisher="HKO",
            geometry=None,
            event_type="weather_tip",
            title=text("Flooding is serious in places.", "部分地區水浸嚴重。"),
            issued_at=at(30),
        ),
        feature(
            "wmo_swic:1",
            "alert",
            "rainstorm",
            feed="wmo_swic",
            publisher="WMO",
            event_type="rainstorm",
            severity="Extreme",
            title={"en": "Shenzhen issues red warning for rainstorm"},
            issued_at=at(36),
            link="https://severeweather.wmo.int/v2/x.xml",
        ),
    ]


def dangers() -> list[Feature]:
    """Make incidents of people and of publishers, a cyclone with its track, an earthquake."""
    return [*_incidents(), *_hazards()]


def _incidents() -> list[Feature]:
    flood: dict[str, Any] = {"incident_type": "flooding", "publisher": "COP"}
    return [
        feature(
            "incident:1",
            "incident",
            "flooding",
            **flood,
            status="responding",
            severity="Severe",
            reported_at=at(40),
            district="YL",
        ),
        feature(
            "incident:2",
            "incident",
            "flooding",
            **flood,
            status="verified",
            severity="Moderate",
            reported_at=at(90),
            district="NTH",
            changed={"at": at(10), "was": {"severity": "Severe"}, "corrected": True},
        ),
        feature(
            "incident:3",
            "incident",
            "landslide",
            publisher="COP",
            incident_type="landslide",
            status="contained",
            severity="Severe",
            reported_at=at(120),
            district="EST",
            ended={"at": at(4), "why": "withdrawn"},
        ),
        feature(
            "wsd_suspensions:7",
            "incident",
            "water_supply",
            feed="wsd_suspensions",
            publisher="WSD",
            incident_type="water_supply",
            reported_at=at(50),
            title=text("No fresh water: Example Street", "停水：示例街"),
            district="YL",
        ),
    ]


def _hazards() -> list[Feature]:
    return [
        feature(
            "hko_felt_earthquakes:1",
            "hazard",
            "earthquake",
            feed="hko_felt_earthquakes",
            publisher="HKO",
            phenomenon="earthquake",
            measures={"magnitude": 3.2},
            title=text("M3.2 felt earth tremor", "M3.2 本地有感地震", "M3.2 本地有感地震"),
            observed_at=at(300),
        ),
        feature(
            "hko_cyclones:1:past",
            "hazard",
            "tc_track",
            feed="hko_cyclones",
            publisher="HKO",
            phenomenon="tc_track",
            title=text("Haikui past track", "海葵過去路徑", "海葵过去路径"),
        ),
        feature(
            "hko_cyclones:1",
            "hazard",
            "tropical_cyclone",
            feed="hko_cyclones",
            publisher="HKO",
            phenomenon="tropical_cyclone",
            severity="Moderate",
            measures={"wind_kmh": 85.0},
            title=text("Tropical storm Haikui", "熱帶風暴海葵", "热带风暴海葵"),
            observed_at=at(60),
        ),
    ]


def roads() -> list[Feature]:
    """Make roads closed, partly closed, slow, open again and over; one of no known district."""
    td: dict[str, Any] = {"feed": "td_traffic_news", "publisher": "TD"}
    rows = [
        ("closed", "flooding", "YL", {}),
        ("closed", "landslide", None, {"geometry": None}),
        ("restricted", "flooding", "EST", {"direction": {"en": "both bounds"}}),
        ("slow", "congestion", "YL", {}),
        ("reopened", "", "ST", {}),
        ("closed", "fallen_tree", "CW", {"ended": {"at": at(9), "why": "over"}}),
    ]
    return [
        feature(
            f"td_traffic_news:road {n}/both-bounds",
            "road",
            status,
            **td,
            status=status,
            cause=cause,
            observed_at=at(15 + n),
            **({"district": district} if district else {}),
            title=text(f"Example Road {n}", f"示例道{n}"),
            description=text(f"All lanes of Example Road {n} are closed.", f"示例道{n}全線封閉。"),
            link="https://www.td.gov.hk/en/special_news/spnews.htm",
            **more,
        )
        for n, (status, cause, district, more) in enumerate(rows)
    ]


def places() -> list[Feature]:
    """Make shelters, first-aid posts, hospitals, a line, a control point and the airport."""
    kept: dict[str, Any] = {"publisher": "HAD", "asserted_at": at(12)}
    open_ = kept | {"facility_type": "shelter", "capacity": 100, "access": ["wheelchair", "lift"]}

    def shelter(n: int, **more: Any) -> Feature:
        named = text(f"Hall {n}", f"會堂{n}", f"会堂{n}")
        return feature(f"facility:{n}", "facility", "shelter", **(open_ | {"title": named} | more))

    return [
        shelter(1, status="open", occupancy=60, district="YL", pets="caged"),
        shelter(2, status="open", occupancy=100, district="NTH"),
        shelter(3, status="limited", district="EST", address=text("1 High Street", "高街1號")),
        shelter(4, status="full", occupancy=80, district="YL"),
        shelter(5, status="open", district="ST", ended={"at": at(8), "why": "over"}),
        feature(
            "gov_press:hall-6",
            "facility",
            "community_hall",
            feed="gov_press",
            publisher="HAD",
            facility_type="community_hall",
            status="open",
            asserted_at=at(70),
            district="TM",
            title=text("Hall 6", "會堂6"),
            link="https://www.info.gov.hk/gia/1.htm",
        ),
        feature(
            "facility:7",
            "facility",
            "first_aid_post",
            **kept,
            facility_type="first_aid_post",
            status="open",
            district="YL",
            title=text("First-aid post A", "急救站甲", "急救站甲"),
        ),
        *(_hospital(n, wait) for n, wait in enumerate((180.0, 324.0, 90.0))),
        _transport("mtr_service:EAL", "MTR", "railway_line", "limited"),
        _transport("mtr_service:ISL", "MTR", "railway_line", "open"),
        _transport("boundary_queues:S", "IMMD", "boundary_control_point", "open"),
        _transport("airport_flights:HKG", "AAHK", "airport", "limited"),
    ]


def _hospital(n: int, wait: float) -> Feature:
    names = ("t1", "t2", "t3_p50", "t3_p95", "t45_p50", "t45_p95")
    return feature(
        f"ha_waiting:{n}",
        "facility",
        "hospital",
        feed="ha_waiting",
        publisher="HA",
        facility_type="hospital",
        status="open",
        district=("YL", "EST", "ST")[n],
        title=text(f"Hospital {n}", f"醫院{n}", f"医院{n}"),
        asserted_at=at(15),
        measures={"t45_p50_min": wait},
        words={
            **{
                name: text(f"{wait:g} minutes", f"{wait:g} 分鐘", f"{wait:g} 分钟")
                for name in names
            },
            "managing_t1": {"en": "Y" if n else "N"},
        },
    )


def _transport(id_: str, publisher: str, type_: str, status: str) -> Feature:
    numbers = {"flights": 300.0, "cancelled": 40.0, "delayed": 32.0}
    return feature(
        id_,
        "facility",
        type_,
        feed=id_.partition(":")[0],
        publisher=publisher,
        facility_type=type_,
        status=status,
        title=text(f"{type_} {id_}", f"綫 {id_}", f"线 {id_}"),
        **({"measures": numbers} if type_ == "airport" else {}),
    )


def readings() -> list[Feature]:
    """Make the air at stations, rain by district and at gauges, sea level and tide."""

    def reading(key: str, id_: str, measure: str, value: float | None, **more: Any) -> Feature:
        named = {"title": text(f"{id_} {measure}", f"{id_} {measure}", f"{id_} {measure}")}
        given = {"value": value} if value is not None else {}
        return feature(
            f"{key}:{id_}",
            "observation",
            measure,
            **(named | {"publisher": "HKO"} | more | given),
            feed=key,
            measure=measure,
            observed_at=at(10),
        )

    return [
        reading(
            "epd_aqhi",
            "tung-chung",
            "aqhi",
            3.0,
            publisher="EPD",
            district="ISL",
            band=text("Low", "低", "低"),
            description=text("General station", "一般監測站", "一般监测站"),
        ),
        reading(
            "epd_aqhi",
            "mong-kok",
            "aqhi",
            8.0,
            publisher="EPD",
            district="YTM",
            band=text("Very High", "甚高", "甚高"),
            description=text("Roadside station", "路邊監測站", "路边监测站"),
        ),
        reading("epd_aqhi", "tai-po", "aqhi", None, publisher="EPD", district="TP"),
        reading("hko_rain_gauges", "rf001", "rain_1h", 84.0, unit="mm", district="YL"),
        reading("hko_rain_gauges", "rf002", "rain_1h", 0.0, unit="mm", district="STH"),
        reading("hko_sea_level", "QUB", "sea_level", 2.4, unit="m", station="QUB", district="EST"),
        reading(
            "hko_tides",
            "QUB",
            "tide",
            1.9,
            unit="m",
            station="QUB",
            district="EST",
            measures={"in_1h_m": 2.1, "in_2h_m": 2.3},
        ),
    ]
