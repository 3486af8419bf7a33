"""Writing RSS 2.0 with places in GeoRSS-Simple, of the same feed that is written as Atom."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from cop.formats.atom import ATOM, GEORSS, Entry, Feed, georss_of, valid


def write_rss(feed: Feed) -> bytes:
    """Give *feed* as a document in UTF-8; its first link is its own address."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "georss": GEORSS})
    channel = etree.SubElement(root, "channel")
    own, *others = feed.links
    _add(channel, "title", feed.title)
    _add(channel, "link", (others or [own])[0].href)
    _add(channel, "description", feed.subtitle)
    _add(channel, "language", feed.lang)
    _add(channel, "copyright", feed.rights)
    _add(channel, "lastBuildDate", _moment(feed.updated))
    etree.SubElement(
        channel, f"{{{ATOM}}}link", rel="self", href=valid(own.href), type="application/rss+xml"
    )
    for entry in feed.entries:
        _add_item(channel, entry)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _add_item(channel: Any, entry: Entry) -> None:
    item = etree.SubElement(channel, "item")
    _add(item, "title", entry.title)
    for link in entry.links[:1]:
        _add(item, "link", link.href)
    _add(item, "description", entry.summary)
    for category in entry.categories:
        _add(item, "category", category.label).set("domain", valid(category.scheme))
    _add(item, "guid", entry.id).set("isPermaLink", "false")
    _add(item, "pubDate", _moment(entry.published or entry.updated))
    place = None if entry.geometry is None else georss_of(entry.geometry)
    if place is not None:
        etree.SubElement(item, f"{{{GEORSS}}}{place[0]}").text = place[1]


def _add(parent: Any, name: str, words: str) -> Any:
    element = etree.SubElement(parent, name)
    element.text = valid(words)
    return element


def _moment(at: datetime) -> str:
    """Give *at* as RSS wants it (RFC 822)."""
    return format_datetime(at.astimezone(UTC), usegmt=True)
