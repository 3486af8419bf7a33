"""What is between a scene and the picture of it: rain, glare, foliage, the sensor."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_SPARE: Final = 97
"""So much larger than a picture is the field of noise that it is cut from."""


@lru_cache(maxsize=6)
def _noise(size: tuple[int, int], colours: int) -> NDArray[np.float32]:
    """Give a field of normal noise of mean 0 and deviation 1, larger than the picture."""
    rng = np.random.default_rng([size[0], size[1], colours])
    shape = (size[1] + _SPARE, size[0] + _SPARE, colours)
    field = rng.standard_normal(shape, dtype=np.float32)
    return field * 0.8 + cv2.GaussianBlur(field, (3, 3), 0.8).reshape(shape) * 0.9


@lru_cache(maxsize=12)
def _grains(size: tuple[int, int], sigma: float) -> NDArray[np.int16]:
    return np.asarray(np.rint(_noise(size, 3) * sigma), dtype=np.int16)


def _corner(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(_SPARE)), int(rng.integers(_SPARE))


def with_grain(picture: Picture, sigma: float, rng: np.random.Generator) -> Picture:
    """Add the noise of a sensor, *sigma* grey levels."""
    height, width = picture.shape[:2]
    top, left = _corner(rng)
    grain = _grains((width, height), sigma)[top : top + height, left : left + width]
    return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), dtype=np.uint8)


def with_netd(celsius: NDArray[np.float32], netd: float, rng: np.random.Generator) -> None:
    """Add the noise of a thermal sensor, *netd* °C, to *celsius* itself."""
    height, width = celsius.shape
    top, left = _corner(rng)
    celsius += _noise((width, height), 1)[top : top + height, left : left + width, 0] * netd


def with_rain(picture: Picture, rng: np.random.Generator, *, dark: bool) -> Picture:
    """Draw streaks of rain and take contrast away."""
    height, width = picture.shape[:2]
    grey = 70 if dark else 128
    picture = np.asarray(cv2.convertScaleAbs(picture, alpha=0.8, beta=grey * 0.2), dtype=np.uint8)
    count = width * height // 900
    heads = rng.uniform((-20, -20), (width + 20, height + 20), (count, 2))
    size = rng.uniform(5, 26, count)
    lean = 0.18 + 0.05 * rng.standard_normal(count)
    tails = heads + np.stack([-lean * size, size], axis=1)
    lines = np.rint(np.stack([heads, tails], axis=1) * 16).astype(np.int32)
    drops = np.zeros((height, width), dtype=np.uint8)
    cv2.polylines(drops, list(lines), False, 70 if dark else 60, 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.add(picture, cv2.merge([drops, drops, drops])), dtype=np.uint8)


@lru_cache(maxsize=8)
def _flare(size: tuple[int, int], x: float, y: float) -> NDArray[np.uint8]:
    """Give the light that a lamp or the sun throws into the lens."""
    width, height = size
    across, down = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    far = np.hypot(across - x, down - y) / width
    turn = np.arctan2(down - y, across - x)
    rays = 1 + 0.5 * np.abs(np.cos(turn * 4)) ** 12
    light = 420 * np.exp(-((far / (0.13 * rays)) ** 2)) + 120 * np.exp(-far / 0.28)
    tinted = light[..., None] * np.array((0.88, 0.97, 1.0), dtype=np.float32)
    return np.asarray(np.clip(tinted, 0, 255), dtype=np.uint8)


def with_glare(picture: Picture, seed: int) -> Picture:
    """Let a lamp or the sun shine into the lens: a part of the picture is white."""
    height, width = picture.shape[:2]
    rng = np.random.default_rng([seed, 23])
    x, y = float(rng.uniform(0.15, 0.85)) * width, float(rng.uniform(0.05, 0.55)) * height
    return np.asarray(cv2.add(picture, _flare((width, height), x, y)), dtype=np.uint8)


@lru_cache(maxsize=8)
def _foliage(size: tuple[int, int], seed: int) -> tuple[Picture, Picture]:
    """Give what hangs before the lens, a tree and a banner: its picture and its mask."""
    width, height = size
    rng = np.random.default_rng([seed, 29])
    picture = np.zeros((height, width, 3), dtype=np.uint8)
    mask = np.zeros((height, width), dtype=np.uint8)
    left = bool(rng.integers(2))
    x = width * (0.06 if left else 0.94)
    for _ in range(170):
        spot = (int(rng.normal(x, width * 0.1)), int(abs(rng.normal(0, height * 0.28))))
        leaf = (int(rng.uniform(8, 26)), int(rng.uniform(5, 13)))
        angle = float(rng.uniform(0, 180))
        green = int(rng.uniform(45, 120))
        colour = (green // 3, green, green // 2)
        cv2.ellipse(picture, spot, leaf, angle, 0, 360, colour, -1, cv2.LINE_AA)
        cv2.ellipse(mask, spot, leaf, angle, 0, 360, 255, -1)
    start = int(width * (0.55 if left else 0.12))
    top, bottom = int(height * 0.3), int(height * 0.46)
    banner = (start, top), (start + int(width * 0.3), bottom)
    cv2.rectangle(picture, *banner, (40, 40, 180), -1)
    cv2.rectangle(mask, *banner, 255, -1)
    for number in range(4):
        spot = (start + 22 + number * int(width * 0.07), (top + bottom) // 2)
        cv2.circle(picture, spot, int(height * 0.045), (220, 230, 235), -1, cv2.LINE_AA)
    return picture, mask


def with_foliage(picture: Picture, seed: int, at_s: float) -> None:
    """Hang a tree and a banner before the lens, into *picture* itself; they sway a little."""
    height, width = picture.shape[:2]
    cover, mask = _foliage((width, height), seed)
    sway = np.array(
        [[1, 0, 1.6 * math.sin(at_s * 1.1)], [0, 1, 1.1 * math.sin(at_s * 0.8 + 1)]],
        dtype=np.float32,
    )
    cover = np.asarray(cv2.warpAffine(cover, sway, (width, height)), dtype=np.uint8)
    mask = np.asarray(cv2.warpAffine(mask, sway, (width, height)), dtype=np.uint8)
    cv2.copyTo(cover, mask, picture)


def hidden_by_foliage(size: tuple[int, int], seed: int) -> NDArray[np.bool_]:
    """Tell which pixels a tree and a banner cover."""
    return np.asarray(_foliage(size, seed)[1] > 0)
