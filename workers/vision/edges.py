"""Where edges run in a camera's picture, and whether they still run where they did.

At each point of a picture 160 wide the direction of the edge is kept as a number on the complex
plane, its angle doubled so that light on dark and dark on light are the same, its length near 1
where there is an edge at all, whatever the contrast. Averaged over looks, what moves fades and what
stands still remains. Correlated with a new picture this gives a sharp peak where the picture lies:
by day and by night, in rain and with a crowd before it. Peaks are measured against the spread of
the rest (peak-to-sidelobe ratio: Bolme et al., "Visual Object Tracking using Adaptive Correlation
Filters", CVPR 2010).

A peak says that something lies where it did: a skyline or a horizon may do so after a turn. So it
is also asked how much of the bold marks (kerbs, lines, posts, lamps at night) is left. Names and
times that cameras write into their pictures would stand still whatever happens: the rows at top and
bottom are left off.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.complex64]

WIDTH: Final = 160
_FAINT: Final = 10.0
_BOLD: Final = 100.0
"""Squared grey levels a point, below which a slope is noise, or is no bold mark."""
_CAPTION: Final = 15
"""One part in so many of the rows is left off at the top, and as many at the bottom."""
_STANDING: Final = 0.3
_MARKED: Final = 0.2
"""Length of the average above which something, or something bold, stands still there."""
_FEWEST: Final = 150
"""Points that must stand still for anything to be said."""
_LOOKS_TO_LEARN: Final = 3
_SLOWLY: Final = 0.05
_REACH: Final = (24, 40)
"""Rows and columns by which the picture may lie elsewhere and be found."""
_NEAR: Final = (4, 6)
"""Around the peak: not counted as the rest."""
_AWAY: Final = 3.0
"""Points, 2 % of the width, from which the picture has moved."""
_CLEAR: Final = 5.5
_LOST: Final = 4.2
"""Peaks above and below which there is no doubt; other places give 1 to 9, own ones 4.5 to 40."""
_TILES: Final = (3, 4)
_BARE: Final = 0.35
_MOST_BARE: Final = 0.6
_DARKER: Final = 0.65
_LOST_IN_EQUAL: Final = 7.0
_LOST_IN_OTHER: Final = 3.4
"""The same in equal light, where the own view has given 8.6 and more, and in another light."""
_ALIKE: Final = 0.75
_EQUAL: Final = 0.88
"""Shares of the usual brightness, or that of it, above which the light is much, or just, as usual:
rain, glare or a crowd that hide much of a place change its light too."""
_LEFT: Final = (0.2, 0.6)
_LEFT_IN_EQUAL: Final = (0.4, 0.4)
_LEFT_AT_ALL: Final = (0.03, 0.5)
"""Shares of the usual marks and peak, both below which the view is another: in alike light, in
equal light, in any.

The own view has kept 0.25 of its marks in alike light, 0.44 of marks or peak in equal light, and
0.06 of its marks in any; a cover leaves nothing.
"""


def run_of_edges(grey: NDArray[np.uint8]) -> Field:
    """Give two fields of a grey picture, `WIDTH` wide, one upon the other: edges, bold ones."""
    height = max(16, round(grey.shape[0] * WIDTH / grey.shape[1]))
    reduced = cv2.resize(grey, (WIDTH, height), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(reduced.astype(np.float32), (0, 0), 1)
    across = np.asarray(cv2.Sobel(small, cv2.CV_32F, 1, 0, scale=0.25), np.float32)
    down = np.asarray(cv2.Sobel(small, cv2.CV_32F, 0, 1, scale=0.25), np.float32)
    slope = across + 1j * down
    square, steep = slope * slope, np.abs(slope) ** 2
    fields = np.asarray([square / (steep + _FAINT), square / (steep + _BOLD)], np.complex64)
    rows = round(height / _CAPTION)
    fields[:, :rows] = fields[:, -rows:] = 0
    return fields


class Edges:
    """The edges that stand still before one camera, learned as it goes."""

    def __init__(self, *, bold: bool = True) -> None:
        """Begin with nothing learned; *bold* marks tell nothing where warmth alone is seen."""
        self._bold = bold
        self._usual: Field | None = None
        self._brightness = 0.0
        self._peak = 0.0
        self._left = 0.0
        self._looks = 0

    def learn(self, edges: Field, brightness: float) -> None:
        """Take in *edges* of a look in no doubt, and the mean grey of its picture."""
        if self._usual is None:
            self._usual = edges.copy()
        if self._looks >= _LOOKS_TO_LEARN:
            peak, _, _ = self._peaks(edges)
            share = max(0.1, 1 / (self._looks - _LOOKS_TO_LEARN + 1))
            self._peak += (peak - self._peak) * share
            self._left += (self._marks_left(edges) - self._left) * share
        self._looks += 1
        share = max(_SLOWLY, 1 / self._looks)
        self._usual += (edges - self._usual) * share
        self._brightness += (brightness - self._brightness) * share

    def wrong(self, edges: Field, brightness: float) -> str:
        """Say in words why *edges* are not this camera's usual view; "" where they are."""
        if self._usual is None or self._looks < _LOOKS_TO_LEARN:
            return ""
        if np.count_nonzero(np.abs(self._usual[0]) > _STANDING) < _FEWEST:
            return ""
        here, best, (down, across) = self._peaks(edges)
        if best >= _CLEAR and here < 0.6 * best and np.hypot(down, across) >= _AWAY:
            percent = 100 * np.hypot(down, across) / WIDTH
            return f"the picture has shifted by {percent:.0f} % of its width: the camera was turned"
        like = min(brightness, self._brightness) / max(1.0, brightness, self._brightness)
        lost = _LOST if like > _ALIKE else _LOST_IN_OTHER
        if like > _EQUAL and self._peak:
            lost = _LOST_IN_EQUAL
        if here < min(lost, 0.5 * self._peak if self._peak else lost) or (
            self._bold and self._peak and self._gone(edges, here, like)
        ):
            return "the picture shows another view than usual: the camera was turned, or is covered"
        if brightness >= _DARKER * self._brightness and self._bare(edges) >= _MOST_BARE:
            return "most of what usually stands in the picture is gone: the lens is covered"
        return ""

    def _gone(self, edges: Field, here: float, like: float) -> bool:
        """Tell whether marks and peak have sunk further than the change of light explains."""
        left, peak = self._marks_left(edges) / max(0.1, self._left), here / self._peak
        limits = [_LEFT_AT_ALL]
        if like > _ALIKE:
            limits.append(_LEFT)
        if like > _EQUAL:
            limits.append(_LEFT_IN_EQUAL)
        return any(left < few and peak < low for few, low in limits)

    def _peaks(self, edges: Field) -> tuple[float, float, tuple[int, int]]:
        """Give the peak at the usual place, the highest one, and where that lies: down, across."""
        assert self._usual is not None  # noqa: S101 - both callers have looked
        usual = self._usual[0]
        standing = np.where(np.abs(usual) > _STANDING, usual, 0)
        spectrum = np.fft.fft2(edges[0]) * np.conj(np.fft.fft2(standing))
        plane = np.fft.fftshift(np.fft.ifft2(spectrum).real).astype(np.float32)
        plane -= np.asarray(cv2.GaussianBlur(plane, (0, 0), 3), np.float32)
        middle = plane.shape[0] // 2, plane.shape[1] // 2
        reach = min(_REACH[0], middle[0] - 1), min(_REACH[1], middle[1] - 1)
        near = plane[
            middle[0] - reach[0] : middle[0] + reach[0] + 1,
            middle[1] - reach[1] : middle[1] + reach[1] + 1,
        ]
        row, column = (int(at) for at in np.unravel_index(int(near.argmax()), near.shape))
        rest = np.ones(near.shape, bool)
        for at_row, at_column in ((row, column), reach):
            top, left = max(0, at_row - _NEAR[0]), max(0, at_column - _NEAR[1])
            rest[top : at_row + _NEAR[0] + 1, left : at_column + _NEAR[1] + 1] = False
        spread = max(1e-6, float(near[rest].std()))
        here = near[reach[0] - 1 : reach[0] + 2, reach[1] - 1 : reach[1] + 2].max()
        return float(here) / spread, float(near.max()) / spread, (row - reach[0], column - reach[1])

    def _marks_left(self, edges: Field) -> float:
        """Give how much of the bold marks is where it was: 1 all, 0 nothing; 1 where are few."""
        assert self._usual is not None  # noqa: S101 - the callers have looked
        usual = self._usual[1]
        marked = np.abs(usual) > _MARKED
        if np.count_nonzero(marked) < _FEWEST:
            return 1.0
        same = (edges[1] * np.conj(usual))[marked].real.sum()
        return float(same / (np.abs(usual[marked]) ** 2).sum())

    def _bare(self, edges: Field) -> float:
        """Give the share of the tiles with standing edges in which hardly an edge is left."""
        assert self._usual is not None  # noqa: S101 - the caller has looked
        bare = telling = 0
        usual, now = np.abs(self._usual[0]), np.abs(edges[0])
        for rows in np.array_split(np.arange(usual.shape[0]), _TILES[0]):
            for columns in np.array_split(np.arange(usual.shape[1]), _TILES[1]):
                tile = usual[np.ix_(rows, columns)]
                standing = tile > _STANDING
                if standing.mean() < 0.05:
                    continue
                telling += 1
                left = now[np.ix_(rows, columns)][standing].sum() / tile[standing].sum()
                bare += bool(left < _BARE)
        return bare / telling if telling else 0.0
