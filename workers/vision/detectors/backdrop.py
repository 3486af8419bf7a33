"""How a place looks without anybody, learned from a place that is never empty.

Of a number of looks each pixel keeps what it showed most often (the mode over time): people differ
from each other and move on, the ground stays what it is. So the place need not be empty, as long as
each of its pixels is uncovered in about a third of the looks. A pixel for which no three looks
agree is not known, and nothing is counted by it.

Once learned, it follows slow changes only where it sees the ground; whoever stands there is never
taken into it, however long, unless a pixel has not changed at all for `STILL_S`: nobody stands that
still, so it is a thing that was left there. What differs but has no edges that the place has not is
light, or a hole where somebody stood while it was learned: that is taken in at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision.frame import Mask

LEAST_LOOKS: Final = 12
"""From so many looks the place is learned, if enough of it can be told from them."""

MOST_LOOKS: Final = 20
"""So many are kept while it is being learned."""

LEAST_APART_S: Final = 4.0
"""Looks closer to each other than this show the same people at the same places."""

AGREE: Final = 3
"""So many looks must agree on a pixel."""

AGREE_SHARE: Final = 0.3
"""And at least this share of all looks."""

FOLLOWS: Final = 0.1
"""Share of the difference that is taken in at each look where the ground is seen."""

STILL_S: Final = 12 * 3600.0
"""What has not changed for so long is no person."""

FEWER_EDGES: Final = 0.9
"""What differs from the place with so many times its edges is no person but a hole in what was
learned."""

_BAND: Final = 64
"""Looks are compared so many rows at a time, which takes less memory."""

Values = NDArray[np.float32]
"""Height × width × channels."""


class Backdrop:
    """The place without anybody.

    Attributes:
        values: how it looks, or None while it is being learned.
        known: the pixels of which that is known.
        noise: one standard deviation of a value at each pixel.
    """

    def __init__(self, tolerance: float) -> None:
        """Begin to learn; values that differ by no more than *tolerance* agree."""
        self.values: Values | None = None
        self.known: Mask = np.zeros((0, 0), bool)
        self.noise: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._tolerance = tolerance
        self._looks: list[NDArray[np.float16]] = []
        self._last: datetime | None = None
        self._held: NDArray[np.float16] | None = None
        self._since: NDArray[np.float32] | None = None
        self._begun: datetime | None = None

    def restart(self) -> None:
        """Forget everything: the place looks different now."""
        self.__init__(self._tolerance)  # type: ignore[misc]

    def learn(self, picture: Values, at: datetime) -> None:
        """Take one more look at the place."""
        if self._last is not None and abs((at - self._last).total_seconds()) < LEAST_APART_S:
            return
        self._last = at
        self._looks = [*self._looks[1 - MOST_LOOKS :], picture.astype(np.float16)]
        if len(self._looks) >= LEAST_LOOKS:
            self._find()

    def settle(self) -> None:
        """Stop learning: what is known is enough. From now on `follow` keeps it up."""
        self._looks = []

    def follow(self, picture: Values, ground: Mask, at: datetime) -> None:
        """Take in slow changes, where *picture* shows the *ground*, and things left behind."""
        if self.values is None:
            return
        np.copyto(
            self.values,
            self.values + FOLLOWS * (picture - self.values),
            where=ground[..., None],
        )
        if self._held is None or self._since is None or self._begun is None:
            self._held, self._begun = picture.astype(np.float16), at
            self._since = np.zeros(ground.shape, np.float32)
            return
        now = np.float32((at - self._begun).total_seconds())
        moved = furthest(picture - self._held) > self._tolerance
        self._since[moved | ground] = now
        np.copyto(self._held, picture, where=moved[..., None], casting="same_kind")
        self.take_in(picture, now - self._since > STILL_S)

    def take_in(self, picture: Values, where: Mask) -> None:
        """Take what *picture* shows there for the place."""
        if self.values is not None:
            self.values[where] = picture[where]
            self.known[where] = True

    def without_holes(
        self, picture: Values, place: Values, who: NDArray[np.uint8], least_px: float
    ) -> Mask:
        """Leave out of *who* specks and what has fewer edges than *place*, and take that in.

        Args:
            picture: what is seen.
            place: the same without anybody, in the same light.
            who: where the two differ.
            least_px: pixels of the smallest part that is kept.
        """
        _, labels, stats, _ = cv2.connectedComponentsWithStats(who)
        large = stats[:, cv2.CC_STAT_AREA] > least_px
        large[0] = False
        edges = np.bincount(labels.ravel(), edge_strength(picture).ravel())
        before = np.bincount(labels.ravel(), edge_strength(place).ravel())
        hole = edges < FEWER_EDGES * before
        self.take_in(picture, (hole & large)[labels])
        return np.asarray((large & ~hole)[labels], bool)

    def _find(self) -> None:
        """Find of each pixel what most looks agree on."""
        looks = np.stack(self._looks)
        agree = np.concatenate(
            [
                _agreeing(looks[:, rows : rows + _BAND], self._tolerance)
                for rows in range(0, looks.shape[1], _BAND)
            ],
            axis=1,
        )
        best = agree.argmax(axis=0)
        most = np.take_along_axis(agree, best[None], axis=0)[0]
        chosen = np.take_along_axis(looks, best[None, :, :, None], axis=0)[0].astype(np.float32)
        sums, squares = np.zeros_like(chosen), np.zeros(chosen.shape[:2], np.float32)
        for look in looks:
            off = look.astype(np.float32) - chosen
            with_it = furthest(off) <= self._tolerance
            sums += np.where(with_it[..., None], off, 0)
            squares += np.where(with_it, (off**2).mean(axis=2), 0)
        mean = sums / most[..., None]
        spread = squares / most - (mean**2).mean(axis=2)
        self.values = _smooth(chosen + mean, most / len(looks), self._tolerance)
        self.known = most >= max(AGREE, AGREE_SHARE * len(looks))
        typical = float(np.median(spread[self.known])) if self.known.any() else 0.0
        few = np.sqrt(np.maximum(0.5 * spread + 0.5 * typical, 1e-6))
        self.noise = cv2.blur(few.astype(np.float32), (5, 5)).astype(np.float32)


def _agreeing(looks: NDArray[np.float16], tolerance: float) -> NDArray[np.uint8]:
    """Give of each pixel of each look with how many looks it agrees, itself among them."""
    # channel by channel, and not in float16: both are several times slower
    planes = np.ascontiguousarray(np.moveaxis(looks, 3, 0), np.float32)
    agree = np.ones(planes.shape[1:], np.uint8)
    for one in range(len(looks)):
        for other in range(one + 1, len(looks)):
            same = np.abs(planes[:, one] - planes[:, other]).max(axis=0) <= tolerance
            agree[one] += same
            agree[other] += same
    return agree


def edge_strength(picture: Values) -> NDArray[np.float32]:
    """Give how strong edges are at each pixel."""
    whole = picture if picture.shape[2] == 1 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    grey = cv2.GaussianBlur(whole, (5, 5), 0)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down), np.float32)


def _smooth(values: Values, share: NDArray[Any], tolerance: float) -> Values:
    """Take out specks: what few looks agree on and nothing around it is like."""
    around = np.dstack([cv2.medianBlur(values[..., c], 5) for c in range(values.shape[2])])
    speck = (share < 0.7) & (furthest(values - around) > tolerance)
    return np.where(speck[..., None], around, values).astype(np.float32)


def furthest(off: NDArray[Any]) -> NDArray[Any]:
    """Give the largest difference over the channels."""
    # one channel after the other: numpy is slow along a short last axis
    largest = np.abs(off[..., 0])
    for channel in range(1, off.shape[2]):
        largest = np.maximum(largest, np.abs(off[..., channel]))
    return np.asarray(largest)
