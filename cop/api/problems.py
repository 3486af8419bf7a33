"""Errors as RFC 9457 problem details: what is wrong, and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import Send

from cop.errors import NotFound, NotPermitted, StoreUnavailable
from cop.services.accounts import SignInRefused, TooManyAttempts

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


def answer_errors(app: FastAPI) -> None:
    """Make *app* answer every error as a problem."""

    @app.exception_handler(Exception)
    def _broken(_: Request, __: Exception) -> Response:
        return problem(500, "something is broken here; it has been logged: tell the operators")

    @app.exception_handler(StoreUnavailable)
    def _unavailable(_: Request, error: StoreUnavailable) -> Response:
        return problem(503, f"{error}; try again in a few seconds", headers={"Retry-After": "2"})

    @app.exception_handler(SignInRefused)
    def _refused(_: Request, error: SignInRefused) -> Response:
        return problem(401, f"{error}: check both, or ask whoever manages the accounts")

    @app.exception_handler(TooManyAttempts)
    def _limited(_: Request, error: TooManyAttempts) -> Response:
        return problem(
            429,
            str(error),
            headers={"Retry-After": str(error.retry_after_s)},
            retry_after_s=error.retry_after_s,
        )

    @app.exception_handler(NotFound)
    def _missing(_: Request, error: NotFound) -> Response:
        return problem(404, str(error))

    @app.exception_handler(NotPermitted)
    def _forbidden(_: Request, error: NotPermitted) -> Response:
        return problem(403, str(error))

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> Response:
        found = [
            {"where": ".".join(map(str, item["loc"])), "what": item["msg"]}
            for item in error.errors()
        ]
        detail = "; ".join(f"{item['where']}: {item['what']}" for item in found)
        return problem(400, detail, errors=found)
