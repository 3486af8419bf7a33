"""The Observatory's current weather: temperature by station, rain by district, humidity, UV.

What other feeds say better is left to them and named as ignored: warnings, tips, icons, texts.
Specification: Hong Kong Observatory Open Data API Documentation, "rhrread".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.hko import (
    OPEN_DATA,
    Documents,
    as_list,
    find_site,
    located,
    read_hko,
    read_languages,
    slug,
    words_of,
)
from cop.formats.hko_regional import titled
from cop.formats.number import read_number
from cop.formats.when import parse_time, time_or_none
from cop.model.district import find_district
from cop.model.entity import Placing
from cop.model.kinds import Observation, Quality
from cop.model.site import Table
from cop.model.text import Text, merge, text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    ContentAt,
    Feed,
    Ignored,
    Item,
    Poll,
    Refused,
    in_languages,
)

KEY: Final = "hko_current"

RAIN: Final = text("rain in the past hour", "過去一小時雨量", "过去一小时雨量")
LABELS: Final[dict[str, tuple[str, str, Text]]] = {
    "temperature": ("temperature", "Cel", text("temperature", "氣溫", "气温")),
    "humidity": ("humidity", "%", text("relative humidity", "相對濕度", "相对湿度")),
    "uvindex": ("uv", "1", text("UV index", "紫外線指數", "紫外线指数")),
}
UNITS: Final = {"temperature": "C", "humidity": "percent"}
LIGHTNING: Final = text("lightning", "閃電", "闪电")

_ELSEWHERE: Final = {
    "warningMessage": "warnings are taken from hko_warnings",
    "tcmessage": "warnings are taken from hko_warnings",
    "rainstormReminder": "warnings are taken from hko_warnings",
    "specialWxTips": "tips are taken from hko_tips",
    "icon": "a picture for the weather, not a measurement",
    "mintempFrom00To09": "a daily text",
    "rainfallFrom00To12": "a daily text",
    "rainfallLastMonth": "a monthly text",
    "rainfallJanuaryToLastMonth": "a yearly text",
}


def read_report(body: bytes) -> dict[str, Any]:
    """Read the report; raises PayloadError when it has no time or neither temperature nor rain."""
    document = read_hko(body)
    if not any(isinstance(document.get(part), dict) for part in ("temperature", "rainfall")):
        raise PayloadError("not a weather report: neither temperature nor rainfall")
    try:
        parse_time(str(document["updateTime"]))
    except (KeyError, ValueError):
        raise PayloadError("'updateTime' is no time") from None
    return document


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation for each station, district or region of each section."""
    documents = read_languages(poll.by_language("rhrread"), read_report)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    report = documents.first
    yield ContentAt(parse_time(report["updateTime"]))
    table = poll.table("hko_stations")
    for part in LABELS:
        yield from _section(documents, part, partial(_reading, documents, part, table))
    yield from _section(documents, "rainfall", partial(_rain, documents))
    yield from _section(documents, "lightning", partial(_lightning, documents))
    for name, reason in _ELSEWHERE.items():
        if report.get(name):
            yield Ignored(name, reason)


def _section(documents: Documents, part: str, make: Callable[[int], Observation]) -> Iterator[Item]:
    """Make the observations of one section; "" or nothing there means that it has none."""
    section = documents.first.get(part)
    if section in ("", None, {}, []):
        return
    if not isinstance(section, dict) or not isinstance(section.get("data"), list):
        yield Refused(part, "the section has no list 'data'")
        return
    for index, row in enumerate(section["data"]):
        try:
            yield make(index)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Refused(f"{part} {index} {str(row)[:80]}", str(error) or type(error).__name__)


def _names(documents: Documents, part: str, index: int) -> Text:
    """Give the names of row *index* of *part*: reports of equal time and length agree in order."""
    lead = documents.first

    def pick(document: dict[str, Any]) -> object:
        rows = as_list(document[part]["data"])
        same = document["updateTime"] == lead["updateTime"]
        return rows[index]["place"] if same and len(rows) == len(lead[part]["data"]) else None

    names = words_of(documents, pick)
    if not names:
        raise ValueError("a row without a place")
    return names


def _time(documents: Documents, part: str, name: str) -> datetime:
    section = documents.first[part]
    return time_or_none(section.get(name)) or parse_time(documents.first["updateTime"])


def _reading(documents: Documents, part: str, table: Table, index: int) -> Observation:
    measure, unit, label = LABELS[part]
    row = documents.first[part]["data"][index]
    names = _names(documents, part, index)
    said = str(row.get("unit") or UNITS.get(part, ""))
    if said != UNITS.get(part, said):
        raise ValueError(f"the unit is {said!r}, not {UNITS[part]!r}")
    value = read_number(row["value"])
    site = find_site(table, tuple(names.values()))
    key = site.key if site else next(iter(names.values()))
    return Observation.model_validate(
        {
            "id": f"{KEY}:{measure}:{slug(key)}",
            "feed": KEY,
            "publisher": "HKO",
            "title": titled(names, label),
            "observed_at": _time(documents, part, "recordTime"),
            "place": merge(names, site.name if site else {}),
            "measure": measure,
            "value": value,
            "unit": unit,
            "band": words_of(documents, lambda document: document[part]["data"][index]["desc"]),
            "quality": Quality.MISSING if value is None else Quality.OK,
            "station": key,
            **located(site),
        }
    )


def _rain(documents: Documents, index: int) -> Observation:
    """Give the rain of a district: its wettest gauge, and its driest where the report says so."""
    row = documents.first["rainfall"]["data"][index]
    names = _names(documents, "rainfall", index)
    district = next(filter(None, map(find_district, names.values())), None)
    if str(row.get("unit") or "mm") != "mm":
        raise ValueError(f"the unit is {row['unit']!r}, not mm")
    most, least = read_number(row.get("max")), read_number(row.get("min"))
    maintained = str(row.get("main") or "").upper() == "TRUE"
    if maintained and not most:  # a gauge under repair shows 0
        most = None
    gap = Quality.MAINTENANCE if maintained else Quality.MISSING
    measures = {
        name: value for name, value in (("min_mm", least), ("max_mm", most)) if value is not None
    }
    return Observation(
        id=f"{KEY}:rain_1h:{district or slug(next(iter(names.values())))}",
        feed=KEY,
        publisher="HKO",
        title=titled(names, RAIN),
        observed_at=_time(documents, "rainfall", "endTime"),
        valid_from=time_or_none(documents.first["rainfall"].get("startTime")),
        place=names,
        placing=Placing.DISTRICT if district else Placing.UNPLACED,
        district=district,
        measure="rain_1h",
        value=most,
        unit="mm",
        measures=measures,
        quality=gap if maintained or most is None else Quality.OK,
        station=next(iter(names.values())),
    )


def _lightning(documents: Documents, index: int) -> Observation:
    row = documents.first["lightning"]["data"][index]
    names = _names(documents, "lightning", index)
    district = next(filter(None, map(find_district, names.values())), None)
    occurred = str(row["occur"]).lower()
    if occurred not in {"true", "false"}:
        raise ValueError(f"'occur' is {occurred!r}")
    return Observation(
        id=f"{KEY}:lightning:{district or slug(next(iter(names.values())))}",
        feed=KEY,
        publisher="HKO",
        title=titled(names, LIGHTNING),
        observed_at=_time(documents, "lightning", "endTime"),
        valid_from=time_or_none(documents.first["lightning"].get("startTime")),
        place=names,
        placing=Placing.DISTRICT if district else Placing.UNPLACED,
        district=district,
        measure="lightning",
        value=1.0 if occurred == "true" else 0.0,
        unit="1",
        station=next(iter(names.values())),
    )


FEED = Feed(
    key=KEY,
    title=text("Current weather", "現時天氣", "现时天气"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "rhrread",
        OPEN_DATA + "weather.php?dataType=rhrread&lang={lang}",
        HKO_LANGS,
        looks_like=lambda body: b'"iconUpdateTime"' in body or b'"rainfallLastMonth"' in body,
    ),
    every=timedelta(seconds=120),
    stale_after=timedelta(hours=2),
    parse=parse,
    expected=(1, 300),
    joins=("hko_stations",),
)
