"""CSV (RFC 4180) for spreadsheets: a column for each language, numbers as numbers, no formulas."""

from __future__ import annotations

from typing import Final

from cop.formats.payload import strip_unseen
from cop.formats.sheet import Cell, csv_line
from cop.model.geometry import bbox, positions
from cop.services.exports.table import LAST, Export, Feature, Value

_BOM: Final = "\ufeff"
"""By it Excel knows that a CSV is UTF-8; without, Chinese becomes unreadable."""
_PLACE: Final = ("lon", "lat", "geometry_type")
_DECIMALS: Final = 6


def write_csv(export: Export) -> bytes:
    """Give *export* as a table; of what is no point, its place is the middle of its box."""
    names = ["id", *(column.name for column in export.columns), *_PLACE]
    lines = [csv_line([*names, *LAST])]
    for feature in export.features:
        row = export.row(feature)
        last = [row.pop(name) for name in LAST]
        lines.append(csv_line(map(_cell, (*row.values(), *_place(feature), *last))))
    return (_BOM + "".join(lines)).encode("utf-8", "replace")


def _cell(value: Value) -> Cell:
    return strip_unseen(value) if isinstance(value, str) else value


def _place(feature: Feature) -> tuple[Cell, Cell, Cell]:
    geometry = feature["geometry"]
    if not geometry or next(positions(geometry), None) is None:
        return None, None, None
    west, south, east, north = bbox(geometry)
    return (
        round((west + east) / 2, _DECIMALS),
        round((south + north) / 2, _DECIMALS),
        geometry["type"],
    )
