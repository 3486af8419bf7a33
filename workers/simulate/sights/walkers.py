"""People on foot: where each of them is at any moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, contains_xy, prepare

from workers.simulate.sights.lens import Lens, Numbers

APART_M: Final = 0.34
"""People push until they are so far from each other."""
_SWAY: Final = (0.22, 0.10)
"""Personal differences along and across the way, metres."""


@dataclass(frozen=True, slots=True)
class Walker:
    """A person on foot.

    Attributes:
        east_m, north_m: where the feet are at second 0, Hong Kong 1980 Grid.
        heading_deg: where to, compass degrees; for one who stands: where it faces.
        speed_mps: 0 for one who stands.
        height_m: of the body.
        seed: decides clothes, build and the little ways in which each walks differently.
        span_m: metres ahead and behind at which it turns up again at the other end; None: it
            walks on for ever.
        gone_m: how far it has come already at second 0.
    """

    east_m: float
    north_m: float
    heading_deg: float
    speed_mps: float
    height_m: float
    seed: int
    span_m: tuple[float, float] | None = None
    gone_m: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """Walkers as columns, one row each."""

    start: Numbers
    way: Numbers
    speed: Numbers
    height: Numbers
    seed: NDArray[np.int64]
    ahead: Numbers
    behind: Numbers
    gone: Numbers
    traits: Numbers
    """Eight numbers of 0 to 1 for each, from the seed."""


@lru_cache(maxsize=32)
def company(walkers: tuple[Walker, ...]) -> Company:
    """Give walkers as columns."""
    count = len(walkers)
    rows = np.array(
        [
            (w.east_m, w.north_m, w.heading_deg, w.speed_mps, w.height_m, w.gone_m)
            + (w.span_m or (0.0, 0.0))
            for w in walkers
        ],
        dtype=np.float64,
    ).reshape(count, 8)
    seeds = np.array([w.seed for w in walkers], dtype=np.int64)
    heading = np.radians(rows[:, 2])
    return Company(
        start=rows[:, :2],
        way=np.stack([np.sin(heading), np.cos(heading)], axis=1),
        speed=rows[:, 3],
        height=rows[:, 4],
        seed=seeds,
        ahead=rows[:, 6],
        behind=rows[:, 7],
        gone=rows[:, 5],
        traits=traits(seeds, 8),
    )


def traits(seeds: NDArray[np.int64], count: int) -> Numbers:
    """Give *count* numbers of 0 to 1 for each seed, the same for the same seed."""
    mixed = seeds.astype(np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
    mixed = mixed + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0xBF58476D1CE4E5B9)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) / float(1 << 53))


def places(walkers: tuple[Walker, ...], at_s: float) -> Numbers:
    """Give where the feet are at a second: N×2 grid metres; nobody stands in anybody else."""
    if not walkers:
        return np.zeros((0, 2))
    who = company(walkers)
    gone = who.gone + who.speed * at_s
    length = who.ahead + who.behind
    wraps = length > 0
    around = np.where(wraps, length, 1.0)
    gone = np.where(wraps, np.mod(gone + who.behind, around) - who.behind, gone)
    lively = np.clip(who.speed, 0.12, 1.0)
    phase = 2 * math.pi * (who.traits[:, 0] + at_s / (5 + 6 * who.traits[:, 1]))
    across = 2 * math.pi * (who.traits[:, 2] + at_s / (4 + 5 * who.traits[:, 3]))
    gone = gone + _SWAY[0] * lively * np.sin(phase)
    aside = _SWAY[1] * lively * np.sin(across)
    left = np.stack([-who.way[:, 1], who.way[:, 0]], axis=1)
    return pushed_apart(who.start + who.way * gone[:, None] + left * aside[:, None], APART_M, 3)


def velocities(walkers: tuple[Walker, ...], at_s: float, over_s: float = 1.0) -> Numbers:
    """Give mean velocities around a second: N×2 metres a second, those who turn up anew as NaN."""
    if not walkers:
        return np.zeros((0, 2))
    half, who = over_s / 2, company(walkers)
    moved = (places(walkers, at_s + half) - places(walkers, at_s - half)) / over_s
    anew = _rounds(who, at_s + half) != _rounds(who, at_s - half)
    return np.where(anew[:, None], np.nan, moved)


def _rounds(who: Company, at_s: float) -> Numbers:
    """Count how often each has turned up anew since second 0."""
    length = who.ahead + who.behind
    gone = who.gone + who.speed * at_s + who.behind
    return np.where(length > 0, np.floor_divide(gone, np.where(length > 0, length, 1.0)), 0.0)


def pushed_apart(spots: Numbers, least_m: float, times: int) -> Numbers:
    """Push those who are nearer to each other than *least_m* apart, a few times over."""
    spots = spots.copy()
    for _ in range(times):
        order = np.argsort(spots[:, 0], kind="stable")
        sorted_spots = spots[order]
        push = np.zeros_like(spots)
        close = False
        for step in range(1, len(spots)):
            apart = sorted_spots[step:] - sorted_spots[:-step]
            near = apart[:, 0] < least_m
            if not near.any():
                break
            rows = np.flatnonzero(near)
            gap = apart[rows]
            far = np.hypot(gap[:, 0], gap[:, 1])
            hit = far < least_m
            rows, gap, far = rows[hit], gap[hit], np.maximum(far[hit], 1e-3)
            shove = gap * ((least_m - far) / far / 2)[:, None]
            np.add.at(push, order[rows], -shove)
            np.add.at(push, order[rows + step], shove)
            close = close or len(rows) > 0
        spots += push
        if not close:
            break
    return spots


def crowd(
    lens: Lens | None,
    outline: Sequence[tuple[float, float]],
    per_m2: float,
    *,
    heading_deg: float = 0.0,
    speed_mps: float = 0.0,
    seed: int = 0,
    margin_m: float = 1.5,
    facing_spread_deg: float = 12.0,
) -> tuple[Walker, ...]:
    """Fill a zone, and a margin around it, with people who walk one way.

    They come in a random order, so that the first half of them is a crowd half as dense. Each
    walks from one edge to the other and turns up again where it came in, so that density holds.

    Args:
        lens: through which *outline* is seen; None where *outline* is in grid metres.
        outline: in pixels, or in grid metres.
        per_m2: people a square metre, up to 6.
        heading_deg: of all of them; each differs a little.
        speed_mps: of all of them; it varies a little from moment to moment.
        seed: who they are and where they stand.
        margin_m: so far around the outline there are people too.
        facing_spread_deg: how far those who stand turn away from the heading; those who walk
            turn a sixth of it.
    """
    corners = np.asarray(outline, dtype=np.float64) if lens is None else lens.ground_of(outline)
    key = tuple((float(e), float(n)) for e, n in corners)
    return _crowd(
        key,
        per_m2,
        heading_deg=heading_deg,
        speed_mps=speed_mps,
        seed=seed,
        margin_m=margin_m,
        spread_deg=facing_spread_deg,
    )


@lru_cache(maxsize=64)
def _crowd(
    corners: tuple[tuple[float, float], ...],
    per_m2: float,
    *,
    heading_deg: float,
    speed_mps: float,
    seed: int,
    margin_m: float,
    spread_deg: float,
) -> tuple[Walker, ...]:
    room = Polygon(corners).buffer(margin_m, join_style="mitre")
    prepare(room)
    rng = np.random.default_rng([seed, 7])
    spots = _scattered(room, round(per_m2 * room.area), rng)
    spread = spread_deg * (1.0 if speed_mps < 0.05 else 1 / 6)
    walkers = []
    for east, north in spots.tolist():
        heading = (heading_deg + spread * float(rng.normal())) % 360
        walkers.append(
            Walker(
                east_m=east,
                north_m=north,
                heading_deg=heading,
                speed_mps=speed_mps,
                height_m=float(np.clip(rng.normal(1.66, 0.09), 1.35, 1.92)),
                seed=int(rng.integers(1 << 31)),
                span_m=_span(room, east, north, heading),
            )
        )
    return tuple(walkers)


def _scattered(room: Polygon, count: int, rng: np.random.Generator) -> Numbers:
    """Give *count* random places in *room*, in random order, none too near to another."""
    west, south, east, north = room.bounds
    spots = np.zeros((0, 2))
    while len(spots) < count:
        more = rng.uniform((west, south), (east, north), (4 * count + 50, 2))
        spots = np.concatenate([spots, more[contains_xy(room, more[:, 0], more[:, 1])]])
    spots = spots[:count]
    if count < 2:
        return spots
    even = math.sqrt(2 / math.sqrt(3) * room.area / count)
    least = min(0.9, 0.78 * even)
    for _ in range(25):
        moved = pushed_apart(spots, least, 1)
        inside = contains_xy(room, moved[:, 0], moved[:, 1])
        spots = np.where(inside[:, None], moved, spots)
    return spots


def _span(room: Polygon, east: float, north: float, heading_deg: float) -> tuple[float, float]:
    """Give metres ahead and behind to the edges of a convex *room*."""
    heading = math.radians(heading_deg)
    corners = np.asarray(room.exterior.coords)
    one, two = corners[:-1], corners[1:]
    side = np.array([math.cos(heading), -math.sin(heading)])
    way = np.array([math.sin(heading), math.cos(heading)])
    off_one, off_two = (one - (east, north)) @ side, (two - (east, north)) @ side
    crosses = (off_one <= 0) != (off_two <= 0)
    share = off_one[crosses] / (off_one[crosses] - off_two[crosses])
    met = one[crosses] + (two[crosses] - one[crosses]) * share[:, None]
    along = (met - (east, north)) @ way
    ahead, behind = along[along > 0], -along[along <= 0]
    return (
        float(ahead.min()) if len(ahead) else 0.5,
        float(behind.min()) if len(behind) else 0.5,
    )


def inside(corners: Numbers, spots: Numbers) -> NDArray[np.bool_]:
    """Tell which of *spots* (N×2) are in the polygon of *corners*."""
    zone = Polygon(corners)
    if not len(spots):
        return np.zeros(0, dtype=np.bool_)
    return np.asarray(contains_xy(zone, spots[:, 0], spots[:, 1]))
