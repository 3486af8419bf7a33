"""Pictures that are sent in pieces: a receipt for each, so that none is sent twice."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Callable
from typing import Annotated, Any, Final, ParamSpec, cast

from fastapi import APIRouter, Header, HTTPException, Path, Request, Response

from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker
from cop.api.writes import ANSWERS, EXAMPLE, answer_with, asked_by
from cop.services.uploads import MOST_BYTES, AttachUpload, OpenUpload, Uploads

router = APIRouter(prefix="/api/v1/uploads", tags=["incidents"])

_DIGEST: Final = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:$|,)")
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_SHA256: Final = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
_UPLOAD: Final = {
    "id": "9a3b4c525f0c7d1e9a3b4c525f0c7d1e-150000",
    "piece_bytes": 65536,
    "pieces": 3,
    "had": [{"n": 0, "sha256": _SHA256}],
}
_RECEIPT: Final = {
    "n": 1,
    "sha256": _SHA256,
    "size_bytes": 65536,
    "received_at": "2023-09-07T15:07:00.000Z",
    "had": 2,
    "pieces": 3,
}
_NONE: Final = {"description": "The asker has no such upload", "content": _PROBLEM}

Name = Annotated[str, Path(max_length=60)]
P = ParamSpec("P")


def _shown(example: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": example}}}, 404: _NONE}


@router.post(
    "",
    summary="Begin to send a picture in pieces",
    responses={
        **_shown(_UPLOAD),
        409: {"description": "Too many are unfinished", "content": _PROBLEM},
    },
)
async def open_upload(request: Request, identity: Asker, body: OpenUpload) -> dict[str, Any]:
    """Begin, or find what was begun: `had` lists the pieces that need not be sent again.

    Pieces have `piece_bytes` bytes, the last one the rest; the first is number 0. What is not
    attached within a week is given up.
    """
    return await _at_disk(request, _uploads(request).open, identity, body)


@router.get("/{upload}", summary="Which pieces have arrived", responses=_shown(_UPLOAD))
async def read_upload(upload: Name, request: Request, identity: Asker) -> dict[str, Any]:
    """Give which pieces of one's own upload are on disk."""
    return await _at_disk(request, _uploads(request).describe, identity, upload)


@router.put(
    "/{upload}/pieces/{n}",
    summary="Send one piece",
    responses={
        **_shown(_RECEIPT),
        400: {"description": "Not a piece, or damaged on its way", "content": _PROBLEM},
        409: {"description": "Other bytes came under this number before", "content": _PROBLEM},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
async def put_piece(
    upload: Name,
    n: Annotated[int, Path(ge=0, lt=MOST_BYTES)],
    request: Request,
    identity: Asker,
    content_digest: Annotated[str, Header(max_length=500)] = "",
) -> dict[str, Any]:
    """Keep piece *n* and answer with its receipt once it is on disk.

    `Content-Digest: sha-256=:…:` (RFC 9530) must be that of the piece.
    """
    found = _DIGEST.search(content_digest)
    if found is None:
        raise HTTPException(400, "send Content-Digest: sha-256=:BASE64:, of the piece")
    try:
        digest = base64.b64decode(found[1], validate=True)
    except binascii.Error:
        raise HTTPException(400, "Content-Digest: what stands there is no base64") from None
    data = await request.body()
    return await _at_disk(request, _uploads(request).put, identity, upload, n, data, digest)


@router.post(
    "/{upload}/attach",
    summary="Attach a picture that has arrived",
    responses={
        200: {"content": {"application/json": {"example": EXAMPLE}}},
        **ANSWERS,
    },
)
async def attach_upload(
    *,
    upload: Name,
    request: Request,
    identity: Asker,
    body: AttachUpload,
    idempotency_key: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Attach it to an incident, as `POST /incidents/{id}/attachments` does."""
    asked = asked_by(request, identity, idempotency_key, "", matched=False)
    async with request.app.state.attaching:
        outcome = await asyncio.to_thread(_uploads(request).attach, identity, upload, body, asked)
    return await answer_with(request.app.state.web, identity, outcome)


async def _at_disk(
    request: Request, work: Callable[P, dict[str, Any]], *args: P.args, **more: P.kwargs
) -> dict[str, Any]:
    """Do *work* in a thread, few at once: who has no picture to send needs the others."""
    async with request.app.state.uploading:
        return await asyncio.to_thread(work, *args, **more)


def _uploads(request: Request) -> Uploads:
    return cast("Uploads", request.app.state.uploads)
