"""Tokens of machines: issuing, listing, ending. Whoever may, by the policy; all is journalled."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cop.api.problems import MEDIA_TYPE
from cop.api.session import describe_session
from cop.api.web import Asker, Parts
from cop.api.writes import asked_by
from cop.errors import Misconfigured
from cop.services.policy import Action, Identity, permit
from cop.services.tokens import MOST_DAYS, MOST_LABEL, SCOPES, Wish, end_at, issue_at, list_tokens
from cop.store.accounts import Session

router = APIRouter(prefix="/api/v1", tags=["tokens"])

_TOKEN: Final = {
    "ref": "5f0c7d1e9a3b4c52",
    "operation": "live",
    "label": "map server",
    "user": "gis",
    "scopes": ["read"],
    "issued_by": "wong",
    "started_at": "2026-06-01T00:05:00Z",
    "seen_at": "2026-06-01T03:11:00Z",
    "ends_at": "2026-07-01T00:05:00Z",
}
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
Key = Annotated[str, Header(alias="Idempotency-Key", description="New for each token")]


class TokenWish(BaseModel):
    """What a token is wanted for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"user": "gis", "label": "map server", "scopes": ["read"], "days": 30}]
        },
    )

    user: Annotated[str, Field(min_length=1, max_length=64)]
    label: Annotated[str, Field(min_length=1, max_length=MOST_LABEL)]
    scopes: Annotated[
        list[str],
        Field(min_length=1, max_length=len(SCOPES), description=f"From {', '.join(SCOPES)}"),
    ]
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


@router.post(
    "/tokens",
    summary="Issue a token to a machine",
    status_code=201,
    responses={
        201: {"content": {"application/json": {"example": {**_TOKEN, "token": "shown only now"}}}},
        403: {"description": "The role may not do this", "content": _PROBLEM},
        404: {"description": "No such active machine", "content": _PROBLEM},
        409: {"description": "The key was used already: the token was shown", "content": _PROBLEM},
    },
)
async def issue(
    wish: TokenWish, request: Request, identity: Asker, web: Parts, key: Key = ""
) -> dict[str, Any]:
    """Issue a token, shown only in this answer, good in this operation alone."""
    asked = asked_by(request, identity, key, "", matched=False)
    wanted = Wish(wish.user, wish.label, tuple(wish.scopes), wish.days)
    try:
        issued = await asyncio.to_thread(issue_at, web.desk, asked, wanted)
    except Misconfigured as error:
        raise HTTPException(400, str(error)) from error
    return {**_describe(issued.session, identity), "token": issued.token}


@router.get(
    "/tokens",
    summary="List the machines' tokens",
    responses={200: {"content": {"application/json": {"example": {"tokens": [_TOKEN]}}}}},
)
async def list_all(identity: Asker, web: Parts) -> dict[str, Any]:
    """List the tokens that are good in this operation, the latest first; never the tokens."""
    permit(identity, Action.ISSUE_TOKEN)
    operation = web.settings.operation
    found = await asyncio.to_thread(list_tokens, web.accounts, operation=operation)
    return {"tokens": [_describe(token, identity) for token in found]}


@router.delete("/tokens/{ref}", summary="End a token", status_code=204)
async def end(ref: str, request: Request, identity: Asker, web: Parts, key: Key = "") -> Response:
    """End a token; whoever uses it is refused from now on, its streams end within seconds."""
    asked = asked_by(request, identity, key, "", matched=False)
    await asyncio.to_thread(end_at, web.desk, asked, ref)
    return Response(status_code=204)


def _describe(token: Session, identity: Identity) -> dict[str, Any]:
    known = describe_session(token, identity)
    told = {name: known[name] for name in _TOKEN if name in known}
    return told | {
        "user": token.user,
        "scopes": list(token.scopes or ()),
        "issued_by": token.issued_by,
    }
