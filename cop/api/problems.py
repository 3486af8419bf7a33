"""Errors as RFC 9457 problem details: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import Send

from cop.errors import (
    IdempotencyMismatch,
    Invalid,
    NotFound,
    NotPermitted,
    NotPossible,
    StoreUnavailable,
    TooOften,
    VersionMissing,
)
from cop.log import request_id
from cop.services.sign_in import SignInRefused, TooManyAttempts

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **members: Any
) -> Response:
    """Give a problem response with *detail* in words and further *members*."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    if called := request_id():
        body["request_id"] = called  # what to tell the operators, who find it in the logs
    return Response(
        orjson.dumps(body),
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type=MEDIA_TYPE,
    )


async def send_response(send: Send, response: Response, extra: list[tuple[bytes, bytes]]) -> None:
    """Send *response* with *extra* headers straight to an ASGI server."""
    headers = [*response.raw_headers, *extra]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": bytes(response.body)})


def _unavailable(_: Request, error: Any) -> Response:
    return problem(503, f"{error}; try again in a few seconds", headers={"Retry-After": "2"})


def _broken(_: Request, __: Any) -> Response:
    return problem(500, "something is broken here; it has been logged: tell the operators")


def _refused(_: Request, error: Any) -> Response:
    return problem(401, f"{error}: check both, or ask whoever manages the accounts")


def _limited(_: Request, error: Any) -> Response:
    seconds = error.retry_after_s
    headers = {"Retry-After": str(seconds)}
    return problem(429, str(error), headers=headers, retry_after_s=seconds)


def _missing(_: Request, error: Any) -> Response:
    return problem(404, str(error))


def _forbidden(_: Request, error: Any) -> Response:
    return problem(403, str(error))


def _not_possible(_: Request, error: Any) -> Response:
    return problem(409, str(error), code=error.code, **error.members)


def _unmatched(_: Request, error: Any) -> Response:
    return problem(428, str(error))


def _mismatch(_: Request, error: Any) -> Response:
    return problem(422, str(error), code="key-reused")


def _http(_: Request, error: Any) -> Response:
    return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))


def _invalid(_: Request, error: Any) -> Response:
    found = [
        {"where": ".".join(map(str, item["loc"])), "what": item["msg"]} for item in error.errors()
    ]
    detail = "; ".join(f"{item['where']}: {item['what']}" for item in found)
    return problem(400, detail, errors=found)


def _no_entity(_: Request, error: Any) -> Response:
    found = [{"where": where, "what": what} for where, what in error.found]
    return problem(400, str(error), errors=found)


_HANDLERS: Final[dict[type[Exception], Callable[[Request, Any], Response]]] = {
    Exception: _broken,
    StoreUnavailable: _unavailable,
    SignInRefused: _refused,
    TooManyAttempts: _limited,
    TooOften: _limited,
    NotFound: _missing,
    NotPermitted: _forbidden,
    NotPossible: _not_possible,
    VersionMissing: _unmatched,
    IdempotencyMismatch: _mismatch,
    HTTPException: _http,
    RequestValidationError: _invalid,
    Invalid: _no_entity,
}


def answer_errors(app: FastAPI) -> None:
    """Make *app* answer every error as a problem."""
    for error, handler in _HANDLERS.items():
        app.add_exception_handler(error, handler)
