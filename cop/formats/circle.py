"""Circles on the earth, as rings of positions."""

from __future__ import annotations

import math
from typing import Final

from cop.model.geometry import Position

EARTH_KM: Final = 6371.0088
"""Mean radius of the earth."""


def destination(start: Position, bearing_deg: float, distance_km: float) -> Position:
    """Give the place *distance_km* from *start* on a great circle towards *bearing_deg*."""
    lon, lat = math.radians(start[0]), math.radians(start[1])
    bearing, angle = math.radians(bearing_deg), distance_km / EARTH_KM
    sin_lat = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    there = math.asin(max(-1.0, min(1.0, sin_lat)))
    across = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat),
        math.cos(angle) - math.sin(lat) * sin_lat,
    )
    longitude = (math.degrees(lon + across) + 540.0) % 360.0 - 180.0
    return (round(longitude, 6), round(math.degrees(there), 6))


def circle(centre: Position, radius_km: float, *, corners: int = 48) -> tuple[Position, ...]:
    """Give the closed ring of *corners* places at *radius_km* around *centre*.

    Raises:
        ValueError: the radius is not between 0 and 2,000 km.
    """
    if not 0 < radius_km <= 2_000:
        raise ValueError(f"not a radius: {radius_km} km")
    ring = tuple(destination(centre, 360.0 * i / corners, radius_km) for i in range(corners))
    return (*ring, ring[0])
