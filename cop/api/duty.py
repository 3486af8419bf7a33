"""GET /api/v1/me/duty: what the one who asks has to do, and what the stream beside it says."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, cast

import orjson
from fastapi import APIRouter, Header, Query, Request, Response

from cop.api.problems import MEDIA_TYPE, problem
from cop.api.web import Asker, Parts, answer_unless_known, come_to
from cop.services.duty import Duties
from cop.services.policy import Identity

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
    "me": {
        "role": "field",
        "agency": "DSD",
        "belongs_to": ["resource:demo-team-1"],
        "may": {"step_assignment": "own", "answer_order": "own"},
    },
    "now": "2023-09-07T15:07:00Z",
    "clock": {"now": "2023-09-07T15:07:00Z", "speed": 1.0},
    "feeds": {"state": "ok", "as_of": "2023-09-07T15:06:30Z"},
    "resources": [],
    "facilities": [],
    "assignments": [_ASSIGNMENT],
    "incidents": [],
    "receipts": {
        _ASSIGNMENT["id"]: {
            "sent_at": "2023-09-07T15:06:41Z",
            "delivered_at": "2023-09-07T15:06:45Z",
            "read_at": None,
        }
    },
    "leader": "DSD Kowloon 1",
    "leader_contact": "channel 4",
    "orders": [
        {
            "order": _ORDER,
            "receipt": {
                "sent_at": None,
                "delivered_at": "2023-09-07T15:00:02Z",
                "read_at": None,
                "acknowledged_at": None,
                "answer": None,
                "words": None,
            },
        }
    ],
}
_NUDGES = (
    'event: duty\ndata: {"after":"1694099170000-0"}\n\n'
    'event: health\ndata: {"now":"…","speed":1.0}\n\n'
)
_PROBLEM: dict[str, Any] = {MEDIA_TYPE: {}}


@router.get(
    "/me/duty",
    summary="My duty",
    responses={
        200: {"content": {"application/json": {"example": _DUTY}}},
        304: {"description": "All of it is as the ETag in If-None-Match says, as of now"},
        503: {"description": "Cannot be read just now; try again", "content": _PROBLEM},
    },
)
async def read_duty(
    request: Request,
    identity: Asker,
    web: Parts,
    after: Annotated[str, Query(max_length=60)] = "",
    if_none_match: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Give the asker's own resources, facilities, tasks and orders, each as they may see it.

    `GET /api/v1/me/stream` says when to ask again, and *after* which cursor of the picture.
    """
    await come_to(web.replica, after)
    duties = cast("Duties", request.app.state.duties)
    return await asyncio.to_thread(_answer, duties, identity, if_none_match)


def _answer(duties: Duties, identity: Identity, if_none_match: str) -> Response:
    duty = duties.find(identity)
    return answer_unless_known(duty.etag, lambda: orjson.dumps(duty.body()), if_none_match)


@router.get(
    "/me/stream",
    summary="When to ask again for one's duty and area",
    response_class=Response,
    responses={
        200: {
            "description": (
                "Server-Sent Events. `duty`: ask for /api/v1/me/duty; `area`: ask for"
                " /api/v1/me/area, both with If-None-Match, the area within a few seconds of one's"
                " own choosing; both come at once, for whatever was missed before. `health`, every"
                " ten seconds: the operation's time, and whether Redis and a worker are up. There"
                " is no cursor: whoever comes back asks."
            ),
            "content": {"text/event-stream": {"example": _NUDGES}},
        },
        501: {"description": "Not served by this kind of server", "content": {MEDIA_TYPE: {}}},
    },
)
async def describe_nudges() -> Response:
    """Hear that something of one's own changed. Under uvicorn the gate answers this itself."""
    return problem(501, "this server cannot stream; ask for /api/v1/me/duty now and then")
