"""The attention queue on a real Redis, by the task itself; `test_launcher` has it in the whole."""

from __future__ import annotations

import importlib
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest

from cop.model.desk import Attention, Reason
from cop.model.entity import Entity, Kind
from cop.model.kinds import AssignmentStatus, IncidentStatus, decode
from cop.model.record import put
from cop.services.watch.keeper import Keeper, item_id
from cop.store.redis import RedisStore
from tests.redis_server import RedisServer
from tests.unit.services.commands.keeping import Time
from tests.unit.services.watch.making import START, after, an_assignment, an_incident

pytestmark = pytest.mark.redis


@pytest.fixture
def store(shared_redis: str) -> Iterator[RedisStore]:
    """Give an empty picture."""
    made = RedisStore(shared_redis, secrets.token_hex(6))
    yield made
    made.close()


@pytest.fixture
def clock() -> Time:
    """Give a clock that stands at the start."""
    return Time(START)


@pytest.fixture
def tasks(shared_redis: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the module of the tasks, which wants to know its broker, remembering nothing."""
    monkeypatch.setenv("COP_REDIS_URL", shared_redis)
    module: Any = importlib.import_module("workers.tasks")
    module._keeper.cache_clear()
    yield module
    module._keeper.cache_clear()


@pytest.fixture
def watch(
    tasks: Any, store: RedisStore, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Give the task, working with the picture and the clock of the test."""
    monkeypatch.setattr(tasks, "_means", lambda: Means(store, clock))
    return cast("Callable[[], None]", tasks.watch)


@dataclass
class Means:
    """What the task works with."""

    store: RedisStore
    clock: Time


def write(store: RedisStore, *entities: Entity) -> None:
    """Put entities on the picture, whatever was there."""
    store.write([put(each) for each in entities], fetched_ms=1)


def items(store: RedisStore) -> dict[str, Attention]:
    """Give the items whose cause has not gone."""
    found = {key: decode(one.body) for key, one in store.by_kind(Kind.ATTENTION).items()}
    return {
        key: item
        for key, item in found.items()
        if isinstance(item, Attention) and item.cleared_at is None
    }


NEW = item_id(Reason.NEW, "incident:1")


def test_an_incident_is_brought_up_within_one_run(
    store: RedisStore, watch: Callable[[], None]
) -> None:
    """Reported, on the queue; verified, off it."""
    watch()
    write(store, an_incident())
    watch()
    assert items(store)[NEW].raised_at == START
    write(store, an_incident(status=IncidentStatus.VERIFIED))
    watch()
    assert items(store) == {}


def test_what_is_overdue_comes_with_the_clock(
    store: RedisStore, watch: Callable[[], None], clock: Time
) -> None:
    """Nothing changes but the time, and a run with nothing to do writes nothing."""
    write(store, an_assignment(status=AssignmentStatus.EN_ROUTE))
    watch()
    assert items(store) == {}
    before = store.cursor()
    clock.pass_(minutes=10)
    watch()
    assert items(store).keys() == {item_id(Reason.OVERDUE, "assignment:1")}
    assert store.cursor() != before
    before = store.cursor()
    watch()
    assert store.cursor() == before


def test_a_store_that_is_away_ends_no_worker(
    redis_server: RedisServer, tasks: Any, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task says so and ends; the next one makes up for it, with every item once."""
    store = RedisStore(redis_server.url, "live")
    monkeypatch.setattr(tasks, "_means", lambda: Means(store, clock))
    tasks.watch()
    write(store, an_incident())
    redis_server.kill()
    tasks.watch()
    redis_server.start()
    tasks.watch()
    tasks.watch()
    assert store.read([NEW])[NEW].version == 1
    store.close()


def test_many_watchers_write_each_item_once(shared_redis: str, store: RedisStore) -> None:
    """Four processes' keepers at once, while reports come: each item is written once."""
    stores = [RedisStore(shared_redis, store._keys.operation) for _ in range(4)]
    begin = threading.Barrier(5)
    done = threading.Event()

    def keep(own: RedisStore) -> None:
        keeper = Keeper(own)
        begin.wait(60)
        while not done.is_set():
            keeper.run(START)
        keeper.run(START)

    def report() -> None:
        begin.wait(60)
        for number in range(60):
            write(store, an_incident(number))
        done.set()

    with ThreadPoolExecutor(5) as all_:
        waiting = [all_.submit(keep, own) for own in stores] + [all_.submit(report)]
        for each in waiting:
            each.result()
    last = Keeper(store)
    last.run(START)
    records = store.by_kind(Kind.ATTENTION)
    assert records.keys() == {item_id(Reason.NEW, f"incident:{n}") for n in range(60)}
    assert {record.version for record in records.values()} == {1}
    again = Keeper(store).run(after(0) + timedelta(seconds=1))
    assert again is not None
    assert again.written == 0
    for own in stores:
        own.close()
