"""Many viewers in one process, as cheap as can be: `python -m bench.viewers PORTS N [COOKIE]`.

PORTS is one, or several with commas in between. Sockets are read as they become ready, by hand:
server and viewers share the machine, and what the viewers take the server has not. Prints `ready`
when all are connected; counts until a line arrives on standard input; then prints one JSON object
with the latencies and bytes.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import sys
import time
from array import array
from dataclasses import dataclass, field

from cop.api.process import raise_files

WRITTEN = re.compile(rb'"station":"t(\d+)"')
_REQUEST = "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
_AT_ONCE = 200
_FROM_ONE = 4_000
"""Streams from one address: a web process lets in a few more."""
_READ = 65_536
_LEAST_S = 60.0


@dataclass(slots=True)
class Tally:
    """What all viewers of this process have seen.

    Attributes:
        bytes: of what brought changes.
        latencies_ms: of each change at each viewer.
        lost: connections that ended.
    """

    bytes: int = 0
    lost: int = 0
    latencies_ms: array[float] = field(default_factory=lambda: array("d"))


class Crowd:
    """The connections of this process."""

    def __init__(self, ports: list[int], cookie: str) -> None:
        """Open none yet; they are dealt out among *ports*."""
        self._ports = ports
        self._request = _REQUEST.format(cookie=cookie).encode()
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._last = b""
        self._written: list[int] = []
        self.tally = Tally()

    def open(self, count: int) -> None:
        """Open *count* viewers, and return when each has heard something.

        Raises:
            TimeoutError: some have not.
        ConnectionError: one was not let in.
        """
        silent: set[int] = set()
        opened, until = 0, time.monotonic() + _LEAST_S + count / 100
        while opened < count or silent:
            while opened < count and len(silent) < _AT_ONCE:
                silent.add(self._connect(opened))
                opened += 1
            for number, _ in self._poll.poll(1.0):
                self._read(number)
                if number in silent and not self._last.startswith(b"HTTP/1.1 200 "):
                    raise ConnectionError(f"not let in: {self._last[:100]!r}")
                silent.discard(number)
            if time.monotonic() > until:
                raise TimeoutError(f"{len(silent)} of {opened} viewers have heard nothing")
        self.tally = Tally()

    def watch(self) -> None:
        """Count until a line comes on standard input."""
        self._poll.register(sys.stdin.fileno(), select.EPOLLIN)
        while True:
            for number, _ in self._poll.poll():
                if number == sys.stdin.fileno():
                    return
                self._read(number)

    def _connect(self, number: int) -> int:
        one = socket.socket()
        one.bind((f"127.0.0.{2 + number // _FROM_ONE}", 0))
        one.connect(("127.0.0.1", self._ports[number % len(self._ports)]))
        one.sendall(self._request)
        one.setblocking(False)
        self._sockets[one.fileno()] = one
        self._poll.register(one.fileno(), select.EPOLLIN)
        return one.fileno()

    def _read(self, number: int) -> None:
        """Note how old each change is that has come; all viewers are mostly sent the same bytes."""
        try:
            data = os.read(number, _READ)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self.tally.lost += 1
            self._poll.unregister(number)
            self._sockets.pop(number).close()
            return
        now = time.time_ns()
        if data != self._last:
            self._last = data
            self._written = [int(one) for one in WRITTEN.findall(data)]
        if self._written:
            self.tally.bytes += len(data)
            self.tally.latencies_ms.extend((now - at) / 1e6 for at in self._written)


def main(ports: list[int], count: int, cookie: str) -> None:
    """Open *count* viewers on *ports* and report."""
    raise_files()
    crowd = Crowd(ports, cookie)
    crowd.open(count)
    print("ready", flush=True)
    crowd.watch()
    tally = crowd.tally
    latencies = sorted(tally.latencies_ms)
    said = {
        "seen": len(latencies),
        "bytes": tally.bytes,
        "lost": tally.lost,
        "p50": latencies[len(latencies) // 2] if latencies else 0,
        "p99": latencies[int(len(latencies) * 0.99)] if latencies else 0,
        "most": latencies[-1] if latencies else 0,
    }
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1].split(",")], int(sys.argv[2]), "".join(sys.argv[3:4]))
