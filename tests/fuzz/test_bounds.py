"""Documents made to do one harm each, at every entrance that could be harmed by it."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from cop.services.exports.formats import FORMATS
from cop.services.policy import Role
from tests.fuzz.targets import Target, targets
from tests.integration.web_server import Server, until, web_server

SECRET = "only-whoever-may-read-files-knows-this"
LARGE = "ha" * 20_000
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
XML = [
    one
    for one in targets().values()
    if any(
        seed.lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"<" and _ROOT.search(seed) for seed in one.seeds
    )
]


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[int, list[str]]]:
    """Listen on this machine, and keep who comes."""
    came: list[str] = []
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, address = server.accept()
                    came.append(str(address))
                    connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came


def _entities(body: bytes, port: int, secret: Path) -> Iterator[bytes]:
    """Put a document type before *body*, and what it names into its first texts."""
    found = _ROOT.search(body)
    assert found is not None
    begin, root = found.start(), found[1].decode()
    filled = body[begin:].replace(b"</", b"&x;</")
    for declared in (
        f'<!ENTITY a "{LARGE}"><!ENTITY b "{"&a;" * 99}"><!ENTITY x "{"&b;" * 99}">',
        f'<!ENTITY x SYSTEM "{secret.as_uri()}">',
        f'<!ENTITY x SYSTEM "http://127.0.0.1:{port}/x">',
        f'<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/p">%p;<!ENTITY x "">',
    ):
        yield f"<?xml version='1.0'?><!DOCTYPE {root} [{declared}]>".encode() + filled
    outside = f"<?xml version='1.0'?><!DOCTYPE {root} SYSTEM 'http://127.0.0.1:{port}/d'>"
    yield outside.encode() + body[begin:]
    include = f"<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='{secret.as_uri()}'/>"
    yield body[begin:].replace(b"</", include.encode() + b"</", 3)


@pytest.mark.parametrize("target", XML, ids=lambda one: one.name)
def test_no_entity_is_looked_up(
    target: Target, listener: tuple[int, list[str]], tmp_path: Path
) -> None:
    """Of no file, of no address, and none is multiplied: refused, or left out."""
    port, came = listener
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    good = next(seed for seed in target.seeds if _ROOT.search(seed))
    for body in _entities(good, port, secret):
        try:
            made = repr(target.take(body))
        except target.refusals as error:
            made = str(error)
        assert SECRET not in made
        assert LARGE not in made
    assert came == []


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a web process."""
    with web_server() as running:
        yield running


PACKED = {
    "gzip": gzip.compress(b"0" * 100_000_000),
    "deflate": zlib.compress(b"0" * 100_000_000),
    "br": b"\xff\xff\x3f\x00" * 200,
    "zstd": b"\x28\xb5\x2f\xfd" * 200,
    "gzip, gzip": gzip.compress(gzip.compress(b"0" * 100_000_000)),
}


@pytest.mark.parametrize("encoding", PACKED)
def test_a_packed_body_is_not_unpacked(server: Server, encoding: str) -> None:
    """It is refused as it is, and takes no memory."""
    before = psutil.Process().memory_info().rss
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    with server.client() as client:
        answer = client.post("/api/v1/session", content=PACKED[encoding], headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"]
    assert psutil.Process().memory_info().rss - before < 50_000_000


def test_a_packed_body_that_would_fit_is_told_why_not(server: Server) -> None:
    """Nobody has to guess: bodies are taken as they are."""
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    with server.client() as client:
        answer = client.post("/api/v1/session", content=gzip.compress(b"{}"), headers=headers)
    assert answer.status_code == 415
    assert "Content-Encoding" in answer.json()["detail"]


BODIES: dict[str, Any] = {
    "deep-lists": "[" * 400_000,
    "deep-objects": '{"a":' * 150_000,
    "nan": '{"incident_type":"fire","geometry":{"type":"Point","coordinates":[NaN,22]}}',
    "infinity": '{"incident_type":"fire","geometry":{"type":"Point","coordinates":[Infinity,22]}}',
    "too-large": '{"incident_type":"fire","geometry":{"type":"Point","coordinates":[1e999,22]}}',
    "off-the-earth": '{"incident_type":"fire","geometry":{"type":"Point","coordinates":[999,22]}}',
    "many-digits": '{"incident_type":"fire","words":' + "9" * 100_000 + "}",
    "many-corners": '{"incident_type":"fire","geometry":{"type":"Polygon","coordinates":[['
    + "[114.1,22.3],[114.2,22.3]," * 30_000
    + "[114.1,22.3]]]}}",
    "lone-surrogate": '{"incident_type":"fire","words":"\\ud800"}',
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_made_to_do_harm_is_refused_in_words(server: Server, name: str) -> None:
    """With what is wrong, within a moment, and nothing is put on the picture."""
    if "chief" not in server.passwords:
        server.add("chief", Role.COMMANDER)
    headers = {"Content-Type": "application/json", "Idempotency-Key": name}
    with server.client("chief") as client:
        before = server.store.cursor()
        answer = client.post("/api/v1/incidents", content=BODIES[name], headers=headers)
    assert answer.status_code in {400, 413, 422}, answer.text
    assert answer.json()["detail"]
    assert server.store.cursor() == before


def test_a_name_that_turns_its_line_around_is_a_plain_name(server: Server) -> None:
    """Marks of direction and control are taken out of what people write, wherever it is shown."""
    if "chief" not in server.passwords:
        server.add("chief", Role.COMMANDER)
    words = "gate \u202ecod.exe\u202c \u2066x\u2069 \x1b[31m"
    body = {"incident_type": "fire", "words": words, "place": words}
    with server.client("chief") as client:
        headers = {"Idempotency-Key": "turned"}
        answer = client.post("/api/v1/incidents", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        until(lambda: server.has_come_to(answer.json()["cursor"]))
        shown = [
            client.get(f"/api/v1/entities/{answer.json()['id']}").text,
            client.get("/api/v1/exports/incident.csv").text,
            client.get("/api/v1/exports/incident.kml").text,
            client.get("/api/v1/journal.csv").text,
            client.get("/api/v1/journal").text,
        ]
    for one in shown:
        assert "cod.exe" in one
        assert not set("\u202e\u202c\u2066\u2069\x1b") & set(one)
        assert "\\u202e" not in one


def test_every_answer_says_what_it_is(server: Server) -> None:
    """Its type, and of text that it is UTF-8: nothing is left to be guessed."""
    exports = "/api/v1/exports"
    pages = ("/sign-in", "/api/v1/picture", "/nothing", "/healthz", "/robots.txt")
    files = (f"{exports}/live.kml", *(f"{exports}/incident.{form}" for form in FORMATS))
    if "chief" not in server.passwords:
        server.add("chief", Role.COMMANDER)
    with server.client("chief") as client:
        for path in (*pages, *files, "/api/v1/edxl/sitrep.xml"):
            answer = client.get(path)
            assert path in pages or answer.status_code == 200, path
            form, _, charset = answer.headers.get("content-type", "").partition(";")
            assert form.count("/") == 1 or not answer.content, path
            is_text = form.startswith("text/") or form.endswith(("/xml", "+xml"))
            assert not is_text or charset.strip() == "charset=utf-8", path
