"""Ports for what tests start: none that another process of a run is given meanwhile."""

from __future__ import annotations

import itertools
import os
import socket
from typing import Final

_FIRST: Final = 11_000
_EACH: Final = 2_000
"""They lie below what the system itself gives to connections and for port 0."""
_RUNS: Final = 10
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _RUNS
_next = itertools.count(os.getpid())


def free_port() -> int:
    """Give a port of loopback that nobody listens on, and that this process gives only once."""
    while True:
        port = _FIRST + _worker * _EACH + next(_next) % _EACH
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
