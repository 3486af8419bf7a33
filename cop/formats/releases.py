"""Government press releases, and the shelters that they open and close."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cop.errors import PayloadError
from cop.formats.halls import find_hall, shelter_id
from cop.formats.payload import read_json
from cop.formats.placed import at_site, slug
from cop.formats.prose import in_language, language_of, plain_text, safe_link
from cop.formats.shelters import Announcement, mentions_shelter, read_announcements
from cop.formats.when import time_or_none
from cop.model.district import DISTRICT_NAMES, District, find_district
from cop.model.entity import Placing
from cop.model.kinds import Facility, FacilityStatus
from cop.model.site import Table
from cop.model.text import Lang, Text, merge

_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Release:
    """A press release: plain text in one language."""

    id: str
    title: str
    body: str
    lang: Lang
    at: datetime | None
    link: str | None


def is_json_release(document: Any) -> bool:
    """Tell whether *document* is a release, or a list of them: title and content."""
    rows = document if isinstance(document, list) else [document]
    return bool(rows) and all(
        isinstance(row, dict) and "title" in row and "content" in row for row in rows
    )


def read_json_releases(body: bytes) -> Iterator[Release]:
    """Read releases kept as JSON: title, content, source, timestamp.

    Raises:
        PayloadError: it is not JSON, or not of releases.
    """
    document = read_json(body)
    if not is_json_release(document):
        raise PayloadError("not a press release: no title and content")
    for row in document if isinstance(document, list) else [document]:
        title, words = plain_text(str(row["title"])), plain_text(str(row["content"]))
        at = time_or_none(row.get("timestamp"))
        stamp = f"{at:%Y%m%d%H%M}-" if at else ""
        yield Release(
            id=f"{stamp}{slug(title or words[:40])}"[:150] or "release",
            title=title,
            body=words,
            lang=language_or(title + words, None),
            at=at,
            link=safe_link(str(row.get("link") or row.get("url") or "")),
        )


def language_or(words: str, declared: Lang | None) -> Lang:
    """Believe *declared* unless *words* are plainly not in it."""
    guessed = language_of(words)
    if declared is None or (guessed == "en") != (declared == "en"):
        return guessed
    return declared


@dataclass(frozen=True, slots=True)
class _Said:
    """What a release says of one place."""

    announcement: Announcement
    release: Release


def read_shelters(
    releases: Iterable[Release], halls: Table, *, feed: str
) -> Iterator[Facility | str]:
    """Give each shelter as the latest of *releases* has it, with its names from all of them.

    A release that speaks of shelters but names none is given by its id instead.
    """
    latest: dict[str, _Said] = {}
    names: dict[str, Text] = {}
    addresses: dict[str, Text] = {}
    for release in sorted(releases, key=lambda release: release.at or _EARLIEST):
        words = f"{release.title}\n{release.body}"
        if not mentions_shelter(words):
            continue
        found = 0
        for announcement in read_announcements(release.body):
            found += 1
            if not announcement.name:
                _close_all(latest, halls, announcement.address, release)
                continue
            key = shelter_id(announcement.name, halls)
            latest[key] = _Said(announcement, release)
            names[key] = merge({release.lang: announcement.name}, names.get(key, {}))
            address = in_language(announcement.address, release.lang)
            addresses[key] = merge(address, addresses.get(key, {}))
        if not found:
            yield release.id
    for key, said in latest.items():
        yield _shelter(
            f"{feed}:shelter-{key}",
            said,
            halls,
            name=names.get(key, {}),
            address=addresses.get(key, {}),
        )


def district_of_address(address: Text) -> District | None:
    """Tell the district that *address* names: last in English, first in Chinese; else None."""
    parts = address.get("en", "").rpartition(",")
    found = find_district(parts[2].strip(" .")) if parts[1] else None
    if found is not None:
        return found
    return next(
        (
            code
            for code, names in DISTRICT_NAMES.items()
            for lang in ("zh-Hant", "zh-Hans")
            if address.get(lang, "").removeprefix("新界").startswith(names[lang])
        ),
        None,
    )


def _close_all(latest: dict[str, _Said], halls: Table, district: str, release: Release) -> None:
    """Close every shelter known here: those of these releases, and every hall of the pool.

    A hall that an earlier poll showed as open is not in these releases any more.
    """
    for site in halls.values():
        if district in ("", site.district):
            known = Announcement(site.key, "", is_open=False)
            latest.setdefault(shelter_id(site.key, halls), _Said(known, release))
    for key, said in latest.items():
        before = said.announcement
        known_as = find_hall(before.name, halls)
        if district in ("", known_as.district if known_as is not None else None):
            latest[key] = _Said(Announcement(before.name, before.address, is_open=False), release)


def _shelter(number: str, said: _Said, halls: Table, *, name: Text, address: Text) -> Facility:
    site = find_hall(said.announcement.name, halls)
    place: dict[str, Any] = at_site(site)
    if site is not None:
        name = merge(site.name, name)
        address = merge(address, site.words.get("address", {}))
    elif (district := district_of_address(address)) is not None:
        place = {"placing": Placing.DISTRICT, "district": district}
    status = FacilityStatus.OPEN if said.announcement.is_open else FacilityStatus.CLOSED
    return Facility(
        id=number,
        feed=number.partition(":")[0],
        publisher="HAD",
        title=name,
        description=in_language(said.release.title, said.release.lang),
        observed_at=said.release.at,
        facility_type="shelter",
        status=status,
        address=address,
        asserted_at=said.release.at,
        link=said.release.link,
        **place,
    )
