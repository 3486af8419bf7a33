"""Payloads of other days: empty, alone, repeated, lifted, in one language, with hidden marks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cop.model.entity import Entity
from cop.model.kinds import Road, RoadStatus
from cop.services.ingest import Parsed
from workers.collect import collect
from workers.recognise import recognise
from workers.registry import find_feed

AT = datetime(2027, 6, 8, 2, 10, tzinfo=UTC)
TIME = "2027-06-08T10:00:00+08:00"


def parsed(key: str, *documents: Any) -> Parsed:
    """Hand *documents* to feed *key* as files with names that say nothing."""
    bodies = [
        document
        if isinstance(document, bytes)
        else document.encode()
        if isinstance(document, str)
        else json.dumps(document, ensure_ascii=False).encode()
        for document in documents
    ]
    feed = find_feed(key)
    files = [(f"{number}.dat", body) for number, body in enumerate(bodies)]
    return collect(feed, recognise(feed, files, AT))


def by_id(outcome: Parsed) -> dict[str, Any]:
    """Give the entities of *outcome* by the part of their id after the feed's key."""
    return {entity.id.partition(":")[2]: entity for entity in outcome.entities}


@pytest.mark.parametrize(
    ("key", "documents"),
    [
        ("hko_heat_stress", [{}]),
        ("hko_warnings", [{}, {}, {}]),
        ("hko_tips", [{"swt": []}] * 3),
        ("td_traffic_news", ["<list/>"]),
        ("hko_cyclones", ["<TropicalCycloneList/>"]),
    ],
)
def test_nothing_in_force_is_a_success(key: str, documents: list[Any]) -> None:
    """A valid empty document, once or in every language, is read: nothing is in force."""
    outcome = parsed(key, *documents)
    assert (outcome.entities, outcome.refused) == ((), ())


def test_the_later_of_two_rows_stays() -> None:
    """Of two rows with one id the later is shown, and the earlier is accounted for."""
    row = {"automaticWeatherStation": "A", "automaticWeatherStationID": "RF9", "unit": "mm"}
    rows = [{**row, "value": "158"}, {**row, "value": "31"}]
    outcome = parsed("hko_rain_gauges", {"obsTime": TIME, "hourlyRainfall": rows})
    assert [entity.model_dump()["value"] for entity in outcome.entities] == [31]
    assert outcome.refused == (("hko_rain_gauges:rf9", "a later row has the same id"),)


def test_a_hospital_named_twice_is_accounted_for() -> None:
    """A hospital's earlier row gives way to the later one, by name."""
    rows = [{"hospName": "Queen Mary Hospital", "topWait": f"Over {n} hours"} for n in (2, 3)]
    outcome = parsed("ha_waiting", {"waitTime": rows, "updateTime": "8/6/2027 9:30AM"})
    assert by_id(outcome)["qmh"].measures == {"top_wait_min": 180.0}
    assert [row for row, _ in outcome.refused] == ["Queen Mary Hospital"]


def test_a_tip_in_one_language_alone_is_shown() -> None:
    """A tip that the English document lacks is an alert of its own."""
    outcome = parsed(
        "hko_tips",
        {"swt": [{"desc": "Squalls are expected over the sea.", "updateTime": TIME}]},
        {
            "swt": [
                {"desc": "西貢區雨勢頗大，市民請留意。", "updateTime": "2027-06-08T10:05:00+08:00"},
                {"desc": "海上有狂風，船隻請注意安全。", "updateTime": TIME},
            ]
        },
    )
    assert sorted(len(alert.title) for alert in outcome.entities) == [1, 2]


def test_three_languages_of_a_table_are_one() -> None:
    """English, Traditional and Simplified tables of the wind are merged, whatever their names."""
    outcome = parsed(
        "hko_wind",
        "Date time,Automatic Weather Station,10-Minute Mean Wind Direction(Compass points),"
        "10-Minute Mean Speed(km/hour),10-Minute Maximum Gust(km/hour)\n"
        "202706081010,Waglan Island,East,88,124\n",
        "日期時間,自動氣象站,十分鐘平均風向(方位點),十分鐘平均風速(公里/小時),"
        "十分鐘最高陣風風速(公里/小時)\n202706081010,橫瀾島,東,88,124\n",
        "日期时间,自动气象站,十分钟平均风向(方位点),十分钟平均风速(公里/小时),"
        "十分钟最高阵风风速(公里/小时)\n202706081010,横澜岛,东,88,124\n",
    )
    assert by_id(outcome)["waglan-island"].band == {"en": "East", "zh-Hant": "東", "zh-Hans": "东"}


def test_lightning_in_chinese_has_the_same_id() -> None:
    """A table in Chinese alone speaks of the same regions as the English one."""
    outcome = parsed(
        "hko_lightning",
        'DateTime,Type,Region,"lightning count"\n202706080900-202706080959,雲對地,"新界東",17\n',
    )
    assert list(by_id(outcome)) == ["cloud-to-ground:new-territories-east"]


def track(storm: str) -> str:
    """Give the bulletin of a storm that is ending."""
    return (
        f'<TropicalCycloneTrack tcid="{storm}"><BulletinHeader><BulletinTime>{TIME}</BulletinTime>'
        "</BulletinHeader><WeatherReport><TropicalCycloneName/><AnalysisInformation><Intensity>"
        "Low Pressure Area</Intensity><MaximumWind>--</MaximumWind><Time>2027-06-08T00:00:00+00:00"
        "</Time><Latitude>20.90N</Latitude><Longitude>114.60E</Longitude></AnalysisInformation>"
        "</WeatherReport></TropicalCycloneTrack>"
    )


def test_tracks_without_their_list() -> None:
    """The tracks of two storms are read although the list is not among the files."""
    assert set(by_id(parsed("hko_cyclones", track("2715"), track("2716")))) == {"2715", "2716"}


def test_releases_in_files_of_their_own() -> None:
    """Releases of one language in several files are read in the order of their times."""
    name = "Example Community Hall"
    closed = {
        "title": "Temporary shelter closed",
        "content": f"The temporary shelter at {name} opened earlier has been closed.",
        "timestamp": "2027-06-08T12:00:00+08:00",
    }
    opened = {
        "title": "Temporary shelters opened",
        "content": "The following temporary shelter is open:\n\nName\tAddress\n"
        f"{name}\t1 Example Road, Tai Po",
        "timestamp": "2027-06-08T10:00:00+08:00",
    }
    shelter = by_id(parsed("gov_press", closed, opened))["shelter-examplecommunityhall"]
    assert (shelter.status, shelter.district) == ("closed", "TP")


def message(number: str, status: str, at: str, identifier: int) -> str:
    """Give a message of the second generation on one place."""
    return (
        f"<message><INCIDENT_NUMBER>{number}</INCIDENT_NUMBER><LOCATION_EN>Waterloo Road"
        f"</LOCATION_EN><ANNOUNCEMENT_DATE>2027-06-08T{at}:00</ANNOUNCEMENT_DATE>"
        f"<INCIDENT_STATUS_EN>{status}</INCIDENT_STATUS_EN><ID>{identifier}</ID>"
        "<CONTENT_EN>Waterloo Road is affected.</CONTENT_EN></message>"
    )


def test_a_case_that_goes_on_is_not_hidden() -> None:
    """A later case of the same place that is over does not end an earlier one."""
    documents = f"<list>{message('IN-1', 'NEW', '09:00', 1)}{message('IN-2', 'CLOSED', '09:30', 2)}"
    outcome = parsed("td_traffic_news", documents + "</list>")
    states = {road.number: road.status for road in outcome.entities if isinstance(road, Road)}
    assert states == {"IN-1": RoadStatus.UNKNOWN, "IN-2": RoadStatus.REOPENED}


def test_a_number_belongs_to_the_landmark() -> None:
    """The stop of `No.` does not end a landmark: two house numbers are two places."""
    sentence = "Nathan Road (Tsim Sha Tsui bound) near No. {} Nathan Road is closed to all traffic."
    messages = "".join(
        f"<message><msgID>{n}</msgID><EngText>{sentence.format(n)}</EngText></message>"
        for n in (300, 580)
    )
    root = '<body xmlns="http://data.one.gov.hk/td" a="specialtrafficnews">'
    outcome = parsed("td_traffic_news", f"{root}{messages}</body>")
    assert sum(isinstance(entity, Road) for entity in outcome.entities) == 2


def test_a_lifted_warning_is_not_in_force() -> None:
    """A mainland notice that lifts a warning is ignored by name."""
    row = {
        "alertid": "44010041600000_20270608093205",
        "issuetime": "2027/06/08 09:32",
        "title": "广东省广州市气象台解除暴雨红色预警信号",
        "pic": "p0002001.png",
    }
    page = {"list": [row], "totalPage": 1}
    outcome = parsed("nmc_warnings", {"code": 0, "data": {"page": page, "provinceAlarms": []}})
    assert (outcome.entities, outcome.ignored) == ((), ((row["alertid"], "lifted"),))


def test_a_past_warning_of_the_hub_has_ended() -> None:
    """Urgency 1 (Past) of the world hub ends a warning, as AllClear does at its source."""
    row = {
        "id": "m1",
        "event": "Rainstorm",
        "headline": "Rainstorm",
        "sent": "2027-06-08 01:00:00",
        "mid": "003",
        "u": 1,
        "capURL": "mo-smg-xx/a.xml",
    }
    outcome = parsed("wmo_swic", {"items": [row]})
    assert (outcome.entities, outcome.ignored) == ((), (("m1", "it has ended (urgency Past)"),))


def test_macao_stations_from_the_json_interface() -> None:
    """Documents as JSON within a string: several rainfalls, and NIL is no number."""
    station = {
        "$": {"code": "TG"},
        "stationname": ["大潭山"],
        "RecordTime": ["2027-06-08 09:00"],
        "WindSpeed": [{"Type": ["3"], "dValue": ["NIL"]}],
        "Rainfall": [
            {"Type": ["3"], "dValue": ["0.8"]},
            {"Type": ["4"], "dValue": ["20.4"]},
            {"Type": ["5"], "dValue": ["99.8"]},
        ],
    }
    head = [{"SysPubdate": ["2027-06-08 09:30"], "SysLanguage": ["c"]}]
    custom = [{"WeatherReport": [{"station": [station]}]}]
    document = {"ActualWeather": {"System": head, "Custom": custom}}
    found = by_id(parsed("smg_weather", {"actualweather": json.dumps(document), "typhoon": "NIL"}))
    assert found["tg-rain_1h"].measures == {"current_mm": 0.8, "hour_mm": 20.4, "day_mm": 99.8}
    assert found["tg-wind"].value is None


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\\u202e", "\\u0007", "\\u009b"])
def test_hidden_marks_do_not_reach_the_picture(mark: str) -> None:
    """Marks that turn the direction of writing, and control characters, are taken out."""
    body = f'{{"swt": [{{"desc": "Squalls{mark} ahead", "updateTime": "{TIME}"}}]}}'
    (tip,) = parsed("hko_tips", body).entities
    assert isinstance(tip, Entity)
    assert tip.title == {"en": "Squalls ahead"}


@pytest.mark.parametrize("mark", ["\u202e", "&#x202E;", "&#8238;", "&amp;#8238;"])
def test_hidden_marks_in_mark_up(mark: str) -> None:
    """The same holds for XML, for references, and for references escaped once more."""
    root = '<body xmlns="http://data.one.gov.hk/td" a="specialtrafficnews">'
    said = f"Queen's{mark} Road is closed."
    body = f"{root}<message><msgID>1</msgID><EngText>{said}</EngText></message></body>"
    (road,) = parsed("td_traffic_news", body).entities
    assert road.description == {"en": "Queen's Road is closed."}


def test_a_time_beyond_the_calendar_refuses_its_row() -> None:
    """A time that no calendar holds spoils its row, not the table."""
    head = (
        "Date time,Automatic Weather Station,10-Minute Mean Wind Direction(Compass points),"
        "10-Minute Mean Speed(km/hour),10-Minute Maximum Gust(km/hour)\n"
    )
    rows = "999912312400,Sha Tin,East,5,9\n000101010000,Tai Po,East,5,9\n"
    good = "202706081010,Cheung Chau,East,5,9\n"
    outcome = parsed("hko_wind", head + rows + good)
    assert (list(by_id(outcome)), len(outcome.refused)) == (["cheung-chau"], 2)


def test_one_number_in_two_languages_is_one_release() -> None:
    """A release whose English and Chinese have the same number is one note in both."""
    rss = (
        "<rss><channel><item><title>{}</title><guid>https://www.info.gov.hk/gia/P2027060800001.htm"
        "</guid><pubDate>Tue, 08 Jun 2027 09:00:00 +0800</pubDate><description>{}</description>"
        "</item></channel></rss>"
    )
    outcome = parsed(
        "gov_press", rss.format("Example notice", "Words."), rss.format("例子公告", "內容如下。")
    )
    (note,) = outcome.entities
    assert (note.title, outcome.refused) == ({"en": "Example notice", "zh-Hant": "例子公告"}, ())
