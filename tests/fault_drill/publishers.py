"""All publishers of a scenario on one port of loopback: `python -m tests.fault_drill.publishers`.

Every request says by `X-Asked-For` which address it would have gone to, and is answered as the
scenario has it, in the publisher's own format. What is wrong with all of them is read from a file
at every request: a number of seconds after which they answer, or nothing.
"""

from __future__ import annotations

import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import httpx

from cop.config import Settings
from workers.replay import ReplayTransport, find_scenario

HEADER: Final = "X-Asked-For"
PORT: Final = "DRILL_PUBLISHERS_PORT"
HOSTS: Final = "DRILL_PUBLISHERS_HOSTS"
"""Names of those who answer, comma separated; the others answer 503. Empty: all do."""
WAIT: Final = "DRILL_PUBLISHERS_WAIT"
"""The file."""
_LOOK_EVERY_S: Final = 0.1


class _Publisher(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scenario: ReplayTransport
    hosts: frozenset[str]
    wait: Path

    def do_GET(self) -> None:
        """Answer when the time for that has come."""
        begun = time.monotonic()
        while time.monotonic() - begun < self._wait_s():
            time.sleep(_LOOK_EVERY_S)
        url = httpx.URL(self.headers[HEADER])
        if self.hosts and url.host not in self.hosts:
            self._send(503, {}, b"closed for today")
            return
        asked = httpx.Request("GET", url, headers=dict(self.headers))
        answer = self.scenario.handle_request(asked)
        assert isinstance(answer.stream, httpx.SyncByteStream)
        self._send(answer.status_code, dict(answer.headers), b"".join(answer.stream))

    def _wait_s(self) -> float:
        return float(self.wait.read_text() or 0)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is named there
        """Say nothing."""


def main() -> None:
    """Answer until killed."""
    settings = Settings()
    _Publisher.scenario = ReplayTransport(find_scenario(settings.scenario), settings.clock())
    _Publisher.hosts = frozenset(filter(None, os.environ[HOSTS].split(",")))
    _Publisher.wait = Path(os.environ[WAIT])
    with ThreadingHTTPServer(("127.0.0.1", int(os.environ[PORT])), _Publisher) as server:
        server.daemon_threads = True
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
