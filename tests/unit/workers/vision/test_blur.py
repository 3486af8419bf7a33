"""Nobody is recognised in a blurred frame."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.workers.vision.watching import SIZE, plan
from workers.vision.blur import COARSE_PX, DETAIL_PX, FINEST_PX, _blocks, obscure
from workers.vision.ground import View

WIDE, HIGH = SIZE


def stripes(period: float) -> np.ndarray:
    """Give a frame of upright stripes, so many pixels a pair."""
    bright = (np.arange(WIDE) / period % 1 < 0.5) * 255
    return np.repeat(np.tile(bright, (HIGH, 1))[..., None], 3, 2).astype(np.uint8)


def contrast(rows: np.ndarray) -> float:
    """Give how much is left of stripes, 0 to 1."""
    return float(rows[..., 0].astype(float).std() / 127.5)


def test_a_face_keeps_three_samples() -> None:
    """Wherever a head can be there is one sample for a third of the largest face there, or more."""
    view = View(plan())
    blocks = _blocks(view)
    assert blocks is not None
    for feet in range(HIGH // 3, 2 * HIGH):
        tall = view.person_px(WIDE / 2, feet)[0]
        head = round(feet - tall)
        if tall and 0 <= head < HIGH:
            assert blocks[head] >= tall / 8 / DETAIL_PX, (feet, head)
    assert (blocks >= WIDE / FINEST_PX).all()


@pytest.mark.parametrize("feet", [110, 140, 175])
def test_detail_smaller_than_a_third_of_a_face_is_gone(feet: int) -> None:
    """Stripes as fine as eyes and mouth of a face leave no trace in the rows where it would be."""
    view = View(plan())
    tall = view.person_px(WIDE / 2, feet)[0]
    head = max(0, round(feet - tall))
    fine = max(2.0, tall / 8 / DETAIL_PX)
    rows = obscure(stripes(fine), view)[head : head + 3]
    assert contrast(rows) < 0.35 * contrast(stripes(fine))


def test_without_the_ground_all_is_coarse() -> None:
    """A frame of which nobody knows how large people are in it keeps 96 samples across."""
    for view in (None, View(plan(frame={"size": [SIZE[0] * 2, SIZE[1] * 2]}))):
        shown = obscure(stripes(WIDE / COARSE_PX), view)
        assert contrast(shown) < 0.25
        assert shown.shape == (HIGH, WIDE, 3)


def test_what_is_large_is_still_seen() -> None:
    """Where people are and how many can still be seen: the picture as a whole stays."""
    shown = obscure(stripes(WIDE / 4), View(plan()))
    assert contrast(shown) > 0.8
