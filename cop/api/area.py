"""GET /api/v1/me/area: what is around the one who asks."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Header, Query, Request, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker, Parts, answer_unless_known, come_to
from cop.services.area import Areas
from cop.services.policy import Identity

router = APIRouter(prefix="/api/v1", tags=["session"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_AREA: Final = {
    "as_of": "2023-09-07T15:07:00Z",
    "centre": [114.1722, 22.3046],
    "bbox": [114.14, 22.27, 114.21, 22.34],
    "radius_m": 3000,
    "nearest": {
        "shelter": {"id": "facility:hall-1", "distance_m": 640},
        "first_aid_post": None,
        "hospital": {"id": "ha_waiting:QEH", "distance_m": 1150},
    },
    "unknown": [{"layer": "roads", "since": "2023-09-07T14:41:00Z"}],
    "features": [],
}


@router.get(
    "/me/area",
    summary="What is around me",
    responses={
        200: {"content": {"application/json": {"example": _AREA}}},
        304: {"description": "All of it is as the ETag in If-None-Match says, as of now"},
        503: {"description": "Not read yet; try again", "content": _PROBLEM},
    },
)
async def read_area(
    request: Request,
    identity: Asker,
    web: Parts,
    after: Annotated[str, Query(max_length=60)] = "",
    if_none_match: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Give what matters within some three kilometres of the asker's own tasks, teams and posts.

    All warnings in force; hazards, closed and restricted roads, open incidents, shelters,
    first-aid posts and hospitals; where the asker's own teams are. `unknown` lists the layers of
    which nothing is known now: of those an empty map says nothing. `centre` and `bbox` are null
    for somebody who has no place.
    """
    await come_to(web.replica, after)
    areas = cast("Areas", request.app.state.areas)
    return await asyncio.to_thread(_answer, areas, identity, if_none_match)


def _answer(areas: Areas, identity: Identity, if_none_match: str) -> Response:
    area = areas.find(identity)
    return answer_unless_known(area.etag, area.body, if_none_match)
