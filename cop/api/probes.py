"""GET /healthz and /readyz: for whoever watches the process."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from cop.api.problems import MEDIA_TYPE, problem
from cop.api.web import Parts

router = APIRouter(tags=["operations"])


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
async def readyz(web: Parts) -> Any:
    """Answer 200 only when Redis answers and the log has been read to its end."""
    reason = web.replica.not_ready()
    if reason:
        return problem(503, reason, headers={"Retry-After": "1"})
    picture = web.replica.picture()
    health = web.replica.health
    return {
        "status": "ready",
        "cursor": picture.cursor,
        "entities": len(picture),
        "lag_ms": health.lag_ms,
        "worker": health.worker,
        "beat": health.beat,
        "vision": health.vision,
    }
