"""The share of a zone's ground that is under water.

How the dry ground looks is learned first. What now has another colour or is lighter, in the light
of the rest of the picture, is under water; what is only darker is wet, or in the shade.

Water spreads beyond a zone, and by day what was learned by lamps looks all different. So a zone
that was seen to flood is looked at in a second way when the first one does not hold: water covers
the ground's own marks (lines, kerbs, joints, stains), which are the same in any light. Where they
are seen again the ground is dry. Without marks the last share stands: what was flooded is so until
the ground is seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from cop.model.sight import Unknown
from workers.vision.frame import Frame, Mask
from workers.vision.ground import View, Zone
from workers.vision.measured import Measured, untold
from workers.vision.reference import (
    DARK,
    Picture,
    Reference,
    in_its_light,
    is_dark_or_dazzled,
    lab,
    marks_in_sight,
    mean_of,
    smaller,
)

LEAST_CHANGE: Final = 5.0
CHANGE_SHARE: Final = 0.18
"""A pixel has changed if its CIE L*a*b* is off by this, and by this share of its own lightness."""

UNEVEN: Final = 8.0
"""If a quarter of the rest of the picture is off by this, the light has changed, not the road."""

OTHER_LIGHT: Final = 1.35
"""If the rest is lighter or darker by this factor, colours cannot be compared either."""

RESTLESS: Final = 30.0
"""Grey levels between frames of one burst that are more than ripples."""

LEAST_TOLD: Final = 0.35
"""Of a zone's area this share must have grain enough."""

DRY_PERCENT: Final = 5.0
"""Only looks with less than this are taken as how the dry ground looks."""

FLOODED_PERCENT: Final = 10.0
"""From here on a zone has been seen to flood."""

HELD_CONFIDENCE: Final = 0.6
"""Of what is told without seeing the water's edge."""

SEEN_AGAIN: Final = 0.8
"""With this share of its marks in sight the ground lies dry."""

_BY_MARKS_PERCENT: Final = 15.0
"""Error of the share told by marks, measured on drawn floods."""

_TOO_HIGH: Final = 0.08
"""Where much is flooded, ground that mirrors the water's light is taken for water."""

_LEAST_REST: Final = 0.08


class Flooded:
    """Tells the flooded share of one zone; it remembers how the dry ground looks."""

    def __init__(self, view: View, zone: Zone) -> None:
        """Measure *zone* in the frames of *view*."""
        self._mask: Mask = smaller(zone.mask) > 0.5
        self._around: Mask = cv2.dilate(self._mask.astype(np.uint8), np.ones((9, 9))) == 0
        self._area = smaller(view.m2)
        self._dry, self._fresh = Reference(), Reference()
        self._last: float | None = None
        self._spread: Mask | None = None

    def look(self, frames: Sequence[Frame]) -> Measured:
        """Measure in *frames*, oldest first.

        Returns:
            The flooded share of the zone, %. Unknown: while the dry ground is learned; in thermal
            frames; in the dark; where light has changed or dazzles and the zone was not flooded
            before.
        """
        if frames[-1].thermal:
            return untold(Unknown.UNSURE)  # water is as warm as the wet ground beside it
        now, usual = mean_of(frames), self._dry.picture
        hidden = is_dark_or_dazzled(now, self._mask)
        if usual is None:
            if hidden:
                return untold(Unknown.HIDDEN)
            self._dry.learn(now, self._mask)
            return untold(Unknown.LEARNING)
        if is_dark(frames):
            return untold(Unknown.HIDDEN)
        found = None if hidden else self._by_colour(frames, now, usual)
        if found is not None:
            return found
        return self._by_marks(None if hidden else marks_in_sight(now, usual, self._mask), now)

    def _by_colour(self, frames: Sequence[Frame], now: Picture, usual: Picture) -> Measured | None:
        """Tell the share by colour and lightness; None: they cannot be compared."""
        rest = self._around
        if self._spread is not None:
            rest = rest & ~self._spread
            if rest.mean() < _LEAST_REST:
                return None
        lit = in_its_light(usual, now, rest)
        known = lab(usual)
        change = lab(lit) - known
        apart = np.linalg.norm(change, axis=2)
        brighter = float(np.median(lit[now > 0] / now[now > 0]))
        if rest.any() and np.quantile(apart[rest], 0.75) > UNEVEN:
            return None  # a lamp or the sun shines in, or the camera is covered
        if self._last is not None and not 1 / OTHER_LIGHT < brighter < OTHER_LIGHT:
            return None
        limit = np.maximum(LEAST_CHANGE, CHANGE_SHARE * known[..., 0])
        # what is only darker is shadow, or wet ground
        other = (change[..., 0] > 0) | (np.hypot(change[..., 1], change[..., 2]) > LEAST_CHANGE)
        wet = cv2.medianBlur(((apart > limit) & other).astype(np.uint8), 5) > 0
        told = self._mask & ~_restless(frames)
        whole = float(self._area[self._mask].sum())
        share_told = float(self._area[told].sum()) / whole
        if share_told < LEAST_TOLD:
            return None
        percent = 100 * float(self._area[wet & told].sum() / self._area[told].sum())
        self._remember(percent, wet)
        if percent < DRY_PERCENT:
            self._dry.learn(now, told & ~wet)
        rim = cv2.morphologyEx(wet.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3))) > 0
        unsure = float(self._area[rim & told].sum()) / whole + (1 - share_told)
        error = math.hypot(max(2.0, 50 * unsure), _TOO_HIGH * percent)
        return Measured(percent, error, share_told)

    def _remember(self, percent: float, wet: Mask) -> None:
        """Keep that, and how far, a zone was seen to flood, until it is seen dry."""
        if percent < DRY_PERCENT:
            self._last = self._spread = None
        elif percent >= FLOODED_PERCENT or self._last is not None:
            self._last = percent
            closed = cv2.morphologyEx(wet.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9)))
            _, parts = cv2.connectedComponents(closed)
            within = np.unique(parts[self._mask & (closed > 0)])
            spread = np.isin(parts, within[within > 0]).astype(np.uint8)
            # at the next look it may reach further
            self._spread = cv2.dilate(spread, np.ones((25, 25))) > 0

    def _by_marks(self, seen: float | None, now: Picture) -> Measured:
        """Tell the share by how many, 0 to 1, of the ground's marks are *seen*; None: unknown."""
        if seen is not None and seen >= SEEN_AGAIN:
            self._fresh.learn(now, self._mask)
            if self._fresh.picture is not None:  # dry for a while, in another light
                self._dry, self._fresh = self._fresh, Reference()
                self._last = self._spread = None
        elif self._last is not None and seen is None:  # at least what was flooded when last seen
            error = max(_BY_MARKS_PERCENT, (100 - self._last) / 2)
            return Measured(self._last, error, HELD_CONFIDENCE)
        if seen is None or self._last is None:
            return untold(Unknown.HIDDEN)
        return Measured(100 * (1 - seen), _BY_MARKS_PERCENT, HELD_CONFIDENCE)


def is_dark(frames: Sequence[Frame]) -> bool:
    """Tell of visible frames whether nearly all of the picture, not a zone alone, is dark."""
    last = frames[-1]
    if last.thermal:
        return False
    return bool(np.median(cv2.cvtColor(mean_of(frames), cv2.COLOR_BGR2GRAY)) < DARK / 2)


def _restless(frames: Sequence[Frame]) -> Mask:
    """Give where something drives or walks through: water only ripples."""
    small = [smaller(frame.pixels).max(axis=2) for frame in frames]
    return np.asarray(np.ptp(np.stack(small), axis=0) > RESTLESS)
