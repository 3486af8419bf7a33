"""How the cameras do all together, and what no plan has."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cop.model.kinds import Camera, FeedState, Observation
from cop.model.record import put
from cop.model.sight import VISION, CameraState
from cop.services.feed_status import read_standing
from cop.store.memory import MemoryStore
from tests.unit.workers.vision.watching import AT, plan
from workers.vision.plan import CameraPlan
from workers.vision.survey import SHORTEST_S, look_interval, promise_of, survey


def a_camera(name: str, state: CameraState = CameraState.OK, at: datetime = AT) -> Camera:
    """Give a camera as a look leaves it."""
    return Camera(id=f"camera:{name}", feed=VISION, publisher="HKPF", state=state, frame_at=at)


def plans(*names: str) -> dict[str, CameraPlan]:
    """Give the plans of cameras."""
    return {name: plan(name) for name in names}


def after(store: MemoryStore, known: dict[str, CameraPlan], now: datetime = AT) -> tuple[str, str]:
    """Survey, and give what is said then."""
    survey(store, known, now, 1.0)
    status = read_standing(store, VISION).status
    return ("", "") if status is None else (status.state.value, status.reason)


def test_says_how_many_give_nothing() -> None:
    """All, some or none are usable; one that was not looked at for long is not."""
    store, known = MemoryStore(), plans("a", "b", "c")
    assert after(store, known) == (FeedState.NEVER, "3 of 3 cameras give nothing usable: a, b, c")
    store.write([put(a_camera(name)) for name in known], fetched_ms=1)
    assert after(store, known) == (FeedState.OK, "")
    store.write([put(a_camera("b", CameraState.BLACK))], fetched_ms=1)
    assert after(store, known) == (
        FeedState.DEGRADED,
        "1 of 3 cameras give nothing usable: b",
    )
    status = read_standing(store, VISION).status
    assert status is not None
    assert (status.fetched_at, status.checked_at, status.taken) == (AT, AT, 2)
    late = AT + timedelta(seconds=status.stale_after_s + 1)
    assert after(store, known, late)[0] == FeedState.FAILING
    status = read_standing(store, VISION).status
    assert status is not None
    assert (status.fetched_at, status.checked_at, status.failures) == (AT, late, 1)


def test_takes_off_what_no_plan_has() -> None:
    """A camera or zone that is no longer set up leaves; with the last camera the status goes."""
    store = MemoryStore()
    zones = [
        Observation(id=f"vision:{name}", feed=VISION, publisher="HKPF", measure="crowd_density")
        for name in ("a.deck", "a.gone", "b.deck")
    ]
    others = Camera(id="td_cameras:H1", feed="td_cameras", publisher="TD")
    everything = [a_camera("a"), a_camera("b"), *zones, others]
    store.write([put(each) for each in everything], fetched_ms=1)
    after(store, plans("a"))
    assert set(store.by_feed(VISION)) == {"camera:a", "vision:a.deck"}
    assert after(store, {}) == ("", "")
    assert set(store.snapshot().records) == {"td_cameras:H1"}


@pytest.mark.parametrize(("speed", "every"), [(1, 120), (12, 10), (30, SHORTEST_S)])
def test_the_promise_is_in_the_clocks_seconds(speed: float, every: float) -> None:
    """A fast exercise cannot look as often as its clock would have it: the promise says so."""
    assert look_interval(plan(), speed) == every
    promise = promise_of({"a": plan()}, speed)
    assert promise.every_s == every * speed
    assert promise.stale_after_s >= 3 * promise.every_s
