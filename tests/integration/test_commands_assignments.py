"""Assignments over HTTP on a real Redis: the whole life, races, hand-over, limits."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from cop.config import Settings
from cop.model.geometry import point
from cop.model.kinds import Assignment, Incident, Resource
from cop.model.record import put
from cop.services.policy import Role
from cop.store.accounts import RedisAccounts
from cop.store.redis import RedisStore
from tests.integration.acting import Person, at_once, people_of
from tests.integration.web_server import SETTINGS, Server, until, web_server
from tests.redis_server import RedisServer, redis_server

__all__ = ["redis_server"]

pytestmark = pytest.mark.redis

Folk = Callable[..., Person]

TEAM = "resource:pump-1"
OTHER = "resource:engine-1"
FLOOD = "incident:flood"


def furnish(server: Server) -> None:
    """Put two teams and an incident on the picture."""
    rows = ((TEAM, "DSD", 114.171), (OTHER, "FSD", 114.2))
    entities = [
        Resource(
            id=entity_id,
            publisher=agency,
            agency=agency,
            resource_type="team",
            status="available",
            skills=("pumping",),
            geometry=point(lon, 22.32),
        )
        for entity_id, agency, lon in rows
    ]
    flood = Incident(
        id=FLOOD,
        publisher="COP",
        incident_type="flooding",
        status="responding",
        severity="Severe",
        reported_at="2026-01-01T00:00:00Z",
        title={"en": "Nathan Road"},
        geometry=point(114.17, 22.32),
    )
    server.store.write([put(one) for one in [*entities, flood]], fetched_ms=0)


@contextlib.contextmanager
def serving(redis: RedisServer, settings: Settings = SETTINGS) -> Iterator[Server]:
    """Run a web process on *redis* with the furniture in place."""
    store, accounts = RedisStore(redis.url, settings.operation), RedisAccounts(redis.url)
    with web_server(store, accounts, settings) as server:
        furnish(server)
        yield server
    store.close()
    accounts.close()


@pytest.fixture
def server(redis_server: RedisServer) -> Iterator[Server]:
    """Give a web process with two teams and an incident."""
    with serving(redis_server) as server:
        yield server


@pytest.fixture
def person(server: Server) -> Iterator[Folk]:
    """Give what makes people at that web process."""
    with people_of(server) as folk:
        yield folk


def stored(server: Server, entity_id: str) -> Assignment:
    """Give a stored assignment."""
    return Assignment.model_validate_json(server.store.read([entity_id])[entity_id].body)


def held(server: Server, entity_id: str) -> Resource:
    """Give a stored resource."""
    return Resource.model_validate_json(server.store.read([entity_id])[entity_id].body)


def test_the_whole_life(server: Server, person: Folk) -> None:
    """The desk asks whom to send and sends it; the team takes each step; its page follows."""
    desk = person("desk", Role.DUTY_OFFICER)
    team = person("team", Role.FIELD, "DSD", own=[TEAM])
    stranger = person("stranger", Role.FIELD, "DSD", own=["resource:none"])
    until(lambda: bool(desk.get(f"/incidents/{FLOOD}/suggestions")["suggestions"]))
    best, second = desk.get(f"/incidents/{FLOOD}/suggestions")["suggestions"]
    assert (best["resource"], best["distance_m"], best["skills"]) == (TEAM, 103, ["pumping"])
    assert second["resource"] == OTHER
    answer = desk.post("/assignments", resource=best["resource"], incident=FLOOD)
    assert answer.status_code == 201
    made = answer.json()
    assert made["feature"]["properties"]["duty"] == {"en": "Nathan Road"}
    assert answer.headers["ETag"] == '"1"'
    step = f"/assignments/{made['id']}/step"
    assert stranger.post(step, status="acknowledged").status_code == 403
    for number, status in enumerate(
        ("delivered", "acknowledged", "en_route", "on_scene", "completed"), start=2
    ):
        duty = team.get("/me/duty")
        assert [one["id"] for one in duty["assignments"]] == [made["id"]]
        assert [one["id"] for one in duty["resources"]] == [TEAM]
        taken = team.done(step, status=status)
        assert (taken["version"], taken["feature"]["properties"]["status"]) == (number, status)
    assert team.get("/me/duty")["assignments"] == []
    assert stranger.get("/me/duty")["resources"] == []
    assert len(stored(server, made["id"]).steps) == 6
    assert held(server, TEAM).status == "available"
    late = team.post(step, status="on_scene")
    assert (late.status_code, late.json()["code"]) == (409, "not-next")


def test_two_desks_and_one_team(server: Server, person: Folk) -> None:
    """Twenty at once give one team a task: one does, all others are told of that one."""
    desks = [person(f"desk-{n}", Role.DUTY_OFFICER) for n in range(2)]
    answers = at_once(
        [
            partial(desks[n % 2].post, "/assignments", resource=TEAM, words=f"task {n}")
            for n in range(20)
        ]
    )
    won = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, 19)
    assert {one["code"] for one in lost} == {"double-assigned"}
    assert all(one["others"] == won for one in lost)
    assert held(server, TEAM).assignments == tuple(won)
    assert len(server.entities(Assignment)) == 1


def test_double_on_purpose(server: Server, person: Folk) -> None:
    """Twenty that all accept it are all made, each knows those before it, and the team all."""
    desk = person("desk", Role.DUTY_OFFICER)
    said = {"resource": TEAM, "words": "x", "accept_double": True}
    answers = at_once([partial(desk.post, "/assignments", **said) for _ in range(6)])
    assert {answer.status_code for answer in answers} == {201}
    tasks = server.entities(Assignment)
    assert sorted(len(task.also) for task in tasks) == list(range(6))
    assert set(held(server, TEAM).assignments) == {task.id for task in tasks}
    ends = [
        partial(desk.post, f"/assignments/{task.id}/step", status="completed") for task in tasks
    ]
    assert {answer.status_code for answer in at_once(ends)} == {200}
    assert held(server, TEAM).assignments == ()
    assert held(server, TEAM).status == "available"


def test_one_click_that_comes_often(server: Server, person: Folk) -> None:
    """The same request twenty times at once is done once; all get the same answer."""
    desk = person("desk", Role.DUTY_OFFICER)
    again = partial(desk.post, "/assignments", key="click", resource=TEAM, words="pump")
    answers = at_once([again for _ in range(20)])
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert [answer.json()["repeated"] for answer in answers].count(False) == 1
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(server.entities(Assignment)) == 1


def test_hands_over_once(server: Server, person: Folk) -> None:
    """A hand-over that is sent ten times at once is one; a stale or missing version is told."""
    desk = person("desk", Role.DUTY_OFFICER)
    first = desk.done("/assignments", resource=TEAM, incident=FLOOD)["id"]
    path = f"/assignments/{first}/hand-over"
    assert desk.post(path, resource=OTHER).status_code == 428
    stale = desk.post(path, version=7, resource=OTHER)
    assert stale.status_code == 412
    assert stale.json()["current"]["properties"]["version"] == 1
    assert stale.json()["yours"] == {"resource": OTHER}
    again = partial(desk.post, path, key="click", version=1, resource=OTHER, reason="broken")
    answers = at_once([again for _ in range(10)])
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["repeated"] for answer in answers].count(False) == 1
    ended = stored(server, first)
    assert ended.status == "stood_down"
    assert ended.handed_over_to is not None
    assert stored(server, ended.handed_over_to).handed_over_from == first
    assert len(server.entities(Assignment)) == 2
    assert held(server, TEAM).status == "available"
    assert held(server, OTHER).assignments == (ended.handed_over_to,)


def test_standing_down_says_from_which_version(server: Server, person: Folk) -> None:
    """The desk ends a task from what it saw; the team's step in between is not overridden."""
    desk = person("desk", Role.DUTY_OFFICER)
    team = person("team", Role.FIELD, "DSD", own=[TEAM])
    task = desk.done("/assignments", resource=TEAM, words="pump")["id"]
    step = f"/assignments/{task}/step"
    team.done(step, status="on_scene")
    said = {"status": "stood_down", "reason": "not needed"}
    assert desk.post(step, **said).status_code == 428
    assert desk.post(step, version=1, **said).status_code == 412
    assert team.post(step, version=2, **said).status_code == 403
    assert desk.post(step, version=2, **said).status_code == 200


def test_the_operators_limits_hold(redis_server: RedisServer, tmp_path: Path) -> None:
    """A task is late when the operator's file says so."""
    file = tmp_path / "limits.json"
    rows = [{"step": "assigned", "incident_type": "flooding", "warn_s": 7, "overdue_s": 11}]
    file.write_text(json.dumps(rows))
    settings = SETTINGS.model_copy(update={"limits_file": file})
    with serving(redis_server, settings) as server, people_of(server) as person:
        desk = person("desk", Role.DUTY_OFFICER)
        task = stored(server, desk.done("/assignments", resource=TEAM, incident=FLOOD)["id"])
    since = task.steps[task.status]
    assert task.warn_at is not None
    assert task.overdue_at is not None
    assert (task.warn_at - since).total_seconds() == 7
    assert (task.overdue_at - since).total_seconds() == 11


def test_a_team_reports_itself(server: Server, person: Folk) -> None:
    """Six reports at once, in any order: the latest position stays, and the task too."""
    desk = person("desk", Role.DUTY_OFFICER)
    team = person("team", Role.FIELD, "DSD", own=[TEAM])
    machine = person("machine", Role.MACHINE, "FSD")
    task = desk.done("/assignments", resource=TEAM, words="pump")["id"]
    reports = [
        partial(
            team.post,
            f"/resources/{TEAM}/report",
            geometry={"type": "Point", "coordinates": [114.1 + n / 1000, 22.3]},
            at=f"2026-01-01T00:00:{n:02}Z",
        )
        for n in (3, 1, 4, 0, 5, 2)
    ]
    assert {answer.status_code for answer in at_once(reports)} == {200}
    after = held(server, TEAM)
    assert after.position_at == datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert after.assignments == (task,)
    assert machine.post(f"/resources/{TEAM}/report", status="resting").status_code == 403


def test_who_may_ask_whom_to_send(server: Server, person: Folk) -> None:
    """Suggestions are for those who assign; an unknown incident is none."""
    field = person("field", Role.FIELD, "DSD", own=[TEAM])
    desk = person("desk", Role.DUTY_OFFICER)
    assert field.ask(f"/incidents/{FLOOD}/suggestions").status_code == 403
    assert desk.ask("/incidents/incident:none/suggestions").status_code == 404
    assert desk.ask(f"/incidents/{FLOOD}/suggestions?limit=0").status_code == 400
    with server.client() as nobody:
        assert nobody.get(f"/api/v1/incidents/{FLOOD}/suggestions").status_code == 401
        assert nobody.get("/api/v1/me/duty").status_code == 401
