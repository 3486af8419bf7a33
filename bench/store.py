"""The atomic write against plain pipelined writes and with a journal; a change and a snapshot."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import orjson
import redis

from bench.figures import Figure
from bench.web_process import redis_url
from cop.model.geometry import point
from cop.model.journal import Change, Deed, Origin, Who
from cop.model.kinds import Observation
from cop.model.record import Page, Write, put
from cop.store.redis import RedisStore

BATCHES = (1, 20, 500)
SIZES = (2_000, 20_000)
ROUND_S = 0.4
ROUNDS = 3
PLAIN = "bench:plain"


def run() -> Iterator[Figure]:
    """Measure; about 25 seconds."""
    with redis_url() as url:
        store = RedisStore(url, "bench")
        plain = redis.Redis.from_url(url)
        for batch in BATCHES:
            yield _throughput(store, plain, batch)
        yield _journal_cost(store)
        plain.flushall()
        for size in SIZES:
            _fill(store, plain, size)
            yield from _costs(store, plain, size)


def a_write(number: int, value: int) -> Write:
    """Make the write of one traffic detector."""
    return put(
        Observation(
            id=f"bench_speed:{number:05d}",
            feed="bench_speed",
            publisher="TD",
            title={"en": f"Detector {number:05d}", "zh-Hant": "車輛偵測器"},
            geometry=point(113.9 + number % 200 / 400, 22.2 + number // 200 / 400),
            measure="traffic_speed",
            value=float(value),
            unit="km/h",
            measures={"volume_per_min": 31.0, "occupancy_percent": 12.0},
            station=f"AID{number:05d}",
        )
    )


def _throughput(store: RedisStore, plain: redis.Redis, batch: int) -> Figure:
    """Compare entities written a second, in turns, so that a busy machine slows both alike."""
    batches = itertools.cycle(
        [[a_write(number, value) for number in range(batch)] for value in (10, 20)]
    )
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        theirs.append(_rate(lambda: _write_plainly(plain, next(batches)), batch))
        ours.append(_rate(lambda: store.write(next(batches), fetched_ms=1), batch))
    return Figure(
        f"store, entities written a second, {batch} a batch",
        max(ours),
        "1/s",
        max(theirs),
        "floor: pipelined HSET of the same bodies, same fsync; more is better, aim 0.5",
    )


def _journal_cost(store: RedisStore) -> Figure:
    """Compare one change with a journal entry and one without, in turns; both under a key."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for n, with_page in itertools.product(range(400), (True, False)):
        change = a_write(0, n)
        page = _page(change) if with_page else None
        key = f"{n} {with_page}"
        begun = time.perf_counter()
        store.write([change], fetched_ms=1, idempotency_key=key, request=key.encode(), page=page)
        times[with_page].append(1000 * (time.perf_counter() - begun))
    return Figure(
        "store, one change with a journal entry",
        statistics.median(times[True]),
        "ms",
        statistics.median(times[False]),
        "floor: the same change under the same kind of key, without one",
    )


def _page(change: Write) -> Page:
    now = datetime.now(UTC)
    deed = Deed(
        at=now,
        wall_at=now,
        who=Who(name="bench", role="duty_officer", agency="TD"),
        origin=Origin(address="192.0.2.1", entrance="api"),
        action="edit_incident",
        id=change.id,
        changes=(
            Change(
                id=change.id,
                kind=change.kind,
                version=1,
                before={},
                after=orjson.loads(change.body or b"{}"),
            ),
        ),
    )
    return Page(deed.encode())


def _write_plainly(plain: redis.Redis, writes: Sequence[Write]) -> None:
    with plain.pipeline(transaction=False) as pipe:
        for write in writes:
            pipe.hset(PLAIN, write.id, write.body)
        pipe.execute()


def _rate(work: Callable[[], object], batch: int) -> float:
    done = 0
    begun = time.perf_counter()
    while (passed := time.perf_counter() - begun) < ROUND_S:
        work()
        done += batch
    return done / passed


def _fill(store: RedisStore, plain: redis.Redis, size: int) -> None:
    for begin in range(0, size, 500):
        writes = [a_write(number, 0) for number in range(begin, begin + 500)]
        store.write(writes, fetched_ms=1)
        _write_plainly(plain, writes)


def _costs(store: RedisStore, plain: redis.Redis, size: int) -> Iterator[Figure]:
    changes = [a_write(number, 50) for number in range(200)]
    yield Figure(
        f"store, one change, {size:,} entities",
        _median_ms(lambda change: store.write([change], fetched_ms=2), changes),
        "ms",
        _median_ms(lambda change: _write_plainly(plain, [change]), changes),
        "floor: HSET of the same body",
    )
    again = changes[:5]
    yield Figure(
        f"store, snapshot, {size:,} entities",
        _median_ms(lambda _: store.snapshot(), again),
        "ms",
        _median_ms(lambda _: _read_plainly(plain), again),
        "floor: HSCAN of the same bodies",
    )


def _read_plainly(plain: redis.Redis) -> dict[bytes, bytes]:
    return dict(plain.hscan_iter(PLAIN, count=1000))


def _median_ms(work: Callable[[Write], object], changes: Sequence[Write]) -> float:
    times = []
    for change in changes:
        begun = time.perf_counter()
        work(change)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)
