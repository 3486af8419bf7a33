"""The shipped tables, the offline map, and which district a place lies in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.district import District
from cop.model.geometry import line, point, polygon
from cop.reference.tables import TABLES, default_sites, default_table, index_sites
from cop.services.geography import district_at, district_of

GEO = Path(__file__).parents[2] / "assets" / "geo"
TABLE_KEYS = sorted(path.stem for path in TABLES.glob("*.json"))

LANDMARKS = {
    "Central Government Offices": (114.1656, 22.2811, "CW"),
    "University of Hong Kong": (114.1375, 22.2835, "CW"),
    "The Peak tram terminus": (114.1495, 22.2711, "CW"),
    "Convention and Exhibition Centre": (114.1739, 22.2830, "WCH"),
    "Happy Valley Racecourse": (114.1818, 22.2727, "WCH"),
    "Taikoo Shing": (114.2180, 22.2865, "EST"),
    "Chai Wan station": (114.2371, 22.2646, "EST"),
    "Ocean Park": (114.1745, 22.2486, "STH"),
    "Stanley Market": (114.2118, 22.2186, "STH"),
    "Cyberport": (114.1304, 22.2617, "STH"),
    "Hong Kong Observatory": (114.1742, 22.3019, "YTM"),
    "Mong Kok station": (114.1694, 22.3193, "YTM"),
    "Sham Shui Po station": (114.1622, 22.3307, "SSP"),
    "Kowloon Walled City Park": (114.1902, 22.3320, "KC"),
    "Baptist Hospital": (114.1808, 22.3400, "KC"),
    "Wong Tai Sin station": (114.1938, 22.3417, "WTS"),
    "Diamond Hill station": (114.2016, 22.3400, "WTS"),
    "Kwun Tong station": (114.2263, 22.3122, "KT"),
    "Kowloon Bay station": (114.2141, 22.3233, "KT"),
    "Tsing Yi station": (114.1075, 22.3584, "KWT"),
    "Kwai Fong station": (114.1278, 22.3568, "KWT"),
    "Tsuen Wan station": (114.1178, 22.3736, "TW"),
    "Ma Wan": (114.0580, 22.3500, "TW"),
    "Tuen Mun station": (113.9731, 22.3950, "TM"),
    "Lam Tei": (113.9870, 22.4170, "TM"),
    "Yuen Long station": (114.0351, 22.4460, "YL"),
    "Tin Shui Wai station": (114.0047, 22.4482, "YL"),
    "Lok Ma Chau Control Point": (114.0738, 22.5108, "YL"),
    "Mai Po": (114.0400, 22.4900, "YL"),
    "Sheung Shui station": (114.1279, 22.5012, "NTH"),
    "Ta Kwu Ling": (114.1560, 22.5410, "NTH"),
    "Sha Tau Kok": (114.2190, 22.5450, "NTH"),
    "Tai Po Market station": (114.1707, 22.4446, "TP"),
    "Tap Mun": (114.3610, 22.4730, "TP"),
    "Sha Tin station": (114.1870, 22.3828, "ST"),
    "Ma On Shan station": (114.2317, 22.4248, "ST"),
    "Hong Kong University of Science and Technology": (114.2655, 22.3364, "SK"),
    "Sai Kung Town": (114.2710, 22.3825, "SK"),
    "Hong Kong International Airport": (113.9185, 22.3080, "ISL"),
    "Tung Chung station": (113.9415, 22.2892, "ISL"),
    "Cheung Chau": (114.0290, 22.2090, "ISL"),
    "Waglan Island": (114.3033, 22.1822, "ISL"),
    "Tai O": (113.8630, 22.2540, "ISL"),
}
ELSEWHERE = {
    "Shenzhen, Luohu": (114.1300, 22.5480),
    "Shenzhen, Futian": (114.0600, 22.5400),
    "Shenzhen, Shekou": (113.9150, 22.4850),
    "Macao": (113.5450, 22.1950),
    "Dangan Islands": (114.2300, 22.0400),
    "Mirs Bay": (114.4400, 22.5000),
    "South China Sea": (114.4000, 21.7500),
}


def features(name: str) -> list[dict[str, Any]]:
    """Read the features of one file of the offline map."""
    found: list[dict[str, Any]] = json.loads((GEO / name).read_bytes())["features"]
    return found


@pytest.mark.parametrize("name", LANDMARKS)
def test_known_places_lie_in_their_district(name: str) -> None:
    """A place that everybody knows is in the district that everybody knows."""
    lon, lat, code = LANDMARKS[name]
    assert district_at(lon, lat) == District(code)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_places_elsewhere_have_no_district(name: str) -> None:
    """Neither a neighbouring city nor the open sea is a district of Hong Kong."""
    assert district_at(*ELSEWHERE[name]) is None


def test_a_line_or_an_area_belongs_to_the_one_district_it_lies_in() -> None:
    """What reaches into several districts, or is nowhere, belongs to none."""
    around = [(114.18, 22.37), (114.21, 22.37), (114.21, 22.40), (114.18, 22.40)]
    assert district_of(polygon(around)) is District.SHA_TIN
    assert district_of(line([(114.165, 22.32), (114.172, 22.31)])) is District.YAU_TSIM_MONG
    assert district_of(point(114.1694, 22.3193)) is District.YAU_TSIM_MONG
    assert district_of(line([(114.165, 22.32), (114.187, 22.383)])) is None
    assert district_of(None) is None


@given(st.floats(113.6, 114.7), st.floats(22.0, 22.7))
def test_the_district_of_any_place_is_one_of_the_eighteen_or_none(lon: float, lat: float) -> None:
    """No place hereabouts breaks the question."""
    assert district_at(lon, lat) in {*District, None}


@pytest.mark.parametrize("key", TABLE_KEYS)
def test_a_table_is_indexed_by_key_and_alias(key: str) -> None:
    """Every row of a shipped table is found by its key; keys are unique."""
    sites, table = default_sites(key), default_table(key)
    assert len({site.key for site in sites}) == len(sites) > 0
    assert all(table[site.key] == site for site in sites)
    assert {alias for site in sites for alias in site.aliases} <= table.keys()


def test_a_table_that_is_not_shipped_is_empty() -> None:
    """A join without an offline default finds nothing rather than failing."""
    assert default_table("no_such_table") == {}


def test_the_name_of_a_table_is_no_path() -> None:
    """A table is named by a word: nothing outside the folder can be read."""
    with pytest.raises(ValueError, match="not the name of a table"):
        default_sites("../tables/roads")


def test_a_key_goes_before_an_alias() -> None:
    """Where one site's alias is another's key, the key wins."""
    sites = default_sites("ha_hospitals")
    first = sites[0].model_copy(update={"aliases": (sites[1].key,)})
    assert index_sites((first, sites[1]))[sites[1].key] == sites[1]


def test_every_table_says_where_it_comes_from() -> None:
    """The page beside the tables has a row for each."""
    said = (TABLES / "README.md").read_text("utf-8")
    assert [key for key in TABLE_KEYS if f"`{key}`" not in said] == []


def test_the_offline_map_has_all_districts_in_three_languages() -> None:
    """The browser draws the 18 districts from the same file that the server reads."""
    rows = [feature["properties"] for feature in features("districts.json")]
    assert [row["code"] for row in rows] == [district.value for district in District]
    assert all(row["en"] and row["tc"] and row["sc"] for row in rows)


def test_the_offline_map_has_its_coast_and_names() -> None:
    """Coast near and far, at least a hundred names ranked 1 to 4, and not too many bytes."""
    assert {feature["properties"]["part"] for feature in features("coast.json")} == {
        "near",
        "delta",
    }
    places = [feature["properties"] for feature in features("places.json")]
    assert len(places) > 100
    assert {place["rank"] for place in places} == {1, 2, 3, 4}
    assert (GEO / "coast.json").stat().st_size < 120_000
