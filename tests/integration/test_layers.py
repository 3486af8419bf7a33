"""Layers of others from the command to the map: added, fetched from a service, handed out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from cop.clock import RealClock
from cop.config import Settings
from cop.model.exchange import Layer
from cop.model.record import put
from cop.services.layers.set_up import layers_of
from tests.integration.layers_site import (
    HOST,
    HOSTS,
    WORDS,
    ToLoopback,
    add,
    fetch,
    layers_site,
    send,
    shown,
)
from tests.integration.publisher import Publisher, answer, publisher
from tests.integration.web_server import Server, until, wind
from tests.unit.workers.layers.serving import collection, feature
from workers.layers.fetching import Ways, fetch_layer
from workers.layers.survey import due, survey, was_fetched
from workers.transports import LiveTransport

TILE = "/tiles/12/3345/1786.png"


@pytest.fixture(scope="module")
def service() -> Iterator[Publisher]:
    """Give a service of somebody else's."""
    with publisher() as running:
        yield running


@pytest.fixture(scope="module")
def server(service: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a web process with layers of that service."""
    with layers_site(service, tmp_path_factory.mktemp("data")) as running:
        yield running


def test_a_layer_from_the_command_to_the_map(server: Server, service: Publisher) -> None:
    """Added, fetched, read with age and attribution, unchanged to whoever has it, taken away."""
    service.will("/a.geojson", answer(orjson.dumps(collection(feature(1), feature(2)))))
    made = add(server, f"https://{HOST}/a.geojson")
    assert made.status_code == 201, made.text
    layer_id = made.json()["id"]
    assert made.json()["feature"]["properties"]["address"] == f"https://{HOST}/a.geojson"
    path = f"/api/v1/layers/{layer_id}/features"
    with server.client("lee") as client:
        until(lambda: bool(shown(server, layer_id)))
        never = client.get(path)
        assert (never.status_code, never.json()["code"]) == (503, "layer-never")
        assert fetch(server, service, layer_id) == ""
        until(lambda: client.get(path).status_code == 200)
        found = client.get(path)
        body = found.json()
        assert found.headers["content-type"] == "application/geo+json"
        assert [one["properties"]["name"] for one in body["features"]] == ["Place 1", "Place 2"]
        assert (body["attribution"], body["licence"]) == ("Example Department", "CC BY 4.0")
        assert body["as_of"] == shown(server, layer_id)["fetched_at"]
        again = client.get(path, headers={"If-None-Match": found.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "address" not in shown(server, layer_id)
        assert client.get(f"/api/v1/layers/{layer_id}{TILE}").status_code == 404
    with server.client("chan") as client:
        assert send(client, f"/layers/{layer_id}", method="DELETE").status_code == 200
        until(lambda: client.get(path).status_code == 404)


def test_nobody_outside_reads_a_layer(server: Server) -> None:
    """Without a sign-in there is nothing: their publishers show them."""
    with server.client() as client:
        assert client.get("/api/v1/layers/layer:a/features").status_code == 401
        assert client.get(f"/api/v1/layers/layer:a{TILE}").status_code == 401
        kinds = client.get("/api/v1/picture", params={"kind": "layer"}).json()["features"]
        assert kinds == []


@pytest.mark.parametrize("name", ["lee", "ho"])
def test_only_the_desk_adds_layers(server: Server, name: str) -> None:
    """Whoever may not is told so."""
    with server.client(name) as client:
        body = {"service": "geojson", "address": f"https://{HOST}/b.geojson", **WORDS}
        assert send(client, "/layers", body).status_code == 403


ADDRESSES = {
    "another-host": ("https://elsewhere.example/a.geojson", "COP_LAYER_HOSTS"),
    "below-an-allowed-one": (f"https://a.{HOST}/a.geojson", "COP_LAYER_HOSTS"),
    "allowed-one-before-another": (f"https://{HOST}.elsewhere.example/", "COP_LAYER_HOSTS"),
    "private": ("https://10.0.0.1/a.geojson", "COP_LAYER_HOSTS"),
    "loopback": ("https://[::1]/a.geojson", "COP_LAYER_HOSTS"),
    "unprotected": (f"http://{HOST}/a.geojson", "https://"),
    "file": ("file:///etc/passwd", "https://"),
    "script": ("javascript:alert(1)", "https://"),
    "password": (f"https://a:b@{HOST}/", "password"),
    "user-that-looks-like-a-host": (f"https://{HOST}@elsewhere.example/", "password"),
    "port": (f"https://{HOST}:8443/", "port"),
    "fragment": (f"https://{HOST}/#a", "#"),
    "backslash": (f"https://elsewhere.example\\@{HOST}/", "as it is"),
    "line-break": (f"https://{HOST}/a%0d%0a\r\nX: y", "as it is"),
    "not-ascii": (f"https://{HOST}/地圖", "as it is"),
    "too-long": (f"https://{HOST}/{'a' * 1990}", "2000"),
    "no-address": ("https://[::1", "no address"),
}


@pytest.mark.parametrize(("address", "words"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_addresses_that_are_refused(server: Server, address: str, words: str) -> None:
    """An address that may not be asked is refused with words that say what to do."""
    refused = add(server, address)
    assert refused.status_code == 400, refused.text
    assert words in refused.json()["detail"]


BODIES: dict[str, dict[str, Any]] = {
    "no-attribution": {"attribution": ""},
    "no-title": {"title": " "},
    "unknown-service": {"service": "ftp"},
    "no-collection": {"service": "ogc"},
    "server-without-number": {"service": "arcgis", "name": "places"},
    "too-often": {"every_s": 1},
    "nearly-never": {"every_s": 1e9},
    "script-link": {"link": "javascript:alert(1)"},
    "foreign-field": {"author": "wong"},
    "state": {"state": "ok"},
    "long-title": {"title": "x" * 121},
}


@pytest.mark.parametrize("fields", BODIES.values(), ids=BODIES.keys())
def test_bodies_that_are_refused(server: Server, fields: dict[str, Any]) -> None:
    """A layer that is none is refused, and says where."""
    body = {"service": "geojson", "address": f"https://{HOST}/c.geojson", **WORDS, **fields}
    with server.client("chan") as client:
        refused = send(client, "/layers", body)
    assert refused.status_code == 400, refused.text
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_same_layer_is_added_once(server: Server) -> None:
    """A second one with the same address and name is a mistake."""
    address = f"https://{HOST}/twice.geojson"
    first = add(server, address)
    assert first.status_code == 201
    with server.client("chan") as client:
        body = {"service": "geojson", "address": address, **WORDS}
        second = send(client, "/layers", body)
    assert (second.status_code, second.json()["code"]) == (409, "layer-known")
    assert second.json()["layer"] == first.json()["id"]


def test_a_fetch_that_fails_keeps_what_was_good(server: Server, service: Publisher) -> None:
    """The old stays with its age, and a field worker is told why there is nothing newer."""
    good = answer(orjson.dumps(collection(feature(1))))
    bad = answer(b"<html><body>Down</body></html>")
    service.will("/d.geojson", good, bad)
    layer_id = add(server, f"https://{HOST}/d.geojson").json()["id"]
    assert fetch(server, service, layer_id) == ""
    first = server.entities(Layer)
    before = next(one for one in first if one.id == layer_id)
    assert fetch(server, service, layer_id) == "a web page came instead of data"
    until(lambda: shown(server, layer_id).get("state") == "failing")
    told = shown(server, layer_id)
    assert told["why"] == "a web page came instead of data"
    after = next(one for one in server.entities(Layer) if one.id == layer_id)
    assert (after.fetched_at, after.features) == (before.fetched_at, 1)
    with server.client("lee") as client:
        body = client.get(f"/api/v1/layers/{layer_id}/features").json()
    assert len(body["features"]) == 1


def test_what_was_added_is_due_at_once(server: Server, service: Publisher) -> None:
    """A new layer is asked for once, and again when somebody wants it now."""
    service.will("/e.geojson", answer(orjson.dumps(collection(feature(1)))))
    layer_id = add(server, f"https://{HOST}/e.geojson").json()["id"]

    def asked() -> bool:
        known = survey(server.store, layers_of(Settings(layer_hosts="none")), RealClock().now())
        return layer_id in due(server.store, known.values(), RealClock().now(), 1.0)

    assert asked()
    assert not asked(), "it is under way"
    assert fetch(server, service, layer_id) == ""
    was_fetched(server.store, layer_id)
    until(lambda: not server.store.marks().get(f"layer-asked:{layer_id}"))
    assert not asked()
    with server.client("chan") as client:
        assert send(client, f"/layers/{layer_id}/refresh", {}).status_code == 200
    assert asked()


def test_layers_that_are_set_up(server: Server, tmp_path: Path) -> None:
    """Presets and files come onto the picture, change and go with them; nobody takes them away."""
    (tmp_path / "own.toml").write_text(
        f'id = "own"\nservice = "wms"\naddress = "https://{HOST}/wms"\nname = "roads"\n'
        'title = {en = "Roads"}\nattribution = "Example"\n'
    )
    (tmp_path / "csdi-districts.toml").write_text('id = "csdi-districts"\noff = true\n')
    settings = Settings(layers_dir=tmp_path, layer_hosts=f"{HOSTS},portal.csdi.gov.hk")
    found = layers_of(settings)
    assert "layer:csdi-fire-stations" in found
    assert "layer:csdi-districts" not in found
    survey(server.store, found, RealClock().now())
    until(lambda: shown(server, "layer:own").get("service") == "wms")
    with server.client("chan") as client:
        kept = send(client, "/layers/layer:own", method="DELETE")
    assert (kept.status_code, kept.json()["code"]) == (409, "layer-set-up")
    (tmp_path / "own.toml").write_text('id = "own"\naddress = "https://elsewhere.example/"\n')
    broken = layers_of(settings)
    assert [fault.file for fault in broken.faults] == ["own.toml"]
    survey(server.store, broken, RealClock().now())
    assert shown(server, "layer:own"), "a file that cannot be read takes nothing away"
    survey(server.store, layers_of(Settings(layer_hosts="none")), RealClock().now())
    until(lambda: not shown(server, "layer:own"))
    assert shown(server, "layer:csdi-fire-stations") == {}


def test_an_exercise_reaches_nobody_outside(tmp_path: Path) -> None:
    """Of what is set up it has only presets that are played; the files are for the live city."""
    (tmp_path / "own.toml").write_text(
        f'id = "own"\naddress = "https://{HOST}/a"\ntitle = {{en = "A"}}\nattribution = "B"\n'
    )
    found = layers_of(Settings(operation="exercise-a", layers_dir=tmp_path, layer_hosts=HOSTS))
    assert {layer.address.split("/")[2] for layer in found.values()} == {"portal.csdi.gov.hk"}
    assert set(found) < set(layers_of(Settings()))


def test_our_own_features_are_a_layer(server: Server) -> None:
    """What this very system serves by OGC API - Features is read to its last page."""
    server.store.write([put(wind(f"s{n}")) for n in range(1000)], fetched_ms=1)
    answer = server.store.write([put(wind(f"t{n}")) for n in range(200)], fetched_ms=1)
    until(lambda: server.has_come_to(answer.cursor))
    layer_id = add(server, f"https://{HOST}/ogc", "ogc", name="observation").json()["id"]
    port = urlsplit(server.url).port
    assert port is not None
    with ToLoopback(port) as transport:
        ways = Ways(transport, HOSTS, sleep=lambda _: None)
        assert fetch_layer(server.store, layer_id, RealClock(), ways) == ""
    found = next(one for one in server.entities(Layer) if one.id == layer_id)
    assert (found.features, found.cut) == (1200, False)


def test_private_addresses_are_never_reached(server: Server) -> None:
    """A name that is allowed and leads to this machine is refused where the connection is made."""
    layer_id = add(server, "https://rebound.example.hk/a.geojson").json()["id"]

    class Rebound(LiveTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.url = request.url.copy_with(host="localhost")
            return super().handle_request(request)

    with Rebound() as transport:
        ways = Ways(transport, HOSTS, sleep=lambda _: None)
        why = fetch_layer(server.store, layer_id, RealClock(), ways)
    assert "has no public address" in why
