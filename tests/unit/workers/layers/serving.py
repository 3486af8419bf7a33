"""Services of others for tests: what they answer by path and query, and what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from cop.clock import RealClock
from cop.model.exchange import Layer
from cop.model.kinds import decode
from cop.model.record import put
from cop.store.memory import MemoryStore
from workers.layers.fetching import Ways, fetch_layer

HOST = "maps.example.hk"
ADDRESS = f"https://{HOST}"
HOSTS = f"{HOST},*.gis.example.hk"
NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
CENTRAL = (114.158, 22.282)

Query = Mapping[str, str]
Answer = Callable[[str, Query], "httpx.Response | Any"]
"""Given path and query: a response, or what is sent as JSON."""


def feature(number: int, at: tuple[float, float] = CENTRAL, **properties: Any) -> dict[str, Any]:
    """Make a point with a name."""
    return {
        "type": "Feature",
        "id": number,
        "geometry": {"type": "Point", "coordinates": list(at)},
        "properties": {"name": f"Place {number}", **properties},
    }


def collection(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Make a FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features), **members}


def raw(body: bytes, status: int = 200, **headers: str) -> httpx.Response:
    """Make a response of bytes."""
    return httpx.Response(
        status,
        stream=httpx.ByteStream(body),
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


def layer(service: str = "geojson", path: str = "/places.geojson", **fields: Any) -> Layer:
    """Make a layer at the service."""
    return Layer.model_validate(
        {
            "id": "layer:places",
            "publisher": "COP",
            "title": {"en": "Places"},
            "service": service,
            "address": f"{ADDRESS}{path}",
            "attribution": "Example Department",
            "author": "chan",
            **fields,
        }
    )


@dataclass(slots=True)
class Service:
    """One host, and a store with one layer of it.

    Attributes:
        answer: what it answers.
        asked: path and query of every request.
        hosts, ports, schemes: that they were made to and by.
    """

    answer: Answer
    store: MemoryStore = field(default_factory=MemoryStore)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    ports: list[int | None] = field(default_factory=list)
    schemes: list[str] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        query = dict(request.url.params.multi_items())
        self.asked.append((request.url.path, query))
        self.hosts.append(request.url.host)
        self.ports.append(request.url.port)
        self.schemes.append(request.url.scheme)
        found = self.answer(request.url.path, query)
        return found if isinstance(found, httpx.Response) else raw(orjson.dumps(found))

    def fetch(self, wanted: Layer) -> Layer:
        """Put *wanted* on the picture unless it is there, fetch it, and give it as it is then."""
        if not self.store.read([wanted.id]):
            self.store.write([put(wanted)], fetched_ms=1)
        ways = Ways(httpx.MockTransport(self.handle), HOSTS, sleep=lambda _: None)
        fetch_layer(self.store, wanted.id, RealClock(), ways)
        found = decode(self.store.read([wanted.id])[wanted.id].body)
        assert isinstance(found, Layer)
        return found

    def features(self, layer_id: str = "layer:places") -> list[dict[str, Any]]:
        """Give what is kept of the layer."""
        body = self.store.read_table(layer_id)
        found: list[dict[str, Any]] = orjson.loads(body)["features"] if body else []
        return found
