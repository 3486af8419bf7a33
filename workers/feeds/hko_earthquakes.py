"""The Observatory's latest quick message on a strong earthquake anywhere in the world.

Specification: Hong Kong Observatory Open Data API Documentation, "qem".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cop.formats.hko import OPEN_DATA, read_languages
from cop.formats.hko_earthquake import earthquake, read_message
from cop.model.text import text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    Feed,
    Item,
    Poll,
    Refused,
    in_languages,
)

KEY = "hko_earthquakes"


def parse(poll: Poll) -> Iterator[Item]:
    """Give the earthquake of the message as a hazard; nothing when there is no message."""
    documents = read_languages(poll.by_language("qem"), read_message)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    try:
        hazard = earthquake(documents, feed=KEY, label=text("earthquake", "地震", "地震"))
    except ValueError as error:
        yield Refused("message", str(error))
        return
    if hazard is not None:
        yield hazard


FEED = Feed(
    key=KEY,
    title=text("Strong earthquakes", "強烈地震", "强烈地震"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "qem",
        OPEN_DATA + "earthquake.php?dataType=qem&lang={lang}",
        HKO_LANGS,
        looks_like=lambda body: b'"ptime"' in body and b'"intensity"' not in body,
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=10),
    parse=parse,
    expected=(0, 1),
)
