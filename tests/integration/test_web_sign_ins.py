"""Going on with a session, ending others', lost phones, and push subscriptions, over HTTP."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from cop.services.accounts import add_user, disable_user, set_user
from cop.services.policy import Role
from cop.services.push_keys import new_push_key
from tests.browsers import Browser
from tests.integration.web_server import SETTINGS, Listener, Server, until, web_server

DAY_S = 86_400
PEOPLE = {
    "chief": (Role.COMMANDER, "SB"),
    "desk": (Role.DUTY_OFFICER, "SB"),
    "liaison": (Role.LIAISON, "DSD"),
    "viewer": (Role.VIEWER, "DSD"),
    "field": (Role.FIELD, "DSD"),
    "warden": (Role.WARDEN, "HAD"),
}
PRIVATE, PUBLIC = new_push_key()
PUSHING = SETTINGS.model_copy(
    update={"push_key": SecretStr(PRIVATE), "push_contact": "mailto:duty@cop.example"}
)


def add(server: Server, name: str, role: Role, agency: str = "", *own: str) -> None:
    """Add somebody of an agency, to whom something belongs."""
    server.passwords[name] = add_user(server.accounts, name, role, agency, belongs_to=own)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a web process with a key for push messages, and somebody in every role."""
    with web_server(settings=PUSHING) as running:
        for name, (role, agency) in PEOPLE.items():
            add(running, name, role, agency)
        add_user(running.accounts, "gis", Role.MACHINE, "DSD")
        yield running


@pytest.fixture
def chief(server: Server) -> Iterator[httpx.Client]:
    """Give a commander's browser."""
    with server.client("chief") as client:
        yield client


def refs(client: httpx.Client, name: str) -> list[str]:
    """List what somebody's sessions are called."""
    answer = client.get(f"/api/v1/accounts/{name}/sessions")
    assert answer.status_code == 200, answer.text
    return [one["ref"] for one in answer.json()["sessions"]]


def renew(client: httpx.Client) -> httpx.Response:
    """Ask to go on with the session."""
    return client.post("/api/v1/me/session/renew", json={})


def test_a_field_session_goes_on(server: Server) -> None:
    """The same token is good for 14 more days, 72 hours of it unused, and the cookie says so."""
    for name in ("field", "warden"):
        with server.client(name) as client:
            token = client.cookies["cop"]
            answer = renew(client)
            assert answer.status_code == 200
            assert answer.json()["idle_s"] == 72 * 3600
            assert client.cookies["cop"] == token
            cookie = answer.headers["set-cookie"]
            lasts = int(cookie.partition("Max-Age=")[2].partition(";")[0])
            assert 14 * DAY_S - 60 < lasts <= 14 * DAY_S
            assert "HttpOnly" in cookie
            (mine,) = (
                one
                for one in client.get("/api/v1/me/sessions").json()["sessions"]
                if one["current"]
            )
            assert mine["ends_at"] == answer.json()["ends_at"]


def test_the_cookie_of_a_field_session_lasts_days(server: Server) -> None:
    """From the sign-in on; a commander's is as it was."""
    for name, days in (("field", 14), ("chief", 7)):
        with server.client() as client:
            credentials = {"username": name, "password": server.passwords[name]}
            cookie = client.post("/api/v1/session", json=credentials).headers["set-cookie"]
            assert f"Max-Age={days * DAY_S};" in cookie


def test_going_on_at_a_desk_changes_nothing(server: Server, chief: httpx.Client) -> None:
    """It is answered with when the session ends anyway."""
    before = [one for one in chief.get("/api/v1/me/sessions").json()["sessions"] if one["current"]]
    answer = renew(chief)
    assert answer.status_code == 200
    assert answer.json() == {"ends_at": before[0]["ends_at"], "idle_s": 12 * 3600}


def test_only_a_session_goes_on(server: Server) -> None:
    """Not nobody, and not one that has ended."""
    with server.client() as nobody:
        assert renew(nobody).status_code == 401
    add(server, "gone", Role.FIELD)
    with server.client("gone") as client:
        disable_user(server.accounts, "gone")
        answer = renew(client)
        assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")
        assert "clear-site-data" not in answer.headers


def test_a_lost_phone_is_ended_from_the_desk(server: Server, chief: httpx.Client) -> None:
    """Its streams end, it is told to forget everything, and the owner's other phone goes on."""
    add(server, "chan", Role.FIELD, "DSD")
    with server.client("chan") as phone, server.client("chan") as other:
        mine = [
            one for one in phone.get("/api/v1/me/sessions").json()["sessions"] if one["current"]
        ]
        ref = mine[0]["ref"]
        assert set(refs(chief, "chan")) > {ref}
        listener = Listener(phone)
        until(lambda: listener.told != [])
        answer = chief.delete(f"/api/v1/accounts/chan/sessions/{ref}", params={"lost": "true"})
        assert answer.status_code == 204
        assert listener.ended.wait(60)
        listener.close()
        token = phone.cookies["cop"]
        for path in ("/api/v1/me", "/api/v1/me/duty", "/api/v1/stream", "/command"):
            refused = httpx.get(f"{server.url}{path}", cookies={"cop": token})
            assert refused.status_code == 401
            assert refused.json()["code"] == "device-lost"
            assert refused.headers["clear-site-data"] == '"cache", "cookies", "storage"'
            assert 'cop=""' in refused.headers["set-cookie"]
        page = httpx.get(
            f"{server.url}/command", cookies={"cop": token}, headers={"Accept": "text/html"}
        )
        assert page.status_code == 401
        assert "clear-site-data" in page.headers
        assert "reported lost" in page.text
        phone.get("/api/v1/me")
        assert "cop" not in phone.cookies
        assert other.get("/api/v1/me").json()["name"] == "chan"
        assert chief.delete(f"/api/v1/accounts/chan/sessions/{ref}").status_code == 404


def test_a_found_phone_can_be_signed_in_again(server: Server, chief: httpx.Client) -> None:
    """With the password; what it held before is gone, and is not good again."""
    add(server, "found", Role.FIELD)
    with server.client("found") as phone:
        token = phone.cookies["cop"]
        ended = chief.delete("/api/v1/accounts/found/sessions", params={"lost": "true"})
        assert ended.json() == {"ended": 1}
        credentials = {"username": "found", "password": server.passwords["found"]}
        assert phone.post("/api/v1/session", json=credentials).status_code == 200
        assert phone.get("/api/v1/me").json()["name"] == "found"
        again = httpx.get(f"{server.url}/api/v1/me", cookies={"cop": token})
        assert again.json()["code"] == "device-lost"


def test_an_ordinary_end_clears_nothing(server: Server, chief: httpx.Client) -> None:
    """Who is only signed out from elsewhere keeps what is not sent yet, and signs in again."""
    add(server, "out", Role.FIELD)
    with server.client("out") as first, server.client("out") as second:
        assert chief.delete("/api/v1/accounts/OUT/sessions").json() == {"ended": 2}
        for client in (first, second):
            answer = client.get("/api/v1/me")
            assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")
            assert "clear-site-data" not in answer.headers
        assert chief.delete("/api/v1/accounts/out/sessions").json() == {"ended": 0}


def test_it_is_written_down_who_ended_whose(server: Server, chief: httpx.Client) -> None:
    """The journal says it, with nothing in it by which a session could be used or ended."""
    add(server, "noted", Role.FIELD)
    with server.client("noted") as phone:
        (ref,) = refs(chief, "noted")
        chief.delete(f"/api/v1/accounts/noted/sessions/{ref}", params={"lost": "true"})
        entry = next(
            each
            for each in chief.get("/api/v1/journal").json()["entries"]
            if each["action"] == "end_sign_in" and each["id"] == "account:noted"
        )
        assert (entry["who"]["name"], entry["reason"]) == ("chief", "noted: 1 ended as lost")
        text = json.dumps(entry)
        assert ref not in text
        assert phone.cookies["cop"] not in text


@pytest.mark.parametrize("name", ["viewer", "field", "warden"])
def test_the_field_ends_nobody(server: Server, name: str) -> None:
    """Not even to be seen; nor without signing in."""
    with server.client(name) as client, server.client() as nobody:
        for method, path in (
            ("GET", "accounts?resource=resource:1"),
            ("GET", "accounts/chief/sessions"),
            ("DELETE", "accounts/chief/sessions"),
            ("DELETE", f"accounts/{name}/sessions/0123456789abcdef"),
        ):
            assert client.request(method, f"/api/v1/{path}").status_code == 403
            assert nobody.request(method, f"/api/v1/{path}").status_code == 401


def test_a_liaison_officer_ends_those_of_their_agency(server: Server) -> None:
    """Nobody else's, and no sessions of other agencies are shown."""
    add(server, "ours", Role.FIELD, "DSD", "resource:shared")
    add(server, "theirs", Role.FIELD, "FSD", "resource:shared")
    with server.client("liaison") as liaison, server.client("theirs") as theirs:
        with server.client("ours"):
            assert len(refs(liaison, "ours")) == 1
            assert liaison.delete("/api/v1/accounts/ours/sessions").json() == {"ended": 1}
        for method in ("GET", "DELETE"):
            answer = liaison.request(method, "/api/v1/accounts/theirs/sessions")
            assert answer.status_code == 403
            assert "your agency" in answer.json()["detail"]
        assert theirs.get("/api/v1/me").status_code == 200
        listed = liaison.get("/api/v1/accounts", params={"resource": "resource:shared"})
        assert [one["name"] for one in listed.json()["accounts"]] == ["ours"]


def test_machines_and_strangers_have_no_sign_in(server: Server, chief: httpx.Client) -> None:
    """A token is ended where tokens are; an unknown name is told as such."""
    for name in ("gis", "nobody"):
        assert chief.get(f"/api/v1/accounts/{name}/sessions").status_code == 404
        assert chief.delete(f"/api/v1/accounts/{name}/sessions").status_code == 404


def test_who_belongs_to_a_team(server: Server, chief: httpx.Client) -> None:
    """Everybody who signs in for it, with when they were last heard of; the disabled are not."""
    for name in ("a1", "a2", "a3"):
        add(server, name, Role.FIELD, "DSD", "resource:a")
    add(server, "b1", Role.WARDEN, "HAD", "facility:b")
    disable_user(server.accounts, "a3")
    with server.client("a1"), server.client("a1"):
        found = chief.get("/api/v1/accounts", params={"resource": "resource:a"}).json()["accounts"]
    assert [(one["name"], one["devices"], one["push"]) for one in found] == [
        ("a1", 2, 0),
        ("a2", 0, 0),
    ]
    assert found[0]["last_contact_at"].endswith("Z")
    assert found[1]["last_contact_at"] is None
    assert found[0]["belongs_to"] == ["resource:a"]
    (one,) = chief.get("/api/v1/accounts", params={"facility": "facility:b"}).json()["accounts"]
    assert (one["name"], one["role"], one["agency"]) == ("b1", "warden", "HAD")
    for params in ({}, {"resource": "resource:a", "facility": "facility:b"}):
        assert chief.get("/api/v1/accounts", params=params).status_code == 400


def toward(endpoint: str, browser: Browser | None = None) -> dict[str, Any]:
    """Give what a browser sends of its subscription."""
    made = browser or Browser()
    return {
        "endpoint": endpoint,
        "expirationTime": None,
        "keys": {"p256dh": made.p256dh, "auth": made.auth},
    }


@contextlib.contextmanager
def phone(server: Server, name: str) -> Iterator[httpx.Client]:
    """Give the browser of somebody new in the field."""
    add(server, name, Role.FIELD, "DSD", f"resource:{name}")
    with server.client(name) as client:
        yield client


def test_a_phone_takes_push_messages(server: Server, chief: httpx.Client) -> None:
    """It is given the key, subscribes, is counted, and stops."""
    endpoint = "https://fcm.googleapis.com/fcm/send/one"
    with phone(server, "pushed") as client:
        assert client.get("/api/v1/me/push").json() == {"key": PUBLIC, "subscriptions": 0}
        for _ in range(2):
            assert client.put("/api/v1/me/push", json=toward(endpoint)).status_code == 204
        assert client.get("/api/v1/me/push").json()["subscriptions"] == 1
        listed = chief.get("/api/v1/accounts", params={"resource": "resource:pushed"}).json()
        assert listed["accounts"][0]["push"] == 1
        gone = client.request("DELETE", "/api/v1/me/push", json={"endpoint": endpoint})
        assert gone.status_code == 204
        assert client.get("/api/v1/me/push").json()["subscriptions"] == 0


def test_a_subscription_ends_with_its_session(server: Server) -> None:
    """Signing out, and a change of the account, leave nothing that is written to."""
    with phone(server, "leaves") as client:
        client.put("/api/v1/me/push", json=toward("https://fcm.googleapis.com/two"))
        assert server.accounts.subscriptions_of(["leaves"]) != {}
        client.delete("/api/v1/session")
        assert server.accounts.subscriptions_of(["leaves"]) == {}
    with server.client("leaves") as client:
        client.put("/api/v1/me/push", json=toward("https://fcm.googleapis.com/two"))
        set_user(server.accounts, "leaves", agency="FSD")
        assert server.accounts.subscriptions_of(["leaves"]) == {}


@pytest.mark.parametrize(
    "endpoint", ["https://127.0.0.1/x", "http://fcm.googleapis.com/x", "https://evil.example/x"]
)
def test_no_other_host_is_written_to(server: Server, endpoint: str) -> None:
    """An address that is not at a trusted push service is refused, and not stored."""
    with server.client("field") as client:
        answer = client.put("/api/v1/me/push", json=toward(endpoint))
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
    assert server.accounts.subscriptions_of(["field"]) == {}


def test_what_is_no_subscription_is_refused(server: Server) -> None:
    """Keys that are none, and a body that is none."""
    wrong = toward("https://fcm.googleapis.com/x")
    wrong["keys"]["auth"] = "AAAA"
    with server.client("field") as client, server.client() as nobody:
        assert client.put("/api/v1/me/push", json=wrong).status_code == 422
        assert client.put("/api/v1/me/push", json={}).status_code == 400
        assert nobody.put("/api/v1/me/push", json=wrong).status_code == 401
        assert nobody.get("/api/v1/me/push").status_code == 401


def test_without_a_key_there_are_no_push_messages() -> None:
    """The page is told so before it asks, and in words should it ask all the same."""
    with web_server() as server:
        server.add("field", Role.FIELD)
        with server.client("field") as client:
            assert client.get("/api/v1/me/push").json() == {"key": None, "subscriptions": 0}
            answer = client.put("/api/v1/me/push", json=toward("https://fcm.googleapis.com/x"))
            assert (answer.status_code, answer.json()["code"]) == (409, "push-not-set-up")
