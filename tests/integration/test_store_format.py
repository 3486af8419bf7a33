"""What an older program stored is brought to our format; what a newer one stored is let alone."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from cop.config import Settings
from cop.errors import Misconfigured, StoreUnavailable
from cop.model.entity import Kind
from cop.model.record import Answer, Page, Write
from cop.store import format as formats
from cop.store import open_store
from cop.store.codec import digest_of
from cop.store.format import FORMAT, stored_format
from cop.store.keys import Keys
from cop.store.redis import RedisStore

pytestmark = pytest.mark.redis

FIRST = (Path(__file__).parent / "write_of_first_release.lua").read_text("utf-8")
WRITE = Write(id="x:1", kind=Kind.ALERT, body=b"{}", feed="x")


@pytest.fixture
def operation() -> str:
    """Name an operation of one's own."""
    return secrets.token_hex(6)


@pytest.fixture
def client(shared_redis: str) -> Iterator[redis.Redis]:
    """Give a client that looks past the store."""
    made = redis.Redis.from_url(shared_redis)
    yield made
    made.close()


@pytest.fixture
def store(shared_redis: str, operation: str) -> Iterator[RedisStore]:
    """Give our store of that operation."""
    made = RedisStore(shared_redis, operation)
    yield made
    made.close()


def write_as_first(client: redis.Redis, keys: Keys, *ids: str, under: str = "") -> None:
    """Put entities as release 0.1 did, under an idempotency key if one is given."""
    names = ("entities", "versions", "expiry", "tombstones", "log", "meta")
    arguments: list[Any] = [keys.prefix, 1, "d" * 64 if under else "", secrets.token_hex(8)]
    for each in ids:
        arguments += (each, "", "alert x -", b"{}")
    script = client.register_script(FIRST)
    script(keys=[*(keys[name] for name in names), keys[f"idempotency:{under}"]], args=arguments)


def test_a_new_store_says_its_format(
    client: redis.Redis, store: RedisStore, operation: str
) -> None:
    """The first write says in which format everything is; before it nothing is stored at all."""
    assert stored_format(client, Keys(operation)) is None
    store.settle_format()
    assert stored_format(client, Keys(operation)) is None
    store.write([WRITE], fetched_ms=1)
    assert stored_format(client, Keys(operation)) == str(FORMAT)


@pytest.mark.parametrize("begin", ["snapshot", "write", "settle_format"])
def test_the_first_releases_store_is_upgraded(
    client: redis.Redis, store: RedisStore, operation: str, begin: str
) -> None:
    """Whatever is asked first: picture and versions stay, answers that name no ids are forgotten.

    With those answers left, a repeated request was answered with a journal's number that was a
    version, or with a fault.
    """
    keys = Keys(operation)
    write_as_first(client, keys, "x:1", "x:2", under="two")
    write_as_first(client, keys, "x:1", under="one")
    write_as_first(client, keys, "x:3", "x:4", "x:5", under="three")
    asks = {
        "snapshot": store.snapshot,
        "write": lambda: store.write([WRITE], fetched_ms=2),
        "settle_format": store.settle_format,
    }
    asks[begin]()
    assert stored_format(client, keys) == str(FORMAT)
    assert not list(client.scan_iter(keys["idempotency:*"]))
    found = store.snapshot().records
    assert {one: record.version for one, record in found.items()} == {
        "x:1": 3 if begin == "write" else 2,
        **dict.fromkeys(("x:2", "x:3", "x:4", "x:5"), 1),
    }


def test_answers_of_ours_stay(client: redis.Redis, store: RedisStore, operation: str) -> None:
    """A store that has a journal but names no format keeps every answer that can be read."""
    keys, page = Keys(operation), Page(b"{}", ())
    answers: dict[str, Answer] = {}
    for name, writes in (("one", [WRITE]), ("none", []), ("two", [WRITE, _other()])):
        answers[name] = store.write(
            writes, fetched_ms=1, idempotency_key=name, request=name.encode(), page=page
        )
    client.set(keys["idempotency:old"], f"{digest_of((), b'old')} 1-0 1 1")
    client.hdel(keys["meta"], "format")
    store.settle_format()
    assert store.answered("old", b"old") is None
    for name, answer in answers.items():
        again = store.answered(name, name.encode())
        assert again is not None
        assert (again.versions, again.journal) == (answer.versions, answer.journal)


def _other() -> Write:
    return Write(id="x:2", kind=Kind.ALERT, body=b"{}", feed="x")


@pytest.mark.parametrize("found", ["3", "2>3", "1>3", "0", "x"])
def test_a_newer_store_is_let_alone(
    client: redis.Redis, shared_redis: str, operation: str, found: str
) -> None:
    """Who finds a format that it does not know does not start, and changes nothing if it runs."""
    live = Settings(redis_url=shared_redis, operation=operation)
    store = open_store(live)
    store.write([WRITE], fetched_ms=1)
    keys = Keys(operation)
    client.hset(keys["meta"], "format", found)
    with pytest.raises(Misconfigured, match=f"stored in format {found}"):
        open_store(live)
    with pytest.raises(StoreUnavailable, match="newer program"):
        store.write([WRITE], fetched_ms=2)
    with pytest.raises(StoreUnavailable, match="newer program"):
        store.snapshot()
    assert store.read(["x:1"])["x:1"].version == 1
    assert client.hget(keys["meta"], "format") == found.encode()
    store.close()


def test_nobody_writes_during_an_upgrade(
    monkeypatch: pytest.MonkeyPatch, client: redis.Redis, store: RedisStore, operation: str
) -> None:
    """Several processes start at once: the steps are taken by one, and writers wait for its end."""
    keys = Keys(operation)
    write_as_first(client, keys, "x:1")
    taken: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def step(_: redis.Redis, __: Keys) -> None:
        taken.append(1)
        begun.set()
        assert go_on.wait(45)

    monkeypatch.setattr(formats, "STEPS", {1: step})
    first = threading.Thread(target=store.settle_format)
    first.start()
    assert begun.wait(45)
    assert stored_format(client, keys) == f"1>{FORMAT}"
    written = threading.Thread(target=store.write, args=([WRITE],), kwargs={"fetched_ms": 2})
    written.start()
    assert client.hget(keys["versions"], "x:1") == b"1 alert x -"
    go_on.set()
    for thread in (first, written):
        thread.join(45)
        assert not thread.is_alive()
    assert taken == [1]
    assert store.read(["x:1"])["x:1"].version == 2


def test_an_interrupted_upgrade_is_taken_up(
    monkeypatch: pytest.MonkeyPatch, client: redis.Redis, store: RedisStore, operation: str
) -> None:
    """A process that ends in the midst leaves a store that the next one brings to its end."""
    keys = Keys(operation)
    write_as_first(client, keys, "x:1", under="one")

    def dies(_: redis.Redis, __: Keys) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(formats, "STEPS", {1: dies})
        with pytest.raises(KeyboardInterrupt):
            store.settle_format()
    assert stored_format(client, keys) == f"1>{FORMAT}"
    store.settle_format()
    assert stored_format(client, keys) == str(FORMAT)
    assert not client.exists(keys["idempotency:one"])


def test_there_is_a_step_from_every_format() -> None:
    """From each number below ours one step leads to the next."""
    assert sorted(formats.STEPS) == list(range(1, FORMAT))
