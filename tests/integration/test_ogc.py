"""OGC API - Features with the programs of others: ogrinfo and OWSLib, against a live server."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from owslib.ogcapi.features import Features

from tests.integration.ogc_site import WINDS, client, server
from tests.integration.web_server import Server

__all__ = ["client", "server"]

OGRINFO = shutil.which("ogrinfo")
SCHEMA_FILE = os.environ.get("COP_TEST_OGCAPI_FEATURES", "")
"""Where the OpenAPI file of Part 1 of the standard lies, if it is at hand."""

needs_ogrinfo = pytest.mark.skipif(OGRINFO is None, reason="there is no ogrinfo: gdal-bin has it")


def ogrinfo(server: Server, *arguments: str) -> str:
    """Run ogrinfo on the server and give what it says; an error of it is one of ours."""
    assert OGRINFO is not None
    command = [OGRINFO, "-ro", f"OAPIF:{server.url}/ogc", *arguments]
    environment = {**os.environ, "no_proxy": "*", "GDAL_HTTP_TIMEOUT": "45"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def count(said: str) -> int:
    """Count the features that ogrinfo listed."""
    return said.count("\nOGRFeature(")


@needs_ogrinfo
def test_ogrinfo_lists_the_collections(server: Server) -> None:
    """Every collection that the public may read is a layer."""
    said = ogrinfo(server)
    for name in ("alert", "facility", "feed_status", "hazard", "incident", "observation", "road"):
        assert f": {name} (" in said
    assert ": receipt" not in said


@needs_ogrinfo
def test_ogrinfo_knows_what_is_in_a_layer(server: Server) -> None:
    """Count, extent, interval and the type of every field, also where the first page lacks it."""
    said = ogrinfo(server, "-so", "observation")
    assert f"Feature Count: {WINDS}" in said
    assert "Extent: (113.900000, 22.200000) - (114.149000, 22.449000)" in said
    assert "TEMPORAL_INTERVAL_MIN=2026-09-07T12:00:00Z" in said
    assert "Geometry: Point" in said
    for field in (
        "id: String",
        "value: Real",
        "version: Integer",
        "observed_at: DateTime",
        "title_zh_hant: String",
        "measure_gust_kmh: Real",
    ):
        assert f"\n{field} (" in said


@needs_ogrinfo
def test_ogrinfo_reads_every_page(server: Server) -> None:
    """All features of all layers come, each once, over many pages."""
    assert count(ogrinfo(server, "-al", "-q", "observation")) == WINDS
    said = ogrinfo(server, "-q", "hazard")
    assert "POLYGON ((113 21,115 21,115 23,113 23,113 21))" in said
    assert "LINESTRING (114.1 22.3,114.2 22.3)" in ogrinfo(server, "-q", "road")
    assert "黑色暴雨" in ogrinfo(server, "-q", "alert")


@needs_ogrinfo
@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("value = 7", 5),
        ("value > 47.5", 10),
        ("publisher = 'HKO' AND value = 7", 5),
        ("publisher = 'TD'", 0),
        ("title_en = 'Station 7'", 1),
        ("id = 'hko_wind:S0007'", 1),
        ("title_en LIKE 'Station 24%'", 11),
        ("measure_gust_kmh IS NULL", 21),
        ("observed_at = '2026/09/07 12:07:00'", 1),
    ],
)
def test_ogrinfo_asks_by_attribute(server: Server, where: str, found: int) -> None:
    """Equality goes to the server, the rest is done by the program; both agree."""
    assert count(ogrinfo(server, "-q", "observation", "-where", where)) == found


@needs_ogrinfo
def test_ogrinfo_asks_by_place(server: Server) -> None:
    """A box goes to the server."""
    box = ("-spat", "113.8999", "22.1999", "113.9095", "22.2095")
    assert count(ogrinfo(server, "-q", "observation", *box)) == 10
    box = ("-spat", "0", "0", "1", "1")
    assert count(ogrinfo(server, "-q", "observation", *box)) == 0


def test_owslib_reads_everything(server: Server) -> None:
    """Landing page, API, conformance, collections, queryables, schema, features, one feature."""
    service = Features(f"{server.url}/ogc")
    paths = service.api()["paths"]
    assert "/collections/observation/items" in paths
    assert any(one.endswith("/conf/core") for one in service.conformance()["conformsTo"])
    names = service.feature_collections()
    assert {"alert", "observation", "road"} <= set(names)
    assert service.collection("observation")["id"] == "observation"
    assert "value" in service.collection_queryables("observation")["properties"]
    assert "value" in service.collection_schema("observation")["properties"]
    page = service.collection_items("observation", limit=3, bbox=[113, 22, 115, 23])
    assert (page["numberMatched"], page["numberReturned"]) == (WINDS, 3)
    found = service.collection_items("observation", filter="value > 47 AND measure = 'wind'")
    assert found["numberMatched"] == 10
    within = service.collection_items("observation", datetime_="2026-09-07T12:10:00Z/..")
    assert within["numberMatched"] == WINDS - 10
    one = service.collection_item("facility", "ha_waiting:1/a")
    assert one["properties"]["facility_type"] == "hospital"


def without_null(schema: Any) -> Any:
    """Make of OpenAPI 3.0's `nullable` what JSON Schema says."""
    if isinstance(schema, list):
        return [without_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: without_null(one) for key, one in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


@pytest.mark.skipif(not SCHEMA_FILE, reason="COP_TEST_OGCAPI_FEATURES names no file of Part 1")
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", "landingPage"),
        ("/conformance", "confClasses"),
        ("/collections", "collections"),
        ("/collections/observation", "collection"),
        ("/collections/observation/items?limit=200", "featureCollectionGeoJSON"),
        ("/collections/alert/items", "featureCollectionGeoJSON"),
        ("/collections/hazard/items", "featureCollectionGeoJSON"),
        ("/collections/facility/items/ha_waiting:1/a", "featureGeoJSON"),
    ],
)
def test_answers_are_what_part_1_says(client: httpx.Client, path: str, name: str) -> None:
    """Each document is valid against the standard's own schemas."""
    whole = without_null(yaml.safe_load(Path(SCHEMA_FILE).read_text("utf-8")))
    schema = {"$ref": f"#/components/schemas/{name}", "components": whole["components"]}
    jsonschema.Draft202012Validator(schema).validate(client.get(path).json())
