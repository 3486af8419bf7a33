"""Levels of service for people on foot, as Fruin set them.

J. J. Fruin, Pedestrian Planning and Design (Metropolitan Association of Urban Designers and
Environmental Planners, New York 1971; revised edition, Elevator World 1987), chapter 4. His limits
are the area a person has (square feet) and, where people walk, the flow (people a foot of width and
minute). In metres:

| level | walkway: m2/person, people/m2, people/m/min | stairs | queue (area only) |
|---|---|---|---|
| A | over 3.25, under 0.31, under 23 | over 1.86, under 0.54, under 16 | over 1.21, under 0.83 |
| B | 2.32, 0.31, 23 | 1.39, 0.54, 16 | 0.93, 0.83 |
| C | 1.39, 0.43, 33 | 0.93, 0.72, 23 | 0.65, 1.08 |
| D | 0.93, 0.72, 49 | 0.65, 1.08, 33 | 0.28, 1.54 |
| E | 0.46, 1.08, 66 | 0.37, 1.54, 43 | 0.19, 3.59 |
| F | under 0.46, over 2.15, any | under 0.37, over 2.69, any | under 0.19, over 5.38 |

From B to E a row has the least area, the density from which the level holds, and the flow from
which it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_args

from cop.model.sight import Level, ZoneUse

_LEVELS: Final[tuple[Level, ...]] = get_args(Level)

USES: Final[tuple[ZoneUse, ...]] = ("walkway", "stairs", "queue")
"""The uses of a zone in which people are graded."""

_SQUARE_FOOT: Final = 0.09290304
_FOOT: Final = 0.3048

_AREA_FT2: Final = {
    "walkway": (35, 25, 15, 10, 5),
    "stairs": (20, 15, 10, 7, 4),
    "queue": (13, 10, 7, 3, 2),
}
"""The least area a person has at level A, B, C, D and E, square feet."""

_FLOW_FT: Final = {"walkway": (7, 10, 15, 20), "stairs": (5, 7, 10, 13)}
"""The most flow at level A, B, C and D, people a foot of width and minute.

There is no limit to E: at F flow is anything from nothing up to the most."""


def level_of(use: ZoneUse, density: float, flow: float | None = None) -> Level | None:
    """Give the level of service; None for a zone that is not for people.

    Args:
        use: decides the table.
        density: people/m².
        flow: people a metre of width and minute; None: not known. The worse of the two counts.
    """
    areas = _AREA_FT2.get(use)
    if areas is None:
        return None
    by_area = sum(density >= 1 / (area * _SQUARE_FOOT) for area in areas)
    by_flow = sum((flow or 0) >= limit / _FOOT for limit in _FLOW_FT.get(use, ()))
    return _LEVELS[max(by_area, by_flow)]


def threshold_of(use: ZoneUse, level: Level) -> float:
    """Give the density in people/m² from which *level* holds; 0 for level A.

    Raises:
        KeyError: the zone is not for people.
    """
    worse = _LEVELS.index(level)
    return 0.0 if worse == 0 else 1 / (_AREA_FT2[use][worse - 1] * _SQUARE_FOOT)


LIMITS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        use: MappingProxyType({level: round(threshold_of(use, level), 2) for level in _LEVELS[1:]})
        for use in USES
    }
)
"""Use → level from B on → density in people/m² from which it holds, to the hundredth."""
