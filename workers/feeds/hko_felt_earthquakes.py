"""The Observatory's report on an earth tremor felt in Hong Kong.

Specification: Hong Kong Observatory Open Data API Documentation, "feltearthquake".
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

KEY = "hko_felt_earthquakes"


def parse(poll: Poll) -> Iterator[Item]:
    """Give the earthquake of the message as a hazard; nothing when there is no message."""
    documents = read_languages(poll.by_language("feltearthquake"), read_message)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    try:
        hazard = earthquake(
            documents, feed=KEY, label=text("felt earth tremor", "本地有感地震", "本地有感地震")
        )
    except ValueError as error:
        yield Refused("message", str(error))
        return
    if hazard is not None:
        yield hazard


FEED = Feed(
    key=KEY,
    title=text("Locally felt earth tremors", "本地有感地震", "本地有感地震"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "feltearthquake",
        OPEN_DATA + "earthquake.php?dataType=feltearthquake&lang={lang}",
        HKO_LANGS,
        looks_like=lambda body: b'"ptime"' in body and b'"intensity"' in body,
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=10),
    parse=parse,
    expected=(0, 1),
)
