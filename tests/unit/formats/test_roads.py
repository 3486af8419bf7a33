"""What is read out of the sentences of road news."""

from __future__ import annotations

import pytest

from cop.formats.roads import (
    LONGEST,
    cause_of,
    is_debris,
    read_site,
    read_stretch,
    split_list,
    status_of,
)
from cop.model.kinds import RoadStatus
from cop.model.text import text

SENTENCES = [
    (
        (
            "Due to flooding , part of the lanes of Waterloo Road (Mong Kok bound) near "
            "Baptist Hospital is closed to all traffic. \nTraffic is busy now. "
        ),
        ("Waterloo Road", "Mong Kok", "Baptist Hospital"),
        (RoadStatus.RESTRICTED, "flooding"),
    ),
    (
        (
            "The fast lane of Tuen Mun Road Yuen Long bound near Sea Crest Villa which was "
            "closed due to traffic accident is re-opened to all traffic.\n\nTraffic queue "
            "takes time to disperse."
        ),
        ("Tuen Mun Road", "Yuen Long", "Sea Crest Villa"),
        (RoadStatus.REOPENED, "accident"),
    ),
    (
        (
            "Due to landslide, all lanes of Fan Kam Road both bounds near Pat Heung Police "
            "Station are closed to all traffic."
        ),
        ("Fan Kam Road", "both bounds", "Pat Heung Police Station"),
        (RoadStatus.CLOSED, "landslide"),
    ),
    (
        (
            "Due to road works, traffic of Chatham Road North southbound near Hung Hom "
            "Fire Station is busy now."
        ),
        ("Chatham Road North", "southbound", "Hung Hom Fire Station"),
        (RoadStatus.SLOW, "works"),
    ),
    (
        (
            "Due to vehicle on fire, all lanes of Tuen Mun - Chek Lap Kok Tunnel (Tuen Mun "
            "bound) are closed to all traffic."
        ),
        ("Tuen Mun - Chek Lap Kok Tunnel", "Tuen Mun", None),
        (RoadStatus.CLOSED, "fire"),
    ),
    (
        ("Due to heavy traffic, Lantau Link Airport bound is very congested."),
        ("Lantau Link", "Airport", None),
        (RoadStatus.SLOW, "congestion"),
    ),
    (
        (
            "The slow lane of Lion Rock Tunnel Road (Kowloon bound) is re-opened. The fast "
            "lane is still closed to all traffic."
        ),
        ("Lion Rock Tunnel Road", "Kowloon", None),
        (RoadStatus.RESTRICTED, ""),
    ),
]


@pytest.mark.parametrize(("sentence", "stretch", "meaning"), SENTENCES)
def test_english_sentences(
    sentence: str, stretch: tuple[str, str, str | None], meaning: tuple[RoadStatus, str]
) -> None:
    """Road, direction and landmark, status and cause are read from the department's wording."""
    words = text(sentence)
    found = read_stretch(words)
    assert (found.road.get("en"), found.bound.get("en"), found.near.get("en")) == stretch
    assert (status_of(words), cause_of(words)) == meaning


def test_chinese_sentence() -> None:
    """A Chinese sentence gives the same parts, its section of road and spaces included."""
    found = read_stretch(
        text(
            None,
            "因交通意外，青山公路　–　元朗段(往凹頭方向)近朗日路的快線現已封閉。 現時交通繁忙。",
        )
    )
    assert found.road == {"zh-Hant": "青山公路 – 元朗段"}
    assert found.bound == {"zh-Hant": "凹頭"}
    assert found.near == {"zh-Hant": "朗日路"}


def test_chinese_reopening_is_no_closure() -> None:
    """解封 ends a closure although the sentence also tells that it was closed."""
    words = text(None, "較早前因車輛故障而封閉的龍翔道(往荃灣方向)近天馬苑的慢線現已解封。")
    assert status_of(words) is RoadStatus.REOPENED
    assert cause_of(words) == "breakdown"
    assert read_stretch(words).road == {"zh-Hant": "龍翔道"}


def test_between_two_landmarks() -> None:
    """A stretch between two places keeps both ends, in both languages."""
    found = read_stretch(
        text(
            "all lanes of Pun Shan Street southbound between Chai Wan Kok Street and Sha Tsui Road",
            "半山街南行介乎柴灣角街與沙咀道之間的全部行車線",
        )
    )
    assert found.ends == (
        {"en": "Chai Wan Kok Street", "zh-Hant": "柴灣角街"},
        {"en": "Sha Tsui Road", "zh-Hant": "沙咀道"},
    )
    assert found.near == {}


def test_landmark_is_no_cause() -> None:
    """A road near a fire station, without a cause being told, does not burn."""
    words = text("The slow lane of Example Road near Example Fire Station is closed.")
    assert cause_of(words) == ""


def test_label_tells_the_cause_first() -> None:
    """The publisher's own detail of the case outranks the sentence."""
    assert cause_of(text("Example Road is closed."), text("Landslide", "山泥傾瀉")) == "landslide"


def test_debris_is_told_apart() -> None:
    """Scaffolding on the road is neither of the named causes, and still has to be cleared."""
    words = text("Due to collapsed scaffolding, all lanes of Example Road are closed.")
    assert (cause_of(words), is_debris(words)) == ("other", True)
    assert not is_debris(text("Due to heavy traffic, Example Road is busy."))


def test_list_of_sections_is_split() -> None:
    """A message that lists sections gives each of them, without its bullet and its `and`."""
    head, items = split_list(
        "Due to landslide, the following road sections are closed:\n"
        "1.\tall lanes of First Road;\n2.\tpart of the lanes of Second Road; and\n"
        "3.\tSecond 3.5 Road."
    )
    assert head.startswith("Due to landslide")
    assert items == (
        "all lanes of First Road",
        "part of the lanes of Second Road",
        "Second 3.5 Road",
    )


def test_bus_routes_are_no_list_of_sections() -> None:
    """A list of services, which also has bullets, is not taken apart."""
    words = "The following services are suspended:\n(i) route 1A; and\n(ii) route 2B."
    assert split_list(words) == (words, ())


def test_endless_message_is_searched_in_part() -> None:
    """Words without end cost no more than the first few thousand of them."""
    assert read_stretch(text("A " * LONGEST + "of Example Road is closed")).road == {}


@pytest.mark.parametrize(
    ("name", "road", "near", "bound"),
    [
        ("First Road near Tall House - Eastbound (2) ", "First Road", "Tall House", "Eastbound"),
        ("First Road - Top near Hill - Southbound ", "First Road - Top", "Hill", "Southbound"),
        ("Princess Margaret Road/Pui Ching Road", "Princess Margaret Road", "Pui Ching Road", None),
        ("Big Highway Westbound near Exit to Hill", "Big Highway", "Exit to Hill", "Westbound"),
        ("Shenzhen Bay Bridge - Southbound (2)", "Shenzhen Bay Bridge", None, "Southbound"),
    ],
)  # fmt: skip
def test_names_of_detectors_and_cameras(
    name: str, road: str, near: str | None, bound: str | None
) -> None:
    """The road, landmark and direction are taken out of the name of a site."""
    found = read_site(text(name))
    assert found.road.get("en") == road
    assert found.near.get("en") == near
    assert found.bound.get("en") == bound
