"""Whether a geometry that somebody drew can be reckoned with, and how one that cannot is mended."""

from __future__ import annotations

from typing import Final

import shapely
from pydantic import BaseModel

from cop.model.geometry import positions

MOST_PLACES: Final = 5_000
"""The most corners and places of one geometry that a person gives."""

MOST_MENDED: Final = 100
"""Corners of an area whose crossings are mended one by one: that takes as long as there are, and
there may be a quarter of the square of its corners."""


def mended(whole: shapely.Geometry) -> shapely.Geometry:
    """Give all that lies in any part of an area whose edges cross or whose parts overlap.

    Of one of more than `MOST_MENDED` corners each part becomes its hull: larger, never smaller.
    What is valid stays as it is; lines that lead out of an area and back stay as lines.
    """
    if shapely.is_valid(whole):
        return whole
    few = shapely.get_num_coordinates(whole) <= MOST_MENDED
    mend = shapely.make_valid if few else shapely.convex_hull
    return shapely.union_all(mend(shapely.get_parts(whole)))


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
