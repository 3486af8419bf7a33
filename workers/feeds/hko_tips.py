"""The Observatory's special weather tips: squalls, heavy rain in some districts, advice.

Tips have no id: one is told from another by its time and its first language's words.
Specification: Hong Kong Observatory Open Data API Documentation, "swt".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.hko import OPEN_DATA, Documents, as_list, read_hko, read_languages, words_of
from cop.formats.when import parse_time, time_or_none
from cop.model.entity import Placing
from cop.model.kinds import Alert
from cop.model.text import LANGS, text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    Feed,
    Item,
    Poll,
    Refused,
    in_languages,
)

KEY: Final = "hko_tips"


def read_tips(body: bytes) -> list[Any]:
    """Read the document: `{"swt":[…]}`; raises PayloadError when it is anything else."""
    document = read_hko(body)
    tips = document.get("swt", None if document else [])
    if not isinstance(tips, list) and tips != "":
        raise PayloadError("'swt' is no list")
    return as_list(tips)


def parse(poll: Poll) -> Iterator[Item]:
    """Give one alert for each tip; language variants are matched by their time."""
    documents = read_languages(poll.by_language("swt"), read_tips)
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    made: set[tuple[datetime, int]] = set()
    for lang, tips in documents.by_lang.items():
        for tip in tips:
            try:
                place = _place(tip, tips)
                if place not in made:
                    yield _tip(*place, documents)
                made.add(place)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                yield Refused(f"tip {lang} {str(tip)[:80]}", str(error) or "not a tip")


def _place(tip: Any, tips: list[Any]) -> tuple[datetime, int]:
    """Give the time of *tip*, and which of the tips of that time it is.

    Raises:
        ValueError, KeyError, TypeError: it is no tip, or has no words.
    """
    if not str(tip["desc"] or "").strip():
        raise ValueError("a tip without words")
    at = parse_time(str(tip["updateTime"]))
    return at, next(place for place, other in enumerate(_of_time(tips, at)) if other is tip)


def _of_time(tips: list[Any], at: datetime) -> list[Any]:
    return [tip for tip in tips if isinstance(tip, dict) and time_or_none(tip["updateTime"]) == at]


def _tip(at: datetime, place: int, documents: Documents) -> Alert:
    words = words_of(documents, lambda tips: _of_time(tips, at)[place]["desc"])
    if not words:
        raise ValueError("a tip without words")
    anchor = next(words[lang] for lang in LANGS if lang in words)
    digest = sha1(anchor.encode(), usedforsecurity=False).hexdigest()[:12]
    return Alert(
        id=f"{KEY}:{at:%Y%m%dT%H%MZ}-{digest}",
        feed=KEY,
        publisher="HKO",
        title={lang: _first_sentence(said) for lang, said in words.items()},
        description=words,
        event_type="weather_tip",
        issued_at=at,
        updated_at=at,
        area=text("Hong Kong", "香港", "香港"),
        placing=Placing.REGION,
    )


def _first_sentence(words: str) -> str:
    """Cut *words* after the first full stop, or at 120 characters."""
    ends = [at + 1 for mark in ("。", ". ", "\n") if (at := words.find(mark)) > 0]
    line = words[: min(ends, default=len(words))].strip()
    return line if len(line) <= 120 else line[:119] + "…"


FEED = Feed(
    key=KEY,
    title=text("Special weather tips", "特別天氣提示", "特别天气提示"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "swt",
        OPEN_DATA + "weather.php?dataType=swt&lang={lang}",
        HKO_LANGS,
        looks_like=lambda body: b'"swt"' in body,
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=5),
    parse=parse,
    expected=(0, 50),
)
