"""The doors of the exchange: who comes in, and what hostile requests are answered."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from cop.model.record import put
from cop.services.accounts import add_user
from cop.services.exchange.partners import entity_of_plan, partner_of
from cop.services.policy import Role
from cop.services.tokens import issue_token
from tests.integration.federating import incident, partner_file
from tests.integration.web_server import SETTINGS, Server, until, web_server

_keys = itertools.count()
CAP = b"""<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>GD-1</identifier><sender>gd@example</sender><sent>2026-09-08T12:00:00+08:00</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Restricted</scope>
<restriction>desks</restriction>
<info><event>Dam discharge</event><headline>Discharge at 15:00</headline></info></alert>"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a web process with one partner, and people of the desk."""
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "gd.toml").write_text(partner_file("gd", "https://gd.example", "gd"))
    settings = SETTINGS.model_copy(
        update={"partners_dir": folder, "data_dir": folder / "data", "installation": "hk-cop"}
    )
    with web_server(settings=settings) as running:
        running.store.write(
            [put(entity_of_plan(partner_of(settings, "gd"), None)), put(incident("near"))],
            fetched_ms=1,
        )
        for name, role, agency in (
            ("chan", Role.COMMANDER, ""),
            ("sb", Role.LIAISON, "SB"),
            ("dsd", Role.LIAISON, "DSD"),
            ("team", Role.FIELD, "DSD"),
        ):
            running.passwords[name] = add_user(running.accounts, name, role, agency)
        for name in ("gd", "gis"):
            add_user(running.accounts, name, Role.MACHINE)
        yield running


def client_of(server: Server, machine: str, *scopes: str) -> httpx.Client:
    """Give a client with a token of *machine*."""
    token = issue_token(
        server.accounts, machine, operation="live", label="x", scopes=scopes, days=1
    ).token
    return httpx.Client(
        base_url=server.url, timeout=60, headers={"Authorization": f"Bearer {token}"}
    )


@pytest.fixture(scope="module")
def partner(server: Server) -> Iterator[httpx.Client]:
    """Give a client of the partner's account."""
    with client_of(server, "gd", "federate") as client:
        yield client


def send(client: httpx.Client, body: bytes, media_type: str = "application/json") -> httpx.Response:
    """Send a message."""
    headers = {"Idempotency-Key": f"key-{next(_keys)}", "Content-Type": media_type}
    return client.post("/api/v1/exchange/messages", content=body, headers=headers)


def a_message(**changes: Any) -> dict[str, Any]:
    """Make a message of the partner's."""
    said = {
        "installation": "gd-cop",
        "exercise": False,
        "number": f"gd-cop.live.{next(_keys)}",
        "title": {"en": "Dam"},
    }
    return {**said, **changes}


def test_changes_are_for_partners(server: Server, partner: httpx.Client) -> None:
    """A partner's machine gets what is shared; nobody else gets anything."""
    answer = partner.get("/api/v1/exchange/changes")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["installation"], said["exercise"]) == ("hk-cop", False)
    assert [feature["id"] for feature in said["put"]] == ["incident:near"]
    assert "author" not in said["put"][0]["properties"]
    assert partner.get("/api/v1/exchange/changes", params={"after": "x"}).status_code == 400
    for machine, scopes in (
        ("gd", ("read",)),
        ("gis", ("read", "federate")),
    ):
        with client_of(server, machine, *scopes) as other:
            refused = other.get("/api/v1/exchange/changes")
            assert refused.status_code == 403
            assert refused.headers["content-type"] == "application/problem+json"
    with server.client() as nobody, server.client("chan") as chief:
        assert nobody.get("/api/v1/exchange/changes").status_code == 401
        assert chief.get("/api/v1/exchange/changes").status_code == 403


@pytest.mark.parametrize("scopes", [("federate",), ("read", "federate")], ids=" ".join)
def test_a_partner_reads_by_its_own_door_alone(server: Server, scopes: tuple[str, ...]) -> None:
    """By all others it gets what the public gets, whatever the scopes: no incident, no partner."""
    with client_of(server, "gd", *scopes) as client:
        assert client.get("/api/v1/exchange/changes").status_code == 200
        assert client.get("/api/v1/me").json()["audience"] == "public"
        assert client.get("/api/v1/entities/incident:near").status_code == 404
        assert client.get("/ogc/collections/incident/items").json()["features"] == []
        assert client.get("/ogc/collections/partner").status_code == 404
        assert client.get("/api/v1/picture").json()["features"] == []


def test_the_desk_sees_partners_and_messages(server: Server, partner: httpx.Client) -> None:
    """Command sees all, liaison officers what their agency looks after, others nothing."""
    assert partner.get("/api/v1/exchange/changes").is_success
    sent = send(partner, orjson.dumps(a_message(number="shown-1")))
    assert sent.status_code == 200, sent.text
    assert sent.json()["feature"] is None
    cursor = sent.json()["cursor"]
    until(lambda: server.has_come_to(cursor))
    with server.client("chan") as chief, server.client("sb") as mine, server.client("dsd") as other:
        for client in (chief, mine):
            found = client.get("/api/v1/exchange/partners").json()
            assert [one["id"] for one in found["partners"]] == ["partner:gd"]
            one = client.get("/api/v1/exchange/partners/gd").json()
            assert one["terms"]["agreement"]["number"] == "HK-GD 1"
            assert set(one["shared"]["put"]) == {"incident"}
            listed = client.get("/api/v1/exchange/partners/partner:gd/messages").json()
            newest = listed["messages"][0]
            assert newest["properties"]["number"] == "shown-1"
            params = {"before": newest["id"]}
            path = "/api/v1/exchange/partners/gd/messages"
            older = client.get(path, params=params).json()["messages"]
            assert newest["id"] not in [message["id"] for message in older]
            assert client.get(path, params={"before": "message:no"}).status_code == 404
        assert chief.get("/api/v1/exchange/partners/xx").status_code == 404
        assert other.get("/api/v1/exchange/partners").json()["partners"] == []
        for path in ("/gd", "/gd/messages"):
            assert other.get(f"/api/v1/exchange/partners{path}").status_code == 403
    with server.client("team") as team:
        assert team.get("/api/v1/exchange/partners").status_code == 403


def test_a_document_comes_as_it_is(server: Server, partner: httpx.Client) -> None:
    """CAP as XML is a message with its headline; its bytes are handed out as they came."""
    answer = send(partner, CAP, "application/cap+xml")
    assert answer.status_code == 200, answer.text
    assert send(partner, CAP, "application/xml").json()["id"] == answer.json()["id"]
    until(lambda: server.has_come_to(answer.json()["cursor"]))
    message = answer.json()["id"]
    with server.client("chan") as chief, server.client("dsd") as other:
        feature = chief.get(f"/api/v1/entities/{message}").json()
        assert feature["properties"]["title"] == {"en": "Discharge at 15:00"}
        assert feature["properties"]["form"] == "cap"
        original = chief.get(f"/api/v1/messages/{message}/original")
        assert original.content == CAP
        assert original.headers["content-type"] == "application/xml"
        name = f"cap-{message.partition(':')[2]}.xml"
        assert original.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert other.get(f"/api/v1/messages/{message}/original").status_code == 403
        assert chief.get("/api/v1/messages/message:none/original").status_code == 404


def test_a_document_is_kept_for_a_message(server: Server) -> None:
    """What the desk has as a file is told what it is, and goes with the message that names it."""
    header = {"Content-Type": "application/xml"}
    path = "/api/v1/messages/original"
    with server.client("chan") as chief, server.client("team") as team:
        kept = chief.post(path, content=CAP, headers=header)
        assert kept.status_code == 200, kept.text
        said = kept.json()
        assert (said["form"], said["title"]) == ("cap", {"en": "Discharge at 15:00"})
        assert said["original"] == hashlib.sha256(CAP).hexdigest()
        assert chief.post(path, content=b"<html/>", headers=header).status_code == 400
        assert team.post(path, content=CAP, headers=header).status_code == 403


def test_a_document_comes_in_json(server: Server, partner: httpx.Client) -> None:
    """The same bytes in base64 are kept likewise."""
    body = a_message(form="cap", original=base64.b64encode(CAP).decode())
    answer = send(partner, orjson.dumps(body))
    assert answer.status_code == 200, answer.text


BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><alert>&c;</alert>'
)


HOSTILE = [
    pytest.param("application/json", b"", 400, id="nothing"),
    pytest.param("application/json", b"[]", 400, id="no object"),
    pytest.param("application/json", b"[" * 50_000, 400, id="deep JSON"),
    pytest.param("application/json", b'{"number": NaN}', 400, id="NaN"),
    pytest.param("application/json", b"\xff\xfe\xfa", 400, id="no text"),
    pytest.param("application/json", orjson.dumps(a_message(colour=1)), 400, id="unknown field"),
    pytest.param("application/json", orjson.dumps(a_message(title={})), 400, id="no title"),
    pytest.param(
        "application/json", orjson.dumps(a_message(title={"en": " "})), 400, id="blank title"
    ),
    pytest.param("application/json", orjson.dumps(a_message(number="a b")), 400, id="number"),
    pytest.param(
        "application/json", orjson.dumps(a_message(about=["x"] * 30)), 400, id="about much"
    ),
    pytest.param("application/json", orjson.dumps(a_message(original="%")), 400, id="base64"),
    pytest.param("application/json", orjson.dumps(a_message(original=5)), 400, id="number bytes"),
    pytest.param(
        "application/json",
        orjson.dumps(a_message(words={"en": "x" * 5000})),
        409,
        id="many words",
    ),
    pytest.param("application/json", orjson.dumps(a_message(exercise=True)), 409, id="an exercise"),
    pytest.param(
        "application/json",
        orjson.dumps(a_message(installation="mo-cop")),
        403,
        id="somebody else's name",
    ),
    pytest.param("application/xml", BILLION, 400, id="entities"),
    pytest.param(
        "application/xml",
        b'<!DOCTYPE alert SYSTEM "http://127.0.0.1/x.dtd"><alert/>',
        400,
        id="document type",
    ),
    pytest.param("application/xml", b"<a>" * 50_000, 400, id="deep XML"),
    pytest.param("application/xml", b"<html/>", 400, id="web page"),
    pytest.param("application/xml", b"<svg/>", 400, id="neither CAP nor EDXL"),
    pytest.param("application/xml", b"<alert>", 400, id="broken XML"),
    pytest.param(
        "application/xml", CAP.replace(b"Actual", b"Exercise"), 409, id="CAP of an exercise"
    ),
    pytest.param("text/plain", b"hello", 415, id="plain text"),
    pytest.param("application/gzip", gzip.compress(CAP), 415, id="compressed"),
    pytest.param("application/json", b" " * (6 * 1024 * 1024 + 1), 413, id="too large"),
]


@pytest.mark.parametrize(("media_type", "body", "status"), HOSTILE)
def test_hostile_messages_are_refused(
    server: Server, partner: httpx.Client, media_type: str, body: bytes, status: int
) -> None:
    """With a problem that says why; nothing is kept."""
    before = server.store.cursor()
    answer = send(partner, body, media_type)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert server.store.cursor() == before


def test_unseen_signs_are_left_out(server: Server, partner: httpx.Client) -> None:
    """Control and direction characters never reach a page."""
    body = orjson.dumps(a_message(title={"en": "a\u202eb\x00c\u2066d"}))
    answer = send(partner, body)
    assert answer.status_code == 200, answer.text
    stored = orjson.loads(server.store.read([answer.json()["id"]])[answer.json()["id"]].body)
    assert stored["title"] == {"en": "abcd"}


def test_a_key_is_needed(partner: httpx.Client) -> None:
    """As for every write."""
    headers = {"Content-Type": "application/json"}
    answer = partner.post("/api/v1/exchange/messages", content=b"{}", headers=headers)
    assert answer.status_code == 400


def test_the_routes_are_documented(server: Server, tmp_path: Path) -> None:
    """Each with an example."""
    with server.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    for path in ("changes", "messages", "receipts", "partners", "partners/{id}"):
        operations = paths[f"/api/v1/exchange/{path}"]
        for operation in operations.values():
            assert "example" in orjson.dumps(operation).decode(), path
