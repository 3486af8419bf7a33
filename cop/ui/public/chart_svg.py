"""Pieces of a chart: elements by attributes and classes alone, boxes of words, and the frame."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from cop.model.text import Lang
from cop.ui.public.chart_words import word
from cop.ui.public.markup import clean

WIDTH: Final = 340
"""Units of a chart's width: about the pixels that a small phone gives it."""
SIZE: Final = 13
SMALL: Final = 12

_NARROW: Final = frozenset(" .,:;!|'iljtfrI()[]/")


def number(value: float, digits: int = 1) -> str:
    """Write a number without needless zeros: 30.0 is 30."""
    said = f"{value:.{digits}f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said == "-0" else said


def element(name: str, inner: str = "", /, **attributes: str | float) -> str:
    """Write an element; `class_` is `class`, and other underscores are hyphens.

    *inner* is markup; values are escaped, numbers are cut to one decimal.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="'
        f'{html.escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


def _ems(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return 0.42
    return 0.76 if char.isupper() else 0.65


def width_of(words: str, size: float = SIZE) -> float:
    """Give the room that a line of *words* needs, in units: of a wide typeface, to be safe."""
    return sum(map(_ems, words)) * size


def fit(words: str, room: float, size: float = SIZE) -> str:
    """Cut *words* to one line of *room* units; what was cut shows as `…`."""
    line = clean(words).replace("\n", " ")
    if width_of(line, size) <= room:
        return line
    for end, used in enumerate(accumulate(_ems(char) * size for char in line)):
        if used > room - width_of("…", size):
            return line[:end].rstrip() + "…"
    return line


def label(x: float, y: float, words: str, class_: str = "", **more: str | float) -> str:
    """Write a line of *words*, which nobody may trust, with its base line at *y*."""
    attributes: dict[str, str | float] = {"x": x, "y": y, "font_size": SIZE, **more}
    if class_:
        attributes["class_"] = class_
    return element("text", html.escape(clean(words)), **attributes)


def stripes(name: str, class_: str, step: float = 6) -> str:
    """Define a pattern of slanted lines that elements fill themselves with by `url(#name)`."""
    line = element("path", d=f"M-1,{number(step + 1)} L{number(step + 1)},-1", class_=class_)
    return element(
        "pattern",
        line,
        id=name,
        width=step,
        height=step,
        patternUnits="userSpaceOnUse",
    )


def drawing(key: str, title: str, desc: str, height: float, parts: Iterable[str]) -> str:
    """Put *parts* into an image of *height* units with a name and a description in words."""
    return element(
        "svg",
        element("title", html.escape(title), id=f"c-{key}-title")
        + element("desc", html.escape(desc), id=f"c-{key}-desc")
        + "".join(parts),
        class_="c-svg",
        viewBox=f"0 0 {WIDTH} {number(height)}",
        role="img",
        aria_labelledby=f"c-{key}-title",
        aria_describedby=f"c-{key}-desc",
    )


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart; cells are markup, the first of each row names it."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def table(numbers: Table, lang: Lang) -> str:
    """Write the numbers, closed until somebody asks for them."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in numbers.heads)
    rows = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in numbers.rows
    )
    return (
        f'<details class="c-numbers"><summary>{word("numbers", lang)}</summary>'
        f"<table><caption>{numbers.caption}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></details>"
    )


def figure(key: str, state: str, title: str, lines: Iterable[str], body: Iterable[str] = ()) -> str:
    """Put a chart together: its title, what is said of it in lines of markup, then *body*."""
    said = "".join(f"<p>{line}</p>" for line in lines if line)
    return (
        f'<figure class="c-chart c-{key} is-{state}">'
        f'<figcaption><p class="c-title">{title}</p>{said}</figcaption>{"".join(body)}</figure>'
    )
