"""Roads that cannot be used as usual: closed, partly closed, slow, and those open again."""

from __future__ import annotations

from typing import Final

from cop.model.entity import Kind
from cop.model.text import Lang
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import Block
from cop.ui.public.heads import Part
from cop.ui.public.items import (
    first_told,
    is_over,
    item,
    longer,
    meta,
    newest_first,
    news,
    properties_of,
    since,
    source,
    where,
)
from cop.ui.public.markup import joined, tell
from cop.ui.public.words import count, term, word

_SHAPES: Final = {"closed": "✖", "restricted": "◐", "slow": "≈", "reopened": "✔"}
"""State to its shape, the worst first: words and shape stand beside any colour."""
_STATES: Final = tuple(_SHAPES)


def _state(feature: Feature) -> str:
    return str(properties_of(feature).get("status", "unknown"))


def _told(picture: PublicPicture) -> list[Feature]:
    """List the roads that are worth words: not those that are normal."""
    return [it for it in picture.of(Kind.ROAD) if _state(it) in _SHAPES or is_over(it)]


def roads_now(picture: PublicPicture, state: str) -> list[Feature]:
    """List the roads that are in *state* now."""
    return [it for it in picture.of(Kind.ROAD) if _state(it) == state and not is_over(it)]


def flooded(picture: PublicPicture) -> list[Feature]:
    """List the roads that are closed, partly closed or slow because of water."""
    return [
        it
        for it in picture.of(Kind.ROAD)
        if properties_of(it).get("cause") == "flooding"
        and _state(it) in _STATES[:3]
        and not is_over(it)
    ]


def roads(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of roads, the worst first."""
    counts = [
        count(f"some.{state}", len(found), lang)
        for state in _STATES[:3]
        if (found := roads_now(picture, state))
    ]
    return Part([_road(feature, lang) for feature in _told(picture)], counts)


def _road(feature: Feature, lang: Lang) -> Block:
    properties = properties_of(feature)
    state = _state(feature)
    state = state if term("road", state, lang) else "unknown"
    shape = f'<span class="p-shape" aria-hidden="true">{_SHAPES.get(state, "○")}</span>'
    name = tell(properties.get("title"), lang) or tell(properties.get("road"), lang)
    cause = term("cause", properties.get("cause"), lang)
    parts = [
        (
            f'<p class="p-name"><span class="p-road p-road-{state}">{shape} '
            f"{term('road', state, lang)}</span> <strong>{name}</strong></p>"
        ),
        news(feature, lang),
        meta(
            [
                word("road.cause", lang, cause=cause) if cause else "",
                where(properties, lang),
                tell(properties.get("direction"), lang),
                since(properties, lang),
                source(properties, lang),
            ]
        ),
        "" if is_over(feature) else longer(properties.get("description"), lang),
    ]
    place = f"{_STATES.index(state) if state in _STATES else len(_STATES)}"
    over = "1" if is_over(feature) else "0"
    order = f"{over}{place}-{newest_first(first_told(properties))}"
    return item("roads", feature, order, joined(parts, "\n"), look="p-roadway")
