"""What all markup of the public pages is made by: links, long texts, ids, ages and times."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from lxml import html as lxml_html

from cop.ui.public.fill import age_words, fill, time_words
from cop.ui.public.markup import FIRST, element_id, is_link, prose, tell
from tests.unit.ui import public_town as town


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (47 * 3600 + 3599, "47 hours ago"),
        (48 * 3600, "2 days ago"),
        (-30, "just now"),
    ],
)
def test_ages_are_said_as_the_scripts_say_them(seconds: int, words: str) -> None:
    """Minutes, then hours, then days."""
    assert age_words(town.NOW - timedelta(seconds=seconds), town.NOW, "en") == words


def test_the_day_begins_in_hong_kong() -> None:
    """At half past midnight in Hong Kong the evening before has its date, though UTC has not."""
    midnight = town.NOW + timedelta(hours=1, minutes=30)
    assert time_words(town.NOW, midnight, "en") == "7 Sept 23:00"
    assert time_words(town.NOW, midnight, "zh-Hans") == "9月7日 23:00"
    assert time_words(midnight, midnight, "en") == "00:30"


def test_fill_leaves_other_markup_alone() -> None:
    """Only what was left open changes; a feed that is not known was never read."""
    known = town.picture()
    for same in ("<p>Checked</p>", '<span data-ago="x">y</span>', "<time>14:05</time>"):
        assert fill(same, known, "en") == same
    assert fill('<span data-checked="nobody"></span>', known, "en").endswith(">never</span>")


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://www.hko.gov.hk/en/", True),
        ("http://[::1]/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("//evil.example/", False),
        ("https://", False),
        ("https://user@evil.example/", False),
        ("https://www.hko.gov.hk\\@evil.example/", False),
        ("https://x.example/\u202egpj", False),
        ("data:text/html,x", False),
        ("https://x.example/a b", False),
        (None, False),
    ],
)
def test_links_go_to_pages_only(address: object, good: bool) -> None:
    """Only http and https, to a host, without what could make it look like another."""
    assert is_link(address) is good


def test_long_texts_are_folded() -> None:
    """The first 280 characters are seen at once, the rest can be opened, nothing is lost."""
    words = "sentence " * 100
    root = lxml_html.fragment_fromstring(prose({"en": words}, "en", "More"), create_parent="div")
    assert len(root[0].text_content()) <= FIRST + 1
    assert root[1].tag == "details"
    whole = root[0].text_content().rstrip("…") + root[1][1].text_content().lstrip("…")
    assert "".join(whole.split()) == "".join(words.split())
    assert prose({}, "en", "More") == ""
    assert len(tell({"en": "x" * 20_000}, "en")) < FIRST


def test_ids_never_collide() -> None:
    """Keys that differ only in what an id may not hold have different ids."""
    keys = ["a:b", "a-b", "a.b", "a b", "長", "短", "a:b" * 200, "a:b" * 201]
    assert len({element_id(key) for key in keys}) == len(keys)
    assert all(re.fullmatch(r"b-[A-Za-z0-9_-]+", element_id(key)) for key in keys)
