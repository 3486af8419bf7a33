"""Pictures of map services: fetched by the web process, checked, and given to the page."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from cop.model.exchange import Layer, LayerState
from tests.integration.layers_site import HOST, add, fetch, layers_site, shown
from tests.integration.publisher import Publisher, answer, publisher
from tests.integration.web_server import Server, until

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    + (256).to_bytes(4, "big") * 2
    + b"\x08\x06\x00\x00\x00rest"
)
TILE = "/tiles/12/3345/1786.png"


@pytest.fixture(scope="module")
def service() -> Iterator[Publisher]:
    """Give a service of somebody else's."""
    with publisher() as running:
        yield running


@pytest.fixture(scope="module")
def server(service: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a web process with layers of that service."""
    with layers_site(service, tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def pictures(server: Server) -> str:
    """Give a layer that comes as pictures."""
    made = add(server, f"https://{HOST}/wms?map=/a.map", "wms", name="roads,rails")
    layer_id = str(made.json()["id"])
    until(lambda: bool(shown(server, layer_id)))
    return layer_id


def get_map(version: str, box: str, crs: str) -> str:
    """Give the path and query of the request for a picture."""
    query = httpx.QueryParams(
        [
            ("map", "/a.map"),
            ("SERVICE", "WMS"),
            ("VERSION", version),
            ("REQUEST", "GetMap"),
            ("LAYERS", "roads,rails"),
            ("STYLES", ""),
            (crs, "EPSG:3857"),
            ("BBOX", box),
            ("WIDTH", "256"),
            ("HEIGHT", "256"),
            ("FORMAT", "image/png"),
            ("TRANSPARENT", "TRUE"),
        ]
    )
    return f"/wms?{query}"


def box_of(z: int, x: int, y: int) -> str:
    """Give the box of a tile in metres, by the formula of the pyramid."""
    side = 40075016.6855784 / 2**z
    west, north = x * side - 20037508.3427892, 20037508.3427892 - y * side
    return f"{west:.3f},{north - side:.3f},{west + side:.3f},{north:.3f}"


def test_pictures_come_through_us(server: Server, service: Publisher, pictures: str) -> None:
    """A tile is asked for in Web Mercator, checked, and given with a policy of its own; once."""
    path = get_map("1.3.0", box_of(12, 3345, 1786), "CRS")
    service.will(path, answer(PNG, "200 OK", "Content-Type: text/html"))
    with server.client("lee") as client:
        found = client.get(f"/api/v1/layers/{pictures}{TILE}")
        assert found.status_code == 200, found.text
        assert found.content == PNG
        assert found.headers["content-type"] == "image/png"
        assert (
            found.headers["content-security-policy"]
            == "default-src 'none'; frame-ancestors 'none'; sandbox"
        )
        client.get(f"/api/v1/layers/{pictures}{TILE}")
        assert client.get(f"/api/v1/layers/{pictures}/features").status_code == 404
    asked = [head.split()[1] for head in service.requests]
    assert asked.count(path) == 1


def test_an_older_service_is_asked_in_its_own_words(
    server: Server, service: Publisher, pictures: str
) -> None:
    """Where version 1.3 is refused, 1.1 is asked for."""
    refusal = b'<ServiceExceptionReport><ServiceException code="InvalidVersion"/>'
    refusal += b"</ServiceExceptionReport>"
    box = box_of(12, 3346, 1786)
    service.will(get_map("1.3.0", box, "CRS"), answer(refusal))
    service.will(get_map("1.1.1", box, "SRS"), answer(PNG))
    with server.client("lee") as client:
        found = client.get(f"/api/v1/layers/{pictures}/tiles/12/3346/1786.png")
    assert (found.status_code, found.content) == (200, PNG)


WRONG = {
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "gif": b"GIF89a" + b"\0" * 100,
    "nothing": b"",
    "huge-picture": PNG.replace((256).to_bytes(4, "big"), (60000).to_bytes(4, "big")),
    "too-large": PNG + b"\0" * 1_100_000,
    "exception": b"<ServiceExceptionReport><ServiceException>No layer</ServiceException>"
    b"</ServiceExceptionReport>",
}


@pytest.mark.parametrize(("index", "body"), tuple(enumerate(WRONG.values())), ids=WRONG.keys())
def test_what_is_no_picture_is_not_passed_on(
    server: Server, service: Publisher, pictures: str, index: int, body: bytes
) -> None:
    """Only a PNG or JPEG of the size that was asked for reaches a browser."""
    x = 3400 + index
    for version, crs in (("1.3.0", "CRS"), ("1.1.1", "SRS")):
        service.will(get_map(version, box_of(12, x, 1786), crs), answer(body))
    with server.client("lee") as client:
        found = client.get(f"/api/v1/layers/{pictures}/tiles/12/{x}/1786.png")
    assert (found.status_code, found.json()["code"]) == (502, "no-tile")
    assert b"alert" not in found.content


@pytest.mark.parametrize("tile", ["21/0/0", "3/8/0", "3/0/-1", "a/0/0", "3/0/99999999999"])
def test_tiles_that_there_are_not(server: Server, pictures: str, tile: str) -> None:
    """A tile off the pyramid is a mistake."""
    with server.client("lee") as client:
        assert client.get(f"/api/v1/layers/{pictures}/tiles/{tile}.png").status_code == 400


def test_a_map_service_is_tried_for_its_age(
    server: Server, service: Publisher, pictures: str
) -> None:
    """That it gives pictures is known without anybody looking."""
    service.will(get_map("1.3.0", box_of(10, 836, 446), "CRS"), answer(PNG))
    assert fetch(server, service, pictures) == ""
    found = next(one for one in server.entities(Layer) if one.id == pictures)
    assert (found.state, found.features) == (LayerState.OK, None)
    assert found.fetched_at is not None
