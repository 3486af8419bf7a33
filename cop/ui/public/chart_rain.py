"""The rain of the past hour by district, as bars: all 18, also those of which nothing is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cop.model.district import DISTRICT_NAMES, District
from cop.model.entity import Kind
from cop.model.text import Lang
from cop.services.publishing.picture import PublicPicture
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
from cop.ui.public.markup import ago, checked, esc, moment, time_of
from cop.ui.public.sections import knowledge

FEED: Final = "hko_current"
LINES_MM: Final = (30, 50, 70)
"""Rain in an hour: the Observatory's amber, red and black rainstorm signals are about these."""

_LEFT: Final = 132.0
_RIGHT: Final = 274.0
_TOP: Final = 46.0
_ROW: Final = 21.0
_LEAST_SCALE_MM: Final = 80.0
_MOST_MM: Final = 1000.0
_VEIL: Final = "c-rain-veil"
_RANGE: Final = "c-rain-range"


@dataclass(frozen=True, slots=True)
class Rain:
    """The rain of one district in an hour.

    Attributes:
        district: of which.
        most: at its wettest gauge, mm; None: not known, which is not nothing.
        least: at its driest gauge, mm; None: not said.
        repair: whether a gauge is under repair.
    """

    district: District
    most: float | None = None
    least: float | None = None
    repair: bool = False


def rain_chart(picture: PublicPicture, lang: Lang) -> str:
    """Draw the rain of the past hour by district as a `<figure>`."""
    rows, began, ended = _read(picture)
    known = knowledge(picture, FEED)
    title = word("rain.title", lang)
    if ended is None or all(row.most is None for row in rows):
        return figure("rain", "unknown", title, [word("rain.unknown", lang)])
    times = {"to": time_of(ended), "time": time_of(ended), "ago": ago(ended)}
    key = "rain.at"
    if began is not None:
        times["from"] = time_of(began)
        key = "rain.when"
    lines = [f"{word(key, lang, **times)} {word('checked', lang, time=checked(FEED))}"]
    if known.state == "stale":
        lines = [word("stale", lang, **times)]
    if all(row.most == 0 for row in rows):
        lines.append(word("rain.dry", lang))
    body = [
        _draw(rows, lang),
        f'<p class="c-note">{word("rain.key", lang)} {word("rain.note", lang)}</p>',
        table(_table(rows, lang), lang),
    ]
    return figure("rain", known.state, title, lines, body)


def _read(picture: PublicPicture) -> tuple[list[Rain], datetime | None, datetime | None]:
    """Give the rain of every district, the wettest first, and the hour it fell in."""
    found: dict[str, Rain] = {}
    times: list[tuple[datetime, datetime | None]] = []
    for feature in picture.of(Kind.OBSERVATION):
        said = feature["properties"]
        district = said.get("district")
        if said.get("feed") != FEED or said.get("measure") != "rain_1h" or said.get("ended"):
            continue
        if district not in DISTRICT_NAMES:
            continue
        quality = said.get("quality", "ok")
        most = _millimetres(said.get("value")) if quality in {"ok", "maintenance"} else None
        measures = said.get("measures") or {}
        least = _millimetres(measures.get("min_mm"))
        usable = least is not None and most is not None and least <= most
        code = District(district)
        found[code] = Rain(code, most, least if usable else None, quality == "maintenance")
        at = moment(said.get("observed_at"))
        if at is not None:
            times.append((at, moment(said.get("valid_from"))))
    rows = [found.get(code, Rain(code)) for code in District]
    rows.sort(key=lambda row: -1.0 if row.most is None else row.most, reverse=True)
    ended, began = max(times, key=lambda time: time[0], default=(None, None))
    return rows, began, ended


def _millimetres(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if good and 0 <= value <= _MOST_MM else None  # type: ignore[operator,arg-type]


def _draw(rows: Sequence[Rain], lang: Lang) -> str:
    most = max(row.most or 0.0 for row in rows)
    scale = max(_LEAST_SCALE_MM, math.ceil(most / 20) * 20)
    first = rows[0]
    desc = plain(
        "rain.desc",
        lang,
        most=number(first.most or 0.0),
        district=DISTRICT_NAMES[first.district][lang],
        unknown=sum(row.most is None for row in rows),
    )
    height = _TOP + _ROW * len(rows) + 4
    patterns = stripes(_VEIL, "c-veil-line") + stripes(_RANGE, "c-bar-line", 4)
    parts = [element("defs", patterns), *_axis(scale, height, lang)]
    for index, row in enumerate(rows):
        parts += _bar(row, _TOP + _ROW * index, scale, lang)
    return drawing("rain", plain("rain.title", lang), desc, height, parts)


def _axis(scale: float, height: float, lang: Lang) -> Iterator[str]:
    """Draw the lines of the signals' amounts, with their numbers above in as many steps as fit."""
    yield label(_LEFT, 11, plain("rain.axis", lang), "c-soft", font_size=SMALL)
    yield element("line", x1=_LEFT, x2=_LEFT, y1=_TOP - 4, y2=height, class_="c-axis")
    close = (LINES_MM[1] - LINES_MM[0]) * (_RIGHT - _LEFT) / scale < width_of("50", SMALL) + 4
    for step, amount in enumerate(LINES_MM):
        x = _LEFT + amount * (_RIGHT - _LEFT) / scale
        low = not close or step % 2 == 0
        y = _TOP - 7 if low else _TOP - 21
        yield element("line", x1=x, x2=x, y1=y + 3, y2=height, class_="c-threshold")
        yield label(x, y, str(amount), "c-strong", text_anchor="middle", font_size=SMALL)


def _bar(row: Rain, top: float, scale: float, lang: Lang) -> Iterator[str]:
    base = top + _ROW / 2 + SIZE / 3
    name = DISTRICT_NAMES[row.district][lang].replace(" and ", " & ")
    yield label(_LEFT - 6, base, fit(name, _LEFT - 8, SMALL), text_anchor="end", font_size=SMALL)
    if row.most is None:
        box = {"x": _LEFT, "y": top + 4, "width": 22.0, "height": _ROW - 8}
        yield element("rect", **box, class_="c-veil-ground")
        yield element("rect", **box, class_="c-veil", fill=f"url(#{_VEIL})")
        yield label(_LEFT + 28, base, plain("none", lang), "c-soft", font_size=SMALL)
        return
    unit = (_RIGHT - _LEFT) / scale
    least = row.most if row.least is None else row.least
    box = {"y": top + 4, "height": _ROW - 8}
    if least > 0:
        yield element("rect", x=_LEFT, width=least * unit, **box, class_="c-bar")
    if row.most > least:
        rest = {"x": _LEFT + least * unit, "width": (row.most - least) * unit, **box}
        yield element("rect", **rest, class_="c-range-ground")
        yield element("rect", **rest, class_="c-range", fill=f"url(#{_RANGE})")
    said = number(row.most)
    if row.least is not None and row.least < row.most:
        said = f"{number(row.least)}–{said}"
    x = _LEFT + row.most * unit + 4
    yield label(min(x, WIDTH - width_of(said)), base, said, "c-strong c-value")


def _table(rows: Sequence[Rain], lang: Lang) -> Table:
    none = word("not-known", lang)

    def cells(row: Rain) -> list[str]:
        name = esc(DISTRICT_NAMES[row.district][lang])
        if row.most is None:
            return [name, none, none]
        least = word("rain.not-said", lang) if row.least is None else number(row.least)
        repair = f" ({word('rain.repair', lang)})" if row.repair else ""
        return [name, "0" if row.most == 0 else least, number(row.most) + repair]

    heads = [word(key, lang) for key in ("rain.district", "rain.least", "rain.most")]
    return Table(word("rain.caption", lang), heads, [cells(row) for row in rows])
