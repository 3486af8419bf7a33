"""What stands, drives, floods or burns in a scene, and what is true of a zone of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from workers.simulate.sights.lens import Numbers

Colour = tuple[int, int, int]
"""Blue, green, red."""


@dataclass(frozen=True, slots=True)
class Block:
    """A box on the ground: a bin, a kiosk, a wall, a cabinet.

    Attributes:
        east_m, north_m: its middle.
        heading_deg: which way its length runs.
        length_m, width_m, height_m: its size.
        colour: in full light.
        warmer_cel: so much warmer than the ground.
    """

    east_m: float
    north_m: float
    heading_deg: float
    length_m: float
    width_m: float
    height_m: float
    colour: Colour = (120, 120, 120)
    warmer_cel: float = 0.5


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle on a lane.

    Attributes:
        east_m, north_m: its middle at second 0.
        heading_deg: where to.
        speed_mps: 0 in a queue.
        length_m, width_m, height_m: its size.
        seed: decides its colour.
        span_m: metres ahead and behind at which it turns up again at the other end; None: never.
    """

    east_m: float
    north_m: float
    heading_deg: float
    speed_mps: float
    length_m: float = 4.4
    width_m: float = 1.8
    height_m: float = 1.5
    seed: int = 0
    span_m: tuple[float, float] | None = None

    def place(self, at_s: float) -> tuple[float, float]:
        """Give where its middle is at a second, grid metres."""
        gone = self.speed_mps * at_s
        if self.span_m is not None:
            ahead, behind = self.span_m
            gone = (gone + behind) % (ahead + behind) - behind
        turn = math.radians(self.heading_deg)
        return self.east_m + gone * math.sin(turn), self.north_m + gone * math.cos(turn)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A staff with marks, whose foot is at the lowest place of a dip."""

    east_m: float
    north_m: float
    height_cm: float = 200.0


@dataclass(frozen=True, slots=True)
class Water:
    """Water in a dip of the road.

    The ground rises from the lowest place with the square of the distance: by *rim_cm* at
    *along_m* along *heading_deg* and at *across_m* across.

    Attributes:
        east_m, north_m: the lowest place.
        level_cm: of the water above it.
    """

    east_m: float
    north_m: float
    heading_deg: float
    along_m: float
    across_m: float
    rim_cm: float
    level_cm: float
    gauge: Gauge | None = None

    def reach(self, spots: Numbers) -> Numbers:
        """Give how high the ground is at *spots* (N×2 grid metres), cm above the lowest place."""
        turn = math.radians(self.heading_deg)
        apart = spots - (self.east_m, self.north_m)
        along = apart @ np.array([math.sin(turn), math.cos(turn)]) / self.along_m
        across = apart @ np.array([math.cos(turn), -math.sin(turn)]) / self.across_m
        return np.asarray(self.rim_cm * (along**2 + across**2))


@dataclass(frozen=True, slots=True)
class HotSpot:
    """Something hot.

    Attributes:
        east_m, north_m, up_m: its middle.
        radius_m: where it has cooled to two fifths of what it is above its surroundings.
        cel: at its hottest.
        flames: it burns: it glows and flickers in visible light.
    """

    east_m: float
    north_m: float
    up_m: float
    radius_m: float
    cel: float
    flames: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a zone at a moment.

    Attributes:
        people: whose feet are inside.
        area_m2: of the zone on the ground.
        density_per_m2: the one by the other.
        flow_deg, flow_mps: mean velocity of those people; None where there are none, or where
            the mean is below 2 cm/s and so has no direction.
        vehicles: whose middle is inside.
        queue_m: from the first to the last of them that stands, bumpers included.
        water_cm: level at the lowest place; None without water.
        flooded_percent: share of the zone's ground under water.
        hot_cel: of the hottest thing seen inside the outline; None where there is none.
    """

    people: int
    area_m2: float
    density_per_m2: float
    flow_deg: float | None
    flow_mps: float | None
    vehicles: int
    queue_m: float
    water_cm: float | None
    flooded_percent: float
    hot_cel: float | None
