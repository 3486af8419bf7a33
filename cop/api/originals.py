"""The messages that alerts came or went as, byte for byte."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Header, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import INERT, Asker, Parts
from cop.errors import NotFound
from cop.model.entity import Kind
from cop.services.documents import is_known
from cop.services.exchange.originals import Originals

router = APIRouter(prefix="/api/v1", tags=["exchange"])

_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_HEADERS: Final = {
    "Cache-Control": "private, no-cache",
    "Content-Disposition": 'attachment; filename="alert.xml"',
    **INERT,
    "Cross-Origin-Resource-Policy": "same-origin",
}
_EXAMPLE: Final = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>HK-1</identifier></alert>'
)


@router.get(
    "/alerts/{id}/original",
    summary="The message that an alert came or went as",
    response_class=Response,
    responses={
        200: {"content": {"application/xml": {"example": _EXAMPLE}}},
        304: {"description": "It is what the ETag in If-None-Match says"},
        404: {"description": "There is no such alert, or it was no message", "content": _PROBLEM},
    },
)
async def read_alert_original(
    id: str,  # noqa: A002 - the name in the path
    identity: Asker,
    web: Parts,
    if_none_match: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Give the bytes as they came: not mended, not shown, to be saved.

    Of a message that came in a list or an envelope these are its own element alone.
    """
    feature = web.replica.picture().find(identity.audience, id)
    said = {} if feature is None else orjson.loads(feature)["properties"]
    digest = said.get("original")
    if said.get("kind") != Kind.ALERT or not digest:
        raise NotFound("there is no such alert for you, or it did not come as a message")
    headers = {**_HEADERS, "ETag": f'"{digest}"'}
    if is_known(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    body = await asyncio.to_thread(Originals(web.settings).read, digest)
    return Response(body, headers=headers, media_type="application/xml")
