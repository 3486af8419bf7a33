"""How a web process ends where others take over: it says so first, and serves on for a while.

Asked to end (SIGTERM), it answers `/readyz` with 503 and lets no connection be used again, so that
what is in front of it sends nobody any more. Then the server's own end begins: it takes no more
connections, streams are ended one part after the other, and open requests come to their end.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Leaving:
    """Whether this process was asked to end.

    Attributes:
        begun: it was, and serves on until those in front of it know.
    """

    def __init__(self, after_s: float) -> None:
        """Serve on for *after_s* seconds."""
        self.begun = False
        self._after_s = after_s

    def listen(self) -> None:
        """Step before what the server does when it is asked to end; asked twice, it does it now.

        Call in the running event loop of the main thread, when the server listens to signals.
        """
        end: Any = signal.getsignal(signal.SIGTERM)
        if not callable(end):  # a server that does not: there is nothing to step before
            return
        loop = asyncio.get_running_loop()

        def leave(*asked: Any) -> None:
            if self.begun:
                end(*asked)
                return
            self.begun = True
            log.info("leaving", serves_on_s=self._after_s)
            loop.call_soon_threadsafe(loop.call_later, self._after_s, end, *asked)

        signal.signal(signal.SIGTERM, leave)
