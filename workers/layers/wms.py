"""Web Map Service 1.3 and 1.1: one picture of a place at a time."""

from __future__ import annotations

from typing import Final

from cop.errors import FeedError
from cop.formats.payload import read_xml
from cop.model.exchange import Layer
from cop.services.layers.tiles import HONG_KONG, SIDE, NoTile, Place, Tile, check_tile
from workers.layers.asking import Asking, body_of, with_query
from workers.layers.gml import exception_words

_VERSIONS: Final = {"1.3.0": "CRS", "1.1.1": "SRS"}


def try_out(asking: Asking, layer: Layer) -> None:
    """Ask for a picture of Hong Kong, to know that the service gives pictures.

    Raises:
        FeedError: it cannot be reached.
        NoTile: what comes is no picture.
    """
    picture(asking, layer, HONG_KONG)


def picture(asking: Asking, layer: Layer, place: Place) -> Tile:
    """Fetch the picture of *place*, by the newer version of the standard or else the older.

    Raises:
        FeedError: it cannot be had.
        NoTile: what comes is no picture of the size asked for.
    """
    first: NoTile | FeedError | None = None
    for version in _VERSIONS:
        try:
            body = body_of(asking.get(map_address(layer, place, version), accept="image/png"))
            return _checked(body)
        except (NoTile, FeedError) as error:
            first = first or error
    assert first is not None  # noqa: S101 - there are versions, and each either works or fails
    raise first


def map_address(layer: Layer, place: Place, version: str) -> str:
    """Give the address of the picture of *place*: a GetMap in EPSG:3857, east before north."""
    query: dict[str, str | int] = {
        "SERVICE": "WMS",
        "VERSION": version,
        "REQUEST": "GetMap",
        "LAYERS": layer.name,
        "STYLES": "",
        _VERSIONS[version]: "EPSG:3857",
        "BBOX": ",".join(f"{metres:.3f}" for metres in place.box()),
        "WIDTH": SIDE,
        "HEIGHT": SIDE,
        "FORMAT": "image/png",
        "TRANSPARENT": "TRUE",
    }
    return with_query(layer.address, query)


def _checked(body: bytes) -> Tile:
    try:
        return check_tile(body)
    except NoTile:
        if not body.lstrip().startswith(b"<"):
            raise
        words = exception_words(read_xml(body))
        if words:
            raise NoTile(words) from None
        raise
