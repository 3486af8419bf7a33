"""People as what differs from the place without anybody. Needs no weights; for visible frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.model.sight import Unknown
from workers.vision.counting import Count, Counted
from workers.vision.detectors.backdrop import Backdrop, edge_strength, furthest
from workers.vision.detectors.judging import judge, reckon
from workers.vision.detectors.silhouettes import Silhouettes, Spread, enlarged, typical
from workers.vision.frame import Frame, Mask, Pixels
from workers.vision.ground import View
from workers.vision.plan import CameraPlan

AGREE: Final = 12.0
"""Looks that differ by no more than this (of 255) show the same surface."""

APART: Final = 13.0
"""Difference from the place (of 255) from which it is something; or four times the noise."""

SHADOW: Final = (0.45, 0.97)
"""Brightness of a shadow against the place: a cloudy sky lights about half of what the sun does."""

SHADOW_HUE: Final = 0.05
"""By so much the colours of a shadow may differ from the place, as shares of its brightness."""

SWITCHED: Final = 0.3
"""If this share more of the frame differs than at the look before, without any new edges, the
light has changed."""

BRIGHTER: Final = 1.6
"""So also if everything is brighter or darker by this factor."""

NEW_EDGES: Final = 1.25
"""People bring edges: by so much there are more of them than the place has; light brings none."""

DARK: Final = 14.0
DAZZLED: Final = 205.0
"""Below and above this (of 255) nothing can be told of a pixel."""

DEEPEST: Final = 2.3
"""People one behind another from which it is too crowded to tell: nine tenths are covered."""

AT_ONCE: Final = timedelta(seconds=1)
"""Frames so close to each other show people at nearly the same places."""

FULL: Final = 0.8
"""Share of the view of a zone that people and the gaps between them cover, from which it is too
crowded to tell. The gaps are filled because clothes like the ground look like gaps."""

LEAST_LEARNED: Final = 0.8
"""Share of the surroundings of the zones that must be learned."""

SIZE_ERROR: Final = 0.22
"""What is not known of how large people look, with their bags, and of clothes like the ground."""


class Background:
    """Counts by what differs from the place; see the module."""

    method = "background"

    def __init__(self, plan: CameraPlan, view: View) -> None:
        """Begin to learn the place."""
        self._plan = plan
        self._bodies = Silhouettes(view)
        self._near = enlarged(self._bodies.near, view.size)
        self._backdrop = Backdrop(AGREE)
        self._apart = 0.0
        self._across = typical(view.person_sizes[1][self._near])
        self._body = typical(view.body_px2()[self._near])

    def count(self, frames: Sequence[Frame]) -> Counted:
        """Count in the last of *frames*; unknown while the place is being learned."""
        frame = frames[-1]
        picture = cv2.GaussianBlur(_now(frames), (3, 3), 0).astype(np.float32)
        if self._backdrop.values is None:
            self._backdrop.learn(picture, frame.at)
            if self._backdrop.values is None or not self._enough():
                self._backdrop.values = None
                return self._all(Unknown.LEARNING)
            self._backdrop.settle()
        place, gain = self._lit(picture)
        apart = self._differs(picture, place)
        share = float(apart.mean())
        if not 1 / BRIGHTER < gain < BRIGHTER or (
            share > self._apart + SWITCHED and _edges(picture, place, apart) < NEW_EDGES
        ):
            self._backdrop.restart()
            self._backdrop.learn(picture, frame.at)
            self._apart = 0.0
            return self._all(Unknown.LEARNING)
        self._apart = share
        told = _told(picture) & _told(place)
        who = self._people(picture, place, apart & told)
        self._backdrop.follow(picture, ~_wider(apart, 3) & told, frame.at)
        bodies = self._bodies
        seen = bodies.blocks(told & self._backdrop.known)
        full = bodies.blocks(_closed(who, round(self._across / 2)))
        zones = {
            key: self._judged(spread, bodies.share(key, full, seen))
            for key, spread in bodies.spread(bodies.blocks(who), seen).items()
        }
        return Counted(zones, who)

    def _all(self, why: Unknown) -> Counted:
        return Counted(dict.fromkeys(self._bodies.within, Count(None, unknown=why)))

    def _enough(self) -> bool:
        known = self._backdrop.known[self._near]
        return bool(known.size) and float(known.mean()) >= LEAST_LEARNED

    def _judged(self, spread: Spread, full: float) -> Count:
        """Give the count of a zone of whose view people and gaps between them fill *full*."""
        if spread.depth > DEEPEST or full > FULL:
            return Count(None, unknown=Unknown.CROWDED)
        people = float(spread.people.sum())
        estimate = reckon(people, spread.depth, spread.seen, sizes=SIZE_ERROR)
        return judge(estimate, spread.seen, self._plan.detector.confidence)

    def _lit(self, picture: NDArray[Any]) -> tuple[NDArray[np.float32], float]:
        """Give the place in the light of *picture*, and how much brighter that is."""
        place = self._backdrop.values
        assert place is not None  # noqa: S101 - learned before
        ratio = np.log((picture[::3, ::3] + 4) / (place[::3, ::3] + 4))
        plain = self._backdrop.known[::3, ::3] & (furthest(picture[::3, ::3]) < DAZZLED)
        gains = [np.exp(_most(ratio[..., c][plain])) if plain.any() else 1.0 for c in range(3)]
        lit = (place + 4) * np.array(gains, np.float32) - 4
        return lit.astype(np.float32), float(np.mean(gains))

    def _differs(self, picture: NDArray[Any], place: NDArray[Any]) -> Mask:
        off = furthest(picture - place)
        # the lens blurs edges: half of the way to somebody is where somebody ends
        edge = 0.4 * cv2.dilate(np.minimum(off, 50), np.ones((5, 5), np.uint8))
        return np.asarray(off > np.maximum(np.maximum(APART, 4 * self._backdrop.noise), edge), bool)

    def _people(self, picture: NDArray[Any], place: NDArray[Any], apart: Mask) -> Mask:
        """Leave out shadows, specks and light; fill gaps."""
        ratio = (picture + 4) / (place + 4)
        mean = (ratio[..., 0] + ratio[..., 1] + ratio[..., 2]) / 3
        hue = furthest(ratio - mean[..., None])
        shadow = (mean > SHADOW[0]) & (mean < SHADOW[1]) & (hue < SHADOW_HUE * mean)
        who = (apart & ~shadow & self._near).astype(np.uint8)
        thin = np.ones((1, max(2, round(self._across / 6))), np.uint8)  # rain is thin, legs are not
        who = cv2.morphologyEx(who, cv2.MORPH_OPEN, thin)
        who = _closed(who, round(self._across / 8)).astype(np.uint8)
        return self._backdrop.without_holes(picture, place, who, 0.08 * self._body)


def _told(picture: NDArray[Any]) -> Mask:
    """Give the pixels that are neither dark, with what is around them, nor dazzled."""
    dark, bright = _range(picture)
    return np.asarray((cv2.blur(bright, (15, 15)) > DARK) & (dark < DAZZLED), bool)


def _now(frames: Sequence[Frame]) -> Pixels:
    """Give the last frame without what is in one of the last three only: rain, noise."""
    last = [one.pixels for one in frames[-3:] if frames[-1].at - one.at <= AT_ONCE]
    if len(last) < 3:
        return np.asarray(frames[-1].pixels, np.uint8)
    low, high = np.minimum(last[0], last[1]), np.maximum(last[0], last[1])
    return np.asarray(np.maximum(low, np.minimum(high, last[2])), np.uint8)


def _range(picture: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give the lowest and the highest of each pixel's colours."""
    blue, green, red = picture[..., 0], picture[..., 1], picture[..., 2]
    low = np.minimum(np.minimum(blue, green), red)
    return low, np.maximum(np.maximum(blue, green), red)


def _edges(picture: NDArray[Any], place: NDArray[Any], where: Mask) -> float:
    """Give how many times more edges *picture* has there than *place*."""
    before = float(edge_strength(place)[where].mean())
    return float(edge_strength(picture)[where].mean()) / max(before, 1e-3)


def _closed(mask: NDArray[Any], by: int) -> Mask:
    kernel = np.ones((max(2, by), max(2, by)), np.uint8)
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel), bool)


def _wider(mask: Mask, by: int) -> Mask:
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel), bool)


def _most(values: NDArray[Any]) -> float:
    """Give the value that most are near."""
    bins, edges = np.histogram(values, bins=200, range=(-2.0, 2.0))
    smooth = np.convolve(bins, np.ones(5), "same")
    best = int(smooth.argmax())
    return float((edges[best] + edges[best + 1]) / 2)
