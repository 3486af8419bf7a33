"""A severe evening as the public may know it: every section, and the same with hostile words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cop.config import Settings
from cop.model.text import LANGS, Text, text
from cop.services.publishing.picture import Feature, PublicPicture, Span
from cop.ui.public.context import Context
from cop.ui.public.text import blocks
from tests.unit.ui.public_things import (
    LICENCE,
    NOW,
    at,
    dangers,
    feature,
    feed,
    feeds,
    picture,
    places,
    readings,
    roads,
    warnings,
)

__all__ = [
    "HOSTILE",
    "LICENCE",
    "NOW",
    "at",
    "context",
    "dangers",
    "feature",
    "feed",
    "feeds",
    "hostile_evening",
    "picture",
    "places",
    "readings",
    "roads",
    "severe_evening",
    "spans",
    "warnings",
]

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> ' onmouseover='alert(1)",
    "</li></ul></main><style>*{display:none}</style><!--",
    "\u202edrow tfel\u202c \u2066hidden\u2069 \u200b\u200f\ufeff",
    "]]></script><script>alert(2)</script>&lt;b&gt; {n} {time} %s",
    "line\nline\r\n\tline \x00\x07\x1b",
    "長" * 20_000,
    "word " * 4_000,
)


def spans() -> tuple[Span, ...]:
    """Make the warnings of the last day: one over, one in force."""
    amber = text("Amber Rainstorm Warning Signal", "黃色暴雨警告信號", "黄色暴雨警告信号")
    black = text("Black Rainstorm Warning Signal", "黑色暴雨警告信號", "黑色暴雨警告信号")
    began = NOW - timedelta(hours=5)
    changed = NOW - timedelta(minutes=55)
    whole = "hko_warnings:WRAIN"
    return (
        Span(whole, "rainstorm", "WRAINA", "Moderate", "HKO", amber, began, changed),
        Span(whole, "rainstorm", "WRAINB", "Extreme", "HKO", black, changed),
    )


def severe_evening(**changes: Any) -> PublicPicture:
    """Make the whole evening, every feed live."""
    every = (*warnings(), *dangers(), *roads(), *places(), *readings())
    return picture(*every, spans=spans(), **changes)


def hostile_evening() -> PublicPicture:
    """Make the same evening with every text of a publisher turned into an attack."""
    found = [_poisoned(one, n) for n, one in enumerate(severe_evening().features.values())]
    bad = {
        key: replace(
            known, title=_poison(n), publisher=HOSTILE[n % len(HOSTILE)], licence=HOSTILE[1]
        )
        for n, (key, known) in enumerate(feeds().items())
    }
    attacked = tuple(replace(one, title=_poison(n)) for n, one in enumerate(spans()))
    return picture(*found, known=bad, spans=attacked)


def _poison(n: int) -> Text:
    langs = LANGS[: 1 + n % len(LANGS)]
    return {lang: HOSTILE[(n + m) % len(HOSTILE)] for m, lang in enumerate(langs)}


def _poisoned(one: Feature, n: int) -> Feature:
    bad = HOSTILE[n % len(HOSTILE)]
    codes = {"kind", "feed", "district", "facility_type", "measure", "status", "ended", "changed"}
    properties = {
        key: value if key in codes else _attack(key, value, n)
        for key, value in one["properties"].items()
    }
    properties |= {
        "link": f"javascript:alert('{n}')",
        "place": _poison(n + 1),
        "address": _poison(n),
    }
    properties |= {
        "instruction": _poison(n + 2),
        "title": _poison(n),
        "description": _poison(n + 3),
    }
    return {
        **one,
        "id": f'{one["id"]!s}"><script>{n}',
        "properties": properties | {"signal": bad[:300], "publisher": bad[:300]},
    }


def _attack(key: str, value: Any, n: int) -> Any:
    if isinstance(value, dict) and set(value) <= set(LANGS):
        return _poison(n)
    if isinstance(value, dict):
        return {name: _attack(name, inner, n) for name, inner in value.items()}
    is_word = isinstance(value, str) and not key.endswith("_at")
    return HOSTILE[n % len(HOSTILE)][:300] if is_word else value


def context(known: PublicPicture, **changes: Any) -> Context:
    """Make the edition that shows *known*; *changes* go to its settings."""
    names = ("app.js", "map.js", "page.css", "map.css", "icon.png")
    settings = Settings(**({"public_url": "https://cop.example"} | changes))
    return Context(
        picture=known,
        settings=settings,
        series="abcd",
        version=7,
        blocks={lang: blocks(known, lang) for lang in LANGS},
        files={name: f"/public/a/{name}" for name in (*names, "share-en.png", "share-tc.png")},
    )
