"""Every request has an id, which its answer says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.web_server import Server, web_server

GIVEN = {"X-Request-Id": "wall-display.42"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a web process."""
    with web_server() as running:
        yield running


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/picture", 200), ("/api/v1/journal", 401), ("/nowhere", 404), ("/ogc/x", 404)],
    ids=["answer", "refused-at-the-gate", "no-such-path", "refused-inside"],
)
def test_the_answer_says_it(server: Server, path: str, status: int) -> None:
    """The id that was given comes back, in the header and where it is a problem in its details."""
    with server.client() as client:
        answer = client.get(path, headers=GIVEN)
        other = client.get(path)
    assert answer.status_code == status
    assert answer.headers["x-request-id"] == GIVEN["X-Request-Id"]
    assert other.headers["x-request-id"] != GIVEN["X-Request-Id"]
    if status != 200:
        assert answer.json()["request_id"] == GIVEN["X-Request-Id"]


def test_a_stream_says_it(server: Server) -> None:
    """Past every layer too."""
    with server.client() as client, client.stream("GET", "/api/v1/stream", headers=GIVEN) as answer:
        assert answer.headers["x-request-id"] == GIVEN["X-Request-Id"]


def test_what_caches_keep_says_none(server: Server) -> None:
    """An answer for everybody does not carry the id of the one who asked first."""
    with server.client() as client:
        assert "x-request-id" not in client.get("/healthz", headers=GIVEN).headers
