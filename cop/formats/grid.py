"""Coordinates of the HK1980 Grid (EPSG:2326) to WGS84, the datum shift included."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final

from pyproj import Transformer

from cop.model.geometry import Position

EASTINGS: Final = (790_000.0, 880_000.0)
NORTHINGS: Final = (790_000.0, 860_000.0)
"""Metres; what lies outside is not in or near Hong Kong."""


@cache
def _transformer() -> Any:
    return Transformer.from_crs(2326, 4326, always_xy=True)


def grid_to_wgs84(easting: float, northing: float) -> Position:
    """Give longitude and latitude of a place on the HK1980 Grid (metres).

    The transformation has a projection and a datum shift of about 300 m.

    Raises:
        ValueError: the place is not on the grid's sheet.
    """
    on_sheet = (
        math.isfinite(easting)
        and math.isfinite(northing)
        and EASTINGS[0] <= easting <= EASTINGS[1]
        and NORTHINGS[0] <= northing <= NORTHINGS[1]
    )
    if not on_sheet:
        raise ValueError(f"not on the HK1980 Grid: {easting} E, {northing} N")
    lon, lat = _transformer().transform(easting, northing)
    return (round(float(lon), 6), round(float(lat), 6))
