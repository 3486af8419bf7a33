"""The attention queue at 20,000 entities: a run with nothing to do, and after 500 changes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from bench.figures import Figure
from bench.store import a_write
from bench.web_process import redis_url
from cop.model.entity import Kind, Severity
from cop.model.geometry import point
from cop.model.kinds import Incident, IncidentStatus, decode
from cop.model.record import Write, put
from cop.services.watch.keeper import Keeper
from cop.store.redis import RedisStore

INCIDENTS = 10_000
OTHERS = 10_000
BATCH = 500
ROUNDS = 9
START = datetime(2026, 9, 7, 12, tzinfo=UTC)


def run() -> Iterator[Figure]:
    """Measure; about ten seconds."""
    with redis_url() as url:
        store = RedisStore(url, "bench")
        for begin in range(0, OTHERS, BATCH):
            batch = [a_write(number, 0) for number in range(begin, begin + BATCH)]
            store.write(batch, fetched_ms=1)
        for begin in range(0, INCIDENTS, BATCH):
            store.write(_reports(begin, IncidentStatus.REPORTED), fetched_ms=1)
        yield from _runs(store)
        store.close()


def _reports(begin: int, status: IncidentStatus) -> list[Write]:
    return [
        put(
            Incident(
                id=f"incident:{number:05d}",
                publisher="COP",
                title={"en": f"Report {number:05d}", "zh-Hant": "水浸"},
                geometry=point(113.9 + number % 200 / 400, 22.2 + number // 200 / 400),
                incident_type="flooding",
                status=status,
                severity=Severity.MODERATE,
                reported_at=START,
            )
        )
        for number in range(begin, begin + BATCH)
    ]


def _runs(store: RedisStore) -> Iterator[Figure]:
    keeper, now = Keeper(store), START
    reading, first = _ms(store.snapshot), _ms(lambda: keeper.run(now))
    yield Figure(
        "watch, first run, 20,000 entities, 10,000 items raised",
        first,
        "ms",
        reading,
        "floor: reading the snapshot",
    )
    keeper.run(now)
    quiet = statistics.median(_ms(lambda: keeper.run(now)) for _ in range(101))
    plain = statistics.median(_ms(lambda: _ask(store)) for _ in range(101))
    yield Figure("watch, quiet run", quiet, "ms", plain, "floor: lock, end of the log, unlock")
    begun = time.process_time()
    for _ in range(100):
        keeper.run(now)
    yield Figure("watch, quiet run, CPU of the worker", 10 * (time.process_time() - begun), "ms")
    ours, floors = [], []
    for number in range(ROUNDS):
        status = IncidentStatus.REPORTED if number % 2 else IncidentStatus.VERIFIED
        cursor = store.cursor()
        store.write(_reports(BATCH, status), fetched_ms=2)
        floors.append(_ms(lambda cursor=cursor: _replay(store, cursor)))
        now += timedelta(seconds=2)
        ours.append(_ms(lambda now=now: keeper.run(now)))
        keeper.run(now)
    yield Figure(
        "watch, run after 500 incidents changed, 500 items written",
        statistics.median(ours),
        "ms",
        statistics.median(floors),
        "floor: reading and decoding the 500, and writing as many bodies",
    )


def _ask(store: RedisStore) -> None:
    token = store.lock("bench", ttl_ms=1000)
    store.events(store.cursor())
    store.unlock("bench", token or "")


def _replay(store: RedisStore, cursor: str) -> None:
    records = [record for event in store.events(cursor) for record in event.records]
    for record in records:
        decode(record.body)
    store.write(
        [Write(f"floor:{r.id}", Kind.OBSERVATION, r.body, feed="bench_floor") for r in records],
        fetched_ms=3,
    )


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)
