"""Each service read in the exact shapes that it has, page after page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from cop.model.exchange import LayerState
from tests.unit.workers.layers.serving import (
    ADDRESS,
    CENTRAL,
    HOST,
    Query,
    Service,
    collection,
    feature,
    layer,
    raw,
)
from workers.layers.ogc import items_address

GML = f"""<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0"
    xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="https://a.example" numberReturned="3">
  <wfs:member><a:Station gml:id="s.1"><gml:boundedBy/><a:name>中環 Station</a:name>
    <a:place><gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{CENTRAL[1]} {CENTRAL[0]}
    </gml:pos></gml:Point></a:place></a:Station></wfs:member>
  <wfs:member><a:Station gml:id="s.2"><a:name>Area</a:name><a:place>
    <gml:MultiSurface srsName="urn:ogc:def:crs:EPSG::4326"><gml:surfaceMember><gml:Polygon>
    <gml:exterior><gml:LinearRing><gml:posList>22.2 114.1 22.2 114.2 22.3 114.2 22.2 114.1
    </gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></a:place></a:Station></wfs:member>
  <wfs:member><a:Station gml:id="s.3"><a:name>Line</a:name><a:place><gml:LineString>
    <gml:posList>22.2 114.1 22.3 114.2</gml:posList></gml:LineString></a:place>
  </a:Station></wfs:member>
</wfs:FeatureCollection>""".encode()
EXCEPTION = b"""<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0">
<ows:Exception exceptionCode="InvalidParameterValue"><ows:ExceptionText>No such format
</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"""


def test_geojson_is_taken_whole() -> None:
    """A document gives its features, its time and that it was fetched."""
    body = b'{"type":"FeatureCollection","features":[]}'

    def answer(path: str, _: Query) -> Any:
        if path == "/empty.geojson":
            return raw(body, Last_Modified="Tue, 08 Sep 2026 04:00:00 GMT")
        return collection(feature(1), feature(2, height=3.5))

    service = Service(answer)
    found = service.fetch(layer())
    assert (found.state, found.features, found.cut) == (LayerState.OK, 2, False)
    assert found.fetched_at is not None
    assert found.checked_at is not None
    assert service.features()[1]["properties"] == {"name": "Place 2", "height": 3.5}
    empty = Service(answer).fetch(layer(path="/empty.geojson"))
    assert (empty.state, empty.features) == (LayerState.OK, 0)
    assert empty.content_at == datetime(2026, 9, 8, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/api?f=json", id="landing"),
        pytest.param("/api/collections", id="collections"),
        pytest.param("/api/collections/fire%20stations", id="collection"),
        pytest.param("/api/collections/fire%20stations/items", id="items"),
    ],
)
def test_an_ogc_collection_is_found_from_any_of_its_addresses(path: str) -> None:
    """The address of the service, or of the collection, as people copy it."""
    found = httpx.URL(items_address(f"{ADDRESS}{path}", "fire stations"))
    assert found.path == "/api/collections/fire stations/items"


def test_ogc_pages_are_followed() -> None:
    """`next` links lead from page to page, relative ones too; other links are left alone."""

    def answer(path: str, query: Query) -> Any:
        assert path == "/ogc/collections/places/items"
        page = int(query.get("page", "0"))
        links = [
            {"rel": "self", "href": "?self"},
            {"rel": "next", "href": "?as=html", "type": "text/html"},
        ]
        if page < 2:
            links.append({"rel": "next", "href": f"?page={page + 1}&limit=1000"})
        return collection(feature(page), links=links, numberMatched=3)

    service = Service(answer)
    assert service.fetch(layer("ogc", "/ogc", name="places")).features == 3
    assert [one["id"] for one in service.features()] == ["0", "1", "2"]
    assert service.asked[0][1] == {"limit": "1000"}


def test_a_link_that_a_proxy_made_unprotected_is_followed_protected() -> None:
    """A service that does not know that it is reached over https is asked over https."""

    def answer(_: str, query: Query) -> Any:
        page = int(query.get("page", "0"))
        href = f"http://{HOST}/ogc/collections/places/items?page={page + 1}"
        return collection(feature(page), links=[{"rel": "next", "href": href}] * (page < 2))

    service = Service(answer)
    assert service.fetch(layer("ogc", "/ogc", name="places")).features == 3
    assert set(service.schemes) == {"https"}


@pytest.mark.parametrize("flag", ["top", "inner", "none"])
def test_arcgis_pages_are_counted_through(flag: str) -> None:
    """Pages come by offset, while the service says, or a full page lets suppose, that more do."""
    pages = {0: 1000, 1000: 1000, 2000: 7}

    def answer(path: str, query: Query) -> Any:
        if not path.endswith("/query"):
            assert query == {"f": "json"}
            return {"type": "Feature Layer", "editingInfo": {"lastEditDate": 1788840000000}}
        assert path == "/rest/FeatureServer/0/query"
        assert (query["f"], query["where"], query["outFields"]) == ("geojson", "1=1", "*")
        start = int(query["resultOffset"])
        made = collection(*(feature(start + n) for n in range(pages[start])))
        if flag == "top" and start < 2000:
            made["exceededTransferLimit"] = True
        elif flag == "inner":
            made["properties"] = {"exceededTransferLimit": start < 2000}
        return made

    service = Service(answer)
    found = service.fetch(layer("arcgis", "/rest/FeatureServer", name="0"))
    assert (found.features, found.cut) == (2007, False)
    assert found.content_at == datetime.fromtimestamp(1788840000, UTC)
    assert len(service.asked) == 4


def test_arcgis_dates_are_written_out() -> None:
    """A field that the service calls a date is one; numbers, and what is no date, stay."""

    def answer(path: str, _: Query) -> Any:
        if path.endswith("/query"):
            return collection(
                feature(1, opened=1788840000000, rooms=1788840000000, seen=None),
                feature(2, opened="soon", seen=-1),
            )
        date = {"type": "esriFieldTypeDate"}
        return {"fields": [{"name": "opened", **date}, {"name": "seen", **date}, date, 4]}

    service = Service(answer)
    service.fetch(layer("arcgis", "/rest/FeatureServer", name="0"))
    first, second = (one["properties"] for one in service.features())
    assert (first["opened"], first["rooms"]) == ("2026-09-08T12:00+08:00", 1788840000000)
    assert (second["opened"], second["seen"]) == ("soon", "1970-01-01T07:59+08:00")


def test_wfs_in_geojson_is_paged_by_index() -> None:
    """`startIndex` goes on until all that are matched have come."""

    def answer(_: str, query: Query) -> Any:
        assert query["typeNames"] == "app:places"
        assert query["map"] == "/srv/a.map"
        assert "Request" not in query
        start = int(query.get("startIndex", "0"))
        return collection(*(feature(start + n) for n in range(1000)), numberMatched=2000)

    service = Service(answer)
    path = "/wfs?map=/srv/a.map&Request=GetCapabilities"
    found = service.fetch(layer("wfs", path, name="app:places"))
    assert (found.state, found.features, found.cut) == (LayerState.OK, 2000, False)
    assert len(service.asked) == 2


def test_wfs_falls_back_to_gml() -> None:
    """A service that speaks no GeoJSON is read in GML, whose axes come latitude first."""

    def answer(_: str, query: Query) -> Any:
        return raw(EXCEPTION if query.get("outputFormat") else GML)

    service = Service(answer)
    found = service.fetch(layer("wfs", "/wfs", name="app:Station"))
    assert (found.state, found.features, found.why) == (LayerState.OK, 3, "")
    first, area, line = service.features()
    assert first["id"] == "s.1"
    assert first["geometry"] == {"type": "Point", "coordinates": list(CENTRAL)}
    assert first["properties"] == {"name": "中環 Station"}
    assert area["geometry"]["type"] == "MultiPolygon"
    assert area["geometry"]["coordinates"][0][0][0] == [114.1, 22.2]
    assert line["geometry"]["coordinates"] == [[114.1, 22.2], [114.2, 22.3]]


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("<gml:coordinates/>", id="empty"),
        pytest.param("<gml:coordinates>a,b</gml:coordinates>", id="words"),
        pytest.param("<gml:coordinates>114.1</gml:coordinates>", id="one number"),
        pytest.param("<gml:pos/>", id="no place"),
        pytest.param("<gml:pos>NaN 1</gml:pos>", id="not a number"),
    ],
)
def test_a_point_that_is_none_takes_no_other_away(place: str) -> None:
    """It is counted as one that cannot be drawn; the others are there."""
    pos = f"<gml:pos>{CENTRAL[1]} {CENTRAL[0]}\n    </gml:pos>"
    odd = GML.replace(pos.encode(), place.encode())
    assert odd != GML
    service = Service(lambda _, query: raw(EXCEPTION if query.get("outputFormat") else odd))
    found = service.fetch(layer("wfs", "/wfs", name="app:Station"))
    assert (found.state, found.features) == (LayerState.OK, 2)
    assert found.why.startswith("1 of its features")


def test_places_of_gml_2_may_have_a_height() -> None:
    """It is left out."""
    pos = f"<gml:pos>{CENTRAL[1]} {CENTRAL[0]}\n    </gml:pos>"
    flat = f"<gml:coordinates>{CENTRAL[1]},{CENTRAL[0]},12.5</gml:coordinates>"
    body = GML.replace(pos.encode(), flat.encode())
    service = Service(lambda _, query: raw(EXCEPTION if query.get("outputFormat") else body))
    assert service.fetch(layer("wfs", "/wfs", name="app:Station")).features == 3
    assert service.features()[0]["geometry"]["coordinates"] == list(CENTRAL)


def test_wfs_of_an_older_version_is_asked_in_its_own_words() -> None:
    """Version 1.1 has `typeName` and `maxFeatures`."""

    def answer(_: str, query: Query) -> Any:
        if query["version"] == "2.0.0":
            return raw(EXCEPTION, status=400)
        assert (query["typeName"], query["maxFeatures"]) == ("places", "1000")
        return collection(feature(1), totalFeatures=1)

    assert Service(answer).fetch(layer("wfs", "/wfs", name="places")).features == 1


def test_wfs_says_what_the_first_way_met() -> None:
    """Where nothing works, the service's own words are told."""
    found = Service(lambda *_: raw(EXCEPTION)).fetch(layer("wfs", "/wfs", name="places"))
    assert found.state is LayerState.FAILING
    assert "No such format" in found.why


def test_a_service_that_ignores_paging_is_asked_twice() -> None:
    """The same page again is the end, not more of it."""
    page = collection(*(feature(n) for n in range(1000)))
    for service_name, path in (("wfs", "/wfs"), ("arcgis", "/rest/FeatureServer")):
        service = Service(lambda path, _: {} if path.endswith("/0") else page)
        assert service.fetch(layer(service_name, path, name="0")).features == 1000
        assert len(service.asked) <= 3


def test_what_is_too_much_is_cut_and_said() -> None:
    """At most 5,000 features are taken."""

    def answer(_: str, query: Query) -> Any:
        start = int(query.get("startIndex", "0"))
        return collection(*(feature(start + n) for n in range(1000)), numberMatched=9999)

    found = Service(answer).fetch(layer("wfs", "/wfs", name="places"))
    assert (found.state, found.features, found.cut) == (LayerState.OK, 5000, True)
