"""Places to go to: temporary shelters and first-aid posts, with their room and who says so."""

from __future__ import annotations

from typing import Final

from cop.model.entity import Kind
from cop.model.text import Lang
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import Block, SectionKey
from cop.ui.public.heads import Part
from cop.ui.public.items import (
    Properties,
    is_over,
    item,
    longer,
    meta,
    news,
    properties_of,
    publisher,
    source,
    table_of,
    where,
)
from cop.ui.public.markup import ago, joined, moment, tell, time_of
from cop.ui.public.words import count, plain, term, word

SHELTERS: Final = frozenset(["shelter", "cold_shelter", "heat_shelter", "community_hall"])
_SHAPES: Final = {"open": "✔", "limited": "◐", "full": "■", "closed": "✖"}
_ORDER: Final = ("room", "limited", "open", "full", "closed")


def places(picture: PublicPicture, *types: str) -> list[Feature]:
    """List the facilities of *types*."""
    return [
        it
        for it in picture.of(Kind.FACILITY)
        if properties_of(it).get("facility_type", properties_of(it).get("type")) in types
    ]


def room_of(properties: Properties) -> int | None:
    """Tell for how many more there is room; None where that is not known."""
    capacity, occupancy = properties.get("capacity"), properties.get("occupancy")
    if not isinstance(capacity, int) or not isinstance(occupancy, int):
        return None
    return max(0, capacity - occupancy)


def shelters_with_room(picture: PublicPicture) -> list[Feature]:
    """List the shelters that take people in now and are not known to be full."""
    return [it for it in _open(places(picture, *SHELTERS)) if not _is_full(it)]


def shelters(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of shelters, open ones with room first."""
    there = places(picture, *SHELTERS)
    room = len(shelters_with_room(picture))
    full = len(_open(there)) - room
    counts = [count("some.room", room, lang)] if room else []
    counts += [count("some.full", full, lang)] if full else []
    return Part([_place("shelters", feature, lang) for feature in there], counts)


def first_aid_open(picture: PublicPicture) -> list[Feature]:
    """List the first-aid posts that can be gone to now."""
    return [it for it in _open(places(picture, "first_aid_post")) if not _is_full(it)]


def first_aid(picture: PublicPicture, lang: Lang) -> Part:
    """Give the section of first-aid posts."""
    there = places(picture, "first_aid_post")
    n = len(first_aid_open(picture))
    counts = [count("some.first_aid", n, lang)] if n else []
    full = len(_open(there)) - n
    counts += [count("some.full", full, lang)] if full else []
    return Part([_place("first_aid", feature, lang) for feature in there], counts)


def _open(there: list[Feature]) -> list[Feature]:
    return [it for it in there if not is_over(it) and _status(it) in {"open", "limited", "full"}]


def _status(feature: Feature) -> str:
    return str(properties_of(feature).get("status", "unknown"))


def _is_full(feature: Feature) -> bool:
    return _status(feature) == "full" or room_of(properties_of(feature)) == 0


def _state(feature: Feature) -> str:
    """Give the state in words' terms: a place that is full says so whatever its keeper ticked."""
    if is_over(feature):
        return "closed"
    state = _status(feature)
    if state in {"open", "limited"} and _is_full(feature):
        return "full"
    return state if state in {"open", "limited", "full", "closed"} else "unknown"


def _place(section: SectionKey, feature: Feature, lang: Lang) -> Block:
    properties = properties_of(feature)
    state = _state(feature)
    shape = f'<span class="p-shape" aria-hidden="true">{_SHAPES.get(state, "○")}</span>'
    address = tell(properties.get("address"), lang)
    parts = [
        (
            f'<p class="p-name"><span class="p-place p-place-{state}">{shape} '
            f"{term('place', state, lang)}</span> "
            f"<strong>{tell(properties.get('title'), lang)}</strong></p>"
        ),
        news(feature, lang),
    ]
    if not is_over(feature):
        parts += [
            _people(properties, state, lang) if section == "shelters" else "",
            meta(
                [
                    where(properties, lang),
                    word("place.address", lang, address=address) if address else "",
                ]
            ),
            meta(_facts(properties, lang)),
            meta([_said(properties, lang)]),
            longer(properties.get("description"), lang),
        ]
    key = "room" if state == "open" and room_of(properties) else state
    order = f"{_ORDER.index(key) if key in _ORDER else len(_ORDER)}-{_name(properties)}"
    return item(section, feature, order, joined(parts, "\n"), look="p-haven")


def _name(properties: Properties) -> str:
    """Give what sorts places of one state: their district, then their English name."""
    title = table_of(properties, "title")
    return f"{properties.get('district') or '~'}-{str(title.get('en', ''))[:40].lower()}"


def _people(properties: Properties, state: str, lang: Lang) -> str:
    room, capacity = room_of(properties), properties.get("capacity")
    n = properties.get("occupancy")
    if room is not None and state == "full":
        words = word("place.used", lang, n=n, all=capacity)
    elif room is not None:
        words = word("place.room", lang, room=room, n=n, all=capacity)
    elif isinstance(n, int):
        words = count("place.people", n, lang)
    elif isinstance(capacity, int):
        words = word("place.holds", lang, all=capacity)
    elif state == "full":
        return ""
    else:
        words = word("place.room-unknown", lang)
    return f'<p class="p-room">{words}</p>'


def _facts(properties: Properties, lang: Lang) -> list[str]:
    access = [
        found for code in properties.get("access") or () if (found := term("access", code, lang))
    ]
    pets = term("place.pets", properties.get("pets"), lang)
    listed = plain("comma", lang).join(access)
    return [
        word("place.access", lang, list=listed) if access else "",
        word("place.pets", lang, pets=pets) if pets else "",
    ]


def _said(properties: Properties, lang: Lang) -> str:
    """Tell who last said so, and when: the keeper on the spot, or a publisher."""
    asserted = moment(properties.get("asserted_at"))
    if properties.get("feed"):
        at = (
            word("place.announced", lang, time=time_of(asserted), ago=ago(asserted))
            if (asserted)
            else ""
        )
        return joined([at, source(properties, lang)])
    if asserted is None:
        return publisher(properties, lang)
    kept = word("place.said", lang, time=time_of(asserted), ago=ago(asserted))
    return joined([kept, publisher(properties, lang)])
