"""People as what differs from the place."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.model.sight import Unknown
from tests.unit.workers.vision.stage import Stage, a_zone, plan_for
from workers.simulate.sights.lens import Lens
from workers.vision.counting import Count

APART = [(-2.0, 12.0), (2.0, 12.5), (-0.3, 13.5), (1.6, 15.0), (-1.8, 15.5)]


@pytest.fixture(scope="module")
def learned() -> Stage:
    """Give a place that was learned, which nobody looks at any more."""
    made = Stage(plan_for("background"))
    made.learn()
    return made


@pytest.fixture
def stage(learned: Stage) -> Stage:
    """Give a place that was learned, to a test of its own."""
    return copy.deepcopy(learned)


@pytest.fixture(scope="module")
def watched(learned: Stage) -> Stage:
    """Give a place that was learned and is looked at on and on."""
    return copy.deepcopy(learned)


def known(count: Count) -> float:
    """Give how many, which must be known, with a plausible error and confidence."""
    assert count.unknown is None
    assert count.people is not None
    assert count.people >= 0
    assert count.error > 0
    assert 0.5 <= count.confidence <= 1
    return count.people


def test_before_it_has_learned_it_does_not_know() -> None:
    """The first looks give no number, not even with nobody there."""
    stage = Stage(plan_for("background"))
    for _ in range(6):
        count = stage.count(stage.visible([]))
        assert (count.people, count.unknown) == (None, Unknown.LEARNING)


def test_nobody_is_zero(stage: Stage) -> None:
    """An empty place that was learned holds nobody, and that is known."""
    assert known(stage.count(stage.visible([]))) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("number", [1, 2, 5])
def test_separate_people_are_counted(stage: Stage, number: int) -> None:
    """People apart from each other are counted to a third of one, each."""
    assert known(stage.count(stage.visible(APART[:number]))) == pytest.approx(
        number, abs=0.35 * number
    )


def test_people_beside_the_zone_are_not_counted(stage: Stage) -> None:
    """Whose feet are outside is not in it, also where the body covers part of it."""
    assert known(stage.count(stage.visible([(0.0, 10.2), (4.5, 14.0)]))) < 0.6


def test_those_who_stand_stay_counted(stage: Stage) -> None:
    """After 200 looks at people who did not move, they are still there."""
    picture = stage.visible(APART)
    first = known(stage.count(picture))
    for _ in range(199):
        last = stage.count(picture)
    assert known(last) == pytest.approx(first, rel=0.1)


def test_what_stood_there_while_it_learned_is_forgotten_when_it_goes() -> None:
    """A hole left by somebody who stood still from the first look is not somebody."""
    stage = Stage(plan_for("background"))
    for _ in range(13):
        stage.look(stage.visible(APART[:1]))
    assert known(stage.count(stage.visible([]))) < 0.2


def test_a_place_that_is_never_empty_is_learned() -> None:
    """People who come and go are not taken for the place."""
    rng = np.random.default_rng(3)
    stage = Stage(plan_for("background"))
    for _ in range(20):
        crowd = rng.uniform((-3, 11), (3, 17), (14, 2)).tolist()
        stage.look(stage.visible(crowd))
    assert known(stage.count(stage.visible([]))) < 0.5
    assert known(stage.count(stage.visible(APART))) == pytest.approx(5, abs=2)


def test_a_lamp_that_is_switched_on_is_no_crowd(stage: Stage) -> None:
    """A sudden change of all the light means to learn anew, then nobody is there."""
    stage.place[:, :160] += 40
    seen = [stage.count(stage.visible([], light=1.2)) for _ in range(30)]
    assert seen[0].unknown == Unknown.LEARNING
    assert {one.unknown for one in seen} == {Unknown.LEARNING, None}
    assert known(seen[-1]) < 0.2


def test_dusk_is_followed(stage: Stage) -> None:
    """Light that goes slowly brings nobody and hides nobody."""
    for step in range(30):
        assert known(stage.count(stage.visible([], light=1 - step * 0.015))) < 0.3
    assert known(stage.count(stage.visible(APART, light=0.55))) == pytest.approx(5, abs=2)


def test_a_black_frame_is_hidden_or_learned() -> None:
    """Where there is no light nothing is said about people."""
    stage = Stage(plan_for("background"))
    black = np.zeros((240, 320, 3), np.uint8)
    for _ in range(14):
        count = stage.count(black)
    assert (count.people, count.unknown) == (None, Unknown.HIDDEN)


def test_a_crowd_that_hides_itself_is_crowded(stage: Stage) -> None:
    """Where nearly all is covered the number is not known."""
    rng = np.random.default_rng(8)
    crowd = rng.uniform((-4, 10), (4, 18), (260, 2)).tolist()
    assert stage.count(stage.visible(crowd)).unknown == Unknown.CROWDED


@pytest.mark.parametrize(("height_m", "tilt_deg", "away_m"), [(4, 25, 7), (12, 30, 24)])
def test_one_person_near_and_far(height_m: float, tilt_deg: float, away_m: float) -> None:
    """Somebody is one, from a low camera nearby and from a high one far away."""
    lens = Lens(836500, 822300, height_m, 40, tilt_deg, 34, (320, 240))
    stage = Stage(plan_for("background", [a_zone(lens, 0, away_m, 4)], lens), lens)
    stage.learn()
    assert known(stage.count(stage.visible([(0.2, away_m)]))) == pytest.approx(1, abs=0.4)


@pytest.mark.parametrize("name", ["background", "thermal"])
def test_where_nobody_could_be_seen_it_does_not_know(name: str) -> None:
    """A camera so far away that people are specks gives no number of them."""
    lens = Lens(836500, 822300, 60, 40, 30, 100, (160, 120))
    stage = Stage(plan_for(name, [a_zone(lens, 0, 110, 20)], lens), lens)
    stage.learn()
    picture = stage.thermal([]) if name == "thermal" else stage.visible([])
    assert stage.count(picture).people is None


def test_a_mirrored_scene_gives_the_mirrored_count() -> None:
    """Left and right are the same to it."""
    zones = [a_zone(aside_m=-2.5, side_m=4), a_zone(aside_m=2.5, side_m=4)]
    stage = Stage(plan_for("background", zones))
    stage.place = (stage.place + stage.place[:, ::-1]) / 2
    stage.learn()
    crowd = [(-2.0, 13.0), (-3.1, 14.5), (-1.9, 15.0), (2.5, 14.0)]
    one = stage.look(stage.visible(crowd)).zones
    other = stage.look(stage.visible([(-x, y) for x, y in crowd])).zones
    assert known(one["z0"]) == pytest.approx(known(other["z1"]), abs=0.3)
    assert known(one["z1"]) == pytest.approx(known(other["z0"]), abs=0.3)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(people=st.lists(st.tuples(st.floats(-5, 5), st.floats(9, 20)), max_size=40))
def test_whatever_is_there_the_count_is_sound(
    watched: Stage, people: list[tuple[float, float]]
) -> None:
    """A count is known and not negative, or unknown for a reason; never both."""
    count = watched.count(watched.visible(people))
    assert (count.people is None) == (count.unknown is not None)
    assert count.people is None or count.people >= 0
