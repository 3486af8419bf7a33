"""One look: what it writes, and that one camera's trouble is no other's."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from cop.errors import Conflict, Misconfigured, StoreUnavailable
from cop.model.kinds import Camera, Observation, Quality
from cop.model.record import Write, put
from cop.model.sight import CameraState, Unknown
from cop.store.memory import MemoryStore
from tests.unit.workers.vision.watching import AT, Clock, Given, Steady, Well, frame, plan
from workers.vision import look as looking
from workers.vision.frame import Unusable
from workers.vision.look import Looker
from workers.vision.plan import CameraPlan
from workers.vision.wary import REST_S

CAMERA, ZONE = "camera:pier-4", "vision:pier-4.deck"
SECRET = "rtsp://admin:hunter2@10.0.0.7/live"


@pytest.fixture(autouse=True)
def _plain_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "Health", Well)
    monkeypatch.setattr(looking, "open_detector", lambda of, _: Steady(of))


def looker(
    store: MemoryStore,
    *looks: Any,
    clock: Clock | None = None,
    plans: Mapping[str, CameraPlan] | None = None,
) -> Looker:
    """Give a looker whose cameras all give *looks*."""
    known = {"pier-4": plan()} if plans is None else plans
    return Looker(store, known, clock or Clock(), lambda _: Given(list(looks)))


def camera(store: MemoryStore, name: str = CAMERA) -> Camera:
    """Give a camera on the picture."""
    return Camera.model_validate_json(store.read([name])[name].body)


def zone(store: MemoryStore) -> Observation:
    """Give what is counted on the deck."""
    return Observation.model_validate_json(store.read([ZONE])[ZONE].body)


def test_a_look_is_one_event() -> None:
    """Camera and zones change together, in their districts, and say when the frame was taken."""
    store = MemoryStore()
    start = store.cursor()
    assert looker(store, [frame(1), frame(2)]).look("pier-4") is CameraState.OK
    (event,) = store.events(start)
    assert {record.id for record in event.records} == {CAMERA, ZONE}
    seen = zone(store)
    assert seen.measures["people"] == 12
    assert seen.observed_at == camera(store).frame_at == AT + timedelta(seconds=2)
    assert camera(store).state_since == AT
    assert camera(store).district == seen.district is not None
    assert set(store.by_feed("vision")) == {CAMERA, ZONE}


def test_nothing_new_writes_nothing() -> None:
    """A camera whose picture has not changed changes nothing."""
    store = MemoryStore()
    one = looker(store, [frame(1)], [])
    one.look("pier-4")
    before = store.cursor()
    assert one.look("pier-4") is None
    assert store.cursor() == before


def test_an_unusable_frame_marks_the_camera() -> None:
    """Its zones are unknown, never zero; since when it is so stays."""
    store, clock = MemoryStore(), Clock()
    black = Unusable(CameraState.BLACK, "the picture is black")
    one = looker(store, [frame(1)], black, black, [frame(2)], clock=clock)
    one.look("pier-4")
    states = []
    for minute in (1, 2):
        clock.at = AT + timedelta(minutes=minute)
        states.append(one.look("pier-4"))
        seen = zone(store)
        assert (seen.value, seen.quality) == (None, Quality.MISSING)
        assert seen.sight is not None
        assert seen.sight.unknown is Unknown.CAMERA
        assert seen.observed_at == AT + timedelta(seconds=1), "as old as its last frame"
        assert camera(store).state_since == AT + timedelta(minutes=1)
        assert camera(store).description["en"] == "the picture is black"
    assert states == [CameraState.BLACK] * 2
    one.look("pier-4")
    assert camera(store).state is CameraState.OK
    assert zone(store).value is not None


@pytest.mark.parametrize(
    "trouble",
    [RuntimeError(SECRET), MemoryError(SECRET), ValueError(SECRET), KeyError(SECRET)],
    ids=lambda error: type(error).__name__,
)
def test_whatever_happens_is_one_cameras(trouble: Exception) -> None:
    """An error of any kind breaks that camera alone, and its words are nowhere."""
    store = MemoryStore()
    sources = {"pier-4": Given([trouble]), "pier-5": Given([[frame(1)]])}
    plans = {name: plan(name) for name in sources}
    one = Looker(store, plans, Clock(), lambda of: sources[of.id])
    with capture_logs() as logs:
        assert one.look("pier-4") is CameraState.BROKEN
        assert one.look("pier-5") is CameraState.OK
    assert camera(store).state is CameraState.BROKEN
    assert camera(store, "camera:pier-5").state is CameraState.OK
    assert "hunter2" not in str(logs) + str(store.snapshot())
    assert any(line["event"] == "look_failed" for line in logs)


def test_a_camera_that_cannot_be_set_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing model or variable is that camera's state; where it lies stays in the log."""

    def refuse(*_: Any) -> None:
        raise Misconfigured("the model /srv/models/crowd.onnx cannot be read")

    monkeypatch.setattr(looking, "open_detector", refuse)
    store = MemoryStore()
    with capture_logs() as logs:
        assert looker(store, [frame(1)]).look("pier-4") is CameraState.BROKEN
    assert "cop cameras check" in camera(store).description["en"]
    assert "/srv" not in str(store.snapshot())
    assert "/srv" in str(logs)


def test_the_store_being_down_is_no_cameras_fault() -> None:
    """It is told to whoever asked for the look."""

    class Down(MemoryStore):
        def read(self, ids: Any) -> Any:
            raise StoreUnavailable("Redis does not answer")

    with pytest.raises(StoreUnavailable):
        looker(Down(), [frame(1)]).look("pier-4")


def test_a_change_by_another_is_made_from_anew() -> None:
    """Where somebody writes in between, the look is settled again over what is there."""

    class Raced(MemoryStore):
        races = 0

        def write(self, writes: Any, **more: Any) -> Any:
            if self.races and any(write.id == CAMERA for write in writes):
                self.races -= 1
                old = camera(self)
                super().write(
                    [put(old.model_copy(update={"link": f"https://x.example/{self.races}"}))],
                    **more,
                )
            return super().write(writes, **more)

    store = Raced()
    one = looker(store, [frame(1)], [frame(2)], [frame(3)])
    one.look("pier-4")
    store.races = 2
    one.look("pier-4")
    assert camera(store).frame_at == frame(2).at
    store.races = 9
    with pytest.raises(Conflict):
        one.look("pier-4")


def test_a_restart_goes_on_with_what_is_on_the_picture() -> None:
    """What was counted before is still part of the series; an unreadable record is made anew."""
    store, clock = MemoryStore(), Clock()
    looker(store, [frame(0)], clock=clock).look("pier-4")
    clock.at = AT + timedelta(minutes=2)
    looker(store, [frame(120)], clock=clock).look("pier-4")
    sight = zone(store).sight
    assert sight is not None
    assert [reading.at for reading in sight.recent] == [AT, AT + timedelta(minutes=2)]
    kept = store.read([CAMERA, ZONE])
    spoilt = [Write(r.id, r.kind, b'{"kind":"x"}', feed="vision") for r in kept.values()]
    store.write(spoilt, fetched_ms=1)
    assert looker(store, [frame(240)]).look("pier-4") is CameraState.OK
    assert zone(store).value is not None


def test_two_looks_of_one_camera_do_not_overlap() -> None:
    """The later one is skipped."""
    store = MemoryStore()
    answers: list[Any] = []

    def meanwhile() -> list[Any]:
        answers.append(looker(store, [frame(2)]).look("pier-4"))
        return [frame(1)]

    assert looker(store, meanwhile).look("pier-4") is CameraState.OK
    assert answers == [None]
    assert looker(store, [frame(3)]).look("unknown") is None


def test_a_camera_that_kills_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that never ended rests the camera, longer each time; a look that ends forgives it."""
    store = MemoryStore()
    now = time.time()
    taken: list[float] = []

    def die() -> list[Any]:
        taken.append(now)
        raise KeyboardInterrupt  # nothing of ours catches it: so dies a process

    def dead(one: Looker) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(one._wary, "end", lambda _: None)
            patch.setattr(store, "unlock", lambda *_: None)
            with pytest.raises(KeyboardInterrupt):
                one.look("pier-4")
        store._locks.clear()  # it ends by itself

    monkeypatch.setattr(time, "time", lambda: now)
    for deaths in (1, 2):
        dead(looker(store, die))
        one = looker(store, [frame(1)])
        for _ in range(2):
            assert one.look("pier-4") is CameraState.BROKEN
        assert "left alone" in camera(store).description["en"]
        now += REST_S * deaths + 1
    assert len(taken) == 2
    assert looker(store, [frame(1)]).look("pier-4") is CameraState.OK
    dead(looker(store, die))
    looker(store, [frame(1)]).look("pier-4")
    now += REST_S + 1
    assert looker(store, [frame(1)]).look("pier-4") is CameraState.OK
