"""The homography of a camera's ground points, and the focal length that follows from it."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.errors import Misconfigured
from workers.vision.plan import CameraPlan, GroundPlan

FOV_DEG: Final = (8.0, 125.0)
"""A horizontal field of view outside of this is an error of the points, not a lens."""

_FLAT: Final = 0.02
"""Three points are on a line if their triangle is less high than this share of its longest side."""

_NO_PERSPECTIVE: Final = 0.02
"""Depth must change by this share over the frame for the focal length to be told."""

_CLICK_PX: Final = 0.01
"""How far off a point may be, as a share of the frame's width; beyond that RANSAC leaves it out."""

Array = NDArray[np.float64]


def homography(plan: CameraPlan, origin: Array) -> tuple[Array, tuple[int, ...]]:
    """Give the homography from the ground (metres from *origin*) to the image, and what it leaves.

    Its third coordinate is positive for what is in front of the camera.
    """
    _check_points(plan.id, plan.ground)
    image, grid = np.array(plan.ground.image, float), np.array(plan.ground.grid, float) - origin
    if len(image) > 4:
        off = max(3.0, _CLICK_PX * plan.frame.size[0])
        found, used = cv2.findHomography(grid, image, cv2.RANSAC, off)
    else:
        found, used = cv2.findHomography(grid, image, 0)
    if found is None or not np.isfinite(found).all() or abs(np.linalg.det(found)) < 1e-12:
        raise Misconfigured(f"camera {plan.id}: no homography fits the ground points; check them")
    keep = np.asarray(used).ravel() > 0
    depths = np.column_stack([grid, np.ones(len(grid))]) @ found[2]
    found = found if np.median(depths[keep]) > 0 else -found
    if (depths[keep] * np.sign(np.median(depths[keep])) <= 0).any():
        raise Misconfigured(
            f"camera {plan.id}: some ground points lie above the horizon of the others; "
            "they are not in the same order in image and grid"
        )
    if np.linalg.det(found) > 0:
        raise Misconfigured(
            f"camera {plan.id}: the ground points make a mirrored picture; "
            "they are not in the same order in image and grid, or east and north are swapped"
        )
    return np.asarray(found, float), tuple(int(i) for i in np.flatnonzero(~keep))


def _check_points(camera: str, ground: GroundPlan) -> None:
    if len(ground.image) != len(ground.grid):
        raise Misconfigured(
            f"camera {camera}: {len(ground.image)} ground points in the image, but "
            f"{len(ground.grid)} in the grid"
        )
    for name, places in (("image", ground.image), ("grid", ground.grid)):
        lines = [three for three in combinations(range(len(places)), 3) if _straight(places, three)]
        fours = combinations(range(len(places)), 4)
        if lines and not any(not any(set(bad) <= set(four) for bad in lines) for four in fours):
            which = ", ".join(str(i + 1) for i in lines[0])
            raise Misconfigured(
                f"camera {camera}: ground points {which} lie on one line in the {name}; "
                "give four of which no three do"
            )


def _straight(places: tuple[tuple[float, float], ...], three: tuple[int, ...]) -> bool:
    a, b, c = (np.array(places[i]) for i in three)
    longest = max(np.linalg.norm(a - b), np.linalg.norm(b - c), np.linalg.norm(c - a))
    twice = abs((b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0])
    return bool(longest == 0 or twice / longest < _FLAT * longest)


def focal_length(centred: Array, wide: int, depth_range: float) -> float | None:
    """Give the focal length in pixels by the two constraints of a ground plane; None: not told.

    With square pixels and the principal point at 0, the images of east and north must be at right
    angles and of one length: two equations, linear in 1/f², solved together by least squares.
    """
    if depth_range < _NO_PERSPECTIVE:
        return None
    (a1, a2), (b1, b2), (c1, c2) = centred[:, :2]
    flat = np.array([a1 * a2 + b1 * b2, (a1 * a1 + b1 * b1 - a2 * a2 - b2 * b2) / 2])
    deep = np.array([c1 * c2, (c1 * c1 - c2 * c2) / 2])
    inverse = -float(flat @ deep) / float(flat @ flat) if flat.any() else 0.0
    if inverse <= 0:
        return None
    focal = 1 / math.sqrt(inverse)
    fov = math.degrees(2 * math.atan(wide / (2 * focal)))
    return focal if FOV_DEG[0] <= fov <= FOV_DEG[1] else None
