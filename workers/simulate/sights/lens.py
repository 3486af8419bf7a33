"""A pinhole camera above flat ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

_BEFORE_M: Final = 0.05
"""Nothing nearer to the lens than this is seen."""


@dataclass(frozen=True)
class Lens:
    """Where a camera is and how it looks; square pixels, the principal point in the middle.

    Attributes:
        east_m, north_m: Hong Kong 1980 Grid.
        height_m: above the ground.
        bearing_deg: where it looks, compass degrees.
        tilt_deg: how far below the horizon.
        fov_deg: from the left to the right edge.
        size: width and height in pixels.
    """

    east_m: float
    north_m: float
    height_m: float
    bearing_deg: float
    tilt_deg: float
    fov_deg: float = 60.0
    size: tuple[int, int] = (640, 480)

    @property
    def focal_px(self) -> float:
        """The focal length in pixels."""
        return self.size[0] / 2 / math.tan(math.radians(self.fov_deg) / 2)

    @cached_property
    def axes(self) -> Numbers:
        """Rows: the unit vectors (east, north, up) to the right, down and away in the picture."""
        turn, tilt = math.radians(self.bearing_deg), math.radians(self.tilt_deg)
        away = np.array(
            [math.sin(turn) * math.cos(tilt), math.cos(turn) * math.cos(tilt), -math.sin(tilt)]
        )
        right = np.array([math.cos(turn), -math.sin(turn), 0.0])
        return np.stack([right, np.cross(away, right), away])

    @property
    def place(self) -> Numbers:
        """East, north and up of the lens in metres."""
        return np.array([self.east_m, self.north_m, self.height_m])

    def away_m(self, points: ArrayLike) -> Numbers:
        """Give how far N×3 points (east, north, up) are away along the optical axis, metres."""
        apart: Numbers = np.asarray(points, dtype=np.float64).reshape(-1, 3) - self.place
        return np.asarray(apart @ self.axes[2])

    def to_image(self, points: ArrayLike) -> Numbers:
        """Give pixels (N×2) of N×3 points (east, north, up); NaN for what is behind the lens."""
        apart = np.asarray(points, dtype=np.float64).reshape(-1, 3) - self.place
        right, down, away = self.axes @ apart.T
        away = np.where(away > _BEFORE_M, away, np.nan)
        middle = np.array(self.size) / 2
        return np.stack([right / away, down / away], axis=1) * self.focal_px + middle

    def to_ground(self, pixels: ArrayLike, up_m: float = 0.0) -> Numbers:
        """Give the grid metres (N×2) that N×2 pixels show of the plane *up_m* above the ground.

        NaN for pixels at or above the horizon.
        """
        offset = np.asarray(pixels, dtype=np.float64).reshape(-1, 2) - np.array(self.size) / 2
        rays = np.column_stack([offset / self.focal_px, np.ones(len(offset))]) @ self.axes
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(rays[:, 2] < -1e-9, (up_m - self.height_m) / rays[:, 2], np.nan)
        return np.asarray(self.place[:2] + rays[:, :2] * far[:, None])

    def ahead(self, right_m: float, away_m: float) -> tuple[float, float]:
        """Give the grid metres of the place so far to the right of and away from its own foot."""
        turn = math.radians(self.bearing_deg)
        east = self.east_m + right_m * math.cos(turn) + away_m * math.sin(turn)
        return east, self.north_m - right_m * math.sin(turn) + away_m * math.cos(turn)

    def ground_points(
        self,
    ) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]:
        """Give four points of the ground, well apart in the picture: pixels, and grid metres."""
        width, height = self.size
        sky = height / 2 - self.focal_px * math.tan(math.radians(self.tilt_deg))
        top = max(0.0, sky) + 0.25 * (height - max(0.0, sky))
        shares = ((0.08, 0.95), (0.92, 0.95), (0.8, top / height), (0.2, top / height))
        image = tuple((round(width * x, 1), round(height * y, 1)) for x, y in shares)
        grid = tuple((round(e, 3), round(n, 3)) for e, n in self.to_ground(image).tolist())
        return image, grid

    def ground_of(self, outline: Sequence[tuple[float, float]]) -> Numbers:
        """Give the corners on the ground of an outline in pixels.

        Raises:
            ValueError: a corner is above the horizon.
        """
        corners = self.to_ground(outline)
        if np.isnan(corners).any():
            raise ValueError("an outline reaches above the horizon")
        return corners
