"""Where one's browser takes push messages: the key it needs, letting it, and no more of it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cop.api.problems import MEDIA_TYPE
from cop.api.session import only_people
from cop.api.web import Asker, Parts
from cop.errors import NotPossible
from cop.services.push import (
    MOST_ENDPOINT,
    NotTrusted,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from cop.services.push_keys import PushKey

router = APIRouter(prefix="/api/v1", tags=["session"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_ENDPOINT: Final = "https://fcm.googleapis.com/fcm/send/example"
_Endpoint = Annotated[str, Field(min_length=1, max_length=MOST_ENDPOINT)]
_KeyText = Annotated[str, Field(min_length=1, max_length=200)]


class Keys(BaseModel):
    """What messages to a browser are encrypted with, base64url."""

    model_config = ConfigDict(extra="forbid")

    p256dh: _KeyText
    auth: _KeyText


class Subscribed(BaseModel):
    """What a browser's `PushSubscription.toJSON()` gives."""

    model_config = ConfigDict(
        extra="ignore",  # browsers add members, such as expirationTime
        json_schema_extra={
            "examples": [
                {
                    "endpoint": _ENDPOINT,
                    "keys": {"p256dh": "base64url, 65 bytes", "auth": "base64url, 16 bytes"},
                }
            ]
        },
    )

    endpoint: _Endpoint
    keys: Keys


class Unsubscribed(BaseModel):
    """Where nothing more is to be sent."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"endpoint": _ENDPOINT}]}
    )

    endpoint: _Endpoint


@router.get(
    "/me/push",
    summary="Push messages to my browsers",
    responses={
        200: {
            "content": {
                "application/json": {"example": {"key": "base64url, 65 bytes", "subscriptions": 1}}
            }
        }
    },
)
async def read_push(request: Request, identity: Asker, web: Parts) -> dict[str, Any]:
    """Give the key for `pushManager.subscribe`, and how many browsers of this session take part.

    Without a key (null) there are no push messages here: orders come by the live stream alone.
    """
    only_people(identity)
    key = _key(request)
    own = await asyncio.to_thread(subscriptions_of, web.accounts, identity.name)
    here = sum(one.session == identity.session for one in own)
    return {"key": None if key is None else key.public, "subscriptions": here}


@router.put(
    "/me/push",
    summary="Let this browser take push messages",
    status_code=204,
    responses={
        409: {"description": "No key is set up here", "content": _PROBLEM},
        422: {"description": "Not the address of a trusted push service", "content": _PROBLEM},
    },
)
async def put_push(wanted: Subscribed, request: Request, identity: Asker, web: Parts) -> Response:
    """Send messages to this browser until its session ends; again replaces what it said before."""
    only_people(identity)
    if _key(request) is None:
        raise NotPossible(
            "push-not-set-up", "there are no push messages here: keep the page open instead"
        )
    try:
        await asyncio.to_thread(
            subscribe,
            web.accounts,
            identity,
            operation=web.settings.operation,
            hosts=web.settings.push_hosts,
            endpoint=wanted.endpoint,
            p256dh=wanted.keys.p256dh,
            auth=wanted.keys.auth,
        )
    except NotTrusted as error:
        raise HTTPException(422, str(error)) from error
    return Response(status_code=204)


@router.delete("/me/push", summary="No more push messages to this browser", status_code=204)
async def delete_push(gone: Unsubscribed, identity: Asker, web: Parts) -> Response:
    """Send nothing more to one address, if it is one's own."""
    only_people(identity)
    await asyncio.to_thread(unsubscribe, web.accounts, identity, gone.endpoint)
    return Response(status_code=204)


def _key(request: Request) -> PushKey | None:
    return cast("PushKey | None", request.app.state.push_key)
