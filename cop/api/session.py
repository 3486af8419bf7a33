"""Sign in, sign out, who am I."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cop.api.gate import cookie_name
from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker, Parts
from cop.services.accounts import sign_in, sign_out
from cop.services.policy import Identity

router = APIRouter(prefix="/api/v1", tags=["session"])

_ME = {
    "signed_in": True,
    "name": "wong",
    "role": "duty_officer",
    "agency": "DSD",
    "audience": "command",
    "operation": "live",
    "exercise": False,
}
_PROBLEM: dict[str, Any] = {MEDIA_TYPE: {}}


class Credentials(BaseModel):
    """What somebody signs in with."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"username": "wong", "password": "as it was printed"}]},
    )

    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


@router.post(
    "/session",
    summary="Sign in",
    responses={
        200: {"content": {"application/json": {"example": _ME}}},
        401: {"description": "Name or password wrong", "content": _PROBLEM},
        429: {"description": "Too many attempts; see Retry-After", "content": _PROBLEM},
    },
)
async def open_session(
    credentials: Credentials, request: Request, response: Response, web: Parts
) -> dict[str, Any]:
    """Check name and password and set the session cookie (HttpOnly)."""
    address = request.client.host if request.client else ""
    signed_in = await asyncio.to_thread(
        sign_in, web.accounts, credentials.username, credentials.password, address
    )
    response.set_cookie(
        cookie_name(web.settings),
        signed_in.token,
        max_age=int(signed_in.life.total_seconds()),
        path="/",
        httponly=True,
        secure=web.settings.secure_cookies,
        samesite="lax",  # a link in a message must open the page one is signed in to
    )
    return _describe(signed_in.identity, web)


@router.delete("/session", summary="Sign out", status_code=204)
async def end_session(identity: Asker, web: Parts) -> Response:
    """End the session; its live streams end within seconds. Without one, nothing happens."""
    if identity.session:
        await asyncio.to_thread(sign_out, web.accounts, identity)
    response = Response(status_code=204)
    response.delete_cookie(
        cookie_name(web.settings),
        path="/",
        httponly=True,
        secure=web.settings.secure_cookies,
        samesite="lax",
    )
    return response


@router.get(
    "/me",
    summary="Who am I",
    responses={200: {"content": {"application/json": {"example": _ME}}}},
)
async def me(identity: Asker, web: Parts) -> dict[str, Any]:
    """Tell name, role, agency and audience; without a session the audience is `public`."""
    return _describe(identity, web)


def _describe(identity: Identity, web: Parts) -> dict[str, Any]:
    return {
        "signed_in": bool(identity.session),
        "name": identity.name,
        "role": identity.role,
        "agency": identity.agency,
        "audience": identity.audience,
        "operation": web.settings.operation,
        "exercise": web.settings.exercise,
    }
