"""The warnings in force: what each means, what to do, who says so and since when."""

from __future__ import annotations

from typing import Final

from cop.model.entity import Kind
from cop.model.text import LANGS, Lang, Text
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import Block
from cop.ui.public.charts import timeline_chart
from cop.ui.public.guide import guide
from cop.ui.public.heads import Part
from cop.ui.public.items import (
    Properties,
    badge,
    first_told,
    group,
    is_over,
    item,
    longer,
    meta,
    newest_first,
    news,
    properties_of,
    publisher,
    rank,
    severity_of,
    since,
    source,
    table_of,
    type_of,
)
from cop.ui.public.markup import joined, moment, tell, time_of
from cop.ui.public.words import count, plain, term, word

ELSEWHERE: Final = frozenset(["CMA", "NMC", "SMG", "WMO"])
"""Publishers whose warnings hold in other places."""
_OPEN: Final = frozenset(["Extreme", "Severe"])
"""Severities of our own warnings whose advice is seen at once."""
_SIGNALS_FIRST: Final = ("TC", "WRAIN")
"""Beginnings of the signals that come first among equally severe warnings."""


def is_elsewhere(feature: Feature) -> bool:
    """Tell whether a warning is of Macao or another neighbour."""
    return properties_of(feature).get("publisher") in ELSEWHERE


def is_tip(feature: Feature) -> bool:
    """Tell whether a warning is a hint in words, without a signal."""
    return properties_of(feature).get("event_type") == "weather_tip"


def in_force(picture: PublicPicture) -> list[Feature]:
    """List Hong Kong's own warnings that are in force, the worst first, then the newest."""
    here = [it for it in picture.of(Kind.ALERT) if not is_over(it) and not is_elsewhere(it)]
    return sorted(here, key=lambda it: (_order(it), str(it["id"])))


def warnings(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of warnings."""
    alerts = picture.of(Kind.ALERT)
    blocks = [_warning(feature, lang) for feature in alerts]
    if any(map(is_elsewhere, alerts)):
        title, note = word("warnings.elsewhere", lang), word("warnings.elsewhere-note", lang)
        blocks.append(
            group("warnings", "elsewhere", "1", f"<h3>{title}</h3><p>{note}</p>", outside=True)
        )
    signals = [it for it in in_force(picture) if not is_tip(it)]
    tips = len(in_force(picture)) - len(signals)
    counted = (("some.warnings", len(signals)), ("some.tips", tips))
    counts = [count(key, n, lang) for key, n in counted if n]
    return Part([*blocks, _timeline(picture, lang)], counts)


def short_name(feature: Feature, lang: Lang) -> str:
    """Give the few words by which people call a warning."""
    properties = properties_of(feature)
    return term("signal", properties.get("signal"), lang) or tell(properties.get("title"), lang)


def _timeline(picture: PublicPicture, lang: Lang) -> Block:
    key = "chart-warnings"
    html = f'<div data-id="{key}" id="{key}" class="p-chart">{timeline_chart(picture, lang)}</div>'
    return Block(key, "warnings", "", "", html)


def _order(feature: Feature) -> str:
    """Ours before others', what holds before what is over, the worse and the newer first."""
    properties = properties_of(feature)
    over = "1" if is_over(feature) else "0"
    signal = str(properties.get("signal") or "")
    found = (n for n, begin in enumerate(_SIGNALS_FIRST) if signal.startswith(begin))
    weight = next(found, len(_SIGNALS_FIRST))
    time = newest_first(first_told(properties))
    return f"{'1-' if is_elsewhere(feature) else '0-'}{over}{rank(properties)}{weight}-{time}"


def _warning(feature: Feature, lang: Lang) -> Block:
    properties = properties_of(feature)
    severity = severity_of(properties)
    title = properties.get("title") or properties.get("area")
    level = "h4" if is_elsewhere(feature) else "h3"
    name = tell(title, lang) or plain("section.warnings", lang)
    parts = [
        f'<{level} class="p-name">{_badge(feature, lang)} {name}</{level}>',
        news(feature, lang),
        meta(
            [
                since(properties, lang),
                _until(properties.get("expires_at"), lang),
                tell(properties.get("area"), lang),
                source(properties, lang),
            ]
        ),
    ]
    if not is_over(feature):
        signal = properties.get("signal")
        parts += [
            guide(
                "alert",
                type_of(properties),
                signal,
                severity,
                lang,
                publisher=str(properties.get("publisher", "")),
                is_open=severity in _OPEN and not is_elsewhere(feature),
            ),
            _told(feature, lang),
        ]
    return item(
        "warnings",
        feature,
        _order(feature),
        joined(parts, "\n"),
        look="p-warning",
        outside=is_elsewhere(feature),
    )


def _badge(feature: Feature, lang: Lang) -> str:
    """Give the severity; a hint has none, and says that it is a hint."""
    tip = word("warnings.tip", lang) if is_tip(feature) else ""
    return badge(severity_of(properties_of(feature)), lang, tip)


def _told(feature: Feature, lang: Lang) -> str:
    """Give the publisher's own words: what to do first, then what it is."""
    properties = properties_of(feature)
    words = longer(properties.get("instruction"), lang) + longer(_unrepeated(properties), lang)
    if not words:
        return ""
    lead = word("item.told", lang, publisher=publisher(properties, lang))
    return f'<div class="p-told"><p class="p-told-by">{lead}</p>{words}</div>'


def _unrepeated(properties: Properties) -> Text:
    """Give a description without the title that some publishers begin it with."""
    title, description = table_of(properties, "title"), table_of(properties, "description")
    return {
        lang: str(description[lang]).removeprefix(str(title.get(lang, "\0"))).strip()
        for lang in LANGS
        if lang in description
    }


def _until(value: object, lang: Lang) -> str:
    at = moment(value) if value else None
    return word("item.until", lang, time=time_of(at)) if at else ""
