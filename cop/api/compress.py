"""Gzip for scripts, styles, pages and layouts: each distinct body is compressed once and kept."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections import OrderedDict
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_BYTES: Final = 1024
MOST_KEPT_BYTES: Final = 32 * 1024 * 1024
_TYPES: Final = (
    "application/geo+json",
    "application/javascript",
    "application/json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
    "image/svg+xml",
    "text/",
)


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether who sent this Accept-Encoding can read gzip; `gzip;q=0` says no."""
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";")
        if coding in ("gzip", "x-gzip"):
            return not re.fullmatch(r"q=0(\.0*)?", weight)
    return False


class Compress:
    """ASGI layer between the gate and the pages. What is compressed already passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Compress what *app* answers."""
        self._app = app
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._kept_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        accepted = scope["type"] == "http" and takes_gzip(
            Headers(scope=scope).get("accept-encoding", "")
        )
        answer = _Answer(self, send) if accepted else None
        await self._app(scope, receive, answer.take if answer else send)

    async def gzip(self, body: bytes) -> bytes:
        """Give *body* compressed, from what is kept if it was seen before."""
        digest = hashlib.blake2b(body, digest_size=16).digest()
        found = self._kept.get(digest)
        if found is not None:
            self._kept.move_to_end(digest)
            return found
        made = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)
        if self._kept.setdefault(digest, made) is made:
            self._kept_bytes += len(made)
        while self._kept_bytes > MOST_KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest)
        return made


class _Answer:
    """One response on its way: held back until whole when it is to be compressed."""

    def __init__(self, layer: Compress, send: Send) -> None:
        self._layer = layer
        self._send = send
        self._start: dict[str, Any] | None = None
        self._body = bytearray()

    async def take(self, message: Message) -> None:
        """Take the next message of the application."""
        if message["type"] == "http.response.start" and _is_worth_it(message):
            self._start = dict(message)
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: dict[str, Any]) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        body = bytes(self._body)
        headers.add_vary_header("Accept-Encoding")
        if len(body) >= LEAST_BYTES:
            body = await self._layer.gzip(body)
            headers["content-encoding"] = "gzip"
            if headers.get("etag", "W/").startswith('"'):
                headers["etag"] = "W/" + headers["etag"]
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_worth_it(start: Message) -> bool:
    headers = Headers(raw=list(start["headers"]))
    kind = headers.get("content-type", "")
    passes = "content-encoding" in headers or "content-disposition" in headers  # a file: any size
    return start["status"] == 200 and not passes and kind.startswith(_TYPES)
