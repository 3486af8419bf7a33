"""The Observatory's stations on the CSDI portal: a GeoJSON layer to sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import read_object
from cop.model.geometry import HONG_KONG_BBOX, inside, point
from cop.model.site import Site
from cop.model.text import text

CSDI_LICENCE: Final = (
    "Terms of the CSDI Portal; source: Hong Kong Observatory, via the Common Spatial Data"
    " Infrastructure Portal"
)

_EN: Final = ("name_en", "station_name_en", "stationnameen", "name", "station", "station_en")
_TC: Final = ("name_tc", "station_name_tc", "stationnametc", "name_uc", "station_tc")
_SC: Final = ("name_sc", "station_name_sc", "stationnamesc", "station_sc")
_ID: Final = (
    "automaticweatherstationid",
    "automatic_weather_station_id",
    "station_id",
    "stationid",
    "station_code",
    "code",
)
_PRECISION_M: Final = 100.0
"""The layer's geometry and its latitude and longitude columns differ by up to this much."""


def read_layer(body: bytes) -> list[Any]:
    """Read a page of features.

    Raises:
        PayloadError: it is no feature collection, or the portal's error under status 200, or one
            page of several.
    """
    document = read_object(body)
    if "error" in document:
        raise PayloadError(f"the portal answered with an error: {str(document['error'])[:120]}")
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise PayloadError("not a GeoJSON feature collection")
    properties = document.get("properties")
    paged = properties if isinstance(properties, dict) else document
    if document.get("exceededTransferLimit") is True or paged.get("exceededTransferLimit") is True:
        raise PayloadError("only the first page of the layer came")
    return features


def sites(features: list[Any], known: Mapping[str, Site]) -> Iterator[Site | tuple[str, str]]:
    """Make the sites of *features*; a bad one gives (row, reason).

    A *known* site of the same id or name lends its key and its other spellings: the layer's names
    are not always those of the data.
    """
    for index, feature in enumerate(features):
        try:
            yield _site(feature, known)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            yield (f"feature {index}", str(error) or type(error).__name__)


def _site(feature: Any, known: Mapping[str, Site]) -> Site:
    properties = {str(name).lower().strip(): value for name, value in feature["properties"].items()}
    name = text(*(_words(properties, names) for names in (_EN, _TC, _SC)))
    code = _words(properties, _ID)
    if not name and not code:
        raise ValueError("no name and no id")
    same = next((known[word] for word in (code, *name.values()) if word in known), None)
    key = code or (same.key if same else next(iter(name.values())))
    aliases = [*name.values()]
    if same is not None:
        aliases += [same.key, *same.name.values(), *same.aliases]
        name = {**same.name, **name}
    return Site(
        key=key,
        name=name,
        geometry=point(*_position(feature.get("geometry"), properties)),
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias and alias != key)),
        precision_m=_PRECISION_M,
    )


def _words(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    found = (properties.get(name) for name in names)
    words = next((str(value) for value in found if value not in (None, "")), "").strip()
    # The portal sets Chinese names of two characters apart with a blank.
    return words if words.isascii() else "".join(words.split())


def _position(geometry: Any, properties: Mapping[str, Any]) -> tuple[float, float]:
    lon = lat = None
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        lon, lat = (read_number(part) for part in geometry["coordinates"][:2])
    else:
        lon, lat = read_number(properties.get("longitude")), read_number(properties.get("latitude"))
    if lon is None or lat is None or not inside((lon, lat), HONG_KONG_BBOX):
        raise ValueError(f"not in Hong Kong: {lon}, {lat}")
    return (lon, lat)
