"""Sea level measured at the tide gauges, every five minutes, in metres above Chart Datum.

The file's columns have been seen in use, not in a recording: they are found by their headings.
Specification: Hong Kong Observatory, "Latest tidal information".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from cop.errors import PayloadError
from cop.formats.hko import column, find_site, located, read_languages, read_rows, slug
from cop.formats.hko_regional import titled
from cop.formats.number import read_number
from cop.formats.when import join_time, parse_time
from cop.model.kinds import Observation, Quality
from cop.model.site import Site, Table
from cop.model.text import Lang, Text, merge, text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Item, Poll, Refused, in_languages

KEY: Final = "hko_sea_level"
LABEL: Final = text("sea level", "海平面高度", "海平面高度")
HEAD: Final = ("tide station", "height", "潮汐站", "高度")

Row = tuple[str, str, str]
"""Station, time, height, as written."""


def read_levels(body: bytes) -> list[Row]:
    """Read the table by its headings; raises PayloadError when one is missing."""
    header, rows = read_rows(body, least=3, heads=HEAD)
    station = column(header, "station", "站")
    height = column(header, "height", "level", "高度", "潮高")
    both = column(header, "date time", "datetime", "日期時間", "日期时间")
    day, clock = column(header, "date", "日期"), column(header, "time", "時間", "时间")
    when = (both, both) if both is not None else (day, clock)
    if station is None or height is None or when[0] is None or when[1] is None:
        raise PayloadError(f"a column is missing: {', '.join(header)[:120]}")
    width = max(station, height, *(index for index in when if index is not None))
    table: list[Row] = []
    for row in rows:
        cells = row + [""] * (width + 1 - len(row))
        at = cells[when[0]] if both is not None else f"{cells[when[0]]} {cells[when[1]]}"
        table.append((cells[station], at, cells[height]))
    return table


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation for each gauge; `----` is a missing value."""
    documents = read_languages(poll.by_language("levels"), read_levels)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    rows: list[Row] = documents.first
    if not rows:
        raise PayloadError("the table has a header and no rows")
    for index, row in enumerate(rows):
        try:
            level = _level(index, documents.by_lang, poll.table("hko_stations"))
        except ValueError as error:
            yield Refused(",".join(row), str(error))
            continue
        yield level
        if level.observed_at is not None:
            yield ContentAt(level.observed_at)


def _level(index: int, variants: Mapping[Lang, list[Row]], table: Table) -> Observation:
    lead = next(iter(variants.values()))
    _, when, height = lead[index]
    names: Text = {
        lang: rows[index][0]
        for lang, rows in variants.items()
        if len(rows) == len(lead) and rows[index][1:] == lead[index][1:] and rows[index][0]
    }
    if not names:
        raise ValueError("a row without a station")
    value = read_number(height)
    if value is not None and not -5 < value < 12:
        raise ValueError(f"not a sea level: {value} m")
    site = _gauge(names, table)
    key = site.key if site else next(iter(names.values()))
    return Observation.model_validate(
        {
            "id": f"{KEY}:{slug(key)}",
            "feed": KEY,
            "publisher": "HKO",
            "title": titled(names, LABEL),
            "observed_at": _time(when),
            "place": merge(names, site.name if site else {}),
            "measure": "sea_level",
            "value": value,
            "unit": "m",
            "quality": Quality.MISSING if value is None else Quality.OK,
            "station": key,
            **located(site),
        }
    )


def _gauge(names: Text, table: Table) -> Site | None:
    """Find a tide gauge; where it shares its name with a weather station, the gauge."""
    return find_site(table, [f"tide {name}" for name in names.values()]) or find_site(
        table, tuple(names.values())
    )


def _time(when: str) -> datetime:
    day, _, clock = when.partition(" ")
    return join_time(day, clock) if clock else parse_time(day)


FEED = Feed(
    key=KEY,
    title=text("Sea level at tide gauges", "實時潮位", "实时潮位"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "levels",
        "https://data.weather.gov.hk/weatherAPI/hko_data/tide/ALL_{lang}.csv",
        {"en": "en", "zh-Hant": "tc"},
        looks_like=lambda body: any(word in body[:300].lower() for word in map(str.encode, HEAD)),
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=30),
    parse=parse,
    expected=(1, 60),
    joins=("hko_stations",),
)
