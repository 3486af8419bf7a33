"""A frame made to fit the picture that a model wants, and what it finds put back."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision.frame import Mask

BARS: Final = 114
"""Grey of what a frame does not fill, as models of the YOLO family are taught."""


class Fit:
    """How frames of one size lie in pictures of another, as a whole and in the middle.

    Attributes:
        scale: pixels of the picture for one of the frame.
    """

    def __init__(self, frame: tuple[int, int], picture: tuple[int, int]) -> None:
        """Fit frames of size *frame* into pictures of size *picture*: width and height."""
        self.scale = min(picture[0] / frame[0], picture[1] / frame[1])
        self._frame, self._picture = frame, picture
        self._inner = (
            max(1, round(frame[0] * self.scale)),
            max(1, round(frame[1] * self.scale)),
        )
        self._left = (picture[0] - self._inner[0]) // 2
        self._top = (picture[1] - self._inner[1]) // 2

    def put(self, pixels: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
        """Give *pixels* (blue, green, red) as a picture: red, green, blue, or grey."""
        how = cv2.COLOR_BGR2RGB if channels == 3 else cv2.COLOR_BGR2GRAY
        turned = cv2.cvtColor(self._resized(pixels), how).reshape(
            self._inner[1], self._inner[0], channels
        )
        picture = np.full((self._picture[1], self._picture[0], channels), BARS, np.uint8)
        picture[self._rows, self._columns] = turned
        return picture

    def put_mask(self, mask: Mask) -> NDArray[np.float32]:
        """Give *mask* as a picture of shares, 0 on the bars."""
        picture = np.zeros((self._picture[1], self._picture[0]), np.float32)
        picture[self._rows, self._columns] = self._resized(mask.astype(np.float32))
        return picture

    def back(self, corners: NDArray[Any]) -> NDArray[np.float32]:
        """Give boxes of the picture (left, top, right, bottom) in pixels of the frame."""
        moved = (corners - np.array([self._left, self._top] * 2)) / self.scale
        limits = np.array(self._frame * 2, float)
        return np.asarray(np.clip(moved, 0, limits), np.float32)

    @property
    def _rows(self) -> slice:
        return slice(self._top, self._top + self._inner[1])

    @property
    def _columns(self) -> slice:
        return slice(self._left, self._left + self._inner[0])

    def _resized(self, pixels: NDArray[Any]) -> NDArray[Any]:
        how = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(pixels, self._inner, interpolation=how))
