"""Areas that are odd: mended in little time, and never smaller."""

from __future__ import annotations

import random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cop.services.cot.shapes import MOST_CORNERS, outlines_of, whole_of

_places = st.tuples(st.integers(0, 20), st.integers(0, 20))


@given(st.lists(_places, min_size=4, max_size=10, unique=True))
def test_an_area_whose_edges_cross_is_mended(ring: list[tuple[int, int]]) -> None:
    """What comes is valid, is there, and reaches as far."""
    area = whole_of({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    assert shapely.is_valid(area)
    assert area.convex_hull.buffer(1e-6).covers(shapely.MultiPoint(ring))


def test_a_knot_becomes_its_hull() -> None:
    """To mend thousands of crossings would hold up every line for minutes."""
    chance = random.Random(7)
    ring = [(chance.random(), chance.random()) for _ in range(2000)]
    area = whole_of({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    assert area.equals(shapely.MultiPoint(ring).convex_hull)


@pytest.mark.parametrize("corners", [301, 5000])
def test_an_area_of_many_spikes_is_drawn_simpler_and_holds_all_of_it(corners: int) -> None:
    """However ragged its edge."""
    chance = random.Random(7)
    middle = shapely.Point(114, 22.3).buffer(0.2, quad_segs=corners // 4 + 1)
    ring = [
        (114 + (x - 114) * (k := 1 + 0.3 * chance.random()), 22.3 + (y - 22.3) * k)
        for x, y in shapely.get_coordinates(middle)[:-1]
    ]
    area = shapely.Polygon(ring)
    ((part, drawn),) = outlines_of(area)
    assert part.equals(area)
    assert len(drawn) <= MOST_CORNERS
    assert shapely.Polygon(drawn).contains(area)
