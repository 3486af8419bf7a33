"""How much is taken from a client: so many events a second, over all of its lines together."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

BURST: Final = 5.0
"""After a rest so many seconds' worth are taken at once."""


class Pace:
    """A bucket of tokens."""

    def __init__(self, rate_per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with a full bucket; *clock* tells seconds."""
        self._rate = rate_per_s
        self._most = max(1.0, rate_per_s * BURST)
        self._clock = clock
        self._tokens = self._most
        self._at = clock()

    def takes(self) -> bool:
        """Tell whether one more is taken now; it is counted if so."""
        now = self._clock()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
