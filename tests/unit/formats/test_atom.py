"""Atom is written as RFC 4287 wants it, whatever the words are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cop.formats.atom import ATOM, GEORSS, Category, Entry, Feed, Link, georss_of, write_atom

AT = datetime(2023, 9, 7, 15, 0, tzinfo=UTC)
RFC_3339 = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
SQUARE = [[114.0, 22.0], [114.1, 22.0], [114.1, 22.1], [114.0, 22.0]]


def entry(words: str = "Words", **more: Any) -> Entry:
    """Make an entry that says *words* wherever it can."""
    given = {
        "id": "urn:uuid:1",
        "title": words,
        "summary": words,
        "updated": AT,
        "published": AT,
        "author": words,
        "rights": words,
        "categories": [Category(words, "urn:x-cop:kind", words)],
        "links": [Link("/en/#b-1", "alternate", "text/html", "en", words)],
    }
    return Entry(**(given | more))


def feed(*entries: Entry, words: str = "Words") -> Feed:
    """Make a feed of *entries*."""
    return Feed(
        id="urn:uuid:0",
        title=words,
        subtitle=words,
        updated=AT,
        lang="zh-Hant-HK",
        author=words,
        rights=words,
        links=[Link("/public/feeds/tc/all.atom", "self", "application/atom+xml")],
        entries=entries,
    )


def parse(body: bytes) -> Any:
    """Read a document as a strict reader does."""
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))


def texts(root: Any, name: str) -> list[str]:
    """List the texts of all elements *name* of Atom."""
    return [one.text or "" for one in root.iter(f"{{{ATOM}}}{name}")]


def test_a_feed_has_what_the_format_demands() -> None:
    """Ids, titles, moments, authors, links to itself; the language; moments are RFC 3339."""
    here = datetime(2023, 9, 7, 23, 0, tzinfo=timezone(timedelta(hours=8)))
    root = parse(write_atom(feed(entry(updated=here), entry(id="urn:uuid:2", published=None))))
    assert root.tag == f"{{{ATOM}}}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hant-HK"
    for one in (root, *root.findall(f"{{{ATOM}}}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{{{ATOM}}}{name}")) == 1, name
        assert one.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name")
    moments = texts(root, "updated") + texts(root, "published")
    assert all(map(RFC_3339.match, moments))
    assert set(moments) == {"2023-09-07T15:00:00Z"}
    links = root.findall(f"{{{ATOM}}}link")
    assert [one.get("rel") for one in links] == ["self"]


@given(st.text(st.characters(codec=None, exclude_categories=[]), max_size=60))
def test_any_words_come_out_as_text(words: str) -> None:
    """What XML can hold comes back as it was, and never as markup; the rest as U+FFFD."""
    root = parse(write_atom(feed(entry(words), words=words)))
    allowed = (
        char if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff") else "\ufffd"
        for char in words
    )
    expected = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in allowed)
    assert texts(root, "title") == [expected, expected]
    assert texts(root, "summary") == [expected]
    assert root.find(f".//{{{ATOM}}}category").get("label") == expected
    assert {str(one.tag).partition("}")[0][1:] for one in root.iter()} == {ATOM}


@pytest.mark.parametrize(
    ("geometry", "found"),
    [
        ({"type": "Point", "coordinates": [114.03, 22.44]}, ("point", "22.44000 114.03000")),
        (
            {"type": "LineString", "coordinates": [[114, 22], [114.1, 22.2]]},
            ("line", "22.00000 114.00000 22.20000 114.10000"),
        ),
        (
            {"type": "Polygon", "coordinates": [SQUARE, SQUARE]},
            (
                "polygon",
                "22.00000 114.00000 22.00000 114.10000 22.10000 114.10000 22.00000 114.00000",
            ),
        ),
        (
            {"type": "MultiPoint", "coordinates": [[114.0, 22.0], [114.5, 22.3]]},
            ("box", "22.00000 114.00000 22.30000 114.50000"),
        ),
        (
            {"type": "MultiPoint", "coordinates": [[114.0, 22.0]]},
            ("point", "22.00000 114.00000"),
        ),
        (
            {"type": "LineString", "coordinates": [[0.00001, 1], *([[1, 2]] * 300)]},
            ("box", "1.00000 0.00001 2.00000 1.00000"),
        ),
        ({"type": "MultiPolygon", "coordinates": []}, None),
    ],
)
def test_places_are_latitude_first(geometry: dict[str, Any], found: object) -> None:
    """A point, a line, an outline as they are; anything else, or too long, as its box."""
    assert georss_of(geometry) == found
    root = parse(write_atom(feed(entry(geometry=geometry))))
    places = [one for one in root.iter() if str(one.tag).startswith(f"{{{GEORSS}}}")]
    assert [(str(one.tag).partition("}")[2], one.text) for one in places] == (
        [found] if found else []
    )
