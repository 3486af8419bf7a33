"""The collections that a reader may see: one for each kind, with terms, attribution and extent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cop.errors import NotFound
from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.model.publisher import PUBLISHERS
from cop.model.text import Lang, say
from cop.services.features import words
from cop.services.features.sheet import Sheet
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
        id: the name of the kind.
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


def kind_of(collection: str, audience: Audience) -> Kind:
    """Give the kind of the *collection* with that id.

    Raises:
        NotFound: there is none that *audience* may see.
    """
    found = next((kind for kind in kinds_for(audience) if kind.value == collection), None)
    if found is None:
        raise NotFound("there is no such collection for you: /ogc/collections lists them")
    return found


def describe(sheet: Sheet, licences: Mapping[str, str], lang: Lang) -> Collection:
    """Put together what is said of the collection of *sheet*; *licences* are by feed."""
    kind = sheet.kind
    return Collection(
        id=kind.value,
        title=say(words.TITLES[kind], lang),
        description=say(words.DESCRIPTIONS[kind], lang),
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
    names = [say(PUBLISHERS.get(code, {}), lang) or code for code in sorted(sheet.publishers)]
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
