"""The widget and the data page: small, honest in words, marked in an exercise, never markup."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from cop.model.district import District
from cop.model.text import LANGS, Lang
from cop.services.publishing.editions import Document
from cop.services.publishing.paths import LANG_PATHS
from cop.services.publishing.picture import PublicPicture
from cop.ui.public import data_page, embed
from cop.ui.public.bundles import bundles
from cop.ui.public.context import Context
from cop.ui.public.datasets import DATASET_KEYS
from tests.unit.ui.public_town import (
    NOW,
    context,
    feature,
    feeds,
    hostile_evening,
    picture,
    severe_evening,
    warnings,
)

MOST_BYTES = 15 * 1024
MARKS = {"en": "EXERCISE", "zh-Hant": "演習", "zh-Hans": "演习"}


class Reader(HTMLParser):
    """Reads a page: its texts, its tags, what they lead to."""

    def __init__(self, page: bytes) -> None:
        """Read *page*."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """Give all that is said, in one line."""
        return re.sub(r"\s+", " ", "".join(self.words)).strip()


def edition(known: PublicPicture, **settings: Any) -> Context:
    """Make the edition that shows *known*, without the text of the pages."""
    made = context(replace(known, features={}), **settings)
    files = dict(made.files) | {
        "embed.js": "/public/a/embed.js",
        "embed.css": "/public/a/embed.css",
    }
    return replace(made, picture=known, files=files)


def pages(made: Iterable[Document]) -> dict[str, bytes]:
    """Give documents by path."""
    return {one.path: one.body for one in made}


def widget(known: PublicPicture, path: str = "en/embed", **settings: Any) -> Reader:
    """Read one widget."""
    return Reader(pages(embed.documents(edition(known, **settings)))[f"{path}/index.html"])


def test_there_is_one_for_each_district_and_language() -> None:
    """The city and 18 districts, in three languages, each with its own lang and title."""
    made = pages(embed.documents(edition(severe_evening())))
    assert len(made) == 3 * (1 + len(District))
    assert b'<html lang="zh-Hant-HK">' in made["tc/embed/wan-chai/index.html"]
    assert "香港警告：灣仔".encode() in made["tc/embed/wan-chai/index.html"]


def test_it_is_light() -> None:
    """Page, style and script together are at most 15 KB compressed, on the worst evening."""
    many = [
        {**one, "id": f"{one['id']}-{n}"} for n in range(30) for one in severe_evening().of("alert")
    ]
    page = pages(embed.documents(edition(picture(*many))))["tc/embed/index.html"]
    shared = bundles()
    bodies = [page, shared["embed.js"].body, shared["embed.css"].body]
    assert sum(len(gzip.compress(body)) for body in bodies) <= MOST_BYTES


def test_it_says_what_holds() -> None:
    """Warnings with severity in words and since when; counts of the city and of a district."""
    city = widget(severe_evening()).text
    assert "◆ Black rainstorm Extreme since 22:05" in city
    assert "Landslip Severe since 6 Sept 22:00" in city
    assert "Thunderstorm" not in city, "it is over"
    assert "Shenzhen" not in city, "it holds elsewhere"
    assert "2 closed roads" in city
    district = widget(severe_evening(), "en/embed/yuen-long").text
    assert "Black rainstorm" in district
    assert "1 closed road" in district


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ({}, "No warning is in force"),
        ({"hko_warnings": 30.0}, "Warnings: last known 2023-09-07 22:30. It may have changed."),
        ({"hko_warnings": None}, "Warnings: no information."),
    ],
    ids=["empty", "stale", "unknown"],
)
def test_unknown_is_not_empty(ages: dict[str, float | None], said: str) -> None:
    """Nothing in force is said only where it was looked; else since when nothing is known."""
    words = widget(picture(known=feeds(**ages))).text
    assert said in words
    assert ("No warning is in force" in words) is (not ages)


def test_what_is_down_is_said() -> None:
    """Since when nothing new can arrive stands above all else."""
    down = {"worker": NOW - timedelta(minutes=12)}
    assert "Since 2023-09-07 22:48" in widget(severe_evening(down=down)).text


def test_more_than_fit_are_counted() -> None:
    """Of many warnings the worst are named and the others counted."""
    many = [
        feature(
            f"hko_warnings:{n}", "alert", "x", event_type="x", publisher="HKO", title={"en": "X"}
        )
        for n in range(11)
    ]
    assert "and 3 more" in widget(picture(*many)).text


@pytest.mark.parametrize("lang", LANGS)
def test_an_exercise_is_marked(lang: Lang) -> None:
    """In the title, in the heading, and above it."""
    path = f"{LANG_PATHS[lang]}/embed"
    known = severe_evening(exercise=True, operation="exercise-1")
    read = widget(known, path)
    assert read.text.count(MARKS[lang]) >= 3
    assert MARKS[lang] not in widget(severe_evening(), path).text


@pytest.mark.parametrize("path", ["en/embed", "tc/embed/yuen-long"])
def test_it_asks_for_nothing_else(path: str) -> None:
    """One own script and style, no form, no refresh; links leave the frame."""
    read = widget(severe_evening(), path)
    assert read.tags.count("script") == 1
    assert not {"form", "iframe", "img", "style", "object", "base"} & set(read.tags)
    names = [name for name, _ in read.attributes]
    assert not [name for name in names if name.startswith("on") or name in ("style", "http-equiv")]
    targets = [value for name, value in read.attributes if name == "target"]
    links = [
        value for name, value in read.attributes if name == "href" and not value.endswith(".css")
    ]
    assert targets == ["_top"] * len(links)


def test_hostile_words_are_words() -> None:
    """No publisher's text becomes markup, in the widget or on the data page."""
    made = edition(hostile_evening())
    plain = edition(severe_evening())
    for maker in (embed.documents, data_page.documents):
        attacked, harmless = pages(maker(made)), pages(maker(plain))
        assert set(attacked) == set(harmless)
        for path, page in attacked.items():
            read = Reader(page)
            assert read.tags.count("script") == Reader(harmless[path]).tags.count("script")
            assert "img" not in read.tags
            assert not [name for name, _ in read.attributes if name.startswith("on")]
            assert not [value for _, value in read.attributes if "javascript:" in value]


def data(known: PublicPicture, lang: str = "en", **settings: Any) -> Reader:
    """Read the page on open data."""
    return Reader(pages(data_page.documents(edition(known, **settings)))[f"{lang}/data/index.html"])


@pytest.mark.parametrize("lang", LANG_PATHS.values())
def test_the_data_page_names_everything(lang: str) -> None:
    """Every table, feed of its language and the schema are linked; terms stand with each source."""
    read = data(severe_evening(), lang)
    links = {value for name, value in read.attributes if name == "href"}
    assert {f"/public/data/{key}.csv" for key in DATASET_KEYS} <= links
    assert {f"/public/data/{key}.geojson" for key in (*DATASET_KEYS, "all")} <= links
    assert {"/public/data/sources.csv", "/public/data/schema.json", "/public/now.json"} <= links
    assert len([one for one in links if one.startswith(f"/public/feeds/{lang}/")]) == 2 * 19
    assert "DATA.GOV.HK terms of use" in read.text
    assert f'<iframe src="https://cop.example/{lang}/embed/"' in read.text
    assert 'sandbox="allow-scripts' in read.text


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("maps@cop.example", "mailto:maps@cop.example"),
        ("https://cop.example/contact", "https://cop.example/contact"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_whom_to_tell_of_an_error(contact: str, href: str | None) -> None:
    """The operator's address or page, where it is one; otherwise the publishers alone."""
    read = data(severe_evening(), contact=contact)
    links = [value for name, value in read.attributes if name == "href"]
    assert ("For what is ours" in read.text) is (href is not None)
    assert href is None or href in links
    assert not [link for link in links if link.startswith("javascript")]


def test_the_data_page_says_that_it_is_an_exercise() -> None:
    """Title, band and the words on what is never published say so."""
    read = data(severe_evening(exercise=True, operation="exercise-1"))
    assert read.text.startswith("EXERCISE")
    assert "running an exercise" in read.text
    assert "running an exercise" not in data(severe_evening()).text


def test_the_same_picture_gives_the_same_pages() -> None:
    """Nothing but the picture goes into them."""
    made = edition(picture(*warnings()))
    assert pages(embed.documents(made)) == pages(embed.documents(made))
