"""Places of the Home Affairs Department that can be opened as shelters: the standing lists.

Built from documentation: neither the files' names nor their columns were seen. Columns or
properties are recognised by what their headings mean, as CSV, JSON or GeoJSON. Where no list
arrives, the shipped table of community halls is given. None of this says that a place is open
now: see the press releases.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.grid import grid_to_wgs84
from cop.formats.halls import find_hall, shelter_id
from cop.formats.number import read_number
from cop.formats.payload import decode_text, read_json
from cop.formats.placed import at_site
from cop.formats.prose import in_language, language_of
from cop.formats.releases import is_json_release, read_json_releases, read_shelters
from cop.formats.variants import explain
from cop.model.district import find_district
from cop.model.entity import Placing
from cop.model.geometry import HONG_KONG_BBOX, inside, point
from cop.model.kinds import Facility, FacilityStatus
from cop.model.site import Site, Table
from cop.model.text import Text, merge, text
from workers.feed import DATA_GOV_HK, Feed, Ignored, Item, Payload, Poll, Refused, Source

LISTS: Final[Mapping[str, str]] = {
    "halls": "community_hall",
    "cold": "cold_shelter",
    "heat": "heat_shelter",
}
"""Document to the type of its places."""

_CHINESE = r"(?=.*(?:chi|tc\b|_tc|zh|hant|中文|繁))"
_ENGLISH = r"(?=.*(?:eng|_en\b|\ben\b|英文))"
_NAME = (
    r"(?=.*(?:name|名稱|名称|shelter|centre|hall|venue|中心|facility))"
    r"(?!.*(?:address|地址|district|地區))"
)
HEADINGS: Final = tuple(
    (field, re.compile(pattern, re.IGNORECASE))
    for field, pattern in (
        ("latitude", r"^(?:.*latitude.*|lat|y|緯度)$"),
        ("longitude", r"^(?:.*longitude.*|long?|lng|x|經度)$"),
        ("easting", r"^(?:.*easting.*|.*東座標.*)$"),
        ("northing", r"^(?:.*northing.*|.*北座標.*)$"),
        ("capacity", r".*(?:capacity|可容納|容納人數|名額).*"),
        ("address_tc", _CHINESE + r".*(?:address|地址).*"),
        ("address_en", _ENGLISH + r".*(?:address|地址).*"),
        ("address", r".*(?:address|地址|location).*"),
        ("district", r".*(?:district|地區|分區).*"),
        ("name_tc", _CHINESE + _NAME + r".*"),
        ("name_en", _ENGLISH + _NAME + r".*"),
        ("name", _NAME + r".*"),
    )
)

_LONGEST_HEADING: Final = 100
Fields = dict[str, str]


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one facility per place of the lists; the shipped halls that no list names, too."""
    halls = poll.table("community_halls")
    found: dict[str, Facility] = {}
    reasons: list[str] = []
    for payload in poll.payloads:
        if _is_release(payload.body):
            yield from _announced(payload.body, halls)
            return
        try:
            rows = list(_rows(payload))
        except PayloadError as error:
            reasons.append(str(error))
            yield Refused(payload.source.name, reasons[-1])
            continue
        for row in rows:
            try:
                place = _place(row, payload.source.name, halls)
            except (TypeError, ValueError) as error:
                yield Refused(str(row)[:80], explain(error))
                continue
            before = found.get(place.id)
            found[place.id] = place if before is None else _merged(before, place)
    if poll.payloads and not found:
        raise PayloadError(reasons[0] if reasons else "no place in any list")
    for site in {site.key: site for site in halls.values()}.values():
        hall = _hall(site)
        found.setdefault(hall.id, hall)
    yield from found.values()


def _is_release(body: bytes) -> bool:
    return b'"title"' in body and b'"content"' in body and is_json_release(read_json(body))


def _announced(body: bytes, halls: Table) -> Iterator[Item]:
    """Read an announcement handed over in place of a list."""
    for shelter in read_shelters(read_json_releases(body), halls, feed="had_shelters"):
        if isinstance(shelter, Facility):
            yield shelter
        else:
            yield Ignored(shelter, "names no shelter that opened or closed")


def _rows(payload: Payload) -> Iterator[Fields]:
    """Read a list whatever its form, as fields by meaning."""
    if payload.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        records = list(_json_records(read_json(payload.body)))
    else:
        records = list(_csv_records(decode_text(payload.body)))
    if not records or not any("name" in key for record in records for key in _fields(record)):
        raise PayloadError("not a list of places: no column holds their names")
    for record in records:
        fields = _fields(record)
        if any(fields.values()):
            yield fields


def _json_records(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        features = document.get("features")
        if isinstance(features, list):
            for feature in features:
                yield _feature(feature)
            return
        document = next((value for value in document.values() if isinstance(value, list)), None)
    if not isinstance(document, list):
        raise PayloadError("JSON without a list of places")
    yield from (row if isinstance(row, dict) else {"district": str(row)} for row in document)


def _feature(feature: Any) -> dict[str, Any]:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise PayloadError("a feature without properties")
    record = dict(feature["properties"])
    geometry = feature.get("geometry")
    spot = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(spot, list) and len(spot) >= 2 and not isinstance(spot[0], list):
        record["longitude"], record["latitude"] = spot[:2]
    return record


def _csv_records(words: str) -> Iterator[dict[str, Any]]:
    first = next(iter(words.splitlines()), "")  # marks alone leave no line
    delimiter = max(",\t|;", key=first.count)
    if delimiter not in first:
        raise PayloadError("not a table: the first line has one column")
    try:
        yield from csv.DictReader(io.StringIO(words), delimiter=delimiter, restval="")
    except csv.Error as error:
        raise PayloadError(f"not CSV: {error}") from None


def _fields(record: Mapping[str, Any]) -> Fields:
    fields: Fields = {}
    for heading, value in record.items():
        if not isinstance(heading, str) or value is None or isinstance(value, (dict, list)):
            continue
        name = heading.strip()[:_LONGEST_HEADING]
        meaning = next((field for field, words in HEADINGS if words.match(name)), None)
        if meaning is not None and not fields.get(meaning):
            fields[meaning] = str(value).strip()
    return fields


def _words(fields: Fields, stem: str) -> Text:
    given = text(fields.get(f"{stem}_en"), fields.get(f"{stem}_tc"))
    bare = fields.get(stem, "")
    return merge(given, in_language(bare, language_of(bare)))


def _place(fields: Fields, document: str, halls: Table) -> Facility:
    name, address = _words(fields, "name"), _words(fields, "address")
    if not name:
        raise ValueError("a place without a name")
    site = next((hall for hall in (find_hall(n, halls) for n in name.values()) if hall), None)
    district = find_district(fields.get("district", ""))
    where = at_site(site) | _coordinates(fields)
    if district is not None:
        where.setdefault("district", district)
        where.setdefault("placing", Placing.DISTRICT)
    capacity = read_number(fields.get("capacity"))
    key = shelter_id(name.get("en") or next(iter(name.values())), halls)
    if site is not None:
        key = shelter_id(site.key, halls)
        name, address = merge(name, site.name), merge(address, site.words.get("address", {}))
    return Facility(
        id=f"had_shelters:{key}",
        feed="had_shelters",
        publisher="HAD",
        title=name,
        facility_type=LISTS.get(document, "community_hall"),
        status=FacilityStatus.STANDBY,
        capacity=int(capacity) if capacity is not None and capacity >= 0 else None,
        address=address,
        **where,
    )


def _coordinates(fields: Fields) -> dict[str, Any]:
    """Give the place from degrees or grid metres; nothing when there are none."""
    lon, lat = read_number(fields.get("longitude")), read_number(fields.get("latitude"))
    east, north = read_number(fields.get("easting")), read_number(fields.get("northing"))
    if (lon is None or lat is None) and east is not None and north is not None:
        lon, lat = grid_to_wgs84(east, north)
    if lon is None or lat is None:
        return {}
    if not inside((lon, lat), HONG_KONG_BBOX):
        raise ValueError(f"not in Hong Kong: {lon}, {lat}")
    return {"geometry": point(lon, lat), "placing": Placing.GIVEN, "precision_m": 50.0}


def _merged(before: Facility, after: Facility) -> Facility:
    """Put what two lists or languages say of one place together; the first list wins."""
    return before.model_copy(
        update={
            "title": merge(before.title, after.title),
            "address": merge(before.address, after.address),
        }
    )


def _hall(site: Site) -> Facility:
    return Facility(
        id=f"had_shelters:{shelter_id(site.key, {site.key: site})}",
        feed="had_shelters",
        publisher="HAD",
        title=site.name,
        facility_type="community_hall",
        status=FacilityStatus.STANDBY,
        address=site.words.get("address", {}),
        **at_site(site),
    )


_PSI = "https://www.had.gov.hk/psi"

FEED = Feed(
    key="had_shelters",
    title=text("Shelter pool", "庇護場所名單", "庇护场所名单"),
    publisher="HAD",
    licence=DATA_GOV_HK.format(department="Home Affairs Department"),
    sources=(
        Source(
            name="halls",
            url=f"{_PSI}/chcc/chcc.csv",
            optional=True,
            looks_like=lambda body: not body.lstrip().startswith(b"<"),
        ),
        Source(name="cold", url=f"{_PSI}/temporary-cold-shelters/cold.csv", optional=True),
        Source(name="heat", url=f"{_PSI}/temporary-heat-shelters/heat.csv", optional=True),
    ),
    every=timedelta(hours=12),
    stale_after=timedelta(days=3),
    parse=parse,
    complete=False,
    expected=(1, 1000),
    joins=("community_halls",),
)
