"""The lanes of the timeline: which warnings share one, in which order, and how they are packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cop.model.text import Lang
from cop.services.publishing.picture import PublicPicture, Span
from cop.ui.public.chart_words import FAMILIES, SIGNALS, plain
from cop.ui.public.markup import said
from cop.ui.public.sections import knowledge

DAY: Final = timedelta(hours=24)
STEP: Final = timedelta(minutes=10)
"""The chart moves on in such steps: in between, the same facts give the same bytes."""
MOST_ROWS: Final = 4

_SAME: Final = {"pre_no8": "tropical_cyclone"}
_MACAO: Final = "SMG"
_NEAR: Final = frozenset(["WMO", "NMC", "CMA"])
_TWIN: Final = "cap_"


@dataclass(frozen=True, slots=True)
class Lane:
    """The warnings of one kind and place.

    Attributes:
        name: in words of one language.
        rows: its spans, no two of a row at the same time; oldest first.
        spans: all of them, also those for which there was no row.
        known: up to when they are known; earlier than the end of the drawing: they were lost.
    """

    name: str
    rows: Sequence[Sequence[Span]]
    spans: Sequence[Span]
    known: datetime

    def in_force(self) -> list[Span]:
        """List those that have not ended."""
        return [span for span in self.spans if span.ended is None]


def window(picture: PublicPicture) -> tuple[datetime, datetime]:
    """Give the 24 hours that are drawn; they end at the next full ten minutes."""
    past = _past(picture.as_of)
    end = picture.as_of - past + (STEP if past else timedelta())
    return end - DAY, end


def _past(at: datetime) -> timedelta:
    """Tell how long ago the last full ten minutes were at *at*."""
    return timedelta(minutes=at.minute % 10, seconds=at.second, microseconds=at.microsecond)


def recent(picture: PublicPicture) -> list[Span]:
    """List the warnings of the drawn hours, each once, oldest first."""
    first, _ = window(picture)
    found = [
        span
        for span in picture.spans
        if (span.ended is None or span.ended > first) and not span.event_type.startswith(_TWIN)
    ]
    return sorted(found, key=lambda span: (span.began, span.id, span.signal or ""))


def known_until(picture: PublicPicture, span: Span) -> datetime:
    """Tell up to when the feed that *span* came by is known, within the drawn hours."""
    first, end = window(picture)
    known = knowledge(picture, span.id.partition(":")[0])
    if known.state == "live":
        return end
    return first if known.at is None else min(end, max(first, known.at - _past(known.at)))


def lanes(picture: PublicPicture, spans: Sequence[Span], lang: Lang) -> list[Lane]:
    """Sort *spans* into lanes: our own city's first, then Macao's, then the neighbours'."""
    order = list(FAMILIES)
    found: dict[tuple[int, int, str], list[Span]] = {}
    for span in spans:
        family = _SAME.get(span.event_type, span.event_type)
        place = 2 if span.publisher in _NEAR else int(span.publisher == _MACAO)
        if place == 2:
            family = ""
        rank = order.index(family) if family in FAMILIES else len(order)
        found.setdefault((place, rank, family), []).append(span)
    return [
        Lane(
            _name(place, family, those, lang),
            _pack(those),
            those,
            min(known_until(picture, span) for span in those),
        )
        for (place, _, family), those in sorted(found.items())
    ]


def _name(place: int, family: str, spans: Sequence[Span], lang: Lang) -> str:
    if place == 2:
        return plain("line.near", lang)
    name = FAMILIES[family][lang] if family in FAMILIES else said(spans[-1].title, lang)[0]
    name = name or family
    return plain("line.macao", lang, name=name) if place else name


def _pack(spans: Sequence[Span]) -> list[list[Span]]:
    """Put spans that overlap in time into rows of their own, as far as there are rows."""
    rows: list[list[Span]] = []
    for span in spans:
        for row in rows:
            last = row[-1].ended
            if last is not None and last <= span.began:
                row.append(span)
                break
        else:
            if len(rows) < MOST_ROWS:
                rows.append([span])
    return rows


def signal_word(span: Span, lang: Lang) -> str:
    """Give the shortest word for the level of *span*; "" where its kind has but one."""
    known = SIGNALS.get(span.signal or "")
    return known[lang] if known is not None else ""
