"""The Observatory's nine-day forecast, and the sea and soil temperatures that come with it.

Specification: Hong Kong Observatory Open Data API Documentation, "fnd".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
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
from cop.formats.when import parse_time
from cop.model.entity import Placing
from cop.model.kinds import Note, Observation, Quality
from cop.model.site import Table
from cop.model.text import LANGS, Text, text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    ContentAt,
    Feed,
    Item,
    Poll,
    Refused,
    in_languages,
)

KEY: Final = "hko_nine_day"
SITUATION: Final = text("General situation", "天氣概況", "天气概况")
SEA: Final = text("sea temperature", "海水溫度", "海水温度")
SOIL: Final = text("soil temperature", "土壤溫度", "土壤温度")
NUMBERS: Final = {
    "forecastMaxtemp": "max_cel",
    "forecastMintemp": "min_cel",
    "forecastMaxrh": "max_rh_percent",
    "forecastMinrh": "min_rh_percent",
}


def read_forecast(body: bytes) -> dict[str, Any]:
    """Read the forecast; raises PayloadError when it has no time or no days."""
    document = read_hko(body)
    if not isinstance(document.get("weatherForecast"), list) or not document["weatherForecast"]:
        raise PayloadError("not a nine-day forecast: it has no days")
    try:
        parse_time(str(document["updateTime"]))
    except (KeyError, ValueError):
        raise PayloadError("'updateTime' is no time") from None
    return document


def parse(poll: Poll) -> Iterator[Item]:
    """Give a note for each day and for the general situation, and the temperatures measured."""
    documents = read_languages(poll.by_language("fnd"), read_forecast)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    lead = documents.first
    at = parse_time(lead["updateTime"])
    yield ContentAt(at)
    situation = words_of(documents, lambda document: document["generalSituation"])
    if situation:
        yield _note("situation", SITUATION, situation, at)
    for index, row in enumerate(lead["weatherForecast"]):
        try:
            yield _day(documents, index, at)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Refused(f"day {index} {str(row)[:80]}", str(error) or type(error).__name__)
    table = poll.table("hko_stations")
    for part, rows in (("seaTemp", [lead.get("seaTemp")]), ("soilTemp", lead.get("soilTemp"))):
        for index, row in enumerate(as_list(rows)):
            if row in ("", None, {}):
                continue
            try:
                yield _temperature(documents, part, index, table)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                yield Refused(f"{part} {index} {str(row)[:80]}", str(error) or "not a reading")


def _note(part: str, title: Text, description: Text, at: datetime, **more: Any) -> Note:
    return Note(
        id=f"{KEY}:{part}",
        feed=KEY,
        publisher="HKO",
        title=title,
        description=description,
        observed_at=at,
        placing=Placing.REGION,
        topic="forecast",
        **more,
    )


def _day(documents: Documents, index: int, at: datetime) -> Note:
    day = documents.first["weatherForecast"][index]
    date = str(day["forecastDate"])
    if len(date) != 8:
        raise ValueError(f"not a date: {date!r}")
    begins = parse_time(date)

    def say(name: str) -> Text:
        return words_of(documents, lambda document: _day_of(document, date)[name])

    measures = {
        name: value
        for field, name in NUMBERS.items()
        if (value := _number(day.get(field))) is not None
    }
    icon = read_number(day.get("ForecastIcon", day.get("forecastIcon")))
    if icon is not None:
        measures["icon"] = icon
    weather, wind, psr, week = map(say, ("forecastWeather", "forecastWind", "PSR", "week"))
    if not weather and not measures:
        raise ValueError("a day without words and numbers")
    said = {lang: [w[lang] for w in (weather, wind) if lang in w] for lang in LANGS}
    langs = set(weather) | set(week)
    local = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    return _note(
        date,
        {lang: f"{local} {week.get(lang, '')}".strip() for lang in LANGS if lang in langs}
        or {"en": local},
        {lang: "\n".join(lines) for lang, lines in said.items() if lines},
        at,
        valid_from=begins,
        measures=measures,
        words={
            name: words
            for name, words in {"weather": weather, "wind": wind, "rain_probability": psr}.items()
            if words
        },
    )


def _day_of(document: dict[str, Any], date: str) -> dict[str, Any]:
    """Give the day of *date*; {} when this language does not have it."""
    days = (row for row in document["weatherForecast"] if isinstance(row, dict))
    return next((row for row in days if str(row.get("forecastDate")) == date), {})


def _number(block: Any) -> float | None:
    """Read `{"value": 29, "unit": "C"}`, or the bare number."""
    return read_number(block.get("value") if isinstance(block, dict) else block)


def _temperature(documents: Documents, part: str, index: int, table: Table) -> Observation:
    def pick(document: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = document[part][index] if part == "soilTemp" else document[part]
        return found

    row = pick(documents.first)
    names = words_of(documents, lambda document: pick(document)["place"])
    if not names:
        raise ValueError("a reading without a place")
    if str(row.get("unit") or "C") != "C":
        raise ValueError(f"the unit is {row['unit']!r}, not C")
    value = read_number(row["value"])
    depth = _number(row.get("depth"))
    site = find_site(table, tuple(names.values()))
    key = site.key if site else next(iter(names.values()))
    measure, label = ("soil_temperature", SOIL) if part == "soilTemp" else ("sea_temperature", SEA)
    suffix = "" if depth is None else f":{depth:g}m"
    return Observation.model_validate(
        {
            "id": f"{KEY}:{measure}:{slug(key)}{suffix}",
            "feed": KEY,
            "publisher": "HKO",
            "title": titled(names, label),
            "observed_at": parse_time(str(row["recordTime"])),
            "place": names,
            "measure": measure,
            "value": value,
            "unit": "Cel",
            "measures": {} if depth is None else {"depth_m": depth},
            "quality": Quality.MISSING if value is None else Quality.OK,
            "station": key,
            **located(site),
        }
    )


FEED = Feed(
    key=KEY,
    title=text("Nine-day forecast", "九天天氣預報", "九天天气预报"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "fnd",
        OPEN_DATA + "weather.php?dataType=fnd&lang={lang}",
        HKO_LANGS,
        looks_like=lambda body: b'"weatherForecast"' in body,
    ),
    every=timedelta(minutes=30),
    stale_after=timedelta(hours=30),
    parse=parse,
    expected=(1, 40),
    joins=("hko_stations",),
)
