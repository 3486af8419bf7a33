"""GET /api/v1/me/duty: what the one who asks has to do."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import orjson
from fastapi import APIRouter, Request, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker
from cop.services.duty import Duties

router = APIRouter(prefix="/api/v1", tags=["session"])

_ASSIGNMENT = {
    "type": "Feature",
    "id": "assignment:9a3b4c525f0c7d1e",
    "geometry": {"type": "Point", "coordinates": [114.1722, 22.3046]},
    "properties": {
        "kind": "assignment",
        "version": 2,
        "resource": "resource:demo-team-1",
        "incident": "incident:5f0c7d1e9a3b4c52",
        "duty": {"en": "Pump out the underpass"},
        "status": "delivered",
        "steps": {"assigned": "2023-09-07T15:06:40Z", "delivered": "2023-09-07T15:06:45Z"},
        "overdue_at": "2023-09-07T15:11:45Z",
    },
}
_ORDER = {
    "type": "Feature",
    "id": "order:4c525f0c7d1e9a3b",
    "geometry": None,
    "properties": {
        "kind": "order",
        "version": 1,
        "body": {"en": "All drainage teams: report water levels every half hour"},
        "addressees": ["agency:DSD"],
        "issued_at": "2023-09-07T15:00:00Z",
    },
}
_DUTY = {
    "operation": "exercise-black-rainstorm-2023",
    "exercise": True,
    "now": "2023-09-07T15:07:00Z",
    "resources": [],
    "facilities": [],
    "assignments": [_ASSIGNMENT],
    "leader": "DSD Kowloon 1",
    "orders": [
        {
            "order": _ORDER,
            "receipt": {
                "delivered_at": "2023-09-07T15:00:02Z",
                "read_at": None,
                "acknowledged_at": None,
            },
        }
    ],
}
_PROBLEM: dict[str, Any] = {MEDIA_TYPE: {}}


@router.get(
    "/me/duty",
    summary="My duty",
    responses={
        200: {"content": {"application/json": {"example": _DUTY}}},
        503: {"description": "Cannot be read just now; try again", "content": _PROBLEM},
    },
)
async def read_duty(request: Request, identity: Asker) -> Response:
    """Give the asker's own resources, facilities, tasks and orders, each as they may see it.

    Follow `/api/v1/stream` for changes, or ask again.
    """
    duties = cast("Duties", request.app.state.duties)
    found = await asyncio.to_thread(duties.of, identity)
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(found), headers=headers, media_type="application/json")
