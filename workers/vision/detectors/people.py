"""People standing or walking upright, by the shapes of their edges. For visible frames, by day.

OpenCV's own detector (histograms of oriented gradients and a linear classifier: Dalal and Triggs,
CVPR 2005). It looks for somebody 96 pixels tall in a window of 64 x 128, so each part of the frame
is shown to it at the scale at which people would be that tall there, and at no other: that is
faster than all scales, and a face on a poster is not taken for somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.model.sight import Unknown
from workers.vision.counting import Count, Counted
from workers.vision.detectors.boxes import Boxes, count_feet, resolved, strongest, who
from workers.vision.detectors.silhouettes import Silhouettes, enlarged
from workers.vision.frame import Frame, Mask, Pixels
from workers.vision.ground import View
from workers.vision.plan import CameraPlan

WINDOW: Final = (64, 128)
PERSON_PX: Final = 96.0
"""How tall the people were by whom it was taught, in its window."""

LEAST_PX: Final = 48.0
"""Whoever is less tall has no edges left to be recognised by, however much it is enlarged."""

STATURES: Final = (0.85, 1.0, 1.15)
"""Of what is expected, in steps that the detector bears: 1.45 to 1.95 m."""

MOST_PIXELS: Final = 4_000_000
"""Of one enlarged part of a frame."""

MISSED: Final = 0.4
"""Share that may be missed; on the INRIA and Caltech sets it misses a quarter to two thirds (Dollár
et al., PAMI 2012), so a count by it says little more than whether there are few or many."""

STRANGE: Final = 0.08
"""Share of a zone's view that is edges of something else than whom was found: of people, mostly,
whom it cannot tell from each other. A paved place has a few hundredths."""

_EDGES: Final = (60, 150)

LEAST_DISTANCE: Final = 0.2
"""From the classifier's plane, of what is taken for somebody; 0 finds more lamp posts."""

DOUBTFUL: Final = -0.5
"""What is no nearer to it than this may be somebody: it adds to the error."""


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows of the frame in which people are of about one height."""

    top: int
    bottom: int
    left: int
    right: int
    feet: tuple[int, int]
    tall: float


class People:
    """Finds people by shape; see the module."""

    method = "people"

    def __init__(self, plan: CameraPlan, view: View) -> None:
        """Choose the scales."""
        self._plan = plan
        self._view = view
        self._shares = resolved(view, LEAST_PX)
        self._finder: Any = cv2.HOGDescriptor()  # its stubs know no lists of windows
        self._finder.setSVMDetector(np.array(cv2.HOGDescriptor.getDefaultPeopleDetector()))
        self._bands = _bands(view)
        fronts = Silhouettes(view).front.items()
        self._fronts = {key: enlarged(front, view.size) for key, front in fronts}

    def count(self, frames: Sequence[Frame]) -> Counted:
        """Count in the last of *frames*."""
        found = strongest(self._find(frames[-1].pixels), 0.0)
        least = self._plan.detector.confidence
        sure = float(_score(np.array(LEAST_DISTANCE)))
        zones = count_feet(self._view, [found], self._shares, missed=MISSED, least=least, sure=sure)
        people = who(found.above(sure), self._view.size)
        strange = _edges(frames[-1].pixels) & ~people
        for key, front in self._fronts.items():
            if front.any() and strange[front].mean() > STRANGE:
                zones[key] = Count(None, unknown=Unknown.CROWDED)
        return Counted(zones, people)

    def _find(self, pixels: Pixels) -> Boxes:
        corners: list[NDArray[Any]] = []
        scores: list[NDArray[Any]] = []
        for band in self._bands:
            part = pixels[band.top : band.bottom, band.left : band.right]
            for stature in STATURES:
                scale = PERSON_PX / (band.tall * stature)
                if part.shape[0] * part.shape[1] * scale**2 > MOST_PIXELS:
                    continue
                size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
                if size[0] < WINDOW[0] or size[1] < WINDOW[1]:
                    continue
                how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
                shown = cv2.resize(part, size, interpolation=how)
                at, score = self._finder.detect(
                    shown, hitThreshold=DOUBTFUL, winStride=(8, 8), padding=(0, 0)
                )
                boxes = _persons(np.asarray(at, float).reshape(-1, 2)) / scale
                boxes += (band.left, band.top, band.left, band.top)
                in_band = (boxes[:, 3] >= band.feet[0]) & (boxes[:, 3] < band.feet[1])
                corners.append(boxes[in_band])
                scores.append(np.asarray(score, float).ravel()[in_band])
        if not corners:
            return Boxes(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
        strength = np.concatenate(scores)
        return Boxes(
            np.concatenate(corners).astype(np.float32),
            _score(strength).astype(np.float32),
        )


def _edges(pixels: Pixels) -> Mask:
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    return np.asarray(cv2.Canny(np.asarray(grey, np.uint8), *_EDGES) > 0, bool)


def _score(distance: NDArray[Any]) -> NDArray[Any]:
    """Give a distance from the classifier's plane as a score of 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-2 * distance)))


def _persons(windows: NDArray[Any]) -> NDArray[Any]:
    """Give the box of the person in each window: it stands in the middle, with a margin around."""
    above, aside = (WINDOW[1] - PERSON_PX) / 2, (WINDOW[0] - PERSON_PX * 0.41) / 2
    left, top = windows[:, 0] + aside, windows[:, 1] + above
    return np.column_stack([left, top, left + PERSON_PX * 0.41, top + PERSON_PX])


def _bands(view: View) -> tuple[_Band, ...]:
    """Cut the zones into rows in which people are of about one height, with room around them."""
    heights, widths = view.person_sizes
    wide, high = view.size
    zones = np.any([zone.mask for zone in view.zones.values()], axis=0) & (heights >= LEAST_PX)
    bands = []
    rows = np.flatnonzero(zones.any(axis=1))
    row, end = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    while row < end:
        tall = float(np.median(heights[row][zones[row]])) if zones[row].any() else 0.0
        if tall <= 0:
            row += 1
            continue
        last = row
        while last < end and (
            not zones[last].any() or np.median(heights[last][zones[last]]) < tall * 1.2
        ):
            last += 1
        columns = np.flatnonzero(zones[row:last].any(axis=0))
        middle, room = tall * 1.1, tall * 1.2 * (WINDOW[1] / PERSON_PX) / 4
        aside = int(float(widths[row:last][zones[row:last]].max()) * 2)
        bands.append(
            _Band(
                top=max(0, int(row - tall * 1.3 - room)),
                bottom=min(high, int(last + room)),
                left=max(0, int(columns[0]) - aside),
                right=min(wide, int(columns[-1]) + aside),
                feet=(row - round(tall * 0.05), last),
                tall=middle,
            )
        )
        row = last
    return tuple(bands)
