"""When a layer is fetched, and what of it is kept when its setting changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.config import Settings
from cop.model.exchange import Layer, LayerState
from cop.model.kinds import decode
from cop.services.layers.set_up import layers_of
from cop.services.layers.tables import MOST_KEPT, Tables, keep_table
from cop.services.setup_files import Fault, Found
from cop.store.memory import MemoryStore
from tests.unit.workers.layers.serving import HOST, NOON, Service, layer
from workers.backoff import Backoff
from workers.layers import fetching
from workers.layers.fetching import Ways, fetch_layer
from workers.layers.survey import due, is_due, renewed, survey
from workers.replay import ReplayTransport, find_scenario

EXERCISE = Settings(
    operation="exercise-a",
    scenario="black-rainstorm-2023",
    scenario_start=find_scenario("black-rainstorm-2023").start,
    scenario_anchor=NOON,
    speed=30,
)

DUE: dict[str, tuple[dict[str, Any], float, bool]] = {
    "never-tried": ({}, 1, True),
    "just-now": ({"checked_at": NOON, "state": "ok"}, 1, False),
    "an-hour-ago": ({"checked_at": NOON - timedelta(hours=1), "state": "ok"}, 1, True),
    "failed-a-minute-ago": (
        {"checked_at": NOON - timedelta(minutes=1), "state": "failing"},
        1,
        False,
    ),
    "failed-a-while-ago": (
        {"checked_at": NOON - timedelta(minutes=6), "state": "failing"},
        1,
        True,
    ),
    "in-the-future": ({"checked_at": NOON + timedelta(days=1), "state": "ok"}, 1, True),
    "fast-clock": (
        {"checked_at": NOON - timedelta(minutes=10), "state": "ok", "every_s": 60},
        30,
        False,
    ),
    "fast-clock-later": (
        {"checked_at": NOON - timedelta(minutes=15), "state": "ok", "every_s": 60},
        30,
        True,
    ),
}


@pytest.mark.parametrize(("fields", "speed", "wanted"), DUE.values(), ids=DUE.keys())
def test_when_a_layer_is_due(fields: dict[str, Any], speed: float, wanted: bool) -> None:
    """By its own interval, sooner after a failure, never faster than every half minute."""
    assert is_due(layer(**fields), NOON, speed) is wanted


def test_a_change_of_words_keeps_what_was_fetched() -> None:
    """Another title is no other content; another address is."""
    before = layer(state=LayerState.OK, checked_at=NOON, fetched_at=NOON, features=4)
    named = renewed(before, layer(title={"en": "Other"}))
    assert (named.title, named.features, named.fetched_at) == ({"en": "Other"}, 4, NOON)
    moved = renewed(before, layer(path="/other.geojson"))
    assert (moved.features, moved.fetched_at) == (None, None)


def test_what_somebody_added_is_left_alone() -> None:
    """What is set up comes and goes with its files; what people added stays, and its table."""
    store = MemoryStore()
    own = layer(id="layer:own", author="chan")
    files = Found({"layer:file": layer(id="layer:file", author=None)})
    survey(store, Found({"layer:own": own}), NOON)  # as if it had been added
    keep_table(store, "layer:own", b"{}")
    survey(store, files, NOON)
    keep_table(store, "layer:file", b"{}")
    assert set(survey(store, files, NOON)) == {"layer:own", "layer:file"}
    faulty = Found[Layer]({}, (Fault("file.toml", ("is no TOML",)),))
    assert set(survey(store, faulty, NOON)) == {"layer:own", "layer:file"}
    assert set(survey(store, Found({}), NOON)) == {"layer:own"}
    assert set(store.read(["layer:own", "layer:file"])) == {"layer:own"}
    assert Tables(store).read("layer:own", "now") is not None
    assert Tables(store).read("layer:file", "now") is None


def test_what_is_fetched_while_its_layer_goes_is_not_kept() -> None:
    """The table of a layer that is gone is emptied when its fetch is over, however late that is."""
    store = MemoryStore()
    survey(store, Found({"layer:file": layer(id="layer:file", author=None)}), NOON)
    survey(store, Found({"layer:file": layer(id="layer:file", author=None)}), NOON)
    token = store.lock("layer:file", ttl_ms=60_000)
    assert token is not None
    assert survey(store, Found({}), NOON) == {}
    keep_table(store, "layer:file", b"{}")
    store.unlock("layer:file", token)
    assert Tables(store).read("layer:file", "now") is not None
    survey(store, Found({}), NOON)
    assert Tables(store).read("layer:file", "now") is None


def test_two_surveys_do_not_overlap() -> None:
    """While one is under way another does nothing, and asks for nothing to be fetched."""
    store = MemoryStore()
    wanted = Found({"layer:file": layer(id="layer:file", author=None)})
    survey(store, wanted, NOON)
    token = store.lock("layers-survey", ttl_ms=60_000)
    assert token is not None
    assert survey(store, Found({}), NOON) == {}
    assert set(store.read(["layer:file"])) == {"layer:file"}
    store.unlock("layers-survey", token)
    assert set(survey(store, wanted, NOON)) == {"layer:file"}


def test_of_each_layer_the_latest_that_was_asked_for_is_held() -> None:
    """In memory stands one table a layer, and few of them; another age is read anew."""
    store = MemoryStore()
    tables = Tables(store)
    for number in range(MOST_KEPT + 2):
        store.write_table(f"layer:{number}", b"[%d]" % number)
        assert tables.read(f"layer:{number}", "one") is not None
    store.write_table("layer:9", b"[90]")
    for as_of, body in (("one", b"[9]"), ("two", b"[90]"), ("two", b"[90]")):
        found = tables.read("layer:9", as_of)
        assert found is not None
        assert found.body == body
    assert len(tables._kept) == MOST_KEPT


def test_one_is_asked_for_once_at_a_time() -> None:
    """What waits for a worker is not asked for again."""
    store = MemoryStore()
    layers = [layer(id="layer:a"), layer(id="layer:b", checked_at=NOON)]
    assert due(store, layers, NOON, 1.0) == ["layer:a"]
    assert due(store, layers, NOON, 1.0) == []


def test_an_exercise_plays_its_presets() -> None:
    """Those presets that exercises have are answered by the scenario, in the portal's own way."""
    store, clock = MemoryStore(), EXERCISE.clock()
    wanted = layers_of(EXERCISE)
    assert wanted
    survey(store, wanted, clock.now())
    transport = ReplayTransport(find_scenario(EXERCISE.scenario), clock)
    for name in wanted:
        assert fetch_layer(store, name, clock, Ways(transport, EXERCISE.layer_hosts)) == ""
        found = decode(store.read([name])[name].body)
        assert isinstance(found, Layer)
        assert (found.features or 0) > 5


def test_a_layer_that_was_taken_away_meanwhile_stays_away() -> None:
    """A fetch that ends after its layer was removed writes nothing."""
    store = MemoryStore()
    ways = Ways(ReplayTransport(find_scenario(EXERCISE.scenario), EXERCISE.clock()), "")
    assert fetch_layer(store, "layer:gone", EXERCISE.clock(), ways) == ""
    assert store.read(["layer:gone"]) == {}


def test_a_host_that_is_left_alone_is_told_without_seconds() -> None:
    """What the layer says stands there for minutes: no time that has long passed is in it."""
    service = Service(lambda *_: {})
    Backoff(service.store).failed(HOST)
    found = service.fetch(layer())
    assert (found.state, service.asked) == (LayerState.FAILING, [])
    assert found.why == f"{HOST} did not answer a moment before"


def test_a_fault_of_ours_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where reading breaks in a way that nobody thought of, the layer says so all the same."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setitem(fetching._READERS, "geojson", broken)
    found = Service(lambda *_: {}).fetch(layer())
    assert found.state is LayerState.FAILING
    assert "logged" in found.why
