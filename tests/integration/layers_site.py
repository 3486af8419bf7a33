"""A web process whose layers of others come from a service on this machine, and who asks it."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import cop.asgi
from cop.clock import RealClock
from cop.config import Settings
from cop.services.policy import Role
from cop.store.memory import MemoryStore
from cop.store.port import Store
from tests.integration.publisher import Publisher
from tests.integration.web_server import Server, web_server
from workers.layers.fetching import Ways, fetch_layer
from workers.layers.pictures import Pictures
from workers.transports import LiveTransport

HOST = "maps.example.hk"
HOSTS = f"{HOST},rebound.example.hk"
WORDS = {"title": "Fire stations", "attribution": "Example Department", "licence": "CC BY 4.0"}
_keys = itertools.count()


class ToLoopback(httpx.BaseTransport):
    """Leads requests for the public names of tests to a service on this machine."""

    def __init__(self, port: int) -> None:
        """Lead to *port*."""
        self._port = port
        self._inner = LiveTransport(allow_private=True)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it there."""
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        led = httpx.Request(
            request.method, url, headers=request.headers, extensions=request.extensions
        )
        return self._inner.handle_request(led)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


@contextlib.contextmanager
def layers_site(service: Publisher, data_dir: Path) -> Iterator[Server]:
    """Run a web process whose pictures come from *service*, with somebody of each kind."""
    settings = Settings(
        operation="live",
        allowed_hosts=f"127.0.0.1,{HOST}",
        layer_hosts=HOSTS,
        data_dir=data_dir,
    )

    def opened(settings: Settings, store: Store) -> Pictures:
        return Pictures(settings, store, lambda: ToLoopback(service.port))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cop.asgi, "open_pictures", opened)
        with web_server(MemoryStore(), settings=settings) as running:
            for name, role in (
                ("chan", Role.COMMANDER),
                ("lee", Role.FIELD),
                ("ho", Role.LIAISON),
            ):
                running.add(name, role)
            yield running


def send(
    client: httpx.Client, path: str, body: Any = None, *, method: str = "POST"
) -> httpx.Response:
    """Send one command."""
    headers = {"Idempotency-Key": f"key-{next(_keys)}"}
    given = {} if body is None else {"json": body}
    return client.request(method, f"/api/v1{path}", headers=headers, **given)


def add(server: Server, address: str, service: str = "geojson", **fields: Any) -> httpx.Response:
    """Add a layer."""
    with server.client("chan") as client:
        body = {"service": service, "address": address, **WORDS, **fields}
        return send(client, "/layers", body)


def fetch(server: Server, service: Publisher, layer_id: str) -> str:
    """Fetch a layer as the worker does; gives why it failed, or nothing."""
    with ToLoopback(service.port) as transport:
        ways = Ways(transport, HOSTS, sleep=lambda _: None)
        return fetch_layer(server.store, layer_id, RealClock(), ways)


def shown(server: Server, layer_id: str) -> dict[str, Any]:
    """Give what a field worker is told of a layer."""
    with server.client("lee") as client:
        found = client.get("/api/v1/picture", params={"kind": "layer"}).json()["features"]
        return next((one["properties"] for one in found if one["id"] == layer_id), {})
