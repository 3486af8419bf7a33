"""A Redis with a replica, whose writes are confirmed once both have them; the broker apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.fault_drill.replicated import Replicated
from tests.redis_server import RedisServer


class ReplicatedRedis:
    """What `Site` keeps everything in where the primary may fail over.

    Attributes:
        servers: primary, replica and Sentinels.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the data in *folder*; nothing runs until `start`."""
        self.servers = Replicated(folder / "replicated")
        (folder / "broker").mkdir()
        self._broker = RedisServer(folder / "broker")
        self._runs = False

    def environment(self) -> Mapping[str, str]:
        """Give the settings of the product that lead to it."""
        return {**self.servers.environment(), "COP_BROKER_URL": self._broker_url()}

    def _broker_url(self) -> str:
        return self._broker.url.replace("unix://", "redis+socket://").partition("?")[0]

    def start(self) -> None:
        """Start it if it does not run, and wait until primary and replica are one."""
        if not self._runs:
            self._runs = True
            self._broker.start()
            self.servers.__enter__()

    def close(self) -> None:
        """End it."""
        self.servers.close()
        self._broker.close()
