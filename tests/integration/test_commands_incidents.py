"""Commands at the door: what is asked twice is done once; nobody overwrites anybody unawares."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from cop.config import Settings
from cop.model.entity import Kind
from cop.model.journal import Deed
from cop.model.kinds import Incident
from cop.model.record import Write
from cop.services.accounts import add_user
from cop.services.journal_proof import Anchors, verify
from cop.services.policy import Role
from cop.store.accounts import RedisAccounts
from cop.store.redis import RedisStore
from tests.integration.asking import (
    FIRE,
    attach,
    chief,
    entries,
    key,
    picture,
    report,
    server,
    settings,
    told,
)
from tests.integration.test_web_restart import listens, web_process
from tests.integration.web_server import Server, until
from tests.ports import free_port
from tests.redis_server import RedisServer

__all__ = ["chief", "server", "settings"]

pytestmark = pytest.mark.redis


def test_an_incident_from_report_to_close(server: Server, chief: httpx.Client) -> None:
    """Each step is answered with the version to make the next from, and stands in the journal."""
    made = chief.post("/api/v1/incidents", json=FIRE, headers=key())
    said = made.json()
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert said["feature"]["properties"]["title"] == {"en": "smoke on the stairs"}
    assert (said["version"], said["repeated"], said["warnings"]) == (1, False, [])
    path = f"/api/v1/incidents/{said['id']}"
    version = 1
    edit = {"severity": "Severe", "lead_agency": "FSD"}
    answer = chief.patch(path, json=edit, headers=key(version))
    assert answer.status_code == 200
    for status in ("verified", "responding", "contained", "closed"):
        version = answer.json()["version"]
        assert answer.headers["etag"] == f'"{version}"'
        answer = chief.post(f"{path}/status", json={"status": status}, headers=key(version))
        assert answer.status_code == 200, answer.text
    assert answer.json()["feature"]["properties"]["status"] == "closed"
    assert answer.json()["undo_until"].endswith("Z")
    until(lambda: server.has_come_to(answer.json()["cursor"]))
    shown = chief.get(f"/api/v1/entities/{said['id']}").json()["properties"]
    assert (shown["version"], shown["status"]) == (6, "closed")
    actions = [entry["action"] for entry in entries(chief, said["id"])]
    assert actions == [
        "close_incident",
        *["respond_incident"] * 2,
        *("verify_incident", "edit_incident", "report_incident"),
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Idempotency-Key": ""}, 400),
        ({"Idempotency-Key": "two words"}, 400),
        ({"Idempotency-Key": "k" * 101}, 400),
        ({"Idempotency-Key": "k"}, 428),
        ({"Idempotency-Key": "k", "If-Match": "*"}, 400),
        ({"Idempotency-Key": "k", "If-Match": '"one"'}, 400),
        ({"Idempotency-Key": "k", "If-Match": '"0"'}, 400),
        ({"Idempotency-Key": "k", "If-Match": '"1", "2"'}, 400),
        ({"Idempotency-Key": "k", "If-Match": '"99"'}, 412),
    ],
)
def test_a_change_says_what_it_is_made_from(
    chief: httpx.Client, headers: dict[str, str], status: int
) -> None:
    """Without a key, or the version, or with nonsense for either, nothing is changed."""
    made = report(chief)
    answer = chief.patch(f"/api/v1/incidents/{made}", json={"words": "x"}, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(entries(chief, made)) == 1


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"incident_type": "ufo"}, "incident_type"),
        ({"severity": "Bad"}, "severity"),
        ({"words": "x" * 301}, "words"),
        ({"casualties": {"dead": -1}}, "casualties.dead"),
        ({"author": "somebody"}, "author"),
        ({"status": "closed"}, "status"),
        ({"lead_agency": "<b>"}, "lead_agency"),
        ({"geometry": {"type": "Point", "coordinates": [200, 0]}}, "geometry"),
        ({"geometry": {"type": "MultiPoint", "coordinates": []}}, "geometry"),
    ],
)
def test_what_is_wrong_is_told_field_by_field(
    chief: httpx.Client, body: dict[str, Any], where: str
) -> None:
    """What cannot be said of an incident, or may not be set by anybody, is named."""
    made = report(chief)
    answer = chief.patch(f"/api/v1/incidents/{made}", json=body, headers=key(1))
    assert answer.status_code == 400
    assert where in answer.json()["detail"]


def test_the_second_of_two_sees_both_versions(server: Server, chief: httpx.Client) -> None:
    """Who changes what somebody else has changed meanwhile is shown theirs and one's own."""
    made = report(chief)
    path = f"/api/v1/incidents/{made}"
    with server.client("wong") as wong:
        wong.patch(path, json={"severity": "Severe"}, headers=key(1)).raise_for_status()
        headers = key(1)
        late = chief.patch(path, json={"severity": "Minor", "words": "out"}, headers=headers)
    said = late.json()
    assert (late.status_code, said["code"]) == (412, "stale")
    assert said["current"]["properties"]["severity"] == "Severe"
    assert said["current"]["properties"]["version"] == 2
    assert said["yours"] == {"severity": "Minor", "words": "out"}
    decided = chief.patch(path, json={"words": "out"}, headers=key(2))
    assert decided.json()["feature"]["properties"]["severity"] == "Severe"


def test_who_changes_one_thing_at_once(chief: httpx.Client) -> None:
    """Of many changes that are made from one version, one is done and every other is told."""
    made = report(chief)

    def change(n: int) -> int:
        body = {"words": f"floor {n}"}
        return chief.patch(f"/api/v1/incidents/{made}", json=body, headers=key(1)).status_code

    with ThreadPoolExecutor(12) as crowd:
        assert sorted(crowd.map(change, range(12))) == [200] + [412] * 11
    assert len(entries(chief, made)) == 2


def test_changes_that_do_not_mind_each_other_are_all_done(
    server: Server, chief: httpx.Client
) -> None:
    """Where no version is asked for, changes at the same moment are built upon each other."""
    made = report(chief)
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda n: attach(chief, made, picture(n)), range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    (stored,) = [one for one in server.entities(Incident) if one.id == made]
    assert len(stored.attachments) == 4
    assert len(entries(chief, made)) == 5


def test_nobody_nests_major_incidents_in_a_race(chief: httpx.Client) -> None:
    """Of two that make each other their part at the same moment, one is refused."""
    for _ in range(6):
        pair = [report(chief), report(chief)]

        def join(side: int, pair: list[str] = pair) -> int:
            body = {"parent": pair[1 - side]}
            path = f"/api/v1/incidents/{pair[side]}"
            return chief.patch(path, json=body, headers=key(1)).status_code

        with ThreadPoolExecutor(2) as crowd:
            answers = sorted(crowd.map(join, range(2)))
        assert answers[0] == 200
        assert answers[1] in (409, 412)


def test_a_request_that_comes_again(chief: httpx.Client) -> None:
    """Sent again, at once or after others, it gives the first answer and changes nothing."""
    headers = key()
    first = chief.post("/api/v1/incidents", json=FIRE, headers=headers)
    made = first.json()["id"]
    path = f"/api/v1/incidents/{made}"
    steps = [(key(1), {"status": "verified"}), (key(2), {"status": "responding"})]
    answers = [chief.post(f"{path}/status", json=body, headers=head) for head, body in steps]
    for _ in range(2):
        for (head, body), before in reversed(list(zip(steps, answers, strict=True))):
            again = chief.post(f"{path}/status", json=body, headers=head)
            assert (again.status_code, again.json()["repeated"]) == (200, True)
            assert {**told(again), "feature": None} == {**told(before), "feature": None}
        again = chief.post("/api/v1/incidents", json=FIRE, headers=headers)
        assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    assert len(entries(chief, made)) == 3
    assert chief.get("/api/v1/journal", params={"limit": 1}).json()["head"]["number"] > 0


def test_a_key_of_another_request_is_refused(server: Server, chief: httpx.Client) -> None:
    """A key is for one request of one account; with another body it is a mistake, and told."""
    headers = key()
    made = chief.post("/api/v1/incidents", json=FIRE, headers=headers).json()["id"]
    other = chief.post("/api/v1/incidents", json=FIRE | {"words": "else"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    with server.client("wong") as wong:
        theirs = wong.post("/api/v1/incidents", json=FIRE, headers=headers)
    assert theirs.status_code == 201
    assert theirs.json()["id"] != made


def test_twenty_at_once_are_one(server: Server, chief: httpx.Client) -> None:
    """A double click, or twenty: one incident, one entry in the journal, one answer."""
    headers = key()
    before = server.store.journal_head()[0]
    with ThreadPoolExecutor(20) as crowd:
        answers = list(
            crowd.map(
                lambda _: chief.post("/api/v1/incidents", json=FIRE, headers=headers, timeout=60),
                range(20),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    first = told(answers[0])
    assert all(told(answer) == first for answer in answers)
    assert server.store.journal_head()[0] == before + 1
    assert len(entries(chief, first["id"])) == 1


@contextlib.contextmanager
def dying(redis_url: str, port: int, when: str) -> Iterator[str]:
    """Run a web process that is killed in the middle of its first command."""
    settings = Settings(redis_url=redis_url, port=port)
    command = "-m uvicorn tests.integration.dying_web:create_app --factory --log-level error"
    process = subprocess.Popen(
        [sys.executable, *command.split(), "--port", str(port)],
        env={**os.environ, **settings.environment(), "COP_TEST_DIES": when},
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    try:
        until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}"
        assert process.wait(timeout=60) == -9
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("when", "entries_by_then"), [("before", 0), ("after", 1)])
def test_a_crash_between_write_and_answer(
    redis_server: RedisServer, when: str, entries_by_then: int
) -> None:
    """Whoever hears nothing sends it again: it is done once, and answered as the first time."""
    store, accounts = RedisStore(redis_server.url, "live"), RedisAccounts(redis_server.url)
    credentials = {"username": "chief", "password": add_user(accounts, "chief", Role.COMMANDER)}
    port, headers = free_port(), key(name="once")
    with (
        dying(redis_server.url, port, when) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        client.post("/api/v1/session", json=credentials).raise_for_status()
        with pytest.raises(httpx.TransportError):
            client.post("/api/v1/incidents", json=FIRE, headers=headers)
    assert store.journal_head()[0] == 1 + entries_by_then  # the first is of the sign-in
    with (
        web_process(redis_server.url, port) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        client.post("/api/v1/session", json=credentials).raise_for_status()
        answers = [client.post("/api/v1/incidents", json=FIRE, headers=headers) for _ in range(2)]
    assert [answer.json()["repeated"] for answer in answers] == [bool(entries_by_then), True]
    assert told(answers[0]) == told(answers[1])
    deeds = [Deed.decode(link.body) for link in store.journal(range(1, 10))]
    (number,) = [at for at, deed in enumerate(deeds, start=1) if deed.action == "report_incident"]
    told_of = answers[0].json()
    assert (told_of["journal"], told_of["id"]) == (number, deeds[number - 1].id)
    assert verify(store, Anchors()).faults == ()
    assert len(store.by_kind(Kind.INCIDENT)) == 1
    store.close()
    accounts.close()


def test_a_broken_entity_is_our_own_fault(server: Server, chief: httpx.Client) -> None:
    """What is stored wrongly is answered as a defect: nobody is told that they asked wrongly."""
    body = b'{"kind":"incident","id":"incident:broken","publisher":"COP"}'
    server.store.write([Write("incident:broken", Kind.INCIDENT, body)], fetched_ms=1)
    try:
        with server.client("chief") as other:  # the server closes the connection of a defect
            answer = other.patch("/api/v1/incidents/incident:broken", json={}, headers=key(1))
        assert answer.status_code == 500
        report(chief, parent=report(chief))
    finally:
        server.store.write([Write("incident:broken", Kind.INCIDENT, None)], fetched_ms=1)


def test_many_at_once_or_none(chief: httpx.Client) -> None:
    """A bulk change that finds one stale names it, and changes none."""
    made = [report(chief) for _ in range(3)]
    items = [{"id": each, "version": 1} for each in made]
    body = {"items": items, "status": "verified"}
    chief.patch(f"/api/v1/incidents/{made[1]}", json={"words": "x"}, headers=key(1))
    answer = chief.post("/api/v1/incidents/status", json=body, headers=key())
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert answer.json()["stale"] == [{"id": made[1], "version": 2}]
    items[1]["version"] = 2
    answer = chief.post("/api/v1/incidents/status", json=body, headers=key())
    assert answer.status_code == 200, answer.text
    assert (answer.json()["feature"], len(entries(chief, made[2]))) == (None, 2)
    undo = {"journal": answer.json()["journal"]}
    assert chief.post("/api/v1/undo", json=undo, headers=key()).status_code == 200
