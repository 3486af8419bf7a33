"""The web process on a real Redis that crashes and returns."""

from __future__ import annotations

import pytest

from cop.model.record import put
from cop.services.policy import Role
from cop.store.accounts import RedisAccounts
from cop.store.redis import RedisStore
from tests.integration.web_server import Listener, until, web_server, wind
from tests.redis_server import RedisServer, redis_server

__all__ = ["redis_server"]

pytestmark = pytest.mark.redis


def test_a_stream_outlives_a_crash_of_redis(redis_server: RedisServer) -> None:
    """Redis is killed and comes back: the viewer hears of it, and every change comes once."""
    store, accounts = RedisStore(redis_server.url, "live"), RedisAccounts(redis_server.url)
    with web_server(store, accounts) as server, server.client() as client:
        server.add("chief", Role.COMMANDER)
        listener = Listener(client)
        until(lambda: bool(listener.told))
        store.write([put(wind("before"))], fetched_ms=1)
        until(lambda: listener.put() == ["hko_wind:before"])
        with server.client("chief") as chief:
            redis_server.kill()
            until(lambda: listener.told[-1].data.get("redis") is False)
            assert client.get("/readyz").status_code == 503
            assert client.get("/healthz").status_code == 200
            assert client.get("/api/v1/picture").status_code == 200
            answer = chief.get("/command", headers={"Accept": "text/html"})
            assert answer.status_code == 503
            assert "Redis" in answer.text
            redis_server.start()
            until(lambda: listener.told[-1].data.get("redis") is True)
            assert chief.get("/api/v1/me").json()["name"] == "chief"
        for n in range(3):
            store.write([put(wind(f"after-{n}"))], fetched_ms=1)
        until(lambda: "hko_wind:after-2" in listener.put())
        listener.close()
    assert listener.put() == ["hko_wind:before", *(f"hko_wind:after-{n}" for n in range(3))]
    assert "resync" not in listener.names()
    store.close()
    accounts.close()


def test_an_emptied_redis_is_a_new_picture(redis_server: RedisServer) -> None:
    """When the data are gone viewers are told to begin anew, and what was is not shown."""
    store, accounts = RedisStore(redis_server.url, "live"), RedisAccounts(redis_server.url)
    with web_server(store, accounts) as server, server.client() as client:
        store.write([put(wind("lost"))], fetched_ms=1)
        listener = Listener(client)
        until(lambda: bool(listener.told))
        store._redis.flushdb()
        until(lambda: "resync" in listener.names())
        until(lambda: client.get("/api/v1/picture").json()["features"] == [])
        cursor = store.write([put(wind("new"))], fetched_ms=1).cursor
        until(lambda: listener.last_id() == cursor)
        listener.close()
    store.close()
    accounts.close()
