"""What the cameras of the exercise see: a station where the rain keeps people, and roads nearby.

On public record: Wong Tai Sin station was flooded that night and part of the Kwun Tong Line was
suspended; Lung Cheung Road was flooded. Synthetic: all the rest. No camera stands where these
stand, and nobody was counted: places, views, people, water, vehicles and heat are made up.

Times in the curves are hours from the midnight of 7 to 8 September.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from workers.scenarios.black_rainstorm_2023.record import DAY_8, START, after
from workers.simulate.sights.backdrop import Floor
from workers.simulate.sights.lens import Lens
from workers.simulate.sights.post import Fault, Post, gone_m
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.things import Block, Gauge, HotSpot, Vehicle, Water
from workers.simulate.sights.walkers import Walker, crowd
from workers.simulate.story import Curve

Room = tuple[float, float, float, float]
"""Metres ahead of a lens: left, right, near, far."""

STEEL: Final = (150, 146, 140)


def _curve(*points: tuple[float, float]) -> Curve:
    return Curve(tuple((DAY_8 + after(hours), value) for hours, value in points))


def _fault(kind: Literal["frozen", "turned", "covered"], start: float, end: float) -> Fault:
    return Fault(kind, DAY_8 + after(start), DAY_8 + after(end))


def _corners(lens: Lens, room: Room) -> tuple[tuple[float, float], ...]:
    left, right, near, far = room
    spots = ((left, near), (right, near), (right, far), (left, far))
    return tuple(lens.ahead(*spot) for spot in spots)


@cache
def _everybody(
    lens: Lens,
    room: Room,
    per_m2: float,
    *,
    heading_deg: float,
    seed: int,
    spread: float,
    margin_m: float,
) -> tuple[Walker, ...]:
    return crowd(
        None,
        _corners(lens, room),
        per_m2,
        heading_deg=heading_deg,
        speed_mps=1.0,
        seed=seed,
        margin_m=margin_m,
        facing_spread_deg=spread,
    )


class People:
    """A group in one place whose number and speed follow curves."""

    def __init__(
        self,
        lens: Lens,
        room: Room,
        per_m2: Curve,
        speed_mps: Curve,
        *,
        turned_deg: float,
        seed: int,
        spread_deg: float = 40.0,
        margin_m: float = 1.0,
    ) -> None:
        """Put people in *room*, who go *turned_deg* to the right of where *lens* looks."""
        heading = (lens.bearing_deg + turned_deg) % 360
        self._per_m2, self._speed = per_m2, speed_mps
        self._most = max(value for _, value in per_m2.points)
        self._walkers = _everybody(
            lens,
            room,
            self._most,
            heading_deg=heading,
            seed=seed,
            spread=spread_deg,
            margin_m=margin_m,
        )

    def at(self, minute: datetime) -> tuple[Walker, ...]:
        """Give who is there in a minute."""
        share = self._per_m2.at(minute) / self._most
        speed = self._speed.at(minute)
        since = (minute - START).total_seconds()
        gone = gone_m(self._speed, START, minute) - speed * since
        here = self._walkers[: round(share * len(self._walkers))]
        return tuple(replace(walker, speed_mps=speed, gone_m=gone) for walker in here)


def _post(block: tuple[float, float], lens: Lens, size: tuple[float, float, float]) -> Block:
    east, north = lens.ahead(*block)
    return Block(east, north, lens.bearing_deg, *size, colour=STEEL)


# The concourse of the station, from both ends: the gates in light, queue and stairs by warmth.
GATES: Final = Lens(838006.0, 822528.0, 6.5, 78.0, 28.0, 64.0)
QUEUE: Final[Room] = (0.5, 5.5, 8.5, 18.0)
PASSAGE: Final[Room] = (-5.5, -1.5, 7.5, 19.0)
STAIRS: Final[Room] = (7.5, 11.0, 9.0, 17.0)
_BACK_EAST, _BACK_NORTH = GATES.ahead(5.5, 29.0)
STAIRWAY: Final = Lens(_BACK_EAST, _BACK_NORTH, 7.5, 258.0, 30.0, 62.0)
_HALL_EAST, _HALL_NORTH = GATES.ahead(2.0, 14.0)
HALL: Final = Floor("hall", _HALL_EAST, _HALL_NORTH, 78.0, 13.0, 33.0)
_QUEUED: Final = _curve(
    (-1.4, 0.35), (-1.0, 0.8), (-0.5, 2.2), (0.0, 3.9), (0.4, 5.0), (1.4, 4.8), (2.2, 2.2),
    (3.2, 0.5), (6.5, 0.3), (9.0, 0.9), (12.0, 0.4),
)  # fmt: skip
_QUEUE_SPEED: Final = _curve((-1.2, 0.5), (-0.5, 0.25), (-0.1, 0.04), (1.4, 0.04), (2.0, 0.5))
_PASSED: Final = _curve(
    (-1.4, 0.12), (-1.0, 0.35), (-0.4, 1.0), (0.1, 1.6), (0.8, 1.5), (1.6, 0.7), (3.0, 0.1),
    (8.0, 0.3), (12.0, 0.25),
)  # fmt: skip
_PASSAGE_SPEED: Final = _curve((-1.2, 1.2), (-0.4, 0.8), (0.1, 0.35), (1.2, 0.5), (2.0, 1.1))
_CLIMBED: Final = _curve((-1.4, 0.2), (-0.6, 0.9), (0.2, 2.0), (1.0, 2.4), (2.0, 0.9), (3.2, 0.1))
_STAIRS_SPEED: Final = _curve((-1.2, 0.6), (0.2, 0.3), (1.0, 0.06), (1.6, 0.1), (2.2, 0.5))


@cache
def _concourse() -> tuple[tuple[People, ...], tuple[Block, ...]]:
    people = (
        People(GATES, QUEUE, _QUEUED, _QUEUE_SPEED, turned_deg=0, seed=71),
        People(GATES, PASSAGE, _PASSED, _PASSAGE_SPEED, turned_deg=180, seed=72),
        People(GATES, STAIRS, _CLIMBED, _STAIRS_SPEED, turned_deg=0, seed=73, spread_deg=10),
    )
    gates = [_post((right, 20.2), GATES, (1.5, 0.28, 1.05)) for right in (0.2, 1.4, 2.6, 3.8, 5.0)]
    columns = [_post(spot, GATES, (0.9, 0.9, 4.2)) for spot in ((-7.2, 12.0), (-7.2, 22.0))]
    machines = [_post((-7.8 + number, 30.5), GATES, (0.7, 0.9, 1.9)) for number in range(4)]
    steps = []
    for number in range(13):
        east, north = GATES.ahead(9.25, 8.6 + number * 0.7)
        shade = (128, 132, 134) if number % 2 else (196, 200, 202)
        steps.append(Block(east, north, 78.0, 0.35, 4.4, 0.02, shade, warmer_cel=0.1))
    rails = [
        _post((right, 8.4 + number * 1.5), GATES, (0.08, 0.08, 1.0))
        for right in (6.9, 11.6)
        for number in range(7)
    ]
    return people, (*gates, *columns, *machines, *steps, *rails)


def _hall(lens: Lens, minute: datetime) -> Scene:
    people, blocks = _concourse()
    walkers = tuple(walker for group in people for walker in group.at(minute))
    return Scene(lens, walkers, blocks=blocks, rain=True, seed=41, floor=HALL)


# A footbridge in the rain, where people meet.
BRIDGE: Final = Lens(838062.0, 822486.0, 7.0, 12.0, 27.0, 56.0)
DECK: Final[Room] = (-2.4, 2.4, 7.5, 23.0)
_OUT: Final = _curve((-1.4, 0.25), (-0.6, 0.6), (0.2, 0.8), (1.6, 0.5), (3.0, 0.08), (9.0, 0.3))
_IN: Final = _curve(
    (-1.4, 0.02), (-0.62, 0.02), (-0.45, 0.6), (0.15, 0.75), (0.35, 0.02), (9, 0.04)
)
_OUT_SPEED: Final = _curve((-1.2, 1.25), (-0.5, 0.8), (0.1, 0.7), (0.5, 1.2))
_IN_SPEED: Final = _curve((-1.2, 1.2), (-0.4, 0.7), (0.3, 1.1))


@cache
def _walking() -> tuple[People, People]:
    return (
        People(BRIDGE, DECK, _OUT, _OUT_SPEED, turned_deg=0, seed=81, spread_deg=20, margin_m=0.3),
        People(
            BRIDGE, (-2.4, 0.4, 7.5, 23.0), _IN, _IN_SPEED, turned_deg=180, seed=82, margin_m=0.3
        ),
    )


def _bridge(minute: datetime) -> Scene:
    out, back = _walking()
    east, north = BRIDGE.ahead(0, 14)
    deck = Floor("bridge", east, north, 12.0, 2.9, 60.0)
    posts = tuple(
        _post((side, 5.0 + 1.5 * number), BRIDGE, (1.5, 0.1, 1.1))
        for side in (-2.9, 2.9)
        for number in range(24)
    )
    walkers = out.at(minute) + back.at(minute)
    rain = minute < DAY_8 + after(16)
    return Scene(
        BRIDGE, walkers, blocks=posts, light=_light(minute), rain=rain, seed=42, floor=deck
    )


def _light(minute: datetime) -> Literal["day", "night"]:
    """Give "night" before 05:50 and "day" after it."""
    return "night" if minute < DAY_8 + after(5.8) else "day"


# The lowest place of a road, with a gauge.
DIP: Final = Lens(837934.0, 822548.0, 7.0, 96.0, 24.0, 54.0)
LOWEST: Final = (0.0, 13.0)
ROADWAY: Final[Room] = (-4.2, 4.2, 9.0, 24.0)
GAUGE_AT: Final = (4.6, 13.0)
GAUGE_CM: Final = 200.0
LEVEL_CM: Final = _curve(
    (-1.1, 0), (-0.8, 8), (-0.6, 17), (0.0, 52), (1.0, 92), (2.0, 128), (3.5, 136), (6.0, 90),
    (9.0, 30), (11.0, 4), (12.0, 0),
)  # fmt: skip


def dip_water(minute: datetime) -> Water:
    """Give the water in the dip in a minute."""
    east, north = DIP.ahead(*LOWEST)
    gauge = Gauge(*DIP.ahead(*GAUGE_AT), GAUGE_CM)
    return Water(east, north, DIP.bearing_deg, 12.0, 60.0, 90.0, LEVEL_CM.at(minute), gauge)


def _dip(minute: datetime) -> Scene:
    east, north = DIP.ahead(0, 13)
    road = Floor("road", east, north, DIP.bearing_deg, 5.2, 48.0)
    cars: tuple[Vehicle, ...] = ()
    if LEVEL_CM.at(minute) < 12:
        cars = tuple(
            Vehicle(
                *DIP.ahead(side, 10 + 30 * number),
                heading_deg=(DIP.bearing_deg + turn) % 360,
                speed_mps=9.1 + 1.3 * number,
                seed=900 + 7 * number + turn,
                span_m=(60.0, 60.0),
            )
            for side, turn in ((-2.6, 0), (2.6, 180))
            for number in range(2)
        )
    rain = minute < DAY_8 + after(16)
    return Scene(
        DIP,
        vehicles=cars,
        water=dip_water(minute),
        light=_light(minute),
        rain=rain,
        seed=43,
        floor=road,
    )


# The road before it, on which vehicles stand back from the closure.
TAILBACK: Final = Lens(837720.0, 822566.0, 14.0, 94.0, 14.0, 36.0)
LANES: Final[Room] = (-6.9, -0.1, 30.0, 112.0)
QUEUE_M: Final = _curve((-0.7, 0), (-0.3, 40), (0.2, 80), (2.0, 80), (3.0, 60), (5.0, 0))
_BUSES: Final = (3, 8)


def _tailback(minute: datetime) -> Scene:
    east, north = TAILBACK.ahead(0, 40)
    road = Floor("road", east, north, TAILBACK.bearing_deg, 7.0, 150.0)
    length, heading = QUEUE_M.at(minute), TAILBACK.bearing_deg
    cars: list[Vehicle] = []
    for lane, right in enumerate((-5.25, -1.75)):
        head = 112.0 - 1.7 * lane
        number = 0
        while True:
            bus = number in _BUSES and lane == 0
            long, high = (11.0, 3.8) if bus else (4.4, 1.5)
            middle = head - long / 2
            if 112.0 - (middle - long / 2) > length:
                break
            wide = 2.5 if bus else 1.8
            place = TAILBACK.ahead(right, middle)
            cars.append(Vehicle(*place, heading, 0.0, long, wide, high, 1000 + 40 * lane + number))
            head = middle - long / 2 - 1.9
            number += 1
        arriving = head - 16.0
        if length < 20:
            cars += _driving(right, 0, 2 + lane, (118.0, 10.0), 12.7)
        elif arriving > 8:
            cars += _driving(right, 0, 1, (arriving, -6.0), 7.0)
    for right, count in ((1.75, 2), (5.25, 3)):
        cars += _driving(right, 180, count, (118.0, 6.0), 11.7)
    rain = minute < DAY_8 + after(16)
    return Scene(
        TAILBACK, vehicles=tuple(cars), light=_light(minute), rain=rain, seed=44, floor=road
    )


def _driving(
    right: float, turn: int, count: int, span: tuple[float, float], speed: float
) -> list[Vehicle]:
    far, near = span
    spots = [near + (far - near) * (number + 0.5) / count for number in range(count)]
    return [
        Vehicle(
            *TAILBACK.ahead(right, at),
            heading_deg=(TAILBACK.bearing_deg + turn) % 360,
            speed_mps=speed,
            seed=1200 + turn + 13 * number + round(right * 10),
            span_m=(far - at, at - near) if turn == 0 else (at - near, far - at),
        )
        for number, at in enumerate(spots)
    ]


# The room with the station's transformers.
POWER: Final = Lens(838020.0, 822545.0, 6.0, 170.0, 33.0, 58.0)
AISLE: Final[Room] = (-4.0, 4.0, 5.5, 11.0)
HOT_CEL: Final = _curve(
    (-1.0, 44), (-0.6, 47), (0.0, 68), (0.5, 94), (1.2, 97), (1.7, 60), (2.5, 42)
)


def _power(minute: datetime) -> Scene:
    east, north = POWER.ahead(0, 8)
    room = Floor("room", east, north, POWER.bearing_deg, 5.5, 13.0)
    boxes = tuple(
        Block(*POWER.ahead(right, 9.0), POWER.bearing_deg, 1.2, 1.5, 2.2, (120, 132, 118), warm)
        for right, warm in ((-3.0, 13.0), (-1.0, 15.0), (1.0, 14.0), (3.0, 12.5))
    )
    hot = HotSpot(*POWER.ahead(-1.0, 8.4), 1.5, 0.42, HOT_CEL.at(minute))
    mending = DAY_8 + after(0.8) < minute < DAY_8 + after(1.5)
    spot = POWER.ahead(0.6, 7.2)
    walkers = (Walker(*spot, 260.0, 0.0, 1.7, 5150),) if mending else ()
    return Scene(POWER, walkers, blocks=boxes, hot_spots=(hot,), seed=45, floor=room)


POSTS: Final[Mapping[str, Post]] = MappingProxyType(
    {
        post.id: post
        for post in (
            Post("wong-tai-sin-gates", GATES, lambda minute: _hall(GATES, minute), START),
            Post(
                "wong-tai-sin-stairs",
                STAIRWAY,
                lambda minute: _hall(STAIRWAY, minute),
                START,
                thermal=True,
            ),
            Post(
                "lung-cheung-footbridge",
                BRIDGE,
                _bridge,
                START,
                faults=(_fault("frozen", 0.7, 1.3),),
            ),
            Post("lung-cheung-dip", DIP, _dip, START),
            Post(
                "lung-cheung-tailback",
                TAILBACK,
                _tailback,
                START,
                faults=(_fault("turned", 0.9, 1.4), _fault("covered", 5.2, 5.6)),
            ),
            Post("wong-tai-sin-power", POWER, _power, START, thermal=True),
        )
    }
)
"""Every camera by its id."""
