"""Where road news are put on the map, how exactly, and when they are not."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.formats.placing import GIVEN_M, NEAR_M, Gazetteer, Place, distance_m, fold
from cop.formats.roads import Stretch
from cop.model.district import District
from cop.model.entity import Placing
from cop.model.geometry import HONG_KONG_BBOX, Point, inside, positions
from cop.model.site import Site
from cop.model.text import Text, text
from cop.reference.tables import default_sites, default_table, index_sites


def _line(
    key: str, name: Text, *places: tuple[float, float], aliases: tuple[str, ...] = ()
) -> Site:
    shape = {"type": "LineString", "coordinates": places}
    return Site.model_validate({"key": key, "name": name, "geometry": shape, "aliases": aliases})


def _point(key: str, name: Text, lon: float, lat: float) -> Site:
    shape = Point(type="Point", coordinates=(lon, lat))
    return Site(key=key, name=name, geometry=shape, precision_m=100.0)


ROADS = (
    _line("long", text("Long Road", "長路"), (114.10, 22.30), (114.20, 22.30)),
    _line("cross", text("Cross Street", "橫街"), (114.18, 22.29), (114.18, 22.31)),
)
LANDMARKS = (
    _point("hall", text("Town Hall", "大會堂"), 114.12, 22.302),
    _point("mall", text("The Mall", "商場"), 114.16, 22.299),
    _point("twin-a", text("Twin Court", "孖苑"), 114.11, 22.301),
    _point("twin-b", text("Twin Court", "孖苑"), 114.19, 22.301),
    _point("far", text("Far Temple", "遠廟"), 114.15, 22.40),
    _point("station", text("Middle MTR Station", "港鐵中間站"), 114.15, 22.301),
)
CAMERAS = (
    _point("C1", text("Other Road near Little Shop", "別路近小店"), 114.21, 22.35),
    _point("C2", text("Twice Road near Little Shop", "雙路近小店"), 114.30, 22.40),
)
GAZETTEER = Gazetteer.of(
    roads=index_sites(ROADS), landmarks=index_sites(LANDMARKS), points=(index_sites(CAMERAS),)
)


def _near(road: str, near: str) -> Place:
    return GAZETTEER.place(Stretch(text(road), {}, text(near)))


def _at(place: Place) -> tuple[float, float]:
    assert isinstance(place.geometry, Point)
    return place.geometry.coordinates


def test_given_coordinates_win() -> None:
    """The publisher's own coordinates are used as they are."""
    place = GAZETTEER.place(Stretch(text("Long Road")), given=(114.17, 22.31))
    assert (_at(place), place.placing, place.precision_m) == (
        (114.17, 22.31),
        Placing.GIVEN,
        GIVEN_M,
    )


@pytest.mark.parametrize("wrong", [(0.0, 0.0), (22.3, 114.2), (116.4, 39.9)])
def test_coordinates_outside_hong_kong_are_none(wrong: tuple[float, float]) -> None:
    """Zeros, swapped and foreign coordinates fall back to the names."""
    place = GAZETTEER.place(Stretch(text("Long Road"), {}, text("Town Hall")), given=wrong)
    assert place.placing is Placing.LANDMARK


@pytest.mark.parametrize(
    ("road", "near"), [("Long Road", "Town Hall"), ("Long Rd", "the town hall"), ("長路", "大會堂")]
)
def test_landmark_is_drawn_to_the_road(road: str, near: str) -> None:
    """A landmark beside the road gives the place on the road next to it, in either language."""
    made = text if road.isascii() else partial(text, None)
    stretch = Stretch(made(road), {}, made(near))
    place = GAZETTEER.place(stretch)
    assert place.placing is Placing.LANDMARK
    assert distance_m(_at(place), (114.12, 22.30)) < 1
    assert place.precision_m is not None
    assert 400 < place.precision_m < 450


def test_station_by_its_short_name() -> None:
    """A landmark called without `MTR Station` finds the station when nothing else has the name."""
    assert _near("Long Road", "Middle").placing is Placing.LANDMARK


def test_landmark_far_from_the_road_is_not_believed() -> None:
    """A landmark kilometres away from the named road does not move the news off the road."""
    place = _near("Long Road", "Far Temple")
    assert place.placing is Placing.ROAD
    assert distance_m(_at(place), (114.15, 22.30)) < 5


def test_ambiguous_landmark_is_not_guessed() -> None:
    """Of two places with one name, both on the road, neither is taken."""
    assert _near("Long Road", "Twin Court").placing is Placing.ROAD


def test_road_tells_namesakes_apart() -> None:
    """Cameras' landmarks of one name are told apart by the road of the camera."""
    assert _at(_near("Other Road", "Little Shop")) == (114.21, 22.35)
    assert _at(_near("Twice Road", "Little Shop")) == (114.30, 22.40)
    assert _near("Third Road", "Little Shop").geometry is None


def test_cross_street_is_the_crossing() -> None:
    """A street as the landmark of a road means where they cross."""
    place = _near("Long Road", "Cross Street")
    assert distance_m(_at(place), (114.18, 22.30)) < 60
    assert place.precision_m == 150 + NEAR_M


def test_between_landmarks_is_the_middle() -> None:
    """Between two landmarks means halfway, as exactly as they are apart."""
    ends = (text("Town Hall"), text("The Mall"))
    place = GAZETTEER.place(Stretch(text("Long Road"), ends=ends))
    assert distance_m(_at(place), (114.14, 22.30)) < 60
    assert place.precision_m is not None
    assert 2000 < place.precision_m < 2500


def test_road_alone_says_how_long_it_is() -> None:
    """A road without landmark gives its middle, and a precision that reaches its ends."""
    place = GAZETTEER.place(Stretch(text("Long Road")))
    assert place.placing is Placing.ROAD
    assert place.precision_m is not None
    assert place.precision_m > distance_m((114.10, 22.30), (114.15, 22.30))


def test_district_alone_has_no_point() -> None:
    """News of which only the district is known are listed there, not drawn."""
    place = GAZETTEER.place(Stretch(text("No Road")), district=District.SHA_TIN)
    assert place == Place(placing=Placing.DISTRICT, district=District.SHA_TIN)


def test_unknown_names_have_no_place() -> None:
    """What nothing matches is unplaced."""
    assert _near("No Road", "No House") == Place()


@given(st.text(max_size=60))
def test_any_name_can_be_folded(name: str) -> None:
    """Folding never fails and is its own fixed point in blanks and case."""
    assert fold(name) == fold(f" {name.upper()} ".lower()) or not name.isascii()


def test_shipped_roads_and_landmarks() -> None:
    """Every shipped road and landmark has three names, a place in Hong Kong, a precision."""
    for table in ("roads", "landmarks", "td_journey_sites", "td_detector_sites"):
        for site in default_sites(table):
            assert set(site.name) == {"en", "zh-Hant", "zh-Hans"}, site.key
            assert site.precision_m is not None, site.key
            assert all(inside(at, HONG_KONG_BBOX) for at in positions(site.geometry)), site.key


SAMPLES = [
    ("Castle Peak Road - Yuen Long", "Long Yat Road", (114.0345, 22.445)),
    ("Lung Cheung Road", "Tin Ma Court", (114.187, 22.343)),
    ("Waterloo Road", "Baptist Hospital", (114.179, 22.340)),
    ("Tuen Mun Road", "Sam Shing Estate", (113.979, 22.383)),
    ("Lion Rock Tunnel Road", "Hin Keng MTR Station", (114.175, 22.359)),
    ("Island Eastern Corridor", "Tai Koo Shing", (114.217, 22.288)),
    ("Nathan Road", "Argyle Street", (114.1695, 22.3195)),
    ("Tolo Highway", "Science Park", (114.207, 22.426)),
]


@pytest.mark.parametrize(("road", "near", "about"), SAMPLES)
def test_well_known_places(road: str, near: str, about: tuple[float, float]) -> None:
    """Places that the news often name are put where they are, with the shipped tables alone."""
    gazetteer = Gazetteer.of(
        roads=default_table("roads"),
        landmarks=default_table("landmarks"),
        points=(default_table("td_detector_sites"),),
    )
    place = gazetteer.place(Stretch(text(road), {}, text(near)))
    assert place.placing is Placing.LANDMARK
    assert place.precision_m is not None
    assert distance_m(_at(place), about) <= max(400.0, place.precision_m)
