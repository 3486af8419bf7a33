"""What deserves attention of what cameras see, until when, and what is said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cop.model.desk import Reason
from cop.model.entity import Entity, Kind, Severity
from cop.model.kinds import Attention, Observation, decode
from cop.model.record import Record, put
from cop.model.sight import VISION, CameraState, Watched
from cop.model.text import LANGS
from cop.services.watch import limits
from cop.services.watch.keeper import Keeper, item_id
from cop.services.watch.rules import causes, names, worst
from cop.services.watch.scene import Scene
from cop.services.watch.sights import REASONS
from cop.store.memory import MemoryStore
from tests.unit.services.watch.making import START, a_camera, a_zone, after, an_alarm


def seen(entity: Entity, at: datetime = START, *others: Entity) -> dict[Reason, Severity]:
    """Tell what deserves attention at a time: reason to severity."""
    found = causes(entity, {each.id: each for each in others})
    holding = worst([cause for cause in found if cause.holds(at)])
    return {reason: cause.severity for reason, cause in holding.items()}


def said(zone: Observation, lang: Any = "en") -> str:
    """Give what is said of the first alarm of *zone*."""
    return causes(zone, {})[0].description[lang]


@pytest.mark.parametrize(
    ("watched", "reason"),
    [
        (Watched.DENSE, Reason.CROWDED),
        (Watched.STOPPED, Reason.STANDSTILL),
        (Watched.QUEUE, Reason.STANDSTILL),
        (Watched.COUNTER_FLOW, Reason.COUNTER_FLOW),
        (Watched.HEAT, Reason.HEAT),
        (Watched.WATER, Reason.WATER),
    ],
)
def test_an_alarm_is_an_item_of_its_severity(watched: Watched, reason: Reason) -> None:
    """Each alarm is brought up for its reason, as bad as it is, with the camera's agency."""
    zone = a_zone(an_alarm(watched, severity=Severity.EXTREME))
    assert seen(zone) == {reason: Severity.EXTREME}
    (cause,) = causes(zone, {})
    assert cause.agency == "HKPF"
    assert set(cause.description) == set(LANGS)


def test_every_alarm_has_a_reason() -> None:
    """Nothing that a camera raises stays unsaid."""
    assert REASONS.keys() == set(Watched)


def test_a_zone_may_raise_several_items() -> None:
    """Too dense and standing still are two things; one reason is said once, the worst."""
    zone = a_zone(an_alarm("dense"), an_alarm("stopped", severity=Severity.EXTREME))
    assert seen(zone) == {Reason.CROWDED: Severity.SEVERE, Reason.STANDSTILL: Severity.EXTREME}
    assert seen(a_zone()) == {}


def test_what_was_seen_too_long_ago_says_nothing_any_more() -> None:
    """An alarm goes with time alone, so that a worker that died leaves none for ever."""
    zone = a_zone(an_alarm())
    assert seen(zone, after(14.9)).keys() == {Reason.CROWDED}
    assert seen(zone, after(15)) == {}
    assert seen(a_zone(an_alarm(), observed_at=None)) == {}


def test_the_queue_lets_go_of_what_nobody_looks_at_any_more() -> None:
    """The item is cleared by the clock alone, with nothing written by any camera."""
    store, one = MemoryStore(), item_id(Reason.CROWDED, "vision:pier.steps")
    keeper = Keeper(store)
    store.write([put(a_zone(an_alarm()))], fetched_ms=1)

    def cleared_at(minutes: float) -> datetime | None:
        keeper.run(after(minutes))
        item = decode(store.read([one])[one].body)
        assert isinstance(item, Attention)
        return item.cleared_at

    assert cleared_at(0) is None
    assert cleared_at(14) is None
    assert cleared_at(15) == after(15)


def test_only_what_cameras_saw_is_judged() -> None:
    """A publisher's reading raises nothing, and is never decoded: there are thousands."""
    other = a_zone(an_alarm(), id="hko:x", feed="hko_current")
    assert seen(other) == {}
    assert seen(a_zone(sight=None)) == {}
    scene = Scene()
    records = [_record(a_zone(an_alarm())), _record(a_camera()), _record(other)]
    records.append(Record("td:1", Kind.CAMERA, 1, 0, b"not even an entity", "td_cameras"))
    scene._apply(records)
    assert scene.entities.keys() == {"vision:pier.steps", "camera:pier"}
    gone = Record("vision:pier.steps", Kind.OBSERVATION, 2, 0, b"", VISION)
    assert scene._apply([gone]) >= {"vision:pier.steps", "camera:pier"}
    assert scene.entities.keys() == {"camera:pier"}


def _record(entity: Entity) -> Record:
    return Record(entity.id, entity.kind, 1, 0, entity.encode(), entity.feed or "")


def test_a_crowd_is_said_with_its_numbers() -> None:
    """How dense, at which level, how many give or take, and whether it moves."""
    assert said(a_zone(an_alarm())) == (
        "4.3 people per m² (level F), 312 ± 25 people, moving at 0.1 m/s"
    )
    stopped = a_zone(an_alarm("stopped"))
    assert said(stopped).endswith("312 ± 25 people, standing still")
    assert said(stopped, "zh-Hant") == "每平方米 4.3 人（F 級），312 ± 25 人，停滯不前"
    plain = a_zone(an_alarm(), measures={"people": 312}, sight={"level": None})
    assert said(plain) == "4.3 people per m², 312 people"
    against = a_zone(an_alarm("counter_flow"), measures={"counter_percent": 31.6})
    assert said(against) == "4.3 people per m² (level F), 32% against the flow"


def test_where_it_is_heading_is_said_in_the_city_s_time() -> None:
    """When a threshold is passed, between which times; an open end is said as one."""
    outlook = {"rate_per_min": 0.05, "threshold": 5, "at": after(15), "made_at": START}
    outlook |= {"earliest": after(10), "latest": after(20)}
    expected = said(a_zone(an_alarm(), sight={"outlook": outlook}))
    assert expected.endswith("; 5.0 expected about 20:15 (20:10–20:20)")
    open_end = said(a_zone(an_alarm(), sight={"outlook": outlook | {"latest": None}}))
    assert open_end.endswith("(20:10 or later)")
    never = {**outlook, "at": None, "earliest": None, "latest": None}
    assert "expected" not in said(a_zone(an_alarm(), sight={"outlook": never}))


def test_what_is_not_seen_any_more_is_said_to_be_unseen() -> None:
    """An alarm that is kept while nothing is known says since when."""
    blind = a_zone(an_alarm(unseen_since=after(-4)), value=None, sight={"level": None})
    assert said(blind) == "not known at present; the camera has shown nothing since 19:56"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"measure": "vehicle_count", "unit": "1", "value": 23, "measures": {"queue_m": 81.2}},
            "23 vehicles, standing queue of 81 m",
        ),
        (
            {"measure": "water_depth", "unit": "cm", "value": 31, "measures": {"rise_per_min": 2}},
            "31 cm of water, rising by 2.0 cm a minute",
        ),
        (
            {"measure": "flooded_share", "unit": "%", "value": 62, "measures": {"rise_per_min": 0}},
            "62% under water",
        ),
        (
            {
                "measure": "surface_temperature",
                "unit": "Cel",
                "value": 74.6,
                "measures": {"hot_area_m2": 3, "people": 2},
            },
            "75 °C at the hottest, 2 people, 3 m² hot",
        ),
        ({"measure": "noise", "unit": "dB", "value": 88, "measures": {}}, "88 dB"),
    ],
)
def test_other_measures_are_said_in_their_units(fields: dict[str, Any], words: str) -> None:
    """Vehicles, water and heat each say what counts; a measure nobody knows says its number."""
    assert said(a_zone(an_alarm(), sight={"level": None}, **fields)) == words


def test_the_title_names_the_zone_and_the_place() -> None:
    """Each language that there is; a name that is said twice is said once."""
    title = causes(a_zone(an_alarm()), {})[0].title
    assert title["en"] == "Steps · Pier"
    assert title["zh-Hant"] == "梯級 · 碼頭"
    alone = a_zone(an_alarm(), place={"en": "Steps"})
    assert causes(alone, {})[0].title["en"] == "Steps"


def test_a_camera_that_sees_nothing_is_brought_up() -> None:
    """After ten minutes; worse where an alarm stands in one of its zones."""
    camera = a_camera()
    assert seen(camera, after(9.9)) == {}
    assert seen(camera, after(10)) == {Reason.BLIND: Severity.MINOR}
    calm = a_zone()
    assert names(calm) == ("camera:pier",)
    assert seen(camera, after(10), calm) == {Reason.BLIND: Severity.MINOR}
    assert seen(camera, after(10), a_zone(an_alarm())) == {Reason.BLIND: Severity.MODERATE}
    (cause,) = causes(camera, {calm.id: calm})
    assert cause.description["en"] == "Black picture since 20:00; zones not counted: 1"
    assert cause.description.keys() == set(LANGS)


@pytest.mark.parametrize("state", CameraState)
def test_every_state_but_a_good_one_is_said(state: CameraState) -> None:
    """Whatever is wrong with its frames; nothing is wrong with one that nobody has looked at."""
    blind = state not in (CameraState.OK, CameraState.UNKNOWN)
    assert bool(seen(a_camera(state=state), after(10))) is blind
    assert bool(seen(a_camera(state=state, state_since=None))) is blind


def test_a_camera_by_which_nothing_is_counted_is_no_concern() -> None:
    """Nobody waits for numbers of it; and others' cameras are not ours."""
    assert seen(a_camera(counts=[]), after(60)) == {}
    assert seen(a_camera(feed="td_cameras"), after(60)) == {}


def test_what_cameras_see_stands_next_to_calls_for_help() -> None:
    """Within a severity nothing but a call for help is looked at sooner."""
    first = [Reason.HELP, Reason.STANDSTILL, Reason.CROWDED, Reason.COUNTER_FLOW]
    first += [Reason.HEAT, Reason.WATER]
    ranks = [limits.rank(Severity.SEVERE, reason) for reason in first]
    assert ranks == sorted(ranks)
    others = set(Reason) - set(first)
    assert max(ranks) < min(limits.rank(Severity.SEVERE, reason) for reason in others)
