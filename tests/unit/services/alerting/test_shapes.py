"""The area of an alert never shrinks, whatever is made of it, and has few points when it goes."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.model.geometry import (
    Geometry,
    MultiPolygon,
    Polygon,
    Ring,
    line,
    point,
    polygon,
    positions,
)
from cop.services.exchange.alerting.shapes import (
    MOST_POINTS,
    area_km2,
    as_area,
    covers,
    points_of,
    shape_of,
    simplified,
)


def star(radii: list[float], lon: float, lat: float) -> Polygon:
    """Give an outline whose corners lie *radii* degrees from a place, all around it."""
    turn = 2 * math.pi / len(radii)
    return polygon(
        (lon + radius * math.cos(n * turn), lat + radius * math.sin(n * turn))
        for n, radius in enumerate(radii)
    )


stars = st.builds(
    star,
    st.lists(st.floats(0.001, 0.2), min_size=4, max_size=200),
    st.floats(113.5, 114.8),
    st.floats(21.8, 23.0),
)


def is_exact(geometry: Geometry) -> bool:
    """Tell whether all places have five decimals at most."""
    return all(round(each, 5) == each for place in positions(geometry) for each in place)


@settings(deadline=None, max_examples=40)
@given(stars)
def test_a_simpler_area_covers_the_whole(area: Polygon) -> None:
    """Few points, five decimals, valid, and nothing of what was in danger lies outside."""
    simple = simplified(area)
    assert points_of(simple) <= MOST_POINTS
    assert shape_of(simple).is_valid
    assert shape_of(simple).covers(shape_of(area))
    assert is_exact(simple)


@settings(deadline=None, max_examples=40)
@given(st.lists(stars, min_size=2, max_size=6), st.integers(10, MOST_POINTS))
def test_several_areas_stay_covered(areas: list[Polygon], most: int) -> None:
    """Areas that overlap, touch or lie in one another are covered too, with as few as wanted."""
    together = MultiPolygon(
        type="MultiPolygon", coordinates=tuple(area.coordinates for area in areas)
    )
    simple = simplified(together, most)
    assert points_of(simple) <= most
    whole = shapely.union_all([shape_of(area) for area in areas])
    assert shape_of(simple).covers(whole)


@settings(deadline=None, max_examples=40)
@given(stars)
def test_what_is_simple_enough_stays_as_it_is(area: Polygon) -> None:
    """To press the button again changes nothing."""
    simple = simplified(area)
    assert simplified(simple) == simple


def test_a_smooth_area_hardly_grows() -> None:
    """A circle of a thousand points grows by less than a hundredth."""
    area = star([0.05] * 1000, 114.1, 22.4)
    grown = area_km2(shape_of(simplified(area))) / area_km2(shape_of(area))
    assert 1 <= grown < 1.01


@pytest.mark.parametrize(
    "geometry",
    [point(114.1, 22.3), line([(114.1, 22.3), (114.2, 22.4)])],
    ids=["place", "line"],
)
def test_a_place_or_line_becomes_what_is_around_it(geometry: Geometry) -> None:
    """Half a kilometre around, and that in every direction."""
    area = as_area(geometry, 500)
    assert covers(area, geometry)
    assert points_of(area) <= MOST_POINTS
    if geometry.type == "Point":
        assert area_km2(shape_of(area)) == pytest.approx(math.pi / 4, rel=0.02)


def test_holes_are_covered() -> None:
    """CAP cannot say a hole: the alert is for all of it."""
    outer = star([0.1] * 8, 114.1, 22.4).coordinates[0]
    hole = star([0.01] * 8, 114.1, 22.4).coordinates[0]
    area = as_area(Polygon(type="Polygon", coordinates=(outer, hole)), 500)
    assert isinstance(area, Polygon)
    assert len(area.coordinates) == 1
    assert covers(area, point(114.1, 22.4))


def test_areas_are_measured_on_the_earth() -> None:
    """A tenth of a degree around Hong Kong: 11.07 by 10.29 km."""
    square = polygon([(114.0, 22.35), (114.1, 22.35), (114.1, 22.45), (114.0, 22.45)])
    assert area_km2(shape_of(square)) == pytest.approx(114.0, abs=0.5)


def test_a_place_has_no_outline() -> None:
    """Only an area can be made simpler."""
    with pytest.raises(ValueError, match="area"):
        simplified(point(114.1, 22.3))


def comb(teeth: int, *, lying: bool) -> Ring:
    """Give the outline of a comb, standing or lying, over the same square."""
    ring = [(n / teeth, 0.95 if n % 2 else 0.05) for n in range(teeth)] + [(1, -0.1), (0, -0.1)]
    places = [(y, x) if lying else (x, y) for x, y in [*ring, ring[0]]]
    return tuple((round(114 + x / 5, 5), round(22.2 + y / 5, 5)) for x, y in places)


def test_areas_that_cross_without_end_are_covered() -> None:
    """Two combs through one another cross a million times: their hulls stand for them."""
    combs = (comb(2_000, lying=False),), (comb(2_000, lying=True),)
    crossing = MultiPolygon(type="MultiPolygon", coordinates=combs)
    for area in (as_area(crossing, 200), simplified(crossing)):
        assert points_of(area) <= MOST_POINTS
        assert all(covers(area, polygon(ring)) for (ring,) in combs)


def test_what_overlaps_is_covered_too() -> None:
    """Where two parts overlap, or edges cross, an alert holds as well."""
    one, two = comb(10, lying=False), comb(10, lying=True)
    area = as_area(MultiPolygon(type="MultiPolygon", coordinates=((one,), (two,))), 200)
    both = shape_of(polygon(one)).intersection(shape_of(polygon(two)))
    assert both.area > 0
    assert shape_of(area).buffer(1e-5).covers(both)


def test_a_spike_without_width_makes_no_area_larger() -> None:
    """An outline that leads out on a line and back on it is the area alone."""
    square = [(114.0, 22.3), (114.1, 22.3), (114.1, 22.4), (114.0, 22.4)]
    spiked = polygon([*square[:2], (115.0, 22.3), *square[1:]])
    grown = area_km2(shape_of(as_area(spiked, 200))) / area_km2(shape_of(polygon(square)))
    assert grown == pytest.approx(1, abs=0.001)


def test_a_line_that_crosses_itself_without_end_is_covered() -> None:
    """Thousands of points to and fro become what lies around them all."""
    tangle = line((114 + n * 7 % 11 / 50, 22.3 + n * 5 % 13 / 50) for n in range(4_900))
    area = as_area(tangle, 200)
    assert covers(area, tangle)
    assert points_of(area) <= MOST_POINTS
