"""Columns of the open data's tables: how each is read from a feature of the public picture.

Columns are named once and stay: a reader's program asks for them by name. `_en`, `_tc` and `_sc`
end the names of what is said in three languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cop.formats.sheet import Cell
from cop.model.geometry import bbox
from cop.model.text import Lang
from cop.services.publishing.picture import Feature

_SUFFIXES: Final[dict[Lang, str]] = {"en": "en", "zh-Hant": "tc", "zh-Hans": "sc"}
_DECIMALS: Final = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: in the first line of the file.
        field: the property of a feature that it comes from.
        read: gives its cell for a feature.
    """

    name: str
    field: str
    read: Callable[[Feature], Cell]


def plain(*names: str) -> tuple[Column, ...]:
    """Make columns of properties that are one value, or a list of codes."""

    def reader(name: str) -> Callable[[Feature], Cell]:
        def read(feature: Feature) -> Cell:
            value = feature["properties"].get(name)
            return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else value

        return read

    return tuple(Column(name, name, reader(name)) for name in names)


def texts(*names: str, inside: str = "") -> tuple[Column, ...]:
    """Make three columns of each property, or key of the property *inside*, that is a text."""

    def reader(name: str, lang: Lang) -> Callable[[Feature], Cell]:
        def read(feature: Feature) -> Cell:
            properties = feature["properties"]
            words = (properties.get(inside) or {}).get(name) if inside else properties.get(name)
            return str((words or {}).get(lang, ""))

        return read

    return tuple(
        Column(f"{name}_{suffix}", inside or name, reader(name, lang))
        for name in names
        for lang, suffix in _SUFFIXES.items()
    )


def numbers(*names: str) -> tuple[Column, ...]:
    """Make columns of what stands under `measures`."""

    def reader(name: str) -> Callable[[Feature], Cell]:
        return lambda feature: (feature["properties"].get("measures") or {}).get(name)

    return tuple(Column(name, "measures", reader(name)) for name in names)


def within(name: str, field: str, key: str) -> Column:
    """Make the column *name* of the member *key* of the property *field*."""
    return Column(name, field, lambda feature: (feature["properties"].get(field) or {}).get(key))


def place() -> tuple[Column, ...]:
    """Make the columns of the place: of a point itself, else of the middle of its box."""
    return (
        Column("lon", "geometry", _centre(0)),
        Column("lat", "geometry", _centre(1)),
        Column(
            "geometry_type", "geometry", lambda feature: (feature["geometry"] or {}).get("type")
        ),
    )


def _centre(axis: int) -> Callable[[Feature], Cell]:

    def read(feature: Feature) -> Cell:
        geometry: Mapping[str, Any] | None = feature["geometry"]
        if not geometry or not geometry["coordinates"]:
            return None
        box = bbox(dict(geometry))
        return round((box[axis] + box[axis + 2]) / 2, _DECIMALS)

    return read
