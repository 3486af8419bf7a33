"""Rain, wind and sea at any place and time of a story: smooth, seeded, the same every time."""

from __future__ import annotations

import math
import zlib
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cop.model.geometry import Position
from cop.model.site import Site
from workers.simulate.story import Cell, Story

Numbers = NDArray[np.float64]

KM_PER_DEG_LAT: Final = 111.2
KM_PER_DEG_LON: Final = 102.8
STEP: Final = timedelta(minutes=3)
"""Rain is summed up in steps of this length."""

_EXPOSED: Final = {
    "Waglan Island": 1.75,
    "Tate's Cairn": 1.6,
    "Ngong Ping": 1.62,
    "Cheung Chau": 1.5,
    "Green Island": 1.55,
    "Sha Chau": 1.35,
    "Tap Mun": 1.3,
    "Stanley": 1.2,
    "Kowloon City": 0.6,
    "King's Park": 0.6,
    "Ta Kwu Ling": 0.6,
    "Shek Kong": 0.65,
    "Sha Tin": 0.6,
}


def noise(word: str) -> float:
    """Give a number from 0 to 1 that belongs to *word*."""
    return zlib.crc32(word.encode()) / 0xFFFFFFFF


def _strength(cell: Cell, moment: datetime) -> float:
    """Give 0 to 1: growth in the first and fading in the last fifth of its life."""
    share = (moment - cell.start) / (cell.end - cell.start)
    return max(0.0, min(1.0, share * 5, (1 - share) * 5))


def rain_rate(story: Story, places: Numbers, moment: datetime) -> Numbers:
    """Give mm/h at *places* (rows of longitude, latitude)."""
    rate = np.zeros(len(places))
    for cell in story.cells:
        strength = _strength(cell, moment) if cell.start < moment < cell.end else 0.0
        if strength <= 0:
            continue
        share = (moment - cell.start) / (cell.end - cell.start)
        lon = cell.begin[0] + (cell.finish[0] - cell.begin[0]) * share
        lat = cell.begin[1] + (cell.finish[1] - cell.begin[1]) * share
        east = (places[:, 0] - lon) * KM_PER_DEG_LON
        north = (places[:, 1] - lat) * KM_PER_DEG_LAT
        rate += cell.peak_mm_h * strength * np.exp(-(east**2 + north**2) / (2 * cell.radius_km**2))
    turn = moment.timestamp() / 1100
    ripple = 1 + 0.2 * np.sin(places[:, 0] * 260 + places[:, 1] * 190 + turn)
    wet: Numbers = np.where(rate > 0.15, rate * ripple, 0.0)
    return wet


def rain_sum(story: Story, places: Numbers, until: datetime, span: timedelta) -> Numbers:
    """Give the mm that fell at *places* in *span* up to *until*."""
    steps = max(1, int(span / STEP))
    total = np.zeros(len(places))
    for step in range(steps):
        total += rain_rate(story, places, until - span + (step + 0.5) * (span / steps))
    summed: Numbers = total * (span / timedelta(hours=1)) / steps
    return summed


def place_of(site: Site) -> Position:
    """Give the place of a site that is a point; raises ValueError when it is none."""
    if site.geometry.type != "Point":
        raise ValueError(f"{site.key} is not a point")
    return site.geometry.coordinates


def rows(places: list[Position]) -> Numbers:
    """Make rows of longitude and latitude."""
    return np.array(places, dtype=np.float64).reshape(-1, 2)


def rain_at(story: Story, place: Position, moment: datetime) -> float:
    """Give mm/h at one place."""
    return float(rain_rate(story, rows([place]), moment)[0])


def wind_at(story: Story, station: str, moment: datetime) -> tuple[float, float, float]:
    """Give mean wind in km/h, gust in km/h and degrees it comes from, at a station."""
    exposure = _EXPOSED.get(station, 0.7 + 0.45 * noise(station))
    wave = math.sin(moment.timestamp() / 1700 + 6 * noise(station))
    mean = max(0.0, story.wind_kmh.at(moment) * exposure * (1 + 0.08 * wave))
    gust = mean * (1.32 + 0.16 * noise(f"gust {station}")) + 4
    turned = story.wind_from_deg.at(moment) + 30 * (noise(f"veer {station}") - 0.5)
    return mean, gust, turned % 360


def tide_at(station: str, moment: datetime) -> float:
    """Give the astronomical tide in metres above chart datum: synthetic, four constituents."""
    hours = moment.timestamp() / 3600
    lag = 0.6 * noise(f"tide {station}")
    constituents = ((0.40, 12.4206, 1.2), (0.16, 12.0, 0.4), (0.36, 23.9345, 2.9), (0.29, 25.82, 0))
    return 1.38 + sum(
        height * math.cos(2 * math.pi * (hours - lag) / period + phase)
        for height, period, phase in constituents
    )


def sea_level_at(story: Story, station: str, moment: datetime) -> float:
    """Give the sea level in metres above chart datum: tide and surge."""
    amplified = {"Tai Po Kau": 1.25, "Tsim Bei Tsui": 1.2, "TPK": 1.25, "TBT": 1.2}
    return tide_at(station, moment) + story.surge_m.at(moment) * amplified.get(station, 1.0)


def rounded(value: float, digits: int = 1) -> Any:
    """Round for JSON: a whole number where there are no decimals."""
    return round(value) if digits == 0 else round(value, digits)
