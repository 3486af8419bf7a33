"""A place that a camera looks at: drawn as it would see it, with what is true of it.

What is drawn, far things first: the ground and what does not move, shadows, water, people and
things with sides, then light, what hangs before the lens, rain, glare, blur, noise, and JPEG.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from workers.simulate.sights import air
from workers.simulate.sights.backdrop import Backdrop, Floor, backdrop
from workers.simulate.sights.figures import Dressed, Warm, cast_shadows
from workers.simulate.sights.lens import Lens, Numbers
from workers.simulate.sights.poses import Poses, poses
from workers.simulate.sights.solids import (
    Side,
    block_sides,
    paint_sides,
    staff_sides,
    vehicle_lamps,
    vehicle_sides,
    warm_sides,
)
from workers.simulate.sights.surface import flooded, paint_water
from workers.simulate.sights.things import Block, HotSpot, Truth, Vehicle, Water
from workers.simulate.sights.walkers import Walker, inside, places, velocities

_FINER: Final = 2
"""Thermal pictures are drawn so many times finer, then blurred by the optics."""
_STANDS_MPS: Final = 1.0
_SHARE_WITH_UMBRELLAS: Final = 0.25


@dataclass(frozen=True)
class Scene:
    """A place and what is in it; the same scene at the same second is the same picture.

    Attributes:
        lens: through which it is seen.
        walkers, vehicles, blocks, water, hot_spots: what is in it.
        light: "day", or "night" with lamps; a hall is lit like by day.
        rain: it rains: streaks, wet ground, cooler clothes, umbrellas.
        glare: a lamp or the sun shines into the lens.
        occlusion: a tree and a banner hang before the lens, and some people have umbrellas.
        seed: decides everything that nothing else decides.
        floor: what the ground is; None: paving, straight ahead of the lens.
        quality: of the JPEG.
    """

    lens: Lens
    walkers: tuple[Walker, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    blocks: tuple[Block, ...] = ()
    water: Water | None = None
    hot_spots: tuple[HotSpot, ...] = ()
    light: Literal["day", "night"] = "day"
    rain: bool = False
    glare: bool = False
    occlusion: bool = False
    seed: int = 0
    floor: Floor | None = None
    quality: int = 82

    @property
    def ground(self) -> Floor:
        """The floor, or the usual one."""
        east, north = self.lens.ahead(0, 10)
        return self.floor or Floor("paving", east, north, self.lens.bearing_deg)

    @property
    def umbrellas(self) -> float:
        """The share of people with umbrellas."""
        outside = self.ground.kind not in {"hall", "room"}
        return _SHARE_WITH_UMBRELLAS if self.occlusion or (self.rain and outside) else 0.0

    def _still(self) -> Backdrop:
        outside = self.ground.kind not in {"hall", "room"}
        return backdrop(self.lens, self.ground, self.light, self.rain and outside, self.seed)

    def _rng(self, at_s: float, what: int) -> np.random.Generator:
        return np.random.default_rng(
            [self.seed & 0xFFFFFFFF, round(at_s * 1000) & 0xFFFFFFFF, what]
        )

    def visible(self, at_s: float) -> NDArray[np.uint8]:
        """Give the picture in visible light: height × width × 3, blue green red."""
        picture = cv2.imdecode(np.frombuffer(self.jpeg(at_s), np.uint8), cv2.IMREAD_COLOR)
        return np.asarray(picture, dtype=np.uint8)

    def jpeg(self, at_s: float, finish: Callable[[NDArray[np.uint8]], None] | None = None) -> bytes:
        """Give the picture in visible light as a JPEG; *finish* may write into it before."""
        picture = self._sensed(self._lit(self._drawn(at_s), at_s), at_s)
        if finish is not None:
            finish(picture)
        options = [cv2.IMWRITE_JPEG_QUALITY, self.quality]
        return cv2.imencode(".jpg", picture, options)[1].tobytes()

    def thermal(self, at_s: float) -> NDArray[np.float32]:
        """Give the temperatures that a thermal camera sees: height × width, °C."""
        still = self._still().celsius
        width, height = self.lens.size
        size = (width * _FINER, height * _FINER)
        picture = np.asarray(cv2.resize(still, size, interpolation=cv2.INTER_LINEAR), np.float32)
        ground_cel = float(still[height // 2 :].mean())
        if self.water is not None:
            wet = flooded(self.lens, self.water)
            picture[cv2.resize(wet, size, interpolation=cv2.INTER_NEAREST) > 0] = ground_cel - 1.2
        people = poses(self.lens, self.walkers, at_s)
        warm = Warm(people, wet=self.rain, scale=_FINER, umbrellas=self.umbrellas)
        for one in self._in_order(people, at_s, ground_cel):
            if isinstance(one, int):
                warm.draw(picture, one)
            else:
                warm_sides(picture, one, _FINER)
        self._heat(picture)
        if self.occlusion:
            cover = air.hidden_by_foliage(self.lens.size, self.seed).astype(np.uint8)
            hidden = cv2.resize(cover, size, interpolation=cv2.INTER_NEAREST) > 0
            picture[hidden] = ground_cel - 0.5
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.3), dtype=np.float32)
        small = np.asarray(
            cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), dtype=np.float32
        )
        if self.rain:
            small = small * np.float32(0.93) + np.float32(0.07 * 22.5)
        air.with_netd(small, 0.065, self._rng(at_s, 1))
        return small

    def truth(self, outline_px: Sequence[tuple[float, float]], at_s: float) -> Truth:
        """Give what is true of the zone within *outline_px* at a second.

        Raises:
            ValueError: the outline reaches above the horizon.
        """
        corners = self.lens.ground_of(outline_px)
        area = float(Polygon(corners).area)
        here = inside(corners, places(self.walkers, at_s))
        people = int(here.sum())
        flow_deg, flow_mps = self._flow(here, at_s)
        driven = np.array([v.place(at_s) for v in self.vehicles]).reshape(-1, 2)
        on_it = [
            v for v, is_in in zip(self.vehicles, inside(corners, driven), strict=True) if is_in
        ]
        return Truth(
            people=people,
            area_m2=area,
            density_per_m2=people / area,
            flow_deg=flow_deg,
            flow_mps=flow_mps,
            vehicles=len(on_it),
            queue_m=_queue_m([v for v in on_it if v.speed_mps < _STANDS_MPS], at_s),
            water_cm=self.water.level_cm if self.water else None,
            flooded_percent=self._flooded_percent(corners),
            hot_cel=self._hottest(outline_px),
        )

    def _flow(self, here: NDArray[np.bool_], at_s: float) -> tuple[float | None, float | None]:
        if not here.any():
            return None, None
        moved = velocities(self.walkers, at_s)[here]
        moved = moved[np.isfinite(moved).all(axis=1)]
        east, north = moved.mean(axis=0) if len(moved) else (0.0, 0.0)
        speed = math.hypot(east, north)
        if speed < 0.02:
            return None, speed
        return math.degrees(math.atan2(east, north)) % 360, speed

    def _flooded_percent(self, corners: Numbers) -> float:
        if self.water is None:
            return 0.0
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        x, y = np.meshgrid(np.arange(west, east, 0.1), np.arange(south, north, 0.1))
        spots = np.column_stack([x.ravel(), y.ravel()])
        spots = spots[inside(corners, spots)]
        return 100.0 * float((self.water.reach(spots) < self.water.level_cm).mean())

    def _hottest(self, outline_px: Sequence[tuple[float, float]]) -> float | None:
        spots = [(spot.east_m, spot.north_m, spot.up_m) for spot in self.hot_spots]
        seen = inside(np.asarray(outline_px, dtype=np.float64), self.lens.to_image(spots))
        return max(
            (s.cel for s, is_in in zip(self.hot_spots, seen, strict=True) if is_in), default=None
        )

    def _in_order(self, people: Poses, at_s: float, ground_cel: float) -> list[int | list[Side]]:
        """Give people (by number) and what has sides, the farthest first."""
        solid: list[tuple[float, int | list[Side]]] = []
        for block in self.blocks:
            place = (block.east_m, block.north_m)
            solid.append((self._away(place), block_sides(self.lens, block, ground_cel)))
        for vehicle in self.vehicles:
            place = vehicle.place(at_s)
            solid.append((self._away(place), vehicle_sides(self.lens, vehicle, at_s, ground_cel)))
        if self.water is not None and self.water.gauge is not None:
            gauge = self.water.gauge
            staff = staff_sides(self.lens, gauge, ground_cel, self.water.level_cm)
            solid.append((self._away((gauge.east_m, gauge.north_m)), staff))
        order = [*solid, *zip(people.away_m.tolist(), range(len(people)), strict=True)]
        return [what for _, what in sorted(order, key=lambda pair: -pair[0])]

    def _away(self, place: tuple[float, float]) -> float:
        return float(self.lens.away_m([(*place, 0.0)])[0])

    def _drawn(self, at_s: float) -> NDArray[np.uint8]:
        """Draw everything in full light."""
        picture = self._still().picture.copy()
        people = poses(self.lens, self.walkers, at_s)
        if len(people):
            width, height = self.lens.size
            shade = np.zeros((height // 2, width // 2), dtype=np.uint8)
            sun = self.light == "day" and not self.rain and self.ground.kind not in {"hall", "room"}
            cast_shadows(shade, people, long=sun, scale=0.5)
            shade = np.asarray(cv2.GaussianBlur(shade, (5, 5), 0), dtype=np.uint8)
            left = 255 - np.asarray(cv2.resize(shade, (width, height)), dtype=np.uint8)
            picture = np.asarray(
                cv2.multiply(picture, cv2.merge([left] * 3), scale=1 / 255), np.uint8
            )
        if self.water is not None:
            paint_water(picture, self.lens, self.water, at_s, dark=self.light == "night")
        dressed = Dressed(people, umbrellas=self.umbrellas)
        for one in self._in_order(people, at_s, 0.0):
            if isinstance(one, int):
                dressed.draw(picture, one)
            else:
                paint_sides(picture, one)
        return picture

    def _lit(self, picture: NDArray[np.uint8], at_s: float) -> NDArray[np.uint8]:
        """Let lamps, headlights and flames light the picture."""
        still = self._still()
        if still.lit is not None:
            picture = np.asarray(cv2.multiply(picture, still.lit, scale=1 / 255), dtype=np.uint8)
        glow = np.zeros((picture.shape[0] // 2, picture.shape[1] // 2, 3), dtype=np.uint8)
        lights: list[tuple[float, float, float, tuple[int, int, int]]] = []
        if self.light == "night":
            lights += [(x, y, size, (200, 235, 255)) for x, y, size in still.lamps]
            for vehicle in self.vehicles:
                for x, y, size, front in vehicle_lamps(self.lens, vehicle, at_s):
                    lights.append((x, y, size, (225, 245, 255) if front else (30, 30, 235)))
        lights += self._flames(at_s)
        if not lights:
            return picture
        for x, y, size, colour in lights:
            at = (round(x * 8), round(y * 8))
            cv2.circle(glow, at, max(8, round(size * 8)), colour, -1, cv2.LINE_AA, 4)
        halo = cv2.GaussianBlur(glow, (0, 0), 5)
        full = cv2.resize(cv2.add(glow, cv2.convertScaleAbs(halo, alpha=1.6)), self.lens.size)
        return np.asarray(cv2.add(picture, full), dtype=np.uint8)

    def _flames(self, at_s: float) -> list[tuple[float, float, float, tuple[int, int, int]]]:
        rng = self._rng(at_s, 2)
        found = []
        for spot in (spot for spot in self.hot_spots if spot.flames):
            for _ in range(7):
                up = spot.up_m + float(rng.uniform(0, 1.4)) * spot.radius_m
                east, north = (rng.normal(0, 0.35, 2) * spot.radius_m).tolist()
                point = (spot.east_m + east, spot.north_m + north, up)
                x, y = self.lens.to_image([point])[0].tolist()
                size = 0.3 * spot.radius_m * self.lens.focal_px / max(1.0, self._away(point[:2]))
                found.append((x, y, size, (40, int(rng.uniform(110, 220)), 255)))
        return found

    def _heat(self, picture: NDArray[np.float32]) -> None:
        """Warm a thermal picture (drawn finer) around hot spots."""
        for spot in self.hot_spots:
            x, y = (
                self.lens.to_image([(spot.east_m, spot.north_m, spot.up_m)])[0] * _FINER
            ).tolist()
            if not math.isfinite(x + y):
                continue  # it is behind the lens
            away = float(self.lens.away_m([(spot.east_m, spot.north_m, spot.up_m)])[0])
            size = spot.radius_m * self.lens.focal_px * _FINER / max(1.0, away)
            reach = math.ceil(size * 3)
            left, top = max(0, int(x) - reach), max(0, int(y) - reach)
            part = picture[top : int(y) + reach, left : int(x) + reach]
            if part.size == 0:
                continue
            down, across = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
            near = np.exp(-((across - x) ** 2 + (down - y) ** 2) / size**2)
            part += ((spot.cel - part) * np.clip(near * 1.15, 0, 1)).astype(np.float32)

    def _sensed(self, picture: NDArray[np.uint8], at_s: float) -> NDArray[np.uint8]:
        """Send the picture through what hangs before the lens, the weather and the sensor."""
        dark, inside_ = self.light == "night", self.ground.kind in {"hall", "room"}
        rng = self._rng(at_s, 0)
        if self.occlusion:
            air.with_foliage(picture, self.seed, at_s)
        if self.rain and not inside_:
            picture = air.with_rain(picture, rng, dark=dark)
        if self.glare:
            picture = air.with_glare(picture, self.seed)
        picture = np.asarray(cv2.GaussianBlur(picture, (3, 3), 0.7), dtype=np.uint8)
        return air.with_grain(picture, 6.5 if dark else 2.4, rng)


def _queue_m(standing: list[Vehicle], at_s: float) -> float:
    """Give the length from the first to the last of those that stand, lane by lane the longest."""
    if not standing:
        return 0.0
    turn = math.radians(standing[0].heading_deg)
    way = np.array([math.sin(turn), math.cos(turn)])
    along: Any = np.array([v.place(at_s) for v in standing]) @ way
    half = np.array([v.length_m / 2 for v in standing])
    return float((along + half).max() - (along - half).min())
