"""The page's text: every section as blocks of markup, in one language.

The same picture always gives the same blocks, whenever it is asked: what grows by itself, the ages
and the times of the last check, is left open in them and filled in by `fill`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import structlog

from cop.model.text import Lang
from cop.services.publishing.picture import PublicPicture
from cop.ui.public.block import SECTIONS, Block, SectionKey
from cop.ui.public.charts import rain_chart, tide_chart
from cop.ui.public.heads import Part, head, head_block
from cop.ui.public.items import properties_of
from cop.ui.public.text_hazards import hazards
from cop.ui.public.text_health import air, hospitals
from cop.ui.public.text_places import first_aid, shelters
from cop.ui.public.text_roads import roads
from cop.ui.public.text_sources import sources, sources_head
from cop.ui.public.text_top import top
from cop.ui.public.text_transport import transport, transport_head
from cop.ui.public.text_warnings import warnings
from cop.ui.public.words import word

log = structlog.get_logger(__name__)

_Chart = Callable[[PublicPicture, Lang], str]
_Maker = Callable[[PublicPicture, Lang], Part]


def _measured(section: SectionKey, measures: frozenset[str], chart: _Chart) -> _Maker:
    """Give the maker of a section that is a chart of *measures*."""

    def make(picture: PublicPicture, lang: Lang) -> Part:
        is_there = any(
            properties_of(it).get("measure") in measures
            and properties_of(it).get("value") is not None
            for it in picture.features.values()
        )
        key = f"chart-{section}"
        html = f'<div data-id="{key}" id="{key}" class="p-chart">{chart(picture, lang)}</div>'
        counts = [word(f"some.{section}", lang)] if is_there else []
        return Part([Block(key, section, "", "", html)], counts)

    return make


_MAKERS: Final[Mapping[SectionKey, _Maker]] = {
    "warnings": warnings,
    "hazards": hazards,
    "roads": roads,
    "shelters": shelters,
    "first_aid": first_aid,
    "hospitals": hospitals,
    "air": air,
    "rain": _measured("rain", frozenset(["rain_1h"]), rain_chart),
    "tide": _measured("tide", frozenset(["sea_level", "tide"]), tide_chart),
    "transport": transport,
    "sources": sources,
}
_HEADS: Final[Mapping[SectionKey, Callable[[PublicPicture, Lang], Block]]] = {
    "transport": transport_head,
    "sources": sources_head,
}


def blocks(picture: PublicPicture, lang: Lang) -> tuple[Block, ...]:
    """Give the whole text of *picture* in *lang*, in the order of the page.

    A section that cannot be made says so in place of its text; the others are as they are.
    """
    made: list[Block] = []
    for section in SECTIONS:
        try:
            made += _section(section, picture, lang)
        except Exception:  # one thing that nobody foresaw must not silence all the rest
            log.exception("public_section_failed", section=section, lang=lang)
            words = f'<p class="p-words">{word("head.broken", lang)}</p>'
            made.append(head_block(section, "unknown", words))
    return tuple(made)


def _section(section: SectionKey, picture: PublicPicture, lang: Lang) -> list[Block]:
    if section == "top":
        return [top(picture, lang)]
    part = _MAKERS[section](picture, lang)
    own_head = _HEADS.get(section)
    first = own_head(picture, lang) if own_head else head(section, part, picture, lang)
    return [first, *sorted(part.blocks, key=lambda block: (block.order, block.key))]
