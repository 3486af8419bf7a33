"""What the size of the picture costs: at 2,000, 20,000 and 200,000 entities.

One change, one command and one return to the stream should cost the same however much there is;
the snapshot, the start and the memory grow with it. Each figure stands against that of the smallest
picture, which is its floor: `1.00 x` is flat, `10.00 x` and `100.00 x` are linear. Of twenty
entities one is an order to whoever asks for their duty, or its receipt. One web process
without Dash pages, Redis with fsync at every write, and one reader share the machine.
"""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Iterator
from typing import Final

import httpx
import psutil
import redis

from bench.figures import Figure
from bench.stream import BATCH, change, fill
from bench.web_process import cpu_of, redis_url, web
from cop.config import Settings
from cop.model.entity import Entity
from cop.model.kinds import Order, Receipt
from cop.model.record import put
from cop.services.accounts import add_user, open_accounts
from cop.services.commands.receipts import receipt_id
from cop.services.policy import Role
from cop.store.redis import RedisStore

SIZES: Final = (2_000, 20_000, 200_000)
CHANGES: Final = 200
COMMANDS: Final = 40
RESUMES: Final = 20
MISSED: Final = 100
ROUNDS: Final = 3
WHO: Final = "chan"
_ONE_ORDER_IN: Final = 20
_LONG_AGO: Final = "2026-01-01T00:00:00Z"
_READY_WITHIN_S: Final = 300.0
_READ: Final = 1 << 20


def run() -> Iterator[Figure]:
    """Measure; about three minutes, most of it at the largest size."""
    first: dict[str, float] = {}
    for size in SIZES:
        for name, value, unit in _measure(size):
            floor = first.setdefault(name, value)
            yield Figure(f"{name}, {size:,} entities", value, unit, floor)


def _measure(size: int) -> Iterator[tuple[str, float, str]]:
    """Give name, value and unit of each figure at one size."""
    with redis_url() as url:
        settings = Settings(redis_url=url, operation="bench")
        store = RedisStore(url, "bench")
        fill(store, size - size // _ONE_ORDER_IN)
        _fill_orders(store, size // _ONE_ORDER_IN // 2)
        password = add_user(open_accounts(settings), WHO, Role.COMMANDER, "EMSC")
        begun = time.monotonic()
        with web(url, ready_within_s=_READY_WITHIN_S) as (port, process):
            yield "start to ready", time.monotonic() - begun, "s"
            yield "memory of the web process", _settled_rss(process) / 2**20, "MiB"
            yield from _changes(store, port, process)
            base = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=base, timeout=120, trust_env=False) as client:
                who = {"username": WHO, "password": password}
                client.post("/api/v1/session", json=who).raise_for_status()
                yield "a command, p50", _commands(client), "ms"
                yield "one's duty, all orders answered, p50", _duties(client), "ms"
                yield from _snapshot(store, client)
            yield "a return to the stream, p50", _resumes(store, port), "ms"
            yield "memory of Redis", _redis_bytes(url) / 2**20, "MiB"


def _fill_orders(store: RedisStore, count: int) -> None:
    """Put so many old orders on the picture, and as many receipts that acknowledge them."""
    for start in range(0, count, BATCH):
        entities: list[Entity] = []
        for number in range(start, min(count, start + BATCH)):
            fields = {"publisher": "EMSC", "body": {"en": "Report"}, "issued_by": "chief"}
            fields |= {"addressees": ["everyone"], "recipients": [WHO], "issued_at": _LONG_AGO}
            entities.append(Order.model_validate({"id": f"order:{number}", **fields}))
            answer = {"subject": f"order:{number}", "recipient": WHO, "publisher": "EMSC"}
            answer |= {"id": receipt_id(f"order:{number}", WHO), "acknowledged_at": _LONG_AGO}
            entities.append(Receipt.model_validate(answer))
        store.write([put(one) for one in entities], fetched_ms=0)


def _changes(
    store: RedisStore, port: int, process: psutil.Process
) -> Iterator[tuple[str, float, str]]:
    """Write changes one after the other; give how long each took to a viewer, and its CPU."""
    with _stream(port, "") as reader:
        reader.recv(_READ)
        taken, cpu = [], cpu_of(process)
        for index in range(CHANGES):
            observation = change(index)
            mark = observation.station.encode() if observation.station else b""
            begun = time.perf_counter()
            store.write([put(observation)], fetched_ms=time.time_ns() // 1_000_000)
            _read_until(reader, mark)
            taken.append(1000 * (time.perf_counter() - begun))
        spent = cpu_of(process) - cpu
    yield "a change to one viewer, p50", statistics.median(taken), "ms"
    yield "a change, CPU of the web process", 1000 * spent / CHANGES, "ms"


def _commands(client: httpx.Client) -> float:
    taken = []
    for number in range(COMMANDS):
        body = {"incident_type": "flooding", "words": f"No. {number}"}
        headers = {"Idempotency-Key": f"growth-{number}"}
        begun = time.perf_counter()
        client.post("/api/v1/incidents", json=body, headers=headers).raise_for_status()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def _duties(client: httpx.Client) -> float:
    """Ask for the duty as somebody does who does not know it."""
    taken = []
    for _ in range(COMMANDS):
        begun = time.perf_counter()
        found = client.get("/api/v1/me/duty").raise_for_status().json()
        taken.append(1000 * (time.perf_counter() - begun))
    if found["orders"]:
        raise ValueError(f"{len(found['orders'])} orders are left on the page")
    return statistics.median(taken)


def _snapshot(store: RedisStore, client: httpx.Client) -> Iterator[tuple[str, float, str]]:
    """Ask for the picture just after a change, so that none lies ready."""
    taken, size = [], 0
    for index in range(ROUNDS):
        store.write([put(change(index))], fetched_ms=0)
        time.sleep(1.5)
        begun = time.perf_counter()
        size = len(client.get("/api/v1/picture").raise_for_status().content)
        taken.append(1000 * (time.perf_counter() - begun))
    yield "a snapshot, none at hand", min(taken), "ms"
    yield "a snapshot, its JSON", size / 2**20, "MiB"


def _resumes(store: RedisStore, port: int) -> float:
    """Come back with a cursor of some changes ago; give milliseconds until all are there."""
    after = store.cursor()
    last = b""
    for index in range(MISSED):
        observation = change(index)
        last = observation.station.encode() if observation.station else b""
        store.write([put(observation)], fetched_ms=0)
    time.sleep(1)
    taken = []
    for _ in range(RESUMES):
        begun = time.perf_counter()
        with _stream(port, after) as reader:
            _read_until(reader, last)
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def _stream(port: int, after: str) -> socket.socket:
    reader = socket.create_connection(("127.0.0.1", port), timeout=60)
    query = f"?after={after}" if after else ""
    reader.sendall(f"GET /api/v1/stream{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return reader


def _read_until(reader: socket.socket, mark: bytes) -> None:
    """Read until *mark* has come; raises ConnectionError where the stream ends before."""
    seen = b""
    while mark not in seen:
        data = reader.recv(_READ)
        if not data:
            raise ConnectionError("the stream ended")
        seen = seen[-len(mark) :] + data


def _settled_rss(process: psutil.Process) -> int:
    time.sleep(2)
    return int(process.memory_info().rss)


def _redis_bytes(url: str) -> int:
    with redis.Redis.from_url(url) as client:
        return int(client.info("memory")["used_memory"])
