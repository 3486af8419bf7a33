"""How many people it takes to cover what is covered, where one stands before another.

A person whose feet are at a place covers a known part of the picture: that follows from the sizes
of people and the camera's perspective. Such people are spread over a lattice of places so that they
would cover what is covered (Richardson and Lucy's deconvolution), so whoever stands outside a zone
and covers part of it is not counted in it, and the other way round. That counts those who can be
seen. If n people stand independently of each other in a window of area A and each covers a of it,
the share f = 1 - (1 - a/A)^n of it is covered, so that those who are hidden follow from how much
around each is covered. For large windows that is the inverse of the Boolean model, density =
-ln(1 - f) / a (Chiu, Stoyan, Kendall and Mecke, Stochastic Geometry and its Applications, 3rd ed.
2013, §3.1.4); in a small one somebody alone hides nobody and is one.

The sizes of people: stature 1.70 m (as `ground.PERSON_M`; the mean of women and men in Hong Kong
and the Pearl River delta is 1.63 to 1.72 m, NCD-RisC, eLife 2016;5:e13410). Shoulders 0.44 m broad
and chest 0.24 m deep, hips 0.35 m, head 0.17 m as the mean of its length and breadth (ISO/TR
7250-2:2010); people face any way, so they are as broad as the mean over all directions.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision.frame import Mask
from workers.vision.ground import PERSON_M, View

Shares = NDArray[np.float32]
"""Of each block of the picture, 0 to 1; rows × columns of blocks."""

BLOCKS_WIDE: Final = 160
"""Into how many blocks the picture is cut from left to right; a block has at least one pixel."""

ROUNDS: Final = 20
"""Of expectation-maximisation; after these sums over a zone change by less than 1 %."""

MOST_COVERED: Final = 0.98
"""Share of a window from which nothing more is told: four silhouettes one behind another."""

ALL: Final = 0.95
"""Share of a block that counts as all of it."""

MARGIN_M: Final = 3.0
"""People this far outside a zone may cover part of it."""

LEAST_PX: Final = 4.0
"""Whoever is less tall than this in the picture is not looked for."""

RINGS: Final = ((0.0, 0.13), (0.85, 0.17), (1.40, 0.185), (1.48, 0.08), (1.70, 0.07))
"""Of a person: height above the ground and radius, metres, lowest first."""

_HASTE: Final = 1.6
"""Each round goes so many times as far as Richardson and Lucy do, which only saves rounds."""

_FINE: Final = 12
"""Silhouettes are drawn this many times finer than blocks."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How people are spread, and what that would cover.

    Attributes:
        apparent: how many at each place, if nobody were hidden.
        people: how many at each place.
        depth: silhouettes one behind another, mean over people.
        seen: share of the zone's ground on which people would be seen.
    """

    apparent: NDArray[Any]
    people: NDArray[Any]
    depth: float
    seen: float


class Silhouettes:
    """What people cover, standing anywhere in or near the zones of a view.

    Attributes:
        step: width and height of a block in pixels.
        shape: rows and columns of blocks.
        feet: of the lattice: x and y in pixels (places × 2).
        ground: of each place, m².
        front: zone id to the blocks before which mostly people of that zone stand, 0 or 1.
        near: blocks in which anybody counted here could be seen.
        area: of a silhouette at each place, in blocks.
        within: zone id to which places of the lattice lie in it, 0 to 1.
    """

    def __init__(self, view: View) -> None:
        """Draw everybody who could stand there, once."""
        wide, high = view.size
        self.step = max(1, round(wide / BLOCKS_WIDE))
        self.shape = (-(-high // self.step), -(-wide // self.step))
        self.feet, self.ground, share = _lattice(view, self.step)
        self.within = share
        self._draw(view)
        people = np.maximum(self._forth(np.ones(len(self.feet))), 1e-6)
        self.near = (people > 1e-6).reshape(self.shape)
        self.front = {
            key: (self._forth(within) / people > 0.5).reshape(self.shape).astype(np.float32)
            for key, within in share.items()
        }
        self._body = (self._forth(self.area) / people).reshape(self.shape)
        heights, widths = (
            self._forth(of).reshape(self.shape) / people.reshape(self.shape) for of in self._extents
        )
        self._window = np.maximum(3 * widths, 1), np.maximum(0.75 * heights, 1)

    def blocks(self, mask: NDArray[Any]) -> Shares:
        """Give of each block the share of its pixels that are in *mask* (height × width)."""
        high, wide = mask.shape
        rows, columns = self.shape
        padded = cv2.copyMakeBorder(
            mask.astype(np.float32),
            0,
            rows * self.step - high,
            0,
            columns * self.step - wide,
            cv2.BORDER_REPLICATE,
        )
        return np.asarray(
            cv2.resize(padded, (columns, rows), interpolation=cv2.INTER_AREA), np.float32
        )

    def spread(self, covered: Shares, seen: Shares | None = None) -> dict[str, Spread]:
        """Find the people of each zone who cover what is covered.

        Args:
            covered: share of each block that is covered.
            seen: how far each block can be looked at, 0 to 1; None: all of it.
        """
        weight = np.ones(self.shape, np.float32) if seen is None else seen
        weights = weight.ravel()
        looked = self._back(weights)
        could = np.maximum(looked, 1e-6)
        plain = looked > 0.25 * self.area
        apparent = np.where(plain, self._back(weights * covered.ravel()), 0)
        apparent = apparent / could
        flat = covered.ravel()
        for _ in range(ROUNDS):
            ratio = flat / np.maximum(self._forth(apparent), 1e-6)
            apparent = apparent * (self._back(weights * ratio) / could) ** _HASTE
        return {
            key: self._judged(
                apparent * within,
                covered,
                weight * self.front[key],
                float((within * self.ground) @ plain / max(float(within @ self.ground), 1e-9)),
            )
            for key, within in self.within.items()
        }

    def share(self, key: str, covered: Shares, seen: Shares) -> float:
        """Give the share of what is *seen* of the blocks before a zone that is all covered."""
        mine = self.front[key] * seen
        return float(((covered > ALL) * mine).sum() / max(float(mine.sum()), 1e-6))

    def _judged(
        self, apparent: NDArray[Any], covered: Shares, weight: Shares, seen: float
    ) -> Spread:
        """Add whom others hide; *weight* is how far a block can be seen and is of the zone.

        Of n people whose silhouettes of area a lie anywhere in a window of area A, the share
        f = 1 - (1 - a/A)^n of it is covered; one by one they would cover n a/A.
        """
        wide, high = self._window
        room = np.maximum(_mean_in(weight, wide, high), 1e-3)
        share = np.clip(_mean_in(covered * weight, wide, high) / room, 1e-6, MOST_COVERED)
        one = np.clip(self._body / ((2 * wide + 1) * (2 * high + 1) * room), 1e-6, 0.5)
        covers = np.log1p(-share) / np.log1p(-one) * one
        behind = np.maximum(covers / share, 1)
        depth = float(apparent @ self._mean(covers)) / max(float(apparent.sum()), 1e-6)
        return Spread(apparent, apparent * self._mean(behind), depth, seen)

    def _mean(self, blocks: Shares) -> NDArray[Any]:
        """Give the mean of *blocks* over each silhouette."""
        return np.asarray(self._back(blocks.ravel()) / np.maximum(self.area, 1e-6))

    def _forth(self, people: NDArray[Any]) -> NDArray[Any]:
        """Sum silhouettes over each block."""
        given = self._shares * np.repeat(people, self._counts)
        return np.bincount(self._blocks, given, minlength=self.shape[0] * self.shape[1])

    def _back(self, blocks: NDArray[Any]) -> NDArray[Any]:
        """Sum blocks over each silhouette."""
        # the blocks of a place lie side by side; a place without any has no sum of its own
        some = self._counts > 0
        first = (np.cumsum(self._counts) - self._counts)[some]
        given = self._shares * blocks.astype(np.float64).take(self._blocks)
        sums = np.zeros(len(self.feet))
        sums[some] = np.add.reduceat(given, first)
        return sums

    def _draw(self, view: View) -> None:
        blocks, shares = [], []
        counts = np.zeros(len(self.feet), np.intp)
        extents = np.zeros((2, len(self.feet)), np.float32)
        rings = _rings(view, view.to_ground(self.feet)) / self.step
        for place, ring in enumerate(rings):
            found = _drawn(ring, self.shape)
            if found is None:
                continue
            left, top, drawn = found
            rows, columns = np.nonzero(drawn)
            extents[:, place] = drawn.shape
            counts[place] = len(rows)
            blocks.append((rows + top) * self.shape[1] + columns + left)
            shares.append(drawn[rows, columns])
        self._counts = counts
        # as wide as numpy's own indices, which would otherwise be made anew at each sum
        self._blocks = np.concatenate(blocks) if blocks else np.zeros(0, np.intp)
        self._shares = np.concatenate(shares) if shares else np.zeros(0, np.float32)
        self._extents = extents
        self.area = self._back(np.ones(self.shape[0] * self.shape[1]))


def enlarged(blocks: NDArray[Any], size: tuple[int, int]) -> Mask:
    """Give the pixels of a frame of *size* that lie in *blocks*."""
    step = -(-size[0] // blocks.shape[1])
    wide, high = blocks.shape[1] * step, blocks.shape[0] * step
    pixels = cv2.resize(blocks.astype(np.uint8), (wide, high), interpolation=cv2.INTER_NEAREST)
    return np.asarray(pixels[: size[1], : size[0]], bool)


def typical(values: NDArray[Any]) -> float:
    """Give the median of *values*; 1 where there are none, as nobody can be seen there."""
    return float(np.median(values)) if values.size else 1.0


def _lattice(
    view: View, step: int
) -> tuple[NDArray[Any], NDArray[Any], dict[str, NDArray[np.float32]]]:
    """Give the places where people may stand, their ground in m², and their share of each zone.

    A place stands for a box of the picture around it: as broad as a third of a person and as high
    as an eighth, in whole pixels, so that a zone's edge is not rounded to the width of a person.
    """
    heights, widths = view.person_sizes
    near = _near(view)
    feet: list[tuple[float, float]] = []
    ground: list[float] = []
    shares: dict[str, list[float]] = {key: [] for key in view.zones}
    rows = np.flatnonzero(near.any(axis=1))
    row = int(rows[0]) if len(rows) else near.shape[0]
    sums = {key: cv2.integral(zone.mask.astype(np.uint8)) for key, zone in view.zones.items()}
    while row < near.shape[0]:
        columns = np.flatnonzero(near[row])
        if not len(columns):
            row += step
            continue
        middle = int(columns[len(columns) // 2])
        down = max(step, int(heights[row, middle] / 8))
        across = max(step, int(widths[row, middle] / 3))
        bottom = min(row + down, near.shape[0])
        for left in range(int(columns[0]), int(columns[-1]) + 1, across):
            right = min(left + across, near.shape[1])
            x, y = (left + right - 1) // 2, (row + bottom - 1) // 2
            if not near[y, x]:
                continue
            feet.append(((left + right - 1) / 2, (row + bottom - 1) / 2))
            ground.append(float(view.m2[y, x]) * (right - left) * (bottom - row))
            for key, table in sums.items():
                inside = (table[bottom, right] - table[row, right] - table[bottom, left]) + table[
                    row, left
                ]
                shares[key].append(float(inside) / ((right - left) * (bottom - row)))
        row += down
    return (
        np.array(feet, float).reshape(-1, 2),
        np.array(ground),
        {key: np.array(share, np.float32) for key, share in shares.items()},
    )


def _near(view: View) -> Mask:
    """Give the pixels of ground within `MARGIN_M` of a zone on which a person can be seen."""
    heights, widths = view.person_sizes
    near = np.zeros(heights.shape, bool)
    for zone in view.zones.values():
        far = cv2.distanceTransform((~zone.mask).astype(np.uint8), cv2.DIST_L2, 5)
        # across the view a metre is known; along it the ground is foreshortened: less pixels
        near |= far <= np.maximum(widths / PERSON_M[1] * MARGIN_M * steepness(view), 2)
    return np.asarray(near & (heights >= LEAST_PX), bool)


def steepness(view: View) -> NDArray[np.float32]:
    """Give by how much the ground is foreshortened at each pixel, 0 to 1."""
    _, widths = view.person_sizes
    across = np.maximum(widths / PERSON_M[1], 1e-6)
    along = 1 / np.maximum(view.m2 * across, 1e-9)
    return np.asarray(np.clip(along / across, 0, 1), np.float32)


def _rings(view: View, grid: NDArray[Any]) -> NDArray[np.float64]:
    """Give the points around people at *grid* in pixels: places × points × 2."""
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    drawn = []
    for up, radius in RINGS:
        around = grid[:, None, :] + radius * circle[None]
        drawn.append(view.to_image(around.reshape(-1, 2), up).reshape(len(grid), len(circle), 2))
    return np.stack(drawn, axis=1)


def _drawn(
    rings: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[int, int, NDArray[np.float32]] | None:
    """Draw one person; give left, top and shares of blocks; None outside of the picture."""
    if not np.isfinite(rings).all():
        return None
    flat = rings.reshape(-1, 2)
    left, top = np.maximum(np.floor(flat.min(axis=0)).astype(int), 0)
    right = min(int(np.ceil(flat[:, 0].max())) + 1, shape[1])
    bottom = min(int(np.ceil(flat[:, 1].max())) + 1, shape[0])
    if right <= left or bottom <= top:
        return None
    canvas = np.zeros(((bottom - top) * _FINE, (right - left) * _FINE), np.uint8)
    for lower, upper in itertools.pairwise(rings):
        points = (np.concatenate([lower, upper]) - (left, top)) * _FINE - 0.5
        hull = cv2.convexHull(points.astype(np.float32))
        cv2.fillConvexPoly(canvas, np.round(hull * 16).astype(np.int32), 255, shift=4)
    small = cv2.resize(canvas, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    return int(left), int(top), np.asarray(small, np.float32) / np.float32(255)


def _mean_in(blocks: NDArray[Any], wide: NDArray[Any], high: NDArray[Any]) -> NDArray[Any]:
    """Give the mean in a window of half width *wide* and half height *high* about each block."""
    rows, columns = blocks.shape
    table = cv2.integral(blocks.astype(np.float32), sdepth=cv2.CV_64F)
    x, y = np.arange(columns)[None], np.arange(rows)[:, None]
    left = np.clip(np.round(x - wide), 0, columns - 1).astype(int)
    right = np.clip(np.round(x + wide) + 1, 1, columns).astype(int)
    top = np.clip(np.round(y - high), 0, rows - 1).astype(int)
    bottom = np.clip(np.round(y + high) + 1, 1, rows).astype(int)
    total = table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]
    return np.asarray(total / ((2 * wide + 1) * (2 * high + 1)))
