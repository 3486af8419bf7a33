from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cop.model.access import Audience
from cop.model.kinds import Facility
from cop.services.duty import Duties
from cop.services.policy import Identity, Role
from cop.services.replica import Replica
from cop.services.suggest import Suggesting
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, TEAM, Room, who

STEP = "POST /assignments/{id}/step"


class Following:
    """A room whose picture a replica follows, as in a web process."""

    def __init__(self, room: Room) -> None:
        """Follow the picture of *room*."""
        self.room = room
        self.replica = Replica(room.store, room.clock)
        self.duties = Duties(room.desk, self.replica)
        self.suggesting = Suggesting(room.desk, self.replica)
        self.replica.start()

    def of(self, identity: Identity) -> dict[str, Any]:
        """Give somebody's duty, once the replica has come as far as the store."""
        self.catch_up()
        return self.duties.of(identity)

    def catch_up(self) -> None:
        """Wait until the replica has come as far as the store."""
        end = time.monotonic() + 15
        while self.replica.state()[0] != self.room.store.cursor():
            assert time.monotonic() < end, "the replica does not follow"
            time.sleep(0.005)


@pytest.fixture
def following() -> Iterator[Following]:
    """Give a room with two teams and a first-aid post, followed."""
    room = Room()
    room.resource("pump-1", leader="Pump One")
    room.resource("pump-2", leader="Pump Two")
    room.put(Facility(id="facility:aid", publisher="AMS", facility_type="first_aid_post"))
    room.user("team", Role.FIELD, "DSD", belongs_to=("resource:pump-1",))
    room.user("nurse", Role.WARDEN, "AMS", belongs_to=("facility:aid",))
    following = Following(room)
    yield following
    following.replica.stop()


def ids(features: list[dict[str, Any]]) -> list[str]:
    """Give the ids of features."""
    return [feature["id"] for feature in features]


def test_one_sees_ones_own(following: Following) -> None:
    """Own resources, own facility, own open tasks and their leader; nothing of anybody else's."""
    room = following.room
    own, other = room.assign(leader="Chan"), room.assign("resource:pump-2")
    duty = following.of(TEAM)
    assert ids(duty["resources"]) == ["resource:pump-1"]
    assert ids(duty["assignments"]) == [own.id] != [other.id]
    assert duty["leader"] == "Chan"
    assert duty["facilities"] == duty["orders"] == []
    assert (duty["operation"], duty["exercise"]) == ("live", False)
    warden = following.of(who(Role.WARDEN, "AMS", "nurse", ["facility:aid"]))
    assert ids(warden["facilities"]) == ["facility:aid"]
    assert warden["resources"] == warden["assignments"] == []
    assert warden["leader"] is None
    assert following.of(CHIEF)["resources"] == []


def test_ended_and_proposed_tasks_are_no_duty(following: Following) -> None:
    """A task leaves the page with its end; a proposal is not on it; the leader is the team's."""
    room = following.room
    room.do(STEP, TEAM, room.assign().id, status="completed")
    room.assign(propose=True)
    duty = following.of(TEAM)
    assert duty["assignments"] == []
    assert duty["leader"] == "Pump One"


def test_what_does_not_exist_is_left_out(following: Following) -> None:
    """An account may belong to what is not, or not yet, on the picture."""
    duty = following.of(who(Role.FIELD, "DSD", "early", ["resource:to-come"]))
    assert duty["resources"] == []


def test_orders_with_ones_own_receipt(following: Following) -> None:
    """The latest order first; each with one's own times, and without the names of others."""
    room = following.room
    first = room.do("POST /orders", CHIEF, words="one", addressees=["everyone"]).id
    room.clock.wait(60)
    second = room.do("POST /orders", CHIEF, words="two", addressees=["agency:DSD"]).id
    room.do("POST /orders/{id}/receipts", TEAM, first, step="read")
    team, nurse = following.of(TEAM), following.of(who(Role.WARDEN, "AMS", "nurse"))
    assert [answer["order"]["id"] for answer in team["orders"]] == [second, first]
    blank = {"delivered_at": None, "read_at": None, "acknowledged_at": None}
    assert team["orders"][0]["receipt"] == blank
    at = (NOON + timedelta(seconds=60)).isoformat().replace("+00:00", "Z")
    assert team["orders"][1]["receipt"] == {**blank, "delivered_at": at, "read_at": at}
    assert [answer["order"]["id"] for answer in nurse["orders"]] == [first]
    assert nurse["orders"][0]["receipt"] == blank
    assert TEAM.audience is Audience.RESPONDER
    assert "recipients" not in team["orders"][0]["order"]["properties"]


def test_old_orders_leave_when_nothing_is_left_to_answer(following: Following) -> None:
    """After a day what was acknowledged or taken back is gone; what was not stays."""
    room = following.room
    answered, cancelled, open_one = (
        room.do("POST /orders", CHIEF, words="x", addressees=["everyone"]).id for _ in range(3)
    )
    room.do("POST /orders/{id}/receipts", TEAM, answered, step="acknowledged")
    room.do("POST /orders/{id}/cancel", CHIEF, cancelled, made_from=1, reason="over")
    assert len(following.of(TEAM)["orders"]) == 3
    room.clock.wait(86_401)
    assert [one["order"]["id"] for one in following.of(TEAM)["orders"]] == [open_one]


def test_suggestions_are_of_those_one_may_send(following: Following) -> None:
    """The desk is told of all free teams, with their open tasks; a liaison of the own agency's."""
    room = following.room
    room.resource("engine-1", agency="FSD", skills=("pumping",))
    room.do("PATCH /resources/{id}", DUTY, "resource:pump-1", made_from=1, skills=["pumping"])
    room.assign("resource:engine-1", propose=True)
    incident = room.incident()
    following.catch_up()
    found = following.suggesting.find(DUTY, incident, limit=10)
    assert {one.resource: (one.load, one.version) for one in found} == {
        "resource:pump-1": (0, 2),
        "resource:engine-1": (1, 1),
    }
    own = following.suggesting.find(DSD, incident, limit=10)
    assert [one.resource for one in own] == ["resource:pump-1"]
    room.assign("resource:pump-1")
    following.catch_up()
    assert following.suggesting.find(DSD, incident, limit=10) == []
