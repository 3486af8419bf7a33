"""The routes below /ogc."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from cop.api.ogc import documents, pages, words
from cop.api.ogc.asked import (
    COMMON,
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    PREFLIGHT,
    ROOT,
    SCHEMA,
    Asked,
    OgcRoute,
    in_turn,
    read,
    send,
    send_page,
    stamp,
)
from cop.api.ogc.definition import ITEMS, PARAMETERS, definition
from cop.api.problems import MEDIA_TYPE
from cop.api.web import Asker, Parts, come_to
from cop.errors import Invalid
from cop.model.text import Text
from cop.services.features.collections import part_of
from cop.services.features.crs import CRS84, known
from cop.services.features.items import LIMIT, parse_limit, parse_offset, write_features
from cop.services.features.paging import parse_mark
from cop.services.features.schema import feature_schema, queryables, returnables

router = APIRouter(prefix=ROOT, tags=["ogc"], route_class=OgcRoute)

_PAGING: Final = ("limit", "offset", "page", "crs")


def _docs(media_type: str, example: object, *names: str) -> dict[str, Any]:
    """Give what the application's own description says of a route."""
    return {
        "responses": {
            200: {"content": {media_type: {"example": example}, HTML: {}}},
            400: {
                "description": "A parameter is not what it should be",
                "content": {MEDIA_TYPE: {}},
            },
            406: {"description": "Neither JSON nor HTML is wanted", "content": {MEDIA_TYPE: {}}},
        },
        "response_class": Response,
        "openapi_extra": {"parameters": [PARAMETERS[name] for name in (*COMMON, *names)]},
    }


_LINK: Final = {"rel": "self", "href": "https://cop.example/ogc?f=json", "type": JSON}
_COLLECTION: Final = {
    "id": "alert",
    "title": "Warnings",
    "itemType": "feature",
    "crs": [CRS84],
    "storageCrs": CRS84,
    "links": [_LINK],
}
_FEATURE: Final = {
    "type": "Feature",
    "id": "hko_warnings:WRAINB",
    "geometry": None,
    "properties": {"kind": "alert", "title_en": "Black Rainstorm Warning Signal"},
}
_SCHEMA: Final = {"type": "object", "properties": {"title_en": {"type": "string"}}}


def _as_of(asked: Asked) -> dict[str, Any]:
    return {"asOf": asked.web.replica.known_at()}


@router.get("", summary="OGC API - Features: landing page", **_docs(JSON, {"links": [_LINK]}))
async def show_landing(request: Request, identity: Asker, web: Parts) -> Response:
    """Tell where everything is."""
    asked = read(request, web, identity)
    found = await in_turn(asked, lambda: asked.features.collections(identity.audience, asked.lang))
    said = documents.landing(asked, found)
    if asked.form == "html":
        return send_page(asked, pages.landing(asked, said | _told_at(asked)), said)
    return send(asked, JSON, said, now=_as_of(asked))


def _told_at(asked: Asked) -> dict[str, str]:
    return {"asOf": f"{asked.web.replica.known_at():%Y-%m-%d %H:%M:%S}"}


@router.get(
    "/conformance",
    summary="OGC API - Features: what is conformed to",
    **_docs(JSON, {"conformsTo": list(documents.CONFORMS[:1])}),
)
async def show_conformance(request: Request, identity: Asker, web: Parts) -> Response:
    """List the conformance classes that are met wholly."""
    asked = read(request, web, identity)
    said = documents.conformance(asked)
    if asked.form == "html":
        return send_page(asked, pages.conformance(asked, said), said)
    return send(asked, JSON, said)


@router.get(
    "/api", summary="OGC API - Features: OpenAPI 3.0", **_docs(OPENAPI, {"openapi": "3.0.3"})
)
async def show_api(request: Request, identity: Asker, web: Parts) -> Response:
    """Describe the addresses below /ogc, with the properties of each collection."""
    asked = read(request, web, identity)
    found = await in_turn(asked, lambda: asked.features.collections(identity.audience, asked.lang))
    said = definition(asked, found)
    if asked.form == "html":
        return send_page(asked, pages.api(asked, said), said)
    return send(asked, OPENAPI, said)


@router.get(
    "/collections",
    summary="OGC API - Features: collections",
    **_docs(JSON, {"links": [_LINK], "collections": [_COLLECTION]}),
)
async def show_collections(request: Request, identity: Asker, web: Parts) -> Response:
    """List what the asker may read: each kind, and its parts where shapes are mixed."""
    asked = read(request, web, identity)
    found = await in_turn(asked, lambda: asked.features.collections(identity.audience, asked.lang))
    said = documents.listed(asked, found)
    if asked.form == "html":
        return send_page(asked, pages.collections(asked, said | _told_at(asked)), said)
    return send(asked, JSON, said, now=_as_of(asked))


@router.get(
    "/collections/{collection}",
    summary="OGC API - Features: one collection",
    **_docs(JSON, _COLLECTION),
)
async def show_collection(
    collection: str, request: Request, identity: Asker, web: Parts
) -> Response:
    """Describe one collection: extent, systems, terms."""
    asked = read(request, web, identity)
    kind, shape = part_of(collection, identity.audience)
    one = await in_turn(
        asked, lambda: asked.features.collection(identity.audience, kind, asked.lang, shape)
    )
    said = documents.described(asked, one)
    if asked.form == "html":
        return send_page(asked, pages.collection(asked, said | _told_at(asked)), said)
    return send(asked, JSON, said, now=_as_of(asked))


async def _schema(asked: Asked, collection: str, make: Any, title: Text) -> Response:
    audience = asked.identity.audience
    kind, shape = part_of(collection, audience)
    one = await in_turn(asked, lambda: asked.features.collection(audience, kind, asked.lang, shape))
    said = make(one.sheet, one.title, f"{asked.base}{asked.path}")
    if asked.form == "html":
        links = {"links": asked.own(SCHEMA), "attribution": one.attribution}
        return send_page(asked, pages.schema(asked, said | links, title), said)
    return send(asked, SCHEMA, said)


@router.get(
    "/collections/{collection}/queryables",
    summary="OGC API - Features: what can be asked for",
    **_docs(SCHEMA, _SCHEMA),
)
async def show_queryables(
    collection: str, request: Request, identity: Asker, web: Parts
) -> Response:
    """List the properties that may stand in a filter, as JSON Schema."""
    return await _schema(read(request, web, identity), collection, queryables, words.QUERYABLES)


@router.get(
    "/collections/{collection}/schema",
    summary="OGC API - Features: what a feature has",
    **_docs(SCHEMA, _SCHEMA),
)
async def show_schema(collection: str, request: Request, identity: Asker, web: Parts) -> Response:
    """List the properties of a feature, as JSON Schema."""
    return await _schema(read(request, web, identity), collection, returnables, words.SCHEMA)


@router.get(
    "/collections/{collection}/schema/feature",
    summary="OGC API - Features: the feature as GeoJSON",
    **_docs(SCHEMA, _SCHEMA),
)
async def show_feature_schema(
    collection: str, request: Request, identity: Asker, web: Parts
) -> Response:
    """Describe the GeoJSON of a feature, as JSON Schema."""
    return await _schema(read(request, web, identity), collection, feature_schema, words.SCHEMA)


@router.get(
    "/collections/{collection}/items",
    summary="OGC API - Features: features",
    **_docs(GEOJSON, {"type": "FeatureCollection", "features": [_FEATURE]}, "limit", "crs", *ITEMS),
)
async def show_items(collection: str, request: Request, identity: Asker, web: Parts) -> Response:
    """Give the features that are asked for, page by page from a list that stays as it was.

    Besides the parameters that are listed, every property may be one: it must be equal.
    """
    asked = read(request, web, identity, None)
    kind, shape = part_of(collection, identity.audience)
    wanted = {n: v for n, v in asked.given.items() if n not in (*_PAGING, *COMMON)}
    crs = known(asked.given.get("crs", CRS84), "crs")
    limit = parse_limit(asked.given["limit"]) if "limit" in asked.given else LIMIT
    offset = parse_offset(asked.given["offset"]) if "offset" in asked.given else 0
    mark = parse_mark(asked.given["page"]) if "page" in asked.given else None
    if mark is not None and "offset" in asked.given:
        raise Invalid(("offset", "leave it out: page says where to go on"))
    if mark is not None:
        await come_to(web.replica, mark.cursor)

    def make() -> Response:
        audience, lang = identity.audience, asked.lang
        page = asked.features.page(
            audience, kind, wanted, lang, limit=limit, mark=mark, offset=offset, shape=shape
        )
        one = asked.features.collection(audience, kind, lang, shape)
        features = write_features(page.lines, page.listing.columns, lang, crs)
        said = documents.feature_collection(asked, one, page, features)
        now = {"timeStamp": stamp(), "asOf": page.listing.as_of}
        headers = {"Content-Crs": f"<{crs}>", "Content-Language": lang}
        if asked.form == "html":
            return send_page(asked, pages.items(asked, said | _told_at(asked)), said)
        return send(asked, GEOJSON, said, now=now, headers=headers)

    return await in_turn(asked, make)


@router.get(
    "/collections/{collection}/items/{feature:path}",
    summary="OGC API - Features: one feature",
    **_docs(GEOJSON, _FEATURE, "crs"),
)
async def show_item(
    collection: str, feature: str, request: Request, identity: Asker, web: Parts
) -> Response:
    """Give one feature."""
    asked = read(request, web, identity, ("crs",))
    kind, shape = part_of(collection, identity.audience)
    crs = known(asked.given.get("crs", CRS84), "crs")

    def make() -> Response:
        line, sheet = asked.features.one(identity.audience, kind, feature, shape)
        one = asked.features.collection(identity.audience, kind, asked.lang, shape)
        [written] = write_features([line], sheet.columns, asked.lang, crs)
        said = documents.feature(asked, one, written)
        headers = {"Content-Crs": f"<{crs}>", "Content-Language": asked.lang}
        if asked.form == "html":
            return send_page(asked, pages.feature(asked, said | _told_at(asked), one.title), said)
        return send(asked, GEOJSON, said, now=_as_of(asked), headers=headers)

    return await in_turn(asked, make)


async def say_what_may_be_done() -> Response:
    """Tell browsers, and programs that look whether anything can be written, what may be done."""
    return Response(status_code=204, headers=PREFLIGHT)


for _path in [route.path for route in router.routes if isinstance(route, OgcRoute)]:
    router.add_api_route(
        _path.removeprefix(ROOT), say_what_may_be_done, methods=["OPTIONS"], include_in_schema=False
    )
