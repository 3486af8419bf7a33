"""Present weather at the stations of Macao, from its observatory (SMG).

`Rainfall` comes several times: type 3 is the current amount, 4 the past hour's, 5 the day's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import local_name
from cop.formats.placed import at_site, find_site, slug
from cop.formats.smg import every, find, published_at, read_smg, value_of, words
from cop.formats.variants import explain, read_variants
from cop.formats.when import time_or_none
from cop.model.entity import Measures
from cop.model.kinds import Observation, Quality
from cop.model.site import Site
from cop.model.text import Lang, Text, merge, text
from workers.feed import ContentAt, Feed, Ignored, Item, Poll, Refused, in_languages

NOW: Final = "3"
RAIN: Final[Mapping[str, str]] = {"3": "current_mm", "4": "hour_mm", "5": "day_mm"}
TO_KMH: Final[Mapping[str, float]] = {"m/s": 3.6, "ms": 3.6, "knot": 1.852, "kt": 1.852}

SIMPLE: Final[Mapping[str, tuple[str, str, Text]]] = {
    "Temperature": ("temperature", "Cel", text("Temperature", "氣溫", "气温")),
    "Humidity": ("humidity", "%", text("Humidity", "濕度", "湿度")),
    "MeanSeaLevelPressure": ("pressure", "hPa", text("Pressure", "氣壓", "气压")),
}
WIND: Final = text("Wind", "風", "风")
RAINFALL: Final = text("Rain in the past hour", "過去一小時雨量", "过去一小时雨量")

Stations = dict[str, Any]
"""Station code to its element."""


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one observation per station and measure."""
    variants = read_variants(poll.by_language("actual"), _read)
    yield from (Refused(str(lang), why) for lang, why in variants.broken)
    documents = variants.documents
    lang, (root, stations) = next(iter(documents.items()))
    at = published_at(root)
    if at is not None:
        yield ContentAt(at)
    for code, element in stations.items():
        name: Text = {}
        for other, (_, elements) in documents.items():
            said = words(elements[code], "stationname") if code in elements else ""
            name = merge(name, {other: said} if said else {})
        yield from _station(code, element, name or {lang: code}, at, poll)


def _read(body: bytes) -> tuple[etree._Element, Stations]:
    root = read_smg(body, root_name="ActualWeather")
    if find(root, "WeatherReport") is None:
        raise PayloadError("no `WeatherReport`: not the present weather")
    found: Stations = {}
    for element in every(root, "station"):
        code = (element.get("code") or words(element, "stationname")).strip()
        found[code or f"station {len(found) + 1}"] = element
    return root, found


def _station(
    code: str, element: etree._Element, name: Text, published: datetime | None, poll: Poll
) -> Iterator[Item]:
    site = find_site(poll.table("smg_stations"), [*name.values(), code])
    at = time_or_none(words(element, "RecordTime")) or published
    made = 0
    for read in (_simple, _wind, _rain):
        try:
            for fields in read(element):
                made += 1
                yield _observation(code, name, at, site, fields)
        except (TypeError, ValueError) as error:
            yield Refused(code, explain(error))
            made += 1
    if not made:
        yield Ignored(code, "a station without any reading")


def _readings(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """List the direct readings *name* of a station, those of the present first."""
    found = [child for child in element if local_name(child).lower() == name.lower()]
    return iter(sorted(found, key=lambda reading: words(reading, "Type") != NOW))


def _simple(element: etree._Element) -> Iterator[dict[str, Any]]:
    for tag, (measure, unit, title) in SIMPLE.items():
        reading = next(_readings(element, tag), None)
        if reading is not None:
            value = value_of(reading)
            yield {"measure": measure, "unit": unit, "value": value, "what": title}


def _speed(reading: etree._Element | None) -> float | None:
    if reading is None:
        return None
    value = value_of(reading)
    unit = words(reading, "MeasureUnit").lower()
    return None if value is None else round(value * TO_KMH.get(unit, 1.0), 2)


def _wind(element: etree._Element) -> Iterator[dict[str, Any]]:
    mean, gust = (next(_readings(element, n), None) for n in ("WindSpeed", "WindGust"))
    if mean is None and gust is None:
        return
    measures: Measures = {}
    gusts = _speed(gust)
    if gusts is not None:
        measures["gust_kmh"] = gusts
    direction = next(_readings(element, "WindDirection"), None)
    if direction is not None:
        degree = read_number(words(direction, "Degree") or None)
        degree = value_of(direction) if degree is None else degree
        if degree is not None and 0 <= degree <= 360:
            measures["direction_deg"] = degree
    yield {
        "measure": "wind",
        "unit": "km/h",
        "value": _speed(mean),
        "measures": measures,
        "what": WIND,
    }


def _rain(element: etree._Element) -> Iterator[dict[str, Any]]:
    amounts: Measures = {}
    readings = list(_readings(element, "Rainfall"))
    for reading in readings:
        value = value_of(reading)
        name = RAIN.get(words(reading, "Type"))
        if value is not None and name is not None:
            if value < 0:
                raise ValueError(f"rain of {value} mm")
            amounts[name] = value
    if readings:
        yield {
            "measure": "rain_1h",
            "unit": "mm",
            "value": amounts.get("hour_mm"),
            "measures": amounts,
            "what": RAINFALL,
        }


def _observation(
    code: str, name: Text, at: datetime | None, site: Site | None, fields: dict[str, Any]
) -> Observation:
    what: Text = fields.pop("what")
    place = merge(site.name, name) if site is not None else name
    title: Text = {}
    for lang in place:
        title[lang] = (
            f"{place[lang]}: {what[lang]}" if lang == "en" else f"{place[lang]}：{what[lang]}"
        )
    missing = fields["value"] is None
    return Observation(
        id=f"smg_weather:{slug(code)}-{fields['measure']}",
        feed="smg_weather",
        publisher="SMG",
        title=title,
        place=place,
        observed_at=at,
        station=code,
        quality=Quality.MISSING if missing else Quality.OK,
        **fields,
        **at_site(site),
    )


SMG_LETTERS: Final[dict[Lang, str]] = {"zh-Hant": "c", "en": "e"}

FEED = Feed(
    key="smg_weather",
    title=text("Macao weather stations", "澳門氣象站", "澳门气象站"),
    publisher="SMG",
    licence="Macao open data (data.gov.mo); source: SMG, Macao",
    sources=in_languages(
        "actual",
        "https://xml.smg.gov.mo/{lang}_actualweather.xml",
        SMG_LETTERS,
        looks_like=lambda body: b"<ActualWeather" in body[:2000] or b'\\"ActualWeather\\"' in body,
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(hours=2),
    parse=parse,
    expected=(1, 500),
    joins=("smg_stations",),
)
