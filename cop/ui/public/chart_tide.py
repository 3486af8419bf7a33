"""The sea at each tide gauge: its level now, the tide expected, and the height of danger.

Both feeds give metres above Chart Datum, so that they can be compared: measured less expected is
what wind and low pressure add, the storm surge. Expected heights are by the hour; between two
hours they are drawn out in a straight line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from cop.model.entity import Kind
from cop.model.text import Lang, Text
from cop.services.publishing.picture import Feature, PublicPicture
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
from cop.ui.public.markup import ago, checked, clock, moment, said, tell, time_of
from cop.ui.public.sections import knowledge

LEVELS: Final = "hko_sea_level"
TIDES: Final = "hko_tides"
DANGER_M: Final = 3.0
"""Metres above Chart Datum at Victoria Harbour from which low-lying places may be flooded, as the
Observatory's storm surge leaflet and its bulletins say; no height is published for other gauges."""
DANGER_GAUGE: Final = "QUB"
"""The gauge of Victoria Harbour: Quarry Bay."""

_LEFT: Final = 4.0
_RIGHT: Final = 332.0
_TOP: Final = 40.0
_ROW: Final = 36.0
_KEY_ROW: Final = 16.0
_VEIL: Final = "c-tide-veil"
_HIGH: Final = "c-tide-high"
_NEAR: Final = timedelta(minutes=15)


@dataclass(slots=True)
class Gauge:
    """One tide gauge.

    Attributes:
        key: the publisher's three letters, or its name.
        name: in words.
        level: measured, metres above Chart Datum; None: not known.
        at: when that was.
        hours: expected height by the hour, metres above Chart Datum.
    """

    key: str
    name: Text
    level: float | None = None
    at: datetime | None = None
    hours: dict[datetime, float] = field(default_factory=dict)

    def expected(self) -> float | None:
        """Give the height expected when the level was measured, else at the first hour known."""
        if not self.hours:
            return None
        first, last = min(self.hours), max(self.hours)
        at = first if self.at is None else self.at
        if not first - _NEAR <= at <= last + _NEAR:
            return None
        at = min(max(at, first), last)
        before = max(hour for hour in self.hours if hour <= at)
        after = min(hour for hour in self.hours if hour >= at)
        share = (at - before) / (after - before) if after > before else 0.0
        return self.hours[before] + share * (self.hours[after] - self.hours[before])

    def surge(self) -> float | None:
        """Give how much higher the sea is than expected; None: not known."""
        expected = self.expected()
        return None if self.level is None or expected is None else self.level - expected

    def top(self, now: datetime) -> tuple[datetime, float] | None:
        """Give the highest of the hours from *now* on."""
        ahead = [(height, hour) for hour, height in self.hours.items() if hour >= now]
        return max(ahead)[::-1] if ahead else None


def tide_chart(picture: PublicPicture, lang: Lang) -> str:
    """Draw the sea level at each gauge against its forecast and danger level as a `<figure>`."""
    gauges = _read(picture, lang)
    known = knowledge(picture, LEVELS)
    title = word("tide.title", lang)
    times = [gauge.at for gauge in gauges if gauge.at is not None and gauge.level is not None]
    if not gauges or (not times and not any(gauge.hours for gauge in gauges)):
        return figure("tide", "unknown", title, [word("tide.unknown", lang)])
    state = known.state if times else "unknown"
    lines = [word("tide.unknown", lang)]
    if times:
        at = max(times)
        when = {"to": time_of(at), "time": time_of(at), "ago": ago(at)}
        lines = [
            word("stale", lang, **when)
            if state == "stale"
            else f"{word('tide.when', lang, **when)} {word('checked', lang, time=checked(LEVELS))}"
        ]
    reached = "tide.reached-old" if state == "stale" else "tide.reached"
    if any(one.key == DANGER_GAUGE and (one.level or 0.0) >= DANGER_M for one in gauges):
        lines.append(f'<strong class="c-reached">{word(reached, lang)}</strong>')
    now = picture.as_of.replace(minute=0, second=0, microsecond=0)
    body = [
        _draw(gauges, now, lang),
        f'<p class="c-note">{word("tide.note", lang)}</p>',
        table(_table(gauges, now, lang), lang),
    ]
    return figure("tide", state, title, lines, body)


def _read(picture: PublicPicture, lang: Lang) -> list[Gauge]:
    """Give the gauges of both feeds, those with the highest sea first."""
    gauges: dict[str, Gauge] = {}
    for feature in sorted(picture.of(Kind.OBSERVATION), key=lambda one: str(one["id"])):
        properties = feature["properties"]
        if properties.get("feed") not in {LEVELS, TIDES} or properties.get("ended"):
            continue
        key = str(properties.get("station") or feature["id"])
        gauge = gauges.setdefault(key, Gauge(key, properties.get("place") or {"en": key}))
        if properties["feed"] == LEVELS:
            gauge.at = moment(properties.get("observed_at"))
            gauge.level = _metres(properties.get("value"))
        else:
            gauge.hours = _hours(feature, picture.as_of)
    return sorted(
        gauges.values(),
        key=lambda one: (
            one.level is None,
            -(one.level or 0.0),
            not one.hours,
            said(one.name, lang)[0],
        ),
    )


def _metres(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if good and -5 < value < 12 else None  # type: ignore[operator,arg-type]


def _hours(feature: Feature, now: datetime) -> dict[datetime, float]:
    """Read the expected heights, if they are of this time."""
    properties: Mapping[str, Any] = feature["properties"]
    first = moment(properties.get("observed_at"))
    until = moment(properties.get("expires_at"))
    if first is None or (until is not None and until <= now):
        return {}
    found = {first: _metres(properties.get("value"))}
    for name, value in (properties.get("measures") or {}).items():
        ahead = str(name).removeprefix("in_").removesuffix("h_m")
        if ahead.isdecimal() and len(ahead) < 3:
            found[first + timedelta(hours=int(ahead))] = _metres(value)
    return {hour: height for hour, height in found.items() if height is not None}


def _draw(gauges: Sequence[Gauge], now: datetime, lang: Lang) -> str:
    heights = [height for gauge in gauges for height in gauge.hours.values()]
    heights += [gauge.level for gauge in gauges if gauge.level is not None]
    low = min(0.0, math.floor(min(heights)))
    high = max(4.0, math.ceil(max(heights)))
    unit = (_RIGHT - _LEFT) / (high - low)
    bottom = _TOP + _ROW * len(gauges)
    desc = plain(
        "tide.desc", lang, unknown=sum(one.level is None for one in gauges), all=len(gauges)
    )
    patterns = stripes(_VEIL, "c-veil-line") + stripes(_HIGH, "c-bar-line", 4)
    parts = [element("defs", patterns)]
    parts.append(label(_LEFT, 11, plain("tide.axis", lang), "c-soft", font_size=SMALL))
    for height in range(int(low), int(high) + 1):
        x = _LEFT + (height - low) * unit
        danger = height == DANGER_M
        parts.append(
            element(
                "line",
                x1=x,
                x2=x,
                y1=_TOP - 8,
                y2=bottom,
                class_="c-danger" if danger else "c-grid",
            )
        )
        anchor = {int(low): "start", int(high): "end"}.get(height, "middle")
        words = f"{height} {plain('m', lang)}" if danger else str(height)
        class_ = "c-strong" if danger else "c-soft"
        parts.append(label(x, _TOP - 12, words, class_, text_anchor=anchor, font_size=SMALL))
    for index, gauge in enumerate(gauges):
        parts += _gauge(gauge, _TOP + _ROW * index, (low, unit), now, lang)
    parts += _key(bottom + 8, lang)
    return drawing("tide", plain("tide.title", lang), desc, bottom + 8 + 4 * _KEY_ROW + 4, parts)


def _gauge(
    gauge: Gauge, top: float, scale: tuple[float, float], now: datetime, lang: Lang
) -> Iterator[str]:
    """Draw one gauge: its name and numbers in a line, and below it the bar with its marks."""
    low, unit = scale
    surge, expected, highest = gauge.surge(), gauge.expected(), gauge.top(now)
    if gauge.level is None:
        words, class_ = plain("none", lang), "c-soft"
    else:
        mark = "▲ " if gauge.level >= DANGER_M else ""
        words, class_ = f"{mark}{gauge.level:.2f} {plain('m', lang)}", "c-strong"
        words += "" if surge is None else f" ({signed(surge)})"
    name, _ = said(gauge.name, lang)
    room = WIDTH - 12 - width_of(words)
    ground = {"x": _LEFT, "y": top + 1, "width": _RIGHT - _LEFT, "height": 14.0}
    yield element("rect", **ground, class_="c-ground")
    yield label(_LEFT, top + SIZE, fit(name, room))
    yield label(_RIGHT, top + SIZE, words, class_, text_anchor="end")
    box = {"y": top + 20, "height": 8.0}
    if gauge.level is None:
        veil = {"x": _LEFT, "width": _RIGHT - _LEFT, **box}
        yield element("rect", **veil, class_="c-veil", fill=f"url(#{_VEIL})")
    else:
        zero, end = -low * unit, (gauge.level - low) * unit
        bar = {"x": _LEFT + min(zero, end), "width": max(1.0, abs(end - zero)), **box}
        yield element("rect", **bar, class_="c-bar")
        if gauge.level >= DANGER_M:
            yield element("rect", **bar, class_="c-range", fill=f"url(#{_HIGH})")
    if expected is not None:
        yield _expected_mark(_LEFT + (expected - low) * unit, top + 24)
    if highest is not None:
        yield _top_mark(_LEFT + (highest[1] - low) * unit, top + 20)


def _expected_mark(x: float, middle: float) -> str:
    return element("line", x1=x, x2=x, y1=middle - 7, y2=middle + 7, class_="c-expected")


def _top_mark(x: float, tip: float) -> str:
    path = f"M{number(x)},{number(tip)} l-4.5,-6 h9 z"
    return element("path", d=path, class_="c-top")


def _key(top: float, lang: Lang) -> Iterator[str]:
    """Say what the marks mean."""
    marks = (
        ("tide.key.level", element("rect", x=_LEFT, y=top + 4, width=18, height=8, class_="c-bar")),
        ("tide.key.now", _expected_mark(_LEFT + 9, top + _KEY_ROW + 8)),
        ("tide.key.top", _top_mark(_LEFT + 9, top + 2 * _KEY_ROW + 11)),
        (
            "tide.key.danger",
            element(
                "line",
                x1=_LEFT + 9,
                x2=_LEFT + 9,
                y1=top + 3 * _KEY_ROW,
                y2=top + 3 * _KEY_ROW + 15,
                class_="c-danger",
            ),
        ),
    )
    for index, (key, mark) in enumerate(marks):
        yield mark
        yield label(_LEFT + 26, top + index * _KEY_ROW + 12, plain(key, lang), font_size=SMALL)


def signed(metres: float) -> str:
    """Write a difference with its sign; less than half a centimetre is none."""
    cut = f"{metres:+.2f}"
    return "0.00" if float(cut) == 0 else cut.replace("-", "−")


def _table(gauges: Sequence[Gauge], now: datetime, lang: Lang) -> Table:
    none = word("not-known", lang)

    def cells(gauge: Gauge) -> list[str]:
        expected, surge, highest = gauge.expected(), gauge.surge(), gauge.top(now)
        return [
            tell(gauge.name, lang),
            none if gauge.level is None else f"{gauge.level:.2f}",
            none if expected is None else f"{expected:.2f}",
            none if surge is None else signed(surge),
            none
            if highest is None
            else word("tide.top-at", lang, height=f"{highest[1]:.2f}", time=clock(highest[0])),
        ]

    heads = ("tide.gauge", "tide.level", "tide.predicted", "tide.surge", "tide.top")
    rows = [cells(gauge) for gauge in gauges]
    return Table(word("tide.caption", lang), [word(key, lang) for key in heads], rows)
