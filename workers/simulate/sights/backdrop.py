"""What of a scene does not move: the ground, the far wall, how light falls, how warm it all is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.simulate.sights.lens import Lens

Floats = NDArray[np.float32]
Kind = Literal["paving", "hall", "bridge", "road", "room"]

_FINER: Final = 2
"""The ground is reckoned so many times finer than the picture."""
_TABLE: Final = 64
_FAR_M: Final = 400.0


@dataclass(frozen=True, slots=True)
class Floor:
    """The ground of a scene.

    Attributes:
        kind: what it is paved with, and what stands behind it.
        east_m, north_m: a place on its middle line, Hong Kong 1980 Grid.
        way_deg: which way its middle line runs.
        half_m: from its middle line to the kerb, the parapet or the wall.
        wall_m: so far away from the lens is the wall or the house behind it.
    """

    kind: Kind
    east_m: float
    north_m: float
    way_deg: float
    half_m: float = 6.0
    wall_m: float = 45.0


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What does not move.

    Attributes:
        picture: height × width × 3 in full light.
        lit: height × width × 3, how much of it lamps show, 255 for all; None by day.
        celsius: height × width, °C.
        lamps: pixels of lamps in the picture, with their size.
    """

    picture: NDArray[np.uint8]
    lit: NDArray[np.uint8] | None
    celsius: Floats
    lamps: tuple[tuple[float, float, float], ...]


@lru_cache(maxsize=24)
def backdrop(lens: Lens, floor: Floor, light: str, wet: bool, seed: int) -> Backdrop:
    """Give what does not move of a scene; the same for the same."""
    rng = np.random.default_rng([seed, 11])
    table = rng.random((_TABLE, _TABLE), dtype=np.float32)
    table[-1], table[:, -1] = table[0], table[:, 0]
    along, across, wall, ground = _coordinates(lens, floor)
    colour = np.zeros((*ground.shape, 3), np.float32)
    low, high = _rows(ground), _rows(~ground)
    colour[low] = _underfoot(floor, along[low], across[low], table, wet=wet)
    behind = _behind(floor, wall[high], table, light)
    colour[high] = np.where(ground[high][..., None], colour[high], behind)
    celsius = _warmth(
        floor, along, across, wall=wall, ground=ground, table=table, light=light, wet=wet
    )
    lamps = _lamp_places(lens, floor)
    lit = _lamplight(lens, floor, along, across, lamps) if light == "night" else None
    width, height = lens.size
    size = (width, height)
    small = cv2.resize(
        np.clip(colour, 0, 255).astype(np.float32), size, interpolation=cv2.INTER_AREA
    )
    heads = lens.to_image([(e, n, 6.0) for e, n in lamps])
    away = lens.away_m([(e, n, 6.0) for e, n in lamps])
    return Backdrop(
        picture=small.astype(np.uint8),
        lit=lit,
        celsius=np.asarray(cv2.resize(celsius, size, interpolation=cv2.INTER_AREA), np.float32),
        lamps=tuple(
            (float(x), float(y), 0.14 * lens.focal_px / float(far))
            for (x, y), far in zip(heads.tolist(), away.tolist(), strict=True)
            if far > 1 and -50 < x < width + 50 and -50 < y < height
        ),
    )


def _coordinates(lens: Lens, floor: Floor) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Give, for each fine pixel: metres along and across the floor, right and up on the wall."""
    width, height = (side * _FINER for side in lens.size)
    x, y = np.meshgrid((np.arange(width) + 0.5) / _FINER, (np.arange(height) + 0.5) / _FINER)
    right, down, ahead = lens.axes
    middle = (lens.size[0] / 2, lens.size[1] / 2)
    rays = (
        ahead
        + right * ((x - middle[0]) / lens.focal_px)[..., None]
        + down * ((y - middle[1]) / lens.focal_px)[..., None]
    ).astype(np.float32)
    turn = math.radians(lens.bearing_deg)
    level = rays @ np.array([math.sin(turn), math.cos(turn), 0], dtype=np.float32)
    drop = np.maximum(-rays[..., 2], 1e-6)
    far = np.minimum(lens.height_m / drop, _FAR_M)
    ground = (rays[..., 2] < 0) & (far * level < floor.wall_m)
    spots = rays[..., :2] * np.where(ground, far, floor.wall_m / level)[..., None]
    spots = spots + np.array(
        [lens.east_m - floor.east_m, lens.north_m - floor.north_m], dtype=np.float32
    )
    way = math.radians(floor.way_deg)
    along = spots @ np.array([math.sin(way), math.cos(way)], dtype=np.float32)
    across = spots @ np.array([math.cos(way), -math.sin(way)], dtype=np.float32)
    aside = rays @ right.astype(np.float32) * (floor.wall_m / level)
    up = lens.height_m + rays[..., 2] * (floor.wall_m / level)
    return along, across, np.stack([aside, up], axis=-1), ground


def _rows(where: NDArray[np.bool_]) -> slice:
    """Give the rows from the first to the last that has any, at least one."""
    rows = np.flatnonzero(where.any(axis=1))
    return slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(1)


def _underfoot(floor: Floor, along: Floats, across: Floats, table: Floats, *, wet: bool) -> Floats:
    """Give the colour of the ground, dry or wet, and of what is beside it."""
    colour = _paved(floor, along, across, table)
    if floor.kind in {"bridge", "hall", "room"}:
        side = np.abs(across) > floor.half_m
        colour = np.where(side[..., None], colour * 0.55, colour)
    return colour * 0.78 if wet else colour


def _hashed(table: Floats, one: NDArray[Any], two: NDArray[Any]) -> Floats:
    """Give a number of 0 to 1 for each pair of whole numbers."""
    first, second = np.floor(one).astype(np.int64), np.floor(two).astype(np.int64)
    mixed = first * 73856093 ^ second * 19349663
    return np.asarray(table[(mixed >> 6) % _TABLE, mixed % _TABLE])


def _stains(table: Floats, along: Floats, across: Floats, size_m: float) -> Floats:
    """Give smooth patches of 0 to 1, so large."""
    x = np.mod(along / size_m, _TABLE - 1).astype(np.float32)
    y = np.mod(across / size_m, _TABLE - 1).astype(np.float32)
    return np.asarray(cv2.remap(table, x, y, cv2.INTER_LINEAR), dtype=np.float32)


def _tiles(table: Floats, along: Floats, across: Floats, side_m: float, joint_m: float) -> Floats:
    """Give brightness of tiles: each a little different, with darker joints."""
    shade = 0.92 + 0.14 * _hashed(table, along / side_m, across / side_m)
    joint = (np.mod(along, side_m) < joint_m) | (np.mod(across, side_m) < joint_m)
    return np.where(joint, shade * 0.8, shade).astype(np.float32)


def _paved(floor: Floor, along: Floats, across: Floats, table: Floats) -> Floats:
    """Give the colour of the ground in full light."""
    worn = (
        0.86 + 0.2 * _stains(table, along, across, 2.3) + 0.06 * _stains(table, across, along, 0.4)
    )
    base = {
        "paving": (150, 158, 164),
        "hall": (176, 186, 190),
        "bridge": (140, 146, 146),
        "road": (92, 92, 90),
        "room": (120, 124, 118),
    }[floor.kind]
    colour = np.array(base, dtype=np.float32) * worn[..., None]
    if floor.kind == "road":
        return _marked(floor, along, across, colour, table)
    side, joint = {"hall": (1.2, 0.025), "room": (3.0, 0.03)}.get(floor.kind, (0.5, 0.02))
    colour = colour * _tiles(table, along, across, side, joint)[..., None]
    if floor.kind == "hall":
        guide = np.abs(across - floor.half_m * 0.55) < 0.2
        colour = np.where(guide[..., None], np.array((60, 190, 215), dtype=np.float32), colour)
    if floor.kind == "paving":
        kerb = np.abs(np.abs(across) - floor.half_m) < 0.12
        beyond = np.abs(across) > floor.half_m
        tar = np.array((82, 82, 80), dtype=np.float32) * worn[..., None]
        colour = np.where(beyond[..., None], tar, colour)
        colour = np.where(kerb[..., None], np.array((188, 190, 190), dtype=np.float32), colour)
    return colour.astype(np.float32)


def _marked(floor: Floor, along: Floats, across: Floats, colour: Floats, table: Floats) -> Floats:
    """Paint lane lines and pavements beside a road."""
    lanes = max(2, round(2 * floor.half_m / 3.5))
    wide = 2 * floor.half_m / lanes
    from_edge = across + floor.half_m
    nearest = np.abs(np.mod(from_edge + wide / 2, wide) - wide / 2)
    within = (from_edge > wide / 2) & (from_edge < 2 * floor.half_m - wide / 2)
    dashes = (nearest < 0.07) & within & (np.mod(along, 6.0) < 2.6)
    edges = np.abs(np.abs(across) - floor.half_m + 0.3) < 0.07
    paint = (dashes | edges)[..., None]
    colour = np.where(paint, np.array((205, 210, 210), dtype=np.float32) * 0.92, colour)
    beyond = np.abs(across) > floor.half_m
    slabs = (
        np.array((138, 142, 146), dtype=np.float32)
        * _tiles(table, along, across, 0.6, 0.025)[..., None]
    )
    colour = np.where(beyond[..., None], slabs, colour)
    kerb = np.abs(np.abs(across) - floor.half_m - 0.08) < 0.1
    return np.where(kerb[..., None], np.array((190, 192, 192), dtype=np.float32), colour).astype(
        np.float32
    )


def _behind(floor: Floor, wall: Floats, table: Floats, light: str) -> Floats:
    """Give the colour of what stands behind the ground."""
    aside, up = wall[..., 0], wall[..., 1]
    if floor.kind in {"hall", "room", "bridge"}:
        panel = 0.9 + 0.12 * _hashed(table, aside / 1.8, up / 2.4)
        joint = (np.mod(aside, 1.8) < 0.04) | (np.mod(up, 2.4) < 0.04)
        panel = np.where(joint, panel * 0.75, panel)
        base = np.array((150, 120, 96) if floor.kind == "hall" else (128, 130, 130), np.float32)
        colour = base * panel[..., None]
        band = (up > 2.5) & (up < 3.2) & (np.mod(aside, 9.0) < 5.5) & (floor.kind == "hall")
        return np.where(band[..., None], np.array((70, 62, 58), np.float32), colour).astype(
            np.float32
        )
    storey, bay = up / 3.1, aside / 2.6
    pick = _hashed(table, bay, storey)
    window = (np.mod(bay, 1) > 0.25) & (np.mod(bay, 1) < 0.8)
    window &= (np.mod(storey, 1) > 0.3) & (np.mod(storey, 1) < 0.75) & (up > 3.6)
    house = (
        np.array((128, 136, 142), np.float32)
        * (0.8 + 0.3 * _hashed(table, aside / 13, np.zeros_like(aside)))[..., None]
    )
    glass = np.array((96, 86, 78), np.float32) * (0.7 + 0.6 * pick)[..., None]
    if light == "night":
        glass = np.where((pick > 0.72)[..., None], np.array((255, 255, 255), np.float32), glass)
    shop = (up > 0.3) & (up < 3.0) & (np.mod(aside / 5.2, 1) > 0.08)
    shade = 0.5 + 0.7 * _hashed(table, aside / 5.2, np.full_like(aside, 7))
    front = np.array((120, 128, 140), np.float32) * shade[..., None]
    colour = np.where(window[..., None], glass, house)
    return np.where(shop[..., None], front, colour).astype(np.float32)


def _warmth(
    floor: Floor,
    along: Floats,
    across: Floats,
    *,
    wall: Floats,
    ground: NDArray[np.bool_],
    table: Floats,
    light: str,
    wet: bool,
) -> Floats:
    """Give how warm everything that does not move is, °C."""
    patches = _stains(table, along, across, 3.1)
    grain = _stains(table, across, along, 0.7)
    if light == "night" or floor.kind in {"hall", "room"}:
        base = 24.0 + 1.6 * (patches - 0.5) + 0.5 * (grain - 0.5)
    else:
        shade = np.clip((patches - 0.45) * 8, 0, 1)
        base = 33.0 + 3.0 * (grain - 0.5) - 4.0 * shade + 1.5 * (patches - 0.5)
    if wet:
        base = 0.45 * base + 0.55 * 23.5
    behind = base.mean() + 1.2 * (_hashed(table, wall[..., 0] / 3.4, wall[..., 1] / 2.9) - 0.3)
    return np.where(ground, base, behind).astype(np.float32)


def _lamp_places(lens: Lens, floor: Floor) -> list[tuple[float, float]]:
    """Give where lamps stand: on both sides of the floor, every 14 m."""
    turn = math.radians(floor.way_deg)
    spots = []
    for number in range(-3, 9):
        side = floor.half_m * (1.02 if number % 2 else -1.02)
        east = floor.east_m + number * 14 * math.sin(turn) + side * math.cos(turn)
        north = floor.north_m + number * 14 * math.cos(turn) - side * math.sin(turn)
        if math.hypot(east - lens.east_m, north - lens.north_m) > 4:
            spots.append((east, north))
    return spots


def _lamplight(
    lens: Lens, floor: Floor, along: Floats, across: Floats, lamps: list[tuple[float, float]]
) -> NDArray[np.uint8]:
    """Give how much lamps show of each pixel, 255 for all; warm in colour."""
    turn = math.radians(floor.way_deg)
    bright = np.full(along.shape, 0.3, dtype=np.float32)
    for east, north in lamps:
        e, n = east - floor.east_m, north - floor.north_m
        ahead = e * math.sin(turn) + n * math.cos(turn)
        aside = e * math.cos(turn) - n * math.sin(turn)
        far = ((along - ahead) ** 2 + (across - aside) ** 2) / 26.0
        bright += 0.95 / (1 + far) ** 1.3
    tinted = np.clip(bright, 0, 1)[..., None] * np.array((200, 232, 255), dtype=np.float32)
    return cv2.resize(tinted.astype(np.float32), lens.size, interpolation=cv2.INTER_AREA).astype(
        np.uint8
    )
