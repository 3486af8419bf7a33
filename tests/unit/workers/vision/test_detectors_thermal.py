"""People by temperature."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from cop.model.sight import Unknown
from tests.unit.workers.vision.stage import Stage, a_zone, plan_for
from workers.simulate.sights.lens import Lens
from workers.vision.counting import Count

APART = [(-2.0, 12.0), (2.0, 12.5), (-0.3, 13.5), (1.6, 15.0), (-1.8, 15.5)]


@pytest.fixture(scope="module")
def stage() -> Stage:
    """Give a place at night that was learned."""
    made = Stage(plan_for("thermal"))
    made.learn()
    return made


def known(count: Count) -> float:
    """Give how many, which must be known."""
    assert count.unknown is None
    assert count.people is not None
    assert count.error > 0
    assert count.confidence >= 0.5
    return count.people


def test_nobody_is_zero_at_once() -> None:
    """At night the ground is told from the first frame; nothing need be learned."""
    stage = Stage(plan_for("thermal"))
    assert known(stage.count(stage.thermal([]))) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("number", [1, 2, 5])
def test_separate_people_are_counted(stage: Stage, number: int) -> None:
    """People apart from each other are counted."""
    assert known(stage.count(stage.thermal(APART[:number]))) == pytest.approx(
        number, abs=0.3 * number
    )


def test_a_dense_crowd_is_counted_by_its_heads(stage: Stage) -> None:
    """At three people a square metre the count is right to a quarter, within two of its errors."""
    rng = np.random.default_rng(2)
    spots: list[tuple[float, float]] = []
    while len(spots) < 300:
        aside, away = rng.uniform((-5, 9), (5, 19))
        if all(abs(aside - x) + abs(away - y) > 0.4 for x, y in spots):
            spots.append((float(aside), float(away)))
    true = sum(abs(x) <= 3 and 11 <= y <= 17 for x, y in spots)
    count = stage.count(stage.thermal(spots))
    assert known(count) == pytest.approx(true, rel=0.25)
    assert abs(known(count) - true) <= 2 * count.error


@pytest.mark.parametrize("cel", [55.0, 90.0])
def test_something_hot_is_nobody(stage: Stage, cel: float) -> None:
    """An engine or a lamp is hotter than people are: neither it nor its glow is counted."""
    picture = stage.thermal([])
    cv2.rectangle(picture, (130, 100), (190, 135), 30.0, -1)
    cv2.rectangle(picture, (138, 104), (182, 131), cel, -1)
    assert known(stage.count(cv2.GaussianBlur(picture, (0, 0), 1.0))) < 0.5


def test_warm_ground_must_be_learned_first() -> None:
    """Ground as warm as people does not tell them at first sight."""
    stage = Stage(plan_for("thermal"))
    count = stage.count(stage.thermal(APART) + 10)
    assert (count.people, count.unknown) == (None, Unknown.LEARNING)


def test_those_who_stand_stay_counted() -> None:
    """After an hour of looks at people who did not move, they are still there."""
    stage = Stage(plan_for("thermal"))
    stage.learn()
    picture = stage.thermal(APART)
    for _ in range(60):
        last = stage.count(picture)
    assert known(last) == pytest.approx(5, abs=1.5)


@pytest.mark.parametrize(("height_m", "tilt_deg", "away_m"), [(4, 25, 7), (10, 30, 18)])
def test_one_person_near_and_far(height_m: float, tilt_deg: float, away_m: float) -> None:
    """Somebody is one, from a low camera nearby and from a high one far away."""
    lens = Lens(836500, 822300, height_m, 40, tilt_deg, 34, (320, 240))
    stage = Stage(plan_for("thermal", [a_zone(lens, 0, away_m, 4)], lens), lens)
    assert known(stage.count(stage.thermal([(0.2, away_m)]))) == pytest.approx(1, abs=0.4)


def test_a_broad_cool_cover_is_not_seen_through(stage: Stage) -> None:
    """Under umbrellas all over the zone there may be anybody."""
    picture = stage.thermal(APART)
    picture[70:220, 30:290] = 17.0
    count = stage.count(picture)
    assert (count.people, count.unknown) == (None, Unknown.HIDDEN)
