"""Fetching from a publisher that misbehaves in every known way."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from cop.errors import FetchError
from cop.store.memory import MemoryStore
from tests.integration.publisher import (
    Publisher,
    answer,
    drip,
    hang_up,
    if_none_match,
    publisher,
)
from tests.unit.workers.making import a_feed
from workers.backoff import Backoff
from workers.feed import Source
from workers.fetch import Document, Fetcher, Validators
from workers.transports import LiveTransport

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
Get = Callable[..., Document]


@pytest.fixture
def host() -> Iterator[Publisher]:
    """Give a publisher."""
    with publisher() as running:
        yield running


@pytest.fixture
def store() -> MemoryStore:
    """Give the store in which waiting times are kept."""
    return MemoryStore()


@pytest.fixture
def patience_s() -> float:
    """Say for how long an answer is waited for."""
    return 60.0


@pytest.fixture
def get(host: Publisher, store: MemoryStore, patience_s: float) -> Iterator[Get]:
    """Give a function that fetches a URL with so much time and 100,000 bytes to spare."""
    source = Source(name="levels", url=host.url(), headers={"X-Api": "1"})
    feed = a_feed(sources=(source,), timeout=timedelta(seconds=patience_s), max_bytes=100_000)
    with (
        LiveTransport(allow_private=True) as transport,
        Fetcher(
            feed, transport, Backoff(store), contact="https://e.test/us", sleep=lambda _: None
        ) as fetcher,
    ):
        yield lambda url, known=None: fetcher.fetch(source, url, known)


def test_says_who_asks(host: Publisher, get: Get) -> None:
    """A request carries our name, where to complain, and the source's own headers."""
    get(host.will("/", answer(b"levels")))
    assert "user-agent: cop/" in host.requests[0].lower()
    assert "(+https://e.test/us)" in host.requests[0]
    assert "x-api: 1" in host.requests[0].lower()


def test_asks_conditionally(host: Publisher, get: Get) -> None:
    """What has not changed is not sent again, and its validators are kept."""
    url = host.will("/", if_none_match('"a1"', b"levels"))
    first = get(url)
    assert first.body == b"levels"
    assert first.validators == Validators('"a1"', "Mon, 08 Sep 2025 00:00:00 GMT")
    assert get(url, first.validators) == Document(None, first.validators)


def test_takes_gzip(host: Publisher, get: Get) -> None:
    """A compressed body is given decoded."""
    packed = gzip.compress(b"levels" * 100)
    assert get(host.will("/", answer(packed, "200 OK", "Content-Encoding: gzip"))).body == (
        b"levels" * 100
    )


def test_a_web_page_is_not_its_matter(host: Publisher, get: Get) -> None:
    """Whether the bytes are data is for the feed to tell."""
    page = b"<!doctype html><title>Maintenance</title>"
    assert get(host.will("/", answer(page, "200 OK", "Content-Type: text/html"))).body == page


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (answer(b"x" * 100_001), "larger than 100,000 bytes"),
        (answer(b"levels", length=100), "broke off"),
        (hang_up, "broke off"),
        (answer(b"", "404 Not Found"), "answered 404 Not Found"),
        (answer(b"", "503 Service Unavailable"), "answered 503 Service Unavailable"),
        (answer(b"", "204 No Content"), "answered 204"),
        (answer(b"", "304 Not Modified"), "answered 304"),
        (answer(b"\0", "200 OK", "Content-Encoding: br"), "encoded as 'br'"),
        (answer(b"levels", "200 OK", "Content-Encoding: gzip"), "compression is damaged"),
        (
            answer(gzip.compress(b"levels" * 999)[:-9], "200 OK", "Content-Encoding: gzip"),
            "in the middle of its compression",
        ),
    ],
)
def test_says_what_is_wrong(
    host: Publisher, get: Get, bad: Callable[[socket.socket, str], None], reason: str
) -> None:
    """Whatever the publisher does, it becomes one kind of error, in plain words."""
    with pytest.raises(FetchError, match=reason):
        get(host.will("/", bad))


@pytest.mark.parametrize("patience_s", [0.5])
@pytest.mark.parametrize(
    ("slow", "reason"),
    [
        (drip(HEAD + b"\r\n", b"x" * 500), "did not answer in time|took longer than"),
        (drip(b"", HEAD + b"X: " + b"x" * 500), "did not answer in time"),
    ],
)
def test_who_never_ends_is_given_up(
    host: Publisher, get: Get, slow: Callable[[socket.socket, str], None], reason: str
) -> None:
    """An answer that comes byte by byte is not waited for beyond the feed's time."""
    with pytest.raises(FetchError, match=reason):
        get(host.will("/", slow))


def test_a_bomb_does_not_go_off(host: Publisher, get: Get) -> None:
    """A small body that inflates to much is given up at the limit."""
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(FetchError, match="larger than"):
        get(host.will("/", answer(bomb, "200 OK", "Content-Encoding: gzip")))


def test_follows_inside_the_host(host: Publisher, get: Get) -> None:
    """A redirect to the publisher's own host is followed."""
    host.will("/new", answer(b"levels"))
    assert get(host.will("/", answer(b"", "302 Found", "Location: /new"))).body == b"levels"


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:{port}/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "//e",
        "http://127.0.0.1:9/",
    ],
)
def test_does_not_follow_elsewhere(host: Publisher, get: Get, target: str) -> None:
    """A redirect to any other host, port or kind of address is refused before it is asked."""
    away = answer(b"", "302 Found", f"Location: {target.format(port=host.port)}")
    with pytest.raises(FetchError, match="is not one of this feed's"):
        get(host.will("/", away))
    assert len(host.requests) == 1


def test_does_not_follow_for_ever(host: Publisher, get: Get) -> None:
    """A circle of redirects is left."""
    with pytest.raises(FetchError, match="redirects without end"):
        get(host.will("/", answer(b"", "302 Found", "Location: /")))


@pytest.mark.parametrize("bad", [answer(b"", "500 Internal Server Error"), hang_up])
def test_tries_twice(host: Publisher, get: Get, bad: Callable[[socket.socket, str], None]) -> None:
    """One failure of the server or the line is not yet a failure of the poll."""
    assert get(host.will("/", bad, answer(b"levels"))).body == b"levels"


def test_does_not_repeat_what_will_not_help(host: Publisher, get: Get) -> None:
    """An address that does not exist is asked once."""
    with pytest.raises(FetchError):
        get(host.will("/", answer(b"", "404 Not Found")))
    assert len(host.requests) == 1


def test_leaves_a_broken_host_alone(host: Publisher, get: Get, store: MemoryStore) -> None:
    """After two failures the host is not asked for a while, by no worker."""
    url = host.will("/", answer(b"", "500 Internal Server Error"))
    with pytest.raises(FetchError):
        get(url)
    asked = len(host.requests)
    with pytest.raises(FetchError, match="it is asked again in"):
        get(url)
    with pytest.raises(FetchError, match="it is asked again in"):
        Backoff(store).check("127.0.0.1")
    assert len(host.requests) == asked
