"""The processes of the product: the one list that the launcher and `compose.yaml` follow."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from cop.config import Settings
from cop.services.exchange.partners import partners_of
from cop.services.views import QUEUE as VIEW_QUEUE
from workers.exchange_line import QUEUE as EXCHANGE_QUEUE
from workers.vision.shards import QUEUE, queue_name

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


_ALONE: Final = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def _working(name: str, children: int, *queues: str) -> Process:
    return Process(
        name,
        "celery",
        (
            *("--quiet", "--app", "workers.app", "worker"),
            *("--pool", "prefork", "--concurrency", str(children), "--queues", ",".join(queues)),
            *(*_ALONE, "--loglevel", "WARNING"),
        ),
    )


WORKER: Final = _working("worker", 2, "feeds", "upkeep")
EXCHANGE: Final = _working("exchange", 3, EXCHANGE_QUEUE)
"""Speaks with partners, with so many at once; where there are any."""


def looking(name: str, *queues: str) -> Process:
    """Give the process *name* that looks at the cameras whose turn comes by *queues*.

    Frames are decoded in its one child, so that one which ends its process ends nothing else.
    """
    return _working(name, 1, *queues)


VISION: Final = looking("vision", QUEUE, VIEW_QUEUE)
BEAT: Final = Process(
    "beat",
    "celery",
    ("--quiet", "--app", "workers.app", "beat", "--pidfile", "", "--loglevel", "WARNING"),
)
PUBLISHER: Final = Process("publisher", "cop.publisher", ())
COT: Final = Process("cot", "cop.cot", ())
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

PROCESSES: Final = (WORKER, VISION, BEAT, PUBLISHER, WEB)
"""In the order in which they are started; the last ends first, then all others side by side."""


def processes_of(settings: Settings) -> tuple[Process, ...]:
    """Give what runs with *settings*: `PROCESSES`, and what is wanted besides.

    That is more that look at cameras, one for partners where some are set up, and Cursor-on-Target
    where it has its folder.
    """
    names = (queue_name(shard) for shard in range(1, settings.vision_shards))
    more = () if settings.cot_dir is None else (COT,)
    exchange = (EXCHANGE,) if partners_of(settings) else ()
    return (*(looking(name, name) for name in names), *exchange, *PROCESSES, *more)
