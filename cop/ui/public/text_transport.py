"""Railways, boundary control points and the airport: only what is not normal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cop.model.text import Lang
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import Block
from cop.ui.public.heads import Part, head_block, state_of
from cop.ui.public.items import (
    Properties,
    is_over,
    item,
    longer,
    meta,
    news,
    properties_of,
    source,
    table_of,
    where,
)
from cop.ui.public.markup import ago, checked, joined, tell
from cop.ui.public.sections import SECTION_FEEDS, Knowledge, knowledge
from cop.ui.public.text_places import places
from cop.ui.public.words import plain, term, word

_TYPES: Final[Mapping[str, str]] = {
    "mtr_service": "railway_line",
    "boundary_queues": "boundary_control_point",
    "airport_flights": "airport",
}
"""Feed to the type of facility that it tells of, in the order of the page."""
_GATES: Final = "boundary_queues"
"""Most control points close every night, which is neither a failure nor a danger."""
_NOT_NORMAL: Final = ("closed", "limited")
_SHAPES: Final = {"closed": "✖", "limited": "◐"}
_DIRECTIONS: Final = ("arrival", "departure")


def disturbed(picture: PublicPicture, feed: str) -> list[Feature]:
    """List what *feed* tells of that is not normal now."""
    return [
        it
        for it in places(picture, _TYPES[feed])
        if properties_of(it).get("status") in _NOT_NORMAL and not is_over(it)
    ]


def transport(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of transport, but for its head."""
    return Part(
        [
            _facility(feature, number, lang)
            for number, feed in enumerate(_TYPES)
            for feature in disturbed(picture, feed)
        ]
    )


def transport_head(picture: PublicPicture, lang: Lang) -> Block:
    """Make the head: for each of the three, how well it is known and whether it is normal."""
    lines = []
    for feed in _TYPES:
        known, n = knowledge(picture, feed), len(disturbed(picture, feed))
        there = bool(places(picture, _TYPES[feed]))
        lines.append(f"<li>{_state(feed, known, n, lang, there=there)}</li>")
    first = knowledge(picture, SECTION_FEEDS["transport"][0])
    any_there = any(disturbed(picture, feed) for feed in _TYPES)
    state = state_of(first, there=any_there)
    return head_block("transport", state, f'<ul class="p-words">{"".join(lines)}</ul>')


def _state(feed: str, known: Knowledge, n: int, lang: Lang, *, there: bool) -> str:
    subject = word(f"transport.{feed}", lang)
    if known.at is None or (known.state == "live" and not there):
        return word("head.never", lang, subject=subject)
    time = checked(feed)
    if known.state != "live":
        return word("head.stale", lang, subject=subject, time=time, ago=ago(known.at))
    if n:
        some = "transport.gates" if feed == _GATES else "transport.some"
        return word(some, lang, subject=subject, n=n, time=time)
    return word("transport.normal", lang, subject=subject, time=time)


def _facility(feature: Feature, number: int, lang: Lang) -> Block:
    properties = properties_of(feature)
    state = str(properties.get("status"))
    is_shut = state == "closed" and properties.get("facility_type") == _TYPES[_GATES]
    look, said = ("unknown", "shut") if is_shut else (state, state)
    shape = f'<span class="p-shape" aria-hidden="true">{_SHAPES[state]}</span>'
    parts = [
        (
            f'<p class="p-name"><span class="p-place p-place-{look}">{shape} '
            f"{term('transport', said, lang)}</span> "
            f"<strong>{tell(properties.get('title'), lang)}</strong></p>"
        ),
        news(feature, lang),
        meta([*_queues(properties, lang), _flights(properties, lang)]),
        meta([where(properties, lang, whole=True), source(properties, lang)]),
        longer(properties.get("description"), lang),
    ]
    order = f"{number}-{_NOT_NORMAL.index(state)}-{feature['id']}"
    return item("transport", feature, order, joined(parts, "\n"), look="p-transport")


def _queues(properties: Properties, lang: Lang) -> list[str]:
    """Give the queues of residents at a control point, in its publisher's words."""
    words = table_of(properties, "words")
    told = [(one, words.get(f"residents_{one}")) for one in _DIRECTIONS]
    return [
        joined([word(f"transport.{one}", lang), tell(said, lang)], plain("colon", lang))
        for one, said in told
        if isinstance(said, Mapping)
    ]


def _flights(properties: Properties, lang: Lang) -> str:
    measures = table_of(properties, "measures")
    names = ("flights", "cancelled", "delayed")
    if not all(isinstance(measures.get(name), int | float) for name in names):
        return ""
    every, cancelled, delayed = (f"{measures[name]:g}" for name in names)
    return word("transport.flights", lang, all=every, cancelled=cancelled, delayed=delayed)
