"""The product's own worker, whose publishers are stood in for on loopback: `--app` of Celery."""

from __future__ import annotations

import os
from typing import Any

import httpx

from tests.fault_drill.publishers import HEADER, PORT
from workers import tasks
from workers.app import app
from workers.transports import LiveTransport

__all__ = ["app"]


class _StoodIn(httpx.BaseTransport):
    """Asks what stands in for a publisher, over the very transport that asks the publisher."""

    def __init__(self) -> None:
        self._line = LiveTransport(allow_private=True)
        self._at = httpx.URL(f"http://127.0.0.1:{os.environ[PORT]}/")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = [*request.headers.raw, (HEADER.encode(), str(request.url).encode())]
        asked = httpx.Request(
            request.method, self._at, headers=headers, extensions=request.extensions
        )
        return self._line.handle_request(asked)


def _stand_in(*_: Any, **__: Any) -> httpx.BaseTransport:
    return _StoodIn()


tasks.open_transport = _stand_in
