"""The open data is read back as it was, in every format, and says what it is not sure of."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.config import Settings
from cop.model.publishing_table import ANY, TABLE
from cop.model.text import text
from cop.services.publishing.picture import PublicPicture
from cop.ui.public import downloads
from cop.ui.public.context import Context
from cop.ui.public.datasets import DATASET_KEYS, DATASETS, DatasetKey, columns_of, dataset_of
from cop.ui.public.sections import SECTION_FEEDS
from tests.unit.ui.public_town import (
    NOW,
    at,
    feature,
    feeds,
    hostile_evening,
    picture,
    severe_evening,
)

NOT_IN_TABLES = frozenset(["exercise", "measures", "words"])
"""A column of its own, and what has columns by the names inside it, where publishers give any."""


def documents(known: PublicPicture) -> dict[str, bytes]:
    """Write all files of *known*, by name."""
    made = downloads.documents(Context(known, Settings(), "abcd", 7, {}, {}))
    return {one.path.removeprefix("public/data/"): one.body for one in made}


def sheet(body: bytes) -> list[dict[str, str]]:
    """Read a CSV as Excel does: by its byte order mark."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_every_feature_is_in_its_table() -> None:
    """Each feature is in one table, as a row and as a feature, and among all."""
    known = severe_evening()
    files = documents(known)
    rows = {key: [row["id"] for row in sheet(files[f"{key}.csv"])] for key in DATASET_KEYS}
    listed = [id_ for ids in rows.values() for id_ in ids]
    assert sorted(listed) == sorted(known.features)
    for key, ids in rows.items():
        told = orjson.loads(files[f"{key}.geojson"])
        assert [one["id"] for one in told["features"]] == ids
    whole = orjson.loads(files["all.geojson"])
    assert {one["id"]: one for one in whole["features"]} == known.features


def test_whatever_may_be_published_has_a_table() -> None:
    """A row that is added to the table of publishing has a table here, and columns for it."""
    for row in (row for row in TABLE if row.outlet == "picture"):
        for type_ in row.types:
            one = feature("a:1", row.kind, "anything" if type_ == ANY else type_)
            key = dataset_of(one)
            assert key is not None, (row.kind, type_)
            shown = {column.field for column in columns_of(key)}
            assert row.fields - NOT_IN_TABLES <= shown, (row.kind, type_)


def test_names_of_columns_are_one_each() -> None:
    """A program that asks for a column by its name gets the one that is meant."""
    for key in DATASET_KEYS:
        names = [column.name for column in columns_of(key)]
        assert len(set(names)) == len(names), key
        assert {"id", "title_tc", "lon", "lat", "ended_why", "publisher"} <= set(names)


def test_a_row_says_what_the_feature_says() -> None:
    """Texts in three languages, numbers as numbers, times in UTC, to when it is true."""
    files = documents(severe_evening())
    (black,) = [row for row in sheet(files["warnings.csv"]) if row["id"] == "hko_warnings:WRAIN"]
    assert black["title_tc"] == "黑色暴雨警告信號"
    assert black["signal"] == "WRAINB"
    assert black["issued_at"] == at(55)
    assert black["changed_at"] == at(55)
    assert black["corrected"] == "false"
    assert (black["lon"], black["lat"], black["geometry_type"]) == ("", "", "")
    assert (black["as_of"], black["exercise"]) == ("2023-09-07T15:00:30Z", "false")
    (hall,) = [row for row in sheet(files["shelters.csv"]) if row["id"] == "facility:1"]
    assert (float(hall["lon"]), float(hall["lat"])) == (114.03, 22.44)
    assert (hall["capacity"], hall["occupancy"], hall["pets"]) == ("100", "60", "caged")
    assert hall["access"] == "wheelchair lift"
    (sea,) = [row for row in sheet(files["tide.csv"]) if row["id"] == "hko_tides:QUB"]
    assert (sea["value"], sea["in_1h_m"], sea["in_3h_m"]) == ("1.9", "2.1", "")
    waits = sheet(files["hospitals.csv"])
    assert [row["t45_p50_min"] for row in waits] == ["180.0", "324.0", "90.0"]
    assert waits[0]["t3_p50_tc"] == "180 分鐘"


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ({"type": "LineString", "coordinates": [[114.0, 22.0], [114.2, 22.1]]}, (114.1, 22.05)),
        (
            {"type": "MultiPolygon", "coordinates": [[[[114, 22], [115, 22], [115, 23]]]]},
            (114.5, 22.5),
        ),
        (None, None),
    ],
)
def test_a_line_or_an_area_has_a_middle(
    geometry: dict[str, Any] | None, expected: tuple[float, float] | None
) -> None:
    """A spreadsheet gets one place: the middle of the box."""
    line = feature("mtr_service:X", "facility", "railway_line", geometry=geometry)
    (row,) = sheet(documents(picture(line))["transport.csv"])
    found = (float(row["lon"]), float(row["lat"])) if row["lon"] else None
    assert found == expected
    assert row["geometry_type"] == (geometry or {}).get("type", "")


def test_empty_is_not_unknown() -> None:
    """Whoever finds an empty table can see whether it was looked."""
    files = documents(picture(known=feeds(td_traffic_news=None, hko_warnings=90)))
    assert sheet(files["roads.csv"]) == []
    sources = {row["feed"]: row for row in sheet(files["sources.csv"])}
    assert (sources["td_traffic_news"]["known_at"], sources["td_traffic_news"]["stale"]) == (
        "",
        "true",
    )
    assert sources["hko_warnings"]["stale"] == "true"
    assert sources["hko_tips"]["stale"] == "false"
    told = orjson.loads(files["roads.geojson"])
    assert told["features"] == []
    assert told["feeds"]["td_traffic_news"]["known_at"] is None
    assert told["feeds"]["td_traffic_news"]["known_at"] is None
    assert set(told["feeds"]) == set(SECTION_FEEDS["roads"])


def test_an_exercise_is_marked_in_every_row_and_title() -> None:
    """A row that is copied out of the file is still one of an exercise."""
    files = documents(severe_evening(exercise=True, operation="exercise-1"))
    for key in DATASET_KEYS:
        for row in sheet(files[f"{key}.csv"]):
            assert row["exercise"] == "true"
            assert not row["title_en"] or row["title_en"].startswith("EXERCISE")
            assert not row["title_tc"] or row["title_tc"].startswith("演習")
        told = orjson.loads(files[f"{key}.geojson"])
        assert told["exercise"] is True
        assert told["title"]["en"].startswith("EXERCISE")
        assert all(one["properties"]["exercise"] is True for one in told["features"])
    assert all(row["exercise"] == "true" for row in sheet(files["sources.csv"]))


def test_hostile_words_calculate_nothing() -> None:
    """No cell begins as a formula does, and every file can be read."""
    files = documents(hostile_evening())
    for name, body in files.items():
        if name.endswith(".csv"):
            cells = [cell for row in sheet(body) for cell in row.values()]
            assert not [cell for cell in cells if cell.startswith(tuple("=+@\t\r＝"))]
        else:
            orjson.loads(body)


WORDS = st.text(max_size=30) | st.sampled_from(["=cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "+1"])


@settings(max_examples=40)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=4))
def test_any_words_come_back(words: list[tuple[str, str]]) -> None:
    """Whatever a title says, the rows stay as many and the cells in their columns."""
    some = [
        feature(f"a:{n}", "road", "closed", status="closed", title=text(en, tc))
        for n, (en, tc) in enumerate(words)
    ]
    rows = sheet(documents(picture(*some))["roads.csv"])
    assert [row["id"] for row in rows] == [one["id"] for one in some]
    assert all(row["status"] == "closed" and row["exercise"] == "false" for row in rows)
    assert all(not row["title_en"].startswith(tuple("=+-@\t\r")) for row in rows)


def test_geojson_is_what_maps_read() -> None:
    """RFC 7946: a FeatureCollection of features, longitude first, within the earth's bounds."""
    files = documents(severe_evening())
    for name in (name for name in files if name.endswith(".geojson")):
        told = orjson.loads(files[name])
        assert told["type"] == "FeatureCollection"
        for one in told["features"]:
            assert one["type"] == "Feature"
            assert set(one) >= {"geometry", "properties", "id"}
            if one["geometry"]:
                lon, lat = one["geometry"]["coordinates"]
                assert 113 < lon < 115
                assert 22 < lat < 23


def test_only_the_time_tells_two_builds_apart() -> None:
    """A second build of the same picture has the same bytes; no file is left out of either."""
    first = documents(severe_evening())
    assert documents(severe_evening()) == first
    later = documents(replace(severe_evening(), as_of=NOW.replace(second=59)))
    assert set(later) == set(first)
    assert later["roads.csv"].replace(b"15:00:59", b"15:00:30") == first["roads.csv"]


@pytest.mark.parametrize("key", DATASET_KEYS)
def test_kinds_are_told_apart(key: DatasetKey) -> None:
    """No two tables hold the same thing."""
    own = DATASETS[key]
    others = [DATASETS[other] for other in DATASET_KEYS if other != key]
    for kind in own.kinds:
        for type_ in own.types or ("anything",):
            assert not any(other.holds(kind, type_) for other in others)
