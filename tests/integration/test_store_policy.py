"""Which Redis is fit to keep the picture, and what one that is full says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from cop.config import Settings
from cop.errors import Misconfigured, StoreUnavailable
from cop.model.entity import Kind
from cop.model.record import Write
from cop.store import open_store
from cop.store.memory import MemoryStore
from cop.store.redis import RedisStore
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture
def admin(redis_server: RedisServer) -> Iterator[redis.Redis]:
    """Give a client that sets up the server."""
    client = redis.Redis.from_url(redis_server.url)
    yield client
    client.close()


@pytest.fixture
def store(redis_server: RedisServer) -> Iterator[RedisStore]:
    """Give a store on the server."""
    made = RedisStore(redis_server.url, "live")
    yield made
    made.close()


def test_a_durable_redis_is_fit(store: RedisStore) -> None:
    """The embedded settings pass without advice."""
    assert store.check_policy() == ()


def test_an_evicting_redis_is_refused(admin: redis.Redis, store: RedisStore) -> None:
    """A Redis that may throw keys away is refused in any operation, and told how to mend."""
    admin.config_set("maxmemory-policy", "allkeys-lru")
    for durable in (True, False):
        with pytest.raises(Misconfigured, match="set maxmemory-policy to noeviction"):
            store.check_policy(durable=durable)


def test_a_forgetful_redis_is_refused_where_it_matters(
    admin: redis.Redis, store: RedisStore
) -> None:
    """Without an append-only file a live operation does not start; an exercise is warned."""
    admin.config_set("appendonly", "no")
    with pytest.raises(Misconfigured, match="set appendonly to yes"):
        store.check_policy()
    assert "append-only" in store.check_policy(durable=False)[0]


def test_a_lazy_flush_is_warned_of(admin: redis.Redis, store: RedisStore) -> None:
    """Flushing once a second is allowed, and said to lose a second in a power cut."""
    admin.config_set("appendfsync", "everysec")
    assert "appendfsync" in store.check_policy()[0]
    admin.config_set("auto-aof-rewrite-percentage", "0")
    assert "grows without end" in store.check_policy()[1]


def test_a_redis_that_hides_its_settings_is_used(admin: redis.Redis, store: RedisStore) -> None:
    """Where the user may not read the configuration, nothing is refused and that is said."""
    admin.acl_setuser("default", enabled=True, commands=["-config"])
    assert "could not be checked" in store.check_policy()[0]
    store.ping()


def test_a_full_redis_changes_nothing(admin: redis.Redis, store: RedisStore) -> None:
    """Out of memory: the write is refused as a whole with one kind of error; reading goes on."""
    store.write([Write("x:1", Kind.ALERT, b"{}", feed="x")], fetched_ms=1)
    before = store.snapshot()
    admin.config_set("maxmemory", 1)
    with pytest.raises(StoreUnavailable, match="Redis refuses"):
        store.write([Write("x:2", Kind.ALERT, b"{}", feed="x")], fetched_ms=2)
    assert store.snapshot() == before
    assert store.events(before.cursor) == []


def test_a_redis_that_lost_its_replicas_says_so(admin: redis.Redis, store: RedisStore) -> None:
    """What takes no writes until a replica follows it is told in words that help."""
    admin.config_set("min-replicas-to-write", 1)
    with pytest.raises(StoreUnavailable, match="no replica follows it: bring one back"):
        store.write([Write("x:1", Kind.ALERT, b"{}", feed="x")], fetched_ms=1)


def test_a_redis_that_asks_for_a_password_is_told_of(
    admin: redis.Redis, redis_server: RedisServer
) -> None:
    """Without one, and with a wrong one, the place to look is named."""
    admin.config_set("requirepass", "right")
    for url in (redis_server.url, redis_server.url.replace("unix://", "unix://:wrong@")):
        refused = RedisStore(url, "live")
        with pytest.raises(StoreUnavailable, match="COP_REDIS_LOGIN_FILE"):
            refused.ping()
        refused.close()


def test_opening_says_what_is_missing(redis_server: RedisServer, tmp_path: Path) -> None:
    """No address, a wrong one and an unfit Redis are told apart; one that is down is no error."""
    with pytest.raises(Misconfigured, match="COP_REDIS_URL"):
        open_store(Settings(redis_url=""))
    with pytest.raises(Misconfigured, match="not the address"):
        open_store(Settings(redis_url="http://127.0.0.1"))
    assert isinstance(open_store(Settings(redis_url="memory:")), MemoryStore)
    down = open_store(Settings(redis_url=f"unix://{tmp_path}/nobody"))
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        down.ping()
    open_store(Settings(redis_url=redis_server.url)).ping()
