"""Boxes, vehicles and gauges: what has flat sides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.simulate.sights.lens import Lens, Numbers
from workers.simulate.sights.things import Block, Colour, Gauge, Vehicle
from workers.simulate.sights.walkers import traits

SHIFT: Final = 4
_LONG_M: Final = 6.0
"""From this on it is a bus or a lorry."""
_GLASS: Final[Colour] = (70, 62, 54)
_SIDES: Final = np.array(
    [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7)], np.intp
)
_NEXT: Final = [1, 2, 3, 0]
_SHADES: Final = (0.82, 0.66, 0.74, 0.6, 1.0)
_PAINTS: Final[tuple[Colour, ...]] = (
    (230, 230, 228), (30, 28, 28), (150, 150, 152), (40, 40, 165), (120, 70, 40),
    (90, 95, 100), (60, 60, 190), (60, 120, 60),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A flat side to be filled.

    Attributes:
        outline: N×2 pixels.
        colour: in full light.
        cel: °C.
    """

    outline: Numbers
    colour: Colour
    cel: float


def _shaded(colour: Colour, share: float) -> Colour:
    blue, green, red = (min(255, int(part * share)) for part in colour)
    return blue, green, red


@dataclass(frozen=True, slots=True)
class Box:
    """A box in the air or on the ground.

    Attributes:
        middle: of its foot, grid metres.
        heading_deg: which way its length runs.
        size: length, width and height in metres.
        colour: of its top in full light.
        cel: °C.
        up_m: of its foot above the ground.
    """

    middle: tuple[float, float]
    heading_deg: float
    size: tuple[float, float, float]
    colour: Colour
    cel: float
    up_m: float = 0.0


def box_sides(lens: Lens, box: Box) -> list[Side]:
    """Give the sides of a box that are seen; empty where it is behind or around the lens."""
    length, width, height = box.size
    turn = math.radians(box.heading_deg)
    way = np.array([math.sin(turn), math.cos(turn)]) * length / 2
    left = np.array([-math.cos(turn), math.sin(turn)]) * width / 2
    base = np.array(box.middle) + np.array([way + left, -way + left, -way - left, way - left])
    points = np.concatenate(
        [
            np.column_stack([base, np.full(4, box.up_m)]),
            np.column_stack([base, np.full(4, box.up_m + height)]),
        ]
    )
    if (lens.away_m(points) < 0.5).any():
        return []
    seen = lens.to_image(points)
    outlines = seen[_SIDES]
    x, y = outlines[..., 0], outlines[..., 1]
    # twice the area of each in pixels, positive where it is seen from outside
    turned = (x * y[:, _NEXT]).sum(axis=1) - (y * x[:, _NEXT]).sum(axis=1)
    return [
        Side(outline, _shaded(box.colour, share), box.cel + share - 0.75)
        for outline, share, area in zip(outlines, _SHADES, turned.tolist(), strict=True)
        if area < 0
    ]


def block_sides(lens: Lens, block: Block, ground_cel: float) -> list[Side]:
    """Give the sides of a block that are seen."""
    size = (block.length_m, block.width_m, block.height_m)
    place = (block.east_m, block.north_m)
    cel = ground_cel + block.warmer_cel
    return box_sides(lens, Box(place, block.heading_deg, size, block.colour, cel))


def vehicle_sides(lens: Lens, vehicle: Vehicle, at_s: float, ground_cel: float) -> list[Side]:
    """Give the sides of a vehicle that are seen: wheels, body, windows, roof."""
    trait = traits(np.array([vehicle.seed], dtype=np.int64), 2)[0]
    paint = _PAINTS[int(trait[0] * len(_PAINTS))]
    place, heading, warm = vehicle.place(at_s), vehicle.heading_deg, ground_cel + 3.5
    length, width, height = vehicle.length_m, vehicle.width_m, vehicle.height_m
    under = (length * 0.96, width * 0.94, 0.35)
    boxes = [Box(place, heading, under, (26, 26, 26), warm + 4)]
    if length > _LONG_M:
        body = (length, width, height * 0.9)
        pane, roof = (length * 0.97, width * 1.01, height * 0.28), (length, width, height * 0.18)
        boxes += [
            Box(place, heading, body, paint, warm, 0.25),
            Box(place, heading, pane, _GLASS, warm - 2, height * 0.55),
            Box(place, heading, roof, paint, warm, height * 0.83),
        ]
    else:
        turn, back = math.radians(heading), -0.06 * length
        top = (place[0] + back * math.sin(turn), place[1] + back * math.cos(turn))
        body = (length, width, height * 0.5)
        cabin, roof = (
            (length * 0.54, width * 0.88, height * 0.36),
            (length * 0.48, width * 0.82, 0.05),
        )
        boxes += [
            Box(place, heading, body, paint, warm, 0.25),
            Box(top, heading, cabin, _GLASS, warm - 2, 0.25 + body[2]),
            Box(top, heading, roof, paint, warm, 0.25 + body[2] + cabin[2]),
        ]
    return [side for box in boxes for side in box_sides(lens, box)]


def vehicle_lamps(
    lens: Lens, vehicle: Vehicle, at_s: float
) -> list[tuple[float, float, float, bool]]:
    """Give pixels and radius of a vehicle's lamps that are seen, and whether they are in front."""
    place, turn = vehicle.place(at_s), math.radians(vehicle.heading_deg)
    way = np.array([math.sin(turn), math.cos(turn)])
    look = np.array(place) - lens.place[:2]
    towards = float(way @ look) < 0
    end = np.array(place) + way * vehicle.length_m / 2 * (1 if towards else -1)
    left = np.array([-way[1], way[0]]) * vehicle.width_m * 0.36
    points = [(*(end + left * side), 0.7) for side in (1, -1)]
    away = lens.away_m(points)
    if (away < 1).any():
        return []
    return [
        (float(x), float(y), 0.13 * lens.focal_px / float(far), towards)
        for (x, y), far in zip(lens.to_image(points), away, strict=True)
    ]


def staff_sides(lens: Lens, gauge: Gauge, ground_cel: float, level_cm: float) -> list[Side]:
    """Give a gauge's board and marks above water: red and black by halves of a metre."""
    turn = math.radians(lens.bearing_deg)
    right = np.array([math.cos(turn), -math.sin(turn)])

    def board(left: float, wide: float, low: float, high: float, colour: Colour) -> Side:
        ends = [np.array([gauge.east_m, gauge.north_m]) + right * x for x in (left, left + wide)]
        points = [(*ends[0], low), (*ends[1], low), (*ends[1], high), (*ends[0], high)]
        return Side(lens.to_image(points), colour, ground_cel + 0.8)

    top, water = gauge.height_cm / 100, max(0.0, level_cm / 100)
    if water >= top:
        return []
    sides = [board(-0.2, 0.4, water, top + 0.08, (225, 232, 232))]
    for number in range(round(gauge.height_cm / 10)):
        low = number / 10
        colour = (40, 40, 190) if number // 5 % 2 else (25, 25, 25)
        wide = 0.3 if number % 5 == 0 else 0.18
        if number % 2 == 0 and low + 0.1 > water:
            sides.append(board(-0.17, wide, max(low, water), min(low + 0.1, top), colour))
    return sides


def fixed(points: NDArray[Any], scale: float = 1.0) -> NDArray[np.int32]:
    """Give pixels as the whole numbers that OpenCV draws parts of pixels by."""
    return np.asarray(np.rint((points * scale + (scale - 1) / 2) * (1 << SHIFT)), dtype=np.int32)


def paint_sides(picture: NDArray[np.uint8], sides: list[Side]) -> None:
    """Fill sides in visible light."""
    for side in sides:
        cv2.fillConvexPoly(picture, fixed(side.outline), side.colour, cv2.LINE_AA, SHIFT)


def warm_sides(picture: NDArray[np.float32], sides: list[Side], scale: float) -> None:
    """Fill sides by temperature, drawn *scale* times as large."""
    for side in sides:
        cv2.fillConvexPoly(picture, fixed(side.outline, scale), side.cel, cv2.LINE_8, SHIFT)
