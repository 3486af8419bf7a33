"""GET /api/v1/reach/{id}: with whom an order or an assignment has arrived."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import orjson
from fastapi import APIRouter, Request, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker
from cop.services.reach import Reaching

router = APIRouter(prefix="/api/v1", tags=["orders"])

_REACH = {
    "id": "order:4c525f0c7d1e9a3b",
    "asks": "all_safe",
    "recipients": [
        {
            "name": "ann",
            "resources": ["resource:demo-team-1"],
            "state": "acknowledged",
            "sent_at": "2023-09-07T15:00:02Z",
            "delivered_at": "2023-09-07T15:00:05Z",
            "read_at": "2023-09-07T15:00:40Z",
            "acknowledged_at": "2023-09-07T15:00:44Z",
            "answer": "help",
            "words": "Van in the water, two of us on its roof",
            "geometry": {"type": "Point", "coordinates": [114.1722, 22.3046]},
            "last_contact_at": "2023-09-07T15:00:44Z",
            "devices": 1,
            "push": 1,
        }
    ],
    "unreachable": ["resource:demo-team-9"],
    "teams": [{"resource": "resource:demo-team-1", "state": "acknowledged", "answer": "help"}],
}
_PROBLEM: dict[str, Any] = {MEDIA_TYPE: {}}


@router.get(
    "/reach/{subject_id}",
    summary="With whom an order or an assignment has arrived",
    responses={
        200: {"content": {"application/json": {"example": _REACH}}},
        404: {"description": "There is no such order or assignment", "content": _PROBLEM},
        503: {"description": "Cannot be read just now; try again", "content": _PROBLEM},
    },
)
async def read_reach(subject_id: str, request: Request, identity: Asker) -> Response:
    """Tell how far it has come with each recipient and each team, and who is away.

    `last_contact_at`, in real time, `devices` and `push` are null where the asker may not see
    them: a liaison sees those of the own agency.
    """
    reaching = cast("Reaching", request.app.state.reaching)
    async with request.app.state.reaching_at_once:
        found = await asyncio.to_thread(reaching.find, identity, subject_id)
        body = await asyncio.to_thread(orjson.dumps, found)
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
