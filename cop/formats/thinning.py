"""Lines with fewer vertices that look the same on the map."""

from __future__ import annotations

from collections.abc import Sequence

from shapely import LineString

from cop.model.geometry import Position

_METRES_IN_DEGREE = 111_000.0


def thin_line(line: Sequence[Position], *, within_m: float) -> tuple[Position, ...]:
    """Give *line* without the vertices that it can do without, rounded to a metre.

    No place on the thinned line is further than *within_m* from the line as it was.

    Raises:
        ValueError: it has fewer than two vertices.
    """
    if len(line) < 2:
        raise ValueError("a line of fewer than two vertices")
    thinned = LineString(line).simplify(within_m / _METRES_IN_DEGREE)
    return tuple((round(x, 5), round(y, 5)) for x, y in thinned.coords)
