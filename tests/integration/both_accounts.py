"""Accounts of each kind for tests: in memory, and in a real Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from cop.store.accounts import Accounts, MemoryAccounts, RedisAccounts


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def accounts(request: pytest.FixtureRequest) -> Iterator[Accounts]:
    """Give empty accounts of each kind."""
    if request.param == "memory":
        yield MemoryAccounts()
        return
    url = request.getfixturevalue("shared_redis")
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()
    opened = RedisAccounts(url)
    yield opened
    opened.close()
