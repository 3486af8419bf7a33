"""One Redis that keeps what it confirmed in its append-only file."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.fault_drill.clock import WallClock
from tests.fault_drill.processes import Running, environment_of
from tests.redis_server import binary

_PATIENCE_S = 60.0


class SingleRedis:
    """A server whose every write is on disk before it is confirmed.

    Attributes:
        process: the server.
    """

    def __init__(self, folder: Path, clock: WallClock) -> None:
        """Keep the data in *folder*; nothing runs until `start`."""
        self._data = folder / "redis"
        self._data.mkdir()
        self._sockets = Path(tempfile.mkdtemp(prefix="cop-"))
        self._socket = self._sockets / "redis.sock"
        argv = [
            binary(),
            *("--port", "0", "--unixsocket", str(self._socket)),
            *("--dir", str(self._data), "--appendonly", "yes", "--appendfsync", "always"),
            *("--save", "", "--maxmemory-policy", "noeviction", "--aof-load-truncated", "yes"),
        ]
        self.process = Running("redis", argv, environment_of(clock.environment()), folder)

    def environment(self) -> Mapping[str, str]:
        """Give the settings of the product that lead to it."""
        return {"COP_REDIS_URL": f"unix://{self._socket}"}

    def start(self) -> None:
        """Start it if it does not run, and wait until it has loaded its data."""
        self.process.start()
        deadline = time.monotonic() + _PATIENCE_S
        while not self.answers():
            assert self.process.alive, f"Redis does not start: {self.process.said()}"
            assert time.monotonic() < deadline, f"Redis does not answer: {self.process.said()}"
            time.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether it answers, with its data loaded."""
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(unix_socket_path=str(self._socket), socket_timeout=1, retry=once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def log_file(self) -> Path:
        """Give the append-only file, or the part of it that is written to now."""
        parts = sorted(self._data.glob("appendonlydir/*.incr.aof"))
        return parts[-1] if parts else self._data / "appendonly.aof"

    def close(self) -> None:
        """End it and forget its socket."""
        self.process.kill()
        shutil.rmtree(self._sockets, ignore_errors=True)
