"""Exports over HTTP: every format read back by programs that others use; nothing is let through."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas
import httpx
import pyarrow.parquet as pq
import pytest
from lxml import etree

from cop.api import exports
from cop.config import Settings
from cop.model.access import ALLOWED, Audience
from cop.model.entity import Kind
from cop.services.exports.formats import FORMATS, Suffix
from cop.services.exports.kml import KML
from cop.services.exports.table import Export, Wish
from cop.services.policy import Role
from cop.services.replica import Replica
from cop.store.memory import MemoryStore
from tests.integration.exported import FORMULAS, KINDS, LICENCE, city
from tests.integration.web_server import SETTINGS, Server, until, web_server
from tests.unit.formats.edxl.schemas import packaged

SUFFIXES = tuple(FORMATS)
_K = {"k": KML}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run one web process with a picture."""
    store = MemoryStore()
    city(store)
    with web_server(store) as running:
        running.add("chief", Role.COMMANDER)
        running.add("team", Role.FIELD)
        yield running


@pytest.fixture(scope="module")
def chief(server: Server) -> Iterator[httpx.Client]:
    """Give the commander's client."""
    with server.client("chief") as client:
        yield client


def ogrinfo(path: Path, *more: str) -> str:
    """Let GDAL read a file; skips where it is not there."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo (gdal-bin) is not on PATH")
    found = subprocess.run(
        ["ogrinfo", "-ro", "-al", *more, str(path)], capture_output=True, text=True, check=True
    )
    return found.stdout


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_file_says_its_terms_and_its_time(
    chief: httpx.Client, kind: Kind, suffix: Suffix
) -> None:
    """Every kind in every format is a file with a name, an ETag and as of when it is."""
    answer = chief.get(f"/api/v1/exports/{kind}.{suffix}", params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == FORMATS[suffix].media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="cop-{kind}.{suffix}"'
    assert answer.headers["cop-as-of"].endswith("Z")
    again = chief.get(
        f"/api/v1/exports/{kind}.{suffix}",
        params={"lang": "en"},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304
    if suffix not in ("gpkg", "parquet"):
        assert "not to be passed on" in answer.text or LICENCE in answer.text


@pytest.mark.parametrize("suffix", ["geojson", "csv", "kml", "rss", "gpkg"])
@pytest.mark.parametrize("kind", KINDS)
def test_gdal_reads_every_file(
    chief: httpx.Client, tmp_path: Path, kind: Kind, suffix: str
) -> None:
    """GDAL finds every feature of the picture in every format that it knows."""
    told = chief.get("/api/v1/picture", params={"kind": kind}).json()["features"]
    path = tmp_path / f"{kind}.{suffix}"
    path.write_bytes(chief.get(f"/api/v1/exports/{kind}.{suffix}").content)
    said = ogrinfo(path, "-so")
    counts = [int(line.rpartition(":")[2]) for line in said.splitlines() if "Feature Count" in line]
    assert len(told) in counts


def test_geoparquet_and_geopackage_are_read_by_geopandas(
    chief: httpx.Client, tmp_path: Path
) -> None:
    """Both give the same table, with types, shapes, and what is known of the whole."""
    frames = []
    for suffix, read in (("parquet", geopandas.read_parquet), ("gpkg", geopandas.read_file)):
        path = tmp_path / f"alert.{suffix}"
        path.write_bytes(chief.get(f"/api/v1/exports/alert.{suffix}?lang=zh-Hans").content)
        more = {"layer": "alert"} if suffix == "gpkg" else {}
        frames.append(read(path, **more))
    for frame in frames:
        row = frame[frame["id"] == "hko_warnings:W1"].iloc[0]
        assert (row["title"], row["title_en"]) == ("警告1", "Warning 1")
        assert row["terms"] == LICENCE
        assert row["issued_at"].isoformat() == "2026-09-07T15:00:00+00:00"
        assert len(row.geometry.interiors) == 1
        assert frame[frame["id"] == "hko_warnings:W2"].iloc[0].geometry is None
        assert frame.crs.to_epsg() == 4326 or frame.crs.to_authority() == ("OGC", "CRS84")
    said = json.loads(pq.read_schema(tmp_path / "alert.parquet").metadata[b"cop"])
    assert said["sources"][0]["licence"] == LICENCE
    with sqlite3.connect(tmp_path / "alert.gpkg") as database:
        about = dict(database.execute("select name, value from about").fetchall())
        assert about["as_of"] == said["as_of"] or about["as_of"].endswith("Z")
        [[kept]] = database.execute("select metadata from gpkg_metadata").fetchall()
    database.close()
    assert LICENCE in kept


def test_no_cell_is_a_formula(chief: httpx.Client) -> None:
    """Whatever somebody calls an incident, no spreadsheet reckons with it."""
    body = chief.get("/api/v1/exports/incident.csv").content
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(rows) == len(FORMULAS) + 1
    for row in rows:
        for name, cell in row.items():
            if cell.startswith(("+", "-", "=", "@", "\t", "\r", "＝", "＋", "－", "＠")):
                assert name in ("lon", "lat"), (name, cell)
    assert {row["title_en"] for row in rows} >= {f"'{words}" for words in FORMULAS[:4]}
    assert {row["casualties_minor"] for row in rows} == {"2"}
    assert {row["exercise"] for row in rows} == {"false"}


def test_kml_is_one_and_hides_nothing_in_colours(chief: httpx.Client) -> None:
    """Names say how severe it is, holes are holes, and texts are no mark-up."""
    body = chief.get("/api/v1/exports/alert.kml", params={"lang": "en"}).content
    root = etree.fromstring(body)
    marks = root.findall(".//k:Placemark", _K)
    names = {mark.findtext("k:name", namespaces=_K) for mark in marks}
    assert names == {"Warning 1 · Severe", "Warning 2", "Warning 3 · Severe"}
    first = next(m for m in marks if "1" in (m.findtext("k:name", namespaces=_K) or ""))
    assert len(first.findall(".//k:innerBoundaryIs", _K)) == 1
    described = first.findtext("k:description", namespaces=_K) or ""
    assert "<" not in described
    assert "&lt;script&gt;" in described
    assert first.find("k:TimeSpan/k:begin", _K) is not None
    assert b"CDATA" not in body
    data = {
        one.get("name"): one.findtext("k:value", namespaces=_K)
        for one in first.findall(".//k:Data", _K)
    }
    assert (data["terms"], data["signal"]) == (LICENCE, "WRAINB")
    [icon] = {str(one.text) for one in root.findall(".//k:Style[@id='severe']//k:Icon/k:href", _K)}
    answer = httpx.get(icon)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\x89PNG")


def test_the_live_link_leads_to_the_files(server: Server, chief: httpx.Client) -> None:
    """The links that a globe follows are of this site, and give what whoever asks may see."""
    body = chief.get(
        "/api/v1/exports/live.kml",
        params={"kind": ["alert", "incident"], "every_s": 30, "bbox": "113,22,115,23"},
    ).content
    root = etree.fromstring(body)
    links = [one.text or "" for one in root.findall(".//k:Link/k:href", _K)]
    assert [link.startswith(f"{server.url}/api/v1/exports/") for link in links] == [True, True]
    assert {one.text for one in root.findall(".//k:refreshInterval", _K)} == {"30"}
    for link in links:
        answer = chief.get(link)
        assert answer.status_code == 200
        assert etree.fromstring(answer.content).tag == f"{{{KML}}}kml"
    public = etree.fromstring(httpx.get(f"{server.url}/api/v1/exports/live.kml").content)
    told = " ".join(one.text or "" for one in public.findall(".//k:Link/k:href", _K))
    assert "alert.kml" in told
    assert "resource.kml" not in told


def test_georss_follows_its_schema(chief: httpx.Client) -> None:
    """The feed is RSS 2.0 with places; what is overdue is told."""
    for kind in KINDS:
        body = chief.get(f"/api/v1/exports/{kind}.rss", params={"lang": "en"}).content
        root = etree.fromstring(body)
        packaged("rss-2_0.xsd").assertValid(root)
    alerts = etree.fromstring(chief.get("/api/v1/exports/alert.rss?lang=en").content)
    polygons = alerts.findall(".//{http://www.georss.org/georss}polygon")
    assert len(polygons) == 1
    assert (polygons[0].text or "").startswith("22.20000 114.00000")
    assert "Warnings, overdue" in (alerts.findtext("channel/description") or "")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_stranger_gets_what_the_public_may_have(server: Server, suffix: str) -> None:
    """Without signing in there are the public's kinds and nothing else, under open terms."""
    for kind in Kind:
        answer = httpx.get(f"{server.url}/api/v1/exports/{kind}.{suffix}")
        wanted = 200 if kind in ALLOWED[Audience.PUBLIC] else 404
        assert answer.status_code == wanted, (kind, answer.text[:200])
    public = httpx.get(f"{server.url}/api/v1/picture", params={"kind": "incident"}).json()
    rows = httpx.get(f"{server.url}/api/v1/exports/incident.geojson").json()
    assert [one["id"] for one in rows["features"]] == [one["id"] for one in public["features"]]
    assert rows["licence"].startswith("https://data.gov.hk")


def test_what_anybody_asks_for_holds_up_nobody_inside(
    server: Server, chief: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many strangers wait for their files, whoever has signed in gets theirs."""
    ready, gather = threading.Event(), exports.gather
    asked: list[Audience] = []

    def held(replica: Replica, settings: Settings, wish: Wish) -> Export:
        asked.append(wish.audience)
        if wish.audience is Audience.PUBLIC:
            assert ready.wait(120)
        return gather(replica, settings, wish)

    monkeypatch.setattr(exports, "gather", held)
    address = f"{server.url}/api/v1/exports/alert.csv"
    with ThreadPoolExecutor(4) as pool:
        try:
            strangers = [pool.submit(httpx.get, address, timeout=120) for _ in range(4)]
            until(lambda: Audience.PUBLIC in asked)
            assert chief.get("/api/v1/exports/alert.csv").status_code == 200
            assert not any(one.done() for one in strangers)
        finally:
            ready.set()
        assert [one.result().status_code for one in strangers] == [200] * 4


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_export_names_who_reported(server: Server, suffix: str) -> None:
    """What an audience may not see of an incident stands in no format of it."""
    with server.client("team") as team:
        body = team.get(f"/api/v1/exports/incident.{suffix}").content
    assert b"wong" not in body


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("nonsense.csv", 404, "no such kind"),
        ("alert.shp", 404, "no such format"),
        ("alert.csv?bbox=NaN,1,2,3", 400, "finite"),
        ("alert.csv?bbox=1,2,3", 400, "four numbers"),
        ("alert.csv?bbox=5,5,1,1", 400, "west <= east"),
        ("alert.csv?bbox=1e999,0,1,1", 400, "finite"),
        ("live.kml?every_s=1", 400, "every_s"),
        ("live.kml?kind=journal", 400, "kind"),
        ("live.kml?bbox=x", 400, "four numbers"),
        ("icons/alert-severe.svg", 404, "nothing"),
        ("icons/alert-red.png", 404, "no such mark"),
        ("..%2falert.csv", 404, ""),
    ],
    ids=[
        *("kind", "format", "nan", "three", "turned", "infinite", "every", "live-kind"),
        *("live-bbox", "icon-format", "icon", "path"),
    ],
)
def test_wrong_questions_are_answered_in_words(
    server: Server, path: str, status: int, told: str
) -> None:
    """What cannot be is refused with what to do."""
    answer = httpx.get(f"{server.url}/api/v1/exports/{path}")
    assert answer.status_code == status
    if told and status == 400:
        assert told in answer.json()["detail"]


def test_a_box_in_other_digits_breaks_nothing(chief: httpx.Client) -> None:
    """A box in full-width digits is read as any other, and stands in no header as it came."""
    answer = chief.get("/api/v1/exports/alert.csv", params={"bbox": "１１３,22,115,23"})
    assert answer.status_code == 200
    assert "113.0" in answer.headers["etag"]


def test_a_file_comes_compressed_to_whoever_takes_it_so(chief: httpx.Client) -> None:
    """Text and tables are compressed on their way where that is wanted, and are the same."""
    plain, packed = (
        chief.get("/api/v1/exports/alert.csv", headers={"Accept-Encoding": how})
        for how in ("identity", "gzip")
    )
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    head = plain.content.splitlines()[0]
    assert packed.content.splitlines()[0] == head


def test_a_box_leaves_out_what_is_elsewhere(chief: httpx.Client) -> None:
    """With a box there is what touches it, and nothing without a place."""
    found = chief.get("/api/v1/exports/alert.geojson?bbox=115.01,22.2,115.2,22.4").json()
    assert [one["id"] for one in found["features"]] == ["hko_warnings:W3"]


def test_an_exercise_is_marked_in_every_file(tmp_path: Path) -> None:
    """Every row, name and title of an exercise says that it is one."""
    store = MemoryStore()
    city(store)
    settings = SETTINGS.model_copy(update={"operation": "exercise-black", "data_dir": tmp_path})
    assert isinstance(settings, Settings)
    with web_server(store, settings=settings) as running:
        for suffix in ("csv", "geojson", "kml", "rss"):
            answer = httpx.get(f"{running.url}/api/v1/exports/alert.{suffix}?lang=en")
            assert answer.status_code == 200
            if suffix == "csv":
                rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
                assert {row["exercise"] for row in rows} == {"true"}
            elif suffix == "geojson":
                assert answer.json()["exercise"] is True
                assert answer.json()["title"].startswith("EXERCISE")
            else:
                # In KML the name stands in the description too.
                assert answer.text.count("EXERCISE · Warning ") == {"kml": 6, "rss": 3}[suffix]
        gpkg = tmp_path / "a.gpkg"
        gpkg.write_bytes(httpx.get(f"{running.url}/api/v1/exports/alert.gpkg").content)
        assert set(geopandas.read_file(gpkg, layer="alert")["exercise"]) == {"true"}
