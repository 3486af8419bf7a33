"""Wind at the automatic weather stations: ten-minute mean, direction and gust, in km/h.

A calm row says `Calm` for direction and speed and has a sixth, empty field: its speed is the word,
not a zero. A station without a vane says `N/A` for the direction beside a real speed.

Specification: Hong Kong Observatory, "Regional weather: latest 10-minute mean wind".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from cop.formats.hko import REGIONAL, REGIONAL_LANGS, slug
from cop.formats.hko_regional import (
    BadRow,
    StationRow,
    compass_deg,
    station_rows,
    station_words,
    titled,
)
from cop.formats.number import is_missing, read_number
from cop.model.kinds import Observation, Quality
from cop.model.site import Table
from cop.model.text import Text, text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Item, Poll, Refused, in_languages

KEY: Final = "hko_wind"
HEAD: Final = ("mean wind", "mean speed", "平均風", "平均风")
LABEL: Final = text("wind", "風", "风")
CALM: Final = text("Calm", "無風", "无风")
VARIABLE: Final = text("Variable", "風向不定", "风向不定")

_CALM: Final = frozenset(["calm", "無風", "无风", "靜風", "静风"])
_VARIABLE: Final = frozenset(["variable", "風向不定", "风向不定", "不定"])


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation for each station; it keeps the time of its own row."""
    table = poll.table("hko_stations")
    for row in station_rows(poll.by_language("wind"), table, cells=3, head=HEAD):
        if isinstance(row, BadRow):
            yield Refused(row.row, row.reason)
            continue
        try:
            yield _wind(row, table)
        except ValueError as error:
            yield Refused(",".join((*row.names.values(), *row.cells)), str(error))
            continue
        yield ContentAt(row.at)


def _wind(row: StationRow, table: Table) -> Observation:
    key, names, place = station_words(row, table)
    direction, speed, gust = row.cells
    calm = speed.lower() in _CALM
    value = None if calm else read_number(speed)
    measures: dict[str, float] = {}
    if (gust_kmh := None if gust.lower() in _CALM else read_number(gust)) is not None:
        measures["gust_kmh"] = gust_kmh
    degrees = compass_deg(direction)
    if degrees is not None:
        measures["direction_deg"] = degrees
    return Observation.model_validate(
        {
            "id": f"{KEY}:{slug(key)}",
            "feed": KEY,
            "publisher": "HKO",
            "title": titled(names, LABEL),
            "observed_at": row.at,
            "place": names,
            "measure": "wind",
            "value": value,
            "unit": "km/h",
            "measures": measures,
            "band": _band(row, calm=calm, known=degrees is not None),
            "quality": _quality(direction, value, measures, calm=calm),
            "station": key,
            **place,
        }
    )


def _band(row: StationRow, *, calm: bool, known: bool) -> Text:
    """Give the publisher's word for the wind: calm, variable, or the direction's name."""
    if calm:
        return CALM
    direction = row.cells[0]
    if direction.lower() in _VARIABLE:
        return VARIABLE
    if known or not is_missing(direction):
        return {lang: cells[0] for lang, cells in row.words.items() if not is_missing(cells[0])}
    return {}


def _quality(
    direction: str, value: float | None, measures: dict[str, float], *, calm: bool
) -> Quality:
    """Tell whether the wind can be used; a direction that is no known word makes it suspect."""
    known = (
        "direction_deg" in measures
        or is_missing(direction)
        or direction.lower() in _VARIABLE | _CALM
    )
    if not known:
        return Quality.SUSPECT
    return Quality.MISSING if value is None and not calm and not measures else Quality.OK


def _looks_like(body: bytes) -> bool:
    head = body[:400].decode("utf-8", "replace").lower()
    return any(word in head for word in HEAD)


FEED = Feed(
    key=KEY,
    title=text("Wind and gusts", "風速及陣風", "风速及阵风"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "wind", REGIONAL + "latest_10min_wind{lang}.csv", REGIONAL_LANGS, looks_like=_looks_like
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=30),
    parse=parse,
    expected=(1, 200),
    joins=("hko_stations",),
)
