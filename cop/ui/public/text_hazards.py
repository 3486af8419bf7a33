"""Floods, landslides and other dangers: what was verified by people, felt, or is on its way."""

from __future__ import annotations

from typing import Final

from cop.model.entity import Kind
from cop.model.text import Lang
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import Block
from cop.ui.public.guide import guide
from cop.ui.public.heads import Part
from cop.ui.public.items import (
    Properties,
    badge,
    first_told,
    group,
    happened,
    is_over,
    item,
    longer,
    meta,
    newest_first,
    news,
    properties_of,
    rank,
    severity_of,
    since,
    source,
    status,
    table_of,
    type_of,
    where,
)
from cop.ui.public.markup import element_id, joined, tell
from cop.ui.public.text_roads import flooded
from cop.ui.public.words import count, plain, term, word

_FIRST: Final = (
    "tropical_cyclone",
    "flooding",
    "landslide",
    "earthquake",
    "fire",
    "power_failure",
    "water_supply",
    "crowd",
    "transport_disruption",
    "traffic_accident",
    "fallen_tree",
    "road_blockage",
)
"""Types in the order of the page; others come last."""
_DRAWN_ONLY: Final = frozenset(["tc_cone", "tc_position", "tc_track"])
"""Parts of a cyclone that say nothing without a map; its position is told in words."""


def dangers(picture: PublicPicture) -> list[Feature]:
    """List the incidents and hazards that have words, those that are over too."""
    return [
        it
        for it in picture.of(Kind.HAZARD, Kind.INCIDENT)
        if type_of(properties_of(it)) not in _DRAWN_ONLY
    ]


def now_of(picture: PublicPicture, type_: str) -> int:
    """Count the dangers of *type_* that are not over."""
    return sum(type_of(properties_of(it)) == type_ and not is_over(it) for it in dangers(picture))


def hazards(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of dangers, grouped by type, each group with what to do."""
    there = dangers(picture)
    blocks = [_danger(feature, lang) for feature in there]
    kinds = {type_of(properties_of(it)): str(properties_of(it)["kind"]) for it in there}
    blocks += [_group(type_, kind, lang) for type_, kind in kinds.items()]
    now = sum(not is_over(it) for it in there)
    floods, slides = now_of(picture, "flooding"), now_of(picture, "landslide")
    counted = {
        "some.flooding": floods,
        "some.landslide": slides,
        "some.others": now - floods - slides,
    }
    counts = [count(key, n, lang) for key, n in counted.items() if n]
    if roads := len(flooded(picture)):
        counts.append(f'<a href="#s-roads">{count("some.flooded", roads, lang)}</a>')
    return Part(blocks, counts)


def type_name(type_: str, lang: Lang) -> str:
    """Name a type of danger."""
    found = term("danger", type_, lang) or term("incident", type_, lang)
    return found or word("danger.other", lang)


def _order(type_: str, rest: str) -> str:
    """Keep the dangers of one type together, those that matter most first."""
    place = _FIRST.index(type_) if type_ in _FIRST else len(_FIRST)
    return f"{place:02d}-{element_id(type_)}-{rest}"


def _group(type_: str, kind: str, lang: Lang) -> Block:
    inner = f"<h3>{type_name(type_, lang)}</h3>{guide(kind, type_, None, 'Unknown', lang)}"
    return group("hazards", element_id(type_).removeprefix("b-"), _order(type_, "0"), inner)


def _danger(feature: Feature, lang: Lang) -> Block:
    properties = properties_of(feature)
    type_ = type_of(properties)
    title = tell(properties.get("title"), lang)
    place = where(properties, lang, whole=properties["kind"] == Kind.HAZARD)
    name = title or joined([type_name(type_, lang), place], plain("colon", lang))
    level = badge(severity_of(properties), lang) + " " if properties.get("severity") else ""
    parts = [
        f'<p class="p-name">{level}<strong>{name}</strong></p>',
        news(feature, lang),
        meta([place if title else ""]) if is_over(feature) else _facts(properties, place, lang),
    ]
    over = "2" if is_over(feature) else "1"
    time = newest_first(first_told(properties))
    order = _order(type_, f"{over}-{rank(properties)}-{time}")
    return item("hazards", feature, order, joined(parts, "\n"), look="p-danger")


def _facts(properties: Properties, place: str, lang: Lang) -> str:
    """Say what is known of a danger that is not over; *place* where its name does not say it."""
    place = place if properties.get("title") else ""
    if properties["kind"] == Kind.HAZARD:
        known = meta([*_numbers(properties, lang), place, happened(properties, lang)])
        return (
            known + meta([source(properties, lang)]) + longer(properties.get("description"), lang)
        )
    if properties.get("feed"):
        known = meta([place, since(properties, lang), source(properties, lang)])
        return known + longer(properties.get("description"), lang)
    state = status("incident", str(properties.get("status", "")), lang)
    by = [word("item.checked-here", lang), word("item.about-100m", lang)]
    return meta([state, place, since(properties, lang)]) + meta(by)


def _numbers(properties: Properties, lang: Lang) -> list[str]:
    """Give the measures of a hazard that people know."""
    measures = table_of(properties, "measures")
    told = (("danger.wind", "wind_kmh"), ("danger.magnitude", "magnitude"))
    return [
        word(key, lang, n=f"{measures[name]:g}")
        for key, name in told
        if isinstance(measures.get(name), int | float)
    ]
