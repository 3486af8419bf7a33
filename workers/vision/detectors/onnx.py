"""People by any ONNX model: boxes like YOLO's, or a map of density.

What a model gets: the frame, made smaller or larger as a whole until it fits into the size that
the model wants, in the middle of grey (114) bars; red, green, blue, 0 to 1 (or 0 to 255 where it
wants whole numbers); nothing else is done to it, so a model that wants more (means subtracted, say)
must have that as its own first layer. Where neither the file nor the plan tells a size, it is that
of the frame, rounded up to multiples of 32.

What it may give, told by its shape, B frames and N candidates:

- `boxes`: B×N×6: left, top, right, bottom, score, class, already thinned out;
  B×N×(5+k), k at least 2 (85 for COCO): middle x and y, width, height, a score that there is
  anything, and a score for each of k classes, as YOLOv5 gives them;
  B×(4+k)×N (84 for COCO): the same without the score that there is anything, as YOLOv8 does.
  The longer axis is N, except where one of them is 84 or 85. Class 0 is a person. Pixels of the
  model's own picture.
- `density`: B×1×h×w, B×h×w or h×w; the sum is people. Heads are what such models mark, so a zone
  is looked up where the heads of people are who stand in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cop.errors import Misconfigured
from workers.vision.counting import Counted
from workers.vision.detectors.boxes import Boxes, count_feet, resolved, strongest, who
from workers.vision.detectors.fitting import Fit
from workers.vision.detectors.heads import head_masks
from workers.vision.detectors.judging import judge, reckon
from workers.vision.detectors.model_file import MOST_PIXELS, Model
from workers.vision.frame import Frame
from workers.vision.ground import View
from workers.vision.plan import CameraPlan

PERSON: Final = (0,)
VEHICLES: Final = (2, 3, 5, 7)
"""Car, motorcycle, bus and truck, as COCO numbers them."""

AT_ONCE: Final = timedelta(seconds=2)
"""Frames of a burst that are so close show the same people; the mean of them is counted."""

LEAST_PX: Final = 12.0
"""A person less tall in the model's picture is not found by one of the usual kind."""

LEAST_HEAD_PX: Final = 1.0
"""The same for the breadth of a head on a map of density."""

MISSED: Final = 0.15
"""Share of people in the open that detectors of the usual kind miss or invent."""

DENSITY_ERROR: Final = 0.25
"""Of a map's sum, where the model never saw the place. In places like those of its data it is 14 %
and 9 % (CSRNet on the two parts of ShanghaiTech: Li et al., CVPR 2018); elsewhere twice that."""


class Onnx:
    """Counts with a model; see the module."""

    def __init__(self, plan: CameraPlan, view: View) -> None:
        """Load the model and try it once on nothing; raises `Misconfigured`."""
        if plan.detector.model is None:
            raise Misconfigured(f"camera {plan.id}: detector.model is the path of an ONNX file")
        self._plan = plan
        self._view = view
        self._model = Model(plan.detector.model, threads=plan.detector.threads)
        self.method = f"onnx:{plan.detector.model.name}"
        self._fit = Fit(view.size, self._size())
        blank = np.zeros((view.size[1], view.size[0], 3), np.uint8)
        tried = self._run([blank])
        if plan.detector.output == "density":
            _maps(tried, 1, self._model.path.name)
            masks = head_masks(view).items()
            self._masks = {key: self._fit.put_mask(mask) for key, mask in masks}
        else:
            _candidates(tried, 1, self._model.path.name)
        self._shares = resolved(view, LEAST_PX / self._fit.scale)

    def count(self, frames: Sequence[Frame]) -> Counted:
        """Count in the last of *frames* and those just before it."""
        close = [one.pixels for one in frames if frames[-1].at - one.at <= AT_ONCE]
        if self._plan.detector.output == "density":
            return self._count_density(close)
        found = self.find(close, PERSON)
        least = self._plan.detector.confidence
        zones = count_feet(self._view, found, self._shares, missed=MISSED, least=least)
        return Counted(zones, who(found[-1], self._view.size))

    def find(self, pictures: Sequence[NDArray[np.uint8]], kinds: Sequence[int]) -> list[Boxes]:
        """Find things of *kinds* (numbers of classes) in each of *pictures*; for boxes only."""
        given = _candidates(self._run(pictures), len(pictures), self._model.path.name)
        least = self._plan.detector.confidence
        found = []
        for corners, scores, classes in given:
            mine = np.isin(classes, kinds) & (scores >= least)
            boxes = Boxes(self._fit.back(corners[mine]), scores[mine])
            found.append(strongest(boxes, least))
        return found

    def _count_density(self, pictures: Sequence[NDArray[np.uint8]]) -> Counted:
        maps = _maps(self._run(pictures), len(pictures), self._model.path.name)
        density = np.maximum(maps.mean(axis=0), 0)
        high, wide = density.shape
        zones = {}
        for key, mask in self._masks.items():
            share = cv2.resize(mask, (wide, high), interpolation=cv2.INTER_AREA)
            people = float((density * share).sum())
            seen = self._shares[key]
            estimate = reckon(people, 0.0, 1.0, sizes=DENSITY_ERROR)
            zones[key] = judge(estimate, seen, self._plan.detector.confidence)
        return Counted(zones)

    def _size(self) -> tuple[int, int]:
        """Give the size of the pictures that the model gets."""
        asked, fixed = self._plan.detector.input_size, self._model.wanted.size
        if asked and fixed and tuple(asked) != fixed:
            raise Misconfigured(
                f"{self._model.path.name} takes pictures of {fixed[0]}x{fixed[1]} only;"
                f" detector.input_size is {asked[0]}x{asked[1]}: leave it out"
            )
        wide, high = self._view.size
        size = fixed or asked or (-(-wide // 32) * 32, -(-high // 32) * 32)
        if not 0 < size[0] * size[1] <= MOST_PIXELS or min(size) < 1:
            raise Misconfigured(f"detector.input_size: {size[0]}x{size[1]} is no size")
        return size

    def _run(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        wanted = self._model.wanted
        fitted = np.stack([self._fit.put(one, wanted.channels) for one in pictures])
        if wanted.order == "first":
            fitted = fitted.transpose(0, 3, 1, 2)
        if wanted.dtype is not np.uint8:
            fitted = fitted.astype(wanted.dtype) / wanted.dtype(255)
        return self._model.run(np.ascontiguousarray(fitted))


def _maps(given: NDArray[np.float32], frames: int, name: str) -> NDArray[np.float32]:
    """Give maps of density: frames × rows × columns."""
    shape = given.shape
    if given.ndim == 2 and frames == 1:
        given = given[None]
    if given.ndim == 4 and shape[1] == 1:
        given = given[:, 0]
    if given.ndim != 3 or given.shape[0] != frames:
        raise Misconfigured(
            f"{name} gives {list(shape)} for {frames} frame(s); a map of density is"
            f" [{frames}, 1, rows, columns]; for boxes set detector.output to boxes"
        )
    return given


def _candidates(
    given: NDArray[np.float32], frames: int, name: str
) -> list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]:
    """Give corners, scores and classes of each frame, by the shape of what a model gives."""
    shape = given.shape
    if given.ndim == 2 and frames == 1:
        given = given[None]
    if given.ndim != 3 or given.shape[0] != frames or min(given.shape[1:]) < 0:
        raise Misconfigured(
            f"{name} gives {list(shape)} for {frames} frame(s); boxes are [{frames}, N, 6],"
            f" [{frames}, N, 85] or [{frames}, 84, N]; for a map set detector.output to density"
        )
    rows, columns = given.shape[1:]
    if columns == 6 and rows != 84:
        return [(one[:, :4], one[:, 4], one[:, 5].astype(int)) for one in given]
    if columns == 85 or (columns > 6 and rows >= columns and rows != 84):
        return [_scored(one[:, :4], one[:, 5:] * one[:, 4:5]) for one in given]
    if rows >= 5:
        return [_scored(one[:4].T, one[4:].T) for one in given]
    raise Misconfigured(
        f"{name} gives {list(shape)}; boxes are [N, 6], [N, 85] or [84, N] for each frame"
    )


def _scored(
    middles: NDArray[Any], scores: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    half = middles[:, 2:] / 2
    corners = np.hstack([middles[:, :2] - half, middles[:, :2] + half])
    classes = scores.argmax(axis=1)
    return corners, scores.max(axis=1, initial=0.0), classes
