"""Water in a zone, read off a staff; without one it is told as a share (`flooded`).

Beside the staff, a row of pixels across it has the staff's own edges in it; under water it has not.
The contrast across, taken at each height (perspective along the staff included), falls where the
water begins; the place of the fall is found to a part of a mark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.model.sight import Unknown
from workers.vision.flooded import HELD_CONFIDENCE, Flooded, is_dark
from workers.vision.frame import Frame
from workers.vision.ground import View, Zone
from workers.vision.measured import Measured, untold
from workers.vision.plan import GaugePlan

BESIDE_M: Final = 0.45
"""So far to either side of a staff a row is looked at."""

LEAST_CONTRAST: Final = 22.0
"""Grey levels across a staff below which it cannot be told from what is behind it."""

STEP_SHARE: Final = 0.4
"""The contrast must fall by this share of itself at the water's edge."""

DROWNED_SHARE: Final = 0.8
"""A staff that was under water by this share, and is not seen any more, has drowned."""

_NEAR_FOOT_PX: Final = 8.0
"""Below this the staff's foot blurs into the water's edge."""

Profile = NDArray[np.float64]


class Water:
    """Measures zones of use `water`; it remembers how the dry ground looks, and the last level."""

    def __init__(self, view: View) -> None:
        """Measure in the frames of *view*."""
        self._view = view
        self._flooded: dict[str, Flooded] = {}
        self._levels: dict[str, float] = {}

    def look(self, frames: Sequence[Frame], zone: Zone) -> Measured:
        """Measure *zone* in *frames*.

        Returns:
            With a gauge the level above its foot, cm; otherwise the flooded share of the zone, %.
            Unknown: where the staff, or enough ground, cannot be seen; and of the share as long as
            the dry ground is still being learned. What was seen to flood stays flooded while it
            cannot be seen well: a staff that has drowned stands for the last level read off it.
        """
        name, gauge = zone.plan.id, zone.plan.gauge
        if gauge is None:
            if name not in self._flooded:
                self._flooded[name] = Flooded(self._view, zone)
            return self._flooded[name].look(frames)
        found = self._by_gauge(frames, gauge)
        if found.value is not None:
            self._levels[name] = found.value
            return found
        last = self._levels.get(name, 0.0)
        if last < DROWNED_SHARE * gauge.height_cm or is_dark(frames):
            return found
        return Measured(last, max(gauge.height_cm - last, 0.1 * gauge.height_cm), HELD_CONFIDENCE)

    def _by_gauge(self, frames: Sequence[Frame], gauge: GaugePlan) -> Measured:
        heights = np.arange(0.0, gauge.height_cm, gauge.height_cm / 400)
        readings = [
            _level(_contrast(self._view, _grey(frame), gauge, heights), heights) for frame in frames
        ]
        told = [reading for reading in readings if reading is not None]
        if 2 * len(told) <= len(readings):
            return untold(Unknown.HIDDEN)
        levels = np.array([level for level, _ in told])
        (x0, y0), (x1, y1) = gauge.line
        pixel_cm = gauge.height_cm / max(math.hypot(x1 - x0, y1 - y0), 1.0)
        level = float(np.median(levels))
        near_foot = level < _NEAR_FOOT_PX * pixel_cm
        error = float(np.hypot(levels.std(), (3 if near_foot else 1) * pixel_cm))
        confidence = float(np.median([sure for _, sure in told])) * len(told) / len(readings)
        return Measured(level, error, confidence)


def _grey(frame: Frame) -> NDArray[np.float32]:
    if frame.thermal:  # a quarter of a degree as one grey level: a staff differs by a degree or two
        return np.asarray(frame.pixels * 40, np.float32)
    return cv2.cvtColor(frame.pixels, cv2.COLOR_BGR2GRAY).astype(np.float32)


def _contrast(view: View, grey: NDArray[np.float32], gauge: GaugePlan, heights: Profile) -> Profile:
    """Give the contrast across the staff at each height above its foot."""
    foot, top = (np.array(place, float) for place in gauge.line)
    ground = view.to_ground(foot[None])
    # how the heights of something upright are spread along its picture
    ends = [view.to_image(ground, up / 100)[0] for up in (0, gauge.height_cm)]
    spread = np.array([view.to_image(ground, up / 100)[0] for up in heights]) - ends[0]
    way = ends[1] - ends[0]
    share = spread @ way / (way @ way) if np.isfinite(way).all() else heights / gauge.height_cm
    along = foot + share[:, None] * (top - foot)
    _, width = view.person_px(*foot)
    reach = max(6.0, BESIDE_M * width / 0.5)
    across = np.array([-(top - foot)[1], (top - foot)[0]]) / np.linalg.norm(top - foot)
    offsets = np.linspace(-reach, reach, 41)
    maps = along[:, None, :] + offsets[None, :, None] * across
    rows = cv2.remap(
        cv2.GaussianBlur(grey, (0, 0), 0.7),
        maps[..., 0].astype(np.float32),
        maps[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    high, low = np.percentile(rows, (92, 8), axis=1)
    return np.asarray(high - low)


def _level(contrast: Profile, heights: Profile) -> tuple[float, float] | None:
    """Give the height at which the contrast across begins, and how sure that is; None: nowhere."""
    count = len(contrast)
    sums, squares = np.cumsum(contrast), np.cumsum(contrast**2)
    cut = np.arange(4, count - 4)
    below, above = sums[cut - 1] / cut, (sums[-1] - sums[cut - 1]) / (count - cut)
    rest = squares[-1] - cut * below**2 - (count - cut) * above**2
    rest[above <= below] = np.inf
    best = int(np.argmin(rest))
    low, high = float(below[best]), float(above[best])
    if not np.isfinite(rest[best]) or high - low < STEP_SHARE * high or high < LEAST_CONTRAST:
        dry = float(np.median(contrast[: count // 10]))
        if min(dry, float(np.quantile(contrast, 0.1))) < LEAST_CONTRAST:
            return None  # neither an edge, nor the staff down to its foot
        return 0.0, 0.7
    middle, at = (low + high) / 2, int(cut[best])
    around = np.arange(max(1, at - count // 40), min(count, at + count // 40))
    crossing = around[(contrast[around - 1] < middle) & (contrast[around] >= middle)]
    if len(crossing):
        at = int(crossing[np.argmin(np.abs(crossing - at))])
        rise = contrast[at] - contrast[at - 1]
        part = (middle - contrast[at - 1]) / rise if rise > 0 else 0.0
        level = heights[at - 1] + part * (heights[at] - heights[at - 1])
    else:
        level = heights[at]
    noise = math.sqrt(float(rest[best]) / count)
    return float(level), 1 - math.exp(-(high - low) / (noise + 6) / 1.5)
