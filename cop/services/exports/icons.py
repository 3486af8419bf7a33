"""The marks of the KML: a shape for the kind, bars and a colour for how severe it is."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from cop.model.entity import Kind, Severity

SIZE_PX: Final = 48
_MARGIN: Final = 4
_SIDES: Final = {
    Kind.ALERT: (3, -90.0),
    Kind.HAZARD: (4, -90.0),
    Kind.INCIDENT: (6, -90.0),
    Kind.FACILITY: (5, -90.0),
    Kind.ROAD: (4, 45.0),
    Kind.RESOURCE: (8, 22.5),
    Kind.ASSIGNMENT: (3, 90.0),
    Kind.NEED: (3, 0.0),
}
"""Corners, and where the first is; every other kind is a circle."""

COLOURS: Final = {
    Severity.EXTREME: "#7b1fa2",
    Severity.SEVERE: "#b71c1c",
    Severity.MODERATE: "#e65100",
    Severity.MINOR: "#827717",
    Severity.UNKNOWN: "#37474f",
}
BARS: Final = {
    Severity.EXTREME: 4,
    Severity.SEVERE: 3,
    Severity.MODERATE: 2,
    Severity.MINOR: 1,
    Severity.UNKNOWN: 0,
}


@lru_cache(maxsize=256)
def draw_icon(kind: Kind, severity: Severity) -> bytes:
    """Give the mark as PNG, `SIZE_PX` wide and high."""
    picture = Image.new("RGBA", (SIZE_PX, SIZE_PX), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    middle, reach = SIZE_PX / 2, SIZE_PX / 2 - _MARGIN
    sides = _SIDES.get(kind)
    if sides is None:
        box = (middle - reach, middle - reach, middle + reach, middle + reach)
        draw.ellipse(box, fill=COLOURS[severity], outline="white", width=3)
    else:
        count, first = sides
        turns = [math.radians(first + 360 * corner / count) for corner in range(count)]
        corners = [
            (middle + reach * math.cos(turn), middle + reach * math.sin(turn)) for turn in turns
        ]
        draw.polygon(corners, fill=COLOURS[severity], outline="white", width=3)
    for bar in range(BARS[severity]):
        left = middle - 9 + 5 * bar
        draw.rectangle((left, middle - 5, left + 2, middle + 6), fill="white")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
