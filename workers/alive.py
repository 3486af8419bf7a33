"""Say every second that a process is alive, so that its silence is noticed within seconds."""

from __future__ import annotations

import os
import socket
import threading
from datetime import UTC, datetime
from typing import Final

from cop.errors import StoreUnavailable
from cop.store.port import Store

EVERY_S: Final = 1.0
TTL_MS: Final = 3000


def mark_name(role: str) -> str:
    """Name this process among those of the same *role*."""
    return f"{role}:{socket.gethostname()}:{os.getpid()}"


def say_alive(store: Store, role: str) -> bool:
    """Set this process's mark once; tell whether the store took it."""
    try:
        store.mark(mark_name(role), datetime.now(UTC).isoformat(), ttl_ms=TTL_MS)
    except StoreUnavailable:
        return False
    return True


class Alive:
    """A thread that sets this process's mark every second until it is stopped."""

    def __init__(self, store: Store, role: str) -> None:
        """Mark in *store*, as one of *role*."""
        self._store = store
        self._role = role
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alive", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the thread."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            say_alive(self._store, self._role)
            if self._stopped.wait(EVERY_S):
                return
