"""GeoJSON geometry (RFC 7946): WGS84, longitude first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Position = tuple[float, float]
"""Longitude, latitude in degrees."""

BBox = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

HONG_KONG_BBOX: BBox = (113.80, 22.13, 114.52, 22.58)


def _on_earth(position: Position) -> Position:
    lon, lat = position
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"not a place on earth: longitude {lon}, latitude {lat}")
    return position


LonLat = Annotated[Position, AfterValidator(_on_earth)]


class _Geometry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Point(_Geometry):
    """One place."""

    type: Literal["Point"]
    coordinates: LonLat


class MultiPoint(_Geometry):
    """Several places of one thing."""

    type: Literal["MultiPoint"]
    coordinates: tuple[LonLat, ...]


class LineString(_Geometry):
    """A line of at least two places."""

    type: Literal["LineString"]
    coordinates: Annotated[tuple[LonLat, ...], Field(min_length=2)]


class MultiLineString(_Geometry):
    """Several lines of one thing."""

    type: Literal["MultiLineString"]
    coordinates: tuple[Annotated[tuple[LonLat, ...], Field(min_length=2)], ...]


Ring = Annotated[tuple[LonLat, ...], Field(min_length=4)]


class Polygon(_Geometry):
    """An area: the outer ring, then its holes; each ring is closed."""

    type: Literal["Polygon"]
    coordinates: Annotated[tuple[Ring, ...], Field(min_length=1)]


class MultiPolygon(_Geometry):
    """Several areas of one thing."""

    type: Literal["MultiPolygon"]
    coordinates: tuple[Annotated[tuple[Ring, ...], Field(min_length=1)], ...]


Geometry = Annotated[
    Point | MultiPoint | LineString | MultiLineString | Polygon | MultiPolygon,
    Field(discriminator="type"),
]


def point(lon: float, lat: float) -> Point:
    """Make a point rounded to six decimals (0.1 m)."""
    return Point(type="Point", coordinates=(round(lon, 6), round(lat, 6)))


def line(places: Iterable[Position]) -> LineString:
    """Make a line through *places* (longitude, latitude)."""
    return LineString(type="LineString", coordinates=tuple(places))


def polygon(ring: Iterable[Position]) -> Polygon:
    """Make an area from its outer *ring*, closing it where the publisher did not."""
    closed = tuple(ring)
    if closed and closed[0] != closed[-1]:
        closed = (*closed, closed[0])
    return Polygon(type="Polygon", coordinates=(closed,))


def positions(geometry: Any) -> Iterator[Position]:
    """List every position of *geometry* (a model or a GeoJSON mapping), in order."""
    coordinates = geometry["coordinates"] if isinstance(geometry, dict) else geometry.coordinates
    stack = [coordinates]
    while stack:
        part = stack.pop()
        if part and isinstance(part[0], (int, float)):
            yield (part[0], part[1])
        else:
            stack.extend(reversed(part))


def bbox(geometry: Any) -> BBox:
    """Give the box around *geometry*: west, south, east, north."""
    lons, lats = zip(*positions(geometry), strict=True)
    return (min(lons), min(lats), max(lons), max(lats))


def inside(position: Position, box: BBox) -> bool:
    """Tell whether *position* lies in *box*, its edges included."""
    west, south, east, north = box
    return west <= position[0] <= east and south <= position[1] <= north
