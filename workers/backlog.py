"""How much waits on a queue, so that beat adds nothing to one from which nobody takes.

A message that has expired is dropped by whoever takes it, and stays in the broker till then: while
a worker is down for a day, a hundred thousand would come together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 5_000
"""Messages; nothing that works has so many before it."""
COUNT_EVERY_S: Final = 5.0


class Backlog:
    """The queues of one broker."""

    def __init__(self, count: Callable[[str], int]) -> None:
        """Count by *count*, which may raise whatever it likes."""
        self._count = count
        self._known: dict[str, tuple[float, int]] = {}

    def has_room(self, queue: str) -> bool:
        """Tell whether *queue* may be given one more, as of a few seconds ago at most."""
        now = time.monotonic()
        until, waiting = self._known.get(queue, (now, 0))
        if until <= now:
            before, waiting = waiting, self._ask(queue)
            self._known[queue] = (now + COUNT_EVERY_S, waiting)
            if before < MOST_WAITING <= waiting:
                log.warning("queue_full", queue=queue, waiting=waiting)
        return waiting < MOST_WAITING

    def _ask(self, queue: str) -> int:
        try:
            return self._count(queue)
        except Exception:  # noqa: BLE001 - that the broker does not answer is told by the sending
            return 0
