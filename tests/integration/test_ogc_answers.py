"""What /ogc answers: forms, languages, links, systems, what is selected, descriptions."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jsonschema
import orjson
import pytest

from cop.config import Settings
from cop.model.record import put
from cop.services.features.crs import CRS, CRS84
from cop.services.features.items import MOST_LIMIT
from tests.integration.ogc_site import ITEMS, PATHS, WINDS, client, links, read, server, things
from tests.integration.web_server import SETTINGS, until, web_server

__all__ = ["client", "server"]

GEOJSON = "application/geo+json"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@pytest.mark.parametrize("path", PATHS)
def test_every_address_has_both_forms(client: httpx.Client, path: str) -> None:
    """By f or by Accept; each names itself and the other, with types; HEAD is as GET."""
    plain = client.get(path)
    assert plain.status_code == 200, plain.text
    assert "json" in plain.headers["content-type"]
    page = client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    asked = client.get(path, params=[*parse_qsl(urlsplit(path).query), ("f", "html")])
    assert asked.status_code == 200
    said = plain.json()
    if "links" in said:
        assert all({"href", "rel", "type", "title"} <= one.keys() for one in said["links"])
        assert all(one["href"].startswith("http") for one in said["links"])
        [mine], [other] = links(said, "self"), links(said, "alternate")
        assert httpx.get(mine, timeout=60).headers["content-type"] == plain.headers["content-type"]
        assert httpx.get(other, timeout=60).headers["content-type"].startswith("text/html")
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_plain(client: httpx.Client, path: str) -> None:
    """One heading, no script, nothing inline, words of publishers as text; every link leads on."""
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": "zh-Hant"})
    page = read(answer.text)
    assert page.lang == "zh-Hant"
    assert page.tags.count("h1") == page.tags.count("main") == 1
    assert not {"script", "iframe", "rainstorm", "style"} & set(page.tags)
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    mine = [href for href in page.hrefs if "/ogc" in href]
    assert mine
    for href in mine[:12]:
        assert client.get(httpx.URL(str(client.base_url)).join(href)).status_code == 200


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "json"),
        ("application/json", "json"),
        ("application/geo+json, application/json", "json"),
        ("application/geo+json;q=0.5, text/html", "html"),
        ("text/html;q=0.1, application/json", "json"),
        ("text/html, application/json", "html"),
        ("application/json, text/html;q=0.9", "json"),
        ("text/*", "html"),
        ("image/png, */*;q=0.1", "json"),
        ("application/xml", ""),
        ("application/gml+xml;version=3.2", ""),
        ("text/html;q=0", ""),
        ("application/json;q=nonsense", ""),
    ],
)
def test_the_form_follows_accept(client: httpx.Client, accept: str, form: str) -> None:
    """Where neither form is wanted: 406, with what to do."""
    answer = client.get(ITEMS, headers={"Accept": accept})
    if not form:
        assert answer.status_code == 406
        assert "f=json" in answer.text
    else:
        assert form in answer.headers["content-type"]


def test_types_are_those_of_the_standard(client: httpx.Client) -> None:
    """GeoJSON, JSON Schema and OpenAPI have their own media types."""
    for path, media_type in (
        ("", "application/json"),
        ("/api", "application/vnd.oai.openapi+json;version=3.0"),
        (ITEMS, GEOJSON),
        (f"{ITEMS}/hko_wind:S0001", GEOJSON),
        ("/collections/observation/queryables", "application/schema+json"),
        ("/collections/observation/schema", "application/schema+json"),
    ):
        assert client.get(path).headers["content-type"] == media_type


def test_the_reader_s_language_is_spoken(client: httpx.Client) -> None:
    """By Accept-Language or lang; links keep it; all texts stand there in each language."""
    for lang, title, said in (
        ("en", "Warnings", "Black <Rainstorm>"),
        ("zh-Hant", "警告", "黑色暴雨"),
    ):
        by_header = client.get("/collections/alert", headers={"Accept-Language": lang})
        assert by_header.json()["title"] == title
        found = client.get("/collections/alert/items", params={"lang": lang})
        assert found.headers["content-language"] == lang
        properties = found.json()["features"][0]["properties"]
        assert properties["title"] == said
        assert properties["title_en"] == "Black <Rainstorm>"
        assert f"lang={lang}" in links(found.json(), "self")[0]
    assert client.get("", params={"lang": "fr"}).status_code == 400


def test_a_page_says_what_the_standard_asks_for(client: httpx.Client) -> None:
    """Counts, time, whose it is, under which terms, as of when, in which system."""
    answer = client.get(ITEMS, params={"limit": "3"})
    said = answer.json()
    assert said["type"] == "FeatureCollection"
    assert (said["numberMatched"], said["numberReturned"]) == (WINDS, 3)
    assert said["timeStamp"].endswith("Z")
    assert said["asOf"].endswith("Z")
    assert said["attribution"]
    assert links(said, "license") == ["https://data.gov.hk/en/terms-and-conditions"]
    assert answer.headers["content-crs"] == f"<{CRS84}>"
    everything = client.get(ITEMS, params={"limit": "999999"}).json()
    assert everything["numberReturned"] == min(WINDS, MOST_LIMIT)
    assert not links(everything, "next")
    collection = client.get("/collections/observation").json()
    assert collection["crs"] == list(CRS)
    assert (collection["storageCrs"], collection["itemType"]) == (CRS84, "feature")
    assert collection["extent"]["spatial"]["bbox"] == [[113.9, 22.2, 114.149, 22.449]]
    assert collection["extent"]["temporal"]["interval"][0][0] == "2026-09-07T12:00:00Z"


@pytest.mark.parametrize(
    ("crs", "place"),
    [
        (CRS84, [113.9, 22.2]),
        (f"{EPSG}4326", [22.2, 113.9]),
        (f"{EPSG}3857", [12679290.001, 2535554.62]),
        (f"{EPSG}2326", [806848.42, 807717.52]),
    ],
)
def test_places_are_given_and_asked_for_in_each_system(
    client: httpx.Client, crs: str, place: list[float]
) -> None:
    """The answer names its system; a box in that system finds the same features."""
    for path in (ITEMS, f"{ITEMS}/hko_wind:S0000"):
        answer = client.get(
            path, params={"crs": crs, "limit": "1"} if path == ITEMS else {"crs": crs}
        )
        assert answer.headers["content-crs"] == f"<{crs}>"
        said = answer.json()
        one = said["features"][0] if "features" in said else said
        assert one["geometry"]["coordinates"] == pytest.approx(place, abs=0.01)
    first, second = one["geometry"]["coordinates"]
    margin = 0.0001 if abs(first) < 200 else 20
    box = f"{first - margin},{second - margin},{first + margin},{second + margin}"
    found = client.get(ITEMS, params={"bbox": box, "bbox-crs": crs}).json()
    assert [one["id"] for one in found["features"]] == ["hko_wind:S0000"]
    words = f"S_INTERSECTS(geometry, BBOX({box}))"
    found = client.get(ITEMS, params={"filter": words, "filter-crs": crs}).json()
    assert [one["id"] for one in found["features"]] == ["hko_wind:S0000"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"bbox": "113.8999,22.1999,113.9095,22.2095"}, 10),
        ({"datetime": "2026-09-07T12:05:00Z"}, 1),
        ({"datetime": "2026-09-07T12:05:00Z/2026-09-07T12:07:00Z"}, 3),
        ({"datetime": "../2026-09-07T12:05:00Z"}, 6),
        ({"value": "7"}, 5),
        ({"value": "7", "title_en": "Station 7"}, 1),
        ({"filter": "value = 7 AND measure_gust_kmh > 100"}, 3),
        ({"filter": '{"op":"=","args":[{"property":"value"},7]}', "filter-lang": "cql2-json"}, 5),
        ({"filter": "value = 7", "bbox": "113.8999,22.1999,113.9095,22.2095"}, 1),
    ],
)
def test_features_are_selected(client: httpx.Client, given: dict[str, str], found: int) -> None:
    """Boxes, times, properties and filters, alone and together."""
    assert client.get(ITEMS, params=given).json()["numberMatched"] == found


def test_what_has_no_place_or_time_meets_every_box_and_time(client: httpx.Client) -> None:
    """As Part 1 asks for."""
    given = {"bbox": "0,0,1,1"}
    assert client.get("/collections/alert/items", params=given).json()["numberMatched"] == 1
    given = {"datetime": "1999-01-01T00:00:00Z"}
    assert client.get("/collections/hazard/items", params=given).json()["numberMatched"] == 1


def test_the_api_is_described(client: httpx.Client) -> None:
    """OpenAPI 3.0 with one path a collection, every property a parameter, each $ref in place."""
    said = client.get("/api").json()
    assert said["openapi"].startswith("3.0.")
    text = orjson.dumps(said).decode()
    for part in text.split('"$ref":"#/')[1:]:
        at: Any = said
        for name in part.partition('"')[0].split("/"):
            at = at[name]
    limit = said["components"]["parameters"]["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, MOST_LIMIT, 100)
    parameters = said["paths"][ITEMS]["get"]["parameters"]
    assert {"value", "id", "measure_gust_kmh"} <= {one.get("name") for one in parameters}
    operations = [one["get"]["operationId"] for one in said["paths"].values()]
    assert len(operations) == len(set(operations))
    for path in said["paths"]:
        if "{" not in path:
            assert client.get(path).status_code == 200


def test_schemas_describe_what_is_given(client: httpx.Client) -> None:
    """Every property of a feature is in the schema, with its type."""
    for collection in ("observation", "alert", "facility", "hazard", "road", "feed_status"):
        schema = client.get(f"/collections/{collection}/schema").json()
        jsonschema.Draft202012Validator.check_schema(schema)
        page = client.get(f"/collections/{collection}/items").json()
        for feature in page["features"]:
            told = {name: one for name, one in feature["properties"].items() if one is not None}
            given = {**told, "id": feature["id"], "geometry": feature["geometry"]}
            jsonschema.Draft202012Validator(schema).validate(given)
        queryables = client.get(f"/collections/{collection}/queryables").json()
        assert queryables["properties"].keys() == schema["properties"].keys()


def test_an_exercise_says_so_everywhere() -> None:
    """In its title, in every document of features, and on its pages."""
    settings: Settings = SETTINGS.model_copy(update={"operation": "exercise-1"})
    with web_server(settings=settings) as running, running.client() as reader:
        cursor = running.store.write([put(one) for one in things()], fetched_ms=1).cursor
        until(lambda: running.has_come_to(cursor))
        assert reader.get("/ogc?lang=en").json()["title"].startswith("EXERCISE")
        for path in ("/ogc", "/ogc/collections", f"/ogc{ITEMS}", f"/ogc{ITEMS}/hko_wind:S0001"):
            assert reader.get(path).json()["exercise"] is True
            assert "plain-exercise" in reader.get(path, params={"f": "html"}).text
