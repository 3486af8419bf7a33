"""Warm heads in a thermal frame, one by one.

In a dense crowd bodies hide each other long before heads do: from a camera that looks down on it,
a head is hidden only by somebody within arm's length. A face is warmer than clothes, so a head is a
warm spot of a head's size; the frame is searched for it at the size that a head has at each place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision.detectors.silhouettes import steepness
from workers.vision.frame import Celsius, Mask
from workers.vision.ground import PERSON_M, View

HEAD_M: Final = 0.0875
"""Half the mean of a head's length and breadth (ISO/TR 7250-2:2010)."""

HEAD_UP_M: Final = 1.59
"""Middle of the head of somebody 1.70 m tall, above the ground."""

LEAST_PX: Final = 1.6
"""A head of a smaller radius is not found."""

STANDS_OUT_CEL: Final = 0.9
"""By so much a spot must be warmer than what is around it."""

LESS_WARM_CEL: Final = 1.8
"""A spot that is so much cooler than the warmest is clothes, not skin."""

LIKE_GROUND_CEL: Final = 0.8
"""A spot that differs less from the ground behind it is the ground."""

HIDES_M2: Final = 0.029
"""Ground on which a head hides another or runs into one, from a camera that looks down at 45
degrees. It goes with the square of the cotangent of that angle, for people keep apart. Measured on
generated crowds (docs/vision.md), not on streets: it decides counts above two people a square
metre."""

LIMBS_M: Final = (0.2, 0.45, 1.45)
"""Bare arms and legs are warm as well: so far to either side of somebody's head and so far below it
a spot is one of theirs, or the head of somebody who stands there."""

SPARSE: Final = (0.6, 1.2)
"""People on the ground that limbs take up, between which one goes over from leaving limbs out to
leaving them in: in a dense crowd they are hidden."""

_SCALE: Final = 1.25
_SHARP, _WIDE, _REACH = 0.5, 1.8, 0.8
"""Of the filters, in radii of a head."""


@dataclass(frozen=True, slots=True)
class Found:
    """Heads of a zone.

    Attributes:
        people: how many there are where it can be told, with those whom others hide or touch.
        depth: how many stand where one is found, mean: what `judging` calls depth.
        told: share of the zone in which a head would differ from the ground, and nothing covers it.
        covered: share of the zone before which there is something else.
        resolved: share of the zone in which a head is large enough.
    """

    people: float
    depth: float
    told: float
    covered: float
    resolved: float


class Heads:
    """Finds heads in the frames of one view.

    Attributes:
        skin: temperature of faces in the last frame, °C.
        resolved: zone id to the share of it in which a head is large enough to be found.
    """

    def __init__(self, view: View) -> None:
        """Work out how large a head is at each pixel, and whose feet are where."""
        column, row, there = _feet(view)
        _, widths = view.person_sizes
        radius: NDArray[Any] = np.where(there, widths[row, column] / PERSON_M[1] * HEAD_M, 0)
        self.skin = 34.0
        self._radius = radius.astype(np.float32)
        large: Mask = radius >= LEAST_PX
        steep = steepness(view)
        across = np.maximum(radius / HEAD_M, 1e-6)
        sine = steep[row, column].clip(0.05, 0.999)
        reach = (np.round(_REACH * radius).clip(1) + 0.7) / np.maximum(radius, 0.1)
        hides = HIDES_M2 * (1 - sine**2) / sine**2 * np.maximum(reach / 0.9, 1) ** 2
        cosine = np.sqrt(1 - sine**2)
        limbs = 2 * LIMBS_M[0] * (LIMBS_M[2] - LIMBS_M[1]) * cosine / sine
        self._across = across.astype(np.float32)
        self._upright = (across * cosine).astype(np.float32)
        self.resolved: dict[str, float] = {}
        self._of: dict[str, Mask] = {}
        self._area: dict[str, float] = {}
        self._hides: dict[str, float] = {}
        self._limbs: dict[str, float] = {}
        for key, zone in view.zones.items():
            mine = there & zone.mask[row, column]
            self._of[key] = mine & large
            self._area[key] = zone.area_m2
            self.resolved[key] = float(large[mine].mean()) if mine.any() else 0.0
            self._hides[key] = float(np.median(hides[mine])) if mine.any() else 1.0
            self._limbs[key] = float(np.median(limbs[mine])) if mine.any() else 1.0
        self._near = _around(np.any(list(self._of.values()), axis=0), across) & large

    def count(self, celsius: Celsius, ground: Celsius, clear: Mask) -> dict[str, Found]:
        """Count heads in each zone, before *ground*, where nothing covers them (*clear*)."""
        heads = self.find(celsius)
        like = np.abs(celsius - ground) < LIKE_GROUND_CEL
        heads &= ~like & clear
        lost = (np.abs(ground - self.skin) < LIKE_GROUND_CEL) | ~clear
        bodies = self._without_limbs(heads)
        found = {}
        for key, mask in self._of.items():
            told = 1 - float(lost[mask].mean()) if mask.any() else 0.0
            area, hides, limbs = self._area[key], self._hides[key], self._limbs[key]
            there = area * max(told, 0.1)
            all_of = _crowding(int((heads & mask).sum()) / there, hides)
            few = _crowding(int((bodies & mask).sum()) / there, hides + limbs)
            low, high = SPARSE
            share = float(np.clip((few * limbs - low) / (high - low), 0, 1))
            dense = share * all_of + (1 - share) * few
            depth = dense * (hides + (1 - share) * limbs)
            covered = 1 - float(clear[mask].mean()) if mask.any() else 1.0
            found[key] = Found(dense * area * told, depth, told, covered, self.resolved[key])
        return found

    def _without_limbs(self, heads: Mask) -> Mask:
        """Leave out what is as far below a head as arms and legs are."""
        rows, columns = np.nonzero(heads)
        across = self._across[rows, columns]
        upright = self._upright[rows, columns]
        aside, near, far = LIMBS_M
        # of each (column of the table) below each (row): the size at the upper one decides
        down = rows[None] - rows[:, None]
        beside = np.abs(columns[None] - columns[:, None])
        limb = (
            (beside < aside * across[:, None])
            & (down > near * upright[:, None])
            & (down < far * upright[:, None])
        )
        kept = np.zeros_like(heads)
        alive = np.ones(len(rows), bool)
        for one in range(len(rows)):  # from the top of the frame: what is a limb has none itself
            if alive[one]:
                alive &= ~limb[one]
        kept[rows[alive], columns[alive]] = True
        return kept

    def find(self, celsius: Celsius) -> Mask:
        """Give the middle of each head."""
        found = np.zeros(celsius.shape, bool)
        warmth = np.zeros(celsius.shape, np.float32)
        radii = self._radius[self._near]
        if not len(radii):
            return found
        radius = float(radii.min())
        while radius <= float(radii.max()):
            here = self._near & (self._radius >= radius) & (self._radius < radius * _SCALE)
            rows = np.flatnonzero(here.any(axis=1))
            if len(rows):
                size = radius * _SCALE**0.5
                margin = int(6 * size) + 2
                top, bottom = max(0, rows[0] - margin), rows[-1] + margin
                part, spot = _spots(celsius[top:bottom], size)
                found[top:bottom] |= part & here[top:bottom]
                np.copyto(warmth[top:bottom], spot, where=here[top:bottom])
            radius *= _SCALE
        if found.any():
            self.skin = float(np.quantile(warmth[found], 0.9))
            found &= warmth > self.skin - LESS_WARM_CEL
        return found


def _around(mask: Mask, across: NDArray[Any]) -> Mask:
    """Give *mask* and from where limbs hang into it."""
    metre = float(across[mask].max()) if mask.any() else 1.0
    kernel = np.ones((2 * int(metre * LIMBS_M[2]) + 1, 2 * int(metre * LIMBS_M[0]) + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel), bool)


def _crowding(seen_per_m2: float, alone_m2: float) -> float:
    """Give people a square metre, of whom so many are found, one on *alone_m2* at the most."""
    return float(-np.log1p(-min(seen_per_m2 * alone_m2, 0.95)) / alone_m2)


def head_masks(view: View) -> dict[str, Mask]:
    """Give of each zone the pixels at which the heads of people are who stand in it."""
    column, row, there = _feet(view)
    return {key: there & zone.mask[row, column] for key, zone in view.zones.items()}


def _feet(view: View) -> tuple[NDArray[Any], NDArray[Any], Mask]:
    """Give column and row of the feet of whoever has the head at each pixel, and where that is."""
    wide, high = view.size
    x, y = np.meshgrid(np.arange(wide), np.arange(high))
    ground = view.to_ground(np.column_stack([x.ravel(), y.ravel()]), HEAD_UP_M)
    feet = np.round(view.to_image(ground)).reshape(high, wide, 2)
    inside: NDArray[np.bool_] = (feet >= 0) & (feet < np.array([wide, high]))
    there = np.asarray(inside.all(axis=2), bool)
    feet = np.where(there[..., None], feet, 0).astype(int)
    return feet[..., 0], feet[..., 1], there


def _spots(celsius: NDArray[Any], radius: float) -> tuple[Mask, NDArray[Any]]:
    spot = cv2.GaussianBlur(celsius, (0, 0), _SHARP * radius)
    around = cv2.GaussianBlur(celsius, (0, 0), _WIDE * radius)
    stands = spot - around
    reach = max(1, round(_REACH * radius))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    highest = cv2.dilate(stands, kernel)
    return np.asarray((stands >= highest) & (stands > STANDS_OUT_CEL), bool), spot
