"""What may be published: asks the table for each entity, and makes of it what the row allows.

The one place that decides for the public, whatever the outlet; everything else is denied. Time is
not looked at here: whether a delay is over is for whoever puts the picture together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from cop.model.entity import Kind
from cop.model.geometry import Position, bbox, positions
from cop.model.kinds import RoadStatus
from cop.model.publishing_table import ANY, INSIDE_ONLY, NEVER, TABLE, Denied, Outlet, Row

__all__ = [
    "ANY",
    "INSIDE_ONLY",
    "NEVER",
    "TABLE",
    "Denied",
    "Outlet",
    "Row",
    "coarse",
    "is_live",
    "live_fields",
    "moment",
    "public_feature",
    "row_of",
    "row_of_ended",
    "table_text",
    "type_of",
    "verified_at",
    "was_live",
]

TYPE_FIELD: Final[Mapping[Kind, str]] = {
    Kind.ALERT: "event_type",
    Kind.FACILITY: "facility_type",
    Kind.HAZARD: "phenomenon",
    Kind.INCIDENT: "incident_type",
    Kind.NOTE: "topic",
    Kind.OBSERVATION: "measure",
    Kind.ROAD: "status",
}
"""What the table calls the type; the type of any other kind is its name."""

_DEFAULT: Final = "unknown"
"""Status of a road or facility that is not said: fields at their default are not stored."""

_UNDER_TERMS: Final = ("cap_", "partner_")
"""How the feeds begin of which some things are inside and others are not, as their files say."""

_LAT_M: Final = 110_730.0
_LON_M: Final = 102_960.0
"""Metres to a degree around 22.35° N; further away the grid is only a little wider or narrower."""


def type_of(entity: Mapping[str, Any]) -> str:
    """Give what the table calls the type of a decoded *entity*; "" where it says none."""
    name = TYPE_FIELD.get(entity["kind"])
    if name is None:
        return str(entity["kind"])
    said = entity.get(name, _DEFAULT if entity["kind"] == Kind.ROAD else "")
    return said if isinstance(said, str) else ""


def row_of(entity: Mapping[str, Any]) -> Row | None:
    """Give the row by which a decoded *entity* may be published as it is now; None: it may not.

    Of what has a delay nothing may be shown before `verified_at` and the row's delay.
    """
    kind_type = type_of(entity)
    for row in _rows(entity, kind_type):
        status = entity.get("status", _DEFAULT)
        if (not row.statuses or status in row.statuses) and _stands(row, entity):
            return row
    return None


def row_of_ended(entity: Mapping[str, Any]) -> Row | None:
    """Give the row by which *entity* was in the picture, were it not over, closed or doubted.

    None: it may not be shown at all any more, not even as something that has ended.
    """
    kind_type = type_of(entity)
    if entity["kind"] == Kind.ROAD:
        kind_type = RoadStatus.CLOSED
    found = (row for row in _rows(entity, kind_type) if row.outlet == "picture")
    return next(found, None)


def _rows(entity: Mapping[str, Any], kind_type: str) -> Iterable[Row]:
    """List the rows for the type and the origin of *entity*, the one that names it best first."""
    return (row for row in _named(entity["kind"], kind_type) if _comes_from(row, entity))


@lru_cache(maxsize=4096)
def _named(kind: str, kind_type: str) -> tuple[Row, ...]:
    rows = [row for row in TABLE if row.kind == kind]
    named = [row for row in rows if _names(row, kind_type)]
    if not named and kind_type and not _is_denied(kind, kind_type):
        named = [row for row in rows if ANY in row.types]
    return tuple(named)


def _names(row: Row, kind_type: str) -> bool:
    return any(
        kind_type.startswith(name[:-1]) if name.endswith(ANY) and name != ANY else kind_type == name
        for name in row.types
    )


def _is_denied(kind: str, kind_type: str) -> bool:
    return any(one.kind == kind and kind_type in one.types for one in NEVER)


def _comes_from(row: Row, entity: Mapping[str, Any]) -> bool:
    """Tell whether *entity* is of whom *row* is about; not yet whether they stand by it."""
    if row.verified == "platform":
        return True
    if entity.get("inside"):
        return False
    feed = entity.get("feed")
    if row.verified == "publisher":
        if not feed or not isinstance(feed, str) or feed in INSIDE_ONLY:
            return False
        if entity.get("exercise"):
            return False
        return not row.feeds or feed in row.feeds
    prefix = f"{row.kind}:"
    return feed is None and isinstance(entity["id"], str) and entity["id"].startswith(prefix)


def _stands(row: Row, entity: Mapping[str, Any]) -> bool:
    """Tell whether whoever *row* asks for has said that it is so."""
    if row.verified == "keeper":
        return moment(entity.get("asserted_at")) is not None
    if row.verified == "released":
        released_by = entity.get("released_by")
        return bool(
            moment(entity.get("released_at"))
            and released_by
            and released_by != entity.get("author")
            and not entity.get("exercise")
        )
    if row.verified == "command":
        return entity.get("verified") is True and verified_at(entity) is not None
    if row.kind is Kind.INCIDENT:
        return entity.get("verified") is True
    return True


def verified_at(entity: Mapping[str, Any]) -> datetime | None:
    """Tell when an incident of people's was verified; None: nobody did."""
    steps = entity.get("steps")
    return moment(steps.get("verified")) if isinstance(steps, dict) else None


def moment(said: object) -> datetime | None:
    """Read a stored moment; None where it is none."""
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else None


def public_feature(
    entity: Mapping[str, Any], row: Row, *, version: int, fetched_at: str
) -> dict[str, Any]:
    """Give the GeoJSON feature of a decoded *entity* as *row* allows it, its place made coarse.

    Args:
        entity: canonical JSON of an entity, decoded to a mapping.
        row: what `row_of` gave for it.
        version: the stored version.
        fetched_at: when this content was first fetched or written, ISO 8601 in UTC.
    """
    properties: dict[str, Any] = {"kind": entity["kind"], "version": version}
    if row.verified != "platform":  # a feed's status has a time of its own, or was never fetched
        properties["fetched_at"] = fetched_at
    properties.update((name, value) for name, value in entity.items() if name in row.fields)
    geometry = entity.get("geometry")
    if row.precision_m is not None:
        properties.pop("precision_m", None)
        geometry, precision = coarse(geometry, entity.get("precision_m"), row.precision_m)
        if precision is not None:
            properties["precision_m"] = precision
    return {
        "type": "Feature",
        "id": entity["id"],
        "geometry": geometry,
        "properties": properties,
    }


def coarse(
    geometry: Any, precision_m: object, grid_m: float
) -> tuple[dict[str, Any] | None, float | None]:
    """Give the point of a grid of *grid_m* metres that stands for *geometry*, and how exact it is.

    The same place always gives the same point: to see it again and again tells nothing more. What
    was drawn as a line or an area becomes a point too, as inexact as it was large.
    """
    corners = list(positions(geometry)) if geometry else []
    if not corners:
        return None, None
    west, south, east, north = bbox(geometry)
    centre = _snap(((west + east) / 2, (south + north) / 2), grid_m)
    reach = math.hypot((east - west) * _LON_M, (north - south) * _LAT_M) / 2
    known = float(precision_m) if isinstance(precision_m, (int, float)) else 0.0
    steps = max(1, math.ceil(max(reach, known) / grid_m))
    return {"type": "Point", "coordinates": list(centre)}, steps * grid_m


def _snap(place: Position, grid_m: float) -> Position:
    lon_step, lat_step = grid_m / _LON_M, grid_m / _LAT_M
    lon, lat = place
    return (round(round(lon / lon_step) * lon_step, 5), round(round(lat / lat_step) * lat_step, 5))


def is_live(row: Row) -> bool:
    """Tell whether what *row* is about is in the live API for anonymous readers."""
    return row.delay_s == 0


def live_fields(kind: Kind) -> frozenset[str]:
    """List the properties that the live API may show of *kind*; empty: it shows none at all."""
    rows = [row for row in TABLE if row.kind is kind and is_live(row)]
    return frozenset().union(*(row.fields for row in rows))


def was_live(kind: Kind, feed: str) -> bool | None:
    """Tell whether the live API showed an entity of which only *kind* and *feed* are known.

    A *feed* of "" means none. None where it depended on more than these.
    """
    rows = [row for row in TABLE if row.kind is kind and is_live(row) and _is_open(row, feed)]
    if not rows:
        return False
    if feed.startswith(_UNDER_TERMS):
        return None
    named = {name for row in rows for name in row.types if not row.statuses}
    every = {Kind.ROAD: set(RoadStatus)}.get(kind, {kind} if kind not in TYPE_FIELD else None)
    return True if every is not None and every <= named else None


def _is_open(row: Row, feed: str) -> bool:
    if row.verified != "publisher":
        return row.verified == "platform" or not feed
    return bool(feed) and feed not in INSIDE_ONLY and (not row.feeds or feed in row.feeds)


def table_text() -> str:
    """Give everything that the table says as one text: it changes whenever the table does."""
    rows = [
        [
            *(row.kind, row.types, row.outlet, row.verified, sorted(row.fields), row.statuses),
            *(row.feeds, row.precision_m, row.delay_s, row.linger_s, row.tells, row.corrects),
            row.timeline,
        ]
        for row in TABLE
    ]
    denied = [[one.kind, one.types] for one in NEVER]
    return repr([rows, denied, sorted(INSIDE_ONLY)])
