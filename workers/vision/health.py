"""Whether frames can be counted by: black, frozen, blurred, moved, covered, of a wrong size.

What is remembered between looks is a few thousand numbers a camera, in memory only: where edges
usually run and how sharp they are. People, rain, night and lamps change edges in part; what stands
still stays in its place, and that is what is looked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.model.sight import CameraState
from workers.vision.decode import check_size
from workers.vision.edges import Edges, run_of_edges
from workers.vision.frame import Frame, Unusable
from workers.vision.plan import CameraPlan

Grey = NDArray[np.uint8]

_SMALL: Final = 80
_SHARP: Final = 320
_DARK: Final = 40
_EVEN: Final = 4.0
"""Grey levels: brightest spot of a black picture, and spread of one that shows nothing."""
_SHUT_CEL: Final = 0.5
"""Spread of temperatures below which a thermal picture shows its own shutter."""
_CELLS: Final = 8
_SAME: Final = 0.9
"""Share of the cells with structure that are the same to the last bit in a frozen picture."""
_FROZEN_FOR: Final = timedelta(seconds=60)
_FROZEN_LOOKS: Final = 3
_LOOKS_TO_LEARN: Final = 3
_BLUNT: Final = 0.13
"""Sharpness below which any picture is blurred; what is in focus has 0.3 and more."""
_BLUNTER: Final = 0.4
"""Of the camera's usual sharpness: below it is blurred."""
_CRISP: Final = 0.5
"""What is usual counts up to here: more is the noise of an empty or a dark place."""
_SLOWLY: Final = 0.1


@dataclass(slots=True)
class _Usual:
    """A number as it usually is; it follows slowly."""

    value: float = 0.0
    looks: int = 0

    def learn(self, value: float) -> None:
        self.looks += 1
        self.value += (value - self.value) * max(_SLOWLY, 1 / self.looks)


@dataclass(slots=True)
class _Last:
    """Of the last frame that differed: its cells, and since when nothing has changed."""

    cells: NDArray[np.uint64]
    since: datetime
    looks: int = 0


@dataclass(slots=True)
class _Doubt:
    state: CameraState | None = None
    looks: int = 0


@dataclass(slots=True)
class Health:
    """Judges the frames of one camera; made once a camera, it remembers between looks."""

    plan: CameraPlan
    _last: _Last | None = None
    _edges: Edges = field(init=False)
    _sharp: dict[int, _Usual] = field(default_factory=dict)
    _doubt: _Doubt = field(default_factory=_Doubt)

    def __post_init__(self) -> None:
        """Begin with nothing learned."""
        self._edges = Edges(bold=not self.plan.frame.thermal)

    def look(self, frames: Sequence[Frame], now: datetime | None = None) -> None:
        """Judge *frames*, oldest first; () for a look that brought nothing new, at *now*.

        Black, frozen and wrongly sized is said at once; blurred and moved only when two looks in a
        row show it. What is in doubt is not learned from.

        Raises:
            Unusable: they cannot be counted by; says which state that is, and why.
        """
        if not frames:
            self._nothing_new(now)
            return
        for frame in frames:
            check_size(frame.size, self.plan.frame.size)
        last = frames[-1]
        grey = _grey(last)
        self._check_light(last, grey)
        self._check_frozen(last, grey)
        self._judge([grey if frame is last else _grey(frame) for frame in frames], last.thermal)

    def _nothing_new(self, now: datetime | None) -> None:
        if self._last is not None and now is not None:
            self._last.looks += 1
            self._refuse_frozen(self._last, now)

    def _check_light(self, last: Frame, grey: Grey) -> None:
        if last.thermal:
            small = _reduced(last.pixels, _SMALL)
            if float(np.ptp(small)) < _SHUT_CEL:
                raise Unusable(
                    CameraState.BLACK,
                    "the picture has one temperature all over: its shutter is closed",
                )
            return
        small = _middle(_reduced(grey, _SMALL))
        if small.max() < _DARK and small.std() < _EVEN:
            raise Unusable(CameraState.BLACK, "the picture is black: no light, or lens covered")

    def _check_frozen(self, last: Frame, grey: Grey) -> None:
        cells = _cells(last.pixels, grey)
        before = self._last
        if before is None or not _same(cells, before.cells):
            self._last = _Last(cells, last.at)
            return
        before.looks += 1
        self._refuse_frozen(before, last.at)

    def _refuse_frozen(self, last: _Last, now: datetime) -> None:
        """Return unless nothing has changed for more than three intervals and a minute."""
        stood = now - last.since
        interval = timedelta(seconds=self.plan.source.every_s)
        if last.looks >= _FROZEN_LOOKS and stood > max(_FROZEN_FOR, _FROZEN_LOOKS * interval):
            minutes = max(1, round(stood.total_seconds() / 60))
            raise Unusable(
                CameraState.FROZEN, f"the picture has been the same for {minutes} minutes"
            )

    def _judge(self, greys: Sequence[Grey], thermal: bool) -> None:
        """Judge sharpness and view; learn from what is in no doubt, raise what is so twice."""
        brightness = 0 if thermal else int(greys[-1].mean()) // 32
        usual = self._sharp.setdefault(brightness, _Usual())
        sharpness = float(np.mean([_sharpness(grey) for grey in greys]))
        edges = np.mean([run_of_edges(grey) for grey in greys], axis=0)
        found = self._found(greys[-1], sharpness, usual, edges)
        if found is None:
            self._doubt = _Doubt()
            usual.learn(sharpness)
            self._edges.learn(edges, float(greys[-1].mean()))
            return
        state, why = found
        again = self._doubt.looks + 1 if self._doubt.state is state else 1
        self._doubt = _Doubt(state, again)
        if again >= 2:
            raise Unusable(state, why)

    def _found(
        self, grey: Grey, sharpness: float, usual: _Usual, edges: NDArray[Any]
    ) -> tuple[CameraState, str] | None:
        if _middle(_reduced(grey, _SMALL)).std() < _EVEN:
            return CameraState.MOVED, "the picture shows nothing: the lens is covered, or fogged"
        known = usual.looks >= _LOOKS_TO_LEARN
        if sharpness < max(_BLUNT, _BLUNTER * min(usual.value, _CRISP) if known else 0):
            return CameraState.BLURRED, "the picture is blurred: out of focus, wet or dirty lens"
        if why := self._edges.wrong(edges, float(grey.mean())):
            return CameraState.MOVED, why
        return None


def _grey(frame: Frame) -> Grey:
    """Give a frame as grey; a thermal one over its own range, of at least 4 °C."""
    if not frame.thermal:
        return np.asarray(cv2.cvtColor(frame.pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    low, high = (float(value) for value in np.percentile(frame.pixels, (1, 99)))
    spread = max(high - low, 4.0)
    grey = np.clip((frame.pixels - low) * (255 / spread), 0, 255)
    return np.asarray(grey, np.uint8)


def _reduced(values: NDArray[Any], width: int) -> NDArray[Any]:
    """Give *values* averaged down to *width*, or as they are where they are no wider."""
    if values.shape[1] <= width:
        return values
    height = max(1, round(values.shape[0] * width / values.shape[1]))
    return np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA))


def _middle(small: NDArray[Any]) -> NDArray[Any]:
    """Leave off the rows at top and bottom in which cameras write their name and the time."""
    rows = small.shape[0] // 10
    return small[rows : small.shape[0] - rows]


def _sharpness(grey: Grey) -> float:
    """Give how much of the structure is fine, whatever the contrast: 1 is crisp, 0.1 is blurred.

    The variance of the Laplacian, against that of the picture at half the size: light, haze and
    contrast change both alike, a lens out of focus only the first.
    """
    fine = _reduced(grey, _SHARP)
    coarse = _reduced(fine, fine.shape[1] // 2)
    rough = float(cv2.Laplacian(fine, cv2.CV_32F).var())
    return rough / max(1e-6, float(cv2.Laplacian(coarse, cv2.CV_32F).var()))


def _cells(pixels: NDArray[Any], grey: Grey) -> NDArray[np.uint64]:
    """Give a digest of each of 8 × 8 cells; 0 for one without structure, which says nothing."""
    digests = np.zeros((_CELLS, _CELLS), np.uint64)
    for row, band in enumerate(np.array_split(np.arange(pixels.shape[0]), _CELLS)):
        for column, part in enumerate(np.array_split(np.arange(pixels.shape[1]), _CELLS)):
            cell = slice(band[0], band[-1] + 1), slice(part[0], part[-1] + 1)
            if grey[cell].std() >= 1:
                digests[row, column] = 1 + zlib.crc32(pixels[cell].tobytes())
    return digests


def _same(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> bool:
    """Tell whether nearly all cells with structure are the same: a clock may run in the rest."""
    telling = (one != 0) | (other != 0)
    return bool(telling.sum() >= 4 and (one == other)[telling].mean() >= _SAME)
