"""Names of places are found in what people write."""

from __future__ import annotations

import pytest

from cop.services.fusion.names import Mentions, known_names
from cop.services.fusion.romanised import same_name


def read(words: str) -> Mentions:
    """Read one text."""
    mentions = Mentions()
    known_names().read(words, mentions)
    return mentions


@pytest.mark.parametrize(
    "words",
    [
        "Fallen tree at 123 Nathan Road near Mong Kok MTR Station",
        "tree down 123 nathan rd nr mong kok stn",
        "彌敦道123號近旺角港鐵站有大樹倒塌",
        "弥敦道123号近旺角站塌树",
        "TREE DOWN, 123 NATHEN ROAD, MONG KOK MTR",
    ],
)
def test_one_place_in_many_spellings(words: str) -> None:
    """Short forms, slips and both scripts name the same road, number and landmark."""
    mentions = read(words)
    assert (mentions.roads, mentions.houses) == ({"nathan-road"}, {123})
    assert mentions.landmarks == {"mong-kok-mtr"}


@pytest.mark.parametrize(
    ("words", "ways"),
    [
        ("Tuen Mun Road (Yuen Long bound)", {"yuen-long"}),
        ("屯門公路往元朗方向", {"yuen-long"}),
        ("Fanling Highway northbound", {"n"}),
        ("粉嶺公路北行", {"n"}),
        ("粉嶺公路行人天橋", set()),
    ],
)
def test_direction(words: str, ways: set[str]) -> None:
    """The direction of traffic is the same in both languages."""
    assert read(words).ways == ways


@pytest.mark.parametrize(
    "words", ["lamp post AB1234", "lamp-post no. AB 1234", "燈柱編號AB1234", "LP ab1234"]
)
def test_lamp_posts(words: str) -> None:
    """A lamp post's number is found however it is written."""
    assert read(words).posts == {"ab1234"}


def test_a_part_of_the_city_in_a_street_name() -> None:
    """A street that is named like a part of the city is a street, not that part."""
    english, chinese = read("Tin Hau Temple Road"), read("天后廟道塌樹")
    assert (english.areas, english.strange) == (set(), {"road-en": {"tin hau temple road"}})
    assert (chinese.areas, chinese.strange) == (set(), {"road-zh": {"天后廟道"}})


def test_a_section_of_a_road() -> None:
    """A dash between Chinese words does not hide the section that a road is in."""
    assert read("青山公路－元朗段").roads == {"castle-peak-road-yuen-long"}


def test_common_words_say_nothing() -> None:
    """What most reports share is no likeness."""
    mentions = read("Fallen tree blocking the road, please send someone. 有大樹倒塌阻塞道路")
    assert mentions.words <= {"send"}
    assert mentions.pairs <= {"阻塞"}


@pytest.mark.parametrize(
    ("english", "chinese", "same"),
    [
        ("Hing Wah Street", "興華街", True),
        ("Tung Choi Street", "通菜街", True),
        ("Hing Wah Street", "通菜街", False),
        ("High Street", "高街", False),
    ],
)
def test_names_by_their_sound(english: str, chinese: str, same: object) -> None:
    """A street in no table is known again in the other language where that is its sound."""
    assert same_name(english, chinese) is same


@pytest.mark.parametrize("words", ["", "🌳" * 50, "道" * 900, "no. no. no.", "12 34 56", "st st"])
def test_odd_words_do_no_harm(words: str) -> None:
    """Whatever is written, reading ends."""
    assert read(words).roads == set()
