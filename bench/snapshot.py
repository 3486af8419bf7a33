"""The picture of 20,000 entities: encoded cold, served cached, and from restart to ready."""

from __future__ import annotations

import gzip
import statistics
import time
import urllib.request
from collections.abc import Iterator

import orjson

from bench.figures import Figure
from bench.web_process import redis_url, web_port
from cop.clock import RealClock
from cop.model.access import Audience
from cop.model.geometry import point
from cop.model.kinds import Observation
from cop.model.record import put
from cop.services.documents import Documents
from cop.services.replica import Replica
from cop.store.redis import RedisStore

ENTITIES = 20_000
BATCH = 500


def fill(store: RedisStore) -> None:
    """Put the entities on the picture."""
    for start in range(0, ENTITIES, BATCH):
        entities = (
            Observation(
                id=f"bench_speed:{index:05d}",
                feed="bench_speed",
                publisher="TD",
                title={"en": f"Detector {index:05d}", "zh-Hant": "車輛偵測器"},
                geometry=point(113.9 + index % 200 / 400, 22.2 + index // 200 / 400),
                measure="traffic_speed",
                value=float(index % 90),
                unit="km/h",
                measures={"volume_per_min": 31.0, "occupancy_percent": 12.0},
                station=f"AID{index:05d}",
            )
            for index in range(start, start + BATCH)
        )
        store.write([put(entity) for entity in entities], fetched_ms=1_700_000_000_000)


def run() -> Iterator[Figure]:
    """Measure; less than a minute."""
    with redis_url() as url:
        store = RedisStore(url, "bench")
        fill(store)
        begun = time.perf_counter()
        bodies = [record.body for record in store.snapshot().records.values()]
        read_s = time.perf_counter() - begun
        yield from _encode(store, bodies)
        begun = time.perf_counter()
        with web_port(url) as port:
            ready_s = time.perf_counter() - begun
            yield Figure(
                "web process, start to ready", ready_s, "s", read_s, "floor: reading the snapshot"
            )
            yield from _serve(port)


def _encode(store: RedisStore, bodies: list[bytes]) -> Iterator[Figure]:
    replica = Replica(store, RealClock())
    begun = time.perf_counter()
    replica.start()
    while replica.not_ready():
        time.sleep(0.005)
    yield Figure("replica, start to caught up", 1000 * (time.perf_counter() - begun), "ms")
    documents = Documents(replica, operation="bench", exercise=False)
    begun = time.perf_counter()
    document = documents.whole(Audience.COMMAND)
    cold_ms = 1000 * (time.perf_counter() - begun)
    replica.stop()
    begun = time.perf_counter()
    plain = orjson.dumps([orjson.Fragment(body) for body in bodies])
    gzip.compress(plain, compresslevel=1)
    floor_ms = 1000 * (time.perf_counter() - begun)
    yield Figure("snapshot, cold", cold_ms, "ms", floor_ms, "floor: join and gzip the bodies")
    yield Figure("snapshot, size", len(document.body) / 1e6, "MB")
    yield Figure("snapshot, compressed", len(document.gzipped) / 1e6, "MB")


def _serve(port: int) -> Iterator[Figure]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/picture", headers={"Accept-Encoding": "gzip"}
    )
    times = []
    for _ in range(21):
        begun = time.perf_counter()
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            answer.read()
        times.append(1000 * (time.perf_counter() - begun))
    yield Figure("GET /api/v1/picture, first", times[0], "ms")
    yield Figure("GET /api/v1/picture, cached", statistics.median(times[1:]), "ms")
