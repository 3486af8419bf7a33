"""Flat properties: every kind becomes a table, and nothing is in it that is not in the picture."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.api.ogc.definition import PARAMETERS
from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.model.geometry import point
from cop.model.kinds import Facility, Incident, Observation
from cop.model.record import Snapshot
from cop.model.response import Casualties
from cop.services.features.collections import kinds_for
from cop.services.features.columns import fixed_columns, flat, named_column
from cop.services.features.crs import CRS, CRS84
from cop.services.features.items import write_features
from cop.services.features.schema import feature_schema, queryables, returnables
from cop.services.features.sheet import Sheets
from cop.services.picture import Picture
from tests.integration.test_web_access import bodies, records
from tests.unit.services.features.sheets import sheet_of

KINDS = [(audience, kind) for audience in Audience for kind in kinds_for(audience)]


@pytest.mark.parametrize(("audience", "kind"), KINDS, ids=lambda one: one.value)
def test_every_kind_is_a_table(audience: Audience, kind: Kind) -> None:
    """Names are unique, are no parameters, and begin with a letter; each field has its columns."""
    names = [column.name for column in fixed_columns(kind, audience)]
    assert len(names) == len(set(names))
    assert not set(names) & {*PARAMETERS, "id", "geometry"}
    assert all(name.isidentifier() and name.islower() for name in names)
    hidden = {"kind", "id", "geometry", "measures", "supplies"}
    for field in ALLOWED[audience][kind][0] - hidden:
        stem = {"steps": "step"}.get(field, field)
        assert any(name == stem or name.startswith(f"{stem}_") for name in names), field


def test_nested_values_are_made_flat() -> None:
    """Texts by language, numbers by name, parts, times by step, lists and the rest as JSON."""
    incident = Incident.model_validate(
        {
            "id": "incident:1",
            "publisher": "COP",
            "title": {"en": "Fire", "zh-Hant": "火警"},
            "incident_type": "fire",
            "status": "verified",
            "reported_at": "2026-09-07T12:00:00Z",
            "steps": {"verified": "2026-09-07T12:05:00Z"},
            "supporting_agencies": ["FSD", "HKPF"],
            "casualties": Casualties(minor=3),
        }
    )
    sheet = sheet_of(incident)
    given = sheet.lines[0].feature()["properties"]
    row = flat(given, sheet.columns, "zh-Hans")
    assert row["title"] == "火警", "the nearest language that there is"
    assert (row["title_en"], row["title_zh_hans"]) == ("Fire", None)
    assert row["step_verified"] == "2026-09-07T12:05:00Z"
    assert row["supporting_agencies"] == "FSD; HKPF"
    assert (row["casualties_minor"], row["casualties_dead"]) == (3, None)
    assert row["reason"] is None
    assert set(row) == {column.name for column in sheet.columns}


def test_numbers_by_name_are_columns_while_something_has_them() -> None:
    """Measures and supplies stay numbers; names that no table can hold are left out."""
    shelter = Facility(
        id="facility:1",
        publisher="HAD",
        facility_type="shelter",
        measures={"wait_min": 5.0, "a b": 1.0},
        supplies={"water_l": 200.0},
        queue={"urgent": 2},
    )
    sheet = sheet_of(shelter)
    row = flat(sheet.lines[0].feature()["properties"], sheet.columns, "en")
    assert (row["measure_wait_min"], row["supply_water_l"], row["queue_urgent"]) == (5.0, 200.0, 2)
    assert "measure_a b" not in row
    assert named_column("measure_") is None
    assert named_column("title") is None
    gone = sheet_of(shelter.model_copy(update={"measures": {}}))
    assert "measure_wait_min" not in {column.name for column in gone.columns}


def test_a_sheet_tells_where_and_when_it_reaches() -> None:
    """Bounds around every place, from the first to the last moment that is said."""
    sheet = sheet_of(
        Observation(id="x:1", publisher="HKO", measure="wind", geometry=point(114.1, 22.3)),
        Observation(id="x:2", publisher="TD", measure="wind", geometry=point(113.9, 22.5)),
        Observation.model_validate(
            {
                "id": "x:0",
                "publisher": "HKO",
                "measure": "wind",
                "observed_at": "2026-09-07T12:00:00Z",
            }
        ),
    )
    assert [line.id for line in sheet.lines] == ["x:0", "x:1", "x:2"]
    assert sheet.bounds == (113.9, 22.3, 114.1, 22.5)
    assert sheet.interval is not None
    assert sheet.interval[0] == sheet.interval[1]
    assert sheet.publishers == {("HKO", ""), ("TD", "")}


def test_schemas_are_what_the_standard_asks_for() -> None:
    """2020-12, an id without query, a type for each property but the place, no others."""
    sheet = sheet_of(
        Observation(id="x:1", publisher="HKO", measure="wind", measures={"gust_kmh": 1.0})
    )
    address = "https://cop.example/ogc/collections/observation/schema"
    for make in (queryables, returnables):
        schema = make(sheet, "Observations", address)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert (schema["$id"], schema["type"]) == (address, "object")
        assert schema["additionalProperties"] is False
        place = schema["properties"].pop("geometry")
        assert (place["format"], "type" in place) == ("geometry-any", False)
        assert all(isinstance(one["type"], str) for one in schema["properties"].values())
        assert schema["properties"]["measure_gust_kmh"]["type"] == "number"
        assert schema["properties"]["observed_at"]["format"] == "date-time"
    roles = returnables(sheet, "", address)["properties"]
    assert roles["observed_at"]["x-ogc-role"] == "primary-instant"
    whole = feature_schema(sheet, "", address)["properties"]["properties"]["properties"]
    assert set(whole) == {column.name for column in sheet.columns}


def words_in(value: Any) -> set[str]:
    """Give every word that carries a mark, wherever it stands in *value*."""
    said = orjson.dumps(value).decode()
    return {part.partition("-end")[0] for part in said.split("sentinel-")[1:]}


@given(entities=st.lists(bodies(), max_size=8), crs=st.sampled_from(CRS))
def test_nothing_is_given_that_the_picture_does_not_have(entities: list[bytes], crs: str) -> None:
    """For every audience: no feature, property or word besides those of the picture."""
    picture = Picture(Snapshot("1-0", "e", records(entities, 1)))
    sheets = Sheets()
    for audience in Audience:
        _, seen = picture.features(audience)
        known = {one["id"]: one for one in map(orjson.loads, seen)}
        told = {}
        for kind in kinds_for(audience):
            sheet = sheets.sheet(picture, audience, kind)
            for one in write_features(sheet.lines, sheet.columns, "en", crs):
                told[one["id"]] = one
        assert set(told) == set(known)
        for entity_id, one in told.items():
            assert words_in(one) <= words_in(known[entity_id])
            if crs == CRS84:
                assert one["geometry"] == known[entity_id]["geometry"] or one["geometry"] is None
