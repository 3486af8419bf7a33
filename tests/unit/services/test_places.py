"""From what somebody types to a place: numbers of grids, and names in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cop.formats.placing import distance_m
from cop.model.access import Audience
from cop.model.geometry import point
from cop.model.kinds import Camera, Facility
from cop.model.record import put
from cop.services import grid_reference
from cop.services.grid_reference import read_reference
from cop.services.picture import Picture
from cop.services.places import MOST, Found, find_places
from cop.store.memory import MemoryStore

STAR_FERRY = (114.1687, 22.2939)
"""Near the clock tower at Tsim Sha Tsui, where the railway once ended."""


def find(words: str, picture: Picture | None = None, who: Audience = Audience.RESPONDER) -> Any:
    """Find places."""
    return find_places(words, picture, who)


@pytest.mark.parametrize(
    ("words", "at", "precision"),
    [
        ("22.3046,114.1722", (114.1722, 22.3046), 11.1),
        ("22.3046 114.1722", (114.1722, 22.3046), 11.1),
        ("114.1722, 22.3046", (114.1722, 22.3046), 11.1),
        ("114.17 E 22.30 N", (114.17, 22.30), 1110),
        ("22.30N 114.17E", (114.17, 22.30), 1110),
        ("N", None, None),
        ("22°18′16.6″N 114°10′20″E", (114.17222, 22.30461), 30.8),
        ("33.5 S 151.2 E", (151.2, -33.5), 11100),
        ("22.3 N 114.2 N", None, None),
        ("95, 200", None, None),
        ("22.304615, 114.172226", (114.172226, 22.304615), 1.0),
    ],
)
def test_degrees(words: str, at: tuple[float, float] | None, precision: float | None) -> None:
    """Degrees in the usual ways; the precision follows from the figures."""
    spots = read_reference(words)
    if at is None:
        assert spots == []
        return
    (spot,) = spots
    assert distance_m(spot.at, at) < 1
    assert (spot.precision_m, spot.what) == (precision, "coordinates")


@pytest.mark.parametrize(
    "words",
    [
        "836694.05 819069.80",
        "836694 819070",
        "E836694 N819070",
        "N819070 E836694",
        "836694E 819070N",
        "836694mE, 819070mN",
        "e 836694 n 819070",
    ],
)
def test_the_grid_of_hong_kong(words: str) -> None:
    """The origin of the Hong Kong 1980 Grid, in every way of writing it.

    It lies at 22°18'43.68"N 114°10'42.80"E by its own datum; in WGS84, by the Lands Department's
    figures for the shift, at 22°18'38.2"N 114°10'51.6"E.
    """
    (spot,) = read_reference(words)
    there = (114 + 10 / 60 + 51.6 / 3600, 22 + 18 / 60 + 38.2 / 3600)
    assert distance_m(spot.at, there) < 5
    assert (spot.precision_m, spot.what) == (1.0, "grid")


@pytest.mark.parametrize("words", ["E836694 E819070", "N836694 N819070", "100000 200000", "836694"])
def test_what_is_not_on_the_grid(words: str) -> None:
    """Twice the same axis, and numbers far from Hong Kong, are no place on it."""
    assert read_reference(words) == []


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        ("KK 08 67", 1000),
        ("KK 082 680", 100),
        ("KK 0828 6809", 10),
        ("KK 08283 68093", 1),
        ("KK08286809", 10),
        ("50Q KK 082 680", 100),
        ("kk 082680", 100),
    ],
)
def test_grid_references_of_maps(words: str, precision: float) -> None:
    """The same place with more and more figures; the centre of its square is meant.

    The clock tower is at 50Q KK 0828 6809: UTM zone 50, 208280 E, 2468090 N.
    """
    (spot,) = read_reference(words)
    assert (spot.precision_m, spot.what) == (precision, "grid")
    assert distance_m(spot.at, STAR_FERRY) < 30 + precision * 1.5


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("HE 0012 6890", (113.9129, 22.2998)),  # the airport's side, west of 114 E: zone 49
        ("GE 99 67", (113.9065, 22.2872)),
        ("JK 9950 6900", (114.0835, 22.3006)),  # between 114 E and the 200 km line of zone 50
    ],
)
def test_squares_around_hong_kong(words: str, at: tuple[float, float]) -> None:
    """Hong Kong lies across two zones; the letters alone say in which."""
    (spot,) = read_reference(words)
    assert distance_m(spot.at, at) < 50


@pytest.mark.parametrize(
    "words", ["KK 083 69", "KK 0 6", "KK 083456 691234", "HK 08 69", "JQ 08 69", "49Q KK 08 69"]
)
def test_what_is_no_reference_near_here(words: str) -> None:
    """Unequal or too few figures, and squares that lie elsewhere, are no reference."""
    assert read_reference(words) == []


@pytest.mark.parametrize(
    ("words", "name", "what"),
    [
        ("Nathan Road", "Nathan Road", "road"),
        ("nathan rd", "Nathan Road", "road"),
        ("nathn road", "Nathan Road", "road"),
        ("彌敦道", "Nathan Road", "road"),
        ("弥敦道", "Nathan Road", "road"),
        ("Tuen Mun", "Tuen Mun District", "district"),
        ("觀塘區", "Kwun Tong District", "district"),
        ("queen mary hosp", "Queen Mary Hospital", "landmark"),
        ("港鐵旺角站", "Mong Kok MTR Station", "landmark"),
    ],
)
def test_names(words: str, name: str, what: str) -> None:
    """A name in any language, short, misspelled or in part, finds its place first."""
    first = find(words)[0]
    assert (first.title["en"], first.what) == (name, what)
    shown = first.shown()
    assert shown["geometry"]["type"] == "Point"
    assert shown["precision_m"] > 0


@pytest.mark.parametrize("words", ["", "  ", "zzzzqq", "!?", "\x00", "x" * 500, "((("])
def test_what_is_no_place(words: str) -> None:
    """Nothing like it is nothing found, whatever is typed."""
    assert find(words) == []


@pytest.mark.parametrize("words", ["road", "道", "a", "station", "Kowloon", "12"])
def test_there_are_never_many(words: str) -> None:
    """At most ten, none twice."""
    found = find(words)
    assert len(found) <= MOST
    assert len({(f.title.get("en"), f.what) for f in found}) == len(found)


def picture() -> Picture:
    """Give a picture with a camera, a publisher's shelter, and one that people keep."""
    store = MemoryStore()
    entities = [
        Camera(
            id="td_cameras:K109F",
            feed="td_cameras",
            publisher="TD",
            title={"en": "Chatham Road South near Prat Avenue", "zh-Hant": "漆咸道南近寶勒巷"},
            geometry=point(114.1745, 22.2985),
        ),
        Facility(
            id="had_shelters:1",
            feed="had_shelters",
            publisher="HAD",
            facility_type="shelter",
            title={"en": "Quarry Bay Hall"},
            geometry=point(114.21, 22.29),
            precision_m=40,
        ),
        Facility(
            id="facility:1",
            publisher="SJAB",
            facility_type="first_aid_post",
            title={"en": "Xylophone First Aid Post", "zh-Hant": "木琴急救站"},
            geometry=point(114.2, 22.3),
        ),
        Facility(id="facility:2", publisher="COP", facility_type="command_post"),
    ]
    store.write([put(entity) for entity in entities], fetched_ms=1)
    return Picture(store.snapshot())


def first(words: str, who: Audience = Audience.RESPONDER) -> Found | None:
    """Give what is found first on the picture."""
    return next(iter(find(words, picture(), who)), None)


def test_what_is_on_the_picture_is_found() -> None:
    """Cameras and facilities are found by their names as they are now."""
    camera = first("漆咸道南近寶勒巷")
    assert camera is not None
    assert (camera.what, camera.at) == ("camera", (114.1745, 22.2985))
    hall = first("quarry bay hall")
    assert hall is not None
    assert (hall.what, hall.precision_m) == ("facility", 40)


def test_nothing_is_found_that_may_not_be_seen() -> None:
    """What an audience may not see is not found by it."""
    mine = first("Xylophone First Aid Post")
    assert mine is not None
    assert mine.title["en"].startswith("Xylophone")
    other = first("Xylophone First Aid Post", Audience.PUBLIC)
    assert other is None or not other.title["en"].startswith("Xylophone")


def test_rows_of_blanks_are_one_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, each pattern is tried once: nobody can keep a process busy so."""
    read: list[str] = []

    def note(words: str) -> Iterator[grid_reference.Spot]:
        read.append(words)
        return iter(())

    monkeypatch.setattr(grid_reference, "_read_degrees", note)
    assert read_reference("836055" + " " * 90 + "818877")[0].what == "grid"
    assert read == ["836055 818877"]
