"""Which way the people of a zone go, and how fast, from a few frames a fraction of a second apart.

Dense optical flow (DIS: T. Kroeger and others, Fast Optical Flow using Dense Inverse Search, ECCV
2016) between each two frames, taken where people are, where the picture has texture, and where the
flow back from the second frame leads to where it came from. No person is followed: a field is
measured and its mean kept.

A pixel of a body is not on the ground. If it is z metres up and the lens h, its movement laid on
the ground comes out too long by h / (h - z), but in the right direction; so each vector is laid on
the plane at the mean height of what can be seen of bodies. Of somebody alone that is half of
1.70 m. In a crowd the one in front hides the legs: with people s = 1/√density apart, seen at an
angle a below the horizon, what is seen begins at 1.70 m - s tan a, and z is halfway from there up.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision.frame import Frame, Mask
from workers.vision.ground import PERSON_M, View, Zone

LONGEST_GAP_S: Final = 1.5
"""With more between two frames people have gone so far that one is taken for another."""

MOVING_MPS: Final = 0.25
"""Slower than this is standing: people sway, and flow has noise."""

FASTEST_MPS: Final = 4.0
"""Faster than this is no person on foot, but an error."""

SIDE_DEG: Final = 60.0
"""Up to so far from the main direction is with it; so far from its opposite is against it."""

LEAST_SHARE: Final = 0.5
"""Of what moves, this share must go along the main direction or against it, or there is none."""

_FEWEST: Final = 40
_BACK_PX: Final = 1.0
_TEXTURE: Final = 6.0
_STILL_PX: Final = 0.35
_MOST: Final = 20_000
_LEAST_RANGE_CEL: Final = 4.0
_STANDING: Final = 0.05
Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flow:
    """How people move in a zone; what is not told is None.

    Attributes:
        direction_deg: compass degrees towards which most of those who move go.
        speed_mps: mean along it of all but those who go against it.
        moving_percent: share of people who move.
        counter_percent: of those who move, the share that goes against the zone's way, or where
            it has none against the main direction.
    """

    direction_deg: float | None = None
    speed_mps: float | None = None
    moving_percent: float | None = None
    counter_percent: float | None = None


def flows(
    view: View, frames: Sequence[Frame], who: Mask | None, densities: Mapping[str, float]
) -> Mapping[str, Flow]:
    """Measure the flow of people in zones.

    Args:
        view: the ground.
        frames: of one burst, oldest first, all of the size in the plan.
        who: where people are in the last frame; None: wherever something moves.
        densities: people/m² of those zones that are looked at.

    Returns:
        Zone id to its flow, for those where there was enough to see.
    """
    pairs = [(a, b) for a, b in itertools.pairwise(frames) if 0 < _gap_s(a, b) <= LONGEST_GAP_S]
    if not pairs or not densities:
        return {}
    grey = _grey([pairs[0][0], *(later for _, later in pairs)], view)
    places = {name: _Place(view, view.zones[name], density) for name, density in densities.items()}
    found: dict[str, list[Vectors]] = {name: [] for name in densities}
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    for (earlier, later), before, after in reversed(list(zip(pairs, grey, grey[1:], strict=False))):
        field, good = _field(method, before, after)
        if who is None:
            shown = good & (np.hypot(field[..., 0], field[..., 1]) > 2 * _STILL_PX)
        else:  # people were where the flow to where they are now began
            who = _carried_back(who, field)
            shown = good & who
        for name, place in places.items():
            found[name].append(place.vectors(field, shown, _gap_s(earlier, later)))
    told = {
        name: _summed(np.concatenate(parts), view.zones[name].plan.way_deg, whole=who is not None)
        for name, parts in found.items()
    }
    return {name: flow for name, flow in told.items() if flow is not None}


def _gap_s(earlier: Frame, later: Frame) -> float:
    return (later.at - earlier.at).total_seconds()


def _grey(frames: Sequence[Frame], view: View) -> list[NDArray[np.uint8]]:
    """Give frames in 8 bits; temperatures around the range of the zones in the first frame."""
    if not frames[0].thermal:
        return [np.asarray(cv2.cvtColor(f.pixels, cv2.COLOR_BGR2GRAY), np.uint8) for f in frames]
    zones = np.logical_or.reduce([zone.mask for zone in view.zones.values()])
    low, high = np.nanpercentile(frames[0].pixels[zones], (1, 99.5))
    scale = 255 / max(float(high - low) * 1.2, _LEAST_RANGE_CEL)
    return [
        np.clip((np.nan_to_num(f.pixels, nan=low) - low) * scale, 0, 255).astype(np.uint8)
        for f in frames
    ]


def _field(
    method: Any, before: NDArray[np.uint8], after: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], Mask]:
    """Give the flow (height × width × 2, px) and where it can be trusted."""
    there, back = method.calc(before, after, None), method.calc(after, before, None)
    high, wide = before.shape
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    returned = there + cv2.remap(back, x + there[..., 0], y + there[..., 1], cv2.INTER_LINEAR)
    far = np.hypot(there[..., 0], there[..., 1])
    good = np.hypot(returned[..., 0], returned[..., 1]) < np.maximum(_BACK_PX, 0.15 * far)
    smooth = cv2.GaussianBlur(before, (0, 0), 1.2)
    edges = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    return there, good & (edges > 8 * _TEXTURE)  # a Sobel of 3 × 3 weighs a step by 8


def _carried_back(who: Mask, field: NDArray[np.float32]) -> Mask:
    """Give where those of *who* were, from the flow to where they are."""
    high, wide = who.shape
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    moved = x + field[..., 0], y + field[..., 1]
    return np.asarray(cv2.remap(who.astype(np.uint8), *moved, cv2.INTER_NEAREST) > 0)


class _Place:
    """Where in the image the people of one zone are seen, and what a pixel there is worth."""

    def __init__(self, view: View, zone: Zone, density: float) -> None:
        self._view, self._up_m = view, _seen_height(view, zone, density)
        rows, columns = np.nonzero(view.mask_at(zone, self._up_m))
        step = max(1, len(rows) // _MOST)
        self._at = rows[::step], columns[::step]
        self._start = view.to_ground(self._pixels(), self._up_m)
        feet = np.nan_to_num(view.to_image(self._start))
        wide, high = view.size
        feet = np.clip(np.rint(feet), 0, (wide - 1, high - 1)).astype(int)
        body = view.body_px2()[feet[:, 1], feet[:, 0]]
        self._weight = np.where(body > 0, 1 / np.maximum(body, 1.0), 0)

    def _pixels(self) -> NDArray[np.float64]:
        return np.column_stack([self._at[1], self._at[0]]).astype(float)

    def vectors(self, field: NDArray[np.float32], shown: Mask, gap_s: float) -> Vectors:
        """Give velocities east and north (m/s) and weights, one row for each pixel *shown*."""
        here = shown[self._at] & (self._weight > 0)
        ends = self._pixels()[here] + field[self._at][here]
        velocity = (self._view.to_ground(ends, self._up_m) - self._start[here]) / gap_s
        rows = np.column_stack([velocity, self._weight[here]])
        fast = np.hypot(rows[:, 0], rows[:, 1])
        return np.asarray(rows[np.isfinite(fast) & (fast < FASTEST_MPS)])


def _seen_height(view: View, zone: Zone, density: float) -> float:
    """Give the mean height in metres of what is seen of bodies (see the module)."""
    tall = PERSON_M[0]
    camera = view.camera_height_m or math.inf
    away = math.dist(view.camera_grid, zone.centre)
    steep = max(camera - tall, 0.0) / max(away, 0.1)
    hidden_below = tall - steep / math.sqrt(max(density, 1e-3))
    # never so near the lens that its plane runs into it
    return min((max(hidden_below, 0.0) + tall) / 2, 0.8 * camera)


def _summed(vectors: Vectors, way_deg: float | None, *, whole: bool) -> Flow | None:
    """Sum up velocities (east, north, weight).

    Args:
        vectors: of pixels, one row each.
        way_deg: the zone's own way.
        whole: those who stand are among them, so that shares of all can be told.
    """
    if len(vectors) < _FEWEST:
        return None
    velocity, weight = vectors[:, :2], vectors[:, 2]
    fast = np.hypot(velocity[:, 0], velocity[:, 1])
    moving = fast >= MOVING_MPS
    share = float(weight[moving].sum() / weight.sum())
    told = {"moving_percent": 100 * share} if whole else {}
    if moving.sum() < _FEWEST or share < _STANDING:
        still = float((fast * weight).sum() / weight.sum())
        return Flow(speed_mps=still, **told) if whole else None
    main = _main_direction(velocity[moving], weight[moving])
    off = _apart_deg(velocity[moving], main)
    heavy = weight[moving]
    along, against = heavy[off <= SIDE_DEG].sum(), heavy[off >= 180 - SIDE_DEG].sum()
    if along + against < LEAST_SHARE * heavy.sum():
        return Flow(**told)
    group = np.flatnonzero(moving)[off <= SIDE_DEG]
    mean = _trimmed_mean(velocity[group], weight[group])
    direction = math.degrees(math.atan2(mean[0], mean[1])) % 360
    speed = float(np.hypot(*mean))
    if whole:  # those who stand go at no speed
        rest = weight.sum() - against
        speed *= float(along / max(rest, 1e-12))
    way = direction if way_deg is None else way_deg
    counter = heavy[_apart_deg(velocity[moving], way) >= 180 - SIDE_DEG].sum() / heavy.sum()
    return Flow(direction, speed, counter_percent=100 * float(counter), **told)


def _main_direction(velocity: Vectors, weight: NDArray[np.float64]) -> float:
    """Give the direction, compass degrees, around which most moves: the mode of a histogram."""
    degrees = np.degrees(np.arctan2(velocity[:, 0], velocity[:, 1])) % 360
    counts = np.bincount((degrees // 10).astype(int) % 36, weight, 36)
    window = sum(np.roll(counts, shift) for shift in range(-3, 4))
    return float(np.argmax(window)) * 10 + 5


def _apart_deg(velocity: Vectors, way_deg: float) -> NDArray[np.float64]:
    """Give by how many degrees, 0 to 180, velocities are off a direction."""
    degrees = np.degrees(np.arctan2(velocity[:, 0], velocity[:, 1])) - way_deg
    return np.asarray(np.abs((degrees + 180) % 360 - 180))


def _trimmed_mean(velocity: Vectors, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the weighted mean without the tenths at either end of speed."""
    fast = np.hypot(velocity[:, 0], velocity[:, 1])
    low, high = np.quantile(fast, (0.1, 0.9))
    kept = (fast >= low) & (fast <= high)
    return np.asarray(np.average(velocity[kept], axis=0, weights=weight[kept]))
