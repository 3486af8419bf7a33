"""What /ogc refuses, and how it says so."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from tests.integration.ogc_site import ITEMS, PATHS, client, links, server

__all__ = ["client", "server"]

BAD = [
    ("bbox=NaN,NaN,NaN,NaN", "bbox"),
    ("bbox=1,2,3", "bbox"),
    ("bbox=1e999,0,1,1", "bbox"),
    ("bbox=114,23,115,22", "bbox"),
    ("bbox=", "bbox"),
    ("bbox=1,2,3,4&bbox-crs=EPSG:4326", "bbox-crs"),
    ("bbox=1_1,2,3,4", "bbox"),
    ("bbox=%EF%BC%91,2,3,4", "bbox"),
    ("datetime=yesterday", "datetime"),
    ("datetime=2026-13-01T00:00:00Z", "datetime"),
    ("datetime=2026-09-07T12:00:00", "datetime"),
    ("datetime=../..", "datetime"),
    ("datetime=2027-01-01T00:00:00Z/2026-01-01T00:00:00Z", "datetime"),
    ("limit=0", "limit"),
    ("limit=-5", "limit"),
    ("limit=ten", "limit"),
    ("limit=1.5", "limit"),
    ("limit=1&limit=2", "limit"),
    ("offset=-1", "offset"),
    ("offset=ten", "offset"),
    ("offset=1&page=W10", "page"),
    ("unknown=1", "unknown"),
    ("__proto__=1", "__proto__"),
    ("f=xml", "f"),
    ("lang=tlh", "lang"),
    ("crs=http://www.opengis.net/def/crs/EPSG/0/1", "crs"),
    ("page=nonsense", "page"),
    ("filter=", "filter"),
    ("filter=nosuch%3D1", "filter"),
    ("filter=value%3D1&filter-lang=sql", "filter-lang"),
    ("filter=value%3D1&filter-crs=x", "filter-crs"),
    ("filter=" + "(" * 3000, "filter"),
    ("filter=" + quote("[" * 5000) + "&filter-lang=cql2-json", "filter"),
    ("filter=value%3D1%00", "filter"),
    ("title_en=a%00b", "title_en"),
    ("value=NaN", "value"),
    ("value=1_0", "value"),
    ("%E2%80%AE=1", "\u202e"),
]


@pytest.mark.parametrize(("query", "where"), BAD, ids=[query[:50] for query, _ in BAD])
def test_what_cannot_be_understood_is_refused(client: httpx.Client, query: str, where: str) -> None:
    """400 that names the parameter and says what to do; other sites' pages may read that too."""
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400, answer.text
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert said["errors"][0]["where"] == where
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [path for path in PATHS if "?" not in path])
def test_no_address_takes_what_it_does_not_know(client: httpx.Client, path: str) -> None:
    """An unknown parameter is never passed over."""
    assert client.get(path, params={"nosuch": "1"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/nosuch",
        "/collections/nosuch",
        "/collections/receipt",
        "/collections/receipt/items",
        "/collections/receipt/queryables",
        "/collections/nosuch/schema",
        "/collections/observation/items/nosuch",
        "/collections/alert/items/hko_wind:S0001",
        "/collections/observation/items/" + quote("x' OR 1=1 --"),
        "/collections/observation/items/%2e%2e/alert",
        "/collections/" + "x" * 3000,
    ],
)
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    """404 with words; on a page for people."""
    assert client.get(path).status_code == 404
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert client.post(path).status_code in (404, 405)


def test_nothing_can_be_written(client: httpx.Client) -> None:
    """Other methods are refused with those there are."""
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.request(method, ITEMS)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_link_that_is_too_old_says_to_begin_anew(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """410, not a page of something else."""
    first = client.get(ITEMS, params={"limit": "1"}).json()
    monkeypatch.setattr("cop.services.features.paging.KEPT_S", -10_000.0)
    answer = client.get(links(first, "next")[0])
    assert answer.status_code == 410
    assert "begin anew" in answer.json()["detail"]
