"""Writing Atom 1.0 (RFC 4287) with places in GeoRSS-Simple."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml import etree

from cop.clock import utc_iso
from cop.model.geometry import positions

ATOM: Final = "http://www.w3.org/2005/Atom"
GEORSS: Final = "http://www.georss.org/georss"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_INVALID: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, however it is written."""
_MOST_CORNERS: Final = 200
"""An outline of more is given as the box around it: feed readers draw marks, not coasts."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a feed or an entry; *href* may be relative to the feed's own address."""

    href: str
    rel: str = "alternate"
    media_type: str = ""
    lang: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """What an entry is of: *term* in the vocabulary *scheme*, *label* in words."""

    term: str
    scheme: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry.

    Attributes:
        id: an IRI that stays the same for ever and is never used again.
        title, summary: plain text.
        updated: when it last changed in a way that matters; aware.
        published: when it was first so; aware.
        author: who says so.
        rights: the terms under which it may be passed on.
        categories, links: see there.
        geometry: GeoJSON geometry, or None where there is no place.
    """

    id: str
    title: str
    summary: str
    updated: datetime
    published: datetime | None
    author: str
    rights: str
    categories: Sequence[Category] = ()
    links: Sequence[Link] = ()
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, in one language: a BCP 47 tag. Entries stand in the order in which they are given."""

    id: str
    title: str
    subtitle: str
    updated: datetime
    lang: str
    author: str
    rights: str
    links: Sequence[Link]
    entries: Sequence[Entry]


def valid(text: str) -> str:
    """Give *text* with U+FFFD in the place of each character that XML cannot hold."""
    return _INVALID.sub("\ufffd", text)


def write_atom(feed: Feed) -> bytes:
    """Give *feed* as a document in UTF-8."""
    names: Any = {None: ATOM, "georss": GEORSS}  # the stubs know no default namespace
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=names)
    root.set(_LANG, feed.lang)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", utc_iso(feed.updated))
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", feed.author)
    _add(root, "rights", feed.rights)
    _add_links(root, feed.links)
    for entry in feed.entries:
        _add_entry(root, entry)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def georss_of(geometry: Mapping[str, Any]) -> tuple[str, str] | None:
    """Give name and text of the GeoRSS-Simple element of *geometry*: latitude first.

    A point, a line and an area of one part are given as they are (an area without its holes);
    anything else as the box around it. None: there is no position in it.
    """
    kind, parts = geometry["type"], geometry["coordinates"]
    if kind.startswith("Multi") and len(parts) == 1:
        kind, parts = kind.removeprefix("Multi"), parts[0]
    places = [(lat, lon) for lon, lat in positions(dict(geometry))]
    if not places:
        return None
    if kind == "Point":
        return "point", _places(places)
    if kind == "LineString" and len(places) <= _MOST_CORNERS:
        return "line", _places(places)
    if kind == "Polygon" and len(parts[0]) <= _MOST_CORNERS:
        return "polygon", _places((lat, lon) for lon, lat in parts[0])
    lats, lons = zip(*places, strict=True)
    return "box", _places([(min(lats), min(lons)), (max(lats), max(lons))])


def _places(places: Iterable[tuple[float, float]]) -> str:
    """Give *places* (latitude, longitude) as GeoRSS writes them, never with an exponent."""
    return " ".join(f"{lat:.5f} {lon:.5f}" for lat, lon in places)


def _add_entry(root: Any, entry: Entry) -> None:
    element = etree.SubElement(root, f"{{{ATOM}}}entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", utc_iso(entry.updated))
    if entry.published is not None:
        _add(element, "published", utc_iso(entry.published))
    _add(etree.SubElement(element, f"{{{ATOM}}}author"), "name", entry.author)
    for category in entry.categories:
        etree.SubElement(
            element,
            f"{{{ATOM}}}category",
            term=valid(category.term),
            scheme=valid(category.scheme),
            label=valid(category.label),
        )
    _add_links(element, entry.links)
    _add(element, "rights", entry.rights)
    _add(element, "summary", entry.summary)
    place = None if entry.geometry is None else georss_of(entry.geometry)
    if place is not None:
        etree.SubElement(element, f"{{{GEORSS}}}{place[0]}").text = place[1]


def _add_links(parent: Any, links: Iterable[Link]) -> None:
    for link in links:
        element = etree.SubElement(parent, f"{{{ATOM}}}link", rel=link.rel, href=valid(link.href))
        for name, value in (
            ("type", link.media_type),
            ("hreflang", link.lang),
            ("title", link.title),
        ):
            if value:
                element.set(name, valid(value))


def _add(parent: Any, name: str, words: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = valid(words)
