"""Pictures of incidents: sent as they are, handed out small and clean."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.rules import IMAGES
from cop.api.web import INERT, Asker, Parts
from cop.api.writes import ANSWERS, EXAMPLE, asked_by, do
from cop.errors import NotPermitted
from cop.services.commands.attachments import ATTACH, AttachImage, read_image
from cop.services.documents import is_known
from cop.services.images import media_type_of
from cop.services.policy import Scope, scope_of

router = APIRouter(prefix="/api/v1", tags=["incidents"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
_HEADERS: Final = {
    "Cache-Control": "private, no-cache",  # asked for again each time: not shown after signing out
    **INERT,
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.post(
    ATTACH.path,
    summary=ATTACH.summary,
    name=f"{ATTACH.method} {ATTACH.path}",
    responses={
        200: {"content": {"application/json": {"example": EXAMPLE}}},
        **ANSWERS,
        413: {"description": "More than 8 MiB", "content": _PROBLEM},
        415: {"description": "Not sent as JPEG, PNG or WebP", "content": _PROBLEM},
    },
    openapi_extra={"requestBody": {"required": True, "content": dict.fromkeys(IMAGES, _FILE)}},
)
async def attach(
    *,
    id: str,  # noqa: A002 - the name in the path
    request: Request,
    identity: Asker,
    caption: Annotated[str, Query(max_length=300)] = "",
    idempotency_key: Annotated[str, Header(max_length=200)] = "",
    if_match: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Attach the picture that the body is; it is made small and freed of metadata."""
    asked = asked_by(request, identity, idempotency_key, if_match, matched=False)
    if scope_of(identity, ATTACH.actions[0]) is Scope.NO:
        raise NotPermitted("attach: your role may not do this")
    data = await request.body()
    body = AttachImage(sha256=hashlib.sha256(data).hexdigest(), caption=caption, data=data)
    async with request.app.state.attaching:
        return await do(ATTACH, id, body, request, asked)


@router.get(
    "/attachments/{sha256}",
    summary="A picture of an incident",
    tags=["incidents"],
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": _FILE, "image/png": _FILE}},
        304: {"description": "It is what the ETag in If-None-Match says"},
        404: {"description": "No incident has such an attachment", "content": _PROBLEM},
    },
)
async def read_attachment(
    sha256: str, web: Parts, if_none_match: Annotated[str, Header(max_length=200)] = ""
) -> Response:
    """Give a picture that an incident of this operation has, or had."""
    data = await asyncio.to_thread(read_image, web.desk.store, web.settings, sha256)
    headers = {**_HEADERS, "ETag": f'"{sha256}"'}
    if is_known(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    media_type = media_type_of(data)
    name = f"picture-{sha256[:12]}.{media_type.rpartition('/')[2]}"
    headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(data, headers=headers, media_type=media_type)
