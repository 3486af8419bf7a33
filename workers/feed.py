"""The recipe of a feed: what to fetch, how often, and a pure function from bytes to entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cop.errors import PayloadError
from cop.model.entity import Entity
from cop.model.site import Site, Table
from cop.model.text import Lang, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document to fetch.

    Attributes:
        name: which document this is, within the feed; language variants share a name.
        url: absolute; may hold `{hk:%Y-%m-%d}` and the like: Hong Kong time of the poll.
        lang: its language, where a document comes in several.
        optional: the poll is still usable without it (for language variants: at least one of a
            name must arrive unless all are optional).
        looks_like: recognises the document's bytes when a file is handed to `cop feeds parse`.
        headers: request headers beyond the usual ones.
        legacy_tls: the host speaks only old TLS; lowers the level for this host alone.
        repeats: several files handed to `cop feeds parse` may be this document (days of an
            archive, messages of one kind): `parse` reads every payload of this name.
    """

    name: str
    url: str
    lang: Lang | None = None
    optional: bool = False
    looks_like: Callable[[bytes], bool] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    legacy_tls: bool = False
    repeats: bool = False


def in_languages(
    name: str,
    url: str,
    codes: Mapping[Lang, str],
    *,
    optional: bool = False,
    looks_like: Callable[[bytes], bool] | None = None,
    repeats: bool = False,
) -> tuple[Source, ...]:
    """Make one source per language: *url* holds `{lang}`, replaced by the publisher's code."""
    return tuple(
        Source(
            name=name,
            url=url.replace("{lang}", code),
            lang=lang,
            optional=optional,
            looks_like=looks_like,
            repeats=repeats,
        )
        for lang, code in codes.items()
    )


@dataclass(frozen=True, slots=True)
class Payload:
    """A document as received."""

    source: Source
    body: bytes


@dataclass(frozen=True, slots=True)
class Poll:
    """What a feed's `parse` is handed.

    Attributes:
        received_at: when the payloads arrived (UTC).
        payloads: the documents that arrived.
        tables: the reference tables named in `Feed.joins`.
        known: what the feed itself has on the picture now, by id; only for a feed that `recalls`.
        noted: what its last usable poll noted (`Noted`); likewise.
    """

    received_at: datetime
    payloads: tuple[Payload, ...]
    tables: Mapping[str, Table] = field(default_factory=dict)
    known: Mapping[str, Entity] = field(default_factory=dict)
    noted: bytes = b""

    def all(self, name: str) -> list[Payload]:
        """Give every payload of document *name*, in the order of the feed's sources."""
        return [payload for payload in self.payloads if payload.source.name == name]

    def one(self, name: str) -> bytes:
        """Give the only payload of document *name*; raises PayloadError when it is missing."""
        for payload in self.payloads:
            if payload.source.name == name:
                return payload.body
        raise PayloadError(f"the document {name!r} is missing")

    def by_language(self, name: str) -> dict[Lang, bytes]:
        """Give the language variants of document *name*."""
        return {p.source.lang: p.body for p in self.all(name) if p.source.lang is not None}

    def table(self, name: str) -> Table:
        """Give a reference table; empty when it was not declared or is not known yet."""
        return self.tables.get(name, {})


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is rightly not an entity: cancelled, empty, of no concern here."""

    row: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that should have been an entity and could not be read."""

    row: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContentAt:
    """The publisher's own time of the payload; the latest of several counts."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """A known entity, by id, that the publisher has ended in so many words: no doubt holds it."""

    id: str


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of one message as it came; they are kept under their SHA-256."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """What the next poll is to be handed; the last of several counts."""

    body: bytes


Item = Entity | Site | Ignored | Refused | ContentAt | Ended | Original | Noted
"""What `parse` yields. Sites make up the reference table named like the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A configured source. A module in `workers/feeds/` with a `FEED` is polled; nothing else.

    Attributes:
        key: the module's name.
        title: what people call it.
        publisher: code in `cop.model.publisher.PUBLISHERS`.
        licence: terms, and the attribution they ask for.
        sources: the documents of the first round.
        every: how often to poll.
        stale_after: the age, of content or of the last success, past which it is stale. A feed
            yields `ContentAt` only if its publisher renews it on a cadence even when nothing
            happens; a feed that changes on events alone has no content age, only a fetch age.
        parse: bytes in, items out. Raises PayloadError when the payload as a whole is not the
            expected document; yields Refused for a bad row. No I/O, no clock.
        complete: the payload lists everything in force: what is missing from it has ended.
        expected: the least and most entities (or sites) of a plausible payload.
        max_loss: a complete payload that would end more than this share of at least 20 known
            entities is implausible until it has come three times in a row.
        joins: keys of the feeds whose reference tables `parse` needs.
        recalls: `parse` is handed the feed's own entities and notes, as `Poll.known` and
            `Poll.noted`: for a publisher whose documents drop what still holds. It works without
            them too.
        follow: documents of the second round, named by those of the first (a list of tracks).
        hosts: hosts that may be asked besides those of *sources*, for *follow* and redirects.
        setup: tells one way of setting the feed up from another; where it changes, payloads that
            are known are read again.
        max_bytes: cap of one decoded body.
        timeout: time for one document, in all.
    """

    key: str
    title: Text
    publisher: str
    licence: str
    sources: tuple[Source, ...]
    every: timedelta
    stale_after: timedelta
    parse: Callable[[Poll], Iterator[Item]]
    complete: bool = True
    expected: tuple[int, int] = (0, 100_000)
    max_loss: float = 0.5
    joins: tuple[str, ...] = ()
    recalls: bool = False
    follow: Callable[[Poll], Iterable[Source]] | None = None
    hosts: tuple[str, ...] = ()
    setup: str = ""
    max_bytes: int = 5_000_000
    timeout: timedelta = timedelta(seconds=20)


DATA_GOV_HK = "DATA.GOV.HK terms of use; source: {department}, via DATA.GOV.HK"
"""Licence text of feeds listed on DATA.GOV.HK; fill in the department's English name."""

HKO_LANGS: Mapping[Lang, str] = {"en": "en", "zh-Hant": "tc", "zh-Hans": "sc"}
"""Language codes of the Observatory, the Hospital Authority and others."""
