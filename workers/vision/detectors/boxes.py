"""People found one by one, as boxes: whose feet are in which zone, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.model.sight import Unknown
from workers.vision.counting import Count
from workers.vision.frame import Mask
from workers.vision.ground import View

OVERLAP: Final = 0.45
"""Share (intersection over union) from which two boxes are of one person."""

LEAST_RESOLVED: Final = 0.6
"""Share of a zone in which people must be large enough to be found."""

TOO_CLOSE: Final = 0.8
"""People a person's own breadth and depth of picture, from which boxes swallow each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """What was found in one frame.

    Attributes:
        corners: left, top, right and bottom in pixels of the frame: boxes × 4.
        scores: 0 to 1.
    """

    corners: NDArray[np.float32]
    scores: NDArray[np.float32]

    def above(self, least: float) -> Boxes:
        """Keep those with a score of *least* and more."""
        kept = self.scores >= least
        return Boxes(self.corners[kept], self.scores[kept])


def strongest(boxes: Boxes, least: float) -> Boxes:
    """Keep of those that overlap the one with the highest score, and none below *least*."""
    if not len(boxes.corners):
        return boxes
    left, top, right, bottom = boxes.corners.T
    sized = np.column_stack([left, top, right - left, bottom - top]).astype(float).tolist()
    kept = np.array(cv2.dnn.NMSBoxes(sized, boxes.scores.tolist(), least, OVERLAP), int).ravel()
    return Boxes(boxes.corners[kept], boxes.scores[kept])


def resolved(view: View, least_px: float) -> Mapping[str, float]:
    """Give of each zone the share of its ground on which people are at least *least_px* tall."""
    heights, _ = view.person_sizes
    shares = {}
    for key, zone in view.zones.items():
        ground = view.m2[zone.mask]
        large = heights[zone.mask] >= least_px
        shares[key] = float(ground[large].sum() / max(float(ground.sum()), 1e-9))
    return shares


def who(boxes: Boxes, size: tuple[int, int]) -> Mask:
    """Give the pixels of *boxes* in a frame of *size*."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    for left, top, right, bottom in np.round(boxes.corners).astype(int).tolist():
        cv2.rectangle(mask, (left, top), (right, bottom), 1, -1)
    return mask.astype(bool)


def count_feet(
    view: View,
    found: Sequence[Boxes],
    shares: Mapping[str, float],
    *,
    missed: float,
    least: float,
    sure: float = 0.0,
) -> dict[str, Count]:
    """Count those whose feet, the middle of a box's lower edge, are in each zone.

    Args:
        view: the ground.
        found: in the frames of one look; the mean of them is counted.
        shares: of each zone, that people can be found on.
        missed: share of people that may be missed or found twice: one standard deviation.
        least: confidence below which a count is unknown.
        sure: score below which a box is not counted, but adds to the error.
    """
    return {
        key: _zone(view, found, key, share, missed=missed, least=least, sure=sure)
        for key, share in shares.items()
    }


def _zone(
    view: View,
    found: Sequence[Boxes],
    key: str,
    share: float,
    *,
    missed: float,
    least: float,
    sure: float,
) -> Count:
    if share < LEAST_RESOLVED:
        return Count(None, unknown=Unknown.UNSURE)
    zone = view.zones[key]
    counts, scores = [], []
    for boxes in found:
        here = _inside(boxes.corners, zone.mask)
        counts.append(int((here & (boxes.scores >= sure)).sum()))
        scores += boxes.scores[here].tolist()
    people = float(np.mean(counts)) / share
    doubt = sum(score * (1 - score) for score in scores) / len(found)
    close = people * _breadth_m2(view, key) / zone.area_m2
    if close > TOO_CLOSE:
        return Count(None, unknown=Unknown.CROWDED)
    # boxes that overlap are taken for one: of n people some e^-close stand free of the others
    hidden = people * (math.exp(close) - 1)
    error = math.sqrt(doubt + 0.25 + (missed * people) ** 2 + hidden + float(np.var(counts)))
    confidence = max(0.0, 1 - error / max(people, 3.0)) * share
    if confidence < least:
        return Count(None, error, confidence, Unknown.UNSURE)
    return Count(people, error, confidence)


def _inside(corners: NDArray[Any], mask: Mask) -> NDArray[np.bool_]:
    high, wide = mask.shape
    x = np.round((corners[:, 0] + corners[:, 2]) / 2).astype(int)
    y = np.round(corners[:, 3]).astype(int)
    y = np.where(y <= high + 2, np.minimum(y, high - 1), y)  # feet just cut off by the frame
    there = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
    return np.asarray(there & mask[y.clip(0, high - 1), x.clip(0, wide - 1)], bool)


def _breadth_m2(view: View, key: str) -> float:
    """Give the ground on which somebody's box would take in most of another's, m²."""
    mask = view.zones[key].mask
    heights, widths = view.person_sizes
    per_px = view.m2[mask]
    return float(np.median(per_px * heights[mask] * widths[mask])) * (1 - OVERLAP) / 2
