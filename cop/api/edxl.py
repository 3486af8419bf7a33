"""EDXL over HTTP: HAVE, RM and SitRep of the picture, bare or in a DE envelope; and from others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from lxml import etree
from pydantic import AwareDatetime

from cop.api.exports import BoxWish, Languages, LangWish, box_key
from cop.api.problems import MEDIA_TYPE
from cop.api.reads import parse_bbox
from cop.api.session import write_down
from cop.api.web import Asker, Parts, Web, origin_of
from cop.clock import utc_iso
from cop.errors import Invalid, PayloadError
from cop.formats.edxl.rm import write_rm
from cop.formats.edxl.sitrep import write_sitrep
from cop.formats.edxl.tree import encode
from cop.model.text import choose_lang
from cop.services.documents import is_known
from cop.services.exchange.edxl import (
    TYPE_OF,
    HaveVersion,
    Reader,
    RmForm,
    envelope,
    have,
    resource_message,
)
from cop.services.exchange.edxl_in import (
    Made,
    Taker,
    Understood,
    ask_needs,
    not_for_us,
    understand,
)
from cop.services.exchange.giving import check_agreement, partner_asking
from cop.services.exchange.originals import Originals
from cop.services.exchange.situation import Part, situation_report
from cop.services.policy import Action, Identity, Scope, permit, scope_of

router = APIRouter(prefix="/api/v1/edxl", tags=["exchange"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_XML: Final = "application/xml"
_HAVE: Final = (
    '<have:HospitalStatus xmlns:have="urn:oasis:names:tc:emergency:EDXL:HAVE:1.0">'
    "<have:Hospital>…</have:Hospital></have:HospitalStatus>"
)
_RM: Final = (
    '<rmsg:RequestResource xmlns:rmsg="urn:oasis:names:tc:emergency:EDXL:RM:1.0:msg">'
    "<rmsg:MessageID>hk-cop-live-need:5f0c7d1e9a3b4c52-1</rmsg:MessageID>…</rmsg:RequestResource>"
)
_SITREP: Final = (
    '<sitrep:sitRep xmlns:sitrep="urn:oasis:names:tc:emergency:EDXL:SitRep:1.0">'
    "<sitrep:messageID>hk-cop-live-sitrep-situation-17</sitrep:messageID>…</sitrep:sitRep>"
)
_TAKEN: Final = {
    "form": "edxl-rm",
    "original": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "number": "gd-cop-77",
    "sender": "",
    "lei": "",
    "status": "",
    "parts": [{"form": "edxl-rm", "message": "RequestResource", "number": "gd-cop-77"}],
    "defects": ["SentDateTime is missing or is no moment with a time zone"],
    "needs": [
        {
            "message": "gd-cop-77",
            "item": "1",
            "need": "need:5f0c7d1e9a3b4c52",
            "repeated": False,
            "detail": "",
        }
    ],
}
_MISSING: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "There is none that the asker may see", "content": _PROBLEM}
}

EnvelopeWish = Annotated[
    Literal["de"] | None, Query(description="`de`: in an EDXL-DE 1.0 envelope")
]


def _reader(web: Web, identity: Identity, lang: str, accept_language: str) -> Reader:
    return Reader(
        web.replica.picture(),
        identity.audience,
        web.settings,
        choose_lang(lang, accept_language),
        web.replica.clock.now(),
    )


def _sent(web: Web, name: str, body: bytes, etag: str = "") -> Response:
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{name}.xml"',
        "Cop-As-Of": utc_iso(web.replica.known_at(), "seconds"),
        "Vary": "Accept-Encoding, Accept-Language, Authorization, Cookie",
        "X-Content-Type-Options": "nosniff",
        **({"ETag": etag} if etag else {}),
    }
    return Response(body, headers=headers, media_type=f"{_XML}; charset=utf-8")


def _wrapped(
    reader: Reader, wish: str | None, name: str, type_: str, elements: Sequence[etree._Element]
) -> bytes:
    return encode(elements[0]) if wish is None else envelope(reader, name, type_, elements)


@router.get(
    "/have.xml",
    summary="Hospitals, shelters and first-aid posts as EDXL-HAVE",
    response_class=Response,
    responses={
        200: {"content": {_XML: {"example": _HAVE}}},
        304: {"description": "Nothing has changed since the ETag in If-None-Match"},
        **_MISSING,
    },
)
async def read_have(
    *,
    identity: Asker,
    web: Parts,
    version: Annotated[HaveVersion, Query(description="1.0: hospitals; 2.0: all three")] = "1.0",
    bbox: BoxWish = None,
    lang: LangWish = "",
    envelope: EnvelopeWish = None,
    accept_language: Languages = "",
    if_none_match: Annotated[str, Header(max_length=2000)] = "",
) -> Response:
    """Report how facilities are.

    Version 1.0 is for hospitals and follows its schema. Version 2.0 has shelters and first-aid
    posts too, as far as its text is public: it is not schema-checked.
    """
    box = None if bbox is None else parse_bbox(bbox)
    reader = _reader(web, identity, lang, accept_language)
    state = f"{reader.picture.epoch}.{reader.picture.cursor}.{identity.audience}"
    etag = f'W/"{state}.have.{version}.{reader.lang}.{envelope}.{box_key(box)}"'
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers={"ETag": etag})
    element = await asyncio.to_thread(have, reader, version, box)
    body = _wrapped(reader, envelope, f"have-{version}", "Report", [element])
    return _sent(web, "have", body, etag)


@router.get(
    "/rm/{entity_id}.xml",
    summary="A need or an assignment as EDXL-RM",
    response_class=Response,
    responses={
        200: {"content": {_XML: {"example": _RM}}},
        **_MISSING,
        409: {"description": "There is nothing to say in that form", "content": _PROBLEM},
    },
)
async def read_rm(
    *,
    entity_id: str,
    identity: Asker,
    web: Parts,
    message: Annotated[
        RmForm | None,
        Query(description="Of a need `request` or `response`, of an assignment `commit`, `status`"),
    ] = None,
    answers: Annotated[
        str, Query(max_length=300, description="MessageID of yours that it answers")
    ] = "",
    lang: LangWish = "",
    envelope: EnvelopeWish = None,
    accept_language: Languages = "",
) -> Response:
    """Say a need or an assignment in one of four messages.

    They are RequestResource and ResponseToRequestResource, CommitResource and
    ReportResourceDeploymentStatus.
    """
    reader = _reader(web, identity, lang, accept_language)
    found = await asyncio.to_thread(resource_message, reader, entity_id, message, answers)
    body = _wrapped(reader, envelope, found.form, TYPE_OF[found.form], [write_rm(found)])
    return _sent(web, found.form, body)


@router.get(
    "/sitrep.xml",
    summary="A situation report from the journal, as EDXL-SitRep",
    response_class=Response,
    responses={
        200: {"content": {_XML: {"example": _SITREP}}},
        400: {"description": "The times are not what they should be", "content": _PROBLEM},
        403: {"description": "The role may not read the journal", "content": _PROBLEM},
    },
)
async def read_sitrep(
    *,
    request: Request,
    identity: Asker,
    web: Parts,
    since: Annotated[
        AwareDatetime | None, Query(alias="from", description="By the operation's clock")
    ] = None,
    until: Annotated[AwareDatetime | None, Query(description="Without it: now")] = None,
    part: Annotated[
        list[Part] | None, Query(description="May be repeated with `envelope=de`")
    ] = None,
    lang: LangWish = "",
    envelope: EnvelopeWish = None,
    accept_language: Languages = "",
) -> Response:
    """Report on the situation, the resources or the casualties of a time.

    By default it is that of the last twelve hours. It is not schema-checked: no schema could be
    had.
    """
    permit(identity, Action.READ_JOURNAL, agencies=[identity.agency])
    parts: list[Part] = list(dict.fromkeys(part or ["situation"]))
    if len(parts) > 1 and envelope is None:
        raise Invalid(("part", "ask for one, or for several with `envelope=de`"))
    reader = _reader(web, identity, lang, accept_language)
    end = until or reader.now
    begin = since or end - timedelta(hours=12)
    async with request.app.state.reporting:
        elements = [await asyncio.to_thread(_report, web, reader, begin, end, one) for one in parts]
    return _sent(web, "sitrep", _wrapped(reader, envelope, "sitrep", "Report", elements))


def _report(web: Web, reader: Reader, begin: datetime, end: datetime, part: Part) -> etree._Element:
    return write_sitrep(situation_report(web.desk.store, reader, begin, end, part))


@router.post(
    "",
    summary="Take in an EDXL document",
    responses={
        200: {"content": {"application/json": {"example": _TAKEN}}},
        400: {"description": "It is none, or may not be read", "content": _PROBLEM},
        403: {"description": "The role may not do this", "content": _PROBLEM},
        409: {"description": "The partner's agreement does not hold", "content": _PROBLEM},
        413: {"description": "Larger than is kept", "content": _PROBLEM},
        415: {"description": "Not sent as XML", "content": _PROBLEM},
    },
    openapi_extra={
        "requestBody": {"required": True, "content": {_XML: {"schema": {"type": "string"}}}}
    },
)
async def take(
    *,
    request: Request,
    identity: Asker,
    web: Parts,
    subject: Annotated[
        str, Query(max_length=210, description="Incident or facility that a request is for")
    ] = "",
    status: Annotated[
        Literal["Actual", "Exercise"] | None,
        Query(description="What you know it to be, where no envelope says it"),
    ] = None,
) -> Response:
    """Read a DE, HAVE, RM or SitRep document leniently, keep it, and say what was understood.

    Of each item of a RequestResource a need is made, once however often the message comes. In the
    live operation it must be known to be real: by its envelope, else by *status*.
    """
    _check(web, identity)
    body = await request.body()
    try:
        found = await asyncio.to_thread(understand, body)
    except PayloadError as error:
        raise HTTPException(400, f"{error}: send EDXL as XML without a document type") from None
    originals = Originals(web.settings)
    original = await asyncio.to_thread(originals.keep, body, loose=True)
    await write_down(web, request, identity, Action.EXCHANGE, f"{found.form} {original}")
    taker = Taker(web.desk, identity, origin_of(request))
    made = await asyncio.to_thread(_needs, taker, found, status or "", subject)
    said = {
        "form": found.form,
        "original": original,
        "number": found.number,
        "sender": found.sender,
        "lei": found.lei,
        "status": found.status,
        "parts": found.parts,
        "defects": found.defects,
        "needs": made,
    }
    answer = orjson.dumps(said, option=orjson.OPT_UTC_Z)
    return Response(answer, headers={"Cache-Control": "no-store"}, media_type="application/json")


def _needs(taker: Taker, found: Understood, status: str, subject: str) -> list[Made]:
    """Make the needs that are asked for; where this operation may not, none, and say so."""
    if not found.asks:
        return []
    refused = not_for_us(found.status or status, exercise=taker.desk.settings.exercise)
    if refused:
        found.defects.append(refused)
        return []
    return ask_needs(taker, found.asks, subject)


def _check(web: Web, identity: Identity) -> None:
    """Return for a partner while its agreement holds, and for whoever exchanges at the desk."""
    if scope_of(identity, Action.FEDERATE) is Scope.NO:
        permit(identity, Action.EXCHANGE, agencies=[identity.agency])
    else:
        check_agreement(partner_asking(web.settings, identity), web.desk.clock.now())
