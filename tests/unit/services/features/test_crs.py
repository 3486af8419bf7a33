"""Coordinate systems: boxes in, coordinates out, axes as their authorities order them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.errors import Invalid
from cop.services.features.crs import CRS, CRS84, carry_out, known, parse_bbox

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
TOWER = (114.178555, 22.312133)
"""Where the Hong Kong 1980 Grid has its origin, about."""

lons = st.floats(113.8, 114.5)
lats = st.floats(22.1, 22.6)


def at(place: tuple[float, float]) -> Any:
    """Give what asks for the geometry of a point."""
    return lambda: {"type": "Point", "coordinates": list(place)}


def is_in(place: tuple[float, float], words: str, crs: str = CRS84) -> bool:
    """Tell whether *place* meets the box in *words*."""
    return parse_bbox(words, crs).meets((*place, *place), at(place))


@pytest.mark.parametrize(
    ("words", "crs"),
    [
        ("114.1,22.3,114.2,22.4", CRS84),
        ("114.1,22.3,-10,114.2,22.4,500", CRS84),
        ("22.3,114.1,22.4,114.2", f"{EPSG}4326"),
        ("12700000,2540000,12720000,2560000", f"{EPSG}3857"),
        ("819000,836000,820000,837000", f"{EPSG}2326"),
    ],
)
def test_a_box_is_read_in_the_order_of_its_system(words: str, crs: str) -> None:
    """Longitude first, latitude first, east first, north first: as the authority says."""
    assert is_in(TOWER, words, crs)
    assert not is_in((114.4, 22.5), words, crs)


def test_a_box_may_hold_the_whole_world() -> None:
    """Web Mercator as far as it goes, and a little farther, as programs ask for it."""
    for edge in ("20037508.342789244", "20037509", "30000000"):
        words = f"-{edge},-20048966.1,{edge},20048966.1"
        assert all(
            is_in(place, words, f"{EPSG}3857") for place in (TOWER, (180.0, 1.0), (-180.0, -80.0))
        )


def test_a_box_may_span_the_180th_meridian() -> None:
    """West may be greater than east; a place without geometry meets every box."""
    area = parse_bbox("177,-20,-177,20", CRS84)
    assert area.meets((179, 0, 179, 0), at((179, 0)))
    assert area.meets((-179, 0, -179, 0), at((-179, 0)))
    assert not area.meets((0, 0, 0, 0), at((0, 0)))
    assert area.meets(None, at((0, 0)))


def test_it_is_the_shape_that_must_meet_the_box() -> None:
    """A line around a corner does not meet what lies only within the box around it."""
    bent = {"type": "LineString", "coordinates": [[114.0, 22.2], [114.0, 22.4], [114.2, 22.4]]}
    around = (114.0, 22.2, 114.2, 22.4)
    assert not parse_bbox("114.1,22.21,114.15,22.3", CRS84).meets(around, lambda: bent)
    assert parse_bbox("113.9,22.21,114.15,22.3", CRS84).meets(around, lambda: bent)


@pytest.mark.parametrize(
    ("words", "crs"),
    [
        ("", CRS84),
        ("1,2,3", CRS84),
        ("1,2,3,4,5", CRS84),
        ("1,2,3,4,5,6,7", CRS84),
        ("a,b,c,d", CRS84),
        ("NaN,NaN,NaN,NaN", CRS84),
        ("nan,1,2,3", CRS84),
        ("1,2,inf,4", CRS84),
        ("-Infinity,2,3,4", CRS84),
        ("1,5,2,4", CRS84),
        ("1,2,9,3,4,8", CRS84),
        ("-181,0,0,1", CRS84),
        ("0,-91,1,0", CRS84),
        ("0,0,1e300,1", CRS84),
        ("114.1,22.3,114.2,22.4", f"{EPSG}4326"),
        ("2,2,1,1", f"{EPSG}3857"),
        ("1e300,1e300,1e301,1e301", f"{EPSG}2326"),
        ("-543044,707231,3475354,10198244", f"{EPSG}2326"),
        ("30000000,0,40000000,1", f"{EPSG}3857"),
        ("1,2,3,4" * 2000, CRS84),
    ],
)
def test_what_is_no_box_is_refused(words: str, crs: str) -> None:
    """Not numbers, not finite, not four or six, not on earth, turned over: said as such."""
    with pytest.raises(Invalid, match="bbox"):
        parse_bbox(words, crs)


@pytest.mark.parametrize("uri", ["EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/9999", ""])
def test_only_what_is_offered_is_known(uri: str) -> None:
    """An unknown system is refused, with the list of those there are."""
    with pytest.raises(Invalid, match="EPSG/0/2326"):
        known(uri, "crs")


def test_coordinates_are_written_in_the_order_of_their_system() -> None:
    """EPSG:4326 latitude first, the grid northing first, Web Mercator easting first."""
    point = {"type": "Point", "coordinates": list(TOWER)}
    [one] = carry_out([point], f"{EPSG}4326")
    assert one is not None
    assert one["coordinates"] == [TOWER[1], TOWER[0]]
    [two] = carry_out([point], f"{EPSG}2326")
    assert two is not None
    assert two["coordinates"] == pytest.approx([819239.281, 836441.165], abs=0.01)
    [three] = carry_out([point], f"{EPSG}3857")
    assert three is not None
    assert three["coordinates"] == pytest.approx([12710298.602, 2549042.017], abs=0.01)
    assert carry_out([point], CRS84) == [point]


def test_whole_geometries_are_carried_over() -> None:
    """Every ring and part, nothing for what has none, and nothing that is not finite."""
    area = {
        "type": "MultiPolygon",
        "coordinates": [[[[114.0, 22.2], [114.1, 22.2], [114.1, 22.3], [114.0, 22.2]]], []],
    }
    pole = {"type": "Point", "coordinates": [0.0, 90.0]}
    far = {"type": "Point", "coordinates": [-70.0, -40.0]}
    moved = carry_out([area, None, pole, far], f"{EPSG}4326")
    assert moved[0] == {
        "type": "MultiPolygon",
        "coordinates": [[[[22.2, 114.0], [22.2, 114.1], [22.3, 114.1], [22.2, 114.0]]], []],
    }
    assert moved[1] is None
    for crs in CRS:
        for one in carry_out([pole, far], crs):
            assert one is None or all(abs(part) < 1e9 for part in one["coordinates"])


@given(lon=lons, lat=lats, crs=st.sampled_from(CRS))
def test_a_place_lies_in_the_box_around_it_in_every_system(
    lon: float, lat: float, crs: str
) -> None:
    """What is written in a system is found again by a box in that system, to its last decimal."""
    [moved] = carry_out([{"type": "Point", "coordinates": [lon, lat]}], crs)
    assert moved is not None
    first, second = moved["coordinates"]
    margin = 1e-7 if abs(first) < 360 else 0.0
    words = f"{first - margin},{second - margin},{first + margin},{second + margin}"
    assert is_in((lon, lat), words, crs)
