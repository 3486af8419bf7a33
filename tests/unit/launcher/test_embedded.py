from __future__ import annotations

import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import psutil
import pytest
import redis

from cop.errors import Misconfigured
from cop.launcher.embedded import DataLock, EmbeddedRedis, find_server, socket_of
from tests.integration.web_server import until


def test_one_holder_per_data_directory(tmp_path: Path) -> None:
    """A data directory is held by one process at a time, readable by its owner alone."""
    data = tmp_path / "deep" / "data"
    first = DataLock(data)
    assert data.stat().st_mode & 0o077 == 0
    assert data.parent.stat().st_mode & 0o077 == 0  # may become one itself, as .data of .data/live
    with pytest.raises(Misconfigured, match="is in use by process"):
        DataLock(data)
    first.release()
    DataLock(data).release()


def test_a_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A path that is a file gives a message, not a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match="choose another with --data"):
        DataLock(tmp_path / "file")


def test_nothing_runs_on_an_empty_directory(tmp_path: Path) -> None:
    """Where nothing runs there is no socket, whatever an old file says."""
    assert socket_of(tmp_path) is None
    (tmp_path / "redis.json").write_text('{"socket": "/nowhere/redis.sock"}')
    assert socket_of(tmp_path) is None


@pytest.mark.redis
def test_data_outlive_the_server(tmp_path: Path) -> None:
    """The server has no network, keeps what it confirmed, and is found by its data directory."""
    with EmbeddedRedis(tmp_path) as server:
        until(lambda: f"unix://{socket_of(tmp_path)}" == server.url)
        client = redis.Redis.from_url(server.url)
        options = {"port": "0", "appendfsync": "always", "maxmemory-policy": "noeviction"}
        for name, value in options.items():
            assert client.config_get(name) == {name: value}
        client.set("a", 1)
        client.close()
    assert socket_of(tmp_path) is None
    with EmbeddedRedis(tmp_path) as server:
        client = redis.Redis.from_url(server.url)
        assert client.get("a") == b"1"
        client.close()


_LAUNCHER: Final = """
import pathlib, sys, time
from cop.launcher.embedded import EmbeddedRedis
server = EmbeddedRedis(pathlib.Path(sys.argv[1]))
server.start()
print(server.child.pid, server.url, flush=True)
time.sleep(120)
"""
_ENDLESS: Final = "redis.log(redis.LOG_WARNING, 'without end') while true do end"


@pytest.mark.redis
def test_a_redis_that_does_not_end_holds_its_data(tmp_path: Path) -> None:
    """No second server begins on its file, though whoever started it was killed; then one may."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", _LAUNCHER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    with launcher.stdout:
        pid, url = launcher.stdout.readline().split()
    left = psutil.Process(int(pid))

    def hangs() -> bool:
        if "without end" not in (tmp_path / "redis.log").read_text():
            with (
                closing(redis.Redis.from_url(url, socket_timeout=0.2)) as client,
                suppress(redis.exceptions.TimeoutError),
            ):
                client.eval(_ENDLESS, 0)  # it hears no signal but the last
        return "without end" in (tmp_path / "redis.log").read_text()

    try:
        until(hangs)
        launcher.kill()
        launcher.wait()
        with pytest.raises(Misconfigured, match="or by the Redis that it left"):
            EmbeddedRedis(tmp_path)
    finally:
        launcher.kill()
        left.kill()
    assert psutil.wait_procs([left], timeout=45)[1] == []
    with EmbeddedRedis(tmp_path):
        pass


def test_finds_a_server() -> None:
    """There is a redis-server wherever the packages are installed."""
    assert find_server().is_file()
