"""Rain in the past hour at the Observatory's automatic gauges, every fifteen minutes.

Evidence, not a warning: the rainstorm criteria hold for a wide area, never for one gauge.
Specification: Hong Kong Observatory Open Data API Documentation, "Rainfall in the past hour".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.hko import (
    OPEN_DATA,
    Documents,
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
from cop.model.kinds import Observation, Quality
from cop.model.site import Table
from cop.model.text import merge, text
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

KEY: Final = "hko_rain_gauges"
LABEL: Final = text("rain in the past hour", "過去一小時雨量", "过去一小时雨量")


def read_gauges(body: bytes) -> dict[str, Any]:
    """Read the document; raises PayloadError when it has no time or no list of gauges."""
    document = read_hko(body)
    if not isinstance(document.get("hourlyRainfall"), list):
        raise PayloadError("'hourlyRainfall' is no list")
    try:
        parse_time(str(document["obsTime"]))
    except (KeyError, ValueError):
        raise PayloadError("'obsTime' is no time") from None
    return document


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation for each gauge; one under maintenance has no value."""
    documents = read_languages(poll.by_language("gauges"), read_gauges)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    at = parse_time(documents.first["obsTime"])
    yield ContentAt(at)
    for index, row in enumerate(documents.first["hourlyRainfall"]):
        try:
            yield _gauge(index, documents, at, poll.table("hko_gauge_sites"))
        except (ValueError, TypeError, AttributeError) as error:
            yield Refused(f"gauge {index} {str(row)[:100]}", str(error))


def _gauge(index: int, documents: Documents, at: datetime, table: Table) -> Observation:
    row = documents.first["hourlyRainfall"][index]
    code = str(row.get("automaticWeatherStationID") or "").strip()

    def name_in(document: dict[str, Any]) -> object:
        twin = document["hourlyRainfall"][index]
        same = twin.get("automaticWeatherStationID") == row.get("automaticWeatherStationID")
        return twin["automaticWeatherStation"] if same else None

    names = words_of(documents, name_in)
    if not code and not names:
        raise ValueError("neither id nor name")
    if "value" not in row:
        raise ValueError("no value")
    if str(row.get("unit") or "mm") != "mm":
        raise ValueError(f"the unit is {row['unit']!r}, not mm")
    raw = row["value"]
    value = read_number(raw)
    maintained = str(raw).strip().upper() == "M"
    gap = Quality.MAINTENANCE if maintained else Quality.MISSING
    if value is not None and value < 0:
        raise ValueError(f"negative rain: {value}")
    site = find_site(table, [word for word in (code, *names.values()) if word])
    return Observation.model_validate(
        {
            "id": f"{KEY}:{slug(code or next(iter(names.values())))}",
            "feed": KEY,
            "publisher": "HKO",
            "title": titled(names, LABEL) or {"en": f"{code} {LABEL['en']}"},
            "observed_at": at,
            "place": merge(names, site.name if site else {}),
            "measure": "rain_1h",
            "value": value,
            "unit": "mm",
            "quality": gap if value is None else Quality.OK,
            "station": code or next(iter(names.values())),
            **located(site),
        }
    )


FEED = Feed(
    key=KEY,
    title=text("Rain gauges, past hour", "過去一小時雨量", "过去一小时雨量"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "gauges",
        OPEN_DATA + "hourlyRainfall.php?lang={lang}",
        HKO_LANGS,
        looks_like=lambda body: b'"hourlyRainfall"' in body,
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=45),
    parse=parse,
    expected=(1, 500),
    joins=("hko_gauge_sites",),
)
