"""GET /api/v1/exports/…: the picture as files for globes, GIS, spreadsheets and feed readers."""

from __future__ import annotations

import asyncio
import gzip
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Header, Query, Request, Response

from cop.api.compress import takes_gzip
from cop.api.problems import MEDIA_TYPE
from cop.api.reads import parse_bbox
from cop.api.web import Asker, Parts
from cop.clock import utc_iso
from cop.config import Settings
from cop.errors import NotFound
from cop.model.access import Audience
from cop.model.entity import Kind, Severity
from cop.model.geometry import BBox
from cop.model.text import choose_lang
from cop.services.documents import WORTH_BYTES, is_known
from cop.services.exports.formats import FORMATS, Suffix
from cop.services.exports.icons import draw_icon
from cop.services.exports.kml import write_live
from cop.services.exports.table import Wish, gather, readable

router = APIRouter(prefix="/api/v1/exports", tags=["exports"])

_PACKED: Final = frozenset(["parquet"])
"""What is compressed already."""
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
_KML: Final = "application/vnd.google-earth.kml+xml"

LangWish = Annotated[str, Query(description="`en`, `zh-Hant` or `zh-Hans`", max_length=20)]
BoxWish = Annotated[
    str | None,
    Query(
        description="Only what touches west,south,east,north in degrees (WGS84)",
        max_length=200,
        examples=["113.8,22.1,114.5,22.6"],
    ),
]
Languages = Annotated[str, Header(max_length=400)]


def address_of_site(settings: Settings, request: Request) -> str:
    """Give scheme and host by which this site is reached, without a slash at the end.

    Without a public address it is the one that the request came by, which the gate has let in.
    """
    if settings.public_url:
        parts = urlsplit(settings.public_url)
        return f"{parts.scheme}://{parts.netloc}"
    return f"{request.url.scheme}://{request.url.netloc}"


@router.get(
    "/live.kml",
    summary="A link for globes that fetches the picture again and again",
    response_class=Response,
    responses={
        200: {"content": {_KML: _FILE}},
        400: {"description": "A parameter is not what it should be", "content": _PROBLEM},
    },
)
async def read_live(
    *,
    request: Request,
    identity: Asker,
    web: Parts,
    kind: Annotated[list[Kind] | None, Query(description="Only these; may be repeated")] = None,
    bbox: BoxWish = None,
    lang: LangWish = "",
    every_s: Annotated[int, Query(ge=10, le=3600, description="Seconds between fetches")] = 60,
    accept_language: Languages = "",
) -> Response:
    """Give a KML document with a network link a kind, of those that the asker may read."""
    if bbox is not None:
        parse_bbox(bbox)
    known = readable(identity.audience)
    kinds = [one for one in kind or _SHOWN if one in known]
    if not kinds:
        raise NotFound("none of these kinds is for you: sign in, or ask for others")
    body = write_live(
        kinds,
        choose_lang(lang, accept_language),
        address_of_site(web.settings, request),
        every_s,
        bbox or "",
        exercise=web.settings.exercise,
    )
    headers = _headers("live.kml")
    return Response(body, headers=headers, media_type=f"{_KML}; charset=utf-8")


_SHOWN: Final = (
    *(Kind.ALERT, Kind.HAZARD, Kind.INCIDENT, Kind.ROAD, Kind.FACILITY, Kind.OBSERVATION),
    *(Kind.RESOURCE, Kind.NEED),
)
"""What is shown where no kind is asked for."""


@router.get(
    "/icons/{name}.png",
    summary="A mark of the KML: its shape is the kind, its bars how severe it is",
    response_class=Response,
    responses={
        200: {"content": {"image/png": _FILE}},
        404: {"description": "There is no such mark", "content": _PROBLEM},
    },
)
async def read_icon(name: str) -> Response:
    """Give the mark called `kind-severity`, for example `alert-severe`."""
    kind, _, severity = name.partition("-")
    by_name = {one.lower(): one for one in Severity}
    if kind not in set(Kind) or severity not in by_name:
        raise NotFound("there is no such mark: ask for `kind-severity`, as `alert-severe`")
    body = await asyncio.to_thread(draw_icon, Kind(kind), by_name[severity])
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(body, headers=headers, media_type="image/png")


@router.get(
    "/{kind}.{suffix}",
    summary="The picture as a file",
    response_class=Response,
    responses={
        200: {
            "description": "All of one kind that the asker may see; `Cop-As-Of` says as of when",
            "content": {one.media_type.partition(";")[0]: _FILE for one in FORMATS.values()},
        },
        304: {"description": "Nothing has changed since the ETag in If-None-Match"},
        400: {"description": "Not what it should be, or more than fits", "content": _PROBLEM},
        404: {"description": "There is no such kind or format for the asker", "content": _PROBLEM},
        503: {"description": "Not read yet; try again", "content": _PROBLEM},
    },
)
async def read_export(
    *,
    kind: str,
    suffix: str,
    request: Request,
    identity: Asker,
    web: Parts,
    bbox: BoxWish = None,
    lang: LangWish = "",
    if_none_match: Annotated[str, Header(max_length=2000)] = "",
    accept_language: Languages = "",
    accept_encoding: Annotated[str, Header(max_length=400)] = "",
) -> Response:
    """Give one kind as GeoJSON, CSV, KML, GeoRSS, GeoPackage or GeoParquet.

    `kind` is one of the picture's (`alert`, `incident`, `facility`…), `suffix` one of `geojson`,
    `csv`, `kml`, `rss`, `gpkg`, `parquet`. Each file says under which terms it is given, and as of
    when. Without a bbox it has all of the kind, also what has no place.
    """
    wanted, form = _known(kind, suffix, identity.audience)
    wish = Wish(
        kind=wanted,
        audience=identity.audience,
        lang=choose_lang(lang, accept_language),
        box=None if bbox is None else parse_bbox(bbox),
        address=address_of_site(web.settings, request),
    )
    picture = web.replica.picture()
    etag = _etag(f"{picture.epoch}.{picture.cursor}", wish, form)
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers={**_headers(f"{kind}.{suffix}"), "ETag": etag})
    async with request.app.state.exporting[bool(identity.name)]:
        export = await asyncio.to_thread(gather, web.replica, web.settings, wish)
        body = await asyncio.to_thread(FORMATS[form].write, export)
    headers = {
        **_headers(f"{kind}.{suffix}"),
        "ETag": _etag(f"{picture.epoch}.{export.cursor}", wish, form),
        "Cop-As-Of": utc_iso(export.as_of, "seconds"),
    }
    if form not in _PACKED and len(body) > WORTH_BYTES and takes_gzip(accept_encoding):
        body = await asyncio.to_thread(gzip.compress, body, compresslevel=1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type=FORMATS[form].media_type)


def _known(kind: str, suffix: str, audience: Audience) -> tuple[Kind, Suffix]:
    form = next((one for one in FORMATS if one == suffix), None)
    if form is None:
        raise NotFound(f"there is no such format: ask for one of {', '.join(FORMATS)}")
    found = next((one for one in readable(audience) if one == kind), None)
    if found is None:
        known = ", ".join(readable(audience))
        raise NotFound(f"there is no such kind for you: there are {known}")
    return found, form


def box_key(box: BBox | None) -> str:
    """Give what stands for *box* in an ETag, however it was written."""
    return "" if box is None else ",".join(map(str, box))


def _etag(state: str, wish: Wish, form: str) -> str:
    parts = (state, wish.kind, wish.audience, wish.lang, box_key(wish.box), form)
    return f'W/"{".".join(parts)}"'


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="cop-{name}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding, Accept-Language, Authorization, Cookie",
        "X-Content-Type-Options": "nosniff",
    }
