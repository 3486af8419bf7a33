"""The warnings of the last 24 hours: a lane for each kind, a bar for each level in force.

What is in force is filled and ends in an arrow; what has ended is an outline. The more serious a
level, the higher its bar. From when the warnings could no longer be read, a veil covers the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cop.clock import HONG_KONG
from cop.model.text import Lang
from cop.services.publishing.picture import PublicPicture, Span
from cop.ui.public.chart_lanes import Lane, known_until, lanes, recent, signal_word, window
from cop.ui.public.chart_svg import (
    SIZE,
    SMALL,
    WIDTH,
    Table,
    drawing,
    element,
    figure,
    fit,
    label,
    number,
    stripes,
    table,
    width_of,
)
from cop.ui.public.chart_words import plain, word
from cop.ui.public.markup import ago, checked, clock, esc, tell, time_of
from cop.ui.public.sections import knowledge
from cop.ui.public.words import term

FEED: Final = "hko_warnings"

_LEFT: Final = 4.0
_NOW: Final = 324.0
_TOP: Final = 26.0
_HEAD: Final = 17.0
_ROW: Final = 24.0
_WORDS: Final = 15.0
_GAP: Final = 8.0
_KEY_ROW: Final = 16.0
_HEIGHTS: Final = {"Extreme": 20.0, "Severe": 16.0, "Moderate": 12.0, "Minor": 8.0}
_LOWEST: Final = 8.0
_VEIL: Final = "c-line-veil"


@dataclass(frozen=True, slots=True)
class _Scale:
    """From when to when is drawn."""

    first: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Give the place of a moment, kept within the drawing."""
        share = (at - self.first) / (self.end - self.first)
        return _LEFT + min(1.0, max(0.0, share)) * (_NOW - _LEFT)


def timeline_chart(picture: PublicPicture, lang: Lang) -> str:
    """Draw the warnings of the last 24 hours as a `<figure>`."""
    spans = recent(picture)
    known = knowledge(picture, FEED)
    title = word("line.title", lang)
    if known.at is None and not spans:
        return figure("line", "unknown", title, [word("line.unknown", lang)])
    first, end = window(picture)
    lines = [word("checked", lang, time=checked(FEED))]
    since = picture.spans_since
    since = since if since is not None and since > first else None
    if not spans and known.state == "live":
        key = "line.empty" if since is None else "line.empty-since"
        none = word(key, lang, time=time_of(since or first))
        return figure("line", "empty", title, [f"{none} {lines[0]}"])
    if known.state == "stale":
        lines = [
            word("line.lost", lang, time=time_of(known.at or first), ago=ago(known.at or first))
        ]
    if not spans:
        return figure("line", "unknown", title, lines)
    if since is not None:
        lines.append(word("line.unseen", lang, time=time_of(since)))
    body = [
        _draw(lanes(picture, spans, lang), spans, _Scale(first, end), lang),
        table(_table(picture, spans, lang), lang),
    ]
    return figure("line", known.state, title, lines, body)


def _draw(found: Sequence[Lane], spans: Sequence[Span], scale: _Scale, lang: Lang) -> str:
    tops: list[float] = []
    bottom = _TOP
    for lane in found:
        tops.append(bottom)
        bottom += _HEAD + sum(_height(row, lang) for row in lane.rows) + _GAP
    in_force = sum(span.ended is None for span in spans)
    desc = plain("line.desc", lang, n=in_force, ended=len(spans) - in_force)
    parts = [element("defs", stripes(_VEIL, "c-veil-line")), *_axis(scale, bottom, lang)]
    for lane, top in zip(found, tops, strict=True):
        parts += _lane(lane, top, scale, lang)
    keys = ["line.key.now", "line.key.ended", "line.key.height"]
    keys += ["line.key.veil"] if any(lane.known < scale.end for lane in found) else []
    for index, key in enumerate(keys):
        y = bottom + _KEY_ROW * (index + 1)
        parts += _key(key, y, lang)
    height = bottom + _KEY_ROW * len(keys) + 6
    return drawing("line", plain("line.title", lang), desc, height, parts)


def _axis(scale: _Scale, bottom: float, lang: Lang) -> Iterator[str]:
    """Draw every third hour of the day, write every sixth, and the line of now."""
    now = plain("line.now", lang)
    free = _NOW + 4 - width_of(now, SMALL) - 6
    hour = scale.first.astimezone(HONG_KONG).replace(minute=0, second=0, microsecond=0)
    while hour < scale.end:
        hour += timedelta(hours=1)
        if hour.hour % 3 or hour > scale.end:
            continue
        x = scale.x(hour)
        yield element("line", x1=x, x2=x, y1=_TOP - 6, y2=bottom, class_="c-grid")
        half = width_of("00:00", SMALL) / 2
        if hour.hour % 6 == 0 and x - half >= 0 and x + half <= free:
            yield label(x, _TOP - 10, clock(hour), "c-soft", text_anchor="middle", font_size=SMALL)
    yield element("line", x1=_NOW, x2=_NOW, y1=_TOP - 6, y2=bottom, class_="c-now")
    yield label(_NOW + 4, _TOP - 10, now, "c-strong", text_anchor="end", font_size=SMALL)


def _height(row: Sequence[Span], lang: Lang) -> float:
    """Give the room of a row: its bars, and the words of its levels if it has any."""
    return _ROW + (_WORDS if any(signal_word(span, lang) for span in row) else 0)


def _lane(lane: Lane, top: float, scale: _Scale, lang: Lang) -> Iterator[str]:
    state = _state(lane, scale, lang)
    in_force = bool(lane.in_force())
    words = f"▶ {state}" if in_force else state
    yield element("rect", x=0, y=top, width=WIDTH, height=_HEAD - 1, class_="c-ground")
    room = WIDTH - 2 * _LEFT - 10 - width_of(words, SMALL)
    yield label(_LEFT, top + SIZE, fit(lane.name, room), "c-strong")
    class_ = "c-strong" if in_force else "c-soft"
    yield label(WIDTH - _LEFT, top + SIZE, words, class_, text_anchor="end", font_size=SMALL)
    top += _HEAD
    if lane.known < scale.end:
        x = scale.x(lane.known)
        height = sum(_height(row, lang) for row in lane.rows)
        box = {"x": x, "y": top, "width": max(2.0, _NOW - x), "height": height}
        yield element("rect", **box, class_="c-veil", fill=f"url(#{_VEIL})")
    for row in lane.rows:
        base = top + _ROW - 2
        yield element("line", x1=_LEFT, x2=_NOW, y1=base, y2=base, class_="c-axis")
        for span in row:
            yield _bar(span, base, lane.known, scale)
        yield from _levels(row, base, scale, lang)
        top += _height(row, lang)


def _state(lane: Lane, scale: _Scale, lang: Lang) -> str:
    """Say in words how it stands with a lane now."""
    in_force = lane.in_force()
    if in_force and lane.known < scale.end:
        return plain("line.last", lang)
    if len(in_force) > 1:
        return plain("line.several", lang, n=len(in_force))
    if in_force:
        return plain("line.since", lang, time=clock(in_force[0].began))
    ended = max(span.ended for span in lane.spans if span.ended is not None)
    return plain("line.ended", lang, time=clock(ended))


def _bar(span: Span, base: float, known: datetime, scale: _Scale) -> str:
    """Draw a span standing on *base*: filled with an arrow where last *known*, or an outline."""
    severity = span.severity if span.severity in _HEIGHTS else "Unknown"
    height = _HEIGHTS.get(severity, _LOWEST)
    x = scale.x(span.began)
    end = scale.x(span.ended or known)
    end = min(max(end, x + 2), _NOW)
    x = min(x, end - 2)
    state = "now" if span.ended is None else "ended"
    class_ = f"c-span c-span-{state} c-sev-{severity.lower()}"
    arrow = f" l7,{number(height / 2)} l-7,{number(height / 2)}" if span.ended is None else ""
    right = arrow or f" v{number(height)}"
    path = f"M{number(x)},{number(base)} v-{number(height)} H{number(end)}{right} z"
    return element("path", d=path, class_=class_)


def _levels(row: Sequence[Span], base: float, scale: _Scale, lang: Lang) -> Iterator[str]:
    """Write the level below each bar, side by side, with a line where a word had to move."""
    words = [(scale.x(span.began), signal_word(span, lang)) for span in row]
    words = [(x, said) for x, said in words if said]
    places: list[float] = []
    edge = _LEFT
    for x, said in words:
        places.append(max(x, edge))
        edge = places[-1] + width_of(said, SMALL) + 5
    limit: float = WIDTH - 2
    for index in range(len(words) - 1, -1, -1):
        places[index] = min(places[index], limit - width_of(words[index][1], SMALL))
        limit = places[index] - 5
    for (x, said), place in zip(words, places, strict=True):
        if place < 0:
            continue  # more levels than there is room for: the table has them all
        if abs(place - x) > 3:
            path = f"M{number(x + 1)},{number(base)} L{number(place + 3)},{number(base + 4)}"
            yield element("path", d=path, class_="c-leader")
        yield label(place, base + SMALL + 2, said, font_size=SMALL)


def _key(key: str, y: float, lang: Lang) -> Iterator[str]:
    """Say what a shape means, with a sample of it."""
    path, class_ = {
        "line.key.now": (
            f"M{_LEFT},{number(y)} v-10 h12 l6,5 l-6,5 z",
            "c-span c-span-now c-sev-minor",
        ),
        "line.key.ended": (
            f"M{_LEFT},{number(y)} v-10 h16 v10 z",
            "c-span c-span-ended c-sev-minor",
        ),
        "line.key.height": (
            f"M{_LEFT},{number(y)} v-5 h8 v-6 h8 v11 z",
            "c-span c-span-ended c-sev-unknown",
        ),
    }.get(key, ("", ""))
    if path:
        yield element("path", d=path, class_=class_)
    else:
        box = {"x": _LEFT, "y": y - 10, "width": 16.0, "height": 10.0}
        yield element("rect", **box, class_="c-veil", fill=f"url(#{_VEIL})")
    yield label(_LEFT + 26, y, plain(key, lang), font_size=SMALL)


def _table(picture: PublicPicture, spans: Sequence[Span], lang: Lang) -> Table:
    """List the warnings, the newest first."""
    _, end = window(picture)

    def cells(span: Span) -> list[str]:
        lost = known_until(picture, span) < end
        ended = word("not-known" if lost else "line.in-force", lang)
        return [
            tell(span.title, lang) or esc(span.signal or span.event_type),
            term("severity", span.severity, lang),
            time_of(span.began),
            ended if span.ended is None else time_of(span.ended),
        ]

    heads = ("line.warning", "line.severity", "line.from", "line.to")
    rows = [cells(span) for span in reversed(spans)]
    return Table(word("line.caption", lang), [word(key, lang) for key in heads], rows)
