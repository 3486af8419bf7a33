"""GET /api/v1/picture, one entity of it, and what the live stream looks like."""

from __future__ import annotations

import asyncio
import math
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, HTTPException, Query, Response

from cop.api.compress import takes_gzip
from cop.api.problems import MEDIA_TYPE, problem
from cop.api.web import Asker, Parts
from cop.errors import NotFound
from cop.model.entity import Kind
from cop.model.geometry import BBox
from cop.services.documents import Document, is_known

router = APIRouter(prefix="/api/v1", tags=["picture"])

_FEATURE = {
    "type": "Feature",
    "id": "hko_warnings:WRAINB",
    "geometry": None,
    "properties": {
        "kind": "alert",
        "version": 1,
        "fetched_at": "2023-09-07T15:06:10.000Z",
        "title": {"en": "Black Rainstorm Warning Signal", "zh-Hant": "黑色暴雨警告信號"},
        "event_type": "rainstorm",
        "signal": "WRAINB",
        "issued_at": "2023-09-07T15:05:00Z",
    },
}
_PICTURE = {
    "type": "FeatureCollection",
    "cursor": "1694099170000-0",
    "operation": "live",
    "exercise": False,
    "generated_at": "2023-09-07T15:06:11Z",
    "now": "2023-09-07T15:06:11Z",
    "speed": 1.0,
    "features": [_FEATURE],
}
_STREAM = (
    "id: 1694099170000-0\n"
    "event: picture\n"
    'data: {"cursor":"1694099170000-0","put":[{"type":"Feature","id":"…"}],"remove":["…"]}\n\n'
)
_GEOJSON = "application/geo+json"


@router.get(
    "/picture",
    summary="The picture now",
    responses={
        200: {"content": {_GEOJSON: {"example": _PICTURE}}},
        304: {"description": "Nothing has changed since the ETag in If-None-Match"},
        400: {"description": "A parameter is not what it should be", "content": {MEDIA_TYPE: {}}},
        503: {"description": "Not read yet; try again", "content": {MEDIA_TYPE: {}}},
    },
)
async def read_picture(
    *,
    identity: Asker,
    web: Parts,
    kind: Annotated[
        list[Kind] | None, Query(description="Only these kinds; may be repeated")
    ] = None,
    bbox: Annotated[
        str | None,
        Query(
            description="Only what touches west,south,east,north in degrees (WGS84)",
            max_length=200,
            examples=["113.8,22.1,114.5,22.6"],
        ),
    ] = None,
    if_none_match: Annotated[str, Header()] = "",
    accept_encoding: Annotated[str, Header()] = "",
) -> Response:
    """Give all that the asker may see as GeoJSON, exact at `cursor`.

    Then follow `/api/v1/stream?after=CURSOR`: nothing is missed and nothing comes twice.
    """
    box = None if bbox is None else parse_bbox(bbox)
    if kind or box:
        kinds = frozenset(kind or ())
        document = await asyncio.to_thread(web.documents.part, identity.audience, kinds, box)
        return _send(document, if_none_match, accept_encoding)
    ready = web.documents.ready(identity.audience)
    if ready is None:
        ready = await asyncio.to_thread(web.documents.whole, identity.audience)
    return _send(ready, if_none_match, accept_encoding)


def _send(document: Document, if_none_match: str, accept_encoding: str) -> Response:
    headers = {
        "ETag": document.etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding, Authorization, Cookie",
    }
    if is_known(document.etag, if_none_match):
        return Response(status_code=304, headers=headers)
    if document.gzipped and takes_gzip(accept_encoding):
        headers["Content-Encoding"] = "gzip"
        return Response(document.gzipped, headers=headers, media_type=_GEOJSON)
    return Response(document.body, headers=headers, media_type=_GEOJSON)


def parse_bbox(words: str) -> BBox:
    """Read `west,south,east,north`.

    Raises:
        HTTPException: 400, with what is wrong.
    """
    try:
        west, south, east, north = (float(part) for part in words.split(","))
    except ValueError:
        raise HTTPException(400, "bbox: give four numbers, west,south,east,north") from None
    if not all(math.isfinite(number) for number in (west, south, east, north)):
        raise HTTPException(400, "bbox: give four finite numbers")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise HTTPException(
            400,
            "bbox: give west,south,east,north in degrees with west <= east and south <= north;"
            " for a box across the 180th meridian ask for its two halves",
        )
    return (west, south, east, north)


@router.get(
    "/entities/{entity_id:path}",
    summary="One entity",
    responses={
        200: {
            "content": {_GEOJSON: {"example": {**_FEATURE, "operation": "live", "exercise": False}}}
        },
        404: {"description": "None that the asker may see", "content": {MEDIA_TYPE: {}}},
    },
)
async def read_entity(entity_id: str, identity: Asker, web: Parts) -> Response:
    """Give one feature as the asker may see it, with its operation, as the picture has them."""
    feature = web.replica.picture().find(identity.audience, entity_id)
    if feature is None:
        raise NotFound("there is no such entity for you: it may have left the picture")
    mark = orjson.dumps({"operation": web.settings.operation, "exercise": web.settings.exercise})
    body = b"%b,%b" % (feature[:-1], mark[1:])
    return Response(body, headers={"Cache-Control": "private, no-cache"}, media_type=_GEOJSON)


@router.get(
    "/stream",
    summary="Every change as it happens",
    response_class=Response,
    responses={
        200: {
            "description": (
                "Server-Sent Events. `picture`: put these features, remove these ids; `id:` is the"
                " cursor, and `Last-Event-ID` or `after` resumes behind it. `resync`: read"
                " /api/v1/picture anew, keep the later of it and what the stream brings meanwhile."
                " `health`, every second: the picture's time, and whether Redis, a worker and the"
                " scheduler are up."
            ),
            "content": {"text/event-stream": {"example": _STREAM}},
        },
        501: {"description": "Not served by this kind of server", "content": {MEDIA_TYPE: {}}},
    },
)
async def describe_stream(
    after: Annotated[str, Query(description="A cursor; without it, from now on")] = "",
) -> Any:
    """Follow the picture. Under uvicorn the gate answers this itself."""
    detail = f"this server cannot stream (after {after!r}); read /api/v1/picture instead"
    return problem(501, detail)
