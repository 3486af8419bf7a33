"""What lies around a place and matters to somebody who is out there, found without a search.

The city is cut into cells of about a kilometre. Features are made small once, when they change;
what lies around a cell is put together once and kept until something there changes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import shapely

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.facility import FacilityStatus
from cop.model.geometry import BBox, Position, bbox, positions
from cop.model.kinds import RoadStatus
from cop.model.record import Record
from cop.model.response import OPEN_INCIDENT
from cop.model.sight import VISION
from cop.services.picture import encode_features

Cell = tuple[int, int]
"""Column and row of a cell, counted from longitude and latitude 0."""

EVERYWHERE: Final[BBox] = (-180.0, -90.0, 180.0, 90.0)
CELL_DEG: Final = 0.01
REACH: Final = 3
"""Cells on each side of a place that are looked at: about three kilometres."""
REACH_M: Final = 3_000

HAVENS: Final[Mapping[str, str]] = {
    "shelter": "shelter",
    "cold_shelter": "shelter",
    "heat_shelter": "shelter",
    "first_aid_post": "first_aid_post",
    "hospital": "hospital",
}
"""Type of facility to what somebody out there looks for."""
_SHUT: Final = (FacilityStatus.CLOSED, FacilityStatus.FULL, FacilityStatus.STANDBY)
_BLOCKED: Final = (RoadStatus.CLOSED, RoadStatus.RESTRICTED)
_KINDS: Final = frozenset({Kind.ALERT, Kind.FACILITY, Kind.HAZARD, Kind.INCIDENT, Kind.ROAD})
"""Besides: what cameras count, where an alarm stands."""

_SMALL: Final = 64
"""What lies in more cells than this is not noted in each of them."""
_MOST_KEPT: Final = 4_000
_TOLERANCE_DEG: Final = 0.0002
"""Corners nearer to the line than this, some 20 m, are left out on a telephone's map."""
_FEW_PLACES: Final = 20


@dataclass(frozen=True, slots=True)
class Near:
    """A feature as it is sent to telephones.

    Attributes:
        feature: what responders may see of it, its geometry made small.
        box: around it; None where it has no place.
        haven: what it is to somebody who looks for one: `shelter`, `first_aid_post`, `hospital`;
            "" for anything else.
        usable: whether people may go to that haven now.
        stands_for: id of the publisher's entity of the same facility.
    """

    id: str
    kind: Kind
    version: int
    feature: bytes
    box: BBox | None
    haven: str = ""
    usable: bool = False
    stands_for: str = ""

    @property
    def middle(self) -> Position:
        """The middle of its box; longitude and latitude 0 where it has no place."""
        west, south, east, north = self.box or (0.0, 0.0, 0.0, 0.0)
        return ((west + east) / 2, (south + north) / 2)


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around one cell.

    Attributes:
        found: with a place near it.
        digest: of which these are, in which version.
    """

    found: tuple[Near, ...]
    digest: bytes


def cell_of(at: Position) -> Cell:
    """Give the cell that a place lies in."""
    return (math.floor(at[0] / CELL_DEG), math.floor(at[1] / CELL_DEG))


def look_box(cell: Cell) -> BBox:
    """Give the box that is looked at from *cell*."""
    column, row = cell
    west, south = (column - REACH) * CELL_DEG, (row - REACH) * CELL_DEG
    size = (2 * REACH + 1) * CELL_DEG
    return (west, south, west + size, south + size)


def touches(box: BBox, other: BBox) -> bool:
    """Tell whether two boxes have a place in common."""
    return box[0] <= other[2] and box[2] >= other[0] and box[1] <= other[3] and box[3] >= other[1]


def cells_from(box: BBox, known: Collection[Cell]) -> Iterator[Cell]:
    """List of the cells *known*, a set or a mapping, those from which *box* is seen."""
    (west, south), (east, north) = cell_of((box[0], box[1])), cell_of((box[2], box[3]))
    west, south, east, north = west - REACH, south - REACH, east + REACH, north + REACH
    if (east - west + 1) * (north - south + 1) <= len(known):
        for column in range(west, east + 1):
            for row in range(south, north + 1):
                if (column, row) in known:
                    yield (column, row)
        return
    for column, row in known:
        if west <= column <= east and south <= row <= north:
            yield (column, row)


@dataclass(slots=True)
class Surroundings:
    """An index of features by place. Whoever uses it sees to it that one thread does at a time.

    Attributes:
        alerts: every alert in force, by id.
        havens: every shelter, first-aid post and hospital, by id.
    """

    alerts: dict[str, Near] = field(default_factory=dict)
    havens: dict[str, Near] = field(default_factory=dict)
    _near: dict[str, Near] = field(default_factory=dict)
    _cells: dict[Cell, set[str]] = field(default_factory=dict)
    _wide: set[str] = field(default_factory=set)
    _around: dict[Cell, Around] = field(default_factory=dict)

    def put(self, record: Record) -> list[BBox]:
        """Take a record of any kind; give the boxes in which something is no longer as it was."""
        if record.kind not in _KINDS and not _is_counted(record):
            return []
        new = None if record.removed else near_of(record)  # before anything is changed
        old = self._near.pop(record.id, None)
        self.alerts.pop(record.id, None)
        self.havens.pop(record.id, None)
        if new is not None:
            self._near[record.id] = new
            if new.kind is Kind.ALERT:
                self.alerts[new.id] = new
            if new.haven:
                self.havens[new.id] = new
        changed = [near.box for near in (old, new) if near is not None and near.box is not None]
        if old is not None and old.box is not None:
            self._unlist(old, old.box)
        if new is not None and new.box is not None:
            self._list(new, new.box)
        for box in changed:
            for cell in list(cells_from(box, self._around)):
                del self._around[cell]
        # The nearest place to go to may be far away, and whose nearest it is nobody keeps.
        return changed if _refuge(old) == _refuge(new) else [*changed, EVERYWHERE]

    def around(self, cell: Cell) -> Around:
        """Give what lies around *cell*; alerts are not among it: they are for everybody."""
        known = self._around.get(cell)
        if known is None:
            if len(self._around) >= _MOST_KEPT:
                self._around.clear()
            known = self._around[cell] = self._look(cell)
        return known

    def stood_for(self) -> set[str]:
        """List the publishers' facilities that a keeper's entity stands for."""
        return {near.stands_for for near in self.havens.values()} - {""}

    def _look(self, cell: Cell) -> Around:
        column, row = cell
        span = range(-REACH, REACH + 1)
        ids = set(self._wide).union(
            *(self._cells.get((column + dx, row + dy), ()) for dx in span for dy in span)
        )
        box = look_box(cell)
        found = sorted(
            (
                near
                for near in map(self._near.__getitem__, ids)
                if near.kind is not Kind.ALERT and near.box is not None and touches(near.box, box)
            ),
            key=lambda near: near.id,
        )
        return Around(tuple(found), digest_of(found))

    def _list(self, near: Near, box: BBox) -> None:
        cells = _cells_in(box)
        if cells is None:
            self._wide.add(near.id)
            return
        for cell in cells:
            self._cells.setdefault(cell, set()).add(near.id)

    def _unlist(self, near: Near, box: BBox) -> None:
        self._wide.discard(near.id)
        for cell in _cells_in(box) or ():
            self._cells[cell].discard(near.id)
            if not self._cells[cell]:
                del self._cells[cell]


def _refuge(near: Near | None) -> tuple[object, ...] | None:
    """Give what decides for whom something is the nearest haven; None where it is none."""
    if near is None or not near.haven:
        return None
    return (near.haven, near.usable and near.box, near.stands_for)


def digest_of(found: Iterable[Near]) -> bytes:
    """Give what changes whenever one of *found* does."""
    seen = hashlib.blake2b(digest_size=12)
    for near in found:
        seen.update(b"%b %d\n" % (near.id.encode(), near.version))
    return seen.digest()


def _is_counted(record: Record) -> bool:
    """Tell whether it is what a camera saw; of other readings there are thousands."""
    return record.kind is Kind.OBSERVATION and record.feed == VISION


def near_of(record: Record) -> Near | None:
    """Give what a telephone is sent of *record*; None where it does not matter out there."""
    encoded = encode_features(record).get(Audience.RESPONDER)
    if encoded is None:
        return None
    feature: dict[str, Any] = orjson.loads(encoded)
    said, geometry = feature["properties"], feature["geometry"]
    placed = geometry is not None and next(positions(geometry), None) is not None
    if not _matters(record.kind, said, placed=placed):
        return None
    said.pop("grid", None)  # a whole field of rain: its outline is enough
    said.get("sight", {}).pop("recent", None)
    feature["geometry"] = _small(geometry) if placed else None
    haven = HAVENS.get(said.get("facility_type", ""), "")
    return Near(
        id=record.id,
        kind=record.kind,
        version=record.version,
        feature=orjson.dumps(feature),
        box=bbox(geometry) if placed else None,
        haven=haven,
        usable=bool(haven) and said.get("status") not in _SHUT,
        stands_for=said.get("stands_for", ""),
    )


def _matters(kind: Kind, said: Mapping[str, Any], *, placed: bool) -> bool:
    if kind is Kind.ALERT:
        return True
    if not placed:
        return False
    if kind is Kind.ROAD:
        return said.get("status") in _BLOCKED
    if kind is Kind.INCIDENT:
        return said["status"] in OPEN_INCIDENT
    if kind is Kind.FACILITY:
        return said["facility_type"] in HAVENS
    if kind is Kind.OBSERVATION:
        return bool(said["sight"].get("alarms"))
    return True


def _small(geometry: dict[str, Any]) -> dict[str, Any]:
    if sum(1 for _ in positions(geometry)) <= _FEW_PLACES:
        return geometry
    try:
        whole = shapely.from_geojson(orjson.dumps(geometry))
        simple = shapely.simplify(whole, _TOLERANCE_DEG)
    except shapely.errors.GEOSException:  # a ring that is not closed: as it came, then
        return geometry
    small: dict[str, Any] = orjson.loads(shapely.to_geojson(shapely.set_precision(simple, 1e-6)))
    return small if next(positions(small), None) is not None else geometry


def _cells_in(box: BBox) -> list[Cell] | None:
    """List the cells that *box* touches; None where they are many."""
    (west, south), (east, north) = cell_of((box[0], box[1])), cell_of((box[2], box[3]))
    if (east - west + 1) * (north - south + 1) > _SMALL:
        return None
    return [(c, r) for c in range(west, east + 1) for r in range(south, north + 1)]
