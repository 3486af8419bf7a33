"""Where things happen on a bad night: known roads, and streets that no table has."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from bench.report_words import ENDINGS, FIRST_PARTS, LOCAL_STREETS, SECOND_PARTS
from cop.model.geometry import LineString, Point, Position, positions
from cop.model.site import Site
from cop.model.text import Text
from cop.reference.tables import default_sites

LON_M: Final = 102_900.0
LAT_M: Final = 110_750.0


class City:
    """Where things can happen: known roads, landmarks, and streets that no table has."""

    def __init__(self) -> None:
        """Read the shipped tables."""
        self.marks = [s for s in default_sites("landmarks") if isinstance(s.geometry, Point)]
        self.roads = [s for s in default_sites("roads") if isinstance(s.geometry, LineString)]
        self.streets = [*LOCAL_STREETS, *_other_streets([site.key for site in self.marks])]
        self._spots = {
            s.key: s.geometry.coordinates for s in self.marks if s.geometry.type == "Point"
        }

    def spot(self, dice: random.Random) -> tuple[Position, Text, bool]:
        """Give a place, the name of its street, and whether that is a dual carriageway."""
        if dice.random() < 0.5:
            english, chinese, mark = dice.choice(self.streets)
            centre = self._spots[mark]
            angle = (hash_of(english) % 360) * math.pi / 180  # each street has its own course
            along = dice.uniform(-450, 450)
            aside = 120 + hash_of(chinese) % 200
            east = along * math.cos(angle) - aside * math.sin(angle)
            north = along * math.sin(angle) + aside * math.cos(angle)
            return moved(centre, east, north), {"en": english, "zh-Hant": chinese}, False
        road = dice.choice(self.roads)
        (x1, y1), (x2, y2) = dice.choice(list(pairwise(positions(road.geometry))))
        share = dice.random()
        at = (x1 + share * (x2 - x1), y1 + share * (y2 - y1))
        return at, dict(road.name), "公路" in road.name.get("zh-Hant", "")

    def near(self, at: Position) -> list[Site]:
        """Give the three landmarks nearest to *at*, if they are within 800 m."""
        ranked = sorted(self.marks, key=lambda s: metres(self._spots[s.key], at))
        return [site for site in ranked[:3] if metres(self._spots[site.key], at) < 800]


def _other_streets(marks: list[str]) -> Iterator[tuple[str, str, str]]:
    """Give a thousand streets that are there every night; some have a namesake elsewhere."""
    dice = random.Random(0)
    for _ in range(1_000):
        parts = [dice.choice(part) for part in (FIRST_PARTS, SECOND_PARTS, ENDINGS)]
        english = " ".join(part[0] for part in parts)
        yield english, "".join(part[1] for part in parts), dice.choice(marks)


def hash_of(words: str) -> int:
    """Give a number for *words* that is the same in every run."""
    return sum(ord(letter) * 31**n for n, letter in enumerate(words[:6]))


def metres(one: Position, other: Position) -> float:
    """Give the distance between two places."""
    return math.hypot((one[0] - other[0]) * LON_M, (one[1] - other[1]) * LAT_M)


def moved(at: Position, east: float, north: float) -> Position:
    """Give the place some metres away from *at*."""
    return (at[0] + east / LON_M, at[1] + north / LAT_M)
