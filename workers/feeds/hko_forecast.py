"""The Observatory's local forecast for today and tonight, in words.

Specification: Hong Kong Observatory Open Data API Documentation, "flw".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.hko import OPEN_DATA, Documents, read_hko, read_languages, words_of
from cop.formats.when import parse_time
from cop.model.entity import Placing
from cop.model.kinds import Note
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

KEY: Final = "hko_forecast"
TITLE: Final = text("Local weather forecast", "本港地區天氣預報", "本港地区天气预报")
PARTS: Final = {
    "generalSituation": "situation",
    "tcInfo": "tropical_cyclone",
    "fireDangerWarning": "fire_danger",
    "outlook": "outlook",
}


def read_forecast(body: bytes) -> dict[str, Any]:
    """Read the forecast; raises PayloadError when it has no time or no words."""
    document = read_hko(body)
    if not any(document.get(part) for part in ("forecastDesc", *PARTS)):
        raise PayloadError("not a local forecast: it has no words")
    try:
        parse_time(str(document["updateTime"]))
    except (KeyError, ValueError):
        raise PayloadError("'updateTime' is no time") from None
    return document


def parse(poll: Poll) -> Iterator[Item]:
    """Give the forecast as one note; its parts keep their own places in `words`."""
    documents = read_languages(poll.by_language("flw"), read_forecast)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    at = parse_time(documents.first["updateTime"])
    yield ContentAt(at)
    period = _say(documents, "forecastPeriod")
    parts = {name: _say(documents, part) for part, name in PARTS.items()}
    desc = _say(documents, "forecastDesc")
    said = {lang: [w[lang] for w in (desc, parts["outlook"]) if lang in w] for lang in LANGS}
    yield Note(
        id=f"{KEY}:local",
        feed=KEY,
        publisher="HKO",
        title=period or TITLE,
        description={lang: "\n".join(lines) for lang, lines in said.items() if lines},
        observed_at=at,
        placing=Placing.REGION,
        topic="forecast",
        words={name: words for name, words in parts.items() if words},
    )


def _say(documents: Documents, part: str) -> Text:
    return words_of(documents, lambda document: document[part])


FEED = Feed(
    key=KEY,
    title=TITLE,
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "flw",
        OPEN_DATA + "weather.php?dataType=flw&lang={lang}",
        HKO_LANGS,
        looks_like=lambda body: b'"forecastDesc"' in body,
    ),
    every=timedelta(minutes=10),
    stale_after=timedelta(hours=9),
    parse=parse,
    expected=(1, 1),
)
