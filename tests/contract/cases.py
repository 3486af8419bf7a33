"""Recorded-shape payloads of every feed, and what a feed makes of them.

`tests/contract/payloads/<feed>/<case>/` holds the documents of one poll, each named
`NAME[.TAG].ext`: NAME is the source's name; TAG is its language (`en`, `tc`, `sc`) or a part of its
address where several sources share a name (`tide.QUB.csv`). A document of the second round, which
no declared source has, gets a source of that name. Beside them may lie `received_at.txt` (ISO 8601)
and `table.KEY.json` (sites; otherwise the shipped default table is used). `expected.json` is made
by `python -m tests.contract.golden FEED`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

import workers.feeds
from cop.errors import PayloadError
from cop.model.entity import Entity
from cop.model.site import Site, Table
from cop.model.text import Lang
from cop.reference.tables import default_table, index_sites
from workers.feed import ContentAt, Feed, Ignored, Item, Payload, Poll, Refused, Source

PAYLOADS = Path(__file__).parent / "payloads"
LANGS: dict[str, Lang] = {"en": "en", "tc": "zh-Hant", "sc": "zh-Hans"}
RECEIVED_AT = datetime(2027, 6, 8, 2, 10, tzinfo=UTC)
NOT_PAYLOADS = {"expected.json", "received_at.txt"}


def find_feeds() -> dict[str, Feed]:
    """Import every module of `workers.feeds` that has a `FEED`; module name to feed."""
    found = {}
    for module in pkgutil.iter_modules(workers.feeds.__path__):
        feed = getattr(importlib.import_module(f"workers.feeds.{module.name}"), "FEED", None)
        if feed is not None:
            found[module.name] = feed
    return found


def find_cases(key: str) -> list[Path]:
    """List the case directories of feed *key*."""
    root = PAYLOADS / key
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _source(feed: Feed, file: Path) -> Source:
    name, *tags = file.name.split(".")[:-1]
    tag = tags[0] if tags else ""
    lang = LANGS.get(tag)
    named = [source for source in feed.sources if source.name == name]
    for source in named:
        if (lang is not None and source.lang == lang) or (tag and not lang and tag in source.url):
            return source
    if named and not tag:
        return named[0]
    if feed.follow is None:
        raise LookupError(f"{feed.key} has no source for {file.name}")
    return Source(name=name, url=f"https://example.invalid/{file.name}", lang=lang)


def _table(case: Path, key: str) -> Table:
    file = case / f"table.{key}.json"
    if not file.is_file():
        return default_table(key)
    return index_sites(TypeAdapter(tuple[Site, ...]).validate_json(file.read_bytes()))


def read_case(feed: Feed, case: Path) -> Poll:
    """Give the poll that the files of *case* make up."""
    files = [
        file
        for file in sorted(case.iterdir())
        if file.name not in NOT_PAYLOADS and not file.name.startswith("table.")
    ]
    at = case / "received_at.txt"
    return Poll(
        received_at=datetime.fromisoformat(at.read_text().strip()) if at.is_file() else RECEIVED_AT,
        payloads=tuple(Payload(_source(feed, file), file.read_bytes()) for file in files),
        tables={key: _table(case, key) for key in feed.joins},
    )


def with_bodies(poll: Poll, bodies: Iterable[bytes]) -> Poll:
    """Give *poll* with other bytes in its documents, in order."""
    payloads = (Payload(p.source, body) for p, body in zip(poll.payloads, bodies, strict=True))
    return replace(poll, payloads=tuple(payloads))


def outcome(items: Iterable[Item]) -> dict[str, Any]:
    """Give *items* as plain JSON values, each kind of item in its own list."""
    made: dict[str, Any] = {"entities": [], "sites": [], "ignored": [], "refused": []}
    content: datetime | None = None
    for item in items:
        if isinstance(item, Entity):
            made["entities"].append(orjson.loads(item.encode()))
        elif isinstance(item, Site):
            made["sites"].append(orjson.loads(item.model_dump_json(exclude_defaults=True)))
        elif isinstance(item, Ignored):
            made["ignored"].append([item.row, item.reason])
        elif isinstance(item, Refused):
            made["refused"].append([item.row, item.reason])
        elif isinstance(item, ContentAt):
            content = item.at if content is None else max(content, item.at)
    made["content_at"] = None if content is None else content.astimezone(UTC).isoformat()
    return made


def parse(feed: Feed, poll: Poll) -> dict[str, Any] | PayloadError:
    """Run *feed* over *poll*; a payload refused as a whole comes back as its error."""
    try:
        return outcome(feed.parse(poll))
    except PayloadError as error:
        return error
