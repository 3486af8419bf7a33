"""Every warning and hazard has plain words, in three languages, that a child can read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cop.formats.hko_signals import FAMILIES, SIGNALS
from cop.model.entity import Severity
from cop.model.publishing_table import TABLE
from cop.model.text import LANGS, Text
from cop.ui.public.markup import is_link
from cop.ui.public.meaning import MEANINGS, TABLES, Meaning, meaning_of
from cop.ui.public.meaning_hazards import GENERAL
from workers.feeds import gdacs, hko_cap, hko_heat_stress, nmc_warnings, smg_warnings
from workers.feeds.epd_aqhi import BANDS

MOST_WORDS = 18
MOST_CHARACTERS = 40
ONLY_SIMPLIFIED = re.compile("[东区风号会时间关进离湾岛楼顺讯听见这热强长儿门问车应无开]")
ONLY_TRADITIONAL = re.compile("[東區風號會時間關進離灣島樓順訊聽見這裏熱強長兒門問車應無開]")


def everything() -> Iterator[tuple[str, Meaning]]:
    """Give all words with the name of what they are about."""
    for key, meaning in MEANINGS.items():
        yield "/".join(key), meaning
    yield from GENERAL.items()


ALL = [pytest.param(meaning, id=name) for name, meaning in everything()]


def lines(meaning: Meaning) -> tuple[Text, ...]:
    """Give every line of a meaning."""
    return (meaning.what, *meaning.do)


@pytest.mark.parametrize("meaning", ALL)
def test_every_line_is_in_three_languages(meaning: Meaning) -> None:
    """No line lacks a language, and neither script stands in the words of the other."""
    for line in (*lines(meaning), meaning.source.name, meaning.source.links):
        assert set(line) == set(LANGS)
    for line in lines(meaning):
        assert not ONLY_SIMPLIFIED.search(line["zh-Hant"]), line["zh-Hant"]
        assert not ONLY_TRADITIONAL.search(line["zh-Hans"]), line["zh-Hans"]
        assert not line["zh-Hans"].isascii()


@pytest.mark.parametrize("meaning", ALL)
def test_lines_are_short(meaning: Meaning) -> None:
    """A line of advice has 18 words or 40 characters at most, and so has each sentence."""
    for line in meaning.do:
        assert len(line["en"].split()) <= MOST_WORDS, line["en"]
    for sentence in re.split(r"(?<=[.?!])\s", meaning.what["en"]):
        assert len(sentence.split()) <= MOST_WORDS, sentence
    for line in lines(meaning):
        assert len(line["zh-Hant"]) <= MOST_CHARACTERS, line["zh-Hant"]
        assert len(line["zh-Hans"]) <= MOST_CHARACTERS, line["zh-Hans"]


@pytest.mark.parametrize("meaning", ALL)
def test_there_are_three_to_six_things_to_do(meaning: Meaning) -> None:
    """Neither too little nor too much, nothing twice, each a whole sentence; with a source."""
    assert 3 <= len(meaning.do) <= 6
    assert len({line["en"] for line in meaning.do}) == len(meaning.do)
    for line in lines(meaning):
        assert line["en"].endswith((".", "?"))
        assert line["zh-Hant"].endswith("。")
    assert all(is_link(address) for address in meaning.source.links.values())


def test_no_code_has_words_twice() -> None:
    """No table overrides what another says of the same code."""
    assert sum(len(table) for table in TABLES) == len(MEANINGS)


def own(kind: str, type_: str, signal: str | None = None) -> bool:
    """Tell whether a code has words of its own, not the general ones."""
    return meaning_of(kind, type_, signal) not in (None, GENERAL["Unknown"])


@pytest.mark.parametrize("code", SIGNALS)
def test_every_signal_of_the_observatory_has_words(code: str) -> None:
    """Each level of each warning is explained, one of several levels by words for that level."""
    event = SIGNALS[code].event_type
    assert own("alert", event, code)
    levels = [other for other, signal in SIGNALS.items() if signal.event_type == event]
    if len(levels) > 1:
        assert ("alert", event, code) in MEANINGS
        said = [meaning_of("alert", event, other) for other in levels]
        assert len({one.what["en"] for one in said if one is not None}) == len(levels)


def test_every_kind_of_warning_that_a_feed_may_bring_has_words() -> None:
    """Families, heat at work, tips, CAP twins, Macao's and the Mainland's types are explained."""
    events = {signal.event_type for signal in FAMILIES.values()}
    events |= {f"cap_{event}" for event in hko_cap.EVENTS.values()}
    events |= {warned.event_type for warned in smg_warnings.WARNINGS.values()}
    events |= set(nmc_warnings.EVENTS.values())
    events |= {"weather_tip", "thunderstorm wind", "Typhoon", "heavy fog"}
    assert [event for event in sorted(events) if not own("alert", event)] == []
    for level in hko_heat_stress.NAMES:
        assert ("alert", "heat_stress", level) in MEANINGS
    for hazard in gdacs.EVENTS.values():
        assert own("hazard", hazard), hazard


@pytest.mark.parametrize("number", ["1", "3", "8", "9", "10"])
def test_macaos_cyclone_signals_are_its_own(number: str) -> None:
    """A signal of Macao is explained for Macao and links to Macao's observatory."""
    meaning = meaning_of("alert", "tropical_cyclone", f"MO-{number}", publisher="SMG")
    assert meaning == MEANINGS["alert", "tropical_cyclone", f"MO-{number}"]
    assert "Macao" in meaning.what["en"]
    assert "smg.gov.mo" in meaning.source.links["en"]


def test_macaos_storm_surge_has_five_colours() -> None:
    """Each of the five colours says how deep the water may be."""
    said = {
        meaning.what["en"]
        for colour in ("BLUE", "YELLOW", "ORANGE", "RED", "BLACK")
        if (meaning := meaning_of("alert", "storm_surge", f"MO-{colour}")) is not None
    }
    assert len(said) == 5


def test_another_places_warning_links_to_its_publisher() -> None:
    """General words are used, but the last word is with whoever issued the warning."""
    macao = meaning_of("alert", "thunderstorm", None, publisher="SMG")
    near = meaning_of("alert", "rainstorm", None, publisher="WMO")
    assert macao is not None
    assert near is not None
    assert "smg.gov.mo" in macao.source.links["zh-Hant"]
    assert "wmo.int" in near.source.links["zh-Hant"]


def test_every_public_incident_road_and_shelter_has_words() -> None:
    """What the table of publishing puts into the picture of incidents has words of its own."""
    types = {
        type_
        for row in TABLE
        if row.kind == "incident" and row.outlet == "picture"
        for type_ in row.types
    }
    assert types
    assert [type_ for type_ in sorted(types) if not own("incident", type_)] == []
    assert own("incident", "structural")
    assert own("road", "closed")
    assert own("road", "restricted")
    for type_ in ("shelter", "cold_shelter", "heat_shelter", "community_hall"):
        full, open_ = (meaning_of("facility", type_, status) for status in ("full", "open"))
        assert full is not None
        assert full != open_
    assert own("facility", "first_aid_post")
    assert own("hazard", "earthquake")
    assert own("hazard", "tropical_cyclone")
    for _, words in BANDS:
        assert ("observation", "aqhi", words["en"]) in MEANINGS


@pytest.mark.parametrize("severity", list(Severity))
def test_what_nobody_has_met_before_has_general_words(severity: Severity) -> None:
    """An unknown type is explained by its severity; what is no danger needs no words."""
    for kind in ("alert", "hazard", "incident"):
        assert meaning_of(kind, "never heard of", "??", severity) is GENERAL[severity]
    assert meaning_of("alert", "", None, "Nonsense") is GENERAL["Unknown"]
    assert meaning_of("camera", "camera") is None
    assert meaning_of("road", "normal") is None
    assert meaning_of("observation", "temperature") is None


def test_nobody_is_sent_into_danger() -> None:
    """Every warning of rain, wind or water at its worst says to stay safe and whom to call."""
    for key in [("rainstorm", "WRAINB"), ("tropical_cyclone", "TC8NE"), ("tsunami", "WTMW")]:
        meaning = meaning_of("alert", *key)
        assert meaning is not None
        assert any("999" in line["en"] for line in meaning.do)
