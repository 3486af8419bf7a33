"""Shelters as press releases announce them."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest

from cop.formats.halls import find_hall, shelter_id
from cop.formats.prose import language_of, plain_text
from cop.formats.shelters import Announcement, read_announcements
from cop.model.kinds import Facility, FacilityStatus
from cop.reference.tables import default_table
from workers.feed import Payload, Poll
from workers.feeds.gov_press import FEED

HALLS = default_table("community_halls")


def _release(title: str, content: str, at: str) -> dict[str, str]:
    return {"title": title, "content": content, "timestamp": at}


def _shelters(*releases: dict[str, str]) -> dict[str, Facility]:
    body = orjson.dumps(list(releases))
    payloads = (Payload(FEED.sources[0], body),)
    poll = Poll(datetime(2027, 6, 8, tzinfo=UTC), payloads, {"community_halls": HALLS})
    return {item.id: item for item in FEED.parse(poll) if isinstance(item, Facility)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "以下臨時庇護中心已開放：\n\n名稱\t地址\n例子會堂\t例子街1號\n",
            [Announcement("例子會堂", "例子街1號", is_open=True)],
        ),
        (
            "下列臨時庇護中心已經關閉：\n名稱\t地址\n例子會堂\t例子街1號\n",
            [Announcement("例子會堂", "例子街1號", is_open=False)],
        ),
        (
            "處方已開放甲社區會堂（一街）和乙樓（丙會）（二街）作臨時庇護中心。",
            [
                Announcement("甲社區會堂", "一街", is_open=True),
                Announcement("乙樓（丙會）", "二街", is_open=True),
            ],
        ),
        (
            "早前已開放的甲社區會堂臨時庇護中心（一街）現已關閉。",
            [Announcement("甲社區會堂", "一街", is_open=False)],
        ),
        ("甲社區會堂臨時庇護中心將於今晚九時關閉。", []),
        ("北區醫院設有跨部門援助站（熱線：2000 0000）。", []),
        ("在九龍城各區的圖書館及例子體育館現已關閉。", []),
        (
            "It has opened temporary shelters at North Hall (1 Road), B School and C Centre.",
            [
                Announcement("North Hall", "1 Road", is_open=True),
                Announcement("B School", "", is_open=True),
                Announcement("C Centre", "", is_open=True),
            ],
        ),
        (
            "The temporary shelter at A Hall opened earlier has been closed.",
            [Announcement("A Hall", "", is_open=False)],
        ),
        ("All temporary shelters have been closed.", [Announcement("", "", is_open=False)]),
        (
            "Temporary shelters are open:\n\nKwun Tong District:\nNew Hall\n3/F, A Complex, 2 Road",
            [Announcement("New Hall", "3/F, A Complex, 2 Road", is_open=True)],
        ),
    ],
)
def test_announcements_are_read(body: str, expected: list[Announcement]) -> None:
    """Tables, lists and prose open and close places by name; help desks and plans do not."""
    assert list(read_announcements(body)) == expected


def test_a_shelter_has_one_id_in_both_languages() -> None:
    """English and Chinese names, with or without a district in front, give one id."""
    names = [
        "Kwong Fuk Community Hall",
        "廣福社區會堂",
        "大埔廣福社區會堂",
        "廣福社區會堂臨時庇護中心",
    ]
    assert {shelter_id(name, HALLS) for name in names} == {"kwong-fuk-community-hall"}


def test_an_unknown_place_is_not_mistaken_for_a_known_one() -> None:
    """A name that merely ends like a hall's is another place."""
    assert find_hall("聖例子廣福社區會堂", HALLS) is None


def test_later_announcements_supersede_whatever_their_order() -> None:
    """The time of a release decides, not its place in the list."""
    closed = _release("關閉", "廣福社區會堂臨時庇護中心現已關閉。", "2027-06-08T12:00:00+08:00")
    opened = _release(
        "Opened",
        "The office has opened temporary shelters at Kwong Fuk Community Hall.",
        "2027-06-08T09:00:00+08:00",
    )
    for releases in ((closed, opened), (opened, closed)):
        shelter = _shelters(*releases)["gov_press:shelter-kwong-fuk-community-hall"]
        assert shelter.status is FacilityStatus.CLOSED
        assert shelter.asserted_at == datetime(2027, 6, 8, 4, tzinfo=UTC)


def test_closing_a_district_leaves_the_others_open() -> None:
    """A closing of all shelters of one district says nothing of another's."""
    opened = _release(
        "開放",
        "已開放廣福社區會堂、瀝源社區會堂作臨時庇護中心。",
        "2027-06-08T09:00:00+08:00",
    )
    closed = _release("關閉", "沙田區所有臨時庇護中心現已關閉。", "2027-06-08T12:00:00+08:00")
    shelters = _shelters(opened, closed)
    assert shelters["gov_press:shelter-lek-yuen-community-hall"].status is FacilityStatus.CLOSED
    assert shelters["gov_press:shelter-kwong-fuk-community-hall"].status is FacilityStatus.OPEN


def test_escaped_tables_become_rows() -> None:
    """A table escaped twice gives its cells parted by tabs, and no mark-up or script."""
    words = plain_text(
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;table&gt;&lt;tr&gt;&lt;td&gt;A\nHall&lt;/td&gt;\n"
        "&lt;td&gt;1 &amp;amp; 2&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;"
    )
    assert words == "A Hall\t1 & 2"


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("Words in English only", "en"),
        ("臨時庇護中心現已關閉", "zh-Hant"),
        ("临时庇护中心现已关闭", "zh-Hans"),
    ],
)
def test_language_is_told_from_the_words(words: str, lang: str) -> None:
    """A release that does not say its language is not shown in the wrong one."""
    assert language_of(words) == lang
