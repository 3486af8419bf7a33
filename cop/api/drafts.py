"""GET /api/v1/drafts/{id}/preflight: what is to be known before an alert of ours goes."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson
from fastapi import APIRouter, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker, Parts
from cop.services.exchange.alerting.preflight import preflight
from cop.services.policy import Action, Scope, permit, scope_of

router = APIRouter(prefix="/api/v1", tags=["drafts"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_PREFLIGHT: Final = {
    "id": "draft:5f0c7d1e9a3b4c52",
    "version": 3,
    "as_of": "2023-09-07T15:07:00Z",
    "level": "forbids",
    "items": [
        {
            "key": "vertices",
            "level": "forbids",
            "title": {"en": "Points of the outline"},
            "words": {"en": "412 points, at most 100 can go: simplify the area"},
            "points": 412,
            "most": 100,
            "can_simplify": True,
        }
    ],
}


@router.get(
    "/drafts/{id}/preflight",
    summary="What to look at before an alert of our own goes",
    responses={
        200: {"content": {"application/json": {"example": _PREFLIGHT}}},
        403: {"description": "The role neither writes nor releases alerts", "content": _PROBLEM},
        404: {"description": "There is no such draft", "content": _PROBLEM},
        503: {"description": "Cannot be read just now; try again", "content": _PROBLEM},
    },
)
async def read_preflight(id: str, identity: Asker, web: Parts) -> Response:  # noqa: A002 - the path
    """List what was looked at, each `ok`, `caution`, `forbids` or `unknown`, in three languages.

    What is unknown is never taken for none. While anything forbids, a release is refused; the rest
    is for whoever releases to weigh. *version* is the draft's that was looked at.
    """
    if scope_of(identity, Action.DRAFT_ALERT) is Scope.NO:
        permit(identity, Action.RELEASE_ALERT)
    found = await asyncio.to_thread(preflight, web.desk, web.replica.picture(), id)
    body = orjson.dumps(found, option=orjson.OPT_UTC_Z)
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
