"""What is taken of a layer: so many features, so many places, plain words and numbers alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from cop.errors import PayloadError
from cop.formats.payload import strip_unseen
from workers.layers.coordinates import Odd, Shape, code_of, place_on_earth, places, read_shape
from workers.layers.coordinates import recognise as recognise_system

MOST_FEATURES: Final = 5_000
MOST_PLACES: Final = 250_000
MOST_PLACES_EACH: Final = 30_000
MOST_FIELDS: Final = 30
MOST_SIGNS: Final = 300
MOST_NAME_SIGNS: Final = 60
_MOST_INTEGER: Final = 2**53
"""Larger whole numbers are not exact in a browser: they become words."""


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    shape: Shape
    properties: dict[str, str | float]


class Rows:
    """The features of one layer, taken page by page.

    Attributes:
        content_at: the publisher's own time, where known.
        cut: there is more than was taken.
        odd: features that cannot be used.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.content_at: datetime | None = None
        self.cut = False
        self.odd = 0
        self._rows: list[_Row] = []
        self._places = 0
        self._declared: int | None = None
        self._by_authority = False
        self._seen: set[bytes] = set()

    def __len__(self) -> int:
        """Count what was taken."""
        return len(self._rows)

    @property
    def full(self) -> bool:
        """Tell whether nothing more is taken."""
        return len(self._rows) >= MOST_FEATURES or self._places >= MOST_PLACES

    def declare(self, name: Any, *, by_authority: bool = False) -> None:
        """Note the reference system that the service names; the first that is known counts."""
        if self._declared is None:
            self._declared = code_of(name)
            self._by_authority = by_authority

    def is_new(self, page: bytes) -> bool:
        """Tell whether this very *page* was not seen before: some services know no second one."""
        known = page in self._seen
        self._seen.add(page)
        return not known

    def take_collection(self, document: Any) -> int:
        """Take the features of a GeoJSON document; tell how many it has.

        Raises:
            PayloadError: it is no GeoJSON document.
        """
        features = _features(document)
        crs = document.get("crs")
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict):
            self.declare(crs["properties"].get("name"))
        for feature in features:
            if not isinstance(feature, dict):
                self.odd += 1
                continue
            self.take(feature.get("id"), feature.get("geometry"), feature.get("properties"))
        return len(features)

    def take(self, feature_id: Any, geometry: Any, properties: Any) -> None:
        """Take one feature, if there is room and it can be used."""
        try:
            shape = read_shape(geometry)
        except Odd:
            self.odd += 1
            return
        count = sum(1 for _ in places(shape))
        if self.full or count > MOST_PLACES_EACH or self._places + count > MOST_PLACES:
            self.cut = True
            return
        self._places += count
        name = str(feature_id) if isinstance(feature_id, (str, int)) else ""
        self._rows.append(_Row(_words(name, 200), shape, clean_properties(properties)))

    def encode(self) -> tuple[bytes, int]:
        """Give all as GeoJSON in WGS84, and how many there are.

        Raises:
            PayloadError: in what reference system the places are is not known, or none can be used.
        """
        if not self._rows:
            if self.odd:
                raise PayloadError(f"none of its {self.odd} features has a place that can be used")
            return _encode([]), 0
        system = recognise_system(
            (row.shape for row in self._rows), self._declared, by_authority=self._by_authority
        )
        made: list[dict[str, Any]] = []
        for number, row in enumerate(self._rows):
            try:
                geometry = place_on_earth(row.shape, system)
            except Odd:
                self.odd += 1
                continue
            made.append(
                {
                    "type": "Feature",
                    "id": row.id or f"n{number}",
                    "geometry": geometry,
                    "properties": row.properties,
                }
            )
        if not made:
            raise PayloadError("none of its places is on earth")
        return _encode(made), len(made)


def _encode(features: list[dict[str, Any]]) -> bytes:
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _features(document: Any) -> list[Any]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        return [document]
    features = document.get("features") if isinstance(document, dict) else None
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise PayloadError("what came is no GeoJSON FeatureCollection")
    return features


def clean_properties(properties: Any) -> dict[str, str | float]:
    """Give the words and numbers in *properties*, at most `MOST_FIELDS`; all else is left out."""
    pairs = properties.items() if isinstance(properties, dict) else ()
    found: dict[str, str | float] = {}
    for name, value in _plain(pairs):
        if len(found) >= MOST_FIELDS:
            break
        found.setdefault(name, value)
    return found


def _plain(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str | float]]:
    for name, value in pairs:
        label = _words(str(name), MOST_NAME_SIGNS)
        if not label:
            continue
        if isinstance(value, bool):
            yield label, "true" if value else "false"
        elif isinstance(value, (int, float)):
            if not math.isfinite(value):
                continue
            yield label, value if abs(value) <= _MOST_INTEGER else str(value)[:MOST_SIGNS]
        elif isinstance(value, str) and (words := _words(value, MOST_SIGNS)):
            yield label, words


def _words(words: str, most: int) -> str:
    plain = " ".join(strip_unseen(words[: 4 * most]).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
