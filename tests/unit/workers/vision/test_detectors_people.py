"""OpenCV's people detector at the scales of the perspective."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from cop.model.sight import Unknown
from tests.unit.workers.vision.stage import Stage, a_zone, plan_for
from workers.simulate.sights.lens import Lens

NEAR = Lens(836500, 822300, 3.0, 40, 14, 50, (640, 480))


@pytest.fixture(scope="module")
def stage() -> Stage:
    """Give a camera just above people's heads."""
    return Stage(plan_for("people", [a_zone(NEAR, 0, 8, 5)], NEAR), NEAR)


def test_nobody_is_zero(stage: Stage) -> None:
    """It needs nothing learned: an empty place holds nobody at once."""
    count = stage.count(stage.visible([]))
    assert (count.people, count.unknown) == (0, None)


def test_only_the_heights_that_people_have_there_are_looked_for(stage: Stage) -> None:
    """Somebody of twice the size is nobody."""
    picture = stage.visible([])
    box = np.array([[260, 20], [380, 20], [380, 470], [260, 470]], np.int32)
    cv2.fillConvexPoly(picture, box, (20, 20, 30))
    assert stage.count(picture).people == 0


def test_a_crowd_that_it_cannot_tell_apart_is_not_nobody(stage: Stage) -> None:
    """Much that is strange and nobody found: it does not know."""
    rng = np.random.default_rng(4)
    crowd = rng.uniform((-2.5, 5.5), (2.5, 10.5), (60, 2)).tolist()
    count = stage.count(stage.visible(crowd))
    assert count.people is None
    assert count.unknown in {Unknown.CROWDED, Unknown.UNSURE}


def test_where_people_are_too_small_it_does_not_know() -> None:
    """From far away it finds nobody, and says that this means nothing."""
    lens = Lens(836500, 822300, 20, 40, 25, 60, (320, 240))
    stage = Stage(plan_for("people", [a_zone(lens, 0, 40)], lens), lens)
    count = stage.count(stage.visible([(0.0, 40.0)]))
    assert (count.people, count.unknown) == (None, Unknown.UNSURE)
