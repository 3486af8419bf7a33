"""A frame, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cop.model.sight import CameraState

Pixels = NDArray[np.uint8]
"""Height × width × 3, blue green red, as OpenCV has them."""

Celsius = NDArray[np.float32]
"""Height × width, °C."""

Mask = NDArray[np.bool_]
"""Height × width."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a camera.

    Attributes:
        pixels: `Pixels`, or `Celsius` where *thermal*.
        at: when it was taken, in the operation's time.
        thermal: its values are temperatures.
    """

    pixels: NDArray[Any]
    at: datetime
    thermal: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])


class Unusable(Exception):
    """A camera gave nothing that can be counted by; says which state that is and why, in words."""

    def __init__(self, state: CameraState, why: str) -> None:
        """Keep *state* for the camera and *why* for whoever looks after it."""
        super().__init__(why)
        self.state = state
        self.why = why
