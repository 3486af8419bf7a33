"""Many viewers in one process, as cheap as can be: `python -m bench.viewers PORT N [COOKIE]`.

Prints `ready` when all are connected; counts until a line arrives on standard input; then prints
one JSON object with the latencies and bytes.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from array import array
from typing import cast

import uvloop

WRITTEN = re.compile(rb'"station":"t(\d+)"')
_REQUEST = "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"


class Tally:
    """What all viewers of this process have seen."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.complete = asyncio.Event()
        self.connected = 0
        self.bytes = 0
        self.latencies_ms = array("d")


class Viewer(asyncio.Protocol):
    """One connection."""

    def __init__(self, tally: Tally, cookie: str) -> None:
        self._tally = tally
        self._request = _REQUEST.format(cookie=cookie).encode()
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note how old each change is."""
        now = time.time_ns()
        tally = self._tally
        if not self._open:
            self._open = True
            tally.connected += 1
            if tally.connected == tally.wanted:
                tally.complete.set()
        found = WRITTEN.findall(data)
        if found:
            tally.bytes += len(data)
            for written in found:
                tally.latencies_ms.append((now - int(written)) / 1e6)


async def watch(port: int, count: int, cookie: str) -> None:
    """Open *count* viewers on *port* and report."""
    loop = asyncio.get_running_loop()
    tally = Tally(count)
    for start in range(0, count, 100):
        opening = (
            loop.create_connection(lambda: Viewer(tally, cookie), "127.0.0.1", port)
            for _ in range(start, min(count, start + 100))
        )
        await asyncio.gather(*opening)
    await tally.complete.wait()
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    latencies = sorted(tally.latencies_ms)
    print(
        json.dumps(
            {
                "seen": len(latencies),
                "bytes": tally.bytes,
                "p50": latencies[len(latencies) // 2] if latencies else 0,
                "p99": latencies[int(len(latencies) * 0.99)] if latencies else 0,
                "most": latencies[-1] if latencies else 0,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    uvloop.run(watch(int(sys.argv[1]), int(sys.argv[2]), "".join(sys.argv[3:4])))
