"""The store in Redis: what only a real server can show."""

from __future__ import annotations

import pytest

from cop.errors import NotConfirmed, StoreUnavailable
from cop.model.entity import Kind
from cop.model.record import Write
from cop.store.accounts import RedisAccounts
from cop.store.accounts.port import User
from cop.store.confirming import Waiting
from cop.store.port import Resync
from cop.store.redis import RedisStore
from tests.redis_server import RedisServer, begin_again_in_a_scan

pytestmark = pytest.mark.redis


def a_put(entity_id: str = "x:1") -> Write:
    """Make a put."""
    return Write(id=entity_id, kind=Kind.ALERT, body=b"{}", feed="x")


def test_operations_do_not_see_each_other(shared_redis: str) -> None:
    """An exercise and the live city share a Redis and nothing else."""
    one, other = RedisStore(shared_redis, "live"), RedisStore(shared_redis, "exercise-x")
    one.write([a_put()], fetched_ms=1)
    assert other.snapshot().records == {}
    assert one.epoch() != other.epoch()
    one.close()
    other.close()


def test_an_emptied_redis_is_another_log(redis_server: RedisServer) -> None:
    """When Redis lost everything, a reader of the old log is told, even after new writes."""
    store = RedisStore(redis_server.url, "live")
    store.write([a_put()], fetched_ms=1)
    old = store.snapshot()
    redis_server.kill()
    for file in redis_server.folder.rglob("*"):
        if file.is_file():
            file.unlink()
    redis_server.start()
    store.write([a_put("x:2")], fetched_ms=2)
    with pytest.raises(Resync):
        store.events(old.cursor)
    assert store.epoch() != old.epoch
    store.close()


def test_a_dead_redis_is_one_kind_of_error(redis_server: RedisServer) -> None:
    """Reading and writing say that the store is unavailable, and work again when it returns."""
    store = RedisStore(redis_server.url, "live")
    store.write([a_put()], fetched_ms=1)
    redis_server.kill()
    for attempt in (store.ping, store.snapshot, lambda: store.write([a_put()], fetched_ms=2)):
        with pytest.raises(StoreUnavailable):
            attempt()
    redis_server.start()
    assert store.read(["x:1"])["x:1"].version == 1
    store.close()


def test_a_picture_is_read_from_one_run_of_redis(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan does not go on where it was in a Redis that was begun again: it is begun again too.

    Redis is killed and back on its file between two pages, with nothing under way.
    """
    store = RedisStore(redis_server.url, "live")
    for begin in range(0, 3000, 1000):
        store.write([a_put(f"x:{n}") for n in range(begin, begin + 1000)], fetched_ms=1)
    begin_again_in_a_scan(redis_server, monkeypatch)
    assert len(store.snapshot().records) == 3000
    store.close()


def test_no_account_is_half_there(redis_server: RedisServer) -> None:
    """One that was written and not confirmed is listed, and found by who it is elsewhere."""
    accounts = RedisAccounts(redis_server.url, Waiting(replicas=1, within_ms=10))
    user = User(
        name="chan",
        role="field",
        agency="DSD",
        password="",
        disabled=False,
        created_ms=1,
        external="chan@elsewhere",
    )
    with pytest.raises(NotConfirmed):
        accounts.add_user(user)
    assert accounts.names() == ["chan"]
    assert accounts.find_external("chan@elsewhere") == user
    accounts.close()
