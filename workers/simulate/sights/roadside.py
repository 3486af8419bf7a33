"""Snapshots of the simulated roadside cameras: the traffic that the story has there."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import PurePosixPath
from typing import Final

import numpy as np

from workers.simulate import network
from workers.simulate.ask import Ask, local
from workers.simulate.sights.backdrop import Floor
from workers.simulate.sights.caption import burn
from workers.simulate.sights.lens import Lens
from workers.simulate.sights.scene import Scene
from workers.simulate.sights.things import Vehicle, Water
from workers.simulate.story import Story
from workers.simulate.traffic import AT_KM, flow_of_day, speed_factors
from workers.simulate.weather import noise, rain_at, rain_sum, rows

SIZE: Final = (320, 240)
"""Of the publisher's own pictures."""
SEEN_M: Final = 110.0
"""So far vehicles are drawn."""

_DAYLIGHT: Final = (5.9, 18.4)
_HOUR: Final = timedelta(hours=1)
_WET_MM_H: Final = 2.0
_FLOODS_MM: Final = 25.0
"""Rain of an hour that leaves water at a closed place."""


@cache
def _spots() -> dict[str, network.Spot]:
    return dict(network.camera_spots())


def snapshot(story: Story, ask: Ask) -> bytes | None:
    """Give the JPEG of the camera that the path names; None where there is no such camera."""
    key = PurePosixPath(ask.path).stem
    spot = _spots().get(key)
    if spot is None:
        return None
    place, names = rows([spot.place]), [spot.road.name["en"].lower()]
    shares, near = speed_factors(story, place, names, ask.at)
    shut = float(near[0]) < AT_KM
    hour = local(ask.at).hour + local(ask.at).minute / 60
    east, north = network.to_grid(spot.place)
    high = 9.0 + 4.0 * noise(f"{key} height")
    lens = Lens(east, north, high, spot.bearing_deg, 16 + 6 * noise(f"{key} tilt"), 46.0, SIZE)
    lanes = 6 if spot.limit_kmh >= 80 else 4
    aside = 2.0 * (noise(f"{key} aside") - 0.5)
    road = Floor("road", *lens.ahead(aside, 30), spot.bearing_deg, lanes * 1.75, 120.0)
    flooded = shut and float(rain_sum(story, place, ask.at, _HOUR)[0]) > _FLOODS_MM
    dip = lens.ahead(aside, 28)
    scene = Scene(
        lens,
        vehicles=()
        if shut
        else _traffic(key, ask, lens, lanes=lanes, aside=aside, share=float(shares[0])),
        water=Water(*dip, spot.bearing_deg, 16.0, 40.0, 60.0, 45.0) if flooded else None,
        light="day" if _DAYLIGHT[0] < hour < _DAYLIGHT[1] else "night",
        rain=rain_at(story, spot.place, ask.at) > _WET_MM_H,
        seed=round(noise(key) * 1e9),
        floor=road,
        quality=72,
    )
    second = ask.at.timestamp() % 86_400
    return scene.jpeg(second, lambda picture: burn(picture, ask.at, short=True))


def _traffic(
    key: str, ask: Ask, lens: Lens, *, lanes: int, aside: float, share: float
) -> tuple[Vehicle, ...]:
    """Give vehicles on all lanes: the closer together, the slower they go."""
    rng = np.random.default_rng([round(noise(key) * 1e9), round(ask.at.timestamp()) // 60])
    busy = flow_of_day(ask.at)
    found = []
    for lane in range(lanes):
        back = lane >= lanes // 2  # Hong Kong drives on the left
        right = aside + (lane + 0.5 - lanes / 2) * 3.5
        gap = max(2.5, 7.0 + 90.0 * share * (1.1 - busy) + (35.0 if back else 0.0) * share)
        at = float(rng.uniform(10, 14 + gap))
        while at < SEEN_M:
            heavy = rng.random() < 0.16
            size = (10.5, 2.5, 3.7) if heavy else (4.4, 1.8, 1.5)
            heading = (lens.bearing_deg + (180 if back else 0)) % 360
            seed = int(rng.integers(1 << 30))
            found.append(Vehicle(*lens.ahead(right, at + size[0] / 2), heading, 0.0, *size, seed))
            at += size[0] + gap * float(rng.uniform(0.4, 1.6))
    return tuple(found)
