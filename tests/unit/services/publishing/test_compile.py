"""The public picture: what is in it, from when on, and what a restart changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from cop.config import Settings
from cop.model.record import Event, Record
from cop.services.geography import district_at
from tests.unit.services.publishing.compiling import (
    LIVE,
    Town,
    at,
    feed_status,
    flood,
    iso,
    listed_shelter,
    rain,
    reading,
    road,
    shelter,
)


def test_a_verified_incident_appears_when_its_delay_is_over() -> None:
    """Five minutes after it was verified, as a coarse point without anybody's words."""
    town = Town()
    town.put(flood(), minute=0)
    assert town.said(flood(), 4.99) is None
    assert town.compiler.due() == at(5)
    feature = town.picture(5).features["incident:a1"]
    assert feature["properties"] == {
        "kind": "incident",
        "type": "flooding",
        "version": int(at(0).timestamp() * 1000),
        "fetched_at": "2026-09-08T04:00:00.000Z",
        "publisher": "DSD",
        "incident_type": "flooding",
        "status": "verified",
        "severity": "Moderate",
        "reported_at": iso(-10),
        "district": "YTM",
        "precision_m": 100,
    }
    assert feature["geometry"]["coordinates"] != [114.16943, 22.30891]


@pytest.mark.parametrize("status", ["reported", "closed", "rejected", "merged"])
def test_what_was_never_shown_leaves_no_trace(status: str) -> None:
    """A report, and what ended before its delay was over, is not mentioned at all."""
    town = Town()
    town.put(flood(verified=None, status="reported"))
    assert not town.picture(1).features
    town.put(flood(), minute=2)
    assert not town.picture(3).features
    town.put(flood(status, verified=None if status == "reported" else 0), minute=4)
    for minute in (4, 10, 100):
        assert not town.picture(minute).features


def test_the_delay_counts_anew_after_a_rejection() -> None:
    """What was rejected and is verified again is as new as if it had never been verified."""
    town = Town()
    steps = {"reported": at(-10), "verified": at(0), "rejected": at(20)}
    town.put(flood(steps=steps), minute=30)
    assert town.said(flood(), 34.9) is None
    assert town.compiler.due() == at(35)
    assert town.said(flood(), 35) is not None


def test_the_district_is_that_of_the_coarse_place() -> None:
    """Two places of one cell are in one district: it does not say on which side one lies."""
    cells: dict[tuple[float, float], set[str | None]] = {}
    for step in range(300):
        town, exact = Town(), (114.16 + step * 0.0001, 22.33)
        place = {"type": "Point", "coordinates": exact}
        town.put(flood(geometry=place, district=district_at(*exact)))
        shown = town.picture(6).features["incident:a1"]
        at_ = tuple(shown["geometry"]["coordinates"])
        cells.setdefault(at_, set()).add(shown["properties"]["district"])
    assert len(set.union(*cells.values())) > 1
    assert all(len(districts) == 1 for districts in cells.values())


def test_how_often_people_changed_something_is_not_told() -> None:
    """The version that is shown does not count what was changed inside."""
    often, once = Town(), Town()
    for trapped in range(5):
        often.put(flood(casualties={"trapped": trapped}))
    once.put(flood())
    assert often.said(flood(), 6) == once.said(flood(), 6)


def test_what_people_change_inside_is_no_news() -> None:
    """An incident that changes in nothing that is shown stays the same, also in its version."""
    town = Town()
    town.put(flood())
    first = town.picture(6).features["incident:a1"]
    town.put(flood(casualties={"trapped": 2}, title={"en": "other words"}), minute=7)
    assert town.picture(8).features["incident:a1"] == first


def test_the_keepers_counter_goes_before_the_publishers() -> None:
    """One place is shown once: as its keeper says, while that says something."""
    town = Town()
    town.put(listed_shelter(), feed_status())
    assert town.said("had_shelters:town-hall", 0) is not None
    town.put(shelter("standby", stands_for="had_shelters:town-hall"))
    assert set(town.picture(1).features) == {"had_shelters:town-hall"}
    town.put(shelter("full", stands_for="had_shelters:town-hall"))
    assert set(town.picture(2).features) == {"facility:s1"}
    town.put(shelter("closed", stands_for="had_shelters:town-hall"))
    said = town.picture(3).features
    assert set(said) == {"facility:s1"}
    assert said["facility:s1"]["properties"]["ended"] == {"at": iso(3), "why": "over"}
    town.remove("facility:s1")
    assert "ended" not in (town.said("had_shelters:town-hall", 4) or {"ended": 1})


def test_a_twin_of_no_public_type_hides_nothing() -> None:
    """What stands for a shelter but is a command post is nothing to the public."""
    town = Town()
    town.put(listed_shelter(), shelter(facility_type="station", stands_for=listed_shelter().id))
    assert set(town.picture(1).features) == {listed_shelter().id}


def test_only_a_facility_gives_way() -> None:
    """Nobody can hide a warning by saying that a shelter stands for it."""
    town = Town()
    town.put(rain(), shelter(stands_for=rain().id))
    assert set(town.picture(1).features) == {rain().id, "facility:s1"}
    town.put(rain("WRAINR"))
    assert "changed" in (town.said(rain(), 2) or {})


def test_what_is_for_the_api_alone_is_no_feature() -> None:
    """Detectors, works, standby halls and feed statuses are not in the picture."""
    town = Town()
    town.put(
        reading("traffic_speed"), road("works"), listed_shelter("standby"), feed_status(), rain()
    )
    picture = town.picture(1)
    assert set(picture.features) == {"hko_warnings:WRAIN"}
    assert set(picture.feeds) == {"hko_warnings"}


def test_feeds_are_known_as_they_do() -> None:
    """A feed's age is told; that of what may not be passed on is not."""
    town = Town()
    town.put(feed_status(content_at=at(-1)), feed_status("nmc_warnings"))
    picture = town.picture(1)
    known = picture.feeds["hko_warnings"]
    assert (known.known_at(), known.licence, known.state) == (at(-1), "open", "ok")
    assert set(picture.feeds) == {"hko_warnings"}
    due = town.compiler.due()
    assert due is not None
    assert not known.is_stale(at(4))
    assert known.is_stale(due)
    town.remove("feed_status:hko_warnings")
    assert not town.picture(2).feeds


def test_while_nothing_happens_the_picture_is_the_same() -> None:
    """It is made anew only after events, or when something is due."""
    town = Town()
    town.put(rain(expires_at=at(30)), flood())
    first = town.picture(6)
    assert town.picture(7).features is first.features
    assert town.picture(7).as_of == at(7)
    assert town.compiler.due() == at(30)
    assert town.picture(30).features is not first.features


def test_an_exercise_is_published_only_where_that_is_wanted() -> None:
    """Nothing of an exercise is in the picture by default; else it is marked as one."""
    exercise = Settings(operation="exercise-x")
    for settings, shown in [
        (exercise, 0),
        (exercise.model_copy(update={"public_exercise": True}), 1),
    ]:
        town = Town(settings)
        town.put(rain(), feed_status())
        picture = town.picture(1)
        assert picture.exercise
        assert len(picture.features) == len(picture.feeds) == len(picture.spans) == shown
    assert not Town(LIVE).picture(1).exercise


def test_an_unreadable_record_is_denied_and_stops_nothing() -> None:
    """What cannot be judged is not shown, not even as ended; the rest goes on."""
    town = Town()
    town.put(rain(), flood())
    town.picture(6)
    (record,) = town.store.read(["incident:a1"]).values()
    for body in (b"{", b"[]", b'{"kind":"incident"}'):
        town.compiler.go_on([Event("9-0", (replace(record, body=body),))])
        assert set(town.compiler.picture(at(7), made_at=at(7), down={}).features) == {rain().id}
    broken = Record("feed_status:x", feed_status().kind, 1, 1, b'{"kind":"feed_status"}')
    town.compiler.go_on([Event("10-0", (broken,))])
    assert not town.picture(8).feeds


def busy() -> Town:
    """Make a town in which things have begun, changed and ended."""
    town = Town()
    town.put(rain(), flood(), road(), shelter(), reading(), feed_status())
    town.put(flood(id="incident:b2", incident_type="fire"), flood(id="incident:c3"))
    town.picture(6)
    town.put(rain("WRAINR", "Severe", issued_at=at(10)), flood(severity="Severe"), minute=10)
    town.put(flood("closed", id="incident:b2", incident_type="fire"), shelter("full"))
    town.put(flood("rejected", id="incident:c3"))
    town.remove(road())
    town.picture(10)
    return town


def test_a_restart_forgets_nothing() -> None:
    """Who is given what the last process kept goes on as if there had been no restart."""
    for minute in (11.0, 70.5, 131.0, 24 * 60 + 11):
        stayed, left = busy(), busy()
        left.restart(left.compiler.memory())
        assert left.picture(minute) == stayed.picture(minute)
        assert left.compiler.due() == stayed.compiler.due()
        assert orjson.loads(left.compiler.memory()) | {"epoch": ""} == orjson.loads(
            stayed.compiler.memory()
        ) | {"epoch": ""}


def test_a_restart_notices_what_ended_meanwhile() -> None:
    """What was shown and is gone when a process begins is shown as ended."""
    town = busy()
    kept = town.compiler.memory()
    town.remove(rain())
    town.put(flood("merged", merged_into="incident:z"))
    town.put(shelter(facility_type="station"))
    town.restart(kept)
    said = town.picture(12).features
    assert said[rain().id]["properties"]["ended"] == {"at": iso(12), "why": "over"}
    assert said["incident:a1"]["properties"]["ended"]["why"] == "withdrawn"
    assert "facility:s1" not in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: b"",
        lambda kept: b"{",
        lambda kept: b"[]",
        lambda kept: b"null",
        lambda kept: kept[:-20],
        lambda kept: orjson.dumps(orjson.loads(kept) | {"format": 0}),
        lambda kept: orjson.dumps(orjson.loads(kept) | {"operation": "other"}),
        lambda kept: orjson.dumps(orjson.loads(kept) | {"table": "other"}),
        lambda kept: orjson.dumps(orjson.loads(kept) | {"epoch": "other"}),
        lambda kept: orjson.dumps(orjson.loads(kept) | {"shown": {"x:1": [10_000, {}, {}]}}),
        lambda kept: orjson.dumps(orjson.loads(kept) | {"over": {"x:1": 1}}),
        lambda kept: orjson.dumps(orjson.loads(kept) | {"timeline": {"looked": 1}}),
    ],
)
def test_a_memory_that_is_of_no_use_is_forgotten(spoil: Any) -> None:
    """Damaged, of another operation, table, program or store: it begins with nothing."""
    town, fresh = busy(), busy()
    town.restart(spoil(town.compiler.memory()))
    fresh.restart(None)
    assert town.picture(11) == fresh.picture(11)
    assert not any("ended" in one["properties"] for one in town.picture(11).features.values())


def test_a_store_that_was_emptied_ends_nothing() -> None:
    """Another epoch is another store: that it has nothing does not mean that anything is over."""
    town = busy()
    snapshot = town.store.snapshot()
    town.compiler.begin(replace(snapshot, epoch="other", records={}))
    assert not town.compiler.picture(at(11), made_at=at(11), down={}).features


def test_a_resync_changes_nothing() -> None:
    """To begin again with a snapshot of the same store is not noticed."""
    town = busy()
    before = town.picture(11)
    town.compiler.begin(town.store.snapshot())
    assert town.picture(11) == before
