"""HK1980 Grid to WGS84."""

import pytest

from cop.formats.circle import circle, destination
from cop.formats.grid import grid_to_wgs84


def test_control_pair_agrees_to_a_metre() -> None:
    """The Transport Department's pair is met: without the datum shift it would be 300 m off."""
    lon, lat = grid_to_wgs84(839405.76, 829500.77)
    assert lon == pytest.approx(114.207348, abs=1e-5)
    assert lat == pytest.approx(22.40479702, abs=1e-5)


@pytest.mark.parametrize(
    ("easting", "northing"), [(0, 0), (829500.0, 1e6), (float("nan"), 820000), (114.2, 22.4)]
)
def test_places_off_the_sheet_are_refused(easting: float, northing: float) -> None:
    """Swapped, degree or missing values never become a place."""
    with pytest.raises(ValueError):
        grid_to_wgs84(easting, northing)


def test_circle_is_closed_and_round() -> None:
    """A circle's ring ends where it began; its northernmost corner is its radius away."""
    ring = circle((114.0, 22.0), 111.195)
    assert ring[0] == ring[-1]
    assert ring[0] == pytest.approx((114.0, 23.0), abs=1e-4)
    assert destination((179.9, 0.0), 90.0, 111.0)[0] < -179
    with pytest.raises(ValueError):
        circle((114.0, 22.0), 0)
