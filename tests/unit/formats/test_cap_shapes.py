"""Polygons and circles as they come."""

from __future__ import annotations

import pytest

from cop.formats.cap import _references
from cop.formats.cap_shapes import NO_RADIUS, read_disc, read_ring
from cop.formats.when import HONG_KONG_TIME

SQUARE = ((113.5, 22.1), (113.6, 22.1), (113.6, 22.2), (113.5, 22.1))


@pytest.mark.parametrize(
    "raw",
    [
        "22.1,113.5 22.1,113.6 22.2,113.6 22.1,113.5",
        "22.1,113.5 22.1,113.6 22.2,113.6",
        "  22.1, 113.5\n\t22.1 ,113.6\r\n22.2 , 113.6\n",
        "22.1,113.5;22.1,113.6;22.2,113.6;",
        "22.1 113.5 22.1 113.6 22.2 113.6",
        "22.1,113.5,22.1,113.6,22.2,113.6",
        "22.1,113.5,0 22.1,113.6,0 22.2,113.6,0",
        "+22.1,113.5 2.21e1,113.6 22.20,113.600",
        "22.1 113.5,22.1 113.6,22.2 113.6",
        "22.1,113.5|22.1,113.6|22.2,113.6",
        "(22.1,113.5) (22.1,113.6) (22.2,113.6)",
        "22.1°,113.5° 22.1°,113.6° 22.2°,113.6°",
        "POLYGON ((113.5 22.1, 113.6 22.1, 113.6 22.2, 113.5 22.1))",
        "[[113.5,22.1],[113.6,22.1],[113.6,22.2]]",
    ],
)
def test_one_ring_however_written(raw: str) -> None:
    """Blanks, breaks, semicolons, heights and a missing last corner make no difference."""
    assert read_ring(raw) == (SQUARE, "")


@pytest.mark.parametrize(
    ("raw", "first"),
    [
        ("113.5,22.1 113.6,22.1 113.6,22.2", SQUARE[0]),
        ("113.5 22.1,113.6 22.1,113.6 22.2", SQUARE[0]),
        ("89.5,22.1 91.6,22.1 91.6,22.2", (89.5, 22.1)),
        ("190,-17 191,-17 191,-18", (-170.0, -17.0)),
    ],
)
def test_longitude_first_is_seen(raw: str, first: tuple[float, float]) -> None:
    """Where most first numbers can only be longitudes they are, and that is said."""
    ring, defect = read_ring(raw)
    assert ring[0] == first
    assert "other way round" in defect


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "1,2",
        "1,2 3,4",
        "1,2 1,2 1,2 1,2",
        "1,2 3",
        "1 2 3 4 5",
        "91,0 1,1 2,2",
        "nan,1 2,2 3,3",
        "1,2 3,4 inf,5",
        "1,2 3,4 5,361",
        "1,2 3,4 a,b",
        "1e400,2 3,4 5,6",
        "1,2 " * 20_001,
    ],
)
def test_what_is_no_ring(raw: str) -> None:
    """Too few or too many corners, words, and places off the earth are refused."""
    with pytest.raises(ValueError, match=r"\w"):
        read_ring(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "22.1,113.5 10",
        "22.1, 113.5 10",
        "22.1,113.5,10",
        " 22.1 113.5\n10 km ",
        "113.5,22.1 10.0",
        "(22.1,113.5) 10",
        "22.1,113.5 10000m",
    ],
)
def test_one_circle_however_written(raw: str) -> None:
    """Centre and radius are found in any of the spellings."""
    assert read_disc(raw)[:2] == ((113.5, 22.1), 10.0)


def test_a_circle_without_a_radius_is_a_point() -> None:
    """A radius of 0 is no mistake."""
    assert read_disc("-33.7614,149.1685 0.0") == ((149.1685, -33.7614), 0.0, "")
    assert read_disc("22.1,113.5") == ((113.5, 22.1), 0.0, NO_RADIUS)


@pytest.mark.parametrize(
    "raw", ["22.1", "22.1,113.5 -1", "22.1,113.5 3000", "a,b c", "1 2 nan", "1,2 3,4"]
)
def test_what_is_no_circle(raw: str) -> None:
    """A negative or absurd radius, and words, are refused."""
    with pytest.raises(ValueError, match=r"\w"):
        read_disc(raw)


@pytest.mark.parametrize(
    ("raw", "identities"),
    [
        ("a@b,1,2027-06-08T09:32:10+08:00", [("a@b", "1")]),
        ("a@b, 1, 2027-06-08T09:32:10Z, c,2,2027-06-08T09:32:10Z", [("a@b", "1"), ("c", "2")]),
        ('"A B",1,2027-06-08T09:32:10Z;c,2,2027-06-08T09:32:10Z', [("A B", "1"), ("c", "2")]),
        ("s,tag:x,2011-10:1,2027-06-08T09:32:10Z", [("s", "tag:x,2011-10:1")]),
        ("s,i,2027-06-08 09:32:10+08:00\n\tt,j,2027-06-08T09:32:10Z", [("s", "i"), ("t", "j")]),
        ("only-an-identifier", []),
    ],
)
def test_references_of_odd_shapes(raw: str, identities: list[tuple[str, str]]) -> None:
    """Quotes, blanks, semicolons and commas in an identifier do not hide what is referred to."""
    problems: list[str] = []
    found = _references(raw, HONG_KONG_TIME, problems)
    assert [(one.sender, one.identifier) for one in found] == identities
    assert all(one.sent is not None for one in found)
    assert bool(problems) is not bool(identities)
