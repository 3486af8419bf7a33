"""People drawn from their poses: clothed in visible light, by temperature in thermal."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.simulate.sights.poses import Poses
from workers.simulate.sights.solids import SHIFT, fixed

_UNIT: Final = 1 << SHIFT

CLOTHES: Final = np.array(
    [
        (225, 225, 222), (205, 208, 210), (60, 58, 56), (38, 36, 40), (34, 30, 30), (48, 44, 42),
        (86, 58, 40), (110, 72, 48), (140, 122, 100), (150, 150, 155), (104, 104, 108),
        (118, 122, 126), (62, 62, 130), (92, 118, 88), (96, 116, 148), (150, 160, 178),
        (72, 88, 70), (70, 130, 165), (160, 132, 156), (52, 50, 96), (168, 160, 120),
        (80, 84, 92),
    ]
)  # fmt: skip
TROUSERS: Final = np.array(
    [(70, 52, 40), (40, 38, 38), (98, 82, 66), (92, 100, 110), (60, 60, 62), (126, 134, 142)]
)
SKIN: Final = np.array([(140, 170, 215), (120, 150, 200), (160, 185, 225), (90, 120, 165)])
HAIR: Final = np.array([(25, 22, 22), (40, 35, 35), (70, 70, 75), (30, 40, 60), (150, 150, 150)])
UMBRELLAS: Final = np.array(
    [(50, 45, 45), (96, 58, 44), (52, 52, 130), (150, 150, 155), (70, 98, 70), (170, 156, 186)]
)


def _pick(table: NDArray[Any], trait: NDArray[Any]) -> list[tuple[int, ...]]:
    return [tuple(row) for row in table[(trait * len(table)).astype(int)].tolist()]


class Dressed:
    """People ready to be drawn in visible light, one after another."""

    def __init__(self, people: Poses, *, umbrellas: float = 0.0) -> None:
        """Dress *people*; a share of them has umbrellas."""
        traits = people.traits
        spread = np.floor(traits * 64) / 64
        again = (traits - spread) * 64
        self._people = people
        self._torso = fixed(people.torso)
        self._legs = fixed(np.stack([people.hips[:, None].repeat(2, 1), people.knees], axis=2))
        self._shins = fixed(np.stack([people.knees, people.feet], axis=2))
        self._arms = fixed(np.stack([people.torso[:, [1, 5]], people.hands], axis=2))
        self._head = fixed(people.head)
        self._cover = fixed(people.cover)
        self._coat = _pick(CLOTHES, traits[:, 6])
        self._dark = [tuple(int(part * 0.72) for part in coat) for coat in self._coat]
        self._legwear = _pick(TROUSERS, traits[:, 7])
        self._skin = _pick(SKIN, again[:, 6])
        self._hair = _pick(HAIR, again[:, 7])
        self._umbrella = _pick(UMBRELLAS, again[:, 5])
        self._covered = (again[:, 4] < umbrellas).tolist()
        self._bare = (again[:, 3] < 0.35).tolist()
        self._bag = (again[:, 2] < 0.4).tolist()
        self._scale = people.px_per_m.tolist()
        self._facing = people.facing.tolist()
        self._flat = people.flatness.tolist()

    def draw(self, picture: NDArray[np.uint8], one: int) -> None:
        """Draw one of them."""
        scale, coat, smooth = self._scale[one], self._coat[one], cv2.LINE_AA
        thick = max(1, round(0.14 * scale))
        lower = self._skin[one] if self._bare[one] else self._legwear[one]
        for leg, shin in zip(self._legs[one], self._shins[one], strict=True):
            cv2.line(picture, leg[0], leg[1], self._legwear[one], thick, smooth, SHIFT)
            cv2.line(picture, shin[0], shin[1], lower, max(1, thick - 1), smooth, SHIFT)
        detailed = scale > 16
        if detailed:
            arm = max(1, round(0.085 * scale))
            for line in self._arms[one]:
                cv2.line(picture, line[0], line[1], self._dark[one], arm, smooth, SHIFT)
        torso = self._torso[one]
        cv2.fillConvexPoly(picture, torso, coat, smooth, SHIFT)
        if detailed:
            cv2.fillConvexPoly(picture, torso[[3, 4, 5, 6, 7]], self._dark[one], smooth, SHIFT)
            if self._bag[one]:
                middle = (torso[7] * 2 + torso[6]) // 3
                radius = int(0.13 * scale * _UNIT)
                cv2.circle(picture, middle.tolist(), radius, self._umbrella[one], -1, smooth, SHIFT)
        radius = int(0.12 * scale * _UNIT)
        at = self._head[one].tolist()
        cv2.circle(picture, at, radius, self._hair[one], -1, smooth, SHIFT)
        if self._facing[one] > -0.25:
            low = int(0.05 * scale * _UNIT * (0.6 + self._flat[one]))
            face = (at[0], at[1] + low)
            cv2.circle(picture, face, int(radius * 0.8), self._skin[one], -1, smooth, SHIFT)
        if self._covered[one]:
            self._hold_umbrella(picture, one)

    def _hold_umbrella(self, picture: NDArray[np.uint8], one: int) -> None:
        scale, colour = self._scale[one], self._umbrella[one]
        wide = 0.46 * scale * _UNIT
        high = wide * (0.35 + 0.65 * self._flat[one])
        at = self._cover[one].tolist()
        size = (int(wide), int(high))
        cv2.ellipse(picture, at, size, 0, 0, 360, colour, -1, cv2.LINE_AA, SHIFT)
        rim = tuple(int(part * 0.7) for part in colour)
        cv2.ellipse(picture, at, size, 0, 20, 160, rim, 1, cv2.LINE_AA, SHIFT)


class Warm:
    """People ready to be drawn by temperature, one after another."""

    def __init__(self, people: Poses, *, wet: bool, scale: float, umbrellas: float = 0.0) -> None:
        """Warm *people*, cooler where *wet*; they are drawn *scale* times as large."""
        traits = people.traits
        again = traits * 64 - np.floor(traits * 64)
        cooled = 2.2 if wet else 0.0
        self._torso = fixed(people.torso, scale)
        self._legs = fixed(
            np.stack([people.hips[:, None].repeat(2, 1), people.knees], axis=2), scale
        )
        self._shins = fixed(np.stack([people.knees, people.feet], axis=2), scale)
        self._head = fixed(people.head, scale)
        self._cover = fixed(people.cover, scale)
        self._coat = (27.0 + 4.0 * again[:, 0] - cooled).tolist()
        self._legwear = (26.6 + 3.2 * again[:, 1] - cooled).tolist()
        self._skin = (33.0 + 2.0 * again[:, 2] - cooled / 3).tolist()
        self._hair = (30.6 + 2.0 * again[:, 3] - cooled / 2).tolist()
        self._bare = (again[:, 3] < 0.35).tolist()
        self._covered = (again[:, 4] < umbrellas).tolist()
        self._scale = (people.px_per_m * scale).tolist()
        self._facing = people.facing.tolist()
        self._flat = people.flatness.tolist()
        self._wet_cel = 23.0

    def draw(self, picture: NDArray[np.float32], one: int) -> None:
        """Draw one of them into a picture of °C."""
        scale = self._scale[one]
        thick = max(1, round(0.14 * scale))
        lower = self._skin[one] - 1.5 if self._bare[one] else self._legwear[one]
        for leg, shin in zip(self._legs[one], self._shins[one], strict=True):
            cv2.line(picture, leg[0], leg[1], self._legwear[one], thick, cv2.LINE_8, SHIFT)
            cv2.line(picture, shin[0], shin[1], lower, max(1, thick - 1), cv2.LINE_8, SHIFT)
        cv2.fillConvexPoly(picture, self._torso[one], self._coat[one], cv2.LINE_8, SHIFT)
        radius = int(0.12 * scale * _UNIT)
        at = self._head[one].tolist()
        cv2.circle(picture, at, radius, self._hair[one], -1, cv2.LINE_8, SHIFT)
        low = int(0.05 * scale * _UNIT * (0.6 + self._flat[one]))
        if self._facing[one] > -0.25:
            face = (at[0], at[1] + low)
            cv2.circle(picture, face, int(radius * 0.8), self._skin[one], -1, cv2.LINE_8, SHIFT)
        else:
            nape = (at[0], at[1] + int(radius * 0.9))
            cv2.circle(picture, nape, int(radius * 0.45), self._skin[one], -1, cv2.LINE_8, SHIFT)
        if self._covered[one]:
            wide = 0.46 * scale * _UNIT
            size = (int(wide), int(wide * (0.35 + 0.65 * self._flat[one])))
            at = self._cover[one].tolist()
            cv2.ellipse(picture, at, size, 0, 0, 360, self._wet_cel, -1, cv2.LINE_8, SHIFT)


def cast_shadows(mask: NDArray[np.uint8], people: Poses, *, long: bool, scale: float) -> None:
    """Darken *mask* (drawn *scale* times as large) where people's shadows fall."""
    spots, tips = fixed(people.spot, scale), fixed(people.shade, scale)
    for spot, tip, size in zip(spots, tips, (people.px_per_m * scale).tolist(), strict=True):
        wide = max(1, round(0.34 * size))
        if long:
            cv2.line(mask, spot, tip, 92, wide, cv2.LINE_AA, SHIFT)
        half = (int(0.3 * size * _UNIT), int(0.14 * size * _UNIT))
        cv2.ellipse(mask, spot.tolist(), half, 0, 0, 360, 120, -1, cv2.LINE_AA, SHIFT)
