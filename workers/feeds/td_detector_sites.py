"""Where the Transport Department's traffic detectors stand, and which way they look.

A reference table, joined by id to the detectors' measurements and by name to road news.
https://data.gov.hk/en-data/dataset/hk-td-sm_4-traffic-data-strategic-major-roads
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from cop.errors import PayloadError
from cop.formats.grid import grid_to_wgs84
from cop.formats.number import read_number
from cop.formats.payload import decode_text
from cop.formats.placing import distance_m
from cop.formats.roads import read_site
from cop.model.district import find_district
from cop.model.geometry import HONG_KONG_BBOX, Position, inside, point
from cop.model.site import Site
from cop.model.text import text
from workers.feed import DATA_GOV_HK, Feed, Item, Poll, Refused, Source

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("aid_id_number", "detector_id", "device_id"),
    "district": ("district",),
    "en": ("road_en", "location_en"),
    "tc": ("road_tc", "location_tc"),
    "sc": ("road_sc", "location_sc"),
    "easting": ("easting",),
    "northing": ("northing",),
    "lat": ("latitude",),
    "lon": ("longitude",),
    "rotation": ("rotation",),
}
"""What a value is, to the names its column has had."""

_NEEDED: Final = frozenset({"id", "en"})
_NEAR_M: Final = 20.0  # how far off a position may be
_APART_M: Final = 100.0  # more than that between its two positions: either may be the right one
_CONTRADICTION_M: Final = 2_000.0  # more than that, and neither can be believed


def _columns(header: list[str]) -> dict[str, int]:
    names = [name.strip().lower().replace(" ", "_") for name in header]
    places = {
        value: names.index(name)
        for value, known in _COLUMNS.items()
        for name in known
        if name in names
    }
    if not places.keys() >= _NEEDED:
        raise PayloadError(f"not the list of detectors: its columns are {', '.join(names)[:200]}")
    return places


def _number(raw: str | None) -> float | None:
    try:
        return read_number(raw)
    except ValueError:
        return None


def _position(row: Mapping[str, str]) -> tuple[Position, float]:
    """Give longitude and latitude, and how far off they may be, m.

    Raises:
        ValueError: there are none, or two that have nothing to do with each other.
    """
    lon, lat = _number(row.get("lon")), _number(row.get("lat"))
    easting, northing = _number(row.get("easting")), _number(row.get("northing"))
    given = (lon, lat) if lon is not None and lat is not None else None
    on_grid = (
        grid_to_wgs84(easting, northing) if easting is not None and northing is not None else None
    )
    position = given or on_grid
    if position is None:
        raise ValueError("it has no position")
    if not inside(position, HONG_KONG_BBOX):
        raise ValueError(f"it is not in Hong Kong: {position[0]}, {position[1]}")
    apart = distance_m(given, on_grid) if given and on_grid else 0.0
    if apart > _CONTRADICTION_M:
        raise ValueError(f"its latitude and longitude are {apart:.0f} m from its grid position")
    return position, (float(round(apart)) if apart > _APART_M else _NEAR_M)


def _site(row: Mapping[str, str]) -> Site:
    name = text(row.get("en"), row.get("tc"), row.get("sc"))
    stretch = read_site(name)
    rotation = read_number(row.get("rotation"))
    position, precision_m = _position(row)
    words = {"road": stretch.road, "near": stretch.near, "bound": stretch.bound}
    return Site(
        key=row["id"],
        name=name,
        geometry=point(*position),
        district=find_district(row.get("district", "")),
        words={part: said for part, said in words.items() if said},
        numbers={} if rotation is None else {"rotation_deg": rotation},
        precision_m=precision_m,
    )


def parse(poll: Poll) -> Iterator[Item]:
    """Read the list; a row without a credible position is refused."""
    rows = csv.reader(io.StringIO(decode_text(poll.one("detector_sites"))))
    try:
        columns = _columns(next(rows))
        for number, cells in enumerate(rows, 2):
            row = {v: cells[place].strip() for v, place in columns.items() if place < len(cells)}
            if not any(cell.strip() for cell in cells):
                continue
            if not row.get("id") or not row.get("en"):
                yield Refused(row.get("id") or f"line {number}", "it has no id or no name")
                continue
            try:
                yield _site(row)
            except ValueError as error:
                yield Refused(row["id"], str(error))
    except (csv.Error, StopIteration) as error:
        raise PayloadError(f"not CSV: {error}") from None


FEED = Feed(
    key="td_detector_sites",
    title=text("Positions of traffic detectors", "交通探測器位置", "交通探测器位置"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=(
        Source(
            name="detector_sites",
            url="https://static.data.gov.hk/td/traffic-data-strategic-major-roads/info/"
            "traffic_speed_volume_occ_info.csv",
            looks_like=lambda body: b"AID_ID_Number" in body[:200],
        ),
    ),
    every=timedelta(days=1),
    stale_after=timedelta(days=7),
    parse=parse,
    expected=(1, 5_000),
)
