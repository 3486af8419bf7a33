"""Who belongs to a resource or facility, where they are signed in, and ending that."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.session import describe_session, moment
from cop.api.web import Asker, Parts, origin_of
from cop.services.sign_ins import Contact, accounts_of, end_sign_ins, list_sign_ins
from cop.store.accounts import User

router = APIRouter(prefix="/api/v1", tags=["accounts"])

_ACCOUNT: Final = {
    "name": "chan",
    "role": "field",
    "agency": "DSD",
    "belongs_to": ["resource:demo-team-1"],
    "last_contact_at": "2026-06-01T03:11:00Z",
    "devices": 1,
    "push": 1,
}
_SESSION: Final = {
    "ref": "5f0c7d1e9a3b4c52",
    "current": False,
    "operation": "live",
    "label": "",
    "address": "192.0.2.1",
    "agent": "Chrome 143 · Android",
    "started_at": "2026-06-01T00:05:00Z",
    "seen_at": "2026-06-01T03:11:00Z",
    "ends_at": "2026-06-15T00:05:00Z",
}
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_ENDING: Final[dict[int | str, dict[str, Any]]] = {
    403: {"description": "The role may not do this, or not on this account", "content": _PROBLEM},
    404: {"description": "No such person, or no such session", "content": _PROBLEM},
}
_Entity = Annotated[str, Query(max_length=220, description="Id of a resource or facility")]
_Lost = Annotated[
    bool, Query(description="The device is lost: it is told to forget everything, should it ask")
]


@router.get(
    "/accounts",
    summary="Who belongs to a resource or facility",
    responses={
        200: {"content": {"application/json": {"example": {"accounts": [_ACCOUNT]}}}},
        400: {"description": "Name one of them", "content": _PROBLEM},
    },
)
async def list_accounts(
    identity: Asker, web: Parts, resource: _Entity = "", facility: _Entity = ""
) -> dict[str, Any]:
    """List the people who belong to it, and when a device of theirs was last heard of.

    A liaison officer is told of the accounts of their own agency. Times are real, not those of an
    exercise.
    """
    if bool(resource) == bool(facility):
        raise HTTPException(400, "say ?resource=ID or ?facility=ID")
    found = await asyncio.to_thread(accounts_of, web.desk, identity, resource or facility)
    return {"accounts": [_describe(user, contact) for user, contact in found]}


@router.get(
    "/accounts/{name}/sessions",
    summary="Where somebody is signed in",
    responses={
        200: {"content": {"application/json": {"example": {"sessions": [_SESSION]}}}},
        **_ENDING,
    },
)
async def list_sessions(name: str, identity: Asker, web: Parts) -> dict[str, Any]:
    """List somebody's sessions in this operation, the one last used first."""
    found = await asyncio.to_thread(list_sign_ins, web.desk, identity, name)
    return {"sessions": [describe_session(session, identity) for session in found]}


@router.delete(
    "/accounts/{name}/sessions/{ref}",
    summary="End somebody's session",
    status_code=204,
    responses=_ENDING,
)
async def end_one(
    name: str, ref: str, request: Request, identity: Asker, web: Parts, *, lost: _Lost = False
) -> Response:
    """End one session in this operation; its live streams end within seconds."""
    origin = origin_of(request)
    await asyncio.to_thread(end_sign_ins, web.desk, identity, origin, name, ref=ref, lost=lost)
    return Response(status_code=204)


@router.delete(
    "/accounts/{name}/sessions", summary="End all of somebody's sessions", responses=_ENDING
)
async def end_all(
    name: str, request: Request, identity: Asker, web: Parts, *, lost: _Lost = False
) -> dict[str, int]:
    """End every session in this operation; tell how many there were."""
    origin = origin_of(request)
    ended = await asyncio.to_thread(end_sign_ins, web.desk, identity, origin, name, lost=lost)
    return {"ended": ended}


def _describe(user: User, contact: Contact) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role,
        "agency": user.agency,
        "belongs_to": list(user.belongs_to),
        "last_contact_at": None if contact.last_ms is None else moment(contact.last_ms),
        "devices": contact.devices,
        "push": contact.push,
    }
