"""Short ways to hand documents to the Observatory's feeds."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime
from typing import Any

from cop.model.entity import Entity
from cop.model.text import Lang
from cop.reference.tables import default_table
from workers.feed import Feed, Ignored, Item, Payload, Poll, Refused, Source

LANGS: dict[str, Lang] = {"en": "en", "tc": "zh-Hant", "sc": "zh-Hans"}


def feed_of(key: str) -> Feed:
    """Give the feed *key*."""
    feed: Feed = importlib.import_module(f"workers.feeds.{key}").FEED
    return feed


def run(key: str, at: datetime | None = None, /, **documents: Any) -> list[Item]:
    """Parse *documents*, named `name` or `name_lang`; values that are no bytes become JSON."""
    feed = feed_of(key)
    payloads = []
    for label, document in documents.items():
        name, _, code = label.rpartition("_")
        if code not in LANGS:
            name, code = label, ""
        body = (
            document
            if isinstance(document, bytes)
            else json.dumps(document, ensure_ascii=False).encode()
        )
        source = next(
            (s for s in feed.sources if s.name == name and (not code or s.lang == LANGS[code])),
            Source(name=name, url="https://example.invalid/"),
        )
        payloads.append(Payload(source, body))
    tables = {table: default_table(table) for table in feed.joins}
    return list(
        feed.parse(Poll(at or datetime(2027, 6, 8, 2, 10, tzinfo=UTC), tuple(payloads), tables))
    )


def entities(items: list[Item]) -> dict[str, Any]:
    """Give the entities among *items* by the part of their id after the feed's key."""
    return {item.id.partition(":")[2]: item for item in items if isinstance(item, Entity)}


def ignored(items: list[Item]) -> dict[str, str]:
    """Give the reasons of the rows ignored."""
    return {item.row: item.reason for item in items if isinstance(item, Ignored)}


def refused(items: list[Item]) -> dict[str, str]:
    """Give the reasons of the rows refused."""
    return {item.row: item.reason for item in items if isinstance(item, Refused)}
