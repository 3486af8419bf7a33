"""Whoever comes by a session or a token that is not good, or no more, is let in nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import httpx
import pytest
import structlog

from cop.api.gate import cookie_name
from cop.api.rules import RULES, Access, Rule
from cop.services.accounts import disable_user, now_ms, set_user
from cop.services.policy import Role
from cop.services.sessions import Opening, identify, open_session, ref_of
from cop.services.tokens import SCOPES, end_token, issue_token
from cop.store.accounts import Session
from tests.integration.policy_subjects import World
from tests.integration.web_server import SETTINGS, Server, web_server

GUARDED: Final = [rule for rule in RULES if rule.access is not Access.OPEN]
SIGNING_IN: Final = "/api/v1/session"
LIVE: Final = SETTINGS.operation


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run the web process with somebody who may do everything, and a machine."""
    with web_server() as running:
        running.add("chief", Role.COMMANDER)
        running.add("siren", Role.MACHINE)
        yield running


def _opened(server: Server, name: str, operation: str = LIVE) -> tuple[str, Session]:
    """Open a session in *operation* for *name*, or issue a token to a machine."""
    user = server.accounts.read_users([name])[name]
    if user.role == Role.MACHINE:
        found = issue_token(
            server.accounts, name, operation=operation, label="x", scopes=SCOPES, days=1
        )
    else:
        found = open_session(server.accounts, user, Opening(operation=operation))
    assert identify(server.accounts, found.token, operation=operation) is not None
    return found.token, found.session


def _expired(server: Server, name: str) -> str:
    token, session = _opened(server, name)
    server.accounts.change_session(session.id, lambda s: (replace(s, ends_ms=now_ms()), 60_000))
    return token


def _ended(server: Server, name: str) -> str:
    token, session = _opened(server, name)
    end_token(server.accounts, session)
    return token


def _of_another_operation(server: Server, name: str) -> str:
    return _opened(server, name, "exercise-black-rainstorm")[0]


def _of_no_operation(server: Server, name: str) -> str:
    token, session = _opened(server, name)
    server.accounts.change_session(session.id, lambda s: (replace(s, operation=""), 60_000))
    return token


def _somebody(server: Server, role: Role) -> str:
    """Add somebody of whom there is one alone."""
    name = f"{role.value}-{len(server.accounts.names())}"
    server.add(name, role)
    return name


def _role_of(server: Server, name: str) -> Role:
    return Role(server.accounts.read_users([name])[name].role)


def _disabled(server: Server, name: str) -> str:
    other = _somebody(server, _role_of(server, name))
    token, _ = _opened(server, other)
    disable_user(server.accounts, other)
    return token


def _changed(server: Server, name: str) -> str:
    other = _somebody(server, _role_of(server, name))
    token, _ = _opened(server, other)
    set_user(server.accounts, other, agency="DSD")
    return token


def _kept_elsewhere(server: Server, name: str) -> str:
    other = _somebody(server, _role_of(server, name))
    token, _ = _opened(server, other)
    server.accounts.change_user(other, lambda user: replace(user, operations=("exercise-x",)))
    return token


def _one_letter_off(server: Server, name: str) -> str:
    token, _ = _opened(server, name)
    return ("B" if token[0] == "A" else "A") + token[1:]


def _cut(server: Server, name: str) -> str:
    return _opened(server, name)[0][:-1]


def _longer(server: Server, name: str) -> str:
    return _opened(server, name)[0] + "A"


def _in_other_case(server: Server, name: str) -> str:
    return _opened(server, name)[0].swapcase()


def _its_digest(server: Server, name: str) -> str:
    return _opened(server, name)[1].id


def _its_name(server: Server, name: str) -> str:
    return ref_of(_opened(server, name)[1])


def _its_key(server: Server, name: str) -> str:
    return f"cop:accounts:session:{_opened(server, name)[1].id}"


def _of_nobody(server: Server, name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:43]


NOT_GOOD: Final[tuple[Callable[[Server, str], str], ...]] = (
    _expired,
    _ended,
    _of_another_operation,
    _of_no_operation,
    _disabled,
    _changed,
    _kept_elsewhere,
    _one_letter_off,
    _cut,
    _longer,
    _in_other_case,
    _its_digest,
    _its_name,
    _its_key,
    _of_nobody,
)


def _walk(client: httpx.Client, rules: list[Rule]) -> Iterator[tuple[str, httpx.Response]]:
    """Ask for every guarded path by every method that it has."""
    for rule in rules:
        parts = rule.path.replace("/*", "/x").split("/")
        path = "/".join("x" if part.startswith("{") else part for part in parts)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            headers = {
                "Content-Type": min(rule.media_types),
                "Idempotency-Key": "k",
                "If-Match": "1",
            }
            yield f"{method} {rule.path}", client.request(method, path, headers=headers)


@pytest.mark.parametrize("by", ["session", "token"])
@pytest.mark.parametrize("make", NOT_GOOD, ids=lambda make: make.__name__.strip("_"))
def test_what_is_no_session_opens_nothing(
    server: Server, by: str, make: Callable[[Server, str], str]
) -> None:
    """On every path and by every method it is refused, never silently the public view.

    Nothing is done, and nothing is written down as done.
    """
    token = make(server, "chief" if by == "session" else "siren")
    assert identify(server.accounts, token, operation=LIVE) is None
    before = server.store.cursor(), server.store.journal_head()
    with server.client() as client:
        if by == "session":
            client.headers["Cookie"] = f"{cookie_name(SETTINGS)}={token}"
        else:
            client.headers["Authorization"] = f"Bearer {token}"
        walked = 0
        for line, answer in _walk(client, [one for one in GUARDED if one.path != SIGNING_IN]):
            walked += 1
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/sign-in?"), line
            else:
                assert answer.status_code == 401, (line, answer.text)
                assert answer.json()["code"] == "session-ended", line
        assert walked > 100
        assert client.delete(SIGNING_IN).status_code == 204
    assert (server.store.cursor(), server.store.journal_head()) == before


def test_a_bad_token_is_not_mended_by_a_good_cookie(server: Server) -> None:
    """Who says by what they come is held to it."""
    with server.client("chief") as client:
        assert client.get("/api/v1/journal").status_code == 200
        headers = {"Authorization": f"Bearer {_of_nobody(server, 'x')}"}
        assert client.get("/api/v1/journal", headers=headers).status_code == 401


def test_a_token_is_good_for_its_holder_alone(server: Server) -> None:
    """A session says whose it is: nothing that a request adds makes it another's."""
    with server.client("chief") as client:
        for name in ("X-User", "X-Forwarded-User", "Remote-User", "X-Role"):
            assert client.get("/api/v1/me", headers={name: "siren"}).json()["name"] == "chief"
        answer = client.get("/api/v1/me", params={"name": "siren", "role": "machine"})
        assert answer.json()["role"] == "commander"


def test_signing_in_anew_ends_what_the_browser_had(server: Server) -> None:
    """A browser has one session; what it had before opens nothing, the others stay."""
    name = cookie_name(SETTINGS)
    with server.client("chief") as client, server.client("chief") as elsewhere:
        first = client.cookies[name]
        credentials = {"username": "chief", "password": server.passwords["chief"]}
        assert client.post(SIGNING_IN, json=credentials).status_code == 200
        assert client.cookies[name] != first
        assert identify(server.accounts, first, operation=LIVE) is None
        for one in (client, elsewhere):
            assert one.get("/api/v1/me").json()["name"] == "chief"
        wrong = client.post(SIGNING_IN, json=credentials | {"password": "wrong"})
        assert wrong.status_code == 401
        assert client.get("/api/v1/me").json()["name"] == "chief"


def test_a_refusal_is_logged_without_a_name(server: Server) -> None:
    """What was forbidden, by which way and to which role stands in the log; never to whom."""
    user = _somebody(server, Role.VIEWER)
    with server.client(user) as client, structlog.testing.capture_logs() as lines:
        answer = client.get(f"/api/v1/accounts/{user}/sessions")
        assert answer.status_code == 403
        own = World(server.store).incident(Role.VIEWER, "foreign")
        headers = {"Idempotency-Key": "forbidden", "If-Match": '"1"'}
        answer = client.patch(f"/api/v1/incidents/{own}", json={"words": "x"}, headers=headers)
        assert answer.status_code == 403
        assert client.post("/api/v1/incidents", content=b"{").status_code == 415
    with server.client() as nobody, structlog.testing.capture_logs() as more:
        assert nobody.get("/api/v1/me/duty").status_code == 401
        headers = {"Authorization": "Bearer made-up"}
        assert nobody.get("/api/v1/journal", headers=headers).status_code == 401
    found = [line for line in lines + more if line["event"] == "refused"]
    assert [tuple(line[key] for key in ("status", "method", "path", "role")) for line in found] == [
        (403, "GET", "/api/v1/accounts/{name}/sessions", "viewer"),
        (403, "PATCH", "/api/v1/incidents/{id}", "viewer"),
        (415, "POST", "/api/v1/incidents", ""),
        (401, "GET", "/api/v1/me/duty", ""),
        (401, "GET", "/api/v1/journal", ""),
    ]
    assert user not in str(found)
    assert "made-up" not in str(found)


def test_ones_password_is_changed_by_whoever_knows_it(server: Server) -> None:
    """With the present one; the other sessions end, it is written down, and the old one is none."""
    name, chosen = _somebody(server, Role.DUTY_OFFICER), "four words that nobody guesses"
    with server.client(name) as client, server.client(name) as elsewhere:
        ask = f"{SIGNING_IN.removesuffix('session')}me/password"
        wrong = client.post(ask, json={"present": "wrong", "chosen": chosen})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong-password")
        present = server.passwords[name]
        for weak in ("short", "Password1234!", f"{name} and more"):
            answer = client.post(ask, json={"present": present, "chosen": weak})
            assert answer.status_code == 400, weak
        answer = client.post(ask, json={"present": present, "chosen": chosen})
        assert answer.json() == {"ended": 1}
        assert client.get("/api/v1/me").json()["name"] == name
        assert elsewhere.get("/api/v1/me").status_code == 401
        entries = client.get("/api/v1/journal", params={"who": name}).json()["entries"]
        assert next(entry["action"] for entry in entries) == "change_password"
        assert chosen not in str(entries)
        credentials = {"username": name, "password": present}
        assert client.post(SIGNING_IN, json=credentials).status_code == 401
        credentials["password"] = chosen
        assert client.post(SIGNING_IN, json=credentials).status_code == 200
    server.passwords[name] = chosen


def test_guessing_a_password_by_changing_it_is_limited(server: Server) -> None:
    """Somebody else's open page is no place to guess at."""
    name = _somebody(server, Role.FIELD)
    with server.client(name) as client:
        wish = {"present": "wrong", "chosen": "four words that nobody guesses"}
        ask = f"{SIGNING_IN.removesuffix('session')}me/password"
        found = [client.post(ask, json=wish).status_code for _ in range(10)]
        assert found[0] == 409
        assert found[-1] == 429


def test_a_machine_and_an_account_of_the_provider_have_none(server: Server) -> None:
    """There is nothing to change for who has no password here."""
    token, _ = _opened(server, "siren")
    name = _somebody(server, Role.FIELD)
    with server.client(name) as client:
        server.accounts.change_user(name, lambda user: replace(user, password="", external="x"))
        ask = f"{SIGNING_IN.removesuffix('session')}me/password"
        wish = {"present": "x", "chosen": "four words that nobody guesses"}
        assert client.post(ask, json=wish).json()["code"] == "no-password"
        headers = {"Authorization": f"Bearer {token}"}
        assert client.post(ask, json=wish, headers=headers).status_code == 403
