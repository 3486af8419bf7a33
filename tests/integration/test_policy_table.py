"""The whole table of who may do what, through the door: every route, every role, and nobody.

What each audience is shown by stream and picture is walked in `test_web_access.py`, that a stream
ends with its right in `test_web_stream.py`, and who may open which path in `test_web_gate.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Mount

from cop.api.gate import Gate
from cop.api.rules import RULES, STREAM_PATH, Rule, find_rule
from cop.asgi import create_app
from cop.model.access import ALLOWED, Audience, project
from cop.model.entity import Kind
from cop.model.kinds import KINDS
from cop.services.policy import AUDIENCE_OF, TABLE, Action, Role, Scope, at_least
from cop.services.tokens import issue_token
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore
from cop.ui.app import create_dash
from tests.integration.policy_cases import CASES, Case
from tests.integration.policy_site import (
    COMMANDS,
    is_partners_door,
    policy_server,
    policy_tokens,
    request_of,
)
from tests.integration.policy_subjects import AGENCY, FOREIGN, OWN, World
from tests.integration.web_server import SETTINGS, Server

ROLES: list[Role | None] = [*Role, None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run the web process with an account of each role, all of one agency."""
    with policy_server(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def world(server: Server) -> World:
    """Give what there is to do something to."""
    return World(server.store)


@pytest.fixture(scope="module")
def clients(server: Server) -> Iterator[dict[Role | None, httpx.Client]]:
    """Give a client of each role, and of nobody; the machine's has a token for each use."""
    tokens = policy_tokens(server)

    def use_token(request: httpx.Request) -> None:
        token = tokens[is_partners_door(request.url.path)]
        request.headers["Authorization"] = f"Bearer {token}"

    with contextlib.ExitStack() as stack:
        people = [role for role in Role if role is not Role.MACHINE]
        found: dict[Role | None, httpx.Client] = {
            role: stack.enter_context(server.client(role.value)) for role in people
        }
        for role in (Role.MACHINE, None):
            found[role] = stack.enter_context(server.client())
        found[Role.MACHINE].event_hooks["request"].append(use_token)
        yield found


def may(role: Role, action: Action, how: str) -> bool:
    """Read the table: each scope includes those before it."""
    reach = {OWN: Scope.OWN, AGENCY: Scope.AGENCY, FOREIGN: Scope.ANY}[how]
    return TABLE[action][role] >= reach


def ask(client: httpx.Client, case: Case, world: World, role: Role, how: str) -> httpx.Response:
    """Send the request of *case* about a fresh subject."""
    sent = request_of(case, world, role, how)
    return client.request(sent.method, sent.path, headers=sent.headers, content=sent.body)


def named(case: Case) -> str:
    """Name a case."""
    return f"{case.line}, {case.action}"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_table_holds_at_the_door(
    clients: dict[Role | None, httpx.Client], world: World, case: Case, role: Role | None
) -> None:
    """Done exactly where the table says so: on one's own, one's agency's, or anybody's."""
    for how in case.how:
        answer = ask(clients[role], case, world, role or Role.VIEWER, how)
        if role is None:
            assert answer.status_code == 401
        elif may(role, case.action, how):
            assert answer.status_code in {200, 201, 204}, (how, answer.text)
        else:
            assert answer.status_code == 403, (how, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


def test_every_command_is_walked() -> None:
    """A command, or an action of one, that is not among the cases fails here."""
    wanted = {(f"{c.method} {c.path}", action) for c in COMMANDS for action in c.actions}
    walked = {(case.line, case.action) for case in CASES}
    assert wanted - walked == set()
    changing = {line for line, _ in walked if not line.startswith("GET ")}
    assert changing - NOT_COMMANDS == {w for w, _ in wanted}
    assert {case.action for case in CASES} == set(TABLE) == set(Action)


def test_the_cases_tell_the_scopes_apart() -> None:
    """Wherever the table makes a difference, the cases have a subject that shows it."""
    for action, row in TABLE.items():
        walked = {how for case in CASES if case.action is action for how in case.how}
        scopes = set(row.values()) - {Scope.ANY, Scope.NO}
        if Scope.AGENCY in scopes:
            assert {AGENCY, FOREIGN} <= walked, action
        if Scope.OWN in scopes and action not in {Action.REMARK, Action.DRAW}:
            assert OWN in walked, action
            assert walked - {OWN}, action


def test_a_machine_that_may_not_read_may_still_report(server: Server, world: World) -> None:
    """A token for one action does that, sees nothing inside, and does nothing else."""
    token = issue_token(
        server.accounts,
        Role.MACHINE.value,
        operation=SETTINGS.operation,
        label="siren",
        scopes=["report_incident"],
        days=1,
    ).token
    report, edit = CASES[0], CASES[1]
    assert (report.action, edit.action) == (Action.REPORT_INCIDENT, Action.EDIT_INCIDENT)
    with server.client() as client:
        client.headers["Authorization"] = f"Bearer {token}"
        answer = ask(client, report, world, Role.MACHINE, FOREIGN)
        assert answer.status_code == 201, answer.text
        assert answer.json()["feature"] is None
        assert ask(client, edit, world, Role.MACHINE, OWN).status_code == 403
        assert client.get("/api/v1/journal").status_code == 403


def routes_of(routes: list[Any]) -> Iterator[tuple[str, frozenset[str]]]:
    """List every route, nested ones included: an example path, and the methods."""
    for route in routes:
        nested = getattr(route, "original_router", None)
        if nested is not None:
            yield from routes_of(nested.routes)
        elif isinstance(route, Mount):
            yield f"{route.path}/x", frozenset({"GET"})
        else:
            path = route.path.replace(":path}", "}")
            yield path, frozenset(getattr(route, "methods", None) or {"GET"})


def composed() -> Any:
    """Give the whole application behind the gate."""
    gate = create_app(SETTINGS, store=MemoryStore(), accounts=MemoryAccounts())
    assert isinstance(gate, Gate)
    return gate._app._app  # type: ignore[attr-defined]


def example(path: str) -> str:
    """Fill the holes of a path."""
    parts = path.split("/")
    return "/".join("x" if part.startswith("{") else part for part in parts)


def test_every_route_and_method_has_a_rule() -> None:
    """A route, of the API or of Dash, that is added without a rule fails here."""
    missing = []
    for path, methods in routes_of(composed().routes):
        rule = find_rule(example(path))
        if rule is None:
            missing.append(path)
        elif path.startswith("/api/") and not methods <= rule.methods | {"HEAD", "OPTIONS"}:
            missing.append(f"{sorted(methods - rule.methods)} {path}")
    assert missing == []


NOT_COMMANDS = {
    "POST /session",
    "DELETE /session",
    "POST /session/oidc",
    "DELETE /me/sessions",
    "DELETE /me/sessions/{ref}",
    "POST /me/session/renew",
    "PUT /me/push",
    "DELETE /me/push",
    "DELETE /accounts/{name}/sessions",
    "DELETE /accounts/{name}/sessions/{ref}",
    "POST /me/password",
    "POST /tokens",
    "DELETE /tokens/{ref}",
    "PUT /me/position",
    "DELETE /me/position",
    "POST /uploads",
    "PUT /uploads/{upload}/pieces/{n}",
    "POST /uploads/{upload}/attach",
    "POST /edxl",
    "POST /messages/original",
}
"""What changes accounts and sessions, not the picture; walked in the tests of accounts. And what is
in no journal: live positions, and pieces of pictures, which the command to attach makes one of. And
EDXL: what is asked for in it is done by commands; a document that is kept is of a message that one
sends."""


def test_whatever_changes_the_picture_is_a_command() -> None:
    """A route that takes a body and is no command would pass by the policy: there is none."""
    lines = {
        f"{method} {path.removeprefix('/api/v1')}"
        for path, methods in routes_of(composed().routes)
        for method in methods - {"GET", "HEAD", "OPTIONS"}
        if path.startswith("/api/")
    }
    assert lines - NOT_COMMANDS == {f"{c.method} {c.path}" for c in COMMANDS}


def test_dash_runs_nothing_here() -> None:
    """There is no callback on the server that would need a row of its own."""
    callbacks = create_dash(FastAPI(), SETTINGS).callback_map
    assert [name for name, entry in callbacks.items() if entry.get("callback")] == []


def reads() -> list[Rule]:
    """List what is read."""
    return [rule for rule in RULES if "GET" in rule.methods]


NARROWER = {
    "/api/v1/journal.csv": {Role.LIAISON},
    "/api/v1/tokens": {Role.DUTY_OFFICER, Role.LIAISON},
    "/api/v1/me/sessions": {Role.MACHINE},
    "/api/v1/me/push": {Role.MACHINE},
    "/api/v1/cameras/{id}/frame": {Role.VIEWER, Role.MACHINE},
}
"""Whom the policy keeps out of what their audience could open."""


@pytest.mark.parametrize("rule", reads(), ids=lambda rule: rule.path)
def test_every_path_opens_to_its_audience(
    clients: dict[Role | None, httpx.Client], rule: Rule
) -> None:
    """Every role, and nobody, is let to a path exactly when their audience is."""
    path = example(rule.path.replace("/*", "/x"))
    for role, client in clients.items():
        audience = Audience.PUBLIC if role is None else AUDIENCE_OF[role]
        open_ = at_least(audience, rule.access.least)
        query = {"q": "x"} if path == "/api/v1/places" else {}
        with client.stream("GET", path, params=query) as answer:
            if path == STREAM_PATH:
                assert answer.status_code == 200
            elif not open_:
                assert answer.status_code == (403 if role else 303 if rule.page else 401)
            elif role in NARROWER.get(rule.path, set()):
                assert answer.status_code == 403
            elif rule.access.least is not Audience.PUBLIC:
                assert answer.status_code not in {401, 403}, (role, path)


TYPED = {
    "event_type": "rainstorm",
    "facility_type": "shelter",
    "incident_type": "water_supply",
    "measure": "wind",
    "phenomenon": "earthquake",
    "steps": {"verified": "2026-01-01T00:00:00Z"},
    "topic": "news",
    "verified": True,
}
"""Types that the table of publishing names, and a verification."""
STATUS = {Kind.FACILITY: "open", Kind.ROAD: "closed", Kind.INCIDENT: "responding"}


@st.composite
def entities(draw: st.DrawFn) -> dict[str, Any]:
    """Make what a person may have put on the picture: any kind, every field there is."""
    kind = draw(st.sampled_from([kind for kind in Kind if kind is not Kind.FEED_STATUS]))
    fields = {name for model in KINDS.values() for name in model.model_fields}
    said: dict[str, Any] = {name: f"said-{name}" for name in fields if draw(st.booleans())}
    said |= {"kind": kind, "id": f"{kind}:1", "exercise": draw(st.booleans())}
    if kind is not Kind.FACILITY and draw(st.booleans()):
        said |= TYPED | {"status": "verified"}
    said.pop("feed", None)
    return said


@given(entities())
def test_nothing_that_people_say_is_public(entity: dict[str, Any]) -> None:
    """Whatever the kind and its fields, what people say is not in the live API for anybody.

    But for the counters of shelters and first-aid posts, which their keepers assert for everybody.
    """
    shown = project(entity, version=1, fetched_at="", audience=Audience.PUBLIC)
    assert shown is None


NEW_FIELDS = {
    "about", "access", "also", "apart", "attachments", "author", "casualties", "confidence",
    "contact", "decided_by", "entries", "forecast", "leader", "merged_into", "methane", "parent",
    "queue", "reason", "recipients", "reporter", "shape", "staff", "stands_for", "strength",
    "supplies", "unreachable",
}  # fmt: skip


@given(st.sampled_from(list(Kind)), st.sampled_from(["wsd_suspensions", "had_shelters"]))
def test_a_publishers_entity_shows_none_of_it(kind: Kind, feed: str) -> None:
    """What people add to what a feed says, no public reader sees; nor kinds that people keep."""
    entity: dict[str, Any] = {"kind": kind, "id": f"{kind}:1", "feed": feed, "publisher": "X"}
    entity |= TYPED | {"status": STATUS.get(kind, "x")}
    marked = entity | dict.fromkeys(NEW_FIELDS - {"forecast"}, "secret")
    shown = project(marked, version=1, fetched_at="", audience=Audience.PUBLIC)
    if kind in {
        *(Kind.ASSIGNMENT, Kind.ATTENTION, Kind.FUSION, Kind.NEED),
        *(Kind.ORDER, Kind.POSITION, Kind.RECEIPT, Kind.RESOURCE),
        *(Kind.DRAFT, Kind.LAYER, Kind.MESSAGE, Kind.PARTNER),
    }:
        assert shown is None
        assert kind not in ALLOWED[Audience.PUBLIC]
    else:
        of_others = kind is Kind.CAMERA  # only the Transport Department's are public
        assert (shown is None) == (of_others or (kind is Kind.INCIDENT and feed == "had_shelters"))
        assert "secret" not in orjson.dumps(shown).decode()
