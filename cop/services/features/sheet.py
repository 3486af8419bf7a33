"""A collection as a list in the order of ids, exact at a cursor, and what all of it tells.

What is reckoned once for a feature is kept as long as the feature stays the same, so that a change
costs what changed.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.geometry import BBox, bbox, positions
from cop.model.record import Cursor
from cop.services.features.columns import Column, columns, named
from cop.services.features.times import Span, span_of
from cop.services.picture import Picture


@dataclass(frozen=True, slots=True)
class Line:
    """One feature of a sheet.

    Attributes:
        id: of the feature.
        body: the feature as the picture has it for this audience, JSON.
        box: around its geometry, in CRS84; None where it has none.
        span: when it is; None where it does not say.
        named: its columns of numbers by name.
        feed, publisher: whose word it is; "" where nobody is named.
    """

    id: str
    body: bytes
    box: BBox | None
    span: Span | None
    named: tuple[str, ...]
    feed: str
    publisher: str

    def feature(self) -> dict[str, Any]:
        """Give the feature, decoded."""
        decoded: dict[str, Any] = orjson.loads(self.body)
        return decoded


@dataclass(frozen=True, slots=True)
class Sheet:
    """A collection at a cursor.

    Attributes:
        kind, audience: of what, for whom.
        epoch, cursor: which state of the picture.
        lines: in the order of ids.
        columns: its properties.
        bounds: around everything that has a place.
        interval: from the first moment that anything says to the last; an end that is open does
            not count.
        feeds: keys of the feeds that it comes from; "" for what people made.
        publishers: codes of those whose word it is.
    """

    kind: Kind
    audience: Audience
    epoch: str
    cursor: Cursor
    lines: Sequence[Line]
    columns: tuple[Column, ...]
    bounds: BBox | None
    interval: Span | None
    feeds: frozenset[str]
    publishers: frozenset[str]


class Sheets:
    """Keeps the newest sheet of each collection."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[Audience, Kind], tuple[Picture, Sheet]] = {}
        self._making = {audience: threading.Lock() for audience in Audience}

    def sheet(self, picture: Picture, audience: Audience, kind: Kind) -> Sheet:
        """Give the sheet of *kind* for *audience* as *picture* is now: call it in a thread."""
        key = (audience, kind)
        with self._making[audience]:  # many may ask at once; one reckons
            kept = self._kept.get(key)
            if kept is not None and kept[0] is picture and kept[1].cursor == picture.cursor:
                return kept[1]
            before = {} if kept is None else {line.id: line for line in kept[1].lines}
            sheet = _make(picture, audience, kind, before)
            self._kept[key] = (picture, sheet)
            return sheet


def _make(picture: Picture, audience: Audience, kind: Kind, before: dict[str, Line]) -> Sheet:
    cursor, found = picture.of_kind(audience, kind)
    lines = []
    for entity_id, body in sorted(found):
        old = before.get(entity_id)
        same = old is not None and (old.body is body or old.body == body)
        lines.append(old if same and old is not None else _line(kind, entity_id, body))
    names = {name for line in lines for name in line.named}
    return Sheet(
        kind=kind,
        audience=audience,
        epoch=picture.epoch,
        cursor=cursor,
        lines=lines,
        columns=columns(kind, audience, names),
        bounds=_around([line.box for line in lines if line.box is not None]),
        interval=_interval([line.span for line in lines if line.span is not None]),
        feeds=frozenset(line.feed for line in lines),
        publishers=frozenset(line.publisher for line in lines if line.publisher),
    )


def _line(kind: Kind, entity_id: str, body: bytes) -> Line:
    feature = orjson.loads(body)
    geometry, properties = feature["geometry"], feature["properties"]
    placed = isinstance(geometry, dict) and next(positions(geometry), None) is not None
    return Line(
        id=entity_id,
        body=body,
        box=bbox(geometry) if placed else None,
        span=span_of(kind, properties),
        named=named(properties),
        feed=_word(properties.get("feed")),
        publisher=_word(properties.get("publisher")),
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _around(boxes: Sequence[BBox]) -> BBox | None:
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return (min(wests), min(souths), max(easts), max(norths))


def _interval(spans: Sequence[Span]) -> Span | None:
    said = [at for span in spans for at in span if math.isfinite(at)]
    return (min(said), max(said)) if said else None
