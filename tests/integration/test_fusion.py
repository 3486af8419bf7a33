"""Reports become one place on a real Redis: proposed by the worker, decided by people over HTTP."""

from __future__ import annotations

import importlib
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from cop.config import Settings
from cop.model.entity import Kind
from cop.model.kinds import Fusion, decode
from cop.model.record import put
from cop.services.fusion.keeper import FusionKeeper
from cop.store.redis import RedisStore
from tests.integration.asking import chief, entries, key, server, settings
from tests.integration.asking import report as report_over_http
from tests.integration.web_server import Server, until
from tests.unit.services.fusion.making import NIGHT, report

__all__ = ["chief", "server", "settings"]

pytestmark = pytest.mark.redis

TREE = "Fallen tree at 123 Nathan Road"
AT = {"type": "Point", "coordinates": [114.1694, 22.3193]}


@pytest.fixture
def operation() -> str:
    """Name an operation that nobody else has."""
    return secrets.token_hex(6)


@pytest.fixture
def store(shared_redis: str, operation: str) -> Iterator[RedisStore]:
    """Give an empty picture."""
    made = RedisStore(shared_redis, operation)
    yield made
    made.close()


def fusions(store: RedisStore) -> list[Fusion]:
    """List the fusions on a picture."""
    found = [decode(record.body) for record in store.by_kind(Kind.FUSION).values()]
    return [one for one in found if isinstance(one, Fusion)]


def test_many_keepers_write_once(shared_redis: str, operation: str, store: RedisStore) -> None:
    """Several processes at once propose each pair once, and are quiet afterwards."""
    pairs = 12
    for n in range(pairs):
        two = [report(f"{n}-{side}", TREE, east=1_500 * n) for side in "ab"]
        store.write([put(one) for one in two], fetched_ms=0)
    stores = [RedisStore(shared_redis, operation) for _ in range(4)]
    keepers = [FusionKeeper(one) for one in stores]
    together = threading.Barrier(len(keepers))

    def work(keeper: FusionKeeper) -> int:
        together.wait(60)
        return sum(keeper.run(NIGHT) for _ in range(5))

    with ThreadPoolExecutor(len(keepers)) as pool:
        written = sum(pool.map(work, keepers))
    written += sum(keeper.run(NIGHT) for keeper in keepers)
    assert written == pairs
    assert len(fusions(store)) == pairs
    assert {record.version for record in store.by_kind(Kind.FUSION).values()} == {1}
    for one in stores:
        one.close()


def test_the_task(shared_redis: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task of the worker keeps the fusions of its operation, and survives a dead store."""
    monkeypatch.setenv("COP_REDIS_URL", shared_redis)
    tasks: Any = importlib.import_module("workers.tasks")
    picture = RedisStore(shared_redis, operation)
    means = tasks._Means(settings, settings.clock(), picture, None)
    monkeypatch.setattr(tasks, "_means", lambda: means)
    tasks._fusions.cache_clear()
    picture.write([put(report(name, TREE)) for name in "ab"], fetched_ms=0)
    tasks.fuse()
    assert [one.members for one in fusions(picture)] == [("incident:a", "incident:b")]
    picture.close()
    nowhere = RedisStore("redis://127.0.0.1:1/0", operation)
    means = tasks._Means(settings, settings.clock(), nowhere, None)
    tasks._fusions.cache_clear()
    tasks.fuse()
    tasks._fusions.cache_clear()


def test_from_two_reports_to_one_place_and_back(server: Server, chief: httpx.Client) -> None:
    """Reported twice, proposed, confirmed, taken apart: every step is seen, kept and journalled."""
    fields = {"incident_type": "fallen_tree", "geometry": AT, "precision_m": 20}
    first = report_over_http(chief, words=TREE, **fields)
    second = report_over_http(chief, words="彌敦道123號塌樹", lang="zh-Hant", **fields)
    keeper = FusionKeeper(server.store)
    keeper.run(NIGHT)
    (proposal,) = [one for one in server.entities(Fusion) if first in one.members]
    assert set(proposal.members) == {first, second}
    confirmed = chief.post(
        f"/api/v1/fusions/{proposal.id}/confirm", json={"primary": first}, headers=key(1)
    )
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()["feature"]["properties"]["status"] == "confirmed"
    until(lambda: server.status(second) == "merged")
    assert keeper.run(NIGHT) == 0
    stale = chief.post(f"/api/v1/fusions/{proposal.id}/split", json={}, headers=key(1))
    assert stale.status_code == 412
    split = chief.post(f"/api/v1/fusions/{proposal.id}/split", json={}, headers=key(2))
    assert split.status_code == 200, split.text
    until(lambda: server.status(second) == "reported")
    assert keeper.run(NIGHT) == 0
    assert [entry["action"] for entry in entries(chief, second)][:2] == ["fuse", "fuse"]


def test_merging_by_hand(chief: httpx.Client) -> None:
    """A person merges what no machine would; a retry gives the same answer, a stranger's id 404."""
    one, other = report_over_http(chief), report_over_http(chief, words="somewhere else")
    headers = key()
    said = {"members": [one, other], "primary": other}
    first = chief.post("/api/v1/fusions", json=said, headers=headers)
    again = chief.post("/api/v1/fusions", json=said, headers=headers)
    assert (first.status_code, again.json()["repeated"]) == (201, True)
    assert again.json()["id"] == first.json()["id"]
    said = {"members": [one, "incident:nowhere"], "primary": one}
    assert chief.post("/api/v1/fusions", json=said, headers=key()).status_code == 404
    said = {"members": [one, report_over_http(chief)], "primary": one}
    refused = chief.post("/api/v1/fusions", json=said, headers=key())
    assert (refused.status_code, refused.json()["code"]) == (409, "not-open")
