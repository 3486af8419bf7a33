"""A neighbour's CAP messages, from its server to the picture, and back byte for byte."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from cop.cli import main
from cop.clock import RealClock
from cop.config import Settings
from cop.model.exchange import Signature
from cop.model.kinds import Alert, FeedState
from cop.services.exchange.originals import Originals
from cop.services.feed_status import read_standing
from cop.services.policy import Role
from cop.store.memory import MemoryStore
from tests.integration.web_server import Server, until, web_server
from tests.unit.formats.cap_making import a_message, a_reference, an_info
from tests.unit.services.exchange.signing import a_certificate, pem_of, signed
from workers.poll import Outcome, poll_feed
from workers.registry import find_feed
from workers.transports import LiveTransport


class Neighbour:
    """An authority's server: what it has at each path."""

    def __init__(self) -> None:
        """Begin to serve nothing."""
        self.pages: dict[str, bytes] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def lists(self, **messages: bytes) -> None:
        """List *messages*, and serve each at its own address."""
        self.pages.clear()
        entries = "".join(
            f"<entry><id>{name}</id><link type='application/cap+xml' href='{name}.xml'/></entry>"
            for name in messages
        )
        self.pages["/atom.xml"] = (
            f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
        )
        self.pages.update({f"/{name}.xml": body for name, body in messages.items()})

    def close(self) -> None:
        """Serve no longer."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=45)


class Town:
    """An installation that polls the neighbour."""

    def __init__(self, folder: Path, neighbour: Neighbour) -> None:
        """Set the source up by one file."""
        sources = folder / "cap-sources"
        sources.mkdir()
        (sources / "them.pem").write_bytes(pem_of(a_certificate()))
        (sources / "next.toml").write_text(
            f"""
            id = "next"
            title = {{ en = "Next door" }}
            publisher = "CMA"
            url = "{neighbour.url}/atom.xml"
            complete = true
            public = true
            licence = "CC BY 4.0; source: next door"
            trust = ["them.pem"]
            """
        )
        self.settings = Settings(
            operation="live", allowed_hosts="127.0.0.1,localhost", data_dir=folder
        )
        self.store = MemoryStore()

    def polls(self) -> Outcome:
        """Poll once by the code that the worker runs."""
        return poll_feed(
            self.store,
            find_feed("cap_next", self.settings),
            clock=RealClock(),
            transport=LiveTransport(allow_private=True),
            originals=Originals(self.settings),
        )


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    """Give an authority that serves what it is told."""
    made = Neighbour()
    yield made
    made.close()


@pytest.fixture
def town(tmp_path: Path, neighbour: Neighbour) -> Town:
    """Give an installation that has the authority as a source."""
    return Town(tmp_path, neighbour)


def soon(minutes: int) -> datetime:
    """Give the time so many minutes from now, to the second."""
    return RealClock().now().replace(microsecond=0) + timedelta(minutes=minutes)


def by_identifier(server: Server) -> dict[str, Alert]:
    """Give the stored alerts."""
    return {alert.identifier or "": alert for alert in server.entities(Alert)}


def public_ids(server: Server) -> set[str]:
    """Give the ids of the alerts that everybody gets."""
    answer = httpx.get(f"{server.url}/api/v1/picture?kind=alert", timeout=60).json()
    return {feature["id"] for feature in answer["features"]}


def test_from_its_server_to_everybody_and_back(town: Town, neighbour: Neighbour) -> None:
    """Alerts come over HTTP onto the picture; a responder gets the very bytes, others do not."""
    info = an_info("暴雨", language="zh-HK", expires=soon(60))
    real = signed(a_message("N-1", info, sent=soon(-5)))
    drill = a_message("N-2", info, sent=soon(-5), status="Exercise")
    closed = a_message("N-3", info, sent=soon(-5), scope="Private")
    neighbour.lists(**{"N-1": real, "N-2": drill, "N-3": closed, "N-4": b"<alert><broken"})
    outcome = town.polls()
    assert outcome.usable, outcome.reason
    status = read_standing(town.store, "cap_next").status
    assert status is not None
    assert (status.state, status.taken, status.refused) == (FeedState.OK, 3, 1)
    with web_server(town.store, settings=town.settings) as server:
        found = by_identifier(server)
        assert found.keys() == {"N-1", "N-2", "N-3"}
        assert found["N-1"].signature is Signature.VALID
        assert public_ids(server) == {found["N-1"].id}
        server.add("wong", Role.FIELD)
        path = f"/api/v1/alerts/{found['N-1'].id}/original"
        assert httpx.get(server.url + path, timeout=60).status_code == 401
        with server.client("wong") as client:
            answer = client.get(path)
            assert answer.content == real
            assert answer.headers["content-type"] == "application/xml"
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'; sandbox" in answer.headers["content-security-policy"]
            same = {"If-None-Match": answer.headers["etag"]}
            assert client.get(path, headers=same).status_code == 304
            assert client.get("/api/v1/alerts/none:such/original").status_code == 404
            assert client.get("/api/v1/alerts/feed_status:cap_next/original").status_code == 404


def test_update_cancel_and_replay_over_several_polls(town: Town, neighbour: Neighbour) -> None:
    """What is replaced or cancelled leaves with the poll that says so, and stays away."""
    info = an_info("Flood", expires=soon(60))
    first = a_message("N-1", info, sent=soon(-30))
    update = a_message(
        "N-2",
        info,
        sent=soon(-20),
        references=(a_reference("N-1", soon(0)),),
        msgType="Update",
    )
    cancel = a_message(
        "N-3", sent=soon(-10), references=(a_reference("N-2", soon(0)),), msgType="Cancel"
    )
    with web_server(town.store, settings=town.settings) as server:
        for messages, wanted in (
            ({"N-1": first}, {"N-1"}),
            ({"N-1": first, "N-2": update}, {"N-2"}),
            ({"N-1": first}, set()),
            ({"N-2": update, "N-3": cancel, "N-9": b"<alert><broken"}, set()),
            ({"N-2": update, "N-1": first}, set()),
        ):
            neighbour.lists(**messages)
            assert town.polls().usable
            assert by_identifier(server).keys() == wanted
        until(lambda: public_ids(server) == set(), seconds=45)


def test_a_neighbour_that_is_silent_ends_nothing(town: Town, neighbour: Neighbour) -> None:
    """A list that fails, or comes as a page, changes only the feed's status."""
    neighbour.lists(**{"N-1": a_message("N-1", an_info(expires=None), sent=soon(-30))})
    assert town.polls().usable
    for page in (b"<html>sorry</html>", b"", None):
        neighbour.pages.pop("/atom.xml", None)
        if page is not None:
            neighbour.pages["/atom.xml"] = page
        assert not town.polls().usable
        assert len(town.store.by_feed("cap_next")) == 1
    neighbour.lists()
    assert town.polls().usable
    assert town.store.by_feed("cap_next") == {}


def test_messages_are_tried_by_hand(tmp_path: Path) -> None:
    """`cop cap check` says what was read, what is wrong, and what the signature is worth."""
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    trust = tmp_path / "them.pem"
    trust.write_bytes(pem_of(a_certificate()))
    good.write_bytes(signed(a_message("N-1", an_info(area="<polygon>1,2</polygon>"), scope="")))
    bad.write_bytes(b"<alert><sender>x</sender></alert>")
    run = CliRunner().invoke(main, ["cap", "check", str(good), "--trust", str(trust)])
    assert run.exit_code == 0, run.output
    for words in ("rainstorm", "signature: valid", "defect: polygon", "defect: scope"):
        assert words in run.output
    run = CliRunner().invoke(main, ["cap", "check", str(good), str(bad)])
    assert run.exit_code == 1
    assert "without identifier" in run.output
    assert "unchecked" in run.output
    bad.write_bytes(a_message("N-2", msgType="Cancel"))
    assert "is over" in CliRunner().invoke(main, ["cap", "check", str(bad)]).output
