"""The collections that a reader may see: one for each kind, with terms, attribution and extent.

Where a kind has several sorts of shape now there is one for each of them too, as `hazard_areas`.
Their addresses hold always, so that what was set up in calm weather finds them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cop.errors import NotFound
from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.model.publisher import said_by
from cop.model.text import Lang, say
from cop.services.features import words
from cop.services.features.sheet import Shape, Sheet
from cop.services.feed_status import status_id
from cop.services.publishing.editions import LICENCE

_ADDRESS: Final = re.compile(r"https?://[^\s)]+")
_PORTAL: Final = "DATA.GOV.HK"


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what something may be passed on.

    Attributes:
        words: as its publisher says it.
        address: where that stands; "" where the words are all there is.
        status: id of the status of the feed that it is of; "" for our own.
    """

    words: str
    address: str
    status: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as its reader sees it.

    Attributes:
        id: the name of the kind, and of the shape where it is a part.
        title, description: in the reader's language.
        sheet: what is in it.
        terms: of all that is in it, each once.
        attribution: who must be named, in the reader's language.
    """

    id: str
    title: str
    description: str
    sheet: Sheet
    terms: tuple[Terms, ...]
    attribution: str


def kinds_for(audience: Audience) -> tuple[Kind, ...]:
    """List the kinds that *audience* may see anything of, in the order of their names."""
    return tuple(sorted(kind for kind in ALLOWED[audience]))


def collection_id(kind: Kind, shape: Shape | None = None) -> str:
    """Give the id of the collection of *kind*, or of what of it has that *shape*."""
    return kind.value if shape is None else f"{kind.value}_{shape.value}"


def part_of(collection: str, audience: Audience) -> tuple[Kind, Shape | None]:
    """Give the kind of the *collection* with that id, and the shape of all that is in it.

    Raises:
        NotFound: there is none that *audience* may see.
    """
    for kind in kinds_for(audience):
        for shape in (None, *Shape):
            if collection_id(kind, shape) == collection:
                return kind, shape
    raise NotFound("there is no such collection for you: /ogc/collections lists them")


def describe(sheet: Sheet, licences: Mapping[str, str], lang: Lang) -> Collection:
    """Put together what is said of the collection of *sheet*; *licences* are by feed."""
    kind, shape = sheet.kind, sheet.shape
    title, description = (say(of[kind], lang) for of in (words.TITLES, words.DESCRIPTIONS))
    if shape is not None:
        title = say(words.PART, lang).format(title=title, shape=say(words.SHAPES[shape], lang))
        description += (" " if lang == "en" else "") + say(words.ONLY, lang)
    return Collection(
        id=collection_id(kind, shape),
        title=title,
        description=description,
        sheet=sheet,
        terms=_terms(sheet, licences),
        attribution=attribution(sheet, lang),
    )


def licences_of(statuses: Sheet) -> dict[str, str]:
    """Give by feed under which terms it is, from the sheet of the feeds' status."""
    found = {}
    for line in statuses.lines:
        licence = line.feature()["properties"].get("licence")
        if isinstance(licence, str) and licence:
            found[line.id] = licence
    return found


def attribution(sheet: Sheet, lang: Lang) -> str:
    """Name everybody whose word is in *sheet*, and say under what it stands."""
    said = ({"publisher": code, "origin": origin} for code, origin in sorted(sheet.publishers))
    names = [said_by(one, lang) for one in said]
    stops = {"en": ("; ", ". "), "zh-Hant": ("、", "。"), "zh-Hans": ("、", "。")}[lang]
    rest = say(words.TERMS, lang)
    if sheet.audience is not Audience.PUBLIC:
        rest += (" " if lang == "en" else "") + say(words.INSIDE, lang)
    return f"{stops[0].join(names)}{stops[1]}{rest}" if names else rest


def _terms(sheet: Sheet, licences: Mapping[str, str]) -> tuple[Terms, ...]:
    """List the terms of the feeds in *sheet*, and our own for what the public may have."""
    found: dict[str, Terms] = {}
    for feed in sorted(sheet.feeds - {""}):
        said = licences.get(status_id(feed))
        if said:
            address = _ADDRESS.search(said)
            where = address.group().rstrip(".,;") if address else ""
            where = LICENCE if not where and said.startswith(_PORTAL) else where
            found.setdefault(said, Terms(said, where, status_id(feed)))
    if sheet.kind in ALLOWED[Audience.PUBLIC] and (not found or "" in sheet.feeds):
        found[LICENCE] = Terms("DATA.GOV.HK terms and conditions", LICENCE, "")
    return tuple(found.values())
