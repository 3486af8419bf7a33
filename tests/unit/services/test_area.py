"""What is around somebody: what is near and matters, where to go, and what is not known."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from cop.errors import StoreUnavailable
from cop.model.geometry import point, polygon
from cop.model.kinds import (
    Alert,
    Camera,
    Facility,
    FeedStatus,
    Hazard,
    LivePosition,
    Road,
)
from cop.model.record import put
from cop.services.area import MOST, Areas
from cop.services.concerns import Concerns
from cop.services.feed_age import SHOWN
from cop.services.policy import Identity, Role
from cop.services.replica import Replica
from cop.services.surroundings import Surroundings, cell_of, cells_from, look_box, touches
from tests.unit.services.commands.acting import CHIEF, DUTY, NOON, TEAM, Room, who
from tests.unit.services.test_duty import Following
from tests.unit.services.watch.making import a_zone, an_alarm

HERE = (114.17, 22.30)
WARDEN = who(Role.WARDEN, "AMS", "nurse", ["facility:aid"])


def near(east_km: float = 0.5, north_km: float = 0.5) -> Any:
    """Give a place so far from `HERE`."""
    return point(HERE[0] + east_km / 103, HERE[1] + north_km / 111)


def road(name: str, at: Any, status: str = "closed") -> Road:
    """Make a road."""
    return Road(
        id=f"td_traffic_news:{name}",
        feed="td_traffic_news",
        publisher="TD",
        status=status,
        geometry=at,
    )


def shelter(name: str, at: Any, kind: str = "shelter", **fields: Any) -> Facility:
    """Make a place to go to."""
    given = {"publisher": "HAD", "status": "open", **fields}
    return Facility(id=f"facility:{name}", facility_type=kind, geometry=at, **given)


class Outside(Following):
    """A room whose picture is followed, and people who look around."""

    def __init__(self, room: Room) -> None:
        """Follow the picture of *room*."""
        super().__init__(room)
        self.areas = Areas(self.replica, self.concerns)

    def mark(self, identity: Identity = TEAM) -> str:
        """Give the ETag of what is around somebody."""
        self.catch_up()
        return self.areas.find(identity).etag

    def look(self, identity: Identity = TEAM) -> dict[str, Any]:
        """Give what is around somebody."""
        self.catch_up()
        found: dict[str, Any] = orjson.loads(self.areas.find(identity).body())
        return found

    def ids(self, identity: Identity = TEAM) -> list[str]:
        """List what is around somebody."""
        return [feature["id"] for feature in self.look(identity)["features"]]


@pytest.fixture
def outside() -> Iterator[Outside]:
    """Give a team in the middle of the city."""
    room = Room()
    room.resource("pump-1", geometry=point(*HERE))
    outside = Outside(room)
    yield outside
    outside.replica.stop()


def test_what_is_near_and_matters_is_there(outside: Outside) -> None:
    """Hazards, closed roads, open incidents and facilities near by; nothing else, nothing far."""
    room = outside.room
    square = polygon([(114.16, 22.29), (114.18, 22.29), (114.18, 22.31)])
    room.put(
        road("shut", near()),
        road("narrow", near(), "restricted"),
        road("free", near(), "normal"),
        road("far", near(9, 0)),
        Hazard(id="hazard:flood", publisher="COP", phenomenon="flood", geometry=square),
        Camera(id="td_cameras:1", feed="td_cameras", publisher="TD", geometry=near()),
        shelter("hall", near(1, 1)),
        shelter("station", near(1, 1), "station"),
        LivePosition(
            id="position:else", publisher="FSD", resource="resource:else", geometry=near()
        ),
    )
    open_one = room.incident("open", geometry=near())
    room.incident("over", geometry=near(), status="closed")
    room.incident("nowhere")
    found = outside.look()
    assert {feature["id"] for feature in found["features"]} == {
        "td_traffic_news:shut",
        "td_traffic_news:narrow",
        "hazard:flood",
        "facility:hall",
        open_one,
    }
    assert found["centre"] == list(HERE)
    west, south, east, north = found["bbox"]
    assert west < HERE[0] < east
    assert south < HERE[1] < north
    assert found["as_of"].startswith("2026-09-08T0")


def test_a_zone_in_which_an_alarm_stands_is_there(outside: Outside) -> None:
    """With its alarms and without its history; what is calm, or no camera's, is not sent."""
    readings = [{"at": NOON, "value": 4}]
    dense = a_zone(an_alarm(), geometry=near(), sight={"recent": readings})
    calm = a_zone(id="vision:pier.calm", geometry=near())
    outside.room.put(dense, calm, a_zone(an_alarm(), id="x:1", feed="x", geometry=near()))
    (found,) = outside.look()["features"]
    assert found["id"] == dense.id
    assert found["properties"]["sight"]["alarms"][0]["watched"] == "dense"
    assert "recent" not in found["properties"]["sight"]
    outside.room.put(a_zone(geometry=near()))
    assert outside.ids() == []


def test_every_warning_in_force_is_there(outside: Outside) -> None:
    """A warning is for everybody, wherever they are and whether or not it has a place."""
    outside.room.put(
        Alert(
            id="hko_warnings:WRAINB",
            feed="hko_warnings",
            publisher="HKO",
            event_type="rain",
            issued_at=NOON,
        )
    )
    assert outside.ids() == outside.ids(CHIEF) == ["hko_warnings:WRAINB"]
    nowhere = outside.look(CHIEF)
    assert (nowhere["centre"], nowhere["bbox"]) == (None, None)
    assert nowhere["nearest"] == dict.fromkeys(["shelter", "first_aid_post", "hospital"])


def test_one_looks_from_where_one_is_and_is_sent(outside: Outside) -> None:
    """The live position goes before the roster's; tasks and their incidents count as well."""
    room = outside.room
    room.put(road("home", near()), road("away", near(30, 0)), road("task", near(-15, 0)))
    assert outside.ids() == ["td_traffic_news:home"]
    incident = room.incident(geometry=near(-15, 0.2))
    room.assign(incident=incident)
    assert set(outside.ids()) == {"td_traffic_news:home", "td_traffic_news:task", incident}
    room.put(
        LivePosition(
            id="position:pump-1",
            publisher="DSD",
            resource="resource:pump-1",
            geometry=near(30, 0),
            author="team",
        )
    )
    found = outside.look()
    ids = {feature["id"] for feature in found["features"]}
    assert ids == {"position:pump-1", "td_traffic_news:away", "td_traffic_news:task", incident}
    assert "author" not in orjson.dumps(found).decode()
    assert "position:pump-1" not in outside.ids(who(Role.FIELD, "DSD", "other"))


def test_an_area_of_responsibility_is_seen_whole(outside: Outside) -> None:
    """A team is told of every corner of its area; of one too large, of its middle."""
    room = outside.room
    corners = [near(5 + x, 5 + y) for x in (0, 12) for y in (0, 12)]
    room.put(*(road(f"corner-{n}", at) for n, at in enumerate(corners)))
    ring = [one.coordinates for one in (corners[0], corners[1], corners[3], corners[2])]
    room.resource("pump-2", area=polygon(ring))
    mate = who(Role.FIELD, "DSD", "mate", ["resource:pump-2"])
    assert len(outside.ids(mate)) == 4
    room.resource("pump-3", area=polygon([(113.8, 22.1), (114.5, 22.1), (114.5, 22.6)]))
    assert outside.look(who(Role.FIELD, "DSD", "m", ["resource:pump-3"]))["centre"] is not None


def test_the_nearest_that_one_can_go_to(outside: Outside) -> None:
    """Of each sort the nearest that is not shut or full, however far; and it is on the map."""
    room = outside.room
    room.put(
        shelter("full", near(0.2, 0), status="full"),
        shelter("shut", near(0.3, 0), status="closed"),
        shelter("open", near(6, 0)),
        shelter("farther", near(8, 0)),
        shelter("aid", near(0, 2), "first_aid_post", status="unknown"),
    )
    found = outside.look()
    assert found["nearest"]["shelter"]["id"] == "facility:open"
    assert found["nearest"]["shelter"]["distance_m"] == pytest.approx(6000, rel=0.03)
    assert found["nearest"]["first_aid_post"]["id"] == "facility:aid"
    assert found["nearest"]["hospital"] is None
    ids = [feature["id"] for feature in found["features"]]
    assert "facility:open" in ids
    assert "facility:farther" not in ids
    assert len(ids) == len(set(ids))
    assert outside.look(WARDEN)["centre"] == list(near(0, 2).coordinates)


def test_what_its_keeper_says_counts(outside: Outside) -> None:
    """A publisher's list does not send people to a hall that its keeper says is full."""
    room = outside.room
    room.put(
        Facility(
            id="gov_press:hall",
            feed="gov_press",
            publisher="HAD",
            facility_type="shelter",
            status="open",
            geometry=near(),
        ),
        shelter("far", near(2, 2)),
    )
    assert outside.look()["nearest"]["shelter"]["id"] == "gov_press:hall"
    room.put(shelter("hall", near(), status="full", stands_for="gov_press:hall"))
    found = outside.look()
    assert found["nearest"]["shelter"]["id"] == "facility:far"
    assert "gov_press:hall" not in {feature["id"] for feature in found["features"]}


def test_unknown_is_not_empty(outside: Outside) -> None:
    """A layer whose feed was never read, or is overdue, is named with since when."""
    room = outside.room
    assert {one["layer"]: one["since"] for one in outside.look()["unknown"]} == dict.fromkeys(SHOWN)
    for feed in SHOWN.values():
        room.put(
            FeedStatus(
                id=f"feed_status:{feed}",
                publisher="HKO",
                state="ok",
                fetched_at=NOON,
                content_at=NOON - timedelta(seconds=300),
                every_s=60,
                stale_after_s=600,
            )
        )
    known = outside.look()
    assert known["unknown"] == []
    fresh = outside.mark()
    room.clock.wait(301)
    late = outside.look()["unknown"]
    assert {one["layer"] for one in late} == set(SHOWN)
    assert {one["since"] for one in late} == {"2026-09-08T03:55:00Z"}
    assert outside.mark() != fresh


def test_nothing_new_has_the_same_mark(outside: Outside) -> None:
    """What is far away, and time, change no ETag; what is near does; two processes agree."""
    room = outside.room
    room.put(road("near", near()), shelter("hall", near(1, 1)))
    seen = outside.mark()
    room.clock.wait(60)
    room.put(road("far", near(20, 0)))
    assert outside.mark() == seen
    other = Replica(room.store, room.clock)
    concerns = Concerns(other)
    other._load()
    assert Areas(other, concerns).find(TEAM).etag == seen
    for change in (road("near", near(), "restricted"), shelter("aid", near(40, 0), "hospital")):
        room.put(change)
        assert outside.mark() != seen
        seen = outside.mark()
    room.do("PATCH /resources/{id}", DUTY, "resource:pump-1", made_from=1, strength=4)
    assert outside.mark() == seen


def test_there_is_an_end_to_it(outside: Outside) -> None:
    """Of very many the nearest are given, and the warnings and the way to a shelter always."""
    room, numbers = outside.room, random.Random(1)
    for start in range(0, 500, 100):
        some = [
            road(f"{start + n}", near(numbers.uniform(-2.5, 2.5), numbers.uniform(-2.5, 2.5)))
            for n in range(100)
        ]
        room.put(*some)
    room.put(road("here", point(*HERE)), road("edge", near(2.9, 2.9)), shelter("far", near(6, 6)))
    ids = outside.ids()
    assert len(ids) == MOST
    assert ids[0] == "facility:far"
    assert ids[1] == "td_traffic_news:here"
    assert "td_traffic_news:edge" not in ids


def test_one_that_cannot_be_read_hides_nothing_else(outside: Outside) -> None:
    """What another version of this program wrote stays as it was last understood."""
    hall = shelter("hall", near(1, 1))
    outside.room.put(hall, shelter("gym", near(1, 0)))
    assert set(outside.ids()) == {"facility:hall", "facility:gym"}
    body = hall.encode().replace(b'"facility_type":', b'"sort":')
    later = put(hall)
    outside.room.store.write([replace(later, body=body)], fetched_ms=0)
    assert set(outside.ids()) == {"facility:hall", "facility:gym"}
    outside.room.put(shelter("gym", near(1, 0), status="full"))
    assert outside.look()["nearest"]["shelter"]["id"] == "facility:hall"


def test_shapes_are_made_small(outside: Outside) -> None:
    """A coast of a thousand corners is told in a few; a field of rain without its cells."""
    ring = [(114.1 + n / 10_000, 22.3 + (n % 2) / 100_000) for n in range(1000)]
    outside.room.put(
        Hazard(
            id="hazard:coast",
            publisher="COP",
            phenomenon="surge",
            geometry=polygon([*ring, (114.2, 22.35)]),
            grid={
                "west": 114.0,
                "north": 22.5,
                "step_lon": 0.1,
                "step_lat": 0.1,
                "columns": 2,
                "unit": "mm",
                "cells": [[0, 5.0]],
            },
        )
    )
    (feature,) = outside.look()["features"]
    assert len(feature["geometry"]["coordinates"][0]) < 20
    assert "grid" not in feature["properties"]


def test_before_the_picture_is_read_nothing_is_said() -> None:
    """An empty area would look like safety: there is none until there is a picture."""
    room = Room()
    replica = Replica(room.store, room.clock)
    with pytest.raises(StoreUnavailable):
        Areas(replica, Concerns(replica)).find(TEAM)


def test_the_index_agrees_with_looking_through_everything() -> None:
    """Whatever comes, moves and goes, a cell sees exactly what touches its box."""
    numbers, store = random.Random(7), Room()
    around, there = Surroundings(), {}
    cell = cell_of(HERE)
    for step in range(400):
        name, size = f"{numbers.randrange(40)}", numbers.choice([0.0, 0.003, 0.05, 0.3])
        west, south = HERE[0] + numbers.uniform(-0.2, 0.2), HERE[1] + numbers.uniform(-0.2, 0.2)
        box = (west, south, west + size + 1e-4, south + size + 1e-4)
        shape = polygon([(box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])])
        status = numbers.choice(["closed", "closed", "normal"])
        store.put(road(name, shape, status))
        record = store.store.read([f"td_traffic_news:{name}"])[f"td_traffic_news:{name}"]
        told = around.put(record)
        before = there.pop(record.id, None)
        if status == "closed":
            there[record.id] = box
        assert len(told) == (before is not None) + (status == "closed"), step
        seen = {near.id for near in around.around(cell).found}
        assert seen == {one for one, at in there.items() if touches(at, look_box(cell))}


def test_cells_from_which_a_box_is_seen() -> None:
    """The same cells whether few or many are known, and whether the box is small or large."""
    numbers = random.Random(3)
    known = {(11400 + numbers.randrange(60), 2200 + numbers.randrange(60)) for _ in range(500)}
    for size in (0.0, 0.02, 0.9):
        box = (114.2, 22.2, 114.2 + size, 22.2 + size)
        seen = set(cells_from(box, known))
        one_by_one = {cell for cell in known if list(cells_from(box, {cell}))}
        assert seen == one_by_one
