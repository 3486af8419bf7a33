"""Journey times of the Transport Department's roadside indicators, every two minutes.

Each row is one indicator and one destination. Type 1 is minutes. Type 2 is a picture on the sign:
3 means that the tunnel is closed, never three minutes; it closes the road to that destination too.
The first generation was seen; the second, which has the same elements, is known from documentation.
https://data.gov.hk/en-data/dataset/hk-td-sm_8-traffic-data-journey-time-v2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from cop.formats.payload import child_text, children, read_xml
from cop.formats.when import parse_time
from cop.model.entity import Placing
from cop.model.kinds import Observation, Quality, Road, RoadStatus
from cop.model.site import Site, Table
from cop.model.text import LANGS, Text, text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Ignored, Item, Poll, Refused, Source

LONGEST_MIN: Final = 240
"""No journey in Hong Kong takes longer; more is a broken sign."""

_COLOURS: Final[Mapping[str, Text]] = {
    "1": text("Congested", "擠塞", "挤塞"),
    "2": text("Slow", "緩慢", "缓慢"),
    "3": text("Smooth", "暢順", "畅顺"),
}
_CLOSED: Final = text("Tunnel closed", "隧道封閉", "隧道封闭")
_SIGNS: Final[Mapping[str, Text]] = {
    "1": text("Traffic congested", "交通擠塞", "交通挤塞"),
    "2": text("Tunnel congested", "隧道擠塞", "隧道挤塞"),
    "3": _CLOSED,
}
_BLANK: Final = "4"
_NONE: Final = "-1"


def _title(start: Site | None, end: Site | None, location: str, destination: str) -> Text:
    line: Text = {}
    for lang in LANGS:
        here = start.name.get(lang, location) if start else location
        there = end.name.get(lang, destination) if end else destination
        line[lang] = f"{here}{' to ' if lang == 'en' else '往'}{there}"
    return line


class _Row:
    """One indicator and destination; raises ValueError for values that nobody has explained."""

    def __init__(self, element: etree._Element) -> None:
        self.location = child_text(element, "LOCATION_ID")
        self.destination = child_text(element, "DESTINATION_ID")
        self.name = f"{self.location}-{self.destination}"
        if not (self.location.isalnum() and self.destination.isalnum() and len(self.name) < 40):
            raise ValueError("it has no proper LOCATION_ID and DESTINATION_ID")
        self.at = parse_time(child_text(element, "CAPTURE_DATE"))
        self.minutes: float | None = None
        self.band: Text = {}
        kind, data = child_text(element, "JOURNEY_TYPE"), child_text(element, "JOURNEY_DATA")
        colour = child_text(element, "COLOUR_ID") or _NONE
        if kind not in {"1", "2"} or (colour != _NONE and colour not in _COLOURS):
            raise ValueError(f"type {kind!r} with data {data!r} and colour {colour!r}: unknown")
        self.blank = kind == "2" and data in {_BLANK, _NONE}
        self.closed = kind == "2" and data == "3"
        if kind == "2" and not self.blank:
            if data not in _SIGNS:
                raise ValueError(f"a sign {data!r} is unknown")
            self.band = _SIGNS[data]
        elif kind == "1" and data != _NONE:
            if not data.isdecimal() or int(data) > LONGEST_MIN:
                raise ValueError(f"{data!r} are no minutes")
            self.minutes = float(data)
            self.band = _COLOURS.get(colour, {})


def _observation(row: _Row, sites: Table) -> Observation:
    start, end = sites.get(row.location), sites.get(row.destination)
    return Observation(
        id=f"{FEED.key}:{row.name}",
        feed=FEED.key,
        publisher=FEED.publisher,
        title=_title(start, end, row.location, row.destination),
        observed_at=row.at,
        geometry=start.geometry if start else None,
        placing=Placing.STATION if start else Placing.UNPLACED,
        precision_m=start.precision_m if start else None,
        district=start.district if start else None,
        measure="journey_time",
        value=row.minutes,
        unit="min",
        band=row.band,
        quality=Quality.MISSING if row.minutes is None else Quality.OK,
        station=row.location,
    )


def _closure(row: _Row, sites: Table) -> Road:
    end = sites.get(row.destination)
    name = end.name if end else text(row.destination, row.destination, row.destination)
    road = (end.words.get("road") if end else None) or name
    title: Text = {
        lang: words + (": closed" if lang == "en" else "：封閉" if lang == "zh-Hant" else "：封闭")
        for lang, words in road.items()
    }
    return Road(
        id=f"{FEED.key}:closed/{row.destination}",
        feed=FEED.key,
        publisher=FEED.publisher,
        title=title,
        description=_CLOSED,
        observed_at=row.at,
        geometry=end.geometry if end else None,
        placing=Placing.STATION if end else Placing.UNPLACED,
        precision_m=end.precision_m if end else None,
        status=RoadStatus.CLOSED,
        road=road,
    )


def parse(poll: Poll) -> Iterator[Item]:
    """Give an observation per row, and a closed road per destination that a sign calls closed."""
    root = read_xml(poll.one("journey_times"), root="jtis_journey_list")
    sites = poll.table("td_journey_sites")
    closures: dict[str, Road] = {}
    latest: datetime | None = None
    for number, element in enumerate(children(root, "jtis_journey_time"), 1):
        try:
            row = _Row(element)
        except ValueError as error:
            ids = [child_text(element, name) for name in ("LOCATION_ID", "DESTINATION_ID")]
            yield Refused(f"row {number} {'-'.join(ids)}"[:80], str(error))
            continue
        latest = max(latest or row.at, row.at)
        if row.blank:
            yield Ignored(row.name, "the sign is blank")
            continue
        yield _observation(row, sites)
        if row.closed:
            closures.setdefault(row.destination, _closure(row, sites))
    yield from closures.values()
    if latest is not None:
        yield ContentAt(latest)


FEED = Feed(
    key="td_journey_times",
    title=text("Journey times", "行車時間", "行车时间"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=(
        Source(
            name="journey_times",
            url="https://resource.data.one.gov.hk/td/jss/Journeytimev2.xml",
            looks_like=lambda body: b"<jtis_journey_list" in body[:500],
        ),
    ),
    every=timedelta(seconds=120),
    stale_after=timedelta(minutes=15),
    parse=parse,
    expected=(1, 1_000),
    joins=("td_journey_sites",),
)
