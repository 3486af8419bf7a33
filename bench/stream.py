"""From a change in the store to every viewer of one web process, against a bare broadcast.

2,000 features, 5 changes a second of about 430 bytes. The writer, Redis, the web process and the
viewers share the machine. The change carries the time at which it was handed to the store; the
floor's is handed to a bare asyncio server already encoded, without Redis in between.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from bench.figures import Figure
from bench.web_process import ended, free_port, redis_url, web_port
from cop.api.viewers import chunk
from cop.model.access import Audience
from cop.model.geometry import point
from cop.model.kinds import Observation
from cop.model.record import Record, put
from cop.services.frames import encode_picture_event
from cop.services.picture import encode_features
from cop.store.redis import RedisStore

FEATURES = 2000
BATCH = 500
PER_SECOND = 5
SECONDS = 10
VIEWERS = (1, 200, 1000)


def change(index: int, features: int = FEATURES) -> Observation:
    """Make a change that carries the time of its making; its feature has about 430 bytes."""
    number = index % features
    return Observation(
        id=f"bench_wind:{number:05d}",
        feed="bench_wind",
        publisher="HKO",
        title={"en": f"Station {number:05d}", "zh-Hant": "測風站"},
        geometry=point(113.9 + number % 2_000 / 1e4, 22.3 + number // 2_000 / 1e3),
        measure="wind",
        value=float(index),
        unit="km/h",
        measures={"gust_kmh": 61.0, "direction_deg": 90.0},
        station=f"t{time.time_ns()}",
    )


def run() -> Iterator[Figure]:
    """Measure; about a minute and a half."""
    with redis_url() as url:
        store = RedisStore(url, "bench")
        fill(store, FEATURES)
        with web_port(url) as port:
            ours = {count: measure([port], count, writing(store)) for count in VIEWERS}
    floors = dict(zip(VIEWERS, measure_floor(VIEWERS), strict=True))
    for count in VIEWERS:
        seen, floor = ours[count], floors[count]
        for name in ("p50", "p99"):
            note = f"{seen['seen'] / count / PER_SECOND / SECONDS:.0%} of the changes seen"
            yield Figure(
                f"change to viewer, {count} viewers, {name}", seen[name], "ms", floor[name], note
            )
    many = VIEWERS[-1]
    per_change = ours[many]["bytes"] / ours[many]["seen"]
    least = floors[many]["bytes"] / floors[many]["seen"]
    yield Figure("bytes per viewer per change", per_change, "bytes", least)


def fill(store: RedisStore, features: int) -> None:
    """Put so many *features* on the picture."""
    for start in range(0, features, BATCH):
        some = range(start, min(features, start + BATCH))
        store.write([put(change(index, features)) for index in some], fetched_ms=0)


def writing(store: RedisStore) -> Callable[[int], None]:
    """Give what writes one change into *store*."""

    def write(index: int) -> None:
        store.write([put(change(index))], fetched_ms=time.time_ns() // 1_000_000)

    return write


def measure(
    ports: Sequence[int],
    count: int,
    write: Callable[[int], None],
    opened: Callable[[], None] = lambda: None,
    cookie: str = "",
) -> dict[str, float]:
    """Open *count* viewers on *ports*, write for a while, and give what they saw.

    *opened* is called when all are open, before anything is written; with a *cookie* they are
    signed in.
    """
    command = [sys.executable, "-m", "bench.viewers", ",".join(map(str, ports)), str(count)]
    command += [cookie] if cookie else []
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with ended(process):
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(1.5)
        opened()
        begun = time.monotonic()
        for index in range(PER_SECOND * SECONDS):
            time.sleep(max(0.0, begun + index / PER_SECOND - time.monotonic()))
            write(index)
        time.sleep(1.0)
        process.stdin.write(b"enough\n")
        process.stdin.flush()
        result: dict[str, float] = json.loads(process.stdout.readline())
        return result


def measure_floor(counts: Iterable[int]) -> Iterator[dict[str, float]]:
    """Give what so many viewers of a bare broadcasting server see."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.floor_server", str(port)])
    with ended(server), contextlib.ExitStack() as stack:
        writer = stack.enter_context(_connected(port))

        def write(index: int) -> None:
            entity = change(index)
            record = Record(entity.id, entity.kind, 1, 0, entity.encode())
            feature = encode_features(record)[Audience.PUBLIC]
            writer.sendall(chunk(encode_picture_event(f"{time.time_ns()}-0", [feature], b"[]")))

        for count in counts:
            yield measure([port], count, write)


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
