"""Words, districts and geometry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.district import DISTRICT_NAMES, District, find_district
from cop.model.geometry import bbox, inside, line, point, polygon, positions
from cop.model.publisher import PUBLISHERS, said_by
from cop.model.text import LANGS, Text, merge, say, text


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Central & Western District", District.CENTRAL_AND_WESTERN),
        ("Central and Western", District.CENTRAL_AND_WESTERN),
        ("Central/Western", District.CENTRAL_AND_WESTERN),
        ("中西區", District.CENTRAL_AND_WESTERN),
        ("Islands District", District.ISLANDS),
        ("離島區", District.ISLANDS),
        ("离岛区", District.ISLANDS),
        ("Kwai Tsing", District.KWAI_TSING),
        ("葵青", District.KWAI_TSING),
        ("Yau Tsim Mong District", District.YAU_TSIM_MONG),
        ("YTM", District.YAU_TSIM_MONG),
        ("North District", District.NORTH),
        ("北區", District.NORTH),
        ("Southern", District.SOUTHERN),
        ("南区", District.SOUTHERN),
        (" sha  tin ", District.SHA_TIN),
        ("Wan Chai", District.WAN_CHAI),
        ("Wanchai", District.WAN_CHAI),
    ],
)
def test_districts_are_recognised_as_publishers_spell_them(spelling: str, code: District) -> None:
    """Every publisher's spelling leads to the one code."""
    assert find_district(spelling) is code


@pytest.mark.parametrize("name", ["", "Hong Kong", "Shenzhen", "區", "n/a", "North Point"])
def test_what_is_no_district_is_none(name: str) -> None:
    """A name that is no district is not forced into one."""
    assert find_district(name) is None


def test_names_are_complete() -> None:
    """Districts and publishers are named in all three languages."""
    assert set(DISTRICT_NAMES) == set(District)
    for names in (*DISTRICT_NAMES.values(), *PUBLISHERS.values()):
        assert set(names) == set(LANGS)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"publisher": "HKO"}, "Hong Kong Observatory"),
        ({"publisher": "GD"}, "GD"),
        ({"publisher": "HKO", "origin": "gd-cop"}, "Hong Kong Observatory, by way of gd-cop"),
        (
            {"publisher": "GD", "origin": "sz-cop", "via": ["gd-cop"]},
            "GD, by way of sz-cop → gd-cop",
        ),
    ],
    ids=["ours", "unknown", "by a partner", "by two"],
)
def test_a_publisher_is_named_with_the_way(said: dict[str, object], words: str) -> None:
    """What a partner says in somebody's name never passes for that publisher's own word."""
    assert said_by(said, "en") == words


def test_say_falls_back_to_the_nearest_language() -> None:
    """A reader of Simplified Chinese is given Traditional before English."""
    words = text("Flooding", "水浸")
    assert say(words, "zh-Hans") == "水浸"
    assert say(text("Flooding"), "zh-Hant") == "Flooding"
    assert say({}, "en") == ""


def test_merge_keeps_the_first_of_each_language() -> None:
    """Putting variants together never overwrites a sentence."""
    assert merge(text("a"), {"en": "b", "zh-Hant": "丙"}) == {"en": "a", "zh-Hant": "丙"}


def test_text_leaves_blanks_out() -> None:
    """A blank variant is no variant."""
    expected: Text = {"zh-Hant": "水浸"}
    assert text("  ", " 水浸 ", None) == expected


_PLACES = st.lists(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=3, max_size=20, unique=True
)


@given(_PLACES)
def test_a_polygon_is_closed_and_inside_its_box(ring: list[tuple[float, float]]) -> None:
    """An open ring is closed; every position lies in the box."""
    area = polygon(ring)
    assert area.coordinates[0][0] == area.coordinates[0][-1]
    assert all(inside(place, bbox(area)) for place in positions(area))


def test_positions_keep_their_order() -> None:
    """Positions come in the order of the geometry, from a model or from decoded JSON."""
    places = [(114.1, 22.2), (114.2, 22.3), (114.3, 22.4)]
    assert list(positions(line(places))) == places
    assert list(positions(line(places).model_dump())) == places
    assert list(positions(point(114.1, 22.2))) == [(114.1, 22.2)]
