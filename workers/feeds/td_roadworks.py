"""Road works in progress and about to begin, from the Transport Department's list.

It comes as a JSON array or as GeoJSON; both are read. Neither was seen: the fields are those that
the documentation and working programs name.
https://data.gov.hk/en-data/dataset/hk-td-tis_18-roadworks-location
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import read_json
from cop.formats.when import time_or_none
from cop.model.entity import Placing
from cop.model.geometry import HONG_KONG_BBOX, Point, inside, point
from cop.model.kinds import Road, RoadStatus
from cop.model.text import Text, text
from workers.feed import DATA_GOV_HK, Feed, Ignored, Item, Poll, Refused, Source

_DONE: Final = frozenset({"completed", "已完成", "完成", "finished", "cancelled", "取消"})


def _rows(document: Any) -> list[Any]:
    """Give the rows of either form; raises PayloadError when it is neither."""
    if isinstance(document, list):
        return document
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise PayloadError("neither an array of road works nor GeoJSON")
    return [_flatten(feature) for feature in features]


def _flatten(feature: Any) -> Any:
    if not isinstance(feature, dict):
        return feature
    properties, geometry = feature.get("properties"), feature.get("geometry")
    row = dict(properties) if isinstance(properties, dict) else {}
    pair = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(pair, list) and len(pair) >= 2:
        row["longitude"], row["latitude"] = pair[:2]
    return row


def _words(row: Mapping[str, Any], name: str) -> Text:
    said = (row.get(f"{name}_{code}") for code in ("en", "tc", "sc"))
    return text(*(words if isinstance(words, str) else None for words in said))


def _point(row: Mapping[str, Any]) -> Point | None:
    try:
        lon, lat = read_number(row.get("longitude")), read_number(row.get("latitude"))
    except ValueError:
        return None
    if lon is None or lat is None or not inside((lon, lat), HONG_KONG_BBOX):
        return None
    return point(lon, lat)


def _road(row: Mapping[str, Any], key: str) -> Road:
    road, where = _words(row, "roadname"), _words(row, "locdesc")
    lane, status = _words(row, "lane"), _words(row, "worksstatus")
    place = _point(row)
    title: Text = {
        lang: name + (f" {where[lang]}" if where.get(lang) else "") for lang, name in road.items()
    }
    said = [words for words in (where, lane, status) if words]
    starts, ends = (str(row.get(name) or "")[:40] for name in ("starttime", "endtime"))
    period = f"{starts} – {ends}".strip(" –")
    description: Text = {
        lang: "\n".join(filter(None, [*(w.get(lang) for w in said), period]))
        for lang in dict.fromkeys(lang for words in said for lang in words)
    }
    return Road(
        id=f"{FEED.key}:{key}",
        feed=FEED.key,
        publisher=FEED.publisher,
        title=title or where,
        description=description,
        valid_from=time_or_none(starts),
        geometry=place,
        placing=Placing.GIVEN if place else Placing.UNPLACED,
        precision_m=50.0 if place else None,
        place=where,
        status=RoadStatus.WORKS,
        cause="works",
        road=road,
        number=key,
    )


def parse(poll: Poll) -> Iterator[Item]:
    """Give a road per row; finished works are ignored."""
    for number, row in enumerate(_rows(read_json(poll.one("roadworks"))), 1):
        if not isinstance(row, dict):
            yield Refused(f"row {number}", "it is no object")
            continue
        identity = row.get("roadworks_id")
        key = "".join(str(identity).split())[:80] if isinstance(identity, (str, int)) else ""
        if not key or not (_words(row, "roadname") or _words(row, "locdesc")):
            yield Refused(f"row {number} {key}", "it has no roadworks_id or no name")
        elif {words.lower() for words in _words(row, "worksstatus").values()} & _DONE:
            yield Ignored(key, "the works are over")
        else:
            yield _road(row, key)


FEED = Feed(
    key="td_roadworks",
    title=text("Road works", "道路工程", "道路工程"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=(
        Source(
            name="roadworks",
            url="https://resource.data.one.gov.hk/td/roadworks-location/get_all_the_roadworks.json",
            looks_like=lambda body: b"roadworks_id" in body[:5000],
        ),
    ),
    every=timedelta(minutes=15),
    stale_after=timedelta(days=2),
    parse=parse,
    expected=(0, 10_000),
)
