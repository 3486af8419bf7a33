"""News items of news.gov.hk, in English and Chinese.

`pubDate` is always midnight: the time is in `objectId`, which both languages share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from cop.errors import PayloadError
from cop.formats.payload import child_text
from cop.formats.placed import slug
from cop.formats.prose import language_of, plain_text, safe_link
from cop.formats.rss import RssItem, read_rss
from cop.formats.when import time_or_none
from cop.model.kinds import Note
from cop.model.text import Lang, merge, text
from workers.feed import Feed, Ignored, Item, Poll, Refused, Source, in_languages

CATEGORIES: Final = ("law_order", "environment", "health", "infrastructure")

KEEP: Final = timedelta(hours=48)
"""How long an item stays; a category that could not be read this time takes nothing away."""

_OBJECT = re.compile(r"(\d{8})_(\d{6})(?:_\d+)?")


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one note per item, its languages merged by `objectId`."""
    notes: dict[str, Note] = {}
    reasons: list[str] = []
    readable = 0
    for payload in poll.payloads:
        try:
            channel = read_rss(payload.body)
        except PayloadError as error:
            reasons.append(str(error))
            yield Refused(f"{payload.source.name} {payload.source.lang}", reasons[-1])
            continue
        readable += 1
        for item in channel.items:
            yield from _take(item, payload.source.lang, notes)
    if not readable:
        raise PayloadError(reasons[0] if reasons else "no document arrived")
    yield from notes.values()


def _take(item: RssItem, declared: Lang | None, notes: dict[str, Note]) -> Iterator[Item]:
    title, body = plain_text(item.title), plain_text(item.body)
    number = _OBJECT.search(child_text(item.element, "objectId") or item.guid or item.link)
    if not title:
        yield Refused(item.guid or item.link or "item", "an item without a title")
        return
    guessed = language_of(title + body)
    wrong = declared is None or (guessed == "en") != (declared == "en")
    lang: Lang = guessed if wrong or declared is None else declared
    at = _moment(number, item)
    key = number[0] if number else slug(item.guid or item.link or title)
    if not key:
        yield Refused(title, "an item without an id")
        return
    note = Note(
        id=f"gov_news:{key}",
        feed="gov_news",
        publisher="ISD",
        title={lang: title},
        description={lang: body[:4000]} if body else {},
        observed_at=at,
        expires_at=at + KEEP if at is not None else None,
        topic="news",
        link=safe_link(item.link) or safe_link(item.guid),
    )
    before = notes.get(note.id)
    if before is None:
        notes[note.id] = note
    elif lang in before.title:
        yield Ignored(key, "also in another category")
    else:
        notes[note.id] = before.model_copy(
            update={
                "title": merge(before.title, note.title),
                "description": merge(before.description, note.description),
            }
        )


def _moment(number: re.Match[str] | None, item: RssItem) -> datetime | None:
    """Take the time in the id; the published date alone when the id has none."""
    stamp = time_or_none(number[1] + number[2]) if number else None
    return stamp or item.published_at


def _sources() -> Iterator[Source]:
    for category in CATEGORIES:
        yield from in_languages(
            category,
            f"https://www.news.gov.hk/{{lang}}/categories/{category}/html/articlelist.rss.xml",
            {"en": "eng", "zh-Hant": "chi"},
            optional=True,
            looks_like=lambda body: b"<rss" in body[:1000],
            repeats=True,
        )


FEED = Feed(
    key="gov_news",
    title=text("Government news", "政府新聞網", "政府新闻网"),
    publisher="ISD",
    licence="© Government of the Hong Kong SAR; source: news.gov.hk",
    sources=tuple(_sources()),
    every=timedelta(minutes=5),
    stale_after=timedelta(hours=24),
    parse=parse,
    complete=False,
    expected=(0, 2000),
)
