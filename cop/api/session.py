"""Sign in, sign out, who am I, and where else I am signed in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from cop.api.browsers import name_browser
from cop.api.gate import cookie_name, read_cookie, session_ended
from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker, Parts, Web, address_of, origin_of
from cop.clock import utc_iso
from cop.errors import Misconfigured, NotPermitted
from cop.services.accounts import now_ms
from cop.services.passwords import MOST_PASSWORD
from cop.services.policy import Identity, Role, scopes_of
from cop.services.sessions import (
    end_other_sessions,
    end_own_session,
    identify,
    list_sessions,
    ref_of,
    renew_session,
    sign_out,
)
from cop.services.sign_in import change_password, sign_in
from cop.services.witness import witness
from cop.store.accounts import Session

router = APIRouter(prefix="/api/v1", tags=["session"])

_ME: Final = {
    "signed_in": True,
    "name": "wong",
    "role": "duty_officer",
    "agency": "DSD",
    "audience": "command",
    "operation": "live",
    "exercise": False,
    "belongs_to": [],
    "may": {"report_incident": "any", "undo": "own"},
}
_SESSION: Final = {
    "ref": "5f0c7d1e9a3b4c52",
    "current": True,
    "operation": "live",
    "label": "",
    "address": "192.0.2.1",
    "agent": "Chrome 143 · Windows",
    "started_at": "2026-06-01T00:05:00Z",
    "seen_at": "2026-06-01T03:11:00Z",
    "ends_at": "2026-06-08T00:05:00Z",
}
_RENEWED: Final = {"ends_at": "2026-06-15T00:05:00Z", "idle_s": 259200}
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}


class Credentials(BaseModel):
    """What somebody signs in with."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"username": "wong", "password": "as it was printed"}]},
    )

    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class PasswordWish(BaseModel):
    """The password that somebody has, and the one that they want."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"present": "as it was", "chosen": "as it is to be"}]},
    )

    present: Annotated[str, Field(min_length=1, max_length=MOST_PASSWORD)]
    chosen: Annotated[str, Field(min_length=1, max_length=MOST_PASSWORD)]


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
    """Check name and password and set the session cookie (HttpOnly).

    A session that the cookie named until now ends.
    """
    async with request.app.state.signing_in:
        signed_in = await asyncio.to_thread(
            sign_in,
            web.accounts,
            credentials.username,
            credentials.password,
            address_of(request),
            operation=web.settings.operation,
            agent=agent_of(request),
        )
    await write_down(web, request, signed_in.identity, "sign_in")
    await end_what_was(web, request)
    life_s = int(signed_in.life.total_seconds())
    set_session_cookie(response, signed_in.token, life_s, web)
    return _describe(signed_in.identity, web)


@router.delete("/session", summary="Sign out", status_code=204)
async def end_session(identity: Asker, request: Request, web: Parts) -> Response:
    """End the session; its live streams end within seconds. Without one, nothing happens."""
    if identity.session:
        await asyncio.to_thread(sign_out, web.accounts, identity)
        await write_down(web, request, identity, "sign_out")
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
    """Tell who one is and what one may do; without a session the audience is `public`."""
    return _describe(identity, web)


@router.get(
    "/me/sessions",
    summary="Where I am signed in",
    responses={200: {"content": {"application/json": {"example": {"sessions": [_SESSION]}}}}},
)
async def my_sessions(identity: Asker, web: Parts) -> dict[str, Any]:
    """List one's own sessions in every operation, the one last used first."""
    only_people(identity)
    found = await asyncio.to_thread(list_sessions, web.accounts, identity)
    return {"sessions": [describe_session(session, identity) for session in found]}


@router.post(
    "/me/session/renew",
    summary="Go on with my session",
    responses={
        200: {"content": {"application/json": {"example": _RENEWED}}},
        401: {"description": "It has ended", "content": _PROBLEM},
    },
)
async def renew(identity: Asker, request: Request, web: Parts) -> Response:
    """Extend the present session, with the same token; the cookie is set anew.

    A session of the field or of a warden then lasts 14 more days, at most 60 from the password,
    72 hours of it without being used. Those of others stay as they are.
    """
    only_people(identity)
    session = await asyncio.to_thread(renew_session, web.accounts, identity)
    if session is None:
        return session_ended()
    response = JSONResponse(
        {"ends_at": moment(session.ends_ms), "idle_s": session.idle_ms // 1000},
        headers={"Cache-Control": "no-store"},
    )
    token = read_cookie(request.scope, cookie_name(web.settings))
    if token and "authorization" not in request.headers:
        set_session_cookie(response, token, (session.ends_ms - now_ms()) // 1000, web)
    return response


@router.post(
    "/me/password",
    summary="Change my password",
    responses={
        200: {"content": {"application/json": {"example": {"ended": 2}}}},
        400: {"description": "The new one is too weak", "content": _PROBLEM},
        409: {"description": "The present one is another, or there is none", "content": _PROBLEM},
        429: {"description": "Too many attempts; see Retry-After", "content": _PROBLEM},
    },
)
async def change_own_password(
    wish: PasswordWish, identity: Asker, request: Request, web: Parts
) -> dict[str, int]:
    """Change one's own password; one's other sessions end, and it is told how many there were."""
    only_people(identity)
    async with request.app.state.signing_in:
        try:
            ended = await asyncio.to_thread(
                change_password,
                web.accounts,
                identity,
                wish.present,
                wish.chosen,
                address_of(request),
            )
        except Misconfigured as error:
            raise HTTPException(400, str(error)) from error
    await write_down(web, request, identity, "change_password", f"others ended: {ended}")
    return {"ended": ended}


@router.delete("/me/sessions", summary="End all my other sessions")
async def end_others(identity: Asker, request: Request, web: Parts) -> dict[str, int]:
    """End every session of one's own but this one; tell how many there were."""
    only_people(identity)
    ended = await asyncio.to_thread(end_other_sessions, web.accounts, identity)
    await write_down(web, request, identity, "end_session", f"all others: {ended}")
    return {"ended": ended}


@router.delete("/me/sessions/{ref}", summary="End one of my sessions", status_code=204)
async def end_one(ref: str, identity: Asker, request: Request, web: Parts) -> Response:
    """End one session of one's own; its live streams end within seconds."""
    only_people(identity)
    await asyncio.to_thread(end_own_session, web.accounts, identity, ref)
    await write_down(web, request, identity, "end_session", ref)
    return Response(status_code=204)


async def end_what_was(web: Web, request: Request) -> None:
    """End the session that the browser had until it signed in anew."""
    token = read_cookie(request.scope, cookie_name(web.settings))
    operation = web.settings.operation
    before = await asyncio.to_thread(identify, web.accounts, token, operation=operation)
    if before is not None:
        await asyncio.to_thread(sign_out, web.accounts, before)


async def write_down(
    web: Web, request: Request, identity: Identity, action: str, reason: str = ""
) -> None:
    """Put into the journal what somebody did about sessions, or with the journal itself."""
    origin = origin_of(request)
    await asyncio.to_thread(witness, web.desk, identity, action, origin, reason=reason)


def describe_session(session: Session, identity: Identity) -> dict[str, Any]:
    """Give what people may know of a session; its id, which is worth a look-up, is not in it."""
    return {
        "ref": ref_of(session),
        "current": session.id == identity.session,
        "operation": session.operation,
        "label": session.label,
        "address": session.address,
        "agent": session.agent,
        "started_at": moment(session.started_ms),
        "seen_at": moment(session.seen_ms),
        "ends_at": moment(session.ends_ms),
    }


def moment(epoch_ms: int) -> str:
    """Give a real time as it stands in answers: ISO 8601 in UTC, to the second."""
    return utc_iso(datetime.fromtimestamp(epoch_ms // 1000, UTC), "seconds")


def agent_of(request: Request) -> str:
    """Give in a few words what a request was made with."""
    return name_browser(request.headers.get("user-agent", ""))


def set_session_cookie(response: Response, token: str, life_s: int, web: Web) -> None:
    """Let the browser keep *token* for *life_s* seconds where no script reads it."""
    response.set_cookie(
        cookie_name(web.settings),
        token,
        max_age=life_s,
        path="/",
        httponly=True,
        secure=web.settings.secure_cookies,
        samesite="lax",  # a link in a message must open the page one is signed in to
    )


def only_people(identity: Identity) -> None:
    """Return if a person asks, not a machine.

    Raises:
        NotPermitted: a machine asks.
    """
    if identity.role is Role.MACHINE:
        raise NotPermitted("a machine has tokens: a commander lists and ends them")


def _describe(identity: Identity, web: Web) -> dict[str, Any]:
    return {
        "signed_in": bool(identity.session),
        "name": identity.name,
        "role": identity.role,
        "agency": identity.agency,
        "audience": identity.audience,
        "operation": web.settings.operation,
        "exercise": web.settings.exercise,
        "belongs_to": sorted(identity.belongs_to),
        "may": scopes_of(identity),
    }
