"""Where an alert holds, by shapes and by codes."""

from __future__ import annotations

import pytest
from shapely.geometry import shape

from cop.formats.cap import CapArea
from cop.formats.cap_places import MOST_CORNERS, Geocodes, place_of
from cop.formats.cap_shapes import read_ring
from cop.model.district import District
from cop.model.entity import Placing
from cop.model.geometry import point
from cop.reference.tables import default_sites, default_table
from cop.services.geography import area_of_district

CODES = Geocodes(default_table("adcode_areas"), area_of_district)
RING = ((113.5, 22.1), (113.6, 22.1), (113.6, 22.2), (113.5, 22.1))
SHENZHEN = (114.0579, 22.5431)


def area(*geocodes: tuple[str, str], **others: object) -> CapArea:
    """Make an area with codes."""
    return CapArea(geocodes=geocodes, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "placing"),
    [
        ("adcode", "440300", Placing.REGION),
        ("行政区划代码", "440305000000", Placing.REGION),
        ("GB/T 2260", "440306", Placing.REGION),
        ("anything", "440300", Placing.REGION),
        ("ISO 3166-2", "CN-44", Placing.REGION),
        ("FIPS6", "440300", Placing.UNPLACED),
        ("SAME", "440300", Placing.UNPLACED),
        ("profile:CAP-CP:Location:0.3", "440300", Placing.UNPLACED),
        ("UGC", "MNZ012", Placing.UNPLACED),
        ("adcode", "44030600", Placing.REGION),
        ("EBMS", "440306007", Placing.REGION),
        ("adcode", "440306007001", Placing.REGION),
        ("adcode", "4403060070", Placing.UNPLACED),
        ("Taiwan_Geocode_103", "440300", Placing.UNPLACED),
        ("adcode", "110000", Placing.UNPLACED),
        ("adcode", "", Placing.UNPLACED),
    ],
)
def test_codes_of_the_mainland(name: str, value: str, placing: Placing) -> None:
    """A city, or a part of it, is its city; codes of other schemes and provinces place nothing."""
    place = place_of([area((name, value))], CODES)
    assert place.placing is placing
    if placing is not Placing.UNPLACED:
        assert place.geometry is not None
        assert shape(place.geometry.model_dump()).contains(shape(point(*SHENZHEN).model_dump()))
        assert place.precision_m


@pytest.mark.parametrize(
    ("name", "value", "unknown"),
    [
        ("adcode", "110000", "110000"),
        ("行政区划代码", "110105001001,440300", "110105"),
        ("anything", "110000", ""),
        ("UGC", "110000", ""),
        ("adcode", "449999", ""),
        ("adcode", "44", ""),
    ],
)
def test_a_code_that_the_table_has_not_is_said(name: str, value: str, unknown: str) -> None:
    """Where the name says what the code is, or it is of the region; others may be anything."""
    defects = place_of([area((name, value))], CODES).defects
    assert defects == ((f"geocode: no area is known for {unknown}",) if unknown else ())


ACROSS = [
    "50,170 50,-170 40,-170 40,170",
    "50,170 50,190 40,190 40,170",
    "50,-190 50,-170 40,-170 40,-190",
    "50,170 50,180 50,-180 50,-170 40,-170 40,-180 40,180 40,170",
    "170,50 190,50 190,40 170,40",
    "50,170 40,-170 50,-170 40,170",
]


@pytest.mark.parametrize("raw", ACROSS)
def test_what_crosses_the_180th_meridian_is_drawn_in_two(raw: str) -> None:
    """The Pacific has no band round the earth in it, however the longitudes are counted."""
    ring, _ = read_ring(raw)
    place = place_of([CapArea(polygons=(ring,))], CODES)
    assert place.geometry is not None
    drawn = shape(place.geometry.model_dump())
    assert drawn.is_valid
    assert {part.bounds[0] for part in drawn.geoms} <= {-180.0, 170.0, 175.0}
    assert 90 < drawn.area < 201


def test_a_circle_across_the_180th_meridian_is_drawn_in_two() -> None:
    """Half of it lies on either side; one round the whole earth stays as it is."""
    place = place_of([CapArea(circles=(((180.0, -17.0), 300.0),))], CODES)
    assert place.geometry is not None
    west, east = sorted(shape(place.geometry.model_dump()).geoms, key=lambda part: part.bounds)
    assert west.area == pytest.approx(east.area, rel=0.01)
    assert east.bounds[2] == 180.0
    world, _ = read_ring("-90,-180 -90,180 90,180 90,-180")
    whole = place_of([CapArea(polygons=(world,))], CODES).geometry
    assert whole is not None
    assert shape(whole.model_dump()).bounds == (-180.0, -90.0, 180.0, 90.0)


@pytest.mark.parametrize(
    ("name", "value", "district"),
    [
        ("adcode", "810016", District.SHA_TIN),
        ("HKDistrict", "ST", District.SHA_TIN),
        ("District", "Sha Tin District", District.SHA_TIN),
        ("地區", "沙田區", District.SHA_TIN),
        ("adcode", "810001", District.CENTRAL_AND_WESTERN),
        ("adcode", "810018", District.ISLANDS),
    ],
)
def test_codes_of_hong_kong(name: str, value: str, district: District) -> None:
    """A district by its number, code or name is that district's outline."""
    place = place_of([area((name, value))], CODES)
    assert place.placing is Placing.DISTRICT
    assert place.district is district
    assert place.geometry is not None
    assert shape(place.geometry.model_dump()).equals(shape(area_of_district(district).model_dump()))


@pytest.mark.parametrize("name", ["ISO 3166-2", "NUTS3", "zone", "UGC"])
def test_short_codes_of_others_are_no_district(name: str) -> None:
    """`SK` is Saskatchewan as well as Sai Kung: only a scheme of Hong Kong's makes it that."""
    assert place_of([area((name, "SK"))], CODES).geometry is None


def test_a_source_may_say_what_its_codes_are() -> None:
    """The file of a source decides where the name of the code does not."""
    codes = Geocodes(
        CODES.areas, CODES.outline_of, {"zone": "district", "same": "adcode", "adcode": "none"}
    )
    assert place_of([area(("zone", "SK"))], codes).placing is Placing.DISTRICT
    assert place_of([area(("SAME", "440300"))], codes).placing is Placing.REGION
    assert place_of([area(("adcode", "440300"))], codes).placing is Placing.UNPLACED


def test_shapes_go_before_codes() -> None:
    """Of an area that is drawn its codes are not looked at; another area's are added."""
    drawn = area(("adcode", "440300"), polygons=(RING,))
    alone = place_of([drawn, drawn], CODES)
    assert alone.placing is Placing.GIVEN
    assert alone.geometry is not None
    assert alone.geometry.coordinates == (RING,)
    both = place_of([drawn, area(("adcode", "440300"))], CODES)
    assert both.placing is Placing.REGION
    assert both.geometry is not None
    assert both.geometry.type == "MultiPolygon"


def test_points_count_where_there_is_nothing_else() -> None:
    """A circle without a radius marks a place, not an area."""
    dot = CapArea(points=((113.5, 22.1),))
    assert place_of([dot], CODES).geometry == point(113.5, 22.1)
    two = place_of([dot, CapArea(points=((113.6, 22.1),))], CODES).geometry
    assert two is not None
    assert two.type == "MultiPoint"
    geometry = place_of([dot, CapArea(polygons=(RING,))], CODES).geometry
    assert geometry is not None
    assert geometry.type == "Polygon"


def test_a_polygon_that_crosses_itself_is_mended() -> None:
    """What is drawn is an area again, and it is said."""
    bow = ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
    place = place_of([CapArea(polygons=(bow,))], CODES)
    assert place.geometry is not None
    assert shape(place.geometry.model_dump()).is_valid
    assert "crosses itself" in place.defects[0]


def test_a_polygon_without_an_area_places_nothing() -> None:
    """Corners on one line are none."""
    flat = ((0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 0.0))
    place = place_of([CapArea(polygons=(flat,))], CODES)
    assert place.geometry is None
    assert place.defects


def test_a_huge_area_is_simplified() -> None:
    """Thousands of corners do not go to every screen; how far off it then is, is said."""
    rings = [
        tuple(
            (x * 0.02 + dx, y * 0.02 + dy) for dx, dy in ((0, 0), (0.01, 0), (0.01, 0.01), (0, 0))
        )
        for x in range(40)
        for y in range(40)
    ]
    place = place_of([CapArea(polygons=tuple(rings))], CODES)
    assert place.geometry is not None
    whole = shape(place.geometry.model_dump())
    assert sum(len(part.exterior.coords) for part in getattr(whole, "geoms", [whole])) <= (
        MOST_CORNERS
    )
    assert place.precision_m
    assert any("simplified" in defect for defect in place.defects)


def test_the_outlines_hold_their_middles() -> None:
    """Each outline of the table lies around the middle that the other table has, and is small."""
    for site in default_sites("adcodes"):
        outline = shape(default_table("adcode_areas")[site.key].geometry.model_dump())
        assert outline.is_valid
        assert outline.distance(shape(site.geometry.model_dump())) < 0.05
    for site in default_sites("adcode_areas"):
        parts = getattr(shape(site.geometry.model_dump()), "geoms", [None])
        count = sum(len(ring) for polygon in _rings(site.geometry) for ring in polygon)
        assert count <= 60, (site.key, len(parts))


def _rings(geometry: object) -> list[object]:
    kind = geometry.type  # type: ignore[attr-defined]
    coordinates = geometry.coordinates  # type: ignore[attr-defined]
    return [coordinates] if kind == "Polygon" else list(coordinates)
