"""Disasters of the world that may need help, from GDACS: its RSS, or its list as GeoJSON.

Only what GDACS calls current is taken. Not for life-critical decisions alone (GDACS's own terms).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import child, child_text, read_object
from cop.formats.prose import plain_text, safe_link
from cop.formats.rss import RssItem, read_rss
from cop.formats.variants import explain
from cop.formats.when import time_or_none
from cop.model.entity import Certainty, Measures, Placing, Severity
from cop.model.geometry import Point, Polygon, inside, point, polygon
from cop.model.kinds import Hazard
from cop.model.text import text
from workers.feed import ContentAt, Feed, Ignored, Item, Poll, Refused, Source

EVENTS: Final[Mapping[str, str]] = {
    "EQ": "earthquake",
    "TC": "tropical_cyclone",
    "FL": "flood",
    "VO": "volcano",
    "DR": "drought",
    "WF": "wildfire",
    "TS": "tsunami",
}
LEVELS: Final[Mapping[str, Severity]] = {
    "green": Severity.MINOR,
    "orange": Severity.SEVERE,
    "red": Severity.EXTREME,
}
UNITS: Final[Mapping[str, str]] = {"m": "magnitude", "km/h": "wind_kmh", "km2": "area_km2"}

WORLD: Final = (-180.0, -90.0, 180.0, 90.0)


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one hazard per current event."""
    body = poll.one("events")
    is_json = body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    yield from _read_list(body) if is_json else _read_rss(body)


def _read_rss(body: bytes) -> Iterator[Item]:
    channel = read_rss(body)
    if channel.published_at is not None:
        yield ContentAt(channel.published_at)
    for item in channel.items:
        try:
            yield _from_rss(item, channel.published_at)
        except (KeyError, TypeError, ValueError) as error:
            yield Refused(item.guid or item.title, explain(error))


def _from_rss(item: RssItem, published: datetime | None) -> Hazard | Ignored:
    element = item.element
    kind = child_text(element, "eventtype").upper()
    number = child_text(element, "eventid") or item.guid.removeprefix(kind)
    if kind not in EVENTS or not number.isdecimal():
        raise ValueError(f"unknown event {kind or item.guid!r} {number!r}")
    if child_text(element, "iscurrent").lower() == "false":
        return Ignored(f"{kind}{number}", "no longer current")
    severity = child(element, "severity")
    measures = _measure(severity.get("value"), severity.get("unit")) if severity is not None else {}
    people = child(element, "population")
    if people is not None:
        affected = read_number(people.get("value"))
        if affected is not None and affected >= 0:
            measures["population"] = affected
    deep = re.search(r"Depth:?\s*([\d.]+)\s*km", child_text(element, "severity"), re.IGNORECASE)
    if deep is not None and kind == "EQ":
        measures["depth_km"] = float(deep[1])
    level = child_text(element, "episodealertlevel") or child_text(element, "alertlevel")
    return _hazard(
        kind,
        number,
        level,
        title=plain_text(item.title),
        description=plain_text(item.body),
        intensity=child_text(element, "severity"),
        measures=measures,
        place=child_text(element, "country"),
        dates=(child_text(element, "fromdate"), child_text(element, "todate")),
        published=published or item.published_at,
        link=item.link,
        geometry=_place(element),
    )


def _place(element: etree._Element) -> Point | Polygon | None:
    """Give the point (`lat lon`), else the box (`lonmin lonmax latmin latmax`)."""
    where = next(
        (e for e in element if etree.QName(e).localname == "point" and (e.text or "").strip()), None
    )
    if where is not None:
        lat, lon = (float(part) for part in str(where.text).split()[:2])
        return point(lon, lat)
    holder = child(element, "Point")
    if holder is not None:
        lat_text, lon_text = child_text(holder, "lat"), child_text(holder, "long")
        if lat_text and lon_text:
            return point(float(lon_text), float(lat_text))
    box = [float(part) for part in child_text(element, "bbox").split()]
    if len(box) != 4:
        return None
    west, east, south, north = box
    if not (inside((west, south), WORLD) and inside((east, north), WORLD)):
        return None
    return polygon([(west, south), (east, south), (east, north), (west, north)])


def _measure(value: object, unit: object) -> Measures:
    name = UNITS.get(str(unit).strip().lower())
    number = read_number(value)
    return {name: round(number, 2)} if name is not None and number is not None else {}


def _hazard(
    kind: str,
    number: str,
    level: str,
    *,
    title: str,
    description: str,
    intensity: str,
    measures: Measures,
    place: str,
    dates: tuple[str, str],
    published: datetime | None,
    link: str,
    geometry: Point | Polygon | None,
) -> Hazard:
    starts, ends = (time_or_none(date, zone=UTC) for date in dates)
    return Hazard(
        id=f"gdacs:{kind}{number}",
        feed="gdacs",
        publisher="GDACS",
        title={"en": title or f"{kind}{number}"},
        description={"en": description} if description else {},
        observed_at=starts if kind == "EQ" else (ends or starts),
        valid_from=starts,
        phenomenon=EVENTS[kind],
        severity=LEVELS.get(level.strip().lower(), Severity.UNKNOWN),
        certainty=Certainty.UNKNOWN,
        measures=measures,
        intensity={"en": intensity} if intensity else {},
        forecast=starts is not None and published is not None and starts > published,
        geometry=geometry,
        placing=Placing.GIVEN if geometry is not None else Placing.UNPLACED,
        place={"en": place} if place else {},
        link=safe_link(link),
    )


def _read_list(body: bytes) -> Iterator[Item]:
    features = read_object(body).get("features")
    if not isinstance(features, list):
        raise PayloadError("no list `features` of events")
    for feature in features:
        try:
            yield _from_feature(feature)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            yield Refused(str(feature)[:80], explain(error))


def _from_feature(feature: dict[str, Any]) -> Hazard | Ignored:
    facts = feature["properties"]
    if "meta" in facts or "eventid" not in facts:
        return Ignored("meta", "the list's own description")
    kind, number = str(facts["eventtype"]).upper(), str(facts["eventid"])
    if kind not in EVENTS:
        raise ValueError(f"unknown event {kind!r}")
    if str(facts.get("iscurrent", "true")).lower() == "false":
        return Ignored(f"{kind}{number}", "no longer current")
    where = feature.get("geometry") or {}
    spot = where.get("coordinates") if where.get("type") == "Point" else None
    severity = facts.get("severitydata") or {}
    links = facts.get("url")
    return _hazard(
        kind,
        number,
        str(facts.get("episodealertlevel") or facts.get("alertlevel") or ""),
        title=plain_text(str(facts.get("name") or "")),
        description=plain_text(str(facts.get("description") or "")),
        intensity=str(severity.get("severitytext") or ""),
        measures=_measure(severity.get("severity"), severity.get("severityunit")),
        place=str(facts.get("country") or ""),
        dates=(str(facts.get("fromdate") or ""), str(facts.get("todate") or "")),
        published=time_or_none(str(facts.get("datemodified") or ""), zone=UTC),
        link=str(links.get("report") or "") if isinstance(links, dict) else "",
        geometry=point(float(spot[0]), float(spot[1])) if spot else None,
    )


FEED = Feed(
    key="gdacs",
    title=text("Disasters of the world", "全球災害", "全球灾害"),
    publisher="GDACS",
    licence="Free with attribution to GDACS (gdacs.org)",
    sources=(
        Source(
            name="events",
            url="https://www.gdacs.org/xml/rss.xml",
            looks_like=lambda body: b"gdacs" in body[:2000] or b'"eventtype"' in body,
        ),
    ),
    every=timedelta(minutes=10),
    stale_after=timedelta(hours=1),
    parse=parse,
    expected=(0, 2000),
)
