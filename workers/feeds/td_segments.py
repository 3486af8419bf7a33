"""Lines of the road segments whose speed the Transport Department publishes.

The department's list, and its speeds, name the segments; their lines are those of the same
ROUTE_ID in the layer CENTERLINE of the Intelligent Road Network, asked of the CSDI portal two
hundred at a time. Only what is drawn is kept: the line, thinned to five metres, and the street's
name. The answer of the portal was not seen: address and fields are known from documentation, or
assumed.
https://data.gov.hk/en-data/dataset/hk-td-tis_15-road-network-v2
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.grid import grid_to_wgs84
from cop.formats.payload import decode_text, read_object, read_xml
from cop.formats.thinning import thin_line
from cop.model.geometry import (
    HONG_KONG_BBOX,
    Geometry,
    LineString,
    MultiLineString,
    Position,
    inside,
)
from cop.model.site import Site
from cop.model.text import text
from workers.feed import DATA_GOV_HK, Feed, Ignored, Item, Poll, Refused, Source

AT_ONCE: Final = 200
"""Segments in one request; the portal gives at most 1,000."""

_LAYER: Final = (
    "https://portal.csdi.gov.hk/server/rest/services/common/td_rcd_1638949160594_2844"
    "/FeatureServer/3/query?outFields=*&outSR=4326&f=geojson&where=ROUTE_ID+IN+({ids})"
)
THIN_M: Final = 5.0
"""How far the kept line may be from the publisher's, metres."""


def _wanted(body: bytes) -> list[str]:
    """Give the ids that the department's list names; raises PayloadError when it is none."""
    try:
        rows = csv.reader(io.StringIO(decode_text(body)))
        header = [name.strip().lower() for name in next(rows)]
        if "irn_id" not in header:
            raise PayloadError(f"not the list of segments: its columns are {header[:5]}")
        column = header.index("irn_id")
        ids = [row[column].strip() for row in rows if len(row) > column]
    except (csv.Error, StopIteration) as error:
        raise PayloadError(f"not CSV: {error}") from None
    return list(dict.fromkeys(key for key in ids if key.isdecimal() and len(key) < 12))


def _ids(poll: Poll) -> list[str]:
    """Give the ids that are listed, and those whose speed is told without being listed."""
    told: list[str] = []
    for payload in poll.all("irnAvgSpeed"):
        root = read_xml(payload.body, root="segment_speed_list")
        told += [(element.text or "").strip() for element in root.iter("segment_id")]
    numbers = [key for key in told if key.isdecimal() and len(key) < 12]
    return list(dict.fromkeys([*_wanted(poll.one("segment_list")), *numbers]))


def follow(poll: Poll) -> Iterator[Source]:
    """Ask for the lines of all those segments, some at a time."""
    ids = _ids(poll)
    for start in range(0, len(ids), AT_ONCE):
        yield Source(
            name="segments",
            url=_LAYER.format(ids=",".join(ids[start : start + AT_ONCE])),
            looks_like=lambda body: b"FeatureCollection" in body[:2000],
        )


def _position(pair: Any) -> Position:
    """Give longitude and latitude of *pair*: WGS84 already, or on the HK1980 Grid."""
    if not isinstance(pair, (list, tuple)) or len(pair) < 2:
        raise ValueError("a vertex is no pair of numbers")
    x, y = float(pair[0]), float(pair[1])
    position = grid_to_wgs84(x, y) if x > 1000 else (x, y)
    if not inside(position, HONG_KONG_BBOX):
        raise ValueError(f"it is not in Hong Kong: {x}, {y}")
    return position


def _thin(vertices: Iterable[Any]) -> tuple[Position, ...]:
    return thin_line([_position(pair) for pair in vertices], within_m=THIN_M)


def _geometry(raw: Any) -> Geometry:
    """Read a line or several; raises ValueError when it is neither."""
    shape = raw if isinstance(raw, dict) else {}
    coordinates = shape.get("coordinates") or []
    if shape.get("type") == "LineString":
        return LineString(type="LineString", coordinates=_thin(coordinates))
    if shape.get("type") != "MultiLineString" or not coordinates:
        raise ValueError(f"its geometry is {shape.get('type')}, not a line")
    lines = tuple(_thin(line) for line in coordinates)
    if len(lines) == 1:
        return LineString(type="LineString", coordinates=lines[0])
    return MultiLineString(type="MultiLineString", coordinates=lines)


def _site(key: str, properties: Mapping[str, Any], raw: Any) -> Site:
    names = {str(name).upper(): value for name, value in properties.items()}
    name = text(*(str(names.get(f"STREET_{code}NAME") or "") for code in "EC"))
    return Site(key=key, name=name, geometry=_geometry(raw), precision_m=10.0)


def _features(body: bytes) -> list[Any]:
    document = read_object(body)
    features = document.get("features")
    if not isinstance(features, list):
        error = document.get("error")
        raise PayloadError(f"the portal answered with an error: {str(error)[:200]}")
    return features


def parse(poll: Poll) -> Iterator[Item]:
    """Give a site per listed segment; other segments are ignored, listed ones not found named."""
    pages = poll.all("segments")
    if not pages:
        raise PayloadError("no lines of segments arrived")
    wanted = set(_ids(poll))
    found: set[str] = set()
    for number, page in enumerate(pages, 1):
        for place, feature in enumerate(_features(page.body), 1):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            known = properties if isinstance(properties, dict) else {}
            key = str(known.get("ROUTE_ID", "")).removesuffix(".0").strip()
            row = f"page {number} feature {place} {key}"[:80]
            if not key.isdecimal():
                yield Refused(row, "it has no ROUTE_ID")
            elif key not in wanted or key in found:
                yield Ignored(row, "it came before" if key in found else "its speed is not told")
            else:
                try:
                    yield _site(key, known, feature["geometry"])
                    found.add(key)
                except (KeyError, TypeError, ValueError) as error:
                    yield Refused(row, str(error).splitlines()[0])
    if absent := sorted(wanted - found, key=int):
        first = ", ".join(absent[:5])
        yield Ignored(f"{len(absent)} segments ({first}…)", "listed, but no line came")


FEED = Feed(
    key="td_segments",
    title=text("Lines of road segments", "道路路段走線", "道路路段走线"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=(
        Source(
            name="segment_list",
            url="https://static.data.gov.hk/td/traffic-data-strategic-major-roads/info/"
            "speed_segments_info.csv",
            looks_like=lambda body: b"irn_id" in body[:100],
        ),
        Source(
            name="irnAvgSpeed",
            url="https://resource.data.one.gov.hk/td/traffic-detectors/irnAvgSpeed-all.xml",
            optional=True,
            looks_like=lambda body: b"<segment_speed_list" in body[:500],
        ),
    ),
    every=timedelta(days=7),
    stale_after=timedelta(days=30),
    parse=parse,
    expected=(1, 20_000),
    follow=follow,
    hosts=("portal.csdi.gov.hk",),
    max_bytes=20_000_000,
    timeout=timedelta(seconds=120),
)
