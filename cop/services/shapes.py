"""Whether a geometry that somebody drew can be reckoned with."""

from __future__ import annotations

from typing import Final

import shapely
from pydantic import BaseModel

from cop.model.geometry import positions

MOST_PLACES: Final = 5_000
"""The most corners and places of one geometry that a person gives."""


def check_shape(geometry: BaseModel, name: str = "geometry") -> None:
    """Return if *geometry*, a model of GeoJSON, is whole and simple enough.

    Raises:
        ValueError: it is empty or has too many places, a ring is open, or edges cross; begins with
            *name*.
    """
    places = sum(1 for _ in positions(geometry))
    if not 0 < places <= MOST_PLACES:
        raise ValueError(f"{name}: give 1 to {MOST_PLACES} places, not {places}")
    try:
        whole = shapely.from_geojson(geometry.model_dump_json())
    except shapely.errors.GEOSException:
        raise ValueError(f"{name}: each ring must end where it begins") from None
    if not shapely.is_valid(whole):
        raise ValueError(f"{name}: the edges of an area must not cross or touch themselves")
