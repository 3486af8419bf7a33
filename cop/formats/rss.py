"""RSS 2.0: the items of a channel, with what publishers really put into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from cop.errors import PayloadError
from cop.formats.payload import child, child_text, children, local_name, read_xml
from cop.formats.when import time_or_none


@dataclass(frozen=True, slots=True)
class RssItem:
    """One item.

    Attributes:
        title, link, guid: as published; "" when absent.
        body: the longest of `content:encoded` and `description`, still as mark-up.
        published_at: UTC; None when absent or unreadable.
        element: the element itself, for a publisher's own children.
    """

    title: str
    link: str
    guid: str
    body: str
    published_at: datetime | None
    element: etree._Element


@dataclass(frozen=True, slots=True)
class RssChannel:
    """A channel: its own words and times, and its items in order."""

    title: str
    language: str
    published_at: datetime | None
    items: tuple[RssItem, ...]


def read_rss(body: bytes) -> RssChannel:
    """Read an RSS 2.0 document; raises PayloadError when it is not one or has no channel."""
    root = read_xml(body, root=("rss", "RDF"))
    channel = child(root, "channel")
    if channel is None:
        raise PayloadError("RSS without a channel")
    holder = channel if local_name(root) == "rss" else root
    stamps = [time_or_none(child_text(channel, n)) for n in ("lastBuildDate", "pubDate", "date")]
    return RssChannel(
        title=child_text(channel, "title"),
        language=child_text(channel, "language"),
        published_at=max(filter(None, stamps), default=None),
        items=tuple(_item(element) for element in children(holder, "item")),
    )


def _item(element: etree._Element) -> RssItem:
    stamp = child_text(element, "pubDate") or child_text(element, "date")
    texts = [child_text(element, "encoded"), child_text(element, "description")]
    return RssItem(
        title=child_text(element, "title"),
        link=child_text(element, "link"),
        guid=child_text(element, "guid"),
        body=max(texts, key=len),
        published_at=time_or_none(stamp),
        element=element,
    )
