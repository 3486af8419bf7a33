"""What a camera sees of the ground: which metre of Hong Kong each of its pixels is.

The ground is taken to be flat. Four or more points of it, given in pixels and in the Hong Kong 1980
Grid (EPSG:2326), fix the homography between the two (Hartley and Zisserman, Multiple View Geometry
in Computer Vision, 2nd ed. 2004, §2 and §8.8). From the same homography the camera itself follows,
if its pixels are square and its optical axis meets the middle of the frame: focal length, where it
hangs, and the vanishing point of what stands upright. So the size in pixels of somebody standing
anywhere is known without further setting up.

A camera that looks (nearly) straight down, or whose points are (nearly) in no perspective, does not
tell its focal length; then a horizontal field of view of `ASSUMED_FOV_DEG` is taken and `View`
says so. The ground itself is not touched by that, only how tall people look.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from shapely import contains_xy
from shapely.geometry import MultiPolygon as Areas
from shapely.geometry import Point as Spot
from shapely.geometry import Polygon as Area
from shapely.geometry.polygon import orient
from shapely.ops import unary_union
from shapely.validation import explain_validity, make_valid

from cop.errors import Misconfigured
from cop.formats.grid import grid_to_wgs84
from cop.model.geometry import Geometry, MultiPolygon, Polygon
from workers.vision.frame import Mask
from workers.vision.homography import Array, focal_length, homography
from workers.vision.plan import CameraPlan, ZonePlan

FURTHEST_M: Final = 150.0
"""Ground further than this from the camera is not counted: a person is a few pixels there."""

PERSON_M: Final = (1.70, 0.50)
"""Height and breadth of a person standing. Fruin (1971) takes a body as an ellipse of 0.46 x 0.61 m
(18 x 24 in) with clothes; 0.5 m is the mean of its two axes, for people stand any way round."""

BODY_FILL: Final = 0.70
"""Share of the box around a standing person that the person fills, seen from the side."""

ASSUMED_FOV_DEG: Final = 60.0
"""Horizontal field of view where the homography does not tell: that of a 4 mm lens on a 1/3 inch
sensor, the usual one of a fixed street camera."""

_MISFIT: Final = 0.1
"""The points' mean error, as a share of their extent, from which the ground is not flat."""


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A zone on the ground.

    Attributes:
        plan: as configured.
        mask: its pixels, without those above the horizon or beyond `FURTHEST_M`.
        ground: its area (shapely, grid metres).
        area_m2: of it.
        outline: WGS84, outer rings counter-clockwise and closed (RFC 7946).
        mean_px_per_m: pixels a metre across the view, mean over its pixels.
        centre: easting and northing of its middle, metres.
    """

    plan: ZonePlan
    mask: Mask
    ground: Any
    area_m2: float
    outline: Geometry
    mean_px_per_m: float
    centre: tuple[float, float]


class View:
    """The ground as one camera sees it; made once for a plan, then only read.

    Attributes:
        plan: of the camera.
        size: width and height of its frames in pixels.
        residual_m: mean error (root mean square) of the ground points that were used, metres.
        left_out: positions in the plan, from 0, of ground points that do not fit the others.
        camera_height_m: of the lens above the ground.
        camera_grid: easting and northing of the lens, metres.
        focal_px: focal length in pixels.
        focal_assumed: it was taken from `ASSUMED_FOV_DEG`, not solved.
        m2: area of ground of each pixel, height × width, float32; 0 above the horizon and beyond
            `FURTHEST_M` from the camera.
        zones: id to zone.
    """

    def __init__(self, plan: CameraPlan) -> None:
        """Work out the ground of *plan*.

        Raises:
            Misconfigured: its points or a zone cannot be used; says which and why.
        """
        self.plan = plan
        self.size = plan.frame.size
        self._origin = np.mean(np.array(plan.ground.grid, float), axis=0)
        self._columns, self.left_out = homography(plan, self._origin)
        self.residual_m = self._residual()
        self._set_up_camera()
        self.m2 = self._areas()
        self.zones: Mapping[str, Zone] = {zone.id: self._zone(zone) for zone in plan.zones}

    def to_ground(self, pixels: NDArray[Any], up_m: float = 0.0) -> Array:
        """Give easting and northing (N×2, metres) of what *pixels* (N×2: x, y) show.

        Args:
            pixels: positions in the frame.
            up_m: how high above the ground what they show is, metres.

        Returns:
            NaN for what lies above the horizon of that height.
        """
        given = np.asarray(pixels, float).reshape(-1, 2)
        ground = np.column_stack([given, np.ones(len(given))]) @ self._inverse(up_m).T
        ground[ground[:, 2] <= 0] = np.nan
        return np.asarray(ground[:, :2] / ground[:, 2:] + self._origin)

    def to_image(self, grid: NDArray[Any], up_m: float = 0.0) -> Array:
        """Give the pixels (N×2: x, y) of places *grid* (N×2, metres), *up_m* above the ground.

        Returns:
            NaN for what lies behind the camera.
        """
        places = np.asarray(grid, float).reshape(-1, 2) - self._origin
        image = np.column_stack([places, np.ones(len(places))]) @ self._plane(up_m).T
        image[image[:, 2] <= 0] = np.nan
        return np.asarray(image[:, :2] / image[:, 2:])

    def mask_at(self, zone: Zone, up_m: float) -> Mask:
        """Give the pixels of what is *up_m* above the ground of *zone*: heads, not feet."""
        parts = getattr(zone.ground, "geoms", [zone.ground])
        lifted = [Area(self.to_image(np.array(part.exterior.coords), up_m)) for part in parts]
        return self._pixels_in(unary_union([make_valid(part) for part in lifted]))

    def person_px(self, x: float, y: float) -> tuple[float, float]:
        """Give height and width in pixels of somebody `PERSON_M` whose feet are at a pixel.

        Returns:
            (0, 0) where no ground is.
        """
        height, width = self._sizes(np.array([[x]], float), np.array([[y]], float))
        return float(height[0, 0]), float(width[0, 0])

    @cached_property
    def person_sizes(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Heights and widths as of `person_px`, for every pixel: height × width, pixels."""
        wide, high = self.size
        heights, widths = np.zeros((2, high, wide), np.float32)
        columns = np.arange(wide, dtype=float)[None]
        for top in range(0, high, 64):  # in bands: a large frame would take hundreds of MB at once
            rows = np.arange(top, min(top + 64, high), dtype=float)[:, None]
            heights[top : top + 64], widths[top : top + 64] = self._sizes(columns, rows)
        return heights, widths

    def body_px2(self) -> NDArray[np.float32]:
        """Give the area in px² of the silhouette of a person whose feet are at each pixel.

        Returns:
            Height × width; 0 where no ground is.
        """
        return self._bodies

    @cached_property
    def _bodies(self) -> NDArray[np.float32]:
        heights, widths = self.person_sizes
        return np.asarray(heights * widths * np.float32(BODY_FILL), np.float32)

    def _plane(self, up_m: float) -> Array:
        """Give the homography from the plane *up_m* above the ground to the image."""
        plane = self._columns.copy()
        plane[:, 2] += up_m * self._upright
        return plane

    def _inverse(self, up_m: float) -> Array:
        plane = self._plane(up_m)
        # the sign makes the third coordinate positive in front of the camera
        return np.asarray(np.linalg.inv(plane))

    def _residual(self) -> float:
        self._upright = np.zeros(3)
        used = [i for i in range(len(self.plan.ground.image)) if i not in self.left_out]
        grid = np.array(self.plan.ground.grid, float)[used]
        off = self.to_ground(np.array(self.plan.ground.image, float)[used]) - grid
        mean = float(np.sqrt((off**2).sum(axis=1).mean()))
        extent = float(np.ptp(grid, axis=0).max())
        if not mean <= _MISFIT * extent:
            raise Misconfigured(
                f"camera {self.plan.id}: the ground points do not fit a flat ground: "
                f"they are off by {mean:.1f} m over {extent:.0f} m; check them"
            )
        return mean

    def _set_up_camera(self) -> None:
        """Find focal length, upright direction and place of the camera (see the module)."""
        wide, high = self.size
        middle = np.array([[1, 0, -(wide - 1) / 2], [0, 1, -(high - 1) / 2], [0, 0, 1.0]])
        centred = middle @ self._columns
        told = focal_length(centred, wide, self._depth_range())
        self.focal_assumed = told is None
        self.focal_px = told or wide / (2 * math.tan(math.radians(ASSUMED_FOV_DEG) / 2))
        lens = np.diag([self.focal_px, self.focal_px, 1.0])
        pose = np.linalg.inv(lens) @ centred
        scale = 2 / (np.linalg.norm(pose[:, 0]) + np.linalg.norm(pose[:, 1]))
        pose *= scale
        left, _, right = np.linalg.svd(
            np.column_stack([pose[:, 0], pose[:, 1], np.cross(pose[:, 0], pose[:, 1])])
        )
        turn = left @ right
        self._upright = np.linalg.inv(middle) @ lens @ turn[:, 2] / scale
        place = -turn.T @ pose[:, 2]
        self.camera_height_m: float | None = float(place[2])
        self.camera_grid = (float(place[0] + self._origin[0]), float(place[1] + self._origin[1]))
        if place[2] <= 0.5:
            raise Misconfigured(
                f"camera {self.plan.id}: by its ground points it would hang {place[2]:.1f} m above "
                "the ground; check the points"
            )

    def _depth_range(self) -> float:
        """Tell by which share the depth changes over the frame; 1: horizon within it."""
        wide, high = self.size
        corners = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1.0]])
        depths = corners @ self._inverse(0)[2]
        return 1.0 if depths.min() <= 0 else float(1 - depths.min() / depths.max())

    def _areas(self) -> NDArray[np.float32]:
        wide, high = self.size
        x, y = np.arange(wide, dtype=float)[None], np.arange(high, dtype=float)[:, None]
        back = self._inverse(0)
        foot = np.array(self.camera_grid) - self._origin
        east, north, depth = (row[0] * x + row[1] * y + row[2] for row in back)
        with np.errstate(divide="ignore", invalid="ignore"):
            away = np.hypot(east / depth - foot[0], north / depth - foot[1])
            areas = abs(np.linalg.det(back)) / depth**3  # of a homography's Jacobian
        seen = (depth > 0) & (away <= FURTHEST_M)
        return np.where(seen, areas, 0).astype(np.float32)

    def _sizes(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Give height and width in px of people with their feet at *x*, *y* (which broadcast)."""
        tall, broad = PERSON_M
        back = self._inverse(0)
        east, north, depth = (row[0] * x + row[1] * y + row[2] for row in back)
        foot = np.array(self.camera_grid) - self._origin
        with np.errstate(divide="ignore", invalid="ignore"):
            east, north = east / depth, north / depth
            away = np.hypot(east - foot[0], north - foot[1])
            out = (
                (east - foot[0]) / np.maximum(away, 1e-6),
                (north - foot[1]) / np.maximum(away, 1e-6),
            )
            half = broad / 2
            middle = self._plane(tall / 2)
            side = _apart(middle, east, north, -out[1] * half, out[0] * half)
            deep = _apart(middle, east, north, out[0] * half, out[1] * half)
            head = _at(self._plane(tall), east, north)
            feet = _at(self._columns, east, north)
            upright = np.hypot(head[0] - feet[0], head[1] - feet[1])
        # half of its depth stands out beyond either end: whoever is seen from above has a top
        seen = (depth > 0) & (away <= FURTHEST_M)
        return np.where(seen, upright + deep, 0), np.where(seen, side, 0)

    def _zone(self, zone: ZonePlan) -> Zone:
        label = f"camera {self.plan.id}, zone {zone.id}"
        drawn = Area(zone.outline)
        if not drawn.is_valid:
            raise Misconfigured(f"{label}: its outline is no area: {explain_validity(drawn)}")
        wide, high = self.size
        frame = Area(
            [(-0.5, -0.5), (wide - 0.5, -0.5), (wide - 0.5, high - 0.5), (-0.5, high - 0.5)]
        )
        ground = self._on_ground(drawn.intersection(frame))
        within = self._pixels_in(drawn) & (self.m2 > 0)
        if ground.is_empty or not within.any():
            raise Misconfigured(
                f"{label}: shows no ground within {FURTHEST_M:.0f} m of the camera and below the "
                "horizon; draw it anew, or check the ground points"
            )
        y, x = (places[:: max(1, len(places) // 1000)] for places in np.nonzero(within))
        _, widths = self._sizes(x.astype(float), y.astype(float))
        return Zone(
            plan=zone,
            mask=within,
            ground=ground,
            area_m2=float(ground.area),
            outline=_outline(ground, label),
            mean_px_per_m=float(widths.mean() / PERSON_M[1]),
            centre=(float(ground.centroid.x), float(ground.centroid.y)),
        )

    def _pixels_in(self, area: Any) -> Mask:
        """Give the pixels whose middle is in an area (shapely, pixels)."""
        wide, high = self.size
        found = np.zeros((high, wide), np.bool_)
        left, top, right, bottom = (int(edge) for edge in np.clip(area.bounds, 0, max(self.size)))
        columns, rows = np.meshgrid(
            np.arange(left, min(right + 1, wide)), np.arange(top, min(bottom + 1, high))
        )
        found[rows, columns] = contains_xy(area, columns, rows)
        return found

    def _on_ground(self, drawn: Any) -> Any:
        """Give the ground (shapely, grid metres) of an area in pixels; it may be empty."""
        below = self._below_horizon()
        parts = []
        for part in getattr(drawn, "geoms", [drawn]):
            cut = part.intersection(below) if below is not None else part
            parts += [
                Area(self.to_ground(np.array(piece.exterior.coords)))
                for piece in getattr(cut, "geoms", [cut])
                if piece.geom_type == "Polygon" and not piece.is_empty
            ]
        reach = Spot(self.camera_grid).buffer(FURTHEST_M, quad_segs=64)
        pieces = [part.intersection(reach) for part in parts]
        areas = [
            piece
            for part in pieces
            for piece in getattr(part, "geoms", [part])
            if piece.geom_type == "Polygon" and piece.area > 0
        ]
        return areas[0] if len(areas) == 1 else Areas(areas)

    def _below_horizon(self) -> Any:
        """Give the half of the image (shapely) below the horizon; None: all of it is ground."""
        wide, high = self.size
        a, b, c = self._inverse(0)[2]
        if self._depth_range() < 1:
            return None
        # depth of the furthest ground counted, so that nothing goes to infinity
        largest = np.linalg.norm([wide, high]) * np.hypot(a, b) + abs(c)
        normal = np.array([a, b]) / np.hypot(a, b)
        start = normal * (largest * 1e-4 - c) / np.hypot(a, b)
        along, far = np.array([-normal[1], normal[0]]), 10.0 * (wide + high)
        corners = [start - along * far, start + along * far]
        return Area([*corners, corners[1] + normal * far, corners[0] + normal * far])


def _at(plane: Array, east: Array, north: Array) -> tuple[Array, Array]:
    x, y, depth = (row[0] * east + row[1] * north + row[2] for row in plane)
    return x / depth, y / depth


def _apart(plane: Array, east: Array, north: Array, right: Array, ahead: Array) -> Array:
    """Give how many pixels lie between the two sides of a place, *right* and *ahead* in metres."""
    one = _at(plane, east - right, north - ahead)
    other = _at(plane, east + right, north + ahead)
    return np.asarray(np.hypot(one[0] - other[0], one[1] - other[1]))


def _outline(ground: Any, label: str) -> Geometry:
    try:
        rings = [
            tuple(grid_to_wgs84(e, n) for e, n in orient(part, sign=1.0).exterior.coords)
            for part in getattr(ground, "geoms", [ground])
        ]
    except ValueError as error:
        raise Misconfigured(f"{label}: {error}; check the ground points") from error
    if len(rings) == 1:
        return Polygon(type="Polygon", coordinates=(rings[0],))
    return MultiPolygon(type="MultiPolygon", coordinates=tuple((ring,) for ring in rings))
