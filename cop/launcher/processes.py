"""The processes of the product: the one list that the launcher and `compose.yaml` follow."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from cop.config import Settings

GRACE_S: Final = 3
"""Seconds that the web process lets open requests end by themselves."""


@dataclass(frozen=True, slots=True)
class Process:
    """One kind of process.

    Attributes:
        name: as it is called in `compose.yaml` and in messages.
        module: the Python module that is run.
        arguments: what it is given; `{host}`, `{port}` and `{trusted_proxies}` stand for settings.
        slow_to_end_s: seconds after which it is told to drop its work, once asked to end.
    """

    name: str
    module: str
    arguments: tuple[str, ...]
    slow_to_end_s: float = 8.0

    def command(self, settings: Settings) -> list[str]:
        """Give the command line, from `python` on."""
        filled = [
            argument.format(
                host=settings.host,
                port=settings.port,
                trusted_proxies=settings.trusted_proxies,
            )
            for argument in self.arguments
        ]
        return ["python", "-m", self.module, *filled]

    def argv(self, settings: Settings) -> list[str]:
        """Give the command line that runs it with the very interpreter that runs us."""
        return [sys.executable, *self.command(settings)[1:]]


WORKER: Final = Process(
    "worker",
    "celery",
    (
        *("--quiet", "--app", "workers.app", "worker"),
        *("--pool", "prefork", "--concurrency", "2", "--queues", "feeds,upkeep"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
    ),
)
BEAT: Final = Process(
    "beat",
    "celery",
    ("--quiet", "--app", "workers.app", "beat", "--pidfile", "", "--loglevel", "WARNING"),
)
PUBLISHER: Final = Process("publisher", "cop.publisher", ())
WEB: Final = Process(
    "web",
    "uvicorn",
    (
        *("cop.asgi:create_app", "--factory", "--host", "{host}", "--port", "{port}"),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-server-header"),
        *("--forwarded-allow-ips", "{trusted_proxies}"),
        *("--log-level", "warning", "--timeout-graceful-shutdown", str(GRACE_S)),
    ),
)

PROCESSES: Final = (WORKER, BEAT, PUBLISHER, WEB)
"""In the order in which they are started; they are ended in the opposite order."""
