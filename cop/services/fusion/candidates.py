"""Which reports are worth comparing with a new one: an index by place and by names, kept current.

Exact places lie in a fine grid, vague ones in a coarse grid, so that an exact report looks at few
squares. Reports without a usable place, and those that name one lamp post or one address, are
found by names.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any, Final

from cop.services.fusion.reading import NO_PLACE_M, Reading
from cop.services.fusion.romanised import sound_of, sounds_of
from cop.services.fusion.weights import SIZE_M, WEIGHTS

_LEVELS: Final = (60.0, 250.0, 800.0, NO_PLACE_M)
"""Upper bounds of how far off a place may be, metres: one grid for each."""

_SIGMAS: Final = 3.0
"""Places further apart than this many times their joint error are not looked at."""

_WIDEST_M: Final = max(SIZE_M.values())

_Square = tuple[int, int, int]
_Index = defaultdict[Any, dict[str, Reading]]


class Candidates:
    """Every open report, to be found by where it is and by what it names."""

    def __init__(self) -> None:
        """Begin empty."""
        self._readings: dict[str, Reading] = {}
        self._grid: _Index = defaultdict(dict)
        self._named: _Index = defaultdict(dict)
        self._unplaced: _Index = defaultdict(dict)
        self._levels = [0] * len(_LEVELS)

    def __len__(self) -> int:
        return len(self._readings)

    def __contains__(self, report_id: object) -> bool:
        return report_id in self._readings

    def get(self, report_id: str) -> Reading | None:
        """Give the report of that id; None when it is not here."""
        return self._readings.get(report_id)

    def put(self, reading: Reading) -> None:
        """Add a report, or take its new reading in place of the old one."""
        self.remove(reading.id)
        self._readings[reading.id] = reading
        for index, key in self._places(reading):
            index[key][reading.id] = reading
        if reading.spot is not None:
            self._levels[_level(reading.reach_m)] += 1

    def remove(self, report_id: str) -> None:
        """Forget a report; nothing happens when it is not here."""
        reading = self._readings.pop(report_id, None)
        if reading is None:
            return
        for index, key in self._places(reading):
            index[key].pop(report_id, None)
            if not index[key]:
                del index[key]
        if reading.spot is not None:
            self._levels[_level(reading.reach_m)] -= 1

    def _places(self, reading: Reading) -> Iterator[tuple[_Index, Hashable]]:
        """List where a report stands: the index, and the key in it."""
        if reading.spot is not None:
            yield self._grid, _square(_level(reading.reach_m), reading.spot)
        for name in _names(reading):
            yield self._named, name
            if reading.spot is None:
                yield self._unplaced, name

    def near(self, reading: Reading) -> list[Reading]:
        """Give the reports that may be of one thing with *reading*, itself left out; unordered."""
        found: dict[str, Reading] = {}
        names = list(_names(reading))
        for name in names:
            by_name = self._named if reading.spot is None or name[0] == "#" else self._unplaced
            if name in by_name:
                found.update(by_name[name])
        if reading.spot is not None:
            x, y = reading.spot
            for level, bound in enumerate(_LEVELS):
                if self._levels[level]:
                    self._search(level, bound, (x, y), reading, found)
        found.pop(reading.id, None)
        return list(found.values())

    def _search(
        self,
        level: int,
        bound: float,
        spot: tuple[float, float],
        reading: Reading,
        found: dict[str, Reading],
    ) -> None:
        radius = _SIGMAS * math.hypot(reading.reach_m / 2, bound / 2, _WIDEST_M)
        step = _step(level)
        west, east = int((spot[0] - radius) // step), int((spot[0] + radius) // step)
        south, north = int((spot[1] - radius) // step), int((spot[1] + radius) // step)
        for column in range(west, east + 1):
            for row in range(south, north + 1):
                square = self._grid.get((level, column, row))
                if not square:
                    continue
                found.update(
                    (key, other)
                    for key, other in square.items()
                    if abs(other.at - reading.at) <= WEIGHTS.longest_s
                    and other.spot is not None
                    and math.dist(other.spot, spot)
                    <= _SIGMAS * math.hypot(reading.reach_m / 2, other.reach_m / 2, _WIDEST_M)
                )


def _level(reach_m: float) -> int:
    return next(level for level, bound in enumerate(_LEVELS) if reach_m <= bound)


def _step(level: int) -> float:
    return 2.0 * _LEVELS[level]


def _square(level: int, spot: tuple[float, float]) -> _Square:
    step = _step(level)
    return (level, int(spot[0] // step), int(spot[1] // step))


def _names(reading: Reading) -> Iterator[str]:
    """Give the names by which a report is found; those of single spots begin with `#`."""
    strange = reading.strange
    for post in reading.posts:
        yield f"#{post}"
    streets = (*reading.roads, *strange.get("road-en", ()), *strange.get("road-zh", ()))
    yield from (f"#{street}/{house}" for house in reading.houses for street in streets)
    yield from reading.roads
    yield from reading.landmarks
    for sort, names in strange.items():
        yield from names
        for name in names:
            heard = [sound_of(name)] if sort.endswith("-en") else sounds_of(name)
            yield from (f"~{sound}" for sound in heard)
