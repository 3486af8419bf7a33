"""GET /api/v1/layers/{id}/…: what is in a layer of somebody else's, as features or as pictures."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, cast

import orjson
from fastapi import APIRouter, Header, HTTPException, Path, Request, Response

from cop.api.layer_tiles import LayerTiles, TooMany
from cop.api.problems import MEDIA_TYPE, problem
from cop.api.web import INERT, Asker, Parts, Web
from cop.errors import NotFound
from cop.model.entity import Kind
from cop.model.exchange import Layer
from cop.model.kinds import decode
from cop.services.documents import is_known
from cop.services.layers.tables import Table, Tables
from cop.services.layers.tiles import NoTile, Place
from cop.services.policy import Identity

router = APIRouter(prefix="/api/v1/layers", tags=["layers"])

KEPT_S: Final = 60
"""For so long a browser may show a picture again without asking."""

_GEOJSON: Final = "application/geo+json"
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_TOLD: Final = ("title", "service", "attribution", "licence", "link", "state", "cut")
_EXAMPLE: Final = {
    "type": "FeatureCollection",
    "id": "layer:csdi-fire-stations",
    "as_of": "2023-09-07T15:06:10Z",
    "title": {"en": "Fire stations"},
    "attribution": "Fire Services Department, via the CSDI portal",
    "licence": "Terms of the CSDI portal: https://portal.csdi.gov.hk/csdi-webpage/doc/TNC",
    "cut": False,
    "features": [
        {
            "type": "Feature",
            "id": "1",
            "geometry": {"type": "Point", "coordinates": [114.17, 22.3]},
            "properties": {"Name_en": "Example", "Name_tc": "例子"},
        }
    ],
}
_PICTURE_HEADERS: Final = {
    "Cache-Control": f"private, max-age={KEPT_S}",
    "Content-Disposition": "inline",
    **INERT,
    "Cross-Origin-Resource-Policy": "same-origin",
}

LayerId = Annotated[str, Path(max_length=200, examples=["layer:csdi-fire-stations"])]


@router.get(
    "/{id}/features",
    summary="What is in a layer of somebody else's",
    response_class=Response,
    responses={
        200: {"content": {_GEOJSON: {"example": _EXAMPLE}}},
        304: {"description": "Nothing in it has changed since the ETag in If-None-Match"},
        404: {
            "description": "There is no such layer, or it comes as pictures",
            "content": _PROBLEM,
        },
        503: {"description": "It was never fetched yet", "content": _PROBLEM},
    },
)
async def read_features(
    *,
    id: LayerId,  # noqa: A002 - its name
    request: Request,
    identity: Asker,
    web: Parts,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Give the features as they were last fetched, with age, attribution and licence.

    They are no part of the picture: they stand in no stream, and nobody here may change them.
    """
    told = _told(web, identity, id)
    if told["service"] == "wms":
        raise NotFound("this layer comes as pictures: ask for its tiles")
    as_of = told.get("fetched_at", "")
    tables = cast("Tables", request.app.state.layer_tables)
    table = await asyncio.to_thread(tables.read, id, as_of) if as_of else None
    if table is None:
        why = told.get("why") or "it is fetched within a minute"
        detail = f"this layer was never fetched yet: {why}"
        return problem(503, detail, code="layer-never", headers={"Retry-After": "10"})
    etag = f'W/"{table.digest[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Cop-As-Of": as_of}
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(_body(id, told, table), headers=headers, media_type=_GEOJSON)


def _told(web: Web, identity: Identity, layer_id: str) -> dict[str, Any]:
    """Give what the asker may see of a layer; raises NotFound where that is nothing."""
    feature = web.replica.picture().find(identity.audience, layer_id)
    told: dict[str, Any] = {} if feature is None else orjson.loads(feature)["properties"]
    if told.get("kind") != Kind.LAYER:
        raise NotFound("there is no such layer: it may have been taken away")
    return told


def _body(layer_id: str, told: dict[str, Any], table: Table) -> bytes:
    about = {name: told[name] for name in _TOLD if name in told}
    head = orjson.dumps({"id": layer_id, "as_of": told["fetched_at"], **about})
    return b'{"type":"FeatureCollection",%b,%b' % (
        head[1:-1],
        table.body.removeprefix(b'{"type":"FeatureCollection",'),
    )


@router.get(
    "/{id}/tiles/{z}/{x}/{y}.png",
    summary="A picture out of a map service of somebody else's",
    response_class=Response,
    responses={
        200: {
            "description": "256 × 256 pixels of the usual pyramid (EPSG:3857), PNG or JPEG.",
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        },
        400: {"description": "There is no such tile", "content": _PROBLEM},
        404: {"description": "There is no such layer, or it has features", "content": _PROBLEM},
        502: {"description": "The service gave no picture; `detail` says why", "content": _PROBLEM},
        503: {"description": "Too many ask at once", "content": _PROBLEM},
    },
)
async def read_tile(
    *,
    id: LayerId,  # noqa: A002 - its name
    z: int,
    x: int,
    y: int,
    request: Request,
    identity: Asker,
    web: Parts,
) -> Response:
    """Give a picture that this server has fetched: browsers load nothing from elsewhere."""
    if _told(web, identity, id)["service"] != "wms":
        raise NotFound("this layer has features and no pictures: ask for its features")
    place = Place(z, x, y)
    if not place.exists:
        raise HTTPException(400, "give zoom, column and row of a tile that there is")
    tiles = cast("LayerTiles", request.app.state.layer_tiles)
    layer = await asyncio.to_thread(_layer, web, id)
    try:
        tile = await tiles.see(layer, place)
    except NoTile as error:
        status = 503 if isinstance(error, TooMany) else 502
        return problem(status, str(error), code="no-tile", headers={"Retry-After": "5"})
    return Response(tile.body, headers=_PICTURE_HEADERS, media_type=tile.media_type)


def _layer(web: Web, layer_id: str) -> Layer:
    """Read a layer with its address, which is for asking alone: no answer has it."""
    record = web.desk.store.read([layer_id]).get(layer_id)
    layer = None if record is None else decode(record.body)
    if not isinstance(layer, Layer):
        raise NotFound("there is no such layer: it may have been taken away")
    return layer
