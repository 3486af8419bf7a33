"""The outermost layer: denies by default, says who is asking, and dresses every answer.

No request reaches anything else, pages and Dash's own endpoints included, that `rules` does not
let through. Web sockets are refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

import structlog
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cop.api.leaving import Leaving
from cop.api.pages import message_page
from cop.api.problems import problem, send_response
from cop.api.rules import Access, Rule, find_rule
from cop.api.stream import Stream, server_cycle
from cop.config import TILE_HOSTS, Settings
from cop.errors import StoreUnavailable
from cop.log import begin_request
from cop.services.policy import ANYBODY, Identity, at_least
from cop.services.sessions import identify, is_lost
from cop.store.accounts import Accounts

log = structlog.get_logger(__name__)

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID: Final = b"x-request-id"
_TOLD: Final = frozenset({400, 401, 403, 413, 415, 421, 429})
"""Statuses by which somebody is turned away, who may be trying the doors: each is logged."""
_TILES: Final = " ".join(f"https://{host}" for host in TILE_HOSTS)
SAME_SITE: Final = frozenset({"", "same-origin", "none"})
"""What `Sec-Fetch-Site` says where one of our own pages asks, a person, or no browser."""


class Refused(Exception):
    """The request ends here, with this response."""

    def __init__(self, response: Response, identity: Identity = ANYBODY) -> None:
        """Keep *response*, and to whom it is said where that is known."""
        super().__init__(response.status_code)
        self.response = response
        self.identity = identity


def cookie_name(settings: Settings) -> str:
    """Give the name of the session cookie; its prefix makes browsers insist on Secure.

    An exercise has one of its own: browsers do not keep the cookies of two ports apart.
    """
    name = "cop-exercise" if settings.exercise else "cop"
    return f"__Host-{name}" if settings.secure_cookies else name


def read_cookie(scope: Scope, name: str) -> str:
    """Give the value of the cookie *name* of a request; "" when there is none."""
    return _Headers(scope).cookie(name)


def security_headers(
    settings: Settings, script_hashes: Sequence[str] = ()
) -> list[tuple[bytes, bytes]]:
    """Give the headers of every answer; inline scripts run only with one of *script_hashes*."""
    policy = "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob: {_TILES}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(self), microphone=()",
    }
    if settings.secure_cookies:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class Gate:
    """ASGI application around everything."""

    def __init__(
        self,
        app: ASGIApp,
        streams: Mapping[str, Stream],
        accounts: Accounts,
        settings: Settings,
        script_hashes: Sequence[str] = (),
        *,
        leaving: Leaving | None = None,
    ) -> None:
        """Guard *app* and, by their paths, *streams*.

        *script_hashes* are those of the inline scripts of pages. While the process is *leaving* no
        connection is kept.
        """
        self._app = app
        self._streams = streams
        self._accounts = accounts
        self._cookie = cookie_name(settings)
        self._operation = settings.operation
        self._secure = settings.secure_cookies
        self._hosts = {
            host.strip().lower() for host in settings.allowed_hosts.split(",") if host.strip()
        }
        self._headers = security_headers(settings, script_hashes)
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, refuse one web socket, or pass the life span on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "not served"})
        else:
            headers = _Headers(scope)
            called = begin_request(headers.get(b"x-request-id"), headers.get(b"traceparent"))
            own = [*self._headers, *self._parting(), (_REQUEST_ID, called.encode())]
            try:
                await self._serve(scope, receive, send, own)
            except Refused as refusal:
                _note(scope, refusal.response.status_code, refusal.identity)
                await send_response(send, refusal.response, own)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, own: list[tuple[bytes, bytes]]
    ) -> None:
        headers = _Headers(scope)
        self._check_host(headers)
        rule = find_rule(scope["path"])
        if rule is None:
            raise Refused(_answer(headers, None, 404, "there is nothing under this address"))
        if scope["method"] not in rule.methods:
            allow = ", ".join(sorted(rule.methods))
            raise Refused(problem(405, f"use {allow}", headers={"Allow": allow}))
        identity = await self._identify(headers, rule)
        self._check_access(scope, headers, rule, identity)
        _check_account(headers, identity)
        if scope["method"] not in _SAFE:
            _check_origin(scope, headers, rule)
            receive = await _buffer(receive, headers, rule)
        stream = self._streams.get(scope["path"])
        if stream is not None and server_cycle(send) is not None:
            await stream.serve(scope, receive, send, identity, own)
            return
        inner = {**scope, "state": {**scope.get("state", {}), "identity": identity}}
        if scope["method"] == "HEAD":
            inner["method"] = "GET"  # the server leaves the body out
        # what caches may hand to others says nothing of the request by which they got it
        mine = [*self._headers, *self._parting()] if rule.access is Access.OPEN else own
        await self._app(inner, receive, self._dress(send, rule, inner, mine))

    def _parting(self) -> list[tuple[bytes, bytes]]:
        """Give the header that has the next request come to another process, while we leave."""
        return [(b"connection", b"close")] if self._leaving and self._leaving.begun else []

    def _check_host(self, headers: _Headers) -> None:
        name = headers.get(b"host")
        host = name.rpartition(":")[0] if name.rpartition(":")[2].isdecimal() else name
        if host.lower() not in self._hosts:
            detail = "this name is not served here: add it to COP_ALLOWED_HOSTS"
            raise Refused(problem(421, detail))

    async def _identify(self, headers: _Headers, rule: Rule) -> Identity:
        """Tell who asks. A session that has ended is refused: never silently the public view."""
        if rule.access is Access.OPEN:
            return ANYBODY
        scheme, _, bearer = headers.get(b"authorization").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else headers.cookie(self._cookie)
        if not token:
            return ANYBODY
        try:
            identity = await asyncio.to_thread(
                identify, self._accounts, token, operation=self._operation
            )
            lost = identity is None and await asyncio.to_thread(is_lost, self._accounts, token)
        except StoreUnavailable:
            detail = "the sign-in cannot be checked because Redis does not answer; try again soon"
            raise Refused(_answer(headers, rule, 503, detail)) from None
        if identity is not None:
            return identity
        if rule.path == "/api/v1/session":  # where one signs in again
            return ANYBODY
        if lost:
            raise Refused(self._device_lost(headers, rule))
        if rule.page:  # which leads to the sign-in
            return ANYBODY
        raise Refused(session_ended())

    def _device_lost(self, headers: _Headers, rule: Rule) -> Response:
        """Tell a device that was reported lost to forget everything, its cookie first."""
        detail = "this device was reported lost: everything on it is cleared; sign in again"
        answer = _answer(headers, rule, 401, detail, code="device-lost")
        answer.headers["WWW-Authenticate"] = "Bearer"
        answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        answer.delete_cookie(
            self._cookie, path="/", httponly=True, secure=self._secure, samesite="lax"
        )
        return answer

    def _check_access(
        self, scope: Scope, headers: _Headers, rule: Rule, identity: Identity
    ) -> None:
        known = rule.access is not Access.SIGNED_IN or bool(identity.session)
        if known and at_least(identity.audience, rule.access.least):
            return
        if identity.session:
            detail = "your role may not open this: ask whoever manages the accounts"
            raise Refused(_answer(headers, rule, 403, detail), identity)
        if rule.page and scope["method"] in _SAFE:
            query = scope["query_string"].decode("latin-1")
            wanted = scope["path"] + (f"?{query}" if query else "")
            raise Refused(RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303))
        unknown = {"WWW-Authenticate": "Bearer"}
        raise Refused(problem(401, "sign in first: POST /api/v1/session", headers=unknown))

    def _dress(self, send: Send, rule: Rule, scope: Scope, own: list[tuple[bytes, bytes]]) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _note(scope, message["status"], scope["state"]["identity"])
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                if rule.framed:
                    names.add(b"x-frame-options")  # the answer's own policy says who may
                if b"cache-control" not in names:
                    kept = b"no-cache" if rule.access is Access.OPEN else b"no-store"
                    given.append((b"cache-control", kept))
                given += [(name, value) for name, value in own if name not in names]
                message = {**message, "headers": given}
            await send(message)

        return dressed


class _Headers:
    """Request headers of which there may be only one each."""

    def __init__(self, scope: Scope) -> None:
        self._all: list[tuple[bytes, bytes]] = scope["headers"]

    def get(self, name: bytes) -> str:
        """Give the value of *name*; "" when it is absent or there are several."""
        found = [value for key, value in self._all if key == name]
        return found[0].decode("latin-1") if len(found) == 1 else ""

    def cookie(self, name: str) -> str:
        """Give the value of cookie *name*; "" when there is none."""
        found = ""
        for line in (value for key, value in self._all if key == b"cookie"):
            for part in line.decode("latin-1").split(";"):
                # The standard library drops every cookie of a line for a stranger one in it.
                key, _, value = part.strip().partition("=")
                found = value if key == name else found
        return found


def _note(scope: Scope, status: int, identity: Identity) -> None:
    """Log that something was refused, and to which role; never to whom."""
    if status not in _TOLD:
        return
    rule = find_rule(scope["path"])
    path = "" if rule is None else rule.path
    role = identity.role or ""
    log.warning("refused", status=status, method=scope["method"], path=path, role=role)


def session_ended() -> Response:
    """Refuse a session that has ended or expired: never silently the public view."""
    detail = "the session has ended: sign in again, or DELETE /api/v1/session for the public view"
    headers = {"WWW-Authenticate": "Bearer"}
    return problem(401, detail, headers=headers, code="session-ended")


def _answer(
    headers: _Headers, rule: Rule | None, status: int, detail: str, **members: str
) -> Response:
    """Refuse in HTML where a person asked for a page, else as a problem."""
    wants_page = (rule is None or rule.page) and "text/html" in headers.get(b"accept")
    retry = {"Retry-After": "5"} if status == 503 else {}
    if wants_page:
        return message_page(status, detail, headers=retry)
    return problem(status, detail, headers=retry, **members)


def _check_account(headers: _Headers, identity: Identity) -> None:
    """Let what was done under one account not be sent under another.

    Tabs of a browser share their sign-in, and a phone keeps what could not be sent.
    """
    wanted = headers.get(b"cop-account")
    if wanted and wanted != identity.name:
        detail = "this was done under another account: sign in as that one to send it"
        raise Refused(problem(401, detail, code="other-account"))


def _check_origin(scope: Scope, headers: _Headers, rule: Rule) -> None:
    """Let only our own pages, and programs that are no browser, change anything."""
    origin = headers.get(b"origin")
    foreign = origin and origin.partition("://")[2].lower() != headers.get(b"host").lower()
    if foreign or headers.get(b"sec-fetch-site") not in SAME_SITE:
        raise Refused(problem(403, "another site may not do this: use our own pages"))
    media_type = headers.get(b"content-type").partition(";")[0].strip().lower()
    if scope["method"] != "DELETE" and media_type not in rule.media_types:
        wanted = " or ".join(sorted(rule.media_types))
        raise Refused(problem(415, f"send Content-Type: {wanted}"))
    if headers.get(b"content-encoding").strip().lower() not in {"", "identity"}:
        raise Refused(problem(415, "send the body as it is, without a Content-Encoding"))


async def _buffer(receive: Receive, headers: _Headers, rule: Rule) -> Receive:
    """Read the whole body, within limits of size and time, and give it again to the next."""
    most_bytes = rule.most_bytes
    too_large = Refused(problem(413, f"send at most {most_bytes} bytes"))
    length = headers.get(b"content-length")
    if length.isdecimal() and int(length[:12]) > most_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(rule.body_s):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    break
                body += message.get("body", b"")
                if len(body) > most_bytes:
                    raise too_large
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        raise Refused(problem(408, "the body did not arrive in time; try again")) from None
    parts: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def again() -> Message:
        return parts.pop() if parts else await receive()

    return again
