"""What the public text is made of: blocks that can be exchanged one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

SectionKey = Literal[
    "top",
    "warnings",
    "hazards",
    "roads",
    "shelters",
    "first_aid",
    "hospitals",
    "air",
    "rain",
    "tide",
    "transport",
    "sources",
]

SECTIONS: Final[tuple[SectionKey, ...]] = get_args(SectionKey)
"""In the order of the page."""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page's text: an item, or the head or chart of a section.

    The page holds it as `<li id="b-…" data-id="…" data-district="…">…</li>` in the list of its
    section, or as `<div id="head-SECTION">…</div>`; an update exchanges the whole element.

    Attributes:
        key: id of the feature, or `head-SECTION`, `chart-SECTION`: unique in a page.
        section: where it stands.
        order: sorts within its section, as text.
        district: code of the district; "" where it concerns all or none.
        html: the whole element, as markup that passes the page's policy; ages stand in it as
            `<span data-ago="ISO time"></span>`, filled in when a page is written and by its script.
    """

    key: str
    section: SectionKey
    order: str
    district: str
    html: str
