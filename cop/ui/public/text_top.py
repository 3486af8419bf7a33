"""The glance: which warnings are in force, how many floods, closed roads and open shelters."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cop.model.text import Lang
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public.block import Block, SectionKey
from cop.ui.public.heads import head_block, state_of, state_sentence
from cop.ui.public.items import SHAPES, properties_of, severity_of
from cop.ui.public.markup import ago, checked, element_id, esc, time_of
from cop.ui.public.sections import SECTION_FEEDS, knowledge
from cop.ui.public.text_hazards import now_of
from cop.ui.public.text_places import first_aid_open, shelters_with_room
from cop.ui.public.text_roads import flooded, roads_now
from cop.ui.public.text_warnings import in_force, is_tip, short_name
from cop.ui.public.words import count, term, word

_TOLD_IF_ANY: Final = frozenset(["some.landslide", "some.flooded"])
_PARTS: Final = ("redis", "worker", "beat")
"""Which may be down, the worst first: one of them is told."""


def top(picture: PublicPicture, lang: Lang) -> Block:
    """Make the glance: what is down, the signals in force, the counts with their sections."""
    signals = [it for it in in_force(picture) if not is_tip(it)]
    known = knowledge(picture, SECTION_FEEDS["top"][0])
    state = state_of(known, there=bool(signals))
    badges = "".join(_badge(feature, lang) for feature in signals)
    if state == "empty":
        none = word("none.warnings", lang)
        said = word("head.empty", lang, words=none, time=checked(known.feed))
    else:
        said = state_sentence("top", state, known, lang)
    row = f'<ul class="p-badges">{badges}</ul>' if badges else ""
    inner = (
        f"{_down(picture, lang)}{row}"
        f'<p class="p-words">{said}</p>'
        f'<ul class="p-glance">{_counts(picture, lang)}</ul>'
    )
    return head_block("top", state, inner)


def _down(picture: PublicPicture, lang: Lang) -> str:
    for part in _PARTS:
        since: datetime | None = picture.down.get(part)
        if since is not None:
            words = word(f"down.{part}", lang, time=time_of(since), ago=ago(since))
            return f'<p class="p-down" role="status">{words}</p>'
    return ""


def _badge(feature: Feature, lang: Lang) -> str:
    properties = properties_of(feature)
    severity = severity_of(properties)
    signal = esc(properties.get("signal") or "")
    shape = f'<span class="p-shape" aria-hidden="true">{SHAPES[severity]}</span>'
    return (
        f'<li><a class="p-signal p-sev-{severity.lower()}" data-signal="{signal}" '
        f'href="#{element_id(str(feature["id"]))}">{shape} '
        f'<span class="p-signal-name">{short_name(feature, lang)}</span> '
        f'<span class="p-signal-sev">{term("severity", severity, lang)}</span></a></li>'
    )


def _counts(picture: PublicPicture, lang: Lang) -> str:
    told: tuple[tuple[SectionKey, str, int], ...] = (
        ("hazards", "some.flooding", now_of(picture, "flooding")),
        ("hazards", "some.landslide", now_of(picture, "landslide")),
        ("roads", "some.flooded", len(flooded(picture))),
        ("roads", "some.closed", len(roads_now(picture, "closed"))),
        ("shelters", "some.room", len(shelters_with_room(picture))),
        ("first_aid", "some.first_aid", len(first_aid_open(picture))),
    )
    rows = [
        _count(section, key, n, picture, lang)
        for section, key, n in sorted(told, key=lambda it: it[2] == 0)  # what there is goes first
        if n or key not in _TOLD_IF_ANY
    ]
    return "".join(dict.fromkeys(rows))


def _count(section: SectionKey, key: str, n: int, picture: PublicPicture, lang: Lang) -> str:
    """Say how many there are, as surely as that is known; nought of what is not known is no 0."""
    known = knowledge(picture, SECTION_FEEDS[section][0])
    state = state_of(known, there=n > 0)
    words = count(key, n, lang)
    if state == "unknown":
        words = word("top.unknown", lang, subject=word(f"subject.{section}", lang))
    elif state == "stale":
        words = word("top.stale", lang, words=words, time=checked(known.feed))
    return f'<li class="is-{state}"><a href="#s-{section}">{words}</a></li>'
