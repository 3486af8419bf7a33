"""Who has it: orders, roll calls and assignments over HTTP, on a real Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from cop.model.kinds import Order, Receipt, Resource
from cop.model.record import put
from cop.services.commands.receipts import receipt_id
from cop.services.policy import Role
from cop.services.sessions import Opening, open_session
from cop.store.accounts import MemoryAccounts, RedisAccounts, Subscription, User
from cop.store.memory import MemoryStore
from cop.store.redis import RedisStore
from tests.integration.acting import Person, people_of
from tests.integration.web_server import SETTINGS, Server, web_server
from tests.redis_server import RedisServer, redis_server

__all__ = ["redis_server"]

Folk = Callable[..., Person]
TEAM, OTHER, SILENT = (f"resource:{name}" for name in ("pump-1", "engine-1", "silent"))
AWAY: dict[str, Any] = {
    "state": "queued",
    "sent_at": None,
    "delivered_at": None,
    "read_at": None,
    "acknowledged_at": None,
    "answer": None,
    "words": None,
    "geometry": None,
}


@pytest.fixture
def server(redis_server: RedisServer) -> Iterator[Server]:
    """Give a web process with three teams."""
    store, accounts = RedisStore(redis_server.url, "live"), RedisAccounts(redis_server.url)
    with web_server(store, accounts) as server:
        teams = [a_team(TEAM, "DSD"), a_team(OTHER, "FSD"), a_team(SILENT, "DSD")]
        store.write([put(team) for team in teams], fetched_ms=0)
        yield server
    store.close()
    accounts.close()


@pytest.fixture
def person(server: Server) -> Iterator[Folk]:
    """Give what makes people at that web process."""
    with people_of(server) as folk:
        yield folk


def a_team(entity_id: str, agency: str) -> Resource:
    """Make a team."""
    return Resource(
        id=entity_id,
        publisher=agency,
        agency=agency,
        resource_type="team",
        status="available",
        title={"en": entity_id},
    )


def subscribe(server: Server, person: Person) -> None:
    """Let a push service take messages for the one browser that somebody is signed in with."""
    (session,) = server.accounts.sessions_of(person.name)
    secrets = {"endpoint": "https://push.example/x", "p256dh": "x", "auth": "x"}
    mine = {"user": person.name, "session": session.id, "operation": session.operation}
    subscription = Subscription(id=person.name, made_ms=0, **mine, **secrets)
    server.accounts.add_subscription(subscription, ttl_ms=60_000)


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the recipients by name."""
    return {one["name"]: one for one in found["recipients"]}


@pytest.mark.redis
def test_a_roll_call_from_asking_to_the_last_answer(server: Server, person: Folk) -> None:
    """Each recipient's state, answer and contact; each team's best state and worst answer."""
    chief = person("chief", Role.COMMANDER)
    ann = person("ann", Role.FIELD, "DSD", own=[TEAM])
    bob = person("bob", Role.FIELD, "DSD", own=[TEAM])
    person("eve", Role.FIELD, "FSD", own=[OTHER, "facility:hall"])
    subscribe(server, bob)
    addressees = [TEAM, OTHER, SILENT]
    order = chief.done("/orders", asks="all_safe", addressees=addressees)["id"]
    found = chief.get(f"/reach/{order}")
    assert (found["id"], found["asks"], found["unreachable"]) == (order, "all_safe", [SILENT])
    assert found["teams"] == [
        {"resource": team, "state": "queued", "answer": None} for team in (OTHER, TEAM)
    ]
    own = by_name(found)
    assert own.keys() == {"ann", "bob", "eve"}
    contact = {"last_contact_at": own["bob"]["last_contact_at"], "devices": 1, "push": 1}
    assert own["bob"] == {"name": "bob", "resources": [TEAM], **AWAY, **contact}
    assert own["eve"]["resources"] == [OTHER], "a facility is no team"
    seen = datetime.fromisoformat(own["ann"]["last_contact_at"])
    assert abs((datetime.now(UTC) - seen).total_seconds()) < 3600
    path = f"/orders/{order}/receipts"
    ann.done(path, step="delivered")
    bob.done(path, step="read")
    where = {"type": "Point", "coordinates": [114.17, 22.3]}
    ann.done(path, step="acknowledged", answer="safe")
    called = bob.done(path, step="acknowledged", answer="help", words="Stuck", geometry=where)
    assert called["warnings"] == []
    found = chief.get(f"/reach/{order}")
    own = by_name(found)
    assert (own["ann"]["state"], own["ann"]["answer"]) == ("acknowledged", "safe")
    said = {key: own["bob"][key] for key in ("state", "answer", "words", "geometry")}
    assert said == {"state": "acknowledged", "answer": "help", "words": "Stuck", "geometry": where}
    assert own["bob"]["delivered_at"] <= own["bob"]["read_at"] <= own["bob"]["acknowledged_at"]
    assert found["teams"][1] == {"resource": TEAM, "state": "acknowledged", "answer": "help"}
    assert chief.post(f"/orders/{order}/receipts", step="read").status_code == 403
    refused = ann.post(path, step="acknowledged")
    assert (refused.status_code, refused.json()["code"]) == (409, "answer-missing")


@pytest.mark.redis
def test_how_far_a_task_has_come(server: Server, person: Folk) -> None:
    """By the phones of the team, and by its steps where those have gone further."""
    chief = person("chief", Role.COMMANDER)
    ann = person("ann", Role.FIELD, "DSD", own=[TEAM])
    person("bob", Role.FIELD, "DSD", own=[TEAM])
    task = chief.done("/assignments", resource=TEAM, words="Pump", contact="9123 4567")
    assert task["feature"]["properties"]["contact"] == "9123 4567"

    def reach() -> tuple[dict[str, str], str]:
        found = chief.get(f"/reach/{task['id']}")
        assert (found["asks"], found["unreachable"]) == (None, [])
        (team,) = found["teams"]
        assert (team["resource"], team["answer"]) == (TEAM, None)
        return {name: one["state"] for name, one in by_name(found).items()}, team["state"]

    assert reach() == ({"ann": "queued", "bob": "queued"}, "queued")
    sent = Receipt(
        id=receipt_id(task["id"], "bob"),
        publisher="DSD",
        subject=task["id"],
        recipient="bob",
        sent_at=datetime.now(UTC).replace(microsecond=0),
    )
    server.store.write([put(sent)], fetched_ms=0)
    assert reach() == ({"ann": "queued", "bob": "sent"}, "sent")
    ann.done(f"/assignments/{task['id']}/receipts", step="delivered")
    assert server.status(task["id"]) == "delivered"
    assert reach() == ({"ann": "delivered", "bob": "sent"}, "delivered")
    ann.done(f"/assignments/{task['id']}/receipts", step="read")
    assert reach() == ({"ann": "opened", "bob": "sent"}, "opened")
    chief.done(f"/assignments/{task['id']}/step", status="en_route")
    assert reach() == ({"ann": "opened", "bob": "sent"}, "acknowledged"), "said by radio"
    again = ann.done(f"/assignments/{task['id']}/step", status="acknowledged")
    assert [one["code"] for one in again["warnings"]] == ["already-past"]


@pytest.mark.redis
def test_a_team_without_phones_is_unreachable(person: Folk) -> None:
    """Nobody of it has an account here; how far it has come is what was said by radio."""
    chief = person("chief", Role.COMMANDER)
    person("gone", Role.FIELD, "DSD", own=[SILENT], operations=("exercise-x",))
    task = chief.done("/assignments", resource=SILENT, words="Pump")["id"]
    found = chief.get(f"/reach/{task}")
    assert (found["recipients"], found["unreachable"]) == ([], [SILENT])
    assert found["teams"] == [{"resource": SILENT, "state": "queued", "answer": None}]
    chief.done(f"/assignments/{task}/step", status="on_scene")
    chief.done(f"/assignments/{task}/step", version=2, status="stood_down", reason="done")
    assert chief.get(f"/reach/{task}")["teams"][0]["state"] == "acknowledged"


@pytest.mark.redis
def test_who_sees_it(person: Folk) -> None:
    """Command alone. A liaison sees all answers, and where the own agency's people signed in."""
    chief = person("chief", Role.COMMANDER)
    liaison = person("liaison", Role.LIAISON, "DSD")
    ann = person("ann", Role.FIELD, "DSD", own=[TEAM])
    person("eve", Role.FIELD, "FSD", own=[OTHER])
    order = chief.done("/orders", words="Report", addressees=["role:field"])["id"]
    assert ann.ask(f"/reach/{order}").status_code == 403
    for nothing in ("order:none", TEAM, "x"):
        assert chief.ask(f"/reach/{nothing}").status_code == 404
    own = by_name(liaison.get(f"/reach/{order}"))
    assert (own["ann"]["devices"], own["ann"]["push"]) == (1, 0)
    shown = {key: own["eve"][key] for key in ("state", "devices", "push", "last_contact_at")}
    assert shown == {"state": "queued", "devices": None, "push": None, "last_contact_at": None}
    assert by_name(chief.get(f"/reach/{order}"))["eve"]["devices"] == 1


@pytest.mark.redis
def test_a_session_of_another_operation_is_no_device(server: Server, person: Folk) -> None:
    """Who is signed in to an exercise has no contact with the live operation."""
    chief = person("chief", Role.COMMANDER)
    user = User(name="ann", role="field", agency="DSD", password="", disabled=False, created_ms=0)
    server.accounts.add_user(user)
    open_session(server.accounts, user, Opening(operation="exercise-x"))
    order = chief.done("/orders", words="Report", addressees=["role:field"])["id"]
    (ann,) = chief.get(f"/reach/{order}")["recipients"]
    assert (ann["devices"], ann["last_contact_at"], ann["resources"]) == (0, None, [])


def test_ten_thousand_recipients_are_answered() -> None:
    """Everybody in the operation, with receipts and sessions: one answer that has them all."""
    accounts, store = MemoryAccounts(), MemoryStore()
    names = [f"u{n:05}" for n in range(10_000)]
    for name in names:
        user = User(
            name=name,
            role="field",
            agency="AMS",
            password="",
            disabled=False,
            created_ms=0,
            belongs_to=(f"resource:t{int(name[1:]) // 5}",),
        )
        accounts.add_user(user)
    now = datetime.now(UTC).replace(microsecond=0)
    order = Order(
        id="order:all",
        publisher="COP",
        body={"en": "All safe?"},
        asks="all_safe",
        addressees=("everyone",),
        recipients=tuple(names),
        issued_by="chief",
        issued_at=now,
    )
    store.write([put(order)], fetched_ms=0)
    for begin in range(0, 9_000, 1_000):
        receipts = [
            Receipt(
                id=receipt_id(order.id, name),
                publisher="AMS",
                subject=order.id,
                recipient=name,
                delivered_at=now,
            )
            for name in names[begin : begin + 1_000]
        ]
        store.write([put(one) for one in receipts], fetched_ms=0)
    with web_server(store, accounts, SETTINGS) as server, people_of(server) as folk:
        found = folk("chief", Role.COMMANDER).get(f"/reach/{order.id}")
    states = [one["state"] for one in found["recipients"]]
    assert (states.count("delivered"), states.count("queued")) == (9_000, 1_000)
    assert [one["name"] for one in found["recipients"]] == names
    assert len(found["teams"]) == 2_000
