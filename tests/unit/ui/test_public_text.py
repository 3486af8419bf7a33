"""The public text: four states that read differently, and what each section says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from lxml import html as lxml_html
from structlog.testing import capture_logs

from cop.model.text import LANGS, Lang
from cop.services.publishing.picture import FeedKnown, PublicPicture
from cop.ui.public import text as text_module
from cop.ui.public.block import SECTIONS, Block, SectionKey
from cop.ui.public.fill import fill
from cop.ui.public.sections import OWN, SECTION_FEEDS
from cop.ui.public.text import blocks
from cop.ui.public.words import plain
from tests.unit.ui import public_town as town

LISTED: tuple[SectionKey, ...] = tuple(
    key for key in SECTIONS if key not in {"top", "transport", "sources"}
)
BY_FEED = tuple(key for key in LISTED if SECTION_FEEDS[key][0] != OWN)
BY_US = tuple(key for key in LISTED if SECTION_FEEDS[key][0] == OWN)


def words_of(markup: str, picture: PublicPicture, lang: Lang) -> str:
    """Give what somebody reads of *markup*."""
    element = lxml_html.fragment_fromstring(fill(markup, picture, lang), create_parent="div")
    return " ".join(str(element.text_content()).split())


def block(picture: PublicPicture, key: str, lang: Lang = "en") -> Block:
    """Give the block *key* of *picture*."""
    return next(one for one in blocks(picture, lang) if one.key == key)


def said(picture: PublicPicture, key: str, lang: Lang = "en") -> str:
    """Give what somebody reads in the block *key* of *picture*."""
    return words_of(block(picture, key, lang).html, picture, lang)


def with_feed(section: SectionKey, minutes: float | None) -> dict[str, FeedKnown]:
    """Make the feeds, the first of *section* read so many *minutes* ago."""
    return town.feeds(**{SECTION_FEEDS[section][0]: minutes})


@pytest.mark.parametrize("section", [key for key in SECTIONS if key != "top"])
def test_a_section_that_cannot_be_made_silences_no_other(
    section: SectionKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so in words, as something that is not known; all the others are as they were."""

    def fail(*_: Any) -> Any:
        raise ValueError("nobody foresaw this")

    full = town.severe_evening()
    before = {one.key: one for one in blocks(full, "en") if one.section != section}
    monkeypatch.setitem(text_module._MAKERS, section, fail)
    with capture_logs():  # to print the traceback takes longer than all the rest
        after = blocks(full, "en")
    assert {one.key: one for one in after if one.section != section} == before
    (left,) = [one for one in after if one.section == section]
    assert left.key == f"head-{section}"
    assert 'data-state="unknown"' in left.html
    assert plain("head.broken", "en") in left.html


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("section", BY_FEED)
def test_no_two_states_of_a_section_read_alike(section: SectionKey, lang: Lang) -> None:
    """Live, stale, unknown and empty differ in their words and in their mark."""
    full = town.severe_evening()
    states = {
        "live": full,
        "stale": town.severe_evening(known=with_feed(section, 25)),
        "unknown": town.picture(known=with_feed(section, None)),
        "empty": town.picture(),
    }
    heads = {state: block(known, f"head-{section}", lang) for state, known in states.items()}
    for state, head in heads.items():
        assert f'data-state="{state}"' in head.html
    read = {said(known, f"head-{section}", lang) for known in states.values()}
    assert len(read) == len(states)


@pytest.mark.parametrize("section", BY_FEED)
def test_what_was_empty_and_is_old_is_not_known(section: SectionKey) -> None:
    """An old empty list says that nothing could be read since, never that nothing is there."""
    known = town.picture(known=with_feed(section, 25))
    words = said(known, f"head-{section}")
    assert 'data-state="unknown"' in block(known, f"head-{section}").html
    assert "Nothing could be read since 22:35 (25 minutes ago)" in words
    assert "checked" not in words.lower()


@pytest.mark.parametrize("section", BY_US)
def test_what_people_enter_is_old_while_the_store_is_down(section: SectionKey) -> None:
    """Sections that stand on no feed are as old as the store's last answer."""
    since = town.NOW - timedelta(minutes=7)
    for picture in (town.severe_evening(), town.picture()):
        assert "Checked 23:00" in said(picture, f"head-{section}") or "checked 23:00" in said(
            picture, f"head-{section}"
        )
    down = {"redis": since}
    assert "last known 22:53, 7 minutes ago" in said(
        town.severe_evening(down=down), f"head-{section}"
    )
    assert "Nothing could be read since 22:53" in said(town.picture(down=down), f"head-{section}")


@pytest.mark.parametrize(
    ("minutes", "filled", "words"),
    [
        (2, True, "2 closed roads, 1 partly closed, 1 slow. Checked 22:58."),
        (2, False, "No road is closed; checked 22:58."),
        (
            25,
            True,
            (
                "2 closed roads, 1 partly closed, 1 slow."
                " Traffic: last known 22:35, 25 minutes ago. It may have changed."
            ),
        ),
        (
            25,
            False,
            (
                "Traffic: no information. Nothing could be read since 22:35 (25 minutes ago)."
                " There may be something or not; we do not know."
            ),
        ),
        (
            None,
            False,
            (
                "Traffic: no information. Nothing could be read yet."
                " There may be something or not; we do not know."
            ),
        ),
    ],
)
def test_roads_in_all_states(minutes: float | None, filled: bool, words: str) -> None:
    """The head of the roads says exactly what is known of them."""
    items = town.roads() if filled else []
    picture = town.picture(*items, known=with_feed("roads", minutes))
    assert said(picture, "head-roads") == words


def test_a_second_feed_that_is_old_is_named() -> None:
    """A section says which of its further feeds is old or was never read."""
    known = town.feeds(smg_warnings=50, wmo_swic=None)
    words = said(town.severe_evening(known=known), "head-warnings")
    assert "Feed smg_warnings: last known 22:10, 50 minutes ago." in words
    assert "Feed wmo_swic: no information." in words
    missing = {key: one for key, one in town.feeds().items() if key != "wmo_swic"}
    words = said(town.severe_evening(known=missing), "head-warnings")
    assert "Warnings of Guangdong: no information." in words


def test_the_glance_counts_what_there_is() -> None:
    """Signals stand in the order of their severity; counts link to their sections."""
    head = lxml_html.fragment_fromstring(block(town.severe_evening(), "head-top").html)
    names = [one.text_content() for one in head.iterfind(".//span[@class='p-signal-name']")]
    assert names == ["Black rainstorm", "Landslip"]
    counts = {one.text_content(): one.get("href") for one in head.xpath(".//ul[2]//a")}
    assert counts == {
        "2 confirmed floods": "#s-hazards",
        "2 flooded roads": "#s-roads",
        "2 closed roads": "#s-roads",
        "3 shelters open with room": "#s-shelters",
        "1 first-aid post open": "#s-first_aid",
    }


def test_the_glance_gives_no_nought_of_what_is_not_known() -> None:
    """Where the traffic news was never read the glance says so and gives no number."""
    known = town.feeds(td_traffic_news=None, gov_press=None, hko_warnings=None)
    words = said(town.picture(known=known), "head-top")
    assert "Traffic: no information" in words
    assert "Shelters: no information" in words
    assert "Warnings: no information. Nothing could be read yet." in words
    assert "closed roads" not in words


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["redis", "worker", "beat"])
def test_a_part_that_is_down_is_told_first(part: str, lang: Lang) -> None:
    """The page begins with since when which part is down, in words."""
    since = town.NOW - timedelta(minutes=9)
    picture = town.severe_evening(down={part: since})
    head = lxml_html.fragment_fromstring(fill(block(picture, "head-top", lang).html, picture, lang))
    assert head[0].get("class") == "p-down"
    expected = plain(f"down.{part}", lang, time="22:51", ago=plain("ago.minutes", lang, n=9))
    assert head[0].text_content() == expected


def test_changes_and_ends_are_said() -> None:
    """What changed says what it was; what is over or was withdrawn says when, and lingers."""
    evening = town.severe_evening()
    told = {
        "hko_warnings:WRAIN": "Changed 22:05: was Red rainstorm.",
        "hko_warnings:WTS": "Cancelled 22:40.",
        "incident:2": "Corrected 22:50: was Severe.",
        "incident:3": "Withdrawn 22:56: it was not so, or is listed elsewhere here.",
        "facility:5": "Closed 22:52.",
        "td_traffic_news:road 5/both-bounds": "Over 22:51.",
    }
    for key, words in told.items():
        assert words in said(evening, key), key


def test_what_is_over_is_counted_nowhere() -> None:
    """A cancelled warning, a closed shelter and a withdrawn landslide are in no number."""
    evening = town.severe_evening()
    assert said(evening, "head-warnings").startswith("2 warnings, 1 weather tip. Checked")
    assert "landslide" not in said(evening, "head-hazards")
    assert said(evening, "head-shelters").startswith("3 shelters open with room, 2 full.")


def test_a_hint_has_no_severity() -> None:
    """What is no warning is called a weather tip, not one of unknown severity."""
    assert said(town.severe_evening(), "hko_tips:1").startswith("○ Weather tip Flooding")


def test_a_warning_says_what_to_do() -> None:
    """A severe warning shows what it means, what to do, who says so, and since when."""
    markup = block(town.severe_evening(), "hko_warnings:WRAIN").html
    words = said(town.severe_evening(), "hko_warnings:WRAIN")
    assert '<details class="p-guide" open>' in markup
    assert "What to do" in words
    assert "since 22:05, 55 minutes ago" in words
    assert "Hong Kong Observatory" in words
    assert "Stay where you are." in words
    assert words.count("Black Rainstorm Warning Signal") == 1
    assert 'href="https://www.hko.gov.hk/en/wxinfo/dailywx/wxwarntoday.htm"' in markup


def test_neighbours_stand_under_their_own_heading() -> None:
    """A warning of Shenzhen comes after ours, under a heading that says it is not here."""
    keys = [one.key for one in blocks(town.severe_evening(), "en") if one.section == "warnings"]
    assert keys[0] == "head-warnings"
    assert keys[-2:] == ["head-warnings-elsewhere", "wmo_swic:1"]
    assert "Shenzhen" not in said(town.severe_evening(), "head-top")


def test_a_text_in_another_language_is_marked() -> None:
    """A title that exists in English alone is marked as English on a Chinese page."""
    markup = block(town.severe_evening(), "wmo_swic:1", "zh-Hant").html
    assert '<span lang="en">Shenzhen issues red warning for rainstorm</span>' in markup
    assert 'lang="' not in block(town.severe_evening(), "wmo_swic:1", "en").html
    assert (
        '<span lang="zh-Hant-HK">示例道0</span>'
        in block(town.severe_evening(), "td_traffic_news:road 0/both-bounds", "zh-Hans").html
    )


def test_shelters_with_room_come_first() -> None:
    """Shelters stand by whether somebody can go there; a shelter without a bed is full."""
    evening = town.severe_evening()
    keys = [one.key for one in blocks(evening, "en") if one.section == "shelters"]
    assert keys == [
        "head-shelters",
        "facility:1",
        "facility:3",
        "gov_press:hall-6",
        "facility:2",
        "facility:4",
        "facility:5",
    ]
    words = said(evening, "facility:1")
    for part in (
        "Open Hall 1",
        "room for 40 (60 of 100 used)",
        "Yuen Long",
        "For people with disabilities: Wheelchair, Lift",
        "Animals: only in cages",
        "last said by its keeper at 22:48, 12 minutes ago",
    ):
        assert part in words
    assert said(evening, "facility:2").startswith("■ Full Hall 2 100 of 100 used")
    assert "room for" not in said(evening, "facility:4"), "full, whatever the numbers say"
    assert "announced at 21:50, 1 hour ago" in said(evening, "gov_press:hall-6")


def test_waits_are_told_by_category() -> None:
    """Each hospital gives its waits by category; the head the shortest and the longest."""
    evening = town.severe_evening()
    words = said(evening, "ha_waiting:1")
    assert "half: less than 324 minutes; nearly all: less than 324 minutes" in words
    assert "others may wait longer" in words
    head = said(evening, "head-hospitals")
    assert "shortest for semi-urgent 90 minutes at Hospital 2" in head
    assert "longest 324 minutes at Hospital 1" in head


def test_transport_lists_only_what_is_not_normal() -> None:
    """Lines and points that run as usual are no items; each of the three says how it is known."""
    known = town.feeds(boundary_queues=None, airport_flights=30)
    evening = town.severe_evening(known=known)
    keys = [one.key for one in blocks(evening, "en") if one.section == "transport"]
    assert keys == ["head-transport", "mtr_service:EAL", "airport_flights:HKG"]
    words = said(evening, "head-transport")
    assert "Railways: 1 not normal, checked 22:58." in words
    assert "Boundary control points: no information." in words
    assert "Airport: last known 22:30, 30 minutes ago." in words
    assert "40 of 300 flights cancelled, 32 delayed" in said(evening, "airport_flights:HKG")


def test_sources_say_who_and_how_old() -> None:
    """Each feed of the page has its publisher, its terms and to when it is known."""
    evening = town.severe_evening(known=town.feeds(td_traffic_news=25, nmc_warnings=1))
    words = said(evening, "source-td_traffic_news")
    assert town.LICENCE in words
    assert "last known 22:35, 25 minutes ago" in words
    assert "up to date, 22:58" in said(evening, "source-hko_warnings")
    assert "source-nmc_warnings" not in {one.key for one in blocks(evening, "en")}


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_picture_later_is_the_same_text(lang: Lang) -> None:
    """Time alone changes no block while every feed is live."""
    later: dict[str, Any] = {"as_of": town.NOW + timedelta(minutes=3)}
    assert blocks(town.severe_evening(), lang) == blocks(town.severe_evening(**later), lang)


def test_times_of_another_day_have_their_day() -> None:
    """A warning of the day before says so once it is filled in; so does its age."""
    evening = town.severe_evening()
    assert "since 6 Sept 22:00, 25 hours ago" in said(evening, "hko_warnings:WL")
    assert "9月6日 22:00 起（25 小時前）" in said(evening, "hko_warnings:WL", "zh-Hant")
