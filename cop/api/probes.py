"""For whoever watches the process, and for whoever finds a flaw in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse

from cop.api.problems import MEDIA_TYPE, problem
from cop.api.web import Parts
from cop.clock import utc_iso
from cop.errors import NotFound

router = APIRouter(tags=["operations"])

_TOLD_FOR: Final = timedelta(days=30)
_RETRY: Final = {"Retry-After": "1"}
_STORE: Final = (
    "`any`: also 200 while Redis does not answer, once the picture has been read. For the proxy:"
    " without Redis no web process is ready, and people must go on seeing the last picture, and"
    " that it is old"
)


@router.get("/.well-known/security.txt", include_in_schema=False)
async def security_txt(web: Parts) -> PlainTextResponse:
    """Say where flaws are reported (RFC 9116); 404 where the operator has not said it."""
    settings = web.settings
    if not settings.security_contact:
        raise NotFound("whoever runs this has not said where flaws are reported")
    until = utc_iso(datetime.now(UTC) + _TOLD_FOR, "seconds")
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {until}",
        "Preferred-Languages: en, zh",
    ]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url.rstrip('/')}/.well-known/security.txt")
    return PlainTextResponse("\n".join([*lines, ""]))


@router.get(
    "/healthz",
    summary="Whether the process lives",
    responses={200: {"content": {"application/json": {"example": {"status": "ok"}}}}},
)
async def healthz() -> dict[str, str]:
    """Answer as long as the process can answer anything; says nothing about Redis."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="Whether the process can serve the picture",
    responses={
        200: {
            "content": {
                "application/json": {
                    "example": {
                        "status": "ready",
                        "cursor": "1694106000000-0",
                        "entities": 2014,
                        "lag_ms": 3,
                        "worker": True,
                        "beat": True,
                        "vision": True,
                    }
                }
            }
        },
        503: {"description": "Not ready, with the reason", "content": {MEDIA_TYPE: {}}},
    },
)
async def readyz(
    web: Parts,
    request: Request,
    store: Annotated[Literal["any"] | None, Query(description=_STORE)] = None,
) -> Any:
    """Answer 200 only when Redis answers and the log has been read to its end."""
    leaving = request.app.state.leaving
    if leaving is not None and leaving.begun:
        return problem(503, "leaving: this process ends soon; ask another", headers=_RETRY)
    reason = web.replica.not_ready()
    read_once = bool(web.replica.state()[0])
    if reason and not (store and read_once):
        return problem(503, reason, headers=_RETRY)
    picture = web.replica.picture()
    health = web.replica.health
    return {
        "status": "last known" if reason else "ready",
        "cursor": picture.cursor,
        "entities": len(picture),
        "lag_ms": health.lag_ms,
        "worker": health.worker,
        "beat": health.beat,
        "vision": health.vision,
    }
