"""What Redis confirmed survives a crash, and a lost answer is never a second write."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cop.errors import StoreUnavailable
from cop.model.entity import Kind
from cop.model.record import Page, Write
from cop.services.journal_proof import Anchors, verify
from cop.store.redis import RedisStore
from tests.deeds import a_deed
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis


def wait_for(enough: threading.Semaphore, times: int) -> None:
    """Wait until so much was confirmed from now on."""
    while enough.acquire(blocking=False):
        continue  # of the round before
    for _ in range(times):
        assert enough.acquire(timeout=60)


def test_no_confirmed_write_is_lost_in_a_crash(redis_server: RedisServer) -> None:
    """After kill -9 in mid-writing every confirmed version is there, and the log tells it."""
    store = RedisStore(redis_server.url, "live")
    start = store.snapshot()
    confirmed: dict[str, int] = {}
    enough = threading.Semaphore(0)

    def write(writer: int) -> None:
        for n in range(100_000):
            entity_id = f"x:{writer}-{n % 40}"
            try:
                answer = store.write(
                    [Write(entity_id, Kind.ALERT, b'{"n":%d}' % n, feed="x")], fetched_ms=n
                )
            except StoreUnavailable:
                return
            confirmed[entity_id] = answer.versions[entity_id]
            enough.release()

    for _ in range(3):
        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in writers:
            thread.start()
        wait_for(enough, 200)
        redis_server.kill()
        for thread in writers:
            thread.join()
        redis_server.start()

        state = store.snapshot()
        assert len(confirmed) > 20
        for entity_id, version in confirmed.items():
            assert state.records[entity_id].version >= version
        told: dict[str, int] = {}
        cursor = start.cursor
        while events := store.events(cursor):
            for event in events:
                told |= {record.id: record.version for record in event.records}
            cursor = event.cursor
        assert told == {each: record.version for each, record in state.records.items()}
    store.close()


def test_every_confirmed_deed_is_in_the_journal_once(redis_server: RedisServer) -> None:
    """After kill -9 in mid-writing and repeats: each deed once, with its change, the chain whole.

    The answer to the last deed of each writer is lost with the server: nobody knows whether it was
    done. Sent again under its key, by the same writer, it is done exactly once.
    """
    store = RedisStore(redis_server.url, "live")
    confirmed: dict[str, int] = {}
    following = dict.fromkeys(range(4), 0)
    enough = threading.Semaphore(0)

    def write(writer: int) -> None:
        for n in range(following[writer], 100_000):
            following[writer] = n  # what is not confirmed is sent again after the crash
            key = f"{writer}-{n}"
            try:
                answer = store.write(
                    [Write(f"x:{key}", Kind.ALERT, b"{}", expected=0)],
                    fetched_ms=n,
                    idempotency_key=key,
                    request=key.encode(),
                    page=Page(a_deed(n, key=key).encode()),
                )
            except StoreUnavailable:
                return
            confirmed[key] = answer.journal
            enough.release()

    for _ in range(3):
        writers = [threading.Thread(target=write, args=(number,)) for number in following]
        for thread in writers:
            thread.start()
        wait_for(enough, 60)
        redis_server.kill()
        for thread in writers:
            thread.join()
        redis_server.start()

        verdict = verify(store, Anchors())
        assert verdict.faults == ()
        keys = [
            a_deed().decode(link.body).key for link in store.journal(range(1, verdict.number + 1))
        ]
        assert len(set(keys)) == len(keys)
        assert {key: keys[number - 1] for key, number in confirmed.items()} == {
            key: key for key in confirmed
        }
        assert store.snapshot().records.keys() == {f"x:{key}" for key in keys}
    store.close()


class DeafLine:
    """A way to Redis on which the answer to every script is lost, after Redis gave it."""

    def __init__(self, redis_path: str, path: Path) -> None:
        """Listen at *path* for whoever wants to speak with the Redis at *redis_path*."""
        self._redis_path = redis_path
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            with closing(caller), closing(socket.socket(socket.AF_UNIX)) as redis:
                redis.connect(self._redis_path)
                while asked := caller.recv(65536):
                    redis.sendall(asked)
                    answer = redis.recv(65536)
                    if b"EVALSHA" in asked:
                        break
                    caller.sendall(answer)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def deaf_line(redis_server: RedisServer) -> Iterator[str]:
    """Give the address of a Redis whose answers to writes are lost."""
    redis_path = Path(redis_server.url.removeprefix("unix://").partition("?")[0])
    path = redis_path.with_name("deaf.sock")  # a socket's path must be short
    line = DeafLine(str(redis_path), path)
    yield f"unix://{path}"
    line.close()


def test_a_write_whose_answer_was_lost_is_not_sent_again(
    redis_server: RedisServer, deaf_line: str
) -> None:
    """The writer is told, the change was made once, and with its key it can be asked for again."""
    store, deaf = RedisStore(redis_server.url, "live"), RedisStore(deaf_line, "live")
    store.write([Write("x:0", Kind.ALERT, b"{}")], fetched_ms=1)
    before = store.cursor()
    with pytest.raises(StoreUnavailable):
        deaf.write([Write("x:1", Kind.ALERT, b"{}")], fetched_ms=2)
    assert store.read(["x:1"])["x:1"].version == 1
    second = [Write("x:2", Kind.ALERT, b"{}")]
    with pytest.raises(StoreUnavailable):
        deaf.write(second, fetched_ms=3, idempotency_key="k")
    again = store.write(second, fetched_ms=4, idempotency_key="k")
    assert (again.repeated, again.versions) == (True, {"x:2": 1})
    assert len(store.events(before)) == 2
    store.close()
    deaf.close()
