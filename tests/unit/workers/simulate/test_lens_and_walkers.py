"""The pinhole of simulated cameras, and people who walk in front of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.simulate.sights.lens import Lens
from workers.simulate.sights.walkers import APART_M, Walker, crowd, inside, places, velocities

HERE = (838_000.0, 822_500.0)
ROOM = ((0.0, 0.0), (10.0, 0.0), (10.0, 8.0), (0.0, 8.0))


def on_grid(outline: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Give an outline in grid metres."""
    return [(HERE[0] + east, HERE[1] + north) for east, north in outline]


lenses = st.builds(
    Lens,
    st.just(HERE[0]),
    st.just(HERE[1]),
    st.floats(6, 15),
    st.floats(0, 359.9),
    st.floats(20, 50),
    st.floats(35, 80),
    st.sampled_from([(640, 480), (320, 240), (384, 288)]),
)


@given(lenses, st.floats(0, 1), st.floats(0.45, 1))
@settings(deadline=None, max_examples=80)
def test_ground_and_picture_are_each_others_inverse(lens: Lens, across: float, down: float) -> None:
    """A pixel below the horizon shows a place of the ground that is seen at that pixel."""
    pixel = [(lens.size[0] * across, lens.size[1] * down)]
    ground = lens.to_ground(pixel)
    assert np.isfinite(ground).all()
    assert lens.to_image(np.column_stack([ground, [0.0]])) == pytest.approx(
        np.array(pixel), abs=1e-6
    )


@given(lenses)
@settings(deadline=None, max_examples=60)
def test_ground_points_are_in_the_picture_and_on_the_ground(lens: Lens) -> None:
    """The points by which a camera is set up say where their pixels are, and are in the frame."""
    image, grid = lens.ground_points()
    assert lens.to_ground(image) == pytest.approx(np.array(grid), abs=0.001)
    assert all(0 < x < lens.size[0] and 0 < y < lens.size[1] for x, y in image)


def test_the_lens_looks_where_it_is_turned() -> None:
    """Looking east, what is to the south is to the right, and what is far is high up."""
    lens = Lens(*HERE, 8, bearing_deg=90, tilt_deg=30)
    middle, south, far = lens.to_image(
        [
            (HERE[0] + 14, HERE[1], 0),
            (HERE[0] + 14, HERE[1] - 3, 0),
            (HERE[0] + 30, HERE[1], 0),
        ]
    )
    assert middle[0] == pytest.approx(320)
    assert south[0] > middle[0]
    assert far[1] < middle[1]
    assert np.isnan(lens.to_image([(HERE[0] - 20, HERE[1], 0)])).all()
    assert np.isnan(lens.to_ground([(320, -400)])).all()


def test_an_outline_above_the_horizon_is_refused() -> None:
    """A zone must be on the ground."""
    with pytest.raises(ValueError, match="horizon"):
        Lens(*HERE, 8, 90, 20).ground_of([(0, -300), (10, 400), (90, 400)])


def test_a_person_walking_east_moves_by_the_right_pixels() -> None:
    """1.2 m/s to the east are 1.2 m a second on the ground, seen through the lens."""
    lens = Lens(*HERE, 8, bearing_deg=0, tilt_deg=30)
    walker = Walker(HERE[0] - 3, HERE[1] + 15, 90, 1.2, 1.7, 5)
    at = [places((walker,), second)[0] for second in (0.0, 5.0)]
    assert at[1] - at[0] == pytest.approx([6.0, 0.0], abs=0.7)
    seen = lens.to_image([(*place, 0.0) for place in at])
    scale = lens.focal_px / lens.away_m([(*at[0], 0.0)])[0]
    assert seen[1][0] - seen[0][0] == pytest.approx((at[1] - at[0])[0] * scale, rel=0.01)


def test_a_crowd_is_as_dense_as_asked_and_stays_so() -> None:
    """While all of them walk, the number within the zone stays about the same."""
    outline = on_grid(ROOM)
    people = crowd(None, outline, 2.0, heading_deg=40, speed_mps=1.2, seed=3)
    for second in (0.0, 30.0, 300.0, 5000.0):
        here = int(inside(np.array(outline), places(people, second)).sum())
        assert here == pytest.approx(160, rel=0.15)


@pytest.mark.parametrize("per_m2", [0.5, 2.0, 5.5])
def test_nobody_stands_in_anybody(per_m2: float) -> None:
    """However dense, people keep most of a body's depth from each other."""
    people = crowd(None, on_grid(ROOM), per_m2, heading_deg=0, speed_mps=0.5, seed=8)
    spots = places(people, 12.3)
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, 9)
    assert np.median(apart.min(axis=1)) >= APART_M * 0.9
    assert (apart.min(axis=1) < APART_M * 0.5).mean() < 0.03


def test_a_crowd_goes_where_and_as_fast_as_it_is_told() -> None:
    """The mean velocity is the crowd's; each differs a little from it."""
    people = crowd(None, on_grid(ROOM), 1.0, heading_deg=120, speed_mps=1.1, seed=1)
    moved = velocities(people, 20.0)
    moved = moved[np.isfinite(moved).all(axis=1)]
    east, north = moved.mean(axis=0)
    assert np.degrees(np.arctan2(east, north)) % 360 == pytest.approx(120, abs=4)
    assert np.hypot(east, north) == pytest.approx(1.1, rel=0.08)
    assert moved.std(axis=0).max() > 0.02


def test_those_who_stand_shift_their_weight_only() -> None:
    """A standing crowd stays where it is but is not frozen."""
    people = crowd(None, on_grid(ROOM), 3.0, seed=4)
    moved = np.hypot(*(places(people, 60.0) - places(people, 0.0)).T)
    assert 0 < moved.max() < 0.25


def test_the_same_seed_is_the_same_crowd() -> None:
    """Seed and zone decide everything."""
    first = crowd(None, on_grid(ROOM), 1.0, seed=2)
    assert first == crowd(None, on_grid(ROOM), 1.0, seed=2)
    assert first != crowd(None, on_grid(ROOM), 1.0, seed=3)
