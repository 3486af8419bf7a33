"""Services that misbehave: what was good stays, and what went wrong is said."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.errors import PayloadError
from cop.model.exchange import LayerState
from tests.unit.workers.layers.serving import (
    CENTRAL,
    HOST,
    Answer,
    Query,
    Service,
    collection,
    feature,
    layer,
    raw,
)
from workers.layers.coordinates import code_of
from workers.layers.rows import MOST_FIELDS, MOST_SIGNS, Rows

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
PLACES: dict[str, tuple[str, str]] = {
    "geojson": ("/places.geojson", ""),
    "ogc": ("/ogc", "places"),
    "wfs": ("/wfs", "places"),
    "arcgis": ("/rest/FeatureServer", "0"),
}
DEEP = b'{"type":"FeatureCollection","features":' + b"[" * 5000 + b"]" * 5000 + b"}"
NOT_A_NUMBER = orjson.dumps(collection(feature(1))).replace(b"114.158", b"NaN")
BODIES = {
    "html": b"<!DOCTYPE html><html><body>Please wait</body></html>",
    "nothing": b"",
    "not-json": b"{",
    "a-list": b"[1,2]",
    "no-collection": b'{"type":"Topology","features":[]}',
    "features-are-none": b'{"type":"FeatureCollection","features":{"a":1}}',
    "nan": NOT_A_NUMBER,
    "infinity": NOT_A_NUMBER.replace(b"NaN", b"-Infinity"),
    "too-deep": DEEP,
    "error-in-200": b'{"error":{"code":498,"message":"Invalid token","details":[]}}',
    "xml-bomb": f"<!DOCTYPE a [{BOMB}]><a>&e8;</a>".encode(),
    "xml-file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "no-place": orjson.dumps(collection({"type": "Feature", "geometry": None})),
    "off-the-earth": orjson.dumps(collection(feature(1, (1e300, 5)))),
    "nowhere-known": orjson.dumps(collection(feature(1, (5e6, 4e6)))),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("service", PLACES)
def test_the_last_good_is_kept(service: str, body: bytes) -> None:
    """Whatever comes, what is shown and its age stay, and why it failed is said."""
    path, name = PLACES[service]
    good = collection(feature(1))
    answers: list[Answer] = [lambda *_: good, lambda *_: raw(body)]
    wanted = layer(service, path, name=name)
    one = Service(answers[0])
    first = one.fetch(wanted)
    assert first.state is LayerState.OK
    one.answer = answers[1]
    then = one.fetch(wanted)
    assert then.state is LayerState.FAILING
    assert then.why
    assert (then.fetched_at, then.features) == (first.fetched_at, 1)
    assert len(one.features()) == 1


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("https://elsewhere.example/items?page=2", id="another-host"),
        pytest.param("https://127.0.0.1/items", id="loopback"),
        pytest.param("http://169.254.169.254/latest/meta-data", id="cloud-metadata"),
        pytest.param("http://elsewhere.example/items?page=2", id="unprotected"),
        pytest.param(f"https://{HOST}:8443/items", id="another-port"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("https://[::1", id="no-address"),
    ],
)
def test_a_next_page_is_at_the_same_place(href: str) -> None:
    """A link that leads away is not followed, and the layer fails as a whole."""
    links = [{"rel": "next", "href": href}]
    service = Service(lambda *_: collection(feature(1), links=links))
    found = service.fetch(layer("ogc", "/ogc", name="places"))
    assert found.state is LayerState.FAILING
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "to",
    [
        pytest.param("https://elsewhere.example/", id="another-host"),
        pytest.param("http://10.0.0.1/", id="private"),
        pytest.param(f"http://{HOST}/", id="unprotected"),
        pytest.param(f"https://{HOST}:8443/", id="another-port"),
        pytest.param(f"https://somebody@{HOST}/", id="with-a-name"),
    ],
)
@pytest.mark.parametrize("service", PLACES)
def test_a_redirect_stays_where_it_is_allowed(service: str, to: str) -> None:
    """A redirect off the host, or to another port of it, is refused and not asked."""
    path, name = PLACES[service]
    answering = Service(lambda *_: raw(b"", status=302, Location=to))
    found = answering.fetch(layer(service, path, name=name))
    assert found.state is LayerState.FAILING
    assert set(answering.hosts) == {HOST}
    assert set(answering.ports) <= {None, 443}


def test_endless_pages_end() -> None:
    """Pages that always have another end after so many, and nothing of them is kept."""

    def answer(_: str, query: Query) -> Any:
        page = int(query.get("page", "0"))
        links = [{"rel": "next", "href": f"?page={page + 1}"}]
        return collection(feature(page), links=links)

    service = Service(answer)
    found = service.fetch(layer("ogc", "/ogc", name="places"))
    assert (found.state, found.why) == (LayerState.FAILING, "the layer has more than 60 pages")
    assert len(service.asked) == 60
    assert service.features() == []


def test_pages_in_a_circle_end() -> None:
    """A next page that was seen already is the end."""
    links = [{"rel": "next", "href": "?limit=1000"}]
    service = Service(lambda *_: collection(feature(1), links=links))
    assert service.fetch(layer("ogc", "/ogc", name="places")).features == 1


def test_more_that_never_comes_fails() -> None:
    """A FeatureServer that promises more and gives nothing is not read to its end."""
    about: dict[str, Any] = {"exceededTransferLimit": True}
    service = Service(lambda path, _: {} if path.endswith("/0") else collection(**about))
    found = service.fetch(layer("arcgis", "/rest/FeatureServer", name="0"))
    assert found.state is LayerState.FAILING


def test_a_host_that_is_no_longer_allowed_is_not_asked() -> None:
    """The worker decides again: an address that came by another way than the command is refused."""
    service = Service(lambda *_: collection(feature(1)))
    found = service.fetch(layer(address="https://elsewhere.example/a.geojson"))
    assert found.state is LayerState.FAILING
    assert "COP_LAYER_HOSTS" in found.why
    assert service.asked == []


def test_properties_are_plain_words_and_numbers() -> None:
    """Nothing else is kept: no structures, no control or direction characters, no length."""
    odd: dict[str, Any] = {
        "a\u202eb\x00": "x\u202ey\x07z",
        "html": "<img src=x onerror=alert(1)>",
        "deep": {"a": {"b": 1}},
        "list": [1, 2],
        "none": None,
        "yes": True,
        "large": 2**60,
        "half": 0.5,
        "long": "x" * 10_000,
        "__proto__": "p",
        "blank": "  ",
    }
    rows = Rows()
    rows.take_collection(collection({**feature(1), "properties": odd}))
    body, _ = rows.encode()
    kept = orjson.loads(body)["features"][0]["properties"]
    assert kept.pop("long") == "x" * (MOST_SIGNS - 1) + "…"
    assert kept == {
        "ab": "xyz",
        "html": "<img src=x onerror=alert(1)>",
        "yes": "true",
        "large": str(2**60),
        "half": 0.5,
        "__proto__": "p",
    }
    many = Rows()
    fields = {f"f{n}": n for n in range(99)}
    many.take_collection(collection({**feature(1), "properties": fields}))
    found = orjson.loads(many.encode()[0])["features"][0]
    assert len(found["properties"]) == MOST_FIELDS


def test_huge_shapes_are_left_out_and_said() -> None:
    """One shape of too many corners does not crowd out the others."""
    ring = [[114 + n / 1e6, 22.3] for n in range(40_000)]
    huge = {"type": "LineString", "coordinates": ring}
    rows = Rows()
    rows.take_collection(collection({**feature(1), "geometry": huge}, feature(2)))
    assert len(rows) == 1
    assert rows.cut


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
GEOMETRY = st.fixed_dictionaries(
    {"type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Circle"])},
    optional={"coordinates": JSON},
)


@given(st.lists(st.fixed_dictionaries({}, optional={"geometry": GEOMETRY, "id": JSON}) | JSON))
def test_no_feature_breaks_the_reading(features: list[Any]) -> None:
    """Whatever stands in a collection: it is taken, left out, or the document is refused."""
    rows = Rows()
    rows.take_collection(collection(feature(0), *features, {"properties": features}))
    try:
        body, count = rows.encode()
    except PayloadError:
        return
    assert count >= 1
    assert orjson.loads(body)["type"] == "FeatureCollection"


GRID = [839405.76, 829500.77]
"""The control point that the Transport Department publishes; in degrees below."""
CONTROL = (114.207348, 22.404797)
SYSTEMS = {
    "degrees": ([*CONTROL], None),
    "degrees-swapped": ([*reversed(CONTROL)], None),
    "degrees-with-height": ([*CONTROL, 12.0], None),
    "grid-declared": (GRID, "urn:ogc:def:crs:EPSG::2326"),
    "grid-undeclared": (GRID, None),
    "mercator": ([12713503.82, 2560195.85], "EPSG:3857"),
    "declared-wrongly-swapped": ([*reversed(CONTROL)], "urn:ogc:def:crs:OGC:1.3:CRS84"),
}


@pytest.mark.parametrize(("numbers", "declared"), SYSTEMS.values(), ids=SYSTEMS.keys())
def test_places_become_degrees(numbers: list[float], declared: str | None) -> None:
    """Swapped axes and the Hong Kong grid are recognised; the datum shift is not left out."""
    one = {**feature(1), "geometry": {"type": "Point", "coordinates": numbers}}
    crs = {"type": "name", "properties": {"name": declared}}
    rows = Rows()
    rows.take_collection(collection(one, **({"crs": crs} if declared else {})))
    made = orjson.loads(rows.encode()[0])["features"][0]["geometry"]["coordinates"]
    assert made == pytest.approx(list(CONTROL), abs=2e-5)


def test_the_grid_is_recognised_north_first() -> None:
    """Where a place lies beyond what the other axis can be, the order is beyond doubt."""
    north_first = [list(reversed(GRID)), [815000.0, 866000.0]]
    rows = Rows()
    line = {"type": "LineString", "coordinates": north_first}
    crs = {"properties": {"name": "EPSG:2326"}}
    rows.take_collection(collection({**feature(1), "geometry": line}, crs=crs))
    made = orjson.loads(rows.encode()[0])["features"][0]["geometry"]["coordinates"]
    assert made[0] == pytest.approx(list(CONTROL), abs=2e-5)


def test_an_unknown_system_is_refused() -> None:
    """A reference system that nobody knows makes no places."""
    rows = Rows()
    crs = {"properties": {"name": "EPSG:999999"}}
    rows.take_collection(collection(feature(1, (5e6, 4e6)), crs=crs))
    with pytest.raises(PayloadError, match="999999"):
        rows.encode()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EPSG:2326", 2326),
        ("urn:ogc:def:crs:EPSG::4326", 4326),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 84),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", 3857),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", 4326),
        ("HK80", None),
        (None, None),
        (["EPSG:1"], None),
    ],
    ids=str,
)
def test_names_of_systems_are_read(name: Any, code: int | None) -> None:
    """All ways of naming a reference system."""
    assert code_of(name) == code


def test_points_in_the_middle_of_hong_kong_need_no_name() -> None:
    """A plain document is as it says."""
    rows = Rows()
    rows.take_collection(collection(feature(1, CENTRAL)))
    assert orjson.loads(rows.encode()[0])["features"][0]["geometry"]["coordinates"] == [*CENTRAL]
