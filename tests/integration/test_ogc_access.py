"""Who may read what at /ogc: audiences, caches, pages of other sites."""

from __future__ import annotations

import httpx
import pytest

from cop.services.tokens import issue_token
from tests.integration.ogc_site import ITEMS, PATHS, client, server
from tests.integration.web_server import Server

__all__ = ["client", "server"]


def test_an_answer_that_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    """304 by ETag, in either form, for whoever may have it; caches ask each time."""
    for path in PATHS:
        for form in ("application/json", "text/html"):
            first = client.get(path, headers={"Accept": form})
            tag = first.headers["etag"]
            again = client.get(path, headers={"Accept": form, "If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b""), path
            assert first.headers["cache-control"] == "no-cache"
            assert {"Accept", "Accept-Language", "Authorization", "Cookie"} <= set(
                first.headers["vary"].split(", ")
            )
    other = client.get("", headers={"Accept-Language": "en"}).headers["etag"]
    assert client.get("", headers={"If-None-Match": other}).status_code == 200


def test_other_sites_may_read_what_is_public_and_nothing_else(server: Server) -> None:
    """With a session or token nothing is opened to other sites, and no cache may share it."""
    token = issue_token(
        server.accounts, "gis", operation="live", label="map", scopes=("read",), days=1
    ).token
    with (
        server.client("chief") as chief,
        server.client() as anybody,
        server.client() as machine,
    ):
        machine.headers["Authorization"] = f"Bearer {token}"
        for path in ("/ogc", f"/ogc{ITEMS}", "/ogc/collections/nosuch"):
            open_ = anybody.get(path, headers={"Origin": "https://map.example"})
            assert open_.headers["access-control-allow-origin"] == "*"
            assert open_.headers["cross-origin-resource-policy"] == "cross-origin"
            assert "access-control-allow-credentials" not in open_.headers
            for one in (chief, machine):
                closed = one.get(path, headers={"Origin": "https://map.example"})
                assert "access-control-allow-origin" not in closed.headers
                assert closed.headers["cross-origin-resource-policy"] == "same-origin"
        for one in (chief, machine):
            assert one.get(f"/ogc{ITEMS}").headers["cache-control"] == "private, no-cache"
            assert "/collections/resource" in one.get("/ogc/api").json()["paths"]
            tag = anybody.get("/ogc/collections").headers["etag"]
            answer = one.get("/ogc/collections", headers={"If-None-Match": tag})
            assert answer.status_code == 200, "what the public has is not what they see"


@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/ogcx", "/api/v1/picture", "/api/v1/incidents", "/api/v1/exports/x.kml"],
)
def test_no_other_address_is_opened_to_other_sites(server: Server, path: str) -> None:
    """A browser that asks before it reads or writes elsewhere for another site is refused."""
    asked = {"Origin": "https://map.example", "Access-Control-Request-Method": "POST"}
    for answer in (
        httpx.options(f"{server.url}{path}", headers=asked, timeout=60),
        httpx.get(f"{server.url}{path}", headers=asked, timeout=60),
    ):
        assert answer.request.method == "GET" or answer.status_code in (404, 405)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_reader_sees_what_their_audience_sees(server: Server) -> None:
    """The same ids as in the picture, collection by collection; a broken token sees nothing."""
    with server.client("chief") as chief, server.client() as anybody:
        for one in (chief, anybody):
            picture = one.get("/api/v1/picture").json()["features"]
            ids = sorted(feature["id"] for feature in picture)
            found: list[str] = []
            for collection in one.get("/ogc/collections").json()["collections"]:
                items = one.get(
                    f"/ogc/collections/{collection['id']}/items", params={"limit": "5000"}
                ).json()
                found += [feature["id"] for feature in items["features"]]
            assert sorted(found) == ids
        names = [one["id"] for one in chief.get("/ogc/collections").json()["collections"]]
        assert {"receipt", "order", "draft", "partner"} <= set(names)
        answer = anybody.get("/ogc", headers={"Authorization": "Bearer nonsense"})
        assert answer.status_code == 401
