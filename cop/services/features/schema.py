"""JSON Schema of a collection: what can be asked for, what is given, and its features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cop.model.entity import Kind
from cop.services.features.columns import Column
from cop.services.features.filter_space import GEOMETRY
from cop.services.features.sheet import Shape, Sheet
from cop.services.features.times import WHEN

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


_FORMATS: Final[Mapping[Shape | None, str]] = {
    None: "geometry-any",
    Shape.POINTS: "geometry-point-or-multipoint",
    Shape.LINES: "geometry-linestring-or-multilinestring",
    Shape.AREAS: "geometry-polygon-or-multipolygon",
}


def queryables(sheet: Sheet, title: str, address: str) -> dict[str, Any]:
    """Give the schema of what may stand in a filter on *sheet*."""
    return _schema(sheet, title, address)


def returnables(sheet: Sheet, title: str, address: str) -> dict[str, Any]:
    """Give the schema of what a feature of *sheet* has."""
    schema = _schema(sheet, title, address)
    begin, end = _roles(sheet.kind)
    for number, (name, said) in enumerate(schema["properties"].items(), 1):
        said["readOnly"] = True
        said["x-ogc-propertySeq"] = number
        if name == begin:
            said["x-ogc-role"] = "primary-interval-start" if end else "primary-instant"
        elif name == end:
            said["x-ogc-role"] = "primary-interval-end"
    return schema


def feature_schema(sheet: Sheet, title: str, address: str) -> dict[str, Any]:
    """Give the schema of the GeoJSON feature itself, for clients that make tables by it.

    Any property may be null; they read one type only, so that is said beside it.
    """
    properties = {
        column.name: {**property_schema(column), "nullable": True} for column in sheet.columns
    }
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": title,
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"oneOf": [{"type": "null"}, {"$ref": _GEOJSON_GEOMETRY}]},
            "properties": {"type": "object", "properties": properties},
        },
    }


_GEOJSON_GEOMETRY: Final = "https://geojson.org/schema/Geometry.json"


def property_schema(column: Column) -> dict[str, Any]:
    """Give the schema of one property."""
    said: dict[str, Any] = {"title": column.title, "type": column.type}
    if column.format:
        said["format"] = column.format
    if column.enum:
        said["enum"] = list(column.enum)
    return said


def _schema(sheet: Sheet, title: str, address: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": {"title": "Id", "type": "string", "x-ogc-role": "id"},
        GEOMETRY: {
            "title": "Geometry",
            "format": _FORMATS[sheet.shape],
            "x-ogc-role": "primary-geometry",
        },
    }
    properties |= {column.name: property_schema(column) for column in sheet.columns}
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": False,
    }


def _roles(kind: Kind) -> tuple[str, str]:
    """Give the property that says when a feature begins, and when it ends ("": it is a moment)."""
    when = WHEN[kind]
    return when.begins[0], when.ends[0] if when.ends else ""
