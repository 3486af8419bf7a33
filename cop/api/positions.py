"""PUT and DELETE /api/v1/me/position: where the asker's own resource is, while they share it."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker, Parts
from cop.services.positions import SharePosition, WithdrawPosition, share, withdraw

router = APIRouter(prefix="/api/v1/me/position", tags=["session"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    403: {"description": "It is not the asker's own", "content": _PROBLEM},
    404: {"description": "There is no such resource", "content": _PROBLEM},
}
_EXAMPLE: Final = {
    "resource": "resource:demo-team-1",
    "geometry": {"type": "Point", "coordinates": [114.1722, 22.3046]},
    "precision_m": 12.0,
    "at": "2023-09-07T15:06:40Z",
    "heading_deg": 85.0,
    "speed_kmh": 4.5,
}


@router.put(
    "",
    summary="Share where one's resource is",
    status_code=204,
    responses={
        **_ANSWERS,
        409: {"description": "The resource is not on duty (`off-duty`)", "content": _PROBLEM},
        429: {"description": "Another came less than three seconds ago", "content": _PROBLEM},
    },
    openapi_extra={"requestBody": {"content": {"application/json": {"example": _EXAMPLE}}}},
)
async def share_position(identity: Asker, web: Parts, body: SharePosition) -> Response:
    """Put the position on the picture for fifteen minutes from `at`; an older one is ignored.

    It is shown to responders and command, never to the public, and kept in no journal.
    """
    await asyncio.to_thread(share, web.desk, identity, body)
    return Response(status_code=204)


@router.delete(
    "",
    summary="Stop sharing where one's resource is",
    status_code=204,
    responses=_ANSWERS,
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": {"resource": "resource:x"}}}}
    },
)
async def withdraw_position(identity: Asker, web: Parts, body: WithdrawPosition) -> Response:
    """Take the position off the picture at once; that there is none is as good."""
    await asyncio.to_thread(withdraw, web.desk, identity, body)
    return Response(status_code=204)
