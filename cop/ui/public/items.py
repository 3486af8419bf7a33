"""What all items of the page have in common: their element, their severity, how they changed."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cop.model.district import DISTRICT_NAMES, District
from cop.model.publisher import PUBLISHERS
from cop.model.text import Lang
from cop.services.publishing.picture import Feature
from cop.ui.public.block import Block, SectionKey
from cop.ui.public.markup import (
    ago,
    clean,
    element_id,
    esc,
    joined,
    link,
    moment,
    prose,
    tell,
    time_of,
)
from cop.ui.public.words import term, word

SHAPES: Final[Mapping[str, str]] = {
    "Extreme": "◆",
    "Severe": "▲",
    "Moderate": "■",
    "Minor": "●",
    "Unknown": "○",
}
"""Severity to its shape, worst first: the same as the symbols of the map."""
_RANKS: Final = {severity: str(rank) for rank, severity in enumerate(SHAPES)}
_BEGAN: Final = ("issued_at", "reported_at", "valid_from", "observed_at")
_KINDS_OVER: Final = frozenset(["alert", "road", "incident", "facility"])
_PREFIXES: Final[Mapping[str, str]] = {"signal": "signal", "severity": "severity"}
_LAST: Final = 9_999_999_999
"""Seconds; from it a moment is taken away so that the newest sorts first as text."""

OUTSIDE: Final = "-"
"""Stands for the district of what is not in Hong Kong: on no district's page."""

Properties = Mapping[str, Any]


def properties_of(feature: Feature) -> Properties:
    """Give the properties of *feature*."""
    found: Properties = feature["properties"]
    return found


def table_of(properties: Properties, name: str) -> Mapping[str, Any]:
    """Give the property *name* that is a table: text, words or measures; empty where it is none."""
    found = properties.get(name)
    return found if isinstance(found, Mapping) else {}


def type_of(properties: Properties) -> str:
    """Give what the table of publishing calls a thing; for an alert what it warns of."""
    return str(properties.get("event_type") or properties.get("type") or "other")


def is_over(feature: Feature) -> bool:
    """Tell whether *feature* is only shown for a while after its end."""
    return bool(properties_of(feature).get("ended"))


def severity_of(properties: Properties) -> str:
    """Give a severity that has a shape."""
    found = properties.get("severity")
    return found if isinstance(found, str) and found in SHAPES else "Unknown"


def rank(properties: Properties) -> str:
    """Give what sorts by severity, worst first."""
    return _RANKS[severity_of(properties)]


def badge(severity: str, lang: Lang, instead: str = "") -> str:
    """Give a severity as shape and word; *instead*: what to say in place of the word."""
    return (
        f'<span class="p-sev p-sev-{severity.lower()}"><span class="p-shape" aria-hidden="true">'
        f"{SHAPES[severity]}</span> {instead or term('severity', severity, lang)}</span>"
    )


def began(properties: Properties) -> datetime | None:
    """Tell since when a thing is so, as far as its publisher says."""
    return next(filter(None, (moment(properties.get(name)) for name in _BEGAN)), None)


def first_told(properties: Properties) -> datetime | None:
    """Tell since when a thing is so, or else since when we know of it."""
    return began(properties) or moment(properties.get("fetched_at"))


def newest_first(at: datetime | None) -> str:
    """Give what sorts the later before the earlier, as text; what has no time comes last."""
    return f"{_LAST - (int(at.timestamp()) if at else 0):010d}"


def item(
    section: SectionKey,
    feature: Feature,
    order: str,
    inner: str,
    *,
    look: str = "",
    outside: bool = False,
) -> Block:
    """Put the markup *inner* of *feature* into its element.

    *order* sorts within the section; *outside*: it is of another city.
    """
    key, order = str(feature["id"]), " ".join(clean(order).split())
    district = properties_of(feature).get("district")
    code = str(district) if district in DISTRICT_NAMES else ""
    code = OUTSIDE if outside else code
    over = " is-over" if is_over(feature) else ""
    on_map = " data-at" if feature["geometry"] and not over else ""  # a script adds the way there
    made = (
        f'<li class="p-item{look and " " + look}{over}" id="{element_id(key)}" '
        f'data-id="{html.escape(key)}" data-order="{esc(order)}" '
        f'data-district="{code}"{on_map}>{inner}</li>'
    )
    return Block(key, section, order, code, made)


def group(
    section: SectionKey, name: str, order: str, inner: str, *, outside: bool = False
) -> Block:
    """Make the heading of several items of *section*; *order* puts it before them."""
    key, code = f"head-{section}-{name}", OUTSIDE if outside else ""
    made = (
        f'<li class="p-group" id="{element_id(key)}" data-id="{html.escape(key)}" '
        f'data-order="{esc(order)}" data-district="{code}">{inner}</li>'
    )
    return Block(key, section, order, code, made)


def news(feature: Feature, lang: Lang) -> str:
    """Say that a thing is over, was withdrawn, or lately changed; "" where it is none of them."""
    properties = properties_of(feature)
    ended, changed = properties.get("ended"), properties.get("changed")
    if ended and (at := moment(ended.get("at"))):
        kind = properties["kind"] if properties["kind"] in _KINDS_OVER else "other"
        key = "withdrawn" if ended.get("why") == "withdrawn" else f"over.{kind}"
        return f'<p class="p-news p-over">{word(key, lang, time=time_of(at))}</p>'
    if changed and (at := moment(changed.get("at"))):
        key = "corrected" if changed.get("corrected") else "changed"
        was = _was(properties, changed.get("was") or {}, lang)
        if was:
            key, values = f"{key}.was", {"time": time_of(at), "was": was}
        else:
            values = {"time": time_of(at)}
        return f'<p class="p-news p-changed">{word(key, lang, **values)}</p>'
    return ""


def _was(properties: Properties, was: Mapping[str, Any], lang: Lang) -> str:
    """Say what a thing was before, by the first of its old values that there are words for."""
    for name in ("signal", "status", "severity", "title"):
        value = was.get(name)
        if isinstance(value, Mapping):
            found = tell(value, lang)
        elif name == "status":
            found = status(properties["kind"], str(value), lang) if value else ""
        else:
            found = term(_PREFIXES.get(name, name), value, lang)
        if found:
            return found
    return ""


def status(kind: str, code: str, lang: Lang) -> str:
    """Say the state of a road, an incident or a place in words; "" where there are none."""
    prefix = {"road": "road", "incident": "danger.status", "facility": "place"}.get(kind, "status")
    return term(prefix, code, lang) or term("status", code, lang)


def publisher(properties: Properties, lang: Lang) -> str:
    """Name who says so."""
    code = str(properties.get("publisher", ""))
    return tell(PUBLISHERS[code], lang) if code in PUBLISHERS else esc(code)


def where(properties: Properties, lang: Lang, *, whole: bool = False) -> str:
    """Say where something is: its place, and its district.

    *whole*: what has no district concerns the whole city, so that nothing is said of it.
    """
    place = tell(properties.get("place"), lang)
    code = properties.get("district")
    if code in DISTRICT_NAMES:
        name = tell(DISTRICT_NAMES[District(code)], lang)
        return joined([place, f'<span class="p-district">{name}</span>'])
    missing = "" if whole else f'<span class="p-district">{word("item.no-district", lang)}</span>'
    return joined([place, missing])


def since(properties: Properties, lang: Lang) -> str:
    """Say since when something is so; where nobody says, when we first read it."""
    at = began(properties)
    if at is not None:
        return word("item.since", lang, time=time_of(at), ago=ago(at))
    read = moment(properties.get("fetched_at"))
    return "" if read is None else word("item.seen", lang, time=time_of(read), ago=ago(read))


def happened(properties: Properties, lang: Lang) -> str:
    """Say at which moment something was so."""
    at = began(properties)
    return "" if at is None else word("item.at", lang, time=time_of(at), ago=ago(at))


def meta(parts: list[str]) -> str:
    """Give a line of small facts."""
    line = joined(parts)
    return f'<p class="p-meta">{line}</p>' if line else ""


def source(properties: Properties, lang: Lang) -> str:
    """Name the publisher, with a link to its page on the thing where there is one."""
    said = word("item.by", lang, publisher=publisher(properties, lang))
    return link(properties.get("link"), said)


def longer(words: Any, lang: Lang) -> str:
    """Give a publisher's longer text."""
    return prose(words, lang, word("item.more", lang)) if isinstance(words, Mapping) else ""
