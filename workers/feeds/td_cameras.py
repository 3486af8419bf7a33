"""The Transport Department's traffic cameras: where they stand and where their pictures are.

The list comes as XML, and as CSV in two encodings over the years; each is read. The comma CSV
of 2019 was seen; XML and the CSV of 2026 are known from documentation. Every row is a
camera on the picture and a site of the table `td_cameras`, by which road news are placed.
https://data.gov.hk/en-data/dataset/hk-td-tis_2-traffic-snapshot-images
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from cop.errors import PayloadError
from cop.formats.grid import grid_to_wgs84
from cop.formats.number import read_number
from cop.formats.payload import child_text, children, decode_text, read_xml
from cop.formats.roads import read_site
from cop.model.district import find_district
from cop.model.entity import Placing
from cop.model.geometry import HONG_KONG_BBOX, Position, inside, point
from cop.model.kinds import Camera
from cop.model.site import Site
from cop.model.text import Lang, Text, text
from workers.feed import DATA_GOV_HK, Feed, Item, Poll, Refused, in_languages

REFRESH_S: Final = 120
"""The department takes a picture every two minutes."""

_FIELDS: Final = (
    "key",
    "region",
    "district",
    "description",
    "easting",
    "northing",
    "latitude",
    "longitude",
    "url",
)
_MARK: Final = re.compile(r"\s*\[(?P<key>[A-Za-z0-9]{3,20})\]\s*$")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{2,40}")
_HOST: Final = ".gov.hk"


def _rows(body: bytes) -> Iterator[dict[str, str]]:
    """Give the rows of one list, XML or CSV; raises PayloadError when it is neither."""
    words = decode_text(body)
    if words.lstrip().startswith("<"):
        for image in children(read_xml(body, root="image-list"), "image"):
            yield {name: child_text(image, name) for name in _FIELDS}
        return
    header, _, rest = words.partition("\n")
    names = [n.strip(' \ufeff\r"').lower() for n in re.split(r"[\t,]", header)]
    if not {"key", "description"} <= set(names):
        said = " ".join(words.split())[:120]
        raise PayloadError(f"not a list of cameras; it says: {said}")
    try:
        delimiter = "\t" if "\t" in header else ","
        for cells in csv.reader(io.StringIO(rest), delimiter=delimiter):
            if any(cells):
                yield dict(zip(names, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        raise PayloadError(f"not CSV: {error}") from None


def _position(row: Mapping[str, str]) -> Position:
    """Give longitude and latitude of *row*; raises ValueError when there is no credible place."""
    lon, lat = read_number(row.get("longitude")), read_number(row.get("latitude"))
    if lon is not None and lat is not None and inside((lon, lat), HONG_KONG_BBOX):
        return (lon, lat)
    easting, northing = read_number(row.get("easting")), read_number(row.get("northing"))
    if easting is None or northing is None:
        raise ValueError(f"it has no place in Hong Kong: {lon}, {lat}")
    return grid_to_wgs84(easting, northing)


def _address(row: Mapping[str, str], key: str) -> str:
    """Give the picture's address as https; raises ValueError when it is not the government's."""
    raw = row.get("url") or f"https://tdcctv.data.one.gov.hk/{key}.JPG"
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not (parts.hostname or "").endswith(_HOST):
        raise ValueError(f"its picture is not at a government address: {raw[:80]}")
    return parts._replace(scheme="https", netloc=parts.hostname or "").geturl()


def _make(key: str, name: Text, row: Mapping[str, str]) -> Iterator[Item]:
    place = point(*_position(row))
    district = find_district(row.get("district", "")) if row.get("district") else None
    stretch = read_site(name)
    words = {"road": stretch.road, "near": stretch.near}
    yield Camera(
        id=f"{FEED.key}:{key}",
        feed=FEED.key,
        publisher=FEED.publisher,
        title=name,
        geometry=place,
        placing=Placing.GIVEN,
        precision_m=20.0,
        district=district,
        image_url=_address(row, key),
        refresh_s=REFRESH_S,
        published=True,
    )
    yield Site(
        key=key,
        name=name,
        geometry=place,
        district=district,
        words={part: said for part, said in words.items() if said},
        precision_m=20.0,
    )


def parse(poll: Poll) -> Iterator[Item]:
    """Join the language variants by key; the first one that has a row gives its place."""
    found: dict[str, dict[str, str]] = {}
    names: dict[str, Text] = {}
    for lang, body in poll.by_language("cameras").items():
        met: set[str] = set()
        for number, row in enumerate(_rows(body), 1):
            description = row.get("description", "")
            mark = _MARK.search(description)
            key = row.get("key") or (mark["key"] if mark else "")
            if not _KEY.fullmatch(key) or key in met:
                said = "its key came before" if key in met else "it has no proper key"
                yield Refused(f"{lang} row {number} {key[:40]!r}", said)
                continue
            met.add(key)
            found.setdefault(key, row)
            names.setdefault(key, {})[lang] = _MARK.sub("", description) or key
    if not found:
        raise PayloadError("it lists no camera")
    for key, row in found.items():
        try:
            yield from _make(key, names[key], row)
        except ValueError as error:
            yield Refused(key, str(error))


def _is_list(body: bytes) -> bool:
    plain = body[:400].replace(b"\x00", b"")
    return b"<image-list" in plain or b"key,region" in plain or b"key\tregion" in plain


_CODES: Final[Mapping[Lang, str]] = {"en": "En", "zh-Hant": "Tc", "zh-Hans": "Sc"}

FEED = Feed(
    key="td_cameras",
    title=text("Traffic cameras", "交通攝影機", "交通摄影机"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=in_languages(
        "cameras",
        "https://static.data.gov.hk/td/traffic-snapshot-images/code/"
        "Traffic_Camera_Locations_{lang}.xml",
        _CODES,
        optional=False,
        looks_like=_is_list,
    ),
    every=timedelta(days=1),
    stale_after=timedelta(days=4),
    parse=parse,
    expected=(1, 5_000),
)
