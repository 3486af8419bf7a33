"""Vehicles on a road: how many, and how far back those that stand reach.

What differs from how the empty road usually looks is occupied. The road is laid out in lanes along
its direction and walked in half metres: a stretch without a gap is one vehicle or several, by its
length. Vehicles are taken to be `HIGH_M` high: the end of a stretch that is nearer to the lens is
where its side meets the road, the other one is the edge of a roof.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.model.sight import Unknown
from workers.vision.frame import Frame, Mask
from workers.vision.ground import View, Zone
from workers.vision.measured import Measured, untold
from workers.vision.reference import (
    Picture,
    Reference,
    in_its_light,
    is_dark_or_dazzled,
    lab,
    marks,
    marks_in_sight,
    mean_of,
    smaller,
)

HIGH_M: Final = 1.45
LONG_M: Final = 4.4
APART_M: Final = 2.0
"""A car, and the gap between two that stand: 6 to 7 m each in a queue, as highway capacity manuals
have it."""

QUEUE_GAP_M: Final = 12.0
"""Two that stand no further apart are of one queue."""

SHORTEST_M: Final = 1.5
CELL_M: Final = 0.5
LEAST_CHANGE: Final = 5.0
CHANGE_SHARE: Final = 0.2
CHANGE_CEL: Final = 0.5
UNEVEN: Final = 8.0
"""As for water: with a quarter of the rest of the picture off by this it is the light."""

ELSEWHERE: Final = 0.6
"""If fewer of the marks beside the road are in sight, the camera is turned away or covered."""

SHADOW: Final = (0.55, 1.0)
"""Ground of the same colour, but of a lightness of this share of its own, lies in the shade."""

LANE_M: Final = 3.5
TOO_WIDE_M: Final = 6.0
"""No lane is so wide: there are more than the plan says."""

UNSEEN_M: Final = 1.5
GRAIN_M: Final = 1.0
"""Metres of lane that may look strange: so much beside each vehicle that was found, by its shadow
and mirrors, and so much by rain and grain."""

_NOISE: Final = 1.2
_MARK: Final = 0.03
_CLEAR: Final = 0.6
"""Of the usual contrast: below it vehicles are missed."""
_LOUD: Final = 0.2
"""Rain and grain, as a share of lightness, from which on vehicles are missed."""

_GAP: Final = np.ones((1, 5), np.uint8)
"""Cells: a pane as dark as the road is no gap, and one of 2 m is counted by length all the same."""
_STILL: Final = 0.06
_CHANGED: Final = 24.0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Occupied ground of one lane, metres along it; stands: None where it cannot be told."""

    start: float
    end: float
    stands: bool | None

    @property
    def vehicles(self) -> int:
        return max(1, round((self.end - self.start + APART_M) / (LONG_M + APART_M)))


class Vehicles:
    """Measures zones of use `road`; it remembers how the empty road looks."""

    def __init__(self, view: View) -> None:
        """Measure in the frames of *view*."""
        self._view = view
        self._empty: dict[str, Reference] = {}
        self._lanes: dict[str, _Lanes] = {}

    def look(self, frames: Sequence[Frame], zone: Zone) -> Measured:
        """Measure *zone* in *frames*, of one burst.

        Returns:
            Vehicles in the zone; extra: `occupied_percent` of its lanes' length, and where there
            are two frames or more `queue_m`, the longest row of vehicles that stand, and
            `moving_percent` of vehicles. Less sure where there are marks on the road that are
            neither its own nor of what was found, and the less contrast rain or fog leaves.
            Unknown: as long as the empty road is being learned, in the dark, where lamps or the sun
            dazzle, and where what is beside the road is not in sight either.
        """
        name = zone.plan.id
        empty = self._empty.setdefault(name, Reference())
        lanes = self._lanes.setdefault(name, _Lanes(self._view, zone))
        now, mask = mean_of(frames[-1:]), lanes.mask
        thermal = frames[-1].thermal
        if not thermal and is_dark_or_dazzled(now, mask):
            return untold(Unknown.HIDDEN)
        usual = empty.picture
        if usual is None:
            empty.learn(now, mask)
            return untold(Unknown.LEARNING)
        around = cv2.dilate(mask.astype(np.uint8), np.ones((9, 9))) == 0
        seen = None if thermal else marks_in_sight(now, usual, around)
        if seen is not None and seen < ELSEWHERE:
            return untold(Unknown.HIDDEN)
        found = _differs_cel(now, usual, around) if thermal else _differs(now, usual, around)
        if found is None:
            empty.learn(now, np.ones_like(mask))  # or it would never know the new light
            return untold(Unknown.HIDDEN)
        empty.learn(now, ~found)
        stretches = [
            stretch
            for number in range(lanes.number)
            for stretch in lanes.stretches(number, found, _changed(frames))
        ]
        taken = found if stretches else np.zeros_like(found)
        doubt_m, clear = (0.0, 1.0) if thermal else _doubt(now, usual, around, taken, lanes)
        return _summed(stretches, lanes, doubt_m, clear)


def _differs(now: Picture, usual: Picture, around: Mask) -> Mask | None:
    """Give what is not as usual; None: nearly nothing is, so it is the light that is not."""
    known, here = lab(usual), lab(in_its_light(usual, now, around))
    change = here - known
    apart = np.linalg.norm(change, axis=2)
    if around.any() and np.quantile(apart[around], 0.75) > UNEVEN:
        return None
    share = (here[..., 0] + 1) / (known[..., 0] + 1)
    shade = (share > SHADOW[0]) & (share < SHADOW[1])
    shade &= np.hypot(change[..., 1], change[..., 2]) < LEAST_CHANGE
    other = (apart > np.maximum(LEAST_CHANGE, CHANGE_SHARE * known[..., 0])) & ~shade
    return _whole(other)


def _differs_cel(now: Picture, usual: Picture, around: Mask) -> Mask:
    change = (now - usual)[..., 0]
    even = change - (np.median(change[around]) if around.any() else 0)
    return _whole(np.abs(even) > CHANGE_CEL)


def _whole(other: Mask) -> Mask:
    """Close the panes and bonnets that look like the road."""
    clean = cv2.medianBlur(other.astype(np.uint8), 3)
    return np.asarray(cv2.morphologyEx(clean, cv2.MORPH_CLOSE, np.ones((7, 7))) > 0)


def _doubt(
    now: Picture, usual: Picture, around: Mask, taken: Mask, lanes: _Lanes
) -> tuple[float, float]:
    """Tell how far a visible picture can be trusted beside where it is *taken*.

    A car of the road's own grey, or far off in rain, is not found by its colour, but its panes and
    edges are no marks of the road.

    Returns:
        Metres of lane with such marks, beside what is taken; and how clear the picture is against
        the usual one, 0 to 1: the contrast that is left, against rain and grain.
    """
    known, here = marks(usual), marks(now)
    apart = cv2.GaussianBlur(np.abs(here - known), (0, 0), 2.0)
    noise = float(np.quantile(apart[around], 0.95)) if around.any() else 0.0
    strange = apart > max(_NOISE * noise, _MARK)
    strange &= cv2.dilate(taken.astype(np.uint8), np.ones((15, 15))) == 0
    power = float((known[around] ** 2).sum())
    contrast = float((known * here)[around].sum()) / power if power > 0 else 1.0
    clear = min(contrast / _CLEAR, _LOUD / max(noise, 1e-6))
    return lanes.metres_of(strange), min(1.0, max(0.0, clear))


def _changed(frames: Sequence[Frame]) -> Mask | None:
    """Give where the first and the last frame of a burst differ; None: there is but one."""
    if len(frames) < 2:
        return None
    scale = 12.0 if frames[0].thermal else 1.0  # 2 °C
    first, last = (smaller(frame.pixels) * scale for frame in (frames[0], frames[-1]))
    apart = np.abs(cv2.GaussianBlur(first, (0, 0), 1.0) - cv2.GaussianBlur(last, (0, 0), 1.0))
    return np.asarray((apart.max(axis=2) if apart.ndim == 3 else apart) > _CHANGED)


class _Lanes:
    """The lanes of a zone, as cells of half a metre and the pixels they are seen at."""

    def __init__(self, view: View, zone: Zone) -> None:
        self.mask: Mask = smaller(view.mask_at(zone, HIGH_M / 2)) > 0.5
        way = _way(zone)
        side = np.array([way[1], -way[0]])
        corners = np.array(zone.ground.convex_hull.exterior.coords)
        along, across = corners @ way, corners @ side
        self._start, self._end = float(along.min()), float(along.max())
        wide = float(np.ptp(across))
        fits = wide < TOO_WIDE_M * zone.plan.lanes
        self.number = zone.plan.lanes if fits else round(wide / LANE_M)
        self._wide = wide / self.number
        self._count = max(1, int((self._end - self._start) / CELL_M))
        self.metres = (self._end - self._start) * self.number
        foot = np.array(view.camera_grid)
        self._foot = float(foot @ way)
        self._height = max(view.camera_height_m or 0.0, 2 * HIGH_M)
        scale = self.mask.shape[1] / view.size[0]
        steps = self._start + (np.arange(self._count) + 0.5) * CELL_M
        self._at: list[NDArray[Any]] = []
        for number in range(self.number):
            middle = float(across.min()) + (number + 0.5) * self._wide
            sides = middle + np.linspace(-0.3, 0.3, 7) * min(self._wide, LANE_M)
            places = steps[:, None, None] * way + sides[None, :, None] * side
            pixels = view.to_image(places.reshape(-1, 2), HIGH_M / 2) * scale
            self._at.append(pixels.reshape(self._count, len(sides), 2))

    def stretches(self, number: int, found: Mask, changed: Mask | None) -> list[_Stretch]:
        """Give the occupied stretches of a lane."""
        share = _mean(_sampled(found, self._at[number]), axis=1)
        taken = cv2.morphologyEx((share > 0.35).astype(np.uint8)[None], cv2.MORPH_CLOSE, _GAP)[0]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], taken.astype(int), [0]])))
        moved = None if changed is None else _sampled(changed & found, self._at[number])
        given = []
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            start = self._on_road(self._start + first * CELL_M, outward=-1)
            end = self._on_road(self._start + last * CELL_M, outward=1)
            if end - start >= SHORTEST_M:
                stands = None if moved is None else bool(_mean(moved[first:last]) < _STILL)
                given.append(_Stretch(start, end, stands))
        return given

    def metres_of(self, places: Mask) -> float:
        """Give along how many metres of all lanes *places* are."""
        shares = (_mean(_sampled(places, at), axis=1) for at in self._at)
        return CELL_M * float(sum((share > 0.35).sum() for share in shares))

    def _on_road(self, at: float, outward: int) -> float:
        """Lay an end of a stretch, seen at half a vehicle's height, on the road."""
        away = at - self._foot
        up = HIGH_M if away * outward > 0 else 0.0  # the far end is a roof's edge
        return self._foot + away * (self._height - up) / (self._height - HIGH_M / 2)


def _way(zone: Zone) -> NDArray[np.float64]:
    """Give the direction of the lanes: the zone's own, or along its longer side."""
    if zone.plan.way_deg is not None:
        turn = math.radians(zone.plan.way_deg)
        return np.array([math.sin(turn), math.cos(turn)])
    corners = np.array(zone.ground.minimum_rotated_rectangle.exterior.coords)
    sides = np.diff(corners[:3], axis=0)
    longest = sides[int(np.argmax(np.linalg.norm(sides, axis=1)))]
    return np.asarray(longest / np.linalg.norm(longest))


def _sampled(values: Mask, at: NDArray[Any]) -> NDArray[np.float64]:
    """Give values at pixels (… × 2), NaN outside of the frame."""
    high, wide = values.shape
    x, y = np.nan_to_num(np.rint(at[..., 0]), nan=-1), np.nan_to_num(np.rint(at[..., 1]), nan=-1)
    within = (x >= 0) & (y >= 0) & (x < wide) & (y < high)
    column, row = np.where(within, x, 0).astype(int), np.where(within, y, 0).astype(int)
    return np.where(within, values[row, column], np.nan).astype(float)


def _mean(values: NDArray[np.float64], axis: int | None = None) -> Any:
    """Give the mean of what is in the frame; 0 where nothing is."""
    told = np.isfinite(values)
    return np.where(told, values, 0).sum(axis=axis) / np.maximum(told.sum(axis=axis), 1)


def _summed(stretches: Sequence[_Stretch], lanes: _Lanes, doubt_m: float, clear: float) -> Measured:
    count = sum(stretch.vehicles for stretch in stretches)
    length = sum(stretch.end - stretch.start for stretch in stretches)
    extra = {"occupied_percent": round(min(100.0, 100 * length / lanes.metres), 1)}
    if all(stretch.stands is not None for stretch in stretches):
        standing = sorted((stretch.start, stretch.end) for stretch in stretches if stretch.stands)
        extra["queue_m"] = round(_longest(standing), 1)
        if count:
            moving = sum(stretch.vehicles for stretch in stretches if not stretch.stands)
            extra["moving_percent"] = round(100 * moving / count, 1)
    missed_m = max(0.0, doubt_m - UNSEEN_M * count - GRAIN_M)
    told = length / (length + missed_m) if missed_m else 1.0
    error = 0.5 + 0.2 * count + missed_m / (LONG_M + APART_M)
    return Measured(float(count), error, 0.7 * told * clear, extra=extra)


def _longest(standing: Sequence[tuple[float, float]]) -> float:
    """Give the length of the longest row, from the first to the last of those close together."""
    longest, row = 0.0, None
    for start, end in standing:
        near = row is not None and start - row[1] <= QUEUE_GAP_M
        row = (row[0], max(row[1], end)) if row is not None and near else (start, end)
        longest = max(longest, row[1] - row[0])
    return longest
