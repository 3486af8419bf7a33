"""Make faces unrecognisable in a frame, by how large people are in each part of it.

A face is about an eighth of a body's height. So much detail is taken away at each row of the frame
that the largest face there can be, of anybody who stands on the ground, is at most `DETAIL_PX`
samples high and wide; faces are recognised, by people and by programs, from some 16 samples on.
A frame of which the ground is not known is brought down to `COARSE_PX` samples across as a whole.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision.frame import Pixels
from workers.vision.ground import View

DETAIL_PX: Final = 3
"""Samples that a face may keep, each way."""
COARSE_PX: Final = 96
"""Samples across a frame whose ground is not known."""
FINEST_PX: Final = 320
"""Samples across any blurred frame, at most: somebody may be nearer than the ground says."""

_FACE: Final = 1 / 8
_TALLEST: Final = 1.15
"""Of a person as `View.person_px` has it: 1.95 m."""
_LOWEST_HEAD: Final = 0.5
"""Of the same: the head of a child, or of somebody who sits or bends down."""
_BELOW: Final = 3
"""Feet are looked for down to this many heights of the frame: heads reach in from below it."""
_STEPS: Final = 240


def obscure(pixels: Pixels, view: View | None) -> Pixels:
    """Give *pixels* with no face in it that anybody could recognise.

    Args:
        pixels: of the camera of *view*.
        view: its ground; None where that is not known.
    """
    height, width = pixels.shape[:2]
    blocks = None if view is None or view.size != (width, height) else _blocks(view)
    if blocks is None:
        return _coarse(pixels, width / COARSE_PX)
    shown = np.empty_like(pixels)
    for block in np.unique(blocks):
        rows = blocks == block
        shown[rows] = _coarse(pixels, float(block))[rows]
    return shown


@lru_cache(maxsize=64)
def _blocks(view: View) -> NDArray[np.int64] | None:
    """Give for each row the pixels that are made one sample; None where nobody stands anywhere."""
    width, height = view.size
    faces = np.zeros(height)
    columns = np.linspace(0, width - 1, 5)
    for feet in np.linspace(0, _BELOW * height, _STEPS):
        tall = max(view.person_px(float(x), float(feet))[0] for x in columns)
        if tall <= 0:
            continue
        top = max(0, int(feet - tall * _TALLEST))
        bottom = min(height, int(feet - tall * _LOWEST_HEAD + height / _STEPS * _BELOW) + 1)
        if top < bottom:
            faces[top:bottom] = np.maximum(faces[top:bottom], tall * _TALLEST * _FACE)
    known = np.flatnonzero(faces)
    if not known.size:
        return None
    # where no head can be, as much as where the nearest one is
    faces = np.interp(np.arange(height), known, faces[known])
    least = max(1.0, width / FINEST_PX)
    wanted = np.maximum(faces / DETAIL_PX, least)
    return np.asarray(2 ** np.ceil(np.log2(wanted)), np.int64)


def _coarse(pixels: Pixels, block: float) -> Pixels:
    """Give *pixels* with one sample for each *block* × *block* of them."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width / block)), max(1, round(height / block)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
