"""Features as the public picture has them: by their row, and light enough for a telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from shapely.geometry import mapping, shape

from cop.model.geometry import positions
from cop.model.publishing import Row, moment, public_feature, type_of, verified_at
from cop.model.record import Record
from cop.services.geography import district_at
from cop.services.picture import instant

MOST_VERTICES: Final = 200
"""What has more is drawn with fewer."""

BY_PEOPLE: Final = ("keeper", "command")
"""Whose words change inside in ways that are not shown."""

_DECIMALS: Final = 5
_TOLERANCE_DEGREES: Final = 0.0002
"""About 20 m; doubled until few enough vertices are left."""

_ROUNDS: Final = 12


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may be in the public picture, as it is stored now.

    Attributes:
        row: by which it may.
        feature: what is shown of it.
        from_at: before this it may not be shown for the first time; None: it may at once.
        until: when it expires; None: it does not.
    """

    row: Row
    feature: dict[str, Any]
    from_at: datetime | None
    until: datetime | None


def make_item(record: Record, entity: Mapping[str, Any], row: Row) -> Item:
    """Make the item of *record*, decoded to *entity*, by the *row* that lets it be published."""
    feature = public_feature(
        entity, row, version=record.version, fetched_at=instant(record.fetched_ms)
    )
    feature["geometry"] = lightened(feature["geometry"])
    feature["properties"]["type"] = type_of(entity)
    if row.precision_m is not None and feature["geometry"] and entity.get("district"):
        # The exact place may lie across the border: what is told must not say on which side.
        coarse = district_at(*feature["geometry"]["coordinates"])
        feature["properties"]["district"] = coarse or entity["district"]
    if row.verified in BY_PEOPLE:  # how often it was changed inside is nobody's business
        feature["properties"]["version"] = max(1, record.fetched_ms)
    return Item(row, feature, _from_at(record, entity, row), moment(entity.get("expires_at")))


def _from_at(record: Record, entity: Mapping[str, Any], row: Row) -> datetime | None:
    """Tell when the row's delay is over.

    The first verification is all that an incident remembers. Where it was rejected since, nobody
    knows when it was verified again, so that the delay counts from the last that was written.
    """
    if not row.delay_s:
        return None
    begins = verified_at(entity) or datetime.max.replace(tzinfo=UTC)
    rejected = moment(entity["steps"].get("rejected"))
    if rejected is not None and rejected >= begins:
        begins = max(begins, datetime.fromtimestamp(record.fetched_ms / 1000, UTC))
    return begins + timedelta(seconds=row.delay_s)


def lightened(geometry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Give *geometry* with at most some 200 vertices and coordinates of 5 decimals (1 m)."""
    if not geometry:
        return None
    light: Mapping[str, Any] = geometry
    if sum(1 for _ in positions(geometry)) > MOST_VERTICES:
        light = _simplified(geometry)
    return {"type": light["type"], "coordinates": _rounded(light["coordinates"])}


def _simplified(geometry: Mapping[str, Any]) -> Mapping[str, Any]:
    whole = shape(geometry)
    tolerance = _TOLERANCE_DEGREES
    found: Mapping[str, Any] = geometry
    for _ in range(_ROUNDS):
        found = mapping(whole.simplify(tolerance, preserve_topology=True))
        if sum(1 for _ in positions(found)) <= MOST_VERTICES:
            break
        tolerance *= 2
    return found


def _rounded(part: Any) -> Any:
    if isinstance(part, (int, float)):
        return round(part, _DECIMALS)
    return [_rounded(each) for each in part]
