"""The API below /ogc as OpenAPI 3.0: one path for each collection, with its own properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cop.api.ogc.asked import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asked
from cop.api.ogc.documents import title_of
from cop.api.problems import MEDIA_TYPE
from cop.model.text import LANGS, say
from cop.services.features import words
from cop.services.features.collections import Collection
from cop.services.features.cql2 import LANGUAGES
from cop.services.features.crs import CRS, CRS84
from cop.services.features.items import LIMIT, MOST_LIMIT
from cop.services.features.schema import property_schema

_CRS: Final = {"type": "string", "format": "uri", "enum": list(CRS), "default": CRS84}


def _query(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "schema": dict(schema),
        "style": "form",
        "explode": False,
    }


PARAMETERS: Final[Mapping[str, dict[str, Any]]] = {
    "f": _query(
        "f", "The form; else by the Accept header", {"type": "string", "enum": ["json", "html"]}
    ),
    "lang": _query(
        "lang",
        "The language; else by the Accept-Language header",
        {"type": "string", "enum": list(LANGS)},
    ),
    "limit": _query(
        "limit",
        "How many features at most; more than the maximum means the maximum",
        {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": LIMIT},
    ),
    "bbox": _query(
        "bbox",
        "Only features that meet this box, and those without a place: lower left, upper right"
        " corner, axes as bbox-crs orders them; heights are not looked at. West may be greater"
        " than east: across the 180th meridian",
        {
            "type": "array",
            "items": {"type": "number"},
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        },
    ),
    "bbox-crs": _query("bbox-crs", "The system of bbox", _CRS),
    "datetime": _query(
        "datetime",
        "Only features whose time meets this moment or interval (RFC 3339, `..` for open), and"
        " those without a time",
        {"type": "string"},
    ),
    "crs": _query("crs", "The system of the answer", _CRS),
    "filter": _query("filter", "CQL2: which features; see queryables", {"type": "string"}),
    "filter-lang": _query(
        "filter-lang",
        "How the filter is written",
        {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
    ),
    "filter-crs": _query("filter-crs", "The system of places in the filter", _CRS),
    "offset": _query(
        "offset",
        "How many features to pass over, of the list as it is now; the next and prev links go on"
        " in the list as it was",
        {"type": "integer", "minimum": 0, "default": 0},
    ),
    "page": _query("page", "From a next or prev link, as it stands there", {"type": "string"}),
}
"""Every parameter but the properties of a collection."""

ITEMS: Final = tuple(name for name in PARAMETERS if name not in ("f", "lang", "crs", "limit"))
"""Those of a list of features that stand for nothing else."""

_FEATURE_ID: Final = {
    "name": "featureId",
    "in": "path",
    "description": "Id of a feature",
    "required": True,
    "schema": {"type": "string"},
}
_LINKS: Final = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_SCHEMAS: Final[Mapping[str, Any]] = {
    "link": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    },
    "landingPage": {
        "type": "object",
        "required": ["links"],
        "properties": {
            "title": {"type": "string"},
            "description": {"type": "string"},
            "attribution": {"type": "string"},
            "links": _LINKS,
        },
    },
    "confClasses": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}},
    },
    "extent": {
        "type": "object",
        "properties": {
            "spatial": {
                "type": "object",
                "properties": {
                    "bbox": {
                        "type": "array",
                        "items": {"type": "array", "items": {"type": "number"}},
                    },
                    "crs": {"type": "string"},
                },
            },
            "temporal": {
                "type": "object",
                "properties": {
                    "interval": {
                        "type": "array",
                        "items": {
                            "type": "array",
                            "items": {"type": "string", "format": "date-time", "nullable": True},
                        },
                    },
                    "trs": {"type": "string"},
                },
            },
        },
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": {"type": "string"},
            "title": {"type": "string"},
            "description": {"type": "string"},
            "attribution": {"type": "string"},
            "extent": {"$ref": "#/components/schemas/extent"},
            "itemType": {"type": "string"},
            "crs": {"type": "array", "items": {"type": "string"}},
            "storageCrs": {"type": "string"},
            "links": _LINKS,
        },
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": _LINKS,
            "crs": {"type": "array", "items": {"type": "string"}},
            "collections": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/collection"},
            },
        },
    },
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": _LINKS,
        },
    },
    "featureCollection": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": _LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
    "problem": {
        "type": "object",
        "description": "What is wrong and what to do (RFC 9457)",
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    },
}
_REFUSALS: Final[Mapping[str, str]] = {
    "400": "A parameter is unknown or not what it should be",
    "404": "There is no such thing for the asker",
    "406": "Neither JSON nor HTML is wanted",
    "410": "The page is no longer kept: begin anew at the first",
    "503": "The picture has not been read yet: try again",
}


def definition(asked: Asked, collections: Sequence[Collection]) -> dict[str, Any]:
    """Give the API as the asker may use it."""
    paths: dict[str, Any] = {
        "/": _path("getLandingPage", "Where everything begins", JSON, _ref("landingPage")),
        "/conformance": _path(
            "getConformance", "What the service conforms to", JSON, _ref("confClasses")
        ),
        "/api": _path("getApi", "This description", OPENAPI, {"type": "object"}),
        "/collections": _path("getCollections", "What may be asked for", JSON, _ref("collections")),
    }
    for one in collections:
        paths |= _of(one)
    problem = {MEDIA_TYPE: {"schema": _ref("problem")}}
    signed_in: dict[str, Any] = {"security": [{"token": []}]} if asked.identity.name else {}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": title_of(asked),
            "description": say(words.ABOUT, asked.lang),
            "version": "1.0.0",
        },
        "servers": [{"url": asked.base}],
        "tags": [{"name": "service"}, *({"name": one.id} for one in collections)],
        "paths": paths,
        "components": {
            "parameters": {**PARAMETERS, "featureId": _FEATURE_ID},
            "schemas": dict(_SCHEMAS),
            "responses": {
                status: {"description": said, "content": problem}
                for status, said in _REFUSALS.items()
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        **signed_in,
    }


def _of(one: Collection) -> dict[str, Any]:
    """Give the paths of one collection."""
    path = f"/collections/{one.id}"
    own = [
        _query(column.name, f"Only features with this {column.title}", property_schema(column))
        for column in one.sheet.columns
    ]
    own.append(_query("id", "Only the feature with this id", {"type": "string"}))
    return {
        path: _path(f"describe_{one.id}", one.title, JSON, _ref("collection"), tag=one.id),
        f"{path}/items": _path(
            f"get_{one.id}",
            one.description,
            GEOJSON,
            _ref("featureCollection"),
            tag=one.id,
            more=[*map(_parameter, ("limit", "crs", *ITEMS)), *own],
        ),
        f"{path}/items/{{featureId}}": _path(
            f"getOne_{one.id}",
            one.title,
            GEOJSON,
            _ref("feature"),
            tag=one.id,
            more=[_parameter("featureId"), _parameter("crs")],
        ),
        f"{path}/queryables": _path(
            f"queryables_{one.id}", "What can be asked for", SCHEMA, {"type": "object"}, tag=one.id
        ),
        f"{path}/schema": _path(
            f"schema_{one.id}", "What a feature has", SCHEMA, {"type": "object"}, tag=one.id
        ),
    }


def _path(
    name: str,
    summary: str,
    media_type: str,
    schema: Mapping[str, Any],
    *,
    tag: str = "service",
    more: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    content = {media_type: {"schema": dict(schema)}, HTML: {"schema": {"type": "string"}}}
    responses: dict[str, Any] = {"200": {"description": summary, "content": content}}
    responses |= {status: {"$ref": f"#/components/responses/{status}"} for status in _REFUSALS}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "parameters": [_parameter("f"), _parameter("lang"), *more],
            "responses": responses,
        }
    }


def _parameter(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
