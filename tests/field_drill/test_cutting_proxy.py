"""The cut line itself: what it lets through, and where it ends."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.field_drill.cutting_proxy import At, CuttingProxy, Line


class Site(ThreadingHTTPServer):
    """A server that counts what it was asked to change."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of loopback."""
        self.done: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    """Takes a body and answers with what was taken."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take note of it and say so."""
        site = self.server
        assert isinstance(site, Site)
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return
        site.done.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def site() -> Iterator[Site]:
    """Give a running server."""
    server = Site()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def line(site: Site) -> Iterator[CuttingProxy]:
    """Give a line to it."""
    proxy = CuttingProxy(site.server_port)
    yield proxy
    proxy.close()


def post(line: CuttingProxy, body: bytes, timeout_s: float = 60) -> bytes | None:
    """Post over *line*; None where no whole answer comes back."""
    caller = http.client.HTTPConnection("127.0.0.1", line.port, timeout=timeout_s)
    with contextlib.closing(caller), contextlib.suppress(OSError, http.client.HTTPException):
        caller.request("POST", "/", body)
        return caller.getresponse().read()
    return None


def test_a_line_that_is_up_changes_nothing(site: Site, line: CuttingProxy) -> None:
    """Every byte of a large request and of its answer comes through."""
    body = bytes(range(256)) * 4096
    assert post(line, body) == body
    assert site.done == [body]


def test_a_cut_in_the_request_keeps_it_from_being_done(site: Site, line: CuttingProxy) -> None:
    """The server never has the whole; the line stays down until it is mended."""
    line.trap(At.REQUEST, 100)
    assert post(line, b"x" * 1000) is None
    assert line.cut.wait(60)
    assert post(line, b"y") is None
    line.set(Line.UP)
    assert post(line, b"z") == b"z"
    assert site.done == [b"z"]


def test_a_cut_in_the_answer_comes_after_the_deed(site: Site, line: CuttingProxy) -> None:
    """The server has done it, and whoever asked does not know."""
    for bytes_given in (0, 30):
        line.trap(At.ANSWER, bytes_given)
        assert post(line, b"x") != b"x"
        assert line.cut.wait(60)
        line.set(Line.UP)
    assert site.done == [b"x", b"x"]


def test_a_deaf_line_passes_nothing_on(site: Site, line: CuttingProxy) -> None:
    """What is sent into it is gone, even after it hears again."""
    line.set(Line.DEAF)
    assert post(line, b"x", timeout_s=0.3) is None
    line.set(Line.UP)
    assert post(line, b"y") == b"y"
    assert site.done == [b"y"]


def test_a_line_to_nobody_is_cut() -> None:
    """Where nobody listens behind it, the caller is told at once."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    line = CuttingProxy(port)
    assert post(line, b"x") is None
    line.close()
