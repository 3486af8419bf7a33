"""Several reports read as one: together they know the place better than any of them alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cop.services.fusion.reading import Reading, precedence
from cop.services.fusion.weights import WEIGHTS

_STRAY: Final = 3.0
"""A place further from the best known one than this many times their joint error is left out."""

_SHARED: Final = 0.7
"""Of the best place's error, what no number of further reports takes away: errors are shared."""


def blend(readings: Sequence[Reading]) -> Reading:
    """Read *readings*, at least one, as one report; the order does not matter.

    Its place is their mean, weighted by how exactly each is known, without the strays; its names
    are those of all; its type is the commonest.
    """
    ranked = sorted(readings, key=precedence)
    first = ranked[0]
    if len(ranked) == 1:
        return first
    counts = Counter(reading.type for reading in ranked)
    kind = max(ranked, key=lambda reading: counts[reading.type]).type
    spot, reach_m = _place(ranked)
    strange: dict[str, set[str]] = {}
    for reading in ranked:
        for sort, names in reading.strange.items():
            strange.setdefault(sort, set()).update(names)
    return replace(
        first,
        type=kind,
        at=sorted(reading.at for reading in ranked)[len(ranked) // 2],
        spot=spot,
        reach_m=reach_m,
        district=next((reading.district for reading in ranked if reading.district), None),
        roads=frozenset().union(*(reading.roads for reading in ranked)),
        landmarks=frozenset().union(*(reading.landmarks for reading in ranked)),
        areas=frozenset().union(*(reading.areas for reading in ranked)),
        strange={sort: tuple(sorted(names)) for sort, names in strange.items()},
        houses=frozenset().union(*(reading.houses for reading in ranked)),
        posts=frozenset().union(*(reading.posts for reading in ranked)),
        ways=frozenset().union(*(reading.ways for reading in ranked)),
        words=" ".join(sorted({word for r in ranked for word in r.words.split()})),
        pairs=frozenset().union(*(reading.pairs for reading in ranked)),
        # which publisher says it, and under which number, is judged pair by pair
        feed=None,
        publisher="",
        number=None,
        author=None,
        parent=None,
    )


def _place(ranked: Sequence[Reading]) -> tuple[tuple[float, float] | None, float]:
    placed = [(r.spot, max(WEIGHTS.least_error_m, r.reach_m / 2)) for r in ranked if r.spot]
    if not placed:
        return None, 0.0
    best, best_error = min(placed, key=lambda one: (one[1], one[0]))
    kept = [
        (spot, error)
        for spot, error in placed
        if math.dist(spot, best) <= _STRAY * math.hypot(error, best_error, WEIGHTS.size_m)
    ]
    total = sum(error**-2 for _, error in kept)
    x = sum(spot[0] * error**-2 for spot, error in kept) / total
    y = sum(spot[1] * error**-2 for spot, error in kept) / total
    return (x, y), 2.0 * max(math.sqrt(1.0 / total), _SHARED * best_error)
