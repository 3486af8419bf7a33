"""Leave a publisher that is down alone for a while, in all workers alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Final

from cop.errors import FetchError
from cop.store.port import Store

FIRST_S: Final = 10.0
LONGEST_S: Final = 600.0
_PREFIX: Final = "backoff:"
_SHORTEST_S: Final = 1.0


class LeftAlone(FetchError):
    """The host is not asked at the moment."""


class Backoff:
    """Waiting times by host, doubling from 10 s to 10 min, kept in the store as marks.

    A mark outlives its waiting time by as much again: a host that fails on its first try after
    waiting waits twice as long, and one that has not been asked for long begins anew.
    """

    def __init__(
        self, store: Store, *, speed: float = 1.0, now: Callable[[], float] = time.time
    ) -> None:
        """Share *store* with all workers; waiting is *speed* times shorter, as polling is."""
        self._store = store
        self._speed = speed
        self._now = now
        self._known = {
            name.removeprefix(_PREFIX): value
            for name, value in store.marks().items()
            if name.startswith(_PREFIX) and value
        }

    def check(self, host: str) -> None:
        """Raise LeftAlone while *host* is left alone."""
        failures, until = self._read(host)
        left = until - self._now()
        if failures and 0 < left <= LONGEST_S:  # longer: the clock was set back meanwhile
            raise LeftAlone(f"{host} did not answer; it is asked again in {max(1, left):.0f} s")

    def failed(self, host: str) -> None:
        """Note that *host* could not be reached or is broken."""
        failures = self._read(host)[0] + 1
        longest = min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 10))
        wait = max(_SHORTEST_S, longest / self._speed)
        value = json.dumps([failures, self._now() + wait])
        self._known[host] = value
        self._store.mark(_PREFIX + host, value, ttl_ms=int(wait * 2000) + 60_000)

    def succeeded(self, host: str) -> None:
        """Note that *host* answers again."""
        if self._known.pop(host, None) is not None:
            self._store.mark(_PREFIX + host, "", ttl_ms=1)

    def _read(self, host: str) -> tuple[int, float]:
        value = self._known.get(host)
        if value is None:
            return 0, 0.0
        failures, until = json.loads(value)
        return int(failures), float(until)
