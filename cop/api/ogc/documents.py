"""What each address below /ogc says, as the standard has it; pages are made of the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cop.api.ogc import words
from cop.api.ogc.asked import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asked, link
from cop.model.text import say
from cop.services.features import words as service
from cop.services.features.collections import Collection
from cop.services.features.crs import CRS, CRS84
from cop.services.features.paging import Page
from cop.services.features.times import iso

_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
_GREGORIAN: Final = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_SPEC: Final = "http://www.opengis.net/spec"

CONFORMS: Final = (
    *(
        f"{_SPEC}/ogcapi-features-1/{version}/conf/{name}"
        for version in ("1.0", "1.1")
        for name in ("core", "oas30", "html", "geojson")
    ),
    f"{_SPEC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{_SPEC}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{_SPEC}/ogcapi-features-5/1.0/conf/{name}"
        for name in ("schemas", "returnables-and-receivables")
    ),
    *(
        f"{_SPEC}/cql2/1.0/conf/{name}"
        for name in (
            "basic-cql2",
            "cql2-text",
            "cql2-json",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "property-property",
            "arithmetic",
        )
    ),
)
"""Only what is met wholly: no functions of our own, no arrays."""


def title_of(asked: Asked) -> str:
    """Name the service; that of an exercise says so."""
    exercise = asked.web.settings.exercise
    return say(service.SERVICE_EXERCISE if exercise else service.SERVICE, asked.lang)


def landing(asked: Asked, collections: Sequence[Collection]) -> dict[str, Any]:
    """Give the landing page."""
    api, conforms, data = (
        say(title, asked.lang) for title in (words.API, words.CONFORMANCE, words.COLLECTIONS)
    )
    return {
        "title": title_of(asked),
        "description": say(service.ABOUT, asked.lang),
        "attribution": say(service.TERMS, asked.lang),
        "operation": asked.web.settings.operation,
        "exercise": asked.web.settings.exercise,
        "links": [
            *asked.own(JSON),
            link("service-desc", asked.address("/api", "json"), OPENAPI, api),
            link("service-doc", asked.address("/api", "html"), HTML, api),
            link("conformance", asked.address("/conformance"), JSON, conforms),
            link(f"{_REL}conformance", asked.address("/conformance"), JSON, conforms),
            link("data", asked.address("/collections"), JSON, data),
            link(f"{_REL}data", asked.address("/collections"), JSON, data),
            *_licences(asked, collections),
        ],
    }


def conformance(asked: Asked) -> dict[str, Any]:
    """Give what the service conforms to."""
    return {"links": asked.own(JSON), "conformsTo": list(CONFORMS)}


def listed(asked: Asked, collections: Sequence[Collection]) -> dict[str, Any]:
    """Give the list of collections."""
    return {
        "title": title_of(asked),
        "attribution": say(service.TERMS, asked.lang),
        "operation": asked.web.settings.operation,
        "exercise": asked.web.settings.exercise,
        "crs": list(CRS),
        "links": [*asked.own(JSON), *_licences(asked, collections)],
        "collections": [{**collection(one), "links": _links(asked, one)} for one in collections],
    }


def described(asked: Asked, one: Collection) -> dict[str, Any]:
    """Give one collection by itself."""
    said = collection(one)
    # a link list of its own: this very document is the first of it
    mine = [entry for entry in _links(asked, one) if entry["rel"] not in ("self", "alternate")]
    return {**said, "links": [*asked.own(JSON), *mine]}


def collection(one: Collection) -> dict[str, Any]:
    """Give what is said of a collection, but for its links."""
    extent: dict[str, Any] = {}
    if one.sheet.bounds is not None:
        extent["spatial"] = {"bbox": [list(one.sheet.bounds)], "crs": CRS84}
    if one.sheet.interval is not None:
        begin, end = one.sheet.interval
        extent["temporal"] = {"interval": [[iso(begin), iso(end)]], "trs": _GREGORIAN}
    said: dict[str, Any] = {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "attribution": one.attribution,
        "itemType": "feature",
        "crs": list(CRS),
        "storageCrs": CRS84,
    }
    return said | ({"extent": extent} if extent else {})


def _links(asked: Asked, one: Collection) -> list[dict[str, str]]:
    path = f"/collections/{one.id}"
    asks, has = (say(title, asked.lang) for title in (words.QUERYABLES, words.SCHEMA))
    return [
        link("self", asked.address(path, "json"), JSON, one.title),
        link("alternate", asked.address(path, "html"), HTML, one.title),
        link("items", asked.address(f"{path}/items"), GEOJSON, one.title),
        link("items", asked.address(f"{path}/items", "html"), HTML, one.title),
        link(f"{_REL}queryables", asked.address(f"{path}/queryables"), SCHEMA, asks),
        link("queryables", asked.address(f"{path}/queryables"), SCHEMA, asks),
        link(f"{_REL}schema", asked.address(f"{path}/schema"), SCHEMA, has),
        # both spellings are read, each by other programs
        link("describedby", asked.address(f"{path}/schema/feature"), SCHEMA, has),
        link("describedBy", asked.address(f"{path}/schema/feature"), SCHEMA, has),
        *_licences(asked, [one]),
    ]


def _licences(asked: Asked, collections: Sequence[Collection]) -> list[dict[str, str]]:
    """Link the terms; where a publisher has words only, the status of its feed has them."""
    found = {}
    for one in collections:
        for terms in one.terms:
            where = terms.address or asked.address(
                f"/collections/feed_status/items/{terms.status}", "html"
            )
            found[terms.words] = link("license", where, HTML, terms.words)
    return list(found.values())


def feature_collection(
    asked: Asked, one: Collection, page: Page, features: list[dict[str, Any]]
) -> dict[str, Any]:
    """Give a page of features."""
    going_on = {name: value for name, value in asked.given.items() if name != "offset"}
    around = [
        link(
            rel,
            asked.address(asked.path, asked.form, **{**going_on, "page": mark.encode()}),
            GEOJSON if asked.form == "json" else HTML,
            say(title, asked.lang),
        )
        for rel, mark, title in (
            ("next", page.next, words.NEXT),
            ("prev", page.prev, words.PREV),
        )
        if mark is not None
    ]
    up = asked.address(f"/collections/{one.id}", "json")
    return {
        "type": "FeatureCollection",
        "title": one.title,
        "operation": asked.web.settings.operation,
        "exercise": asked.web.settings.exercise,
        "attribution": one.attribution,
        "numberMatched": len(page.listing.lines),
        "numberReturned": len(features),
        "links": [
            *asked.own(GEOJSON),
            *around,
            link("collection", up, JSON, one.title),
            *_licences(asked, [one]),
        ],
        "features": features,
    }


def feature(asked: Asked, one: Collection, said: dict[str, Any]) -> dict[str, Any]:
    """Give one feature by itself."""
    up = asked.address(f"/collections/{one.id}", "json")
    return {
        **said,
        "operation": asked.web.settings.operation,
        "exercise": asked.web.settings.exercise,
        "attribution": one.attribution,
        "links": [
            *asked.own(GEOJSON),
            link("collection", up, JSON, one.title),
            *_licences(asked, [one]),
        ],
    }
