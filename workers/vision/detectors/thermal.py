"""People in thermal frames: warmer or cooler than the ground they stand on, with warm heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.model.sight import Unknown
from workers.vision.counting import Count, Counted
from workers.vision.detectors.backdrop import Backdrop
from workers.vision.detectors.heads import Found, Heads
from workers.vision.detectors.judging import judge, pooled, reckon
from workers.vision.detectors.silhouettes import Silhouettes, Spread, enlarged, steepness, typical
from workers.vision.frame import Celsius, Frame, Mask
from workers.vision.ground import PERSON_M, View
from workers.vision.plan import CameraPlan

BODY_CEL: Final = (22.0, 39.5)
"""Surface of somebody clothed, °C: clothes lie between the air and the skin, skin below 39.5 (fever
and exertion); mean skin temperature in comfort is 33 to 34 (Olesen, Thermal Comfort, 1982)."""

SKIN_CEL: Final = 30.0
"""Ground cooler than this is cooler than a face."""

APART_CEL: Final = 1.0
"""Difference from the ground from which it is something."""

AGREE_CEL: Final = 0.35
"""Looks that differ by no more show the same surface."""

FIRST_SIGHT: Final = 0.3
"""Share of a zone's surroundings of one temperature that is taken for the ground at first."""

CLEAR_CEL: Final = 6.0
"""Ground so much cooler than skin is also clearly cooler than clothes."""

COOLER_CEL: Final = 0.4
"""An umbrella, which mirrors the sky, is at least so much cooler than the ground by night."""

SHADE_CEL: Final = 1.5
"""By so much clothes may be cooler than the coolest ground around, being wet."""

BROAD_M: Final = 0.7
"""Nobody is as broad as this, but an umbrella is."""

MOST_COVERED: Final = 0.18
"""Share of a zone under umbrellas from which nothing is told: each hides more than itself."""

DEEPEST: Final = 3.0
"""Bodies one behind another from which nothing can be told by them: 5 % are uncovered."""

DEEPEST_WITH_HEADS: Final = 1.8
"""The same where heads can be told as well."""

BODY_ERROR: Final = 0.15
HEAD_ERROR: Final = 0.14
"""What is not known of sizes, as shares."""

LEAST_TOLD: Final = 0.5
"""Share of the frame that must have a temperature."""

LEAST_RESOLVED: Final = 0.7
"""Share of a zone in which heads must be large enough to be found."""


class Thermal:
    """Counts by temperature; see the module."""

    method = "thermal"

    def __init__(self, plan: CameraPlan, view: View) -> None:
        """Begin to learn the ground's temperature."""
        self._plan = plan
        self._bodies = Silhouettes(view)
        self._heads = Heads(view)
        self._backdrop = Backdrop(AGREE_CEL)
        self._near = enlarged(self._bodies.near, view.size)
        self._body = typical(view.body_px2()[self._near])
        metre = typical(view.person_sizes[1][self._near]) / PERSON_M[1]
        across = max(3, round(metre * BROAD_M))
        high = max(2, round(across * min(1.0, typical(steepness(view)[self._near]))))
        self._broad = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, high))

    def count(self, frames: Sequence[Frame]) -> Counted:
        """Count in the last of *frames*."""
        frame = frames[-1]
        told = np.isfinite(frame.pixels)
        if told.mean() < LEAST_TOLD:
            return self._all(Unknown.HIDDEN)
        raw: Celsius = np.where(told, frame.pixels, np.median(frame.pixels[told]))
        celsius: Celsius = np.asarray(cv2.GaussianBlur(raw, (3, 3), 0), np.float32)
        if self._backdrop.values is None:
            self._backdrop.learn(celsius[..., None], frame.at)
            if self._backdrop.values is not None:
                self._backdrop.settle()
        ground = self._ground(celsius)
        if ground is None:
            return self._all(Unknown.LEARNING)
        who, seen = self._who(celsius, ground)
        seen &= told
        beside = ~cv2.dilate(who.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
        self._backdrop.follow(celsius[..., None], beside & seen, frame.at)
        blocks = self._bodies
        bodies = blocks.spread(blocks.blocks(who), blocks.blocks(seen))
        right = self._ground(celsius)  # holes in what was learned are mended by now
        heads = self._heads.count(raw, ground if right is None else right, seen)
        cel = typical(ground[self._near])
        return Counted({key: self._judged(bodies[key], heads[key], cel) for key in bodies}, who)

    def _all(self, why: Unknown) -> Counted:
        return Counted(dict.fromkeys(self._bodies.within, Count(None, unknown=why)))

    def _judged(self, body: Spread, head: Found, ground_cel: float) -> Count:
        """Put both ways of counting together."""
        clear = self._heads.skin - ground_cel > CLEAR_CEL
        ways = []
        if head.resolved > LEAST_RESOLVED:
            ways.append(reckon(head.people, head.depth, head.told, sizes=HEAD_ERROR))
        if clear and body.depth < (DEEPEST_WITH_HEADS if ways else DEEPEST):
            people = float(body.people.sum())
            ways.append(reckon(people, body.depth, body.seen, sizes=BODY_ERROR))
        if head.covered > MOST_COVERED:
            return Count(None, unknown=Unknown.HIDDEN)
        if not ways:
            return Count(None, unknown=Unknown.CROWDED)
        return judge(pooled(ways), min(body.seen, head.told), self._plan.detector.confidence)

    def _ground(self, celsius: Celsius) -> Celsius | None:
        """Give the ground's temperature at each pixel; None: not known yet."""
        learned = self._backdrop.values
        if learned is not None:
            off = (celsius - learned[..., 0])[self._backdrop.known]
            drift = np.clip(_most(off, 0.1)[0], -0.5, 0.5) if len(off) else 0.0
            return np.asarray(learned[..., 0] + drift, np.float32)
        here = celsius[self._near]
        if not len(here):
            return None
        cel, share = _most(here, 0.25)
        if share < FIRST_SIGHT or cel > SKIN_CEL - 3:
            return None
        return np.full(celsius.shape, cel, np.float32)

    def _who(self, celsius: Celsius, ground: Celsius) -> tuple[Mask, Mask]:
        """Give the pixels that show people, and those by which that can be told."""
        apart = celsius - ground
        noise = self._backdrop.noise if self._backdrop.values is not None else np.float32(0.3)
        limit = np.maximum(APART_CEL, 4 * noise)
        least, most = BODY_CEL
        edge = 0.4 * cv2.dilate(np.minimum(np.abs(apart), 5), np.ones((5, 5), np.uint8))
        limit = np.maximum(limit, edge)
        warm = (apart > limit) & (celsius < most)
        cool = (apart < -limit) & (celsius > least)
        # an umbrella is cooler than the ground, but so are wet clothes: it is broader; on ground
        # warmed by the sun clothes are cooler as well, but not than ground in the shade
        shade = float(np.quantile(ground[self._near], 0.05)) if self._near.any() else -np.inf
        cooler = np.where(
            ground < SKIN_CEL - 2,
            apart < -np.maximum(COOLER_CEL, 5 * noise),
            celsius < shade - SHADE_CEL,
        )
        broad = cv2.morphologyEx(cooler.astype(np.uint8), cv2.MORPH_OPEN, self._broad)
        covered = (broad > 0) | (celsius < np.minimum(least, ground - 1))
        who = (warm | cool) & ~covered & self._near
        things = _things(who, celsius > most)
        who &= ~things
        if self._backdrop.values is not None:
            place = ground[..., None]
            who = self._backdrop.without_holes(
                celsius[..., None], place, who.astype(np.uint8), 0.05 * self._body
            )
        return who, ~covered & ~things


def _most(values: NDArray[Any], width: float) -> tuple[float, float]:
    """Give the value that most of *values* are near, and the share within four *width* of it."""
    low = float(values.min())
    bins = np.bincount(((values - low) / width).astype(int))
    smooth = np.convolve(bins, np.ones(5), "same")
    best = int(smooth.argmax())
    cel = low + (best + 0.5) * width
    return cel, float((np.abs(values - cel) < 4 * width).mean())


def _things(who: Mask, hot: Mask) -> Mask:
    """Give what is hotter than people are, with what touches it: engines, lamps, stoves."""
    if not hot.any():
        return hot
    _, labels = cv2.connectedComponents((who | hot).astype(np.uint8))
    sizes = np.bincount(labels.ravel())
    heat = np.bincount(labels.ravel(), hot.ravel())
    thing = (heat > 0.1 * sizes)[labels].astype(np.uint8)
    return np.asarray(cv2.dilate(thing, np.ones((7, 7), np.uint8)), bool)
