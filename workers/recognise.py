"""Tell which document of a feed a file is: by label, by its look, by its name, by its language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Final

from cop.errors import Misconfigured, PayloadError
from cop.model.site import Table
from cop.model.text import Lang
from cop.reference.tables import default_table, index_sites
from workers.collect import collect, follow
from workers.feed import Feed, Payload, Poll, Source
from workers.registry import feed_keys, find_feed

File = tuple[str, bytes]
"""A file's name, or `DOCUMENT=name` or `DOCUMENT.lang=name`, and its bytes."""

_LANGUAGE_CODES: Final[Mapping[Lang, str]] = {
    "en": "en eng english e",
    "zh-Hant": "tc uc cht hant chi tchi big5 b5 hk tw c",
    "zh-Hans": "sc gb gc chs hans schi cn s",
}
_LANGUAGE_WORDS: Final[Mapping[str, Lang]] = {
    word: lang for lang, words in _LANGUAGE_CODES.items() for word in words.split()
}
_WORD: Final = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|\d+|ChT|ChS")
_ENCODINGS: Final = ("utf-8-sig", "big5hkscs", "gb18030")
_SAMPLE: Final = 200_000
_DECISIVE: Final = 5
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_LATIN: Final = re.compile("[A-Za-z]")
_CHINESE_SHARE: Final = 0.005
"""Chinese documents have at least this many Chinese characters for each Latin one (mark-up)."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A file told to be a document: of the feed itself, or of a table it joins."""

    owner: str
    payload: Payload


def recognise(feed: Feed, files: Sequence[File], received_at: datetime) -> Poll:
    """Make the poll that would have brought *files* to *feed*.

    Each file becomes a document of the feed, a document of the second round (`Feed.follow`), or
    a document of a feed whose table it joins. Tables that no file gives are the shipped ones.

    Raises:
        Misconfigured: a file cannot be told to be any of these, or two are the same.
        PayloadError: a file for a reference table is not in that table's format.
    """
    joined = {key: find_feed(key) for key in feed.joins if key in feed_keys()}
    sorter = _Sorter(feed, joined)
    rest = [file for file in files if not sorter.take(file, strict=True)]
    if rest:
        sorter.add(feed.key, _second_round(feed, sorter.poll_of(feed, received_at)))
    for file in rest:
        if not sorter.take(file, strict=False):
            raise Misconfigured(_what_it_takes(feed, joined, file[0]))
    tables: dict[str, Table] = {key: default_table(key) for key in feed.joins}
    for key, other in joined.items():
        tables[key] = _table(other, sorter, received_at)
    poll = sorter.poll_of(feed, received_at)
    return Poll(poll.received_at, poll.payloads, tables)


class _Sorter:
    """Gives each file to one of the documents that nobody has given yet."""

    def __init__(self, feed: Feed, joined: Mapping[str, Feed]) -> None:
        self._sources: list[tuple[str, Source]] = []
        self._matches: list[_Match] = []
        for owner in (feed, *joined.values()):
            self.add(owner.key, owner.sources)
        names = {source.name for source in feed.sources}
        self._only = (feed.key, *names) if len(names) == 1 else None

    def add(self, owner: str, sources: Iterable[Source]) -> None:
        """Let files be *sources* too."""
        self._sources += [(owner, source) for source in sources]

    def take(self, file: File, *, strict: bool) -> bool:
        """Give *file* to a document and tell whether there was one.

        Strictly, only a label or the document's own test of its look counts; otherwise the words
        of the name, and at last that the feed has but one document, do too.
        """
        label, name = _split_label(file[0])
        body = file[1]
        if label is not None:
            candidates = [pair for pair in self._sources if _is_labelled(pair[1], label)]
        else:
            candidates = self._by_evidence(name, body, strict=strict)
        if not candidates:
            return False
        owner, document = candidates[0][0], candidates[0][1].name
        variants = [s for o, s in candidates if (o, s.name) == (owner, document)]
        source = self._free(owner, _in_language(variants, name, body), body)
        self._matches.append(_Match(owner, Payload(source, body)))
        return True

    def _free(self, owner: str, sources: Sequence[Source], body: bytes) -> Source:
        """Give the first of *sources* if no file is it yet, or if several may be.

        Files of the same bytes (`{}` in three languages) are taken to be the variants in turn.
        """
        taken = {id(m.payload.source): m.payload.body for m in self._matches if m.owner == owner}
        first = sources[0]
        if id(first) not in taken or first.repeats:
            return first
        if taken[id(first)] == body:
            for source in sources:
                if id(source) not in taken:
                    return source
        raise Misconfigured(
            f"two files are the document {_describe(first)}: name them as DOCUMENT=FILE"
        )

    def _by_evidence(self, name: str, body: bytes, *, strict: bool) -> list[tuple[str, Source]]:
        named = [pair for pair in self._sources if _is_named(pair[1], name)]
        if named:
            return named
        looking = [
            pair for pair in self._sources if pair[1].looks_like and pair[1].looks_like(body)
        ]
        if looking or strict:
            return _most_alike(looking, name)
        silent = [pair for pair in self._sources if pair[1].looks_like is None]
        for pairs in (silent, self._sources):
            alike = [pair for pair in pairs if _likeness(pair[1], name)]
            if alike:
                return _most_alike(alike, name)
        return [pair for pair in self._sources if (pair[0], pair[1].name) == self._only]

    def poll_of(self, feed: Feed, received_at: datetime) -> Poll:
        """Make the poll of *feed* from the files it was given, in the order of its sources."""
        order = {id(source): place for place, (_, source) in enumerate(self._sources)}
        payloads = [match.payload for match in self._matches if match.owner == feed.key]
        payloads.sort(key=lambda payload: order[id(payload.source)])
        return Poll(received_at, tuple(payloads))


def _second_round(feed: Feed, first: Poll) -> tuple[Source, ...]:
    try:
        return follow(feed, first)
    except PayloadError:  # the first document is not among the files
        return ()


def _table(feed: Feed, sorter: _Sorter, received_at: datetime) -> Table:
    poll = sorter.poll_of(feed, received_at)
    if not poll.payloads:
        return default_table(feed.key)
    return index_sites(collect(feed, poll).sites)


def _split_label(name: str) -> tuple[str | None, str]:
    label, equals, path = name.partition("=")
    if not equals or "/" in label:
        return None, PurePath(name).name
    return label, PurePath(path).name


def _is_labelled(source: Source, label: str) -> bool:
    """Tell whether *label* is the source's name, with or without its language."""
    if label == source.name:
        return True
    name, _, code = label.rpartition(".")
    return name == source.name and source.lang in (code, _LANGUAGE_WORDS.get(code))


def _is_named(source: Source, name: str) -> bool:
    """Tell whether a file is called exactly as the document, `name.lang.ext` or `name.ext`."""
    stem = name.rpartition(".")[0] or name
    return _is_labelled(source, stem)


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


def _likeness(source: Source, name: str) -> int:
    """Count the words that a file's name shares with the document's name and address.

    A file called as the address ends is that document, whatever its words.
    """
    if PurePath(name).name.lower() == source.url.rpartition("/")[2].lower():
        return 100
    words = {word for word in _words(name) if word not in _LANGUAGE_WORDS and len(word) > 1}
    tail = source.url.partition("://")[2].partition("/")[2]
    return len(words & (_words(source.name) | _words(tail)))


def _most_alike(pairs: list[tuple[str, Source]], name: str) -> list[tuple[str, Source]]:
    best = max((_likeness(source, name) for _, source in pairs), default=0)
    return [pair for pair in pairs if _likeness(pair[1], name) == best]


def _in_language(variants: Sequence[Source], name: str, body: bytes) -> Sequence[Source]:
    """Choose among the language variants of one document by content, then by name.

    All of them come back, the likeliest first, when neither says anything.
    """
    if len(variants) == 1:
        return variants
    lettered = len(PurePath(name).stem) > 1  # `c_typhoon.xml` is Chinese, `c.xml` the third file
    codes = sorted(_words(name) & _LANGUAGE_WORDS.keys()) if lettered else []
    said = [_LANGUAGE_WORDS[code] for code in codes]
    words = _decode(body[:_SAMPLE])
    chinese = _HAN.findall(words)
    if len(chinese) < _CHINESE_SHARE * len(_LATIN.findall(words)):
        chinese = []  # names in an English document
    for lang in (_script(set(chinese)), *said):
        found = [source for source in variants if lang is not None and source.lang == lang]
        if found:
            return found
    return variants if chinese else sorted(variants, key=lambda source: source.lang != "en")


def _script(han: set[str]) -> Lang | None:
    """Tell which Chinese *han* characters are; None when they do not say."""
    traditional = sum(_encodes(c, "big5") and not _encodes(c, "gb2312") for c in han)
    simplified = sum(_encodes(c, "gb2312") and not _encodes(c, "big5") for c in han)
    more, less = max(traditional, simplified), min(traditional, simplified)
    if more - less < _DECISIVE and more < max(1, _DECISIVE * less):
        return None
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _decode(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "ignore")
    for encoding in _ENCODINGS:
        words = body.decode(encoding, "ignore")
        if len(words.encode(encoding, "ignore")) >= len(body) - 4:
            return words
    return body.decode("utf-8", "ignore")


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _describe(source: Source) -> str:
    return f"{source.name}.{source.lang}" if source.lang else source.name


def _what_it_takes(feed: Feed, joined: Mapping[str, Feed], name: str) -> str:
    own = ", ".join(_describe(source) for source in feed.sources)
    tables = ", ".join(
        f"{_describe(source)} (table {key})"
        for key, other in joined.items()
        for source in other.sources
    )
    also = f"; and for its tables {tables}" if tables else ""
    return (
        f"{name}: not a document of {feed.key}, which takes {own}{also};"
        " if it is one of these, say so: DOCUMENT=FILE or DOCUMENT.lang=FILE"
    )
