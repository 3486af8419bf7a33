"""Waits at accident and emergency departments, and the air."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cop.model.entity import Kind
from cop.model.text import Lang
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import Block
from cop.ui.public.guide import guide
from cop.ui.public.heads import Part
from cop.ui.public.items import (
    Properties,
    is_over,
    item,
    meta,
    news,
    properties_of,
    table_of,
    where,
)
from cop.ui.public.markup import ago, joined, moment, tell, time_of
from cop.ui.public.text_places import places
from cop.ui.public.words import count, word

_PLAIN_WAITS: Final = (("t1", "wait.t1"), ("t2", "wait.t2"))
_SPREAD_WAITS: Final = (("t3", "wait.t3"), ("t45", "wait.t45"))
_COMPARED: Final = "t45_p50"
"""The wait that most who walk in will have: by it the shortest and the longest are told."""
_HIGHEST_INDEX: Final = 99


def hospitals(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of waits, by district; shortest and longest in its head."""
    there = [it for it in places(picture, "hospital") if not is_over(it)]
    counts = [count("some.hospitals", len(there), lang)] if there else []
    timed = sorted((wait, str(it["id"]), it) for it in there if (wait := _minutes(it)) is not None)
    if len(timed) > 1:
        for key, (_, _, feature) in (("wait.shortest", timed[0]), ("wait.longest", timed[-1])):
            properties = properties_of(feature)
            name = tell(properties.get("title"), lang)
            words = _words(properties, _COMPARED, lang)
            counts.append(word(key, lang, name=name, wait=words))
    return Part([_hospital(feature, lang) for feature in there], counts)


def _minutes(feature: Feature) -> float | None:
    found = table_of(properties_of(feature), "measures").get(f"{_COMPARED}_min")
    has_words = _COMPARED in table_of(properties_of(feature), "words")
    return float(found) if isinstance(found, int | float) and has_words else None


def _words(properties: Properties, key: str, lang: Lang) -> str:
    words: Any = table_of(properties, "words").get(key)
    return tell(words, lang) if isinstance(words, Mapping) else ""


def _hospital(feature: Feature, lang: Lang) -> Block:
    properties = properties_of(feature)
    rows = [(key, _words(properties, name, lang)) for name, key in _PLAIN_WAITS]
    for name, key in _SPREAD_WAITS:
        half, most = (_words(properties, f"{name}_{part}", lang) for part in ("p50", "p95"))
        if half:
            with_most = word("wait.half-most", lang, half=half, most=most)
            rows.append((key, with_most if most else word("wait.half", lang, half=half)))
    waits = "".join(f"<dt>{word(key, lang)}</dt><dd>{said}</dd>" for key, said in rows if said)
    busy: Any = table_of(properties, "words").get("managing_t1") or {}
    parts = [
        f'<p class="p-name"><strong>{tell(properties.get("title"), lang)}</strong></p>',
        news(feature, lang),
        meta([where({**properties, "place": None}, lang), _at(properties, lang)]),
        f'<dl class="p-waits">{waits}</dl>' if waits else f"<p>{word('wait.none', lang)}</p>",
        f'<p class="p-busy">{word("wait.busy", lang)}</p>' if busy.get("en") == "Y" else "",
    ]
    title = table_of(properties, "title")
    order = f"{properties.get('district') or '~'}-{str(title.get('en', ''))[:40].lower()}"
    return item("hospitals", feature, order, joined(parts, "\n"), look="p-hospital")


def _at(properties: Properties, lang: Lang) -> str:
    at = moment(properties.get("asserted_at") or properties.get("observed_at"))
    return word("item.at", lang, time=time_of(at), ago=ago(at)) if at else ""


def air(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of air quality, the worst station first; its advice is in the head."""
    there = [
        it for it in picture.of(Kind.OBSERVATION) if properties_of(it).get("measure") == "aqhi"
    ]
    measured = sorted(
        ((value, str(it["id"]), it) for it in there if (value := _value(it)) is not None),
        key=lambda row: (-row[0], row[1]),
    )
    if not measured:
        return Part([_station(feature, lang) for feature in there])
    _, _, worst = measured[0]
    properties = properties_of(worst)
    name, reading = tell(_place(properties), lang), _reading(worst, lang)
    counts = [
        count("some.air", len(measured), lang),
        word("air.worst", lang, name=name, value=reading),
    ]
    band = str(table_of(properties, "band").get("en", ""))
    return Part(
        [_station(feature, lang) for feature in there],
        counts,
        guide("observation", "aqhi", band, "Unknown", lang),
    )


def _value(feature: Feature) -> float | None:
    value = properties_of(feature).get("value")
    return float(value) if isinstance(value, int | float) else None


def _place(properties: Properties) -> Any:
    return properties.get("place") or properties.get("title")


def _reading(feature: Feature, lang: Lang) -> str:
    value = _value(feature)
    if value is None:
        return word("air.missing", lang)
    band = tell(properties_of(feature).get("band"), lang)
    if not band:
        return word("air.index", lang, n=f"{value:g}")
    return word("air.value", lang, band=band, n=f"{value:g}")


def _station(feature: Feature, lang: Lang) -> Block:
    properties = properties_of(feature)
    parts = [
        (
            f'<p class="p-name"><strong>{tell(_place(properties), lang)}</strong> '
            f'<span class="p-value">{_reading(feature, lang)}</span></p>'
        ),
        meta(
            [
                tell(properties.get("description"), lang),
                where({**properties, "place": None}, lang),
                time_of(at) if (at := moment(properties.get("observed_at"))) else "",
            ]
        ),
    ]
    value = _value(feature)
    order = f"{_HIGHEST_INDEX - int(value if value is not None else 0):02d}-{feature['id']}"
    return item("air", feature, order, joined(parts, "\n"), look="p-air")
