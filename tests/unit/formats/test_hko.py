"""What the Observatory's documents have in common."""

from __future__ import annotations

import pytest

from cop.errors import PayloadError
from cop.formats.cone import cone
from cop.formats.hko import find_site, read_hko, read_languages, read_rows, slug
from cop.formats.hko_regional import compass_deg
from cop.formats.hko_signals import FAMILIES, SIGNALS, meaning
from cop.formats.hko_sites import read_layer, sites
from cop.formats.hko_track import degrees
from cop.model.geometry import bbox
from cop.model.site import Site
from cop.model.text import LANGS
from cop.reference.tables import default_sites, default_table


def test_text_page_is_named_as_such() -> None:
    """The page for wrong parameters, sent with status 200, is told from broken JSON."""
    with pytest.raises(PayloadError, match="text page"):
        read_hko(b"Please include valid parameters in API request. For details")


def test_languages_lead_in_order_and_failures_are_kept() -> None:
    """English leads where it came; a language that did not come right is named."""
    documents = read_languages({"zh-Hant": b'{"a":"x"}', "en": b'{"a":"y"}'}, read_hko)
    assert documents.first == {"a": "y"}
    documents = read_languages({"zh-Hant": b'{"a":"x"}', "en": b"{"}, read_hko)
    assert documents.first == {"a": "x"}
    assert set(documents.problems) == {"en"}


def test_table_is_read_from_csv_and_json() -> None:
    """Both forms of the same data service give the same rows."""
    csv_form = b'\xef\xbb\xbf"Date time",Region,Count\n202706081010,"a, b",3\n\n'
    json_form = b'{"fields":["Date time","Region","Count"],"data":[["202706081010","a, b",3]]}'
    for body in (csv_form, json_form):
        header, rows = read_rows(body, least=3, heads=("date",))
        assert header[1] == "Region"
        assert rows == [["202706081010", "a, b", "3"]]
    with pytest.raises(PayloadError, match="header"):
        read_rows(b"a,b,c\n1,2,3\n", least=3, heads=("date",))


@pytest.mark.parametrize(
    ("word", "degrees_"),
    [
        ("North", 0),
        ("Southwest", 225),
        ("西北", 315),
        ("東", 90),
        ("东南", 135),
        ("North-east", 45),
    ],
)
def test_compass_words_become_degrees(word: str, degrees_: float) -> None:
    """Directions are read in English and in both Chinese scripts."""
    assert compass_deg(word) == degrees_


@pytest.mark.parametrize("word", ["Variable", "Calm", "N/A", "", "風向不定"])
def test_other_words_are_no_direction(word: str) -> None:
    """Calm and variable winds come from nowhere, not from the north."""
    assert compass_deg(word) is None


def test_every_signal_is_complete() -> None:
    """Each code has a name in three languages and each family a level of its own kind."""
    assert all(set(signal.name) == set(LANGS) for signal in (*SIGNALS.values(), *FAMILIES.values()))
    kinds = {signal.event_type for signal in SIGNALS.values()}
    assert {family.event_type for family in FAMILIES.values()} <= kinds


def test_code_of_another_family_is_unknown() -> None:
    """A rain code under the cyclone family is not believed."""
    signal, known = meaning("WTCSGNL", "WRAINB")
    assert not known
    assert signal.event_type == "tropical_cyclone"


def test_coordinates_have_letters() -> None:
    """Letters give the sign; what has none is refused."""
    assert degrees("24.70N") == 24.7
    assert degrees(" 179.50W ") == -179.5
    with pytest.raises(ValueError):
        degrees("24.70")


def test_cone_holds_its_circles() -> None:
    """The swept area reaches as far as each circle; nothing comes of no circle."""
    area = cone([((114.0, 20.0), 30.0), ((113.0, 22.0), 125.0)])
    assert area is not None
    west, _, _, north = bbox(area)
    assert west == pytest.approx(113.0 - 125 / 103, abs=0.05)
    assert north == pytest.approx(22.0 + 125 / 111, abs=0.05)
    assert cone([]) is None


def test_shipped_stations_are_in_and_around_hong_kong() -> None:
    """No site is mistyped out of the territory, and no name is lost."""
    for table in ("hko_stations", "hko_gauge_sites"):
        for site in default_sites(table):
            west, south, _, _ = bbox(site.geometry)
            assert 113.82 < west < 114.42
            assert 22.15 < south < 22.56
            assert set(site.name) == set(LANGS)
            assert site.precision_m
    assert find_site(default_table("hko_stations"), ["King’s  Park"]) is not None


def test_portal_error_is_not_an_empty_layer() -> None:
    """The portal's error under status 200, and one page of several, are refused."""
    with pytest.raises(PayloadError, match="error"):
        read_layer(b'{"error":{"code":400,"message":"x"}}')
    with pytest.raises(PayloadError, match="first page"):
        read_layer(b'{"type":"FeatureCollection","features":[],"exceededTransferLimit":true}')


def test_known_spellings_are_lent_to_the_layer() -> None:
    """The airport of the portal is found by the name that the wind file uses."""
    feature = {
        "geometry": {"type": "Point", "coordinates": [113.92, 22.31]},
        "properties": {"Name_en": "Hong Kong International Airport", "Name_tc": "香港國際機場"},
    }
    (site,) = sites([feature], default_table("hko_stations"))
    assert isinstance(site, Site)
    assert site.key == "Chek Lap Kok"
    assert "赤鱲角" in site.aliases


def test_slug_has_no_blanks() -> None:
    """Ids may not hold white space."""
    assert slug("Tsuen Wan (Ho Koon)") == "tsuen-wan-ho-koon"
    assert slug("???") == "unnamed"
