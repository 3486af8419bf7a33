"""Water standing on a road, as the lens sees it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.simulate.sights.lens import Lens, Numbers
from workers.simulate.sights.things import Water

_MURKY: Final = (88, 112, 128)


@lru_cache(maxsize=4)
def _directions(lens: Lens) -> Numbers:
    """Give for each pixel the grid metres that it is farther off for each metre further up."""
    width, height = lens.size
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    pixels = np.column_stack([x.ravel(), y.ravel()])
    return (lens.to_ground(pixels) - lens.place[:2]) / -lens.height_m


@lru_cache(maxsize=32)
def _spread(lens: Lens, water: Water) -> tuple[NDArray[np.uint8], Numbers]:
    """Give the mask of the water's surface (255 where water is), and its pixels' grid metres."""
    width, height = lens.size
    spots = lens.place[:2] + _directions(lens) * (water.level_cm / 100 - lens.height_m)
    with np.errstate(invalid="ignore"):
        wet = water.reach(spots) < water.level_cm
    return (wet.reshape(height, width) * 255).astype(np.uint8), spots.reshape(height, width, 2)


def flooded(lens: Lens, water: Water) -> NDArray[np.uint8]:
    """Give the mask of the water's surface in the picture, 255 where water is."""
    return _spread(lens, water)[0]


def paint_water(
    picture: NDArray[np.uint8], lens: Lens, water: Water, at_s: float, *, dark: bool
) -> None:
    """Lay water over *picture* itself: murky, with what is behind it mirrored, and ripples."""
    mask, spots = _spread(lens, water)
    if not mask.any():
        return
    rows = np.flatnonzero(mask.any(axis=1))
    top = int(rows[0])
    deep = picture[top:]
    mirrored = np.asarray(cv2.flip(picture[max(0, 2 * top - len(picture)) : top], 0), np.uint8)
    behind = np.full_like(deep, 150)
    behind[: len(mirrored)] = mirrored[: len(deep)]
    behind = np.asarray(cv2.GaussianBlur(behind, (5, 15), 0), dtype=np.uint8)
    murk = np.full_like(deep, _MURKY)
    surface = cv2.addWeighted(murk, 0.62, behind, 0.38, 0)
    soft = np.asarray(cv2.GaussianBlur(mask[top:], (5, 5), 0), np.uint8)
    ripple = np.zeros(soft.shape, np.int16)
    columns = np.flatnonzero(soft.any(axis=0))
    wet = slice(int(columns[0]), int(columns[-1]) + 1)
    ripple[:, wet] = _waves(spots[top:, wet], water, at_s, dark=dark)
    surface = cv2.add(surface, cv2.merge([ripple] * 3), dtype=cv2.CV_8U)
    share = soft.astype(np.float32)[..., None] / 255
    picture[top:] = (np.asarray(surface) * share + deep * (1 - share)).astype(np.uint8)


def _waves(spots: Numbers, water: Water, at_s: float, *, dark: bool) -> NDArray[np.int16]:
    """Give how much ripples brighten the water at *spots*."""
    with np.errstate(invalid="ignore"):
        east, north = spots[..., 0] - water.east_m, spots[..., 1] - water.north_m
        bent = np.sin(east * 0.9 - north * 0.6 + 0.3 * at_s)
        wave = np.sin(3.1 * east + 4.4 * north + 2.2 * at_s + 1.6 * bent)
        wave = wave + np.sin(4.7 * east - 2.3 * north - 1.7 * at_s - 2.1 * bent)
        wave = wave * (0.6 + 0.4 * np.sin(0.8 * east + 1.1 * north + 0.9 * at_s))
    return np.asarray(np.nan_to_num(wave * (9 if dark else 6)), np.int16)
