"""The picture as each audience may see it: projected and encoded once, kept by id."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
import structlog

from cop.clock import utc_iso
from cop.model.access import Audience, project
from cop.model.entity import Kind
from cop.model.geometry import BBox, bbox, positions
from cop.model.record import Cursor, Event, Record, Snapshot
from cop.services.frames import Frame, encode_picture_event

log = structlog.get_logger(__name__)


def instant(epoch_ms: int) -> str:
    """Give epoch milliseconds as ISO 8601 in UTC."""
    moment = datetime.fromtimestamp(epoch_ms / 1000, UTC)
    return utc_iso(moment, "milliseconds")


def encode_features(record: Record) -> dict[Audience, bytes]:
    """Give the feature of *record* for each audience that may see it, as JSON bytes.

    Audiences that see the same share the same bytes. Everything that leaves the server as an
    entity has come through here, and so through `project`.
    """
    if record.removed:
        return {}
    try:
        entity = orjson.loads(record.body)
    except orjson.JSONDecodeError:
        log.exception("record_unreadable", id=record.id, version=record.version)
        return {}
    fetched_at = instant(record.fetched_ms)
    features: dict[Audience, bytes] = {}
    last = b""
    for audience in Audience:
        feature = project(entity, version=record.version, fetched_at=fetched_at, audience=audience)
        if feature is not None:
            body = orjson.dumps(feature)
            last = last if body == last else body
            features[audience] = last
    return features


@dataclass(slots=True)
class _View:
    """What one audience sees: id to kind, and by kind id to encoded feature."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    of: dict[Kind, dict[str, bytes]] = field(default_factory=lambda: {kind: {} for kind in Kind})

    def set(self, record: Record, feature: bytes | None) -> bool:
        """Put or remove an entity; tell whether the audience notices."""
        before = self.kinds.get(record.id)
        if before is not None and (feature is None or before is not record.kind):
            del self.kinds[record.id]
            del self.of[before][record.id]
        if feature is not None:
            self.of[record.kind][record.id] = feature
            self.kinds[record.id] = record.kind
        return feature is not None or before is not None

    def find(self, entity_id: str) -> bytes | None:
        """Give one feature; safe while another thread sets."""
        kind = self.kinds.get(entity_id)
        return None if kind is None else self.of[kind].get(entity_id)

    def among(self, kinds: Collection[Kind]) -> Iterator[tuple[str, bytes]]:
        """List id and feature of everything of *kinds* (empty: of all)."""
        for kind, features in self.of.items():
            if not kinds or kind in kinds:
                yield from features.items()


class Picture:
    """A snapshot that is carried on by events. Safe to read while another thread applies."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Encode *snapshot* for every audience."""
        self.epoch = snapshot.epoch
        self._cursor = snapshot.cursor
        self._lock = threading.Lock()
        self._views = {audience: _View() for audience in Audience}
        self._boxes: dict[str, tuple[bytes, BBox | None]] = {}
        for record in snapshot.records.values():
            for audience, feature in encode_features(record).items():
                self._views[audience].set(record, feature)

    @property
    def cursor(self) -> Cursor:
        """The cursor up to which events are applied."""
        return self._cursor

    def apply(self, events: Sequence[Event]) -> Frame:
        """Apply *events* in order and give the frame that tells viewers; the last per id wins.

        An entity that an audience may no longer see is a removal for that audience; one that it
        never could see is not mentioned to it at all.
        """
        records = {record.id: record for event in events for record in event.records}
        encoded = [(record, encode_features(record)) for record in records.values()]
        cursor = events[-1].cursor
        bodies: dict[Audience, bytes] = {}
        last = b""
        with self._lock:
            for record, features in encoded:
                if not features:
                    self._boxes.pop(record.id, None)
            for audience, view in self._views.items():
                body = _tell(cursor, view, audience, encoded)
                if body is not None:
                    last = last if body == last else body
                    bodies[audience] = last
            self._cursor = cursor
        begins = events[0].cursor if len(events) > 1 else ""
        return Frame(cursor, bodies, begins)

    def features(self, audience: Audience) -> tuple[Cursor, list[bytes]]:
        """Give every feature that *audience* may see, exact at the cursor."""
        with self._lock:
            return self._cursor, [one for _, one in self._views[audience].among(())]

    def select(
        self, audience: Audience, kinds: Collection[Kind], box: BBox | None
    ) -> tuple[Cursor, list[bytes]]:
        """Give the features of *kinds* (empty: all) that touch *box*, exact at the cursor.

        With a box, what has no place is left out.
        """
        with self._lock:
            cursor = self._cursor
            found = [*self._views[audience].among(kinds)]
        if box is None:
            return cursor, [feature for _, feature in found]
        return cursor, [
            feature for entity_id, feature in found if self._touches(entity_id, feature, box)
        ]

    def of_kind(self, audience: Audience, kind: Kind) -> tuple[Cursor, list[tuple[str, bytes]]]:
        """Give id and feature of everything of *kind*, exact at the cursor."""
        with self._lock:
            return self._cursor, [*self._views[audience].among((kind,))]

    def find(self, audience: Audience, entity_id: str) -> bytes | None:
        """Give one feature; None when there is none that *audience* may see."""
        return self._views[audience].find(entity_id)

    def __len__(self) -> int:
        """Count the entities that command sees."""
        return len(self._views[Audience.COMMAND].kinds)

    def _touches(self, entity_id: str, feature: bytes, box: BBox) -> bool:
        known = self._boxes.get(entity_id)
        if known is None or known[0] is not feature:
            known = (feature, _box_of(feature))
            self._boxes[entity_id] = known
        around = known[1]
        if around is None:
            return False
        west, south, east, north = box
        return around[0] <= east and around[2] >= west and around[1] <= north and around[3] >= south


def _tell(
    cursor: Cursor,
    view: _View,
    audience: Audience,
    encoded: Iterable[tuple[Record, Mapping[Audience, bytes]]],
) -> bytes | None:
    put: list[bytes] = []
    gone: list[str] = []
    for record, features in encoded:
        feature = features.get(audience)
        if view.set(record, feature):
            if feature is None:
                gone.append(record.id)
            else:
                put.append(feature)
    if not put and not gone:
        return None
    return encode_picture_event(cursor, put, orjson.dumps(gone))


def _box_of(feature: bytes) -> BBox | None:
    geometry = orjson.loads(feature)["geometry"]
    if geometry is None or next(positions(geometry), None) is None:
        return None
    return bbox(geometry)
