from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from cop.errors import StoreUnavailable
from cop.model.access import Audience
from cop.model.kinds import Facility, FeedStatus, Receipt
from cop.model.record import Record
from cop.services import duty as duty_module
from cop.services.commands.receipts import receipt_id
from cop.services.concerns import Concerns
from cop.services.duty import Duties, Duty
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
        self.concerns = Concerns(self.replica)
        self.duties = Duties(room.desk, self.concerns)
        self.suggesting = Suggesting(room.desk, self.replica)
        self.come_to = ""
        self.replica.subscribe(self._note)
        self.replica.start()

    def _note(self, _: object) -> None:
        """Note how far it has come: listeners are told when all that follows has heard of it."""
        self.come_to = self.replica.state()[0]

    def of(self, identity: Identity) -> dict[str, Any]:
        """Give somebody's duty, once the replica has come as far as the store."""
        return self.find(identity).body()

    def find(self, identity: Identity) -> Duty:
        """Find somebody's duty, once the replica has come as far as the store."""
        self.catch_up()
        return self.duties.find(identity)

    def catch_up(self) -> None:
        """Wait until the replica has come as far as the store."""
        end = time.monotonic() + 45
        while self.replica.not_ready() or self.come_to != self.room.store.cursor():
            assert time.monotonic() < end, "the replica does not follow"
            time.sleep(0.005)


@pytest.fixture
def following() -> Iterator[Following]:
    """Give a room with two teams and a first-aid post, followed."""
    room = Room()
    room.resource("pump-1", leader="Pump One", contact="channel 4")
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
    names = ("sent_at", "delivered_at", "read_at", "acknowledged_at", "answer", "words")
    blank = dict.fromkeys(names)
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


def test_orders_that_have_left_the_page_cost_nothing(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many orders there ever were, only those that may be shown are read."""
    room = following.room
    old = [
        room.do("POST /orders", CHIEF, words=str(number), addressees=["everyone"]).id
        for number in range(20)
    ]
    for one in old[:10]:
        room.do("POST /orders/{id}/receipts", TEAM, one, step="acknowledged")
    for one in old[10:]:
        room.do("POST /orders/{id}/cancel", CHIEF, one, made_from=1, reason="over")
    assert len(following.of(TEAM)["orders"]) == len(old)
    room.clock.wait(86_401)
    new = room.do("POST /orders", CHIEF, words="new", addressees=["everyone"]).id
    following.catch_up()
    asked: list[str] = []
    read = room.store.read

    def noting(wanted: Iterable[str]) -> dict[str, Record]:
        asked.extend(wanted)
        return read(asked)

    monkeypatch.setattr(room.store, "read", noting)
    for _ in range(2):
        asked.clear()
        assert [one["order"]["id"] for one in following.duties.find(TEAM).body()["orders"]] == [new]
        assert not {*asked} & {*old, *(receipt_id(one, TEAM.name) for one in old)}
    nurse = following.duties.find(who(Role.WARDEN, "AMS", "nurse")).body()
    assert {one["order"]["id"] for one in nurse["orders"]} == {new, *old[:10]}


def test_of_very_many_orders_the_latest_are_read(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers nothing is shown so many, and costs no more."""
    monkeypatch.setattr(duty_module, "MOST_ORDERS", 3)
    made = []
    for number in range(5):
        room = following.room
        room.clock.wait(60)
        made.append(room.do("POST /orders", CHIEF, words=str(number), addressees=["everyone"]).id)
    found = following.find(TEAM)
    assert [one.id for one in found.orders] == made[:1:-1]
    assert not {*made[:2]} & {*found.found}


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


def test_nothing_new_has_the_same_mark(following: Following) -> None:
    """Time alone changes no ETag; a task, its incident, an order and an answer each do."""
    room = following.room
    incident = room.incident()
    seen = [following.find(TEAM).etag]

    def is_new() -> bool:
        seen.append(following.find(TEAM).etag)
        return seen[-1] not in seen[:-1]

    room.clock.wait(30)
    assert following.find(TEAM).etag == seen[0]
    task = room.assign(incident=incident)
    assert is_new()
    room.do("PATCH /incidents/{id}", DUTY, incident, made_from=1, words="deeper")
    assert is_new()
    order = room.do("POST /orders", CHIEF, words="x", addressees=["agency:DSD"]).id
    assert is_new()
    room.do("POST /orders/{id}/receipts", TEAM, order, step="read")
    assert is_new()
    room.do(STEP, TEAM, task.id, status="acknowledged")
    assert is_new()
    room.assign("resource:pump-2")
    assert not is_new(), "what is others' is no news"
    assert following.find(who(Role.FIELD, "DSD", "mate", ["resource:pump-1"])).etag not in seen


def test_a_task_comes_with_its_incident_and_how_to_reach_the_leader(following: Following) -> None:
    """The incident of each own task, the way to its leader, and the own receipts for tasks."""
    room = following.room
    incident = room.incident()
    task = room.assign(incident=incident)
    other = room.incident("other")
    room.assign("resource:pump-2", incident=other)
    room.put(
        Receipt(
            id=receipt_id(task.id, "team"),
            publisher="DSD",
            subject=task.id,
            recipient="team",
            sent_at=NOON,
        )
    )
    duty = following.of(TEAM)
    assert ids(duty["incidents"]) == [incident]
    sent = {"sent_at": NOON.isoformat().replace("+00:00", "Z")}
    assert duty["receipts"] == {task.id: {**sent, "delivered_at": None, "read_at": None}}
    assert (duty["leader"], duty["leader_contact"]) == ("Pump One", "channel 4")
    assert duty["clock"] == {"now": duty["now"], "speed": 1.0}


def test_what_this_process_has_not_heard_of_is_there_all_the_same(following: Following) -> None:
    """A task that was given this very moment is read from the store, with its incident."""
    room = following.room
    following.catch_up()
    following.replica.stop()
    incident = room.incident()
    task = room.assign(incident=incident)
    duty = following.duties.find(TEAM).body()
    assert ids(duty["assignments"]) == [task.id]
    assert ids(duty["incidents"]) == [incident]


def test_it_says_whether_the_vital_feeds_are_known(following: Following) -> None:
    """Never read is unknown, overdue is stale, and neither passes for ok."""
    room = following.room
    assert following.of(TEAM)["feeds"] == {"state": "unknown", "as_of": None}
    for feed in ("hko_warnings", "td_traffic_news"):
        room.put(
            FeedStatus(
                id=f"feed_status:{feed}",
                publisher="HKO",
                state="ok",
                fetched_at=NOON,
                every_s=60,
                stale_after_s=600,
            )
        )
    fresh = following.find(TEAM)
    at = NOON.isoformat().replace("+00:00", "Z")
    assert fresh.body()["feeds"] == {"state": "ok", "as_of": at}
    room.clock.wait(601)
    stale = following.find(TEAM)
    assert stale.body()["feeds"] == {"state": "stale", "as_of": at}
    assert stale.etag != fresh.etag


def test_before_the_picture_is_read_nothing_is_said() -> None:
    """A page without orders would look like nothing to do: there is none until it is known."""
    room = Room()
    room.resource()
    duties = Duties(room.desk, Concerns(Replica(room.store, room.clock)))
    with pytest.raises(StoreUnavailable):
        duties.find(TEAM)
