"""Both stores, empty."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from cop.store.memory import MemoryStore
from cop.store.port import Store
from cop.store.redis import RedisStore
from tests.contract.stores import Make


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make empty stores, of one implementation."""
    # a busy disk is slow, not gone
    monkeypatch.setattr("cop.store.connection.TIMEOUT_S", 60.0)
    made: list[Store] = []

    def memory() -> Store:
        made.append(MemoryStore())
        return made[-1]

    def in_redis() -> Store:
        made.append(RedisStore(request.getfixturevalue("shared_redis"), secrets.token_hex(6)))
        return made[-1]

    yield memory if request.param == "memory" else in_redis
    for store in made:
        store.close()


@pytest.fixture
def store(make: Make) -> Store:
    """Give one empty store."""
    return make()
