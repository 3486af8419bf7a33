from __future__ import annotations

from collections.abc import Iterable

import pytest

from cop.errors import Misconfigured
from cop.model.text import Lang
from tests.unit.workers.making import NOON, a_feed
from workers.feed import Feed, Poll, Source, in_languages
from workers.recognise import recognise

LANGS: dict[Lang, str] = {"en": "Eng", "zh-Hant": "ChT", "zh-Hans": "ChS"}
TRADITIONAL = "天文台現正發出黑色暴雨警告信號,市民應留在室內".encode()
SIMPLIFIED = "天文台现正发出黑色暴雨警告信号,市民应留在室内".encode()
TEXTS = in_languages("texts", "https://data.example.test/warning_{lang}.json", LANGS)


def names(poll: Poll) -> list[tuple[str, str | None]]:
    """Tell which documents a poll has, and in which languages."""
    return [(payload.source.name, payload.source.lang) for payload in poll.payloads]


def two_documents() -> Feed:
    """Make a feed of a JSON array and a JSON object."""
    return a_feed(
        sources=(
            Source(name="list", url="https://e.test/list", looks_like=lambda b: b[:1] == b"["),
            Source(name="map", url="https://e.test/map", looks_like=lambda b: b[:1] == b"{"),
        )
    )


def test_takes_the_only_document() -> None:
    """A feed of one document takes whatever it is given: the parser says what is wrong with it."""
    assert names(recognise(a_feed(), [("x.bin", b"?")], NOON)) == [("levels", None)]


def test_tells_by_look() -> None:
    """Documents are told apart by their look, whatever the files are called, in source order."""
    poll = recognise(two_documents(), [("1", b"{}"), ("2", b"[]")], NOON)
    assert names(poll) == [("list", None), ("map", None)]


@pytest.mark.parametrize("label", ["map=", ""])
def test_tells_by_label_or_name(label: str) -> None:
    """A label, or a file called like the document, goes before the look."""
    assert names(recognise(two_documents(), [(f"{label}map.json", b"[]")], NOON)) == [("map", None)]


@pytest.mark.parametrize(
    ("name", "body", "lang"),
    [
        ("a.json", TRADITIONAL, "zh-Hant"),
        ("a.json", SIMPLIFIED, "zh-Hans"),
        ("a.json", "天文台現正發出警告".encode("big5"), "zh-Hant"),
        ("a.json", b'{"warning": "black"}', "en"),
        ("warning_ChS.json", b"{}", "zh-Hans"),
        ("warning_tc_2026.json", b'{"code": "TC"}', "zh-Hant"),
        ("warning_uc.xml", SIMPLIFIED, "zh-Hans"),
        ("texts.zh-Hant=a.json", b"{}", "zh-Hant"),
        ("texts.sc=a.json", b"{}", "zh-Hans"),
        ("texts.en.json", b"{}", "en"),
    ],
)
def test_tells_the_language(name: str, body: bytes, lang: str) -> None:
    """The characters decide on the language, then the name, and a label before both."""
    assert names(recognise(a_feed(sources=TEXTS), [(name, body)], NOON)) == [("texts", lang)]


def test_refuses_the_unknown() -> None:
    """A file that is none of the documents is refused with what the feed takes."""
    with pytest.raises(Misconfigured, match=r"takes list, map; .*DOCUMENT=FILE"):
        recognise(two_documents(), [("x.csv", b"a,b")], NOON)


def test_refuses_two_of_one() -> None:
    """Two files that are the same document are refused, not one of them dropped."""
    with pytest.raises(Misconfigured, match=r"two files are the document texts\.zh-Hant"):
        recognise(a_feed(sources=TEXTS), [("a", TRADITIONAL), ("b", TRADITIONAL)], NOON)


def test_finds_the_second_round() -> None:
    """Documents that the first round names are recognised by the words of their address."""

    def tracks(poll: Poll) -> Iterable[Source]:
        numbers = poll.one("list").decode().strip("[]").split(",")
        return [Source(name="track", url=f"https://e.test/track_{n}.xml") for n in numbers]

    feed = a_feed(sources=two_documents().sources, follow=tracks)
    poll = recognise(feed, [("track_2102.xml", b"<b/>"), ("list", b"[2101,2102]")], NOON)
    assert [payload.source.url for payload in poll.payloads] == [
        "https://e.test/list",
        "https://e.test/track_2102.xml",
    ]


def test_tables_come_shipped_or_from_files() -> None:
    """A joined table is the shipped one where no file gives it."""
    poll = recognise(a_feed(joins=("ha_hospitals", "nothing")), [("levels.csv", b"levels")], NOON)
    assert len(poll.table("ha_hospitals")) > 10
    assert poll.table("nothing") == {}
