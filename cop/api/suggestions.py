"""GET /api/v1/incidents/{id}/suggestions: whom to send, nearest suitable first."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, cast

import orjson
from fastapi import APIRouter, Query, Request, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker
from cop.services.suggest import Suggesting

router = APIRouter(prefix="/api/v1", tags=["incidents"])

_SUGGESTIONS = {
    "suggestions": [
        {
            "resource": "resource:demo-team-1",
            "version": 4,
            "distance_m": 1240,
            "skills": ["pumping", "road_clearing"],
            "load": 0,
            "position_age_s": 95,
            "score": 0.88,
        }
    ]
}
_PROBLEM: dict[str, Any] = {MEDIA_TYPE: {}}


@router.get(
    "/incidents/{incident_id}/suggestions",
    summary="Whom to send",
    responses={
        200: {"content": {"application/json": {"example": _SUGGESTIONS}}},
        403: {"description": "The role may not assign", "content": _PROBLEM},
        404: {"description": "There is no such incident", "content": _PROBLEM},
        503: {"description": "Cannot be read just now; try again", "content": _PROBLEM},
    },
)
async def read_suggestions(
    incident_id: str,
    request: Request,
    identity: Asker,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most")] = 10,
) -> Response:
    """Suggest free resources that the asker may assign, with what speaks for each.

    The score, 0 to 1, weighs distance, matching skills, tasks at hand and people.
    """
    suggesting = cast("Suggesting", request.app.state.suggesting)
    found = await asyncio.to_thread(suggesting.find, identity, incident_id, limit=limit)
    body = orjson.dumps({"suggestions": [one.members() for one in found]})
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
