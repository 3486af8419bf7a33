"""Who I am, where I am signed in, and tokens, over HTTP."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cop.config import Settings
from cop.model.text import LANGS
from cop.services.accounts import add_user, set_user
from cop.services.policy import TABLE, Action, Role, Scope
from tests.integration.web_server import Listener, Server, until, web_server

PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/143.0.0.0 Mobile Safari/537.36"
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a web process with somebody in every role."""
    with web_server() as running:
        for role in Role:
            running.add(role.value, role)
        add_user(running.accounts, "gis", Role.MACHINE, "DSD")
        yield running


@contextlib.contextmanager
def signed_in(server: Server, name: str, **headers: str) -> Iterator[httpx.Client]:
    """Give a browser in which *name* is signed in."""
    with server.client() as client:
        client.headers.update(headers)
        credentials = {"username": name, "password": server.passwords[name]}
        client.post("/api/v1/session", json=credentials).raise_for_status()
        yield client


def sessions(client: httpx.Client) -> list[dict[str, Any]]:
    """List one's sessions."""
    found: list[dict[str, Any]] = client.get("/api/v1/me/sessions").json()["sessions"]
    return found


@pytest.mark.parametrize("role", Role)
def test_me_says_what_i_may_do(server: Server, role: Role) -> None:
    """The page is told by the very table that decides, for every role."""
    with signed_in(server, role.value) as client:
        me = client.get("/api/v1/me").json()
    words = {Scope.OWN: "own", Scope.AGENCY: "agency", Scope.ANY: "any"}
    assert me["may"] == {
        action.value: words[row[role]] for action, row in TABLE.items() if row[role] in words
    }
    assert (me["signed_in"], me["role"], me["belongs_to"]) == (True, role.value, [])


def test_nobody_may_do_nothing(server: Server) -> None:
    """Without a session there is nothing that one may do or that is one's own."""
    with server.client() as client:
        me = client.get("/api/v1/me").json()
    assert (me["signed_in"], me["may"], me["belongs_to"], me["role"]) == (False, {}, [], None)


def test_what_is_mine_is_told(server: Server) -> None:
    """Resources and facilities that belong to the user are named; a change ends the session."""
    server.add("team", Role.FIELD)
    set_user(server.accounts, "team", agency="DSD", belongs_to=["resource:b", "resource:a"])
    with signed_in(server, "team") as client:
        me = client.get("/api/v1/me").json()
        assert (me["agency"], me["belongs_to"]) == ("DSD", ["resource:a", "resource:b"])
        set_user(server.accounts, "team", role=Role.WARDEN)
        assert client.get("/api/v1/me").status_code == 401


def test_sessions_are_listed_without_what_opens_them(server: Server) -> None:
    """Where, with what and since when; neither the token nor the id under which it is stored."""
    server.add("chan", Role.FIELD)
    with signed_in(server, "chan", **PHONE) as phone, signed_in(server, "chan") as desk:
        listed = sessions(desk)
        assert [one["current"] for one in listed].count(True) == 1
        assert {one["agent"] for one in listed} == {
            "Chrome 143 · Android",
            desk.headers["User-Agent"],
        }
        assert {one["address"] for one in listed} == {"127.0.0.1"}
        assert all(one["started_at"].endswith("Z") for one in listed)
        text = json.dumps(listed)
        for session in server.accounts.sessions_of("chan"):
            assert session.id not in text
            assert session.id[:16] not in text
        for client in (phone, desk):
            assert client.cookies["cop"] not in text


def test_a_session_can_be_ended_from_elsewhere(server: Server) -> None:
    """Ending another session ends it at once, with its streams; one's own goes on."""
    server.add("lost", Role.FIELD)
    with signed_in(server, "lost", **PHONE) as phone, signed_in(server, "lost") as desk:
        listener = Listener(phone)
        until(lambda: listener.told != [])
        (ref,) = (one["ref"] for one in sessions(desk) if not one["current"])
        assert desk.delete(f"/api/v1/me/sessions/{ref}").status_code == 204
        assert phone.get("/api/v1/me").status_code == 401
        assert listener.ended.wait(60)
        listener.close()
        assert [one["current"] for one in sessions(desk)] == [True]
        assert desk.delete(f"/api/v1/me/sessions/{ref}").status_code == 404


def test_all_others_can_be_ended(server: Server) -> None:
    """One's other sessions end, nobody else's."""
    server.add("many", Role.VIEWER)
    with (
        signed_in(server, "many") as first,
        signed_in(server, "many") as second,
        signed_in(server, "viewer") as stranger,
    ):
        assert first.delete("/api/v1/me/sessions").json() == {"ended": 1}
        assert first.get("/api/v1/me").json()["name"] == "many"
        assert second.get("/api/v1/me").status_code == 401
        assert stranger.get("/api/v1/me").json()["name"] == "viewer"


def test_nobody_ends_somebody_elses_session(server: Server) -> None:
    """A session of another user is not there, whatever one is called."""
    with signed_in(server, "field") as victim, signed_in(server, "commander") as chief:
        ref = sessions(victim)[0]["ref"]
        assert chief.delete(f"/api/v1/me/sessions/{ref}").status_code == 404
        assert victim.get("/api/v1/me").json()["name"] == "field"


def key(name: str) -> dict[str, str]:
    """Give the header that makes a request happen once."""
    return {"Idempotency-Key": name}


WISH = {"user": "gis", "label": "map server", "scopes": ["read", "report_incident"], "days": 30}


def test_the_life_of_a_token(server: Server) -> None:
    """Issued and shown once, listed without itself, good for its scopes, ended, refused."""
    with signed_in(server, "commander") as chief:
        answer = chief.post("/api/v1/tokens", json=WISH, headers=key("life"))
        assert answer.status_code == 201
        issued = answer.json()
        again = chief.post("/api/v1/tokens", json=WISH, headers=key("life"))
        assert (again.status_code, again.json()["code"]) == (409, "shown-before")
        bearer = {"Authorization": f"Bearer {issued['token']}"}
        me = httpx.get(f"{server.url}/api/v1/me", headers=bearer).json()
        assert (me["name"], me["may"]) == ("gis", {"report_incident": "any"})
        listed = chief.get("/api/v1/tokens").json()["tokens"]
        (mine,) = (one for one in listed if one["ref"] == issued["ref"])
        assert mine == {name: value for name, value in issued.items() if name != "token"}
        assert (mine["label"], mine["user"], mine["issued_by"]) == (
            "map server",
            "gis",
            "commander",
        )
        assert mine["scopes"] == WISH["scopes"]
        assert issued["token"] not in json.dumps(listed)
        for _ in range(2):
            ended = chief.delete(f"/api/v1/tokens/{issued['ref']}", headers=key("end"))
            assert ended.status_code == 204
        gone = chief.delete(f"/api/v1/tokens/{issued['ref']}", headers=key("end again"))
        assert gone.status_code in {400, 404}
        assert httpx.get(f"{server.url}/api/v1/me", headers=bearer).status_code == 401


def test_tokens_stand_in_the_journal(server: Server) -> None:
    """Who issued and who ended which token is written down, without the token."""
    with signed_in(server, "commander") as chief:
        before, _ = server.store.journal_head()
        issued = chief.post("/api/v1/tokens", json=WISH, headers=key("journal")).json()
        chief.delete(f"/api/v1/tokens/{issued['ref']}", headers=key("journal-end"))
        links = server.store.journal([before + 1, before + 2])
    deeds = [json.loads(link.body) for link in links]
    assert [deed["id"] for deed in deeds] == [f"token:{issued['ref']}"] * 2
    assert [deed["who"]["name"] for deed in deeds] == ["commander"] * 2
    assert [deed["reason"].partition(" ")[0].strip(":") for deed in deeds] == ["issued", "ended"]
    assert issued["token"] not in str(deeds)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"user": "field"}, 404),
        ({"user": "nobody"}, 404),
        ({"scopes": []}, 400),
        ({"scopes": ["issue_order"]}, 400),
        ({"days": 0}, 400),
        ({"days": 366}, 400),
        ({"days": "many"}, 400),
        ({"label": ""}, 400),
        ({"label": " "}, 400),
        ({"role": "commander"}, 400),
    ],
)
def test_a_token_that_cannot_be_is_explained(
    server: Server, changed: dict[str, Any], status: int
) -> None:
    """Only a machine, known scopes, a label and an end; nothing is issued or written down."""
    with signed_in(server, "commander") as chief:
        before = server.store.journal_head()
        name = f"wrong-{sorted(changed.items())}".replace(" ", "")
        answer = chief.post("/api/v1/tokens", json=WISH | changed, headers=key(name))
        assert answer.status_code == status
        assert answer.json()["detail"]
        assert server.store.journal_head() == before


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMMANDER])
def test_only_a_commander_has_to_do_with_tokens(server: Server, role: Role) -> None:
    """Nobody else issues, sees or ends one."""
    assert TABLE[Action.ISSUE_TOKEN][Role.COMMANDER] is Scope.ANY
    with signed_in(server, role.value) as client:
        asked = (
            client.post("/api/v1/tokens", json=WISH, headers=key("x")),
            client.get("/api/v1/tokens"),
            client.delete("/api/v1/tokens/5f0c7d1e9a3b4c52", headers=key("y")),
        )
        assert [answer.status_code for answer in asked] == [403] * 3


def test_a_token_cannot_end_sessions(server: Server) -> None:
    """Whoever stole a token does not keep the machine's other tokens out with it."""
    with signed_in(server, "commander") as chief:
        issued = chief.post("/api/v1/tokens", json=WISH, headers=key("stolen")).json()
    bearer = {"Authorization": f"Bearer {issued['token']}"}
    with server.client() as thief:
        for method, path in (
            ("GET", "/api/v1/me/sessions"),
            ("DELETE", "/api/v1/me/sessions"),
            ("DELETE", f"/api/v1/me/sessions/{issued['ref']}"),
        ):
            assert thief.request(method, path, headers=bearer).status_code == 403


def test_the_page_shows_who_i_am(server: Server) -> None:
    """In each language: name, role and agency in words, every session, no script in the markup."""
    server.add("wong", Role.DUTY_OFFICER)
    set_user(server.accounts, "wong", agency="EMSC")
    evil = {"User-Agent": "<script>alert(1)</script>"}
    with signed_in(server, "wong", **evil), signed_in(server, "wong") as desk:
        for lang, role, agency in zip(
            LANGS,
            ("Duty officer", "當值主任", "当值主任"),
            (
                "Emergency Monitoring and Support Centre",
                "緊急事故監察及支援中心",
                "紧急事故监察及支援中心",
            ),
            strict=True,
        ):
            text = desk.get("/account", params={"lang": lang}).text
            assert f'lang="{lang}"' in text
            assert role in text
            assert agency in text
            assert text.count("data-ref=") == 1
            assert "<script>" not in text
            assert "&lt;script&gt;" in text


def test_the_page_is_for_who_has_signed_in(server: Server) -> None:
    """Anybody else is led to the sign-in and back."""
    with server.client() as client:
        answer = client.get("/account")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Faccount"


def test_live_and_exercise_do_not_share_a_session() -> None:
    """On one set of accounts and one machine: neither cookie nor token opens the other one."""
    drill = Settings(operation="exercise-storm", scenario="storm")
    with (
        web_server() as live,
        web_server(settings=drill, accounts=live.accounts) as played,
        live.client() as browser,
    ):
        live.add("chan", Role.COMMANDER)
        credentials = {"username": "chan", "password": live.passwords["chan"]}
        browser.post("/api/v1/session", json=credentials).raise_for_status()
        with played.client() as other:
            other.post("/api/v1/session", json=credentials).raise_for_status()
            browser.cookies.update(other.cookies)
        assert browser.get("/api/v1/me").json()["operation"] == "live"
        swapped = {
            "Cookie": f"cop={browser.cookies['cop-exercise']};"
            f" cop-exercise={browser.cookies['cop']}"
        }
        for server in (live, played):
            assert httpx.get(f"{server.url}/api/v1/me", headers=swapped).status_code == 401
        text = browser.get("/account?lang=en").text
        assert "Exercise (exercise-storm)" in text
