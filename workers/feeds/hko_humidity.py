"""Relative humidity at the automatic weather stations, one-minute mean, every ten minutes.

Specification: Hong Kong Observatory, regional weather data,
"latest 1-minute mean relative humidity".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cop.formats.hko import REGIONAL, REGIONAL_LANGS
from cop.formats.hko_regional import BadRow, readings
from cop.model.text import text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Item, Poll, Refused, in_languages

KEY = "hko_humidity"
HEAD = ("relative humidity", "相對濕度", "相对湿度")


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation for each station; it keeps the time of its own row."""
    bodies = poll.by_language("humidity")
    for reading in readings(
        bodies,
        poll.table("hko_stations"),
        feed=KEY,
        measure="humidity",
        unit="%",
        label=text("relative humidity", "相對濕度", "相对湿度"),
        head=HEAD,
    ):
        if isinstance(reading, BadRow):
            yield Refused(reading.row, reading.reason)
            continue
        yield reading
        if reading.observed_at is not None:
            yield ContentAt(reading.observed_at)


def _looks_like(body: bytes) -> bool:
    head = body[:400].decode("utf-8", "replace").lower()
    return any(word in head for word in HEAD)


FEED = Feed(
    key=KEY,
    title=text("Relative humidity", "相對濕度", "相对湿度"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "humidity",
        REGIONAL + "latest_1min_humidity{lang}.csv",
        REGIONAL_LANGS,
        looks_like=_looks_like,
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=30),
    parse=parse,
    expected=(1, 200),
    joins=("hko_stations",),
)
