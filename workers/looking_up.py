"""Addresses of a name, within a time: the machine's own way of asking for them knows none."""

from __future__ import annotations

import socket
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from typing import Final

AT_ONCE: Final = 32
"""Names that one process asks for at once; one that nobody answers for keeps its place until the
machine gives it up."""
_places: Final = BoundedSemaphore(AT_ONCE)


def look_up(host: str, port: int, within_s: float) -> list[str]:
    """Give the addresses of *host*, each once.

    Raises:
        TimeoutError: nobody has answered within *within_s* seconds.
        OSError: it is not a known name.
        UnicodeError: it is none that could be.
    """
    if not _places.acquire(timeout=within_s):
        raise TimeoutError(f"too many names are asked for at once: {host} has to wait")
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except Exception as error:  # noqa: BLE001 - raised again where it was asked for
            answer.set_exception(error)
        finally:
            _places.release()

    Thread(target=ask, name="look-up", daemon=True).start()
    return answer.result(within_s)
