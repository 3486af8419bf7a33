"""Odd requests: what a browser, a proxy or a stranger may send, and an exercise's every output."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import httpx
import pytest

from cop.api.compress import takes_gzip
from cop.api.pages import local_path
from cop.config import Settings
from cop.model.record import put
from cop.services.policy import Role
from cop.services.replica import Replica
from cop.store.memory import MemoryStore
from tests.integration.web_server import Listener, Server, until, web_server, wind


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run one web process for the tests of this module."""
    store = MemoryStore()
    store.write([put(wind("a"))], fetched_ms=1)
    with web_server(store) as running:
        running.add("chief", Role.COMMANDER)
        yield running


@pytest.mark.parametrize("stranger", ['theme={"dark":true}', "a b=c d", "=", "cop2=x; ;;", "é=ü"])
def test_a_strange_cookie_signs_nobody_out(server: Server, stranger: str) -> None:
    """Another application's cookie beside ours, in whatever form, does not hide the session."""
    with server.client("chief") as chief:
        token = chief.cookies["cop"]
    for line in (f"{stranger}; cop={token}", f"cop={token}; {stranger}"):
        header = [(b"Cookie", line.encode())]
        assert httpx.get(f"{server.url}/api/v1/me", headers=header).json()["name"] == "chief"


@pytest.mark.parametrize(
    "origin", ["http://[", "null", "http://127.0.0.1@evil.example", "://", "x"]
)
def test_an_origin_that_is_none_is_another_site(server: Server, origin: str) -> None:
    """A malformed Origin is refused in words; it is no error of ours."""
    headers = {"Origin": origin}
    answer = httpx.post(f"{server.url}/api/v1/session", json={}, headers=headers)
    assert answer.status_code == 403


def test_a_place_to_go_that_is_no_address(server: Server) -> None:
    """A malformed `next` leads to the emergency centre's page."""
    assert local_path("//[") == "/command"
    assert httpx.get(f"{server.url}/sign-in", params={"next": "//["}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("identity", False),
        ("notgzip", False),
        ("", False),
    ],
)
def test_gzip_is_sent_only_where_it_is_read(server: Server, accepted: str, takes: bool) -> None:
    """A weight of nought says no, for the picture and for pages alike."""
    assert takes_gzip(accepted) is takes
    headers = {"Accept-Encoding": accepted}
    answer = httpx.get(f"{server.url}/api/v1/picture", headers=headers)
    assert (answer.headers.get("content-encoding") == "gzip") is takes
    answer = httpx.get(f"{server.url}/openapi.json", headers=headers)
    assert (answer.headers.get("content-encoding") == "gzip") is takes


def test_a_box_across_the_date_line_is_explained(server: Server) -> None:
    """Such a box, or one with its corners swapped, is refused with what to ask instead."""
    for box in ("170,-10,-170,10", "114,23,113,22"):
        answer = httpx.get(f"{server.url}/api/v1/picture", params={"bbox": box})
        assert answer.status_code == 400
        assert "two halves" in answer.json()["detail"]
        assert "west <= east" in answer.json()["detail"]


def test_an_unknown_kind_is_told_the_known_ones(server: Server) -> None:
    """One wrong kind among right ones is refused, with all that there are."""
    answer = httpx.get(f"{server.url}/api/v1/picture?kind=alert&kind=alerts")
    assert answer.status_code == 400
    assert "'alert', 'assignment'" in answer.json()["detail"]


def test_a_defect_is_a_problem_too(server: Server) -> None:
    """An error that nobody thought of is answered in the same form, with the same headers."""
    with patch.object(Replica, "picture", side_effect=ZeroDivisionError):
        answer = httpx.get(f"{server.url}/api/v1/entities/x:1")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in answer.headers
    assert "ZeroDivisionError" not in answer.text


def test_an_exercise_says_so_in_every_output() -> None:
    """Picture, part, single entity, stream, who-am-I and pages of an exercise are marked."""
    store = MemoryStore()
    store.write([put(wind("a"))], fetched_ms=1)
    settings = Settings(operation="drill", scenario="storm")
    with web_server(store, settings=settings) as server, server.client() as client:
        for path in ("picture", "picture?kind=observation", "entities/hko_wind:a", "me"):
            answer = client.get(f"/api/v1/{path}").json()
            assert answer["operation"] == "drill"
            assert answer["exercise"] is True
        listener = Listener(client)
        until(lambda: bool(listener.told))
        assert listener.told[0].data["exercise"] is True
        assert listener.told[0].data["operation"] == "drill"
        listener.close()
        assert "EXERCISE" in client.get("/sign-in", params={"lang": "en"}).text
    with web_server(store) as server, server.client() as client:
        assert client.get("/api/v1/entities/hko_wind:a").json()["exercise"] is False


def test_what_another_account_did_is_not_taken(server: Server) -> None:
    """A deed that says whose it is is refused from anybody else, whoever's the session is."""
    report = {"incident_type": "fire", "words": "Smoke"}
    with server.client("chief") as client:
        headers = {"Idempotency-Key": "a-1", "Cop-Account": "wong"}
        answer = client.post("/api/v1/incidents", json=report, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "other-account")
        headers["Cop-Account"] = "chief"
        assert client.post("/api/v1/incidents", json=report, headers=headers).status_code == 201
