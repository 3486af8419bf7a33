"""How a place looks when nothing is there: learned from looks, kept in one process's memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision.frame import Frame, Mask

Picture = NDArray[np.float32]
"""Height × width × channels: blue, green, red of 0 to 255, or °C."""

WIDEST: Final = 480
"""Frames are made smaller to this width: what is looked for is larger than a metre."""

LOOKS: Final = 6
"""The median of so many looks shows nothing that stood there in fewer than half of them."""

_STEP: Final = 1.5
"""Afterwards each look moves the picture by no more than this towards itself (a running median)."""

_SLOW: Final = 0.1

_FINE_PX: Final = 6.0
_AROUND_PX: Final = 8.0
_MARK: Final = 0.05
_LEAST_MARKED: Final = 0.02
_LIKE: Final = 0.5


class Reference:
    """The usual picture of a camera; one small picture is all it keeps."""

    def __init__(self) -> None:
        """Begin to learn."""
        self._first: list[Picture] = []
        self._usual: NDArray[np.float16] | None = None

    def learn(self, picture: Picture, free: Mask) -> None:
        """Take one more look in.

        Args:
            picture: as `mean_of` gives it.
            free: where nothing stands now; elsewhere it is learned a tenth as fast, so that what
                stood there from the first is forgotten within hours of its going away.
        """
        if self._usual is None:
            self._first.append(picture)
            if len(self._first) >= LOOKS:
                self._usual = np.median(np.stack(self._first), axis=0).astype(np.float16)
                self._first = []
            return
        usual = self._usual.astype(np.float32)
        step = np.clip(picture - usual, -_STEP, _STEP)
        pace = np.where(free, 1.0, _SLOW)[..., None]
        self._usual = (usual + step * pace).astype(np.float16)

    @property
    def picture(self) -> Picture | None:
        """The usual picture; None as long as there are too few looks."""
        return None if self._usual is None else self._usual.astype(np.float32)


def smaller(values: NDArray[Any]) -> NDArray[np.float32]:
    """Give a frame, or a map of its size, in the size that references are kept in."""
    high, wide = values.shape[:2]
    full = values.astype(np.float32)
    if wide <= WIDEST:
        return full
    size = (WIDEST, max(1, round(high * WIDEST / wide)))
    return np.asarray(cv2.resize(full, size, interpolation=cv2.INTER_AREA), np.float32)


def mean_of(frames: Sequence[Frame]) -> Picture:
    """Give the mean of *frames*, made smaller: less grain than one has."""
    mean = np.stack([smaller(frame.pixels) for frame in frames]).mean(axis=0)
    return np.asarray(mean if mean.ndim == 3 else mean[..., None], np.float32)


def in_its_light(usual: Picture, now: Picture, elsewhere: Mask) -> Picture:
    """Give *now* in the light of *usual*: scaled by the median ratio of the two *elsewhere*."""
    if not elsewhere.any():
        return now
    ratio = np.median((usual[elsewhere] + 1) / (now[elsewhere] + 1), axis=0)
    return np.asarray(now * np.clip(ratio, 0.2, 5.0), np.float32)


def is_dark_or_dazzled(picture: Picture, mask: Mask) -> bool:
    """Tell of a visible picture whether much of it is too dark, or too bright, to tell anything."""
    light = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[mask]
    return bool(np.median(light) < DARK or (light > DAZZLED).mean() > DAZZLED_SHARE)


def lab(picture: Picture) -> Picture:
    """Give a visible picture in CIE L*a*b*, its grain smoothed away."""
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.5)
    return np.asarray(cv2.cvtColor(np.clip(smooth / 255, 0, 1), cv2.COLOR_BGR2LAB), np.float32)


def marks(picture: Picture) -> NDArray[np.float32]:
    """Give how much lighter or darker than what is around it each pixel of a visible picture is.

    A logarithm, so that it is nearly the same in any light.
    """
    grey = cv2.cvtColor(cv2.GaussianBlur(picture, (0, 0), 1.2), cv2.COLOR_BGR2GRAY)
    light = np.log(grey + 8)
    return np.asarray(light - cv2.GaussianBlur(light, (0, 0), _FINE_PX), np.float32)


def marks_in_sight(now: Picture, usual: Picture, mask: Mask) -> float | None:
    """Give the share, 0 to 1, of the usual marks in *mask* that are seen; None: there are too few.

    Of visible pictures: what covers the ground, or turns the camera away, hides them.
    """
    known, here = marks(usual), marks(now)

    def near(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), _AROUND_PX), np.float32)

    strength = near(known * known)
    marked = mask & (strength > _MARK**2)
    if marked.sum() < _LEAST_MARKED * mask.sum():
        return None
    like = near(known * here) / np.sqrt(strength * near(here * here) + 1e-9)
    return float((like[marked] > _LIKE).mean())


DARK: Final = 38.0
DAZZLED: Final = 248.0
DAZZLED_SHARE: Final = 0.08
