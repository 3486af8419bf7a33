"""The ground of a camera: where its pixels are, how large its zones, how tall people look."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import Polygon

from cop.errors import Misconfigured
from tests.unit.workers.vision.views import PAVEMENT, STREET, a_plan, a_view
from workers.simulate.sights.lens import Lens
from workers.vision.ground import FURTHEST_M, View

LENSES = st.builds(
    Lens,
    east_m=st.floats(810_000, 860_000),
    north_m=st.floats(810_000, 840_000),
    height_m=st.floats(3, 25),
    bearing_deg=st.floats(0, 359.9),
    tilt_deg=st.floats(15, 75),
    fov_deg=st.floats(35, 95),
    size=st.sampled_from([(320, 240), (352, 288)]),
)


def lower_half(lens: Lens) -> tuple[tuple[float, float], ...]:
    """Give an outline that is ground under any of the lenses."""
    width, height = lens.size
    return (
        (0.1 * width, 0.9 * height),
        (0.9 * width, 0.9 * height),
        (0.8 * width, 0.6 * height),
        (0.3 * width, 0.7 * height),
    )


@settings(max_examples=12, deadline=None)
@given(lens=LENSES, x=st.floats(0.05, 0.95), y=st.floats(0.55, 0.98))
def test_there_and_back(lens: Lens, x: float, y: float) -> None:
    """A pixel laid on the ground, or on a plane above it, comes back to where it was."""
    view = a_view(lens, [{"outline": lower_half(lens), "use": "walkway"}])
    pixel = np.array([[x * lens.size[0], y * lens.size[1]]])
    for up_m in (0.0, 1.2):
        back = view.to_image(view.to_ground(pixel, up_m), up_m)
        assert np.allclose(back, pixel, atol=0.01)
    assert np.allclose(view.to_ground(pixel), lens.to_ground(pixel), rtol=0, atol=0.2)


@settings(max_examples=12, deadline=None)
@given(lens=LENSES)
def test_areas(lens: Lens) -> None:
    """A zone's area is that of its corners on the ground, and of its pixels put together."""
    outline = lower_half(lens)
    view = a_view(lens, [{"outline": outline, "use": "walkway"}])
    zone = view.zones["z0"]
    true = Polygon(lens.to_ground(outline)).area
    assert zone.area_m2 == pytest.approx(true, rel=0.02)
    assert float(view.m2[zone.mask].sum()) == pytest.approx(true, rel=0.06)


@settings(max_examples=12, deadline=None)
@given(lens=LENSES)
def test_the_camera_is_found(lens: Lens) -> None:
    """Height, place and focal length follow from the ground points, and so how tall people look."""
    view = a_view(lens, [{"outline": lower_half(lens), "use": "walkway"}])
    assert not view.focal_assumed
    assert view.camera_height_m == pytest.approx(lens.height_m, rel=0.03)
    assert view.focal_px == pytest.approx(lens.focal_px, rel=0.03)
    feet = view.to_ground(np.array([[lens.size[0] / 2, 0.8 * lens.size[1]]]))
    seen = view.to_image(feet, 1.7)
    true = lens.to_image([(*feet[0], 1.7)])
    assert np.allclose(seen, true, atol=2)


def test_the_outline() -> None:
    """An outline is closed, runs counter-clockwise and lies where HK1980 says it does."""
    zone = a_view().zones["z0"]
    assert zone.outline.type == "Polygon"
    ring = zone.outline.coordinates[0]
    assert ring[0] == ring[-1]
    assert Polygon(ring).exterior.is_ccw
    to_wgs84 = Transformer.from_crs(2326, 4326, always_xy=True)
    corner = to_wgs84.transform(*STREET.to_ground(PAVEMENT)[0])
    assert min(abs(lon - corner[0]) + abs(lat - corner[1]) for lon, lat in ring) < 3e-6


def test_above_the_horizon_is_no_ground() -> None:
    """Nothing above the horizon, or further than 150 m, has an area; a zone stops there."""
    lens = Lens(836500, 822300, 6, 0, 8, 60)
    outline = ((20.0, 470.0), (620.0, 470.0), (620.0, 5.0), (20.0, 5.0))
    view = a_view(lens, [{"outline": outline, "use": "walkway"}])
    assert not view.m2[:150].any()
    zone = view.zones["z0"]
    assert not zone.mask[:150].any()
    places = view.to_ground(np.argwhere(zone.mask)[:, ::-1])
    away = np.hypot(*(places - view.camera_grid).T)
    assert away.max() <= FURTHEST_M + 1
    assert float(view.m2[zone.mask].sum()) == pytest.approx(zone.area_m2, rel=0.05)
    assert view.person_px(300, 10) == (0.0, 0.0)
    assert view.body_px2()[10, 300] == 0


def test_people_grow_towards_the_camera() -> None:
    """Somebody near is taller and broader than somebody far; bodies have the size of both."""
    view = a_view()
    near, far = view.person_px(320, 460), view.person_px(320, 200)
    assert near[0] > far[0] > 20
    assert near[1] > far[1] > 5
    heights, widths = view.person_sizes
    assert (heights[460, 320], widths[460, 320]) == pytest.approx(near, rel=1e-5)
    assert view.body_px2()[460, 320] == pytest.approx(0.7 * near[0] * near[1], rel=1e-4)


def test_straight_down() -> None:
    """A camera that looks straight down says that its focal length is assumed; areas hold."""
    lens = Lens(836500, 822300, 9, 30, 90, 60)
    outline = ((100.0, 100.0), (500.0, 100.0), (500.0, 400.0), (100.0, 400.0))
    view = a_view(lens, [{"outline": outline, "use": "queue"}])
    assert view.focal_assumed
    true = Polygon(lens.to_ground(outline)).area
    assert view.zones["z0"].area_m2 == pytest.approx(true, rel=0.01)
    height, width = view.person_px(320, 240)
    assert 0.5 < height / width < 2.5


def test_more_points_outvote_a_wrong_one() -> None:
    """With six points one that does not fit is left out and named."""
    image = [(50, 400), (600, 410), (500, 250), (150, 240), (320, 330), (260, 450)]
    grid = STREET.to_ground(image)
    grid[4] += (6, -5)
    view = View(a_plan(ground=(image, grid.tolist())))
    assert view.left_out == (4,)
    assert view.residual_m < 0.05


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        (([(0, 0), (10, 0), (20, 0), (5, 30)], [(0, 0), (1, 0), (2, 1), (0, 3)]), "1, 2, 3 lie on"),
        (([(0, 0), (10, 0), (20, 9), (5, 30)], [(0, 0), (1, 0), (3, 0), (0, 3)]), "in the grid"),
        (([(0, 0), (10, 0), (20, 9), (5, 30)], [(0, 0), (1, 0), (3, 0), (0, 3), (9, 9)]), "5 in"),
        (([(50, 400), (600, 400), (500, 200), (150, 200)], "swapped"), "mirrored"),
        (([(50, 400), (600, 400), (500, 200), (150, 200)], "crossed"), "horizon"),
    ],
)
def test_points_that_cannot_be_used(ground: tuple[object, object], words: str) -> None:
    """Points on a line, of unequal number, mirrored or out of order are refused and named."""
    image, grid = ground
    if isinstance(grid, str):
        places = STREET.to_ground(image).tolist()
        grid = places[::-1] if grid == "swapped" else [places[i] for i in (0, 2, 1, 3)]
        if words == "mirrored":
            grid = [(n - 822300 + 836500, e - 836500 + 822300) for e, n in places]
    with pytest.raises(Misconfigured, match=words):
        View(a_plan(ground=(image, grid)))


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        (((0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)), "no area"),
        (((0.0, 0.0), (600.0, 0.0), (600.0, 20.0), (0.0, 20.0)), "no ground"),
    ],
)
def test_zones_that_cannot_be_used(outline: tuple[tuple[float, float]], words: str) -> None:
    """A zone that crosses itself, or lies in the sky, is refused and named."""
    lens = Lens(836500, 822300, 6, 0, 8, 60)
    with pytest.raises(Misconfigured, match=f"zone z0.*{words}"):
        a_view(lens, [{"outline": outline, "use": "walkway"}])


def test_off_the_sheet() -> None:
    """Points that are not in Hong Kong are refused."""
    lens = Lens(100, 100, 7, 90, 28, 62)
    with pytest.raises(Misconfigured, match="HK1980"):
        a_view(lens)
