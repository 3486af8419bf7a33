"""One request to a simulated publisher, and how publishers write times and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import orjson

from cop.clock import HONG_KONG
from cop.model.text import Lang, Text, say


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for.

    Attributes:
        path: of the URL.
        params: the first value of each parameter.
        lang: the language that the URL names; English where it names none.
        at: the last time that the publisher renewed this document.
    """

    path: str
    params: Mapping[str, str]
    lang: Lang
    at: datetime


def local(moment: datetime) -> datetime:
    """Give *moment* on Hong Kong's clock."""
    return moment.astimezone(HONG_KONG)


def iso(moment: datetime) -> str:
    """Write `2027-06-08T10:02:00+08:00`."""
    return local(moment).isoformat(timespec="seconds")


def naive(moment: datetime) -> str:
    """Write `2027-06-08T10:02:00`, Hong Kong time without a zone."""
    return f"{local(moment):%Y-%m-%dT%H:%M:%S}"


def json_of(value: Any) -> bytes:
    """Encode as publishers do."""
    return orjson.dumps(value)


def say_in(ask: Ask, words: Text) -> str:
    """Give *words* in the language asked for."""
    return say(words, ask.lang)


def clock_words(moment: datetime, lang: Lang) -> str:
    """Write the time of day as people read it: `11:05 p.m.`, `下午11時05分`."""
    at = local(moment)
    hour, late = (at.hour + 11) % 12 + 1, at.hour >= 12
    if lang == "en":
        return f"{hour}:{at.minute:02} {'p.m.' if late else 'a.m.'}"
    mark = {"zh-Hant": ("時", "分"), "zh-Hans": ("时", "分")}[lang]
    return f"{'下午' if late else '上午'}{hour}{mark[0]}{at.minute:02}{mark[1]}"


def xml(value: object) -> str:
    """Escape for XML text."""
    return escape(str(value))
