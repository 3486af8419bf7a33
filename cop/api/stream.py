"""The live streams: checks who asks and from where, then hands the socket to those who write."""

from __future__ import annotations

import contextlib
import socket
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from cop.api.problems import problem, send_response
from cop.api.viewers import Viewer, Viewers
from cop.model.record import Cursor, cursor_key
from cop.services.policy import Identity

SENT_AHEAD: Final = 64 * 1024
"""Bytes that the kernel keeps for one reader (it reckons with twice as many): left to itself it
keeps some megabytes for each who does not read."""

_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def server_cycle(send: Send) -> RequestResponseCycle | None:
    """Give the uvicorn side of a request that nothing stands between; None on other servers."""
    cycle = getattr(send, "__self__", None)
    return cycle if isinstance(cycle, RequestResponseCycle) else None


class Stream:
    """Opens streams. Not a FastAPI route: frames go to the socket past every layer."""

    def __init__(self, viewers: Viewers[Any]) -> None:
        """Hand everybody to *viewers*."""
        self._viewers = viewers

    async def serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        identity: Identity,
        headers: list[tuple[bytes, bytes]],
    ) -> None:
        """Answer one request until its reader is gone; *headers* are added to the answer."""
        cycle = server_cycle(send)
        if cycle is None:
            detail = "the stream needs uvicorn with httptools; read /api/v1/picture instead"
            await send_response(send, problem(501, detail), headers)
            return
        if scope["http_version"] == "1.0":
            detail = "the stream needs HTTP/1.1: let the proxy speak it (proxy_http_version 1.1)"
            await send_response(send, problem(505, detail), headers)
            return
        try:
            after = _after(scope)
        except ValueError as error:
            detail = f"{error}: give the `cursor` of a picture, or leave it out to begin now"
            await send_response(send, problem(400, detail), headers)
            return
        address = scope["client"][0] if scope.get("client") else ""
        if self._viewers.is_full(address):
            detail = "too many streams are open; read /api/v1/picture, or try again in a minute"
            full = problem(503, detail, headers={"Retry-After": "60"})
            await send_response(send, full, headers)
            return
        with contextlib.suppress(OSError):  # it has ended already: that is noticed by reading
            carrier = cycle.transport.get_extra_info("socket")
            carrier.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS + headers})
        # Whoever asked to close, the reader or we who leave: it is ours to close, and the server's
        # word is for its shutdown.
        cycle.keep_alive = True
        viewer = Viewer(cycle, identity, address, after)
        self._viewers.join(viewer)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._viewers.leave(viewer)


def _after(scope: Scope) -> Cursor | None:
    """Give the cursor to resume from; what the browser adds by itself is the newer one."""
    resumed = [value for name, value in scope["headers"] if name == b"last-event-id"]
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", [])
    after: Cursor = resumed[-1].decode("latin-1") if resumed else "".join(asked[-1:])
    if not after:
        return None
    cursor_key(after)
    return after
