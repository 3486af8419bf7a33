"""A web process and a Redis that are killed and started again as often as needed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from cop.config import Settings
from cop.store.accounts import RedisAccounts
from cop.store.redis import RedisStore
from tests.ports import free_port
from tests.redis_server import RedisServer
from tests.system import wait_until

_COMMAND = "-m uvicorn cop.asgi:create_app --factory --loop uvloop --http httptools --no-access-log"


class Backend:
    """The web process on one port for good, with the pages, on a Redis that keeps its data.

    Attributes:
        url: of the web process itself, past any line that is cut.
        store: the picture, read past the web process.
        accounts: of the same Redis.
    """

    def __init__(self, folder: Path) -> None:
        """Keep everything in *folder*; nothing runs until `start`."""
        (folder / "redis").mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._redis = RedisServer(folder / "redis")
        self._redis.start()
        self.settings = Settings(
            redis_url=self._redis.url,
            operation="live",
            data_dir=folder / "data",
            port=self.port,
            allowed_hosts="127.0.0.1,localhost",
        )
        self.store = RedisStore(self._redis.url, "live")
        self.accounts = RedisAccounts(self._redis.url)
        self._log = (folder / "web.log").open("ab")
        self._web: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start what does not run; do not wait for the web process."""
        if not self._redis.running:
            self._redis.start()
        if self._web is None or self._web.poll() is not None:
            command = [sys.executable, *_COMMAND.split(), "--port", str(self.port)]
            environment = {**os.environ, **self.settings.environment()}
            self._web = subprocess.Popen(
                [*command, "--log-level", "warning"],
                env=environment,
                stdout=self._log,
                stderr=subprocess.STDOUT,
            )

    def kill_web(self) -> None:
        """End the web process at once, in the middle of whatever it does."""
        if self._web is not None:
            self._web.kill()
            self._web.wait()
            self._web = None

    def kill_redis(self) -> None:
        """End Redis at once."""
        self._redis.kill()

    @property
    def ready(self) -> bool:
        """Whether the web process answers and its picture is as Redis has it."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200
        return False

    def wait_ready(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Start what does not run and return when the web process is ready."""

        def is_ready() -> bool:
            meanwhile()
            return self.ready

        self.start()
        wait_until(is_ready)

    def said(self) -> str:
        """Give what the web processes wrote, one after another."""
        self._log.flush()
        return Path(self._log.name).read_text(errors="replace")

    def close(self) -> None:
        """End everything."""
        self.kill_web()
        self.store.close()
        self.accounts.close()
        self._redis.close()
        self._log.close()
