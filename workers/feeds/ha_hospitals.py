"""Where the accident and emergency hospitals are: the Hospital Authority's layer on CSDI.

The layer's shape was seen, the id of its dataset was not: until it is confirmed the shipped table
of the same key stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from cop.errors import PayloadError
from cop.formats.payload import read_object
from cop.formats.placed import find_site
from cop.formats.variants import explain
from cop.model.geometry import HONG_KONG_BBOX, inside, point
from cop.model.site import Site
from cop.model.text import text
from cop.reference.tables import default_table
from workers.feed import DATA_GOV_HK, Feed, Item, Poll, Refused, Source


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one site per hospital, named in three languages."""
    document = read_object(poll.one("hospitals"))
    features = document.get("features")
    if not isinstance(features, list):
        raise PayloadError(f"no features: {str(document.get('error', ''))[:100]}")
    for feature in features:
        try:
            yield _site(feature)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield Refused(str(feature)[:80], explain(error))


def _site(feature: dict[str, Any]) -> Site:
    properties = feature["properties"]
    name = text(
        properties.get("hospName_EN") or properties.get("Name_en"),
        properties.get("hospName_TC") or properties.get("Name_tc"),
        properties.get("hospName_SC") or properties.get("Name_sc"),
    )
    lon, lat = (float(part) for part in feature["geometry"]["coordinates"][:2])
    if not name or not inside((lon, lat), HONG_KONG_BBOX):
        raise ValueError("a hospital without a name or not in Hong Kong")
    shipped = find_site(default_table("ha_hospitals"), name.values())
    english = name.get("en", "")
    code = str(properties.get("JSON_EN") or "").rpartition("AEHospital=")[2]
    spellings = {*name.values(), english.replace("St. ", "St ")}
    if shipped is not None:
        spellings.update(shipped.aliases)
    key = shipped.key if shipped is not None else code or english or next(iter(name.values()))
    return Site(
        key=key,
        name=name,
        geometry=point(lon, lat),
        aliases=tuple(sorted(spellings - {key, ""})),
        precision_m=20,
    )


FEED = Feed(
    key="ha_hospitals",
    title=text("A&E hospitals", "設有急症室的醫院", "设有急症室的医院"),
    publisher="HA",
    licence=DATA_GOV_HK.format(department="Hospital Authority"),
    sources=(
        Source(
            name="hospitals",
            url="https://portal.csdi.gov.hk/csdi-webpage/file-api"
            "?dataset_id=ha_rcd_1629267205213_58940&format=geojson&layer_name=geotagging",
            looks_like=lambda body: b"hospName_EN" in body,
        ),
    ),
    every=timedelta(days=1),
    stale_after=timedelta(days=7),
    parse=parse,
    expected=(10, 60),
)
