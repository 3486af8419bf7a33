"""OGC API - Features over 20,000 entities: a page of 1,000, and a filtered question."""

from __future__ import annotations

import itertools
import socket
import statistics
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator

import orjson

from bench.figures import Figure
from bench.snapshot import ENTITIES, fill
from bench.web_process import redis_url, web_port
from cop.model.geometry import point
from cop.model.kinds import Observation
from cop.model.record import put
from cop.store.redis import RedisStore

PAGE = 1_000
TIMES = 9
FILTER = "value > 45 AND measure = 'traffic_speed' AND S_INTERSECTS(geometry, BBOX(114,22,115,23))"


def run() -> Iterator[Figure]:
    """Measure; about a minute."""
    with redis_url() as url:
        store = RedisStore(url, "bench")
        fill(store)
        with web_port(url) as port:
            items = f"http://127.0.0.1:{port}/ogc/collections/observation/items"
            page = f"{items}?limit={PAGE}"
            yield from _ask("page of 1,000, first", page)
            following = _next(page)
            yield from _ask("page of 1,000, tenth", following)
            filtered = f"{items}?limit={PAGE}&filter={urllib.parse.quote(FILTER)}"
            yield from _changed(store, "filter over 20,000, picture changed", filtered)
            yield from _ask("filter over 20,000, same again", filtered)
            yield from _changed(store, "collection, picture changed", items.removesuffix("/items"))
            yield Figure("features", ENTITIES, "")


def _get(address: str) -> tuple[bytes, float]:
    begun = time.perf_counter()
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
        body: bytes = answer.read()
    return body, 1000 * (time.perf_counter() - begun)


def _next(address: str) -> str:
    """Give the address of the tenth page."""
    for _ in range(9):
        links = orjson.loads(_get(address)[0])["links"]
        address = next(one["href"] for one in links if one["rel"] == "next")
    return address


def _ask(name: str, address: str) -> Iterator[Figure]:
    """Ask for the same several times; the floor is a server that hands out the same bytes."""
    _get(address)
    times = [_get(address)[1] for _ in range(TIMES)]
    body = _get(address)[0]
    yield Figure(name, statistics.median(times), "ms", _floor(body), f"{len(body) / 1e6:.2f} MB")


def _changed(store: RedisStore, name: str, address: str) -> Iterator[Figure]:
    """Ask after a change each time, so that nothing is kept."""
    _get(address)
    times = []
    for _ in range(TIMES):
        _change(store)
        time.sleep(0.2)  # the web process follows in a few milliseconds
        body, took = _get(address)
        times.append(took)
    yield Figure(name, statistics.median(times), "ms", _floor(body), f"{len(body) / 1e6:.2f} MB")


_values = itertools.count(1)


def _change(store: RedisStore) -> None:
    """Give one detector another value."""
    one = Observation(
        id="bench_speed:00000",
        feed="bench_speed",
        publisher="TD",
        geometry=point(113.9, 22.2),
        measure="traffic_speed",
        value=float(next(_values)),
        unit="km/h",
        measures={"volume_per_min": 31.0, "occupancy_percent": 12.0},
    )
    store.write([put(one)], fetched_ms=1_700_000_000_000)


def _floor(body: bytes) -> float:
    """Measure a bare socket that hands out *body*, in milliseconds."""
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(TIMES):
                peer, _ = server.accept()
                with peer:
                    peer.recv(65536)
                    peer.sendall(head + body)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        times = [_get(address)[1] for _ in range(TIMES)]
        thread.join(timeout=10)
    return statistics.median(times)
