"""What partners' installations ask for, and what the desk sees of the exchange with them."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import re
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from pydantic import ValidationError

from cop.api.problems import MEDIA_TYPE
from cop.api.rules import XML
from cop.api.session import write_down
from cop.api.web import INERT, Asker, Parts
from cop.api.writes import ANSWERS, EXAMPLE, asked_by, do
from cop.errors import Invalid, NotPermitted, PayloadError
from cop.formats.payload import read_object
from cop.services.commands.partner_messages import RECEIVE, Received
from cop.services.exchange.desk_view import (
    check_sees_message,
    list_partners,
    messages_with,
    show_partner,
)
from cop.services.exchange.giving import give, partner_asking
from cop.services.exchange.originals import Originals
from cop.services.exchange.partners import PartnerPlan
from cop.services.exchange.wrapped import Wrapped, read_wrapped
from cop.services.policy import Action, Scope, permit, scope_of

router = APIRouter(prefix="/api/v1", tags=["exchange"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_FEATURE: Final = {
    "type": "Feature",
    "id": "incident:5f0c7d1e9a3b4c52",
    "geometry": {"type": "Point", "coordinates": [114.13, 22.5]},
    "properties": {
        "kind": "incident",
        "fetched_at": "2026-09-07T15:06:10.000Z",
        "publisher": "DSD",
        "title": {"en": "Sheung Shui: flooding"},
        "incident_type": "flooding",
        "status": "verified",
        "reported_at": "2026-09-07T15:05:00Z",
    },
}
_CHANGES: Final = {
    "format": 1,
    "installation": "hk-cop",
    "operation": "live",
    "exercise": False,
    "agreement": {"number": "HK-GD 2026/07", "until": "2027-01-01T00:00:00Z", "onward": False},
    "generated_at": "2026-09-07T15:06:11Z",
    "cursor": "1694099170000-0~5f0c7d1e9a3b4c52.9f86d081884c7d65",
    "whole": None,
    "more": False,
    "put": [_FEATURE],
    "remove": ["road:71"],
}
_SENT: Final = {
    "installation": "gd-cop",
    "exercise": False,
    "number": "gd-cop.live.5f0c7d1e9a3b4c52",
    "title": {"en": "Dam discharge at 15:00", "zh-Hans": "水库15时泄洪"},
    "words": {"zh-Hans": "预计18时影响深圳河水位。"},
    "severity": "Severe",
    "form": "words",
    "sent_at": "2026-09-07T14:40:00Z",
    "about": ["hazard:12"],
    "about_yours": ["incident:5f0c7d1e9a3b4c52"],
}
_PARTNER: Final = {
    "id": "partner:guangdong",
    "title": {"en": "Guangdong", "zh-Hant": "廣東", "zh-Hans": "广东"},
    "line": {"state": "ok", "why": "", "received_at": "2026-09-07T15:06:10Z", "waiting": 0},
    "terms": {
        "agreement": {"number": "HK-GD 2026/07"},
        "shares": {"kinds": ["alert", "incident"], "areas": "all", "publishers": []},
    },
    "messages": {"in": 3, "out": 2, "unacknowledged": 1},
}
_SHARED: Final = {
    "asked_at": "2026-09-07T15:06:10Z",
    "given_at": "2026-09-07T15:04:10Z",
    "put": {"alert": 2, "incident": 10},
    "removed": 3,
    "window": None,
}
_LOG: Final = {
    "at": "2026-09-07T15:00:00Z",
    "who": "guangdong",
    "id": "partner:guangdong",
    "what": "shared with guangdong by HK-GD 2026/07 since 2026-09-07T14:50:00Z: 12 put …",
}
_MESSAGE: Final = {
    "type": "Feature",
    "id": "message:5f0c7d1e9a3b4c52",
    "geometry": None,
    "properties": {
        "kind": "message",
        "version": 2,
        "partner": "partner:guangdong",
        "direction": "in",
        "title": {"en": "Dam discharge at 15:00"},
        "received_at": "2026-09-07T14:40:03Z",
        "acknowledge_by": "2026-09-07T14:50:03Z",
    },
}
_KEPT: Final = {
    "original": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "form": "cap",
    "number": "cap@gd.example,GD-7,2026-09-07T14:40:00+08:00",
    "title": {"en": "Dam discharge at 15:00"},
    "words": {"en": "The dam at the upper reservoir lets water out from 15:00."},
    "severity": "Severe",
    "exercise": False,
    "defects": [],
}
_XML: Final = {name: {"schema": {"type": "string"}} for name in sorted(XML)}
_FILE_HEADERS: Final = {
    "Cache-Control": "private, no-cache",
    **INERT,
}


@router.get(
    "/exchange/changes",
    summary="What is shared with you, as a partner's installation",
    responses={
        200: {"content": {"application/json": {"example": _CHANGES}}},
        400: {"description": "`after` is no cursor", "content": _PROBLEM},
        403: {
            "description": "Not a partner's account, or its token lacks the scope federate",
            "content": _PROBLEM,
        },
        409: {"description": "The agreement does not hold; `code` says why", "content": _PROBLEM},
        429: {"description": "Another answer to you is being made", "content": _PROBLEM},
    },
)
async def read_changes(
    identity: Asker,
    web: Parts,
    after: Annotated[
        str, Query(max_length=600, description="`cursor` of your last answer; nothing at first")
    ] = "",
) -> dict[str, Any]:
    """Give what has changed after a cursor, or the whole, in parts, where that is too old.

    Put each feature under its id, remove each id, keep the cursor in the same step, and ask again
    with it: at once where `more` is true. Where `whole` is not null, all that you hold of us with
    ids after `whole.after` and up to `whole.upto` (null: to the end) that is not in `put` is gone.
    """
    plan = partner_asking(web.settings, identity)
    try:
        picture = web.replica.picture()
        return await asyncio.to_thread(give, web.desk, picture, plan, after)
    except ValueError as error:
        raise HTTPException(400, f"after: {error}") from None


@router.post(
    "/exchange/messages",
    summary=RECEIVE.summary,
    name=f"{RECEIVE.method} {RECEIVE.path}",
    responses={
        200: {"content": {"application/json": {"example": EXAMPLE}}},
        **ANSWERS,
        413: {"description": "More than 6 MiB", "content": _PROBLEM},
        415: {"description": "Neither JSON nor XML", "content": _PROBLEM},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"example": _SENT},
                **_XML,
            },
        }
    },
)
async def receive_message(
    request: Request,
    identity: Asker,
    web: Parts,
    idempotency_key: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Take a message: JSON, or a CAP or EDXL document as it is; one number is one message.

    The bytes of a document are kept. `original` in JSON is base64.
    """
    asked = asked_by(request, identity, idempotency_key, "", matched=False)
    if scope_of(identity, RECEIVE.actions[0]) is Scope.NO:
        raise NotPermitted("federate: your role, or your token, may not do this")
    data = await request.body()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in XML:
        plan = partner_asking(web.settings, identity)
        body = await asyncio.to_thread(_from_xml, plan, data)
    else:
        body = await asyncio.to_thread(_from_json, data)
    return await do(RECEIVE, "", body, request, asked)


@router.get(
    "/exchange/partners",
    summary="The partners, and how the lines to them are",
    responses={
        200: {"content": {"application/json": {"example": {"partners": [_PARTNER], "faults": []}}}},
        403: {"description": "Your role has nothing to do with partners", "content": _PROBLEM},
    },
)
async def read_partners(identity: Asker, web: Parts) -> dict[str, Any]:
    """Give every partner that concerns the asker, with its terms; and what is wrong with files."""
    picture = web.replica.picture()
    return await asyncio.to_thread(list_partners, web.desk, picture, identity)


@router.get(
    "/exchange/partners/{id}",
    summary="One partner, with what was shared with it and when",
    responses={
        200: {
            "content": {
                "application/json": {"example": {**_PARTNER, "shared": _SHARED, "log": [_LOG]}}
            }
        },
        403: {"description": "It does not concern you", "content": _PROBLEM},
        404: {"description": "There is no such partner", "content": _PROBLEM},
    },
)
async def read_one_partner(id: str, identity: Asker, web: Parts) -> dict[str, Any]:  # noqa: A002
    """Give one partner: its line, its terms, what was shared by which agreement and when."""
    picture = web.replica.picture()
    return await asyncio.to_thread(show_partner, web.desk, picture, identity, id)


@router.get(
    "/exchange/partners/{id}/messages",
    summary="Messages with a partner, newest first",
    responses={
        200: {"content": {"application/json": {"example": {"messages": [_MESSAGE], "next": None}}}},
        403: {"description": "It does not concern you", "content": _PROBLEM},
        404: {"description": "There is no such partner, or message", "content": _PROBLEM},
    },
)
async def read_messages(
    id: str,  # noqa: A002 - the name in the path
    identity: Asker,
    web: Parts,
    before: Annotated[
        str, Query(max_length=220, description="Id of a message: give those before it")
    ] = "",
) -> dict[str, Any]:
    """Give inbox and outbox together; `next`, where it is not null, is the `before` to go on."""
    picture = web.replica.picture()
    return await asyncio.to_thread(messages_with, web.desk, picture, identity, id, before)


@router.get(
    "/messages/{id}/original",
    summary="The document that a message came or went with",
    response_class=Response,
    responses={
        200: {
            "content": {
                name: {"schema": {"type": "string"}}
                for name in ("application/xml", "application/octet-stream")
            }
        },
        404: {"description": "There is no such message, or it has none", "content": _PROBLEM},
    },
)
async def read_original(id: str, identity: Asker, web: Parts) -> Response:  # noqa: A002
    """Give the bytes as they came or went; they are to be saved, and nothing of them is run."""
    message = check_sees_message(web.desk, web.replica.picture(), identity, id)
    said = message["properties"]
    body = await asyncio.to_thread(Originals(web.settings).read, said.get("original", ""))
    form = said.get("form", "words")  # bytes that came with mere words may be anything
    media_type, suffix = (
        ("application/octet-stream", "bin") if form == "words" else ("application/xml", "xml")
    )
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{form} {id.partition(':')[2]}")[:80]
    headers = {
        **_FILE_HEADERS,
        "Content-Disposition": f'attachment; filename="{name}.{suffix}"',
    }
    return Response(body, headers=headers, media_type=media_type)


@router.post(
    "/messages/original",
    summary="Keep a document that a message is to carry",
    responses={
        200: {"content": {"application/json": {"example": _KEPT}}},
        400: {"description": "It is neither CAP nor EDXL, or may not be read", "content": _PROBLEM},
        403: {"description": "Your role has nothing to do with partners", "content": _PROBLEM},
        413: {"description": "Larger than is kept", "content": _PROBLEM},
        415: {"description": "Not sent as XML", "content": _PROBLEM},
    },
    openapi_extra={"requestBody": {"required": True, "content": _XML}},
)
async def keep_original(request: Request, identity: Asker, web: Parts) -> dict[str, Any]:
    """Keep CAP or EDXL, one to be sent or one that came by e-mail or fax; nothing is made of it.

    `original` and `form` are those to give to `POST /api/v1/messages`.
    """
    permit(identity, Action.EXCHANGE, agencies=[identity.agency])
    body = await request.body()
    found = await asyncio.to_thread(_read_document, body)
    original = await asyncio.to_thread(Originals(web.settings).keep, body)
    await write_down(web, request, identity, Action.EXCHANGE, f"{found.form} {original}")
    return {**asdict(found), "original": original}


def _read_document(data: bytes) -> Wrapped:
    """Read what a document is; raises HTTPException."""
    try:
        return read_wrapped(data)
    except PayloadError as error:
        raise HTTPException(400, f"{error}: send CAP or EDXL, or words as JSON") from None


def _from_xml(plan: PartnerPlan, data: bytes) -> Received:
    found = _read_document(data)
    return Received(
        installation=plan.installation,
        exercise=found.exercise,
        number=found.number,
        title=found.title,
        words=found.words,
        severity=found.severity,
        form=found.form,
        sha256=hashlib.sha256(data).hexdigest(),
        original=data,
        defects=found.defects,
    )


def _from_json(data: bytes) -> Received:
    """Read a message; raises Invalid or HTTPException."""
    try:
        said = read_object(data)
    except PayloadError as error:
        raise HTTPException(400, str(error)) from None
    original, digest = said.pop("original", None), None
    said.pop("sha256", None)
    if original is not None:
        try:
            original = base64.b64decode(original, validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise Invalid(("original", "give the document in base64")) from None
        digest = hashlib.sha256(original).hexdigest()
    try:
        return Received.model_validate({**said, "original": original, "sha256": digest})
    except ValidationError as error:
        wrong = ((".".join(map(str, item["loc"])), item["msg"]) for item in error.errors())
        raise Invalid(*wrong) from None
