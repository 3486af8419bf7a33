"""The public pages' own words: three languages, the same gaps, no script of another language."""

from __future__ import annotations

import re

import pytest

from cop.model.entity import Severity
from cop.model.kinds import RoadStatus
from cop.model.publishing import TABLE
from cop.model.text import LANGS
from cop.ui.public.block import SECTIONS
from cop.ui.public.items import SHAPES
from cop.ui.public.sections import OWN, PAGE_FEEDS, SECTION_FEEDS
from cop.ui.public.text_hazards import type_name
from cop.ui.public.words import PUBLIC_WORDS, count, plain, term, word

SIMPLIFIED_ONLY = re.compile(
    "[们这没关发东车马门风飞鱼鸟云气电网资该现时实处设为与医务区层级项暂载达状况]"
)
TRADITIONAL_ONLY = re.compile(
    "[們這沒關發東車馬門風飛魚鳥雲氣電網資該現時實處設為與醫務區層級項暫載達狀況]"
)
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("key", PUBLIC_WORDS)
def test_a_word_has_three_languages(key: str) -> None:
    """Each is there, with the same gaps, in its own script."""
    words = PUBLIC_WORDS[key]
    assert set(words) == set(LANGS)
    assert len({frozenset(re.findall(r"\{(\w+)\}", said)) for said in words.values()}) == 1
    assert not CHINESE.search(words["en"])
    assert not SIMPLIFIED_ONLY.search(words["zh-Hant"])
    assert not TRADITIONAL_ONLY.search(words["zh-Hans"])


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_its_words(section: str) -> None:
    """Title, subject, and what is said when there is nothing."""
    for prefix in ("section", "subject"):
        assert f"{prefix}.{section}" in PUBLIC_WORDS
    assert section == "top" or f"none.{section}" in PUBLIC_WORDS


def test_every_second_feed_has_a_name() -> None:
    """A feed that is missing altogether can still be named."""
    named = {feed for feeds in SECTION_FEEDS.values() for feed in feeds[1:]} - {OWN}
    assert {key for key in named if f"feed.{key}" not in PUBLIC_WORDS} == set()
    assert set(PAGE_FEEDS) >= named


def test_codes_have_words_and_shapes() -> None:
    """Severity, published states and published types of danger are never shown as bare codes."""
    assert set(SHAPES) == {str(one) for one in Severity}
    for status in RoadStatus:
        if status != RoadStatus.WORKS:
            assert term("road", status.value, "en")
    other = type_name("no such thing", "en")
    shown = {
        type_
        for row in TABLE
        if row.outlet == "picture" and row.kind in {"incident", "hazard"}
        for type_ in row.types
        if not type_.startswith("tc_")
    }
    assert shown
    assert [type_ for type_ in shown if type_name(type_, "en") == other] == []


def test_one_thing_is_not_several() -> None:
    """English says "1 closed road" and "2 closed roads"; gaps take markup, words are escaped."""
    assert count("some.closed", 1, "en") == "1 closed road"
    assert count("some.closed", 2, "en") == "2 closed roads"
    assert word("item.told", "en", publisher="<b>X</b>") == "<b>X</b> says"
    assert plain("item.told", "en", publisher="X") == "X says"
