"""A collection as a list in the order of ids, exact at a cursor, and what all of it tells.

Many programs draw one sort of shape in a layer, that of the first feature they see, and leave the
others out without a word. So of a kind that has several there are parts by shape beside the whole.

What is reckoned once for a feature is kept as long as the feature stays the same, so that a change
costs what changed.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from weakref import ref

import orjson

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.geometry import BBox, bbox, positions
from cop.model.record import Cursor
from cop.services.features.columns import Column, columns, named
from cop.services.features.times import Span, span_of
from cop.services.picture import Picture


class Shape(StrEnum):
    """What a place is drawn as."""

    POINTS = "points"
    LINES = "lines"
    AREAS = "areas"


_SHAPES: Final[Mapping[str, Shape]] = {
    "Point": Shape.POINTS,
    "MultiPoint": Shape.POINTS,
    "LineString": Shape.LINES,
    "MultiLineString": Shape.LINES,
    "Polygon": Shape.AREAS,
    "MultiPolygon": Shape.AREAS,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One feature of a sheet.

    Attributes:
        id: of the feature.
        body: the feature as the picture has it for this audience, JSON.
        box: around its geometry, in CRS84; None where it has none.
        span: when it is; None where it does not say.
        named: its columns of numbers by name.
        feed, publisher, origin: whose word it is, and at which installation it was made; "" where
            nobody is named, or it was made here.
        shape: what its geometry is; None where it has none.
    """

    id: str
    body: bytes
    box: BBox | None
    span: Span | None
    named: tuple[str, ...]
    feed: str
    publisher: str
    origin: str
    shape: Shape | None

    def feature(self) -> dict[str, Any]:
        """Give the feature, decoded."""
        decoded: dict[str, Any] = orjson.loads(self.body)
        return decoded


@dataclass(frozen=True, slots=True)
class Sheet:
    """A collection at a cursor.

    Attributes:
        kind, audience: of what, for whom.
        shape: what all of it is; None: it is the whole of the kind.
        epoch, cursor: which state of the picture.
        lines: in the order of ids.
        columns: its properties.
        bounds: around everything that has a place.
        interval: from the first moment that anything says to the last; an end that is open does
            not count.
        feeds: keys of the feeds that it comes from; "" for what people made.
        publishers: codes of those whose word it is, each with the installation where it was made.
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
    publishers: frozenset[tuple[str, str]]
    shape: Shape | None = None

    def shapes(self) -> tuple[Shape, ...]:
        """List the shapes to look at by themselves: none where all there is has the same one."""
        found = {line.shape for line in self.lines}
        return tuple(shape for shape in Shape if shape in found) if len(found) > 1 else ()


class Sheets:
    """Keeps the newest sheet of each collection."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[Audience, Kind], tuple[ref[Picture], Sheet]] = {}
        self._parts: dict[tuple[Audience, Kind, Shape], tuple[Sheet, Sheet]] = {}
        self._making = {audience: threading.Lock() for audience in Audience}

    def sheet(self, picture: Picture, audience: Audience, kind: Kind) -> Sheet:
        """Give the sheet of *kind* for *audience* as *picture* is now: call it in a thread."""
        key = (audience, kind)
        with self._making[audience]:  # many may ask at once; one reckons
            kept = self._kept.get(key)
            if kept is not None and kept[0]() is picture and kept[1].cursor == picture.cursor:
                return kept[1]
            before = {} if kept is None else {line.id: line for line in kept[1].lines}
            sheet = _make(picture, audience, kind, before)
            self._kept[key] = (ref(picture), sheet)  # one read anew takes its place
            return sheet

    def part(self, whole: Sheet, shape: Shape) -> Sheet:
        """Give what of *whole* has that *shape*: call it in a thread."""
        key = (whole.audience, whole.kind, shape)
        kept = self._parts.get(key)
        if kept is None or kept[0] is not whole:
            lines = [line for line in whole.lines if line.shape is shape]
            kept = (whole, replace(whole, lines=lines, shape=shape, **_told(lines)))
            self._parts[key] = kept
        return kept[1]


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
        **_told(lines),
    )


def _told(lines: Iterable[Line]) -> dict[str, Any]:
    """Give what all *lines* together tell."""
    return {
        "bounds": _around([line.box for line in lines if line.box is not None]),
        "interval": _interval([line.span for line in lines if line.span is not None]),
        "feeds": frozenset(line.feed for line in lines),
        "publishers": frozenset((line.publisher, line.origin) for line in lines if line.publisher),
    }


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
        origin=_word(properties.get("origin")),
        shape=_SHAPES.get(geometry["type"]) if placed else None,
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
