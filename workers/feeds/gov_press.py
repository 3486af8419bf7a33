"""Government press releases: shelters opened and closed, and the news.

There is no live feed of shelters: the Home Affairs Department announces them here, in words. Each
shelter is one facility whatever it is called in either language, and a later announcement
supersedes an earlier one; nothing here ever takes a shelter off the picture. English and Chinese
releases mostly have numbers of their own and cannot be paired, so each is then a note in its own
language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from cop.errors import PayloadError
from cop.formats.placed import slug
from cop.formats.prose import in_language, plain_text, safe_link
from cop.formats.releases import Release, language_or, read_json_releases, read_shelters
from cop.formats.rss import read_rss
from cop.formats.variants import explain
from cop.model.kinds import Facility, Note
from cop.model.text import merge, text
from workers.feed import Feed, Ignored, Item, Payload, Poll, Refused, in_languages

KEEP: Final = timedelta(hours=48)
"""How long a release stays on the picture as news; shelters stay until they are superseded."""

_WORDS: Final = ("title", "description")

LONGEST: Final = 8_000
"""Characters of a release that are kept."""

NAMES_NONE: Final = "speaks of shelters but names none that opened or closed"


def parse(poll: Poll) -> Iterator[Item]:
    """Yield a note per release and a facility per shelter that the releases name."""
    releases: list[Release] = []
    reasons: list[str] = []
    for payload in poll.all("releases"):
        try:
            found = list(_releases(payload))
        except PayloadError as error:
            reasons.append(str(error))
            yield Refused(f"releases {payload.source.lang}", reasons[-1])
            continue
        releases.extend(item for item in found if isinstance(item, Release))
        yield from (item for item in found if not isinstance(item, Release))
    if not releases and (reasons or not poll.payloads):
        raise PayloadError(reasons[0] if reasons else "no document arrived")
    yield from _notes(releases)
    for shelter in read_shelters(releases, poll.table("community_halls"), feed="gov_press"):
        yield shelter if isinstance(shelter, Facility) else Ignored(shelter, NAMES_NONE)


def _notes(releases: list[Release]) -> Iterator[Item]:
    """Give a note for each number; a release with one number in two languages is one note."""
    notes: dict[str, Note] = {}
    for release in releases:
        try:
            note = _note(release)
        except ValueError as error:
            yield Refused(release.id or release.title[:60], explain(error))
            continue
        before = notes.get(note.id)
        if before is None:
            notes[note.id] = note
        elif release.lang in before.title:
            yield Ignored(release.id, "the same release again")
        else:
            words = {name: merge(getattr(before, name), getattr(note, name)) for name in _WORDS}
            notes[note.id] = before.model_copy(update=words)
    yield from notes.values()


def _releases(payload: Payload) -> Iterator[Release | Item]:
    start = payload.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        yield from read_json_releases(payload.body)
        return
    channel = read_rss(payload.body)
    for item in channel.items:
        title = plain_text(item.title)
        body = plain_text(item.body)
        if not title and not body:
            yield Refused(item.link or item.guid or "item", "a release without words")
            continue
        number = re.search(r"(P?\d{12,20})", item.guid or item.link)
        at = item.published_at or channel.published_at
        yield Release(
            id=number[1] if number else slug(item.guid or item.link or title),
            title=title,
            body=body,
            lang=language_or(title + body, payload.source.lang),
            at=at,
            link=safe_link(item.link) or safe_link(item.guid),
        )


def _note(release: Release) -> Note:
    return Note(
        id=f"gov_press:{release.id}",
        feed="gov_press",
        publisher="ISD",
        title=in_language(release.title or release.body[:80], release.lang),
        description=in_language(release.body[:LONGEST], release.lang),
        observed_at=release.at,
        expires_at=release.at + KEEP if release.at is not None else None,
        topic="news",
        link=release.link,
    )


FEED = Feed(
    key="gov_press",
    title=text("Government press releases", "政府新聞公報", "政府新闻公报"),
    publisher="ISD",
    licence="© Government of the Hong Kong SAR; source: info.gov.hk",
    sources=in_languages(
        "releases",
        "https://www.info.gov.hk/gia/rss/general_{lang}.xml",
        {"en": "en", "zh-Hant": "zh"},
        looks_like=lambda body: b"<rss" in body[:1000] or b'"content"' in body,
        repeats=True,
    ),
    every=timedelta(minutes=2),
    stale_after=timedelta(hours=12),
    parse=parse,
    complete=False,
    expected=(0, 2000),
    joins=("community_halls",),
)
