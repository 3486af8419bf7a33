"""The gate and the sessions, on the whole composed application behind a real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.routing import Mount

from cop.api import gate, rules
from cop.api.ogc.asked import OgcRoute
from cop.api.rules import RULES, Access, find_rule
from cop.asgi import create_app
from cop.config import Settings
from cop.model.record import put
from cop.services.policy import Role
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore
from tests.integration.web_server import SETTINGS, Server, until, web_server, wind

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run the whole web process, Dash pages included, for the tests of this module."""
    store = MemoryStore()
    store.write([put(wind("a")), put(wind("b"))], fetched_ms=1)
    with web_server(store, with_pages=True) as running:
        running.add("chief", Role.COMMANDER)
        running.add("team", Role.FIELD)
        yield running


@pytest.fixture
def anybody(server: Server) -> Iterator[httpx.Client]:
    """Give a client that has not signed in."""
    with server.client() as client:
        yield client


def paths_of(routes: list[Any], prefix: str = "") -> Iterator[str]:
    """List an example path of every route of an application, nested ones included."""
    for route in routes:
        nested = getattr(route, "original_router", None)
        if nested is not None:
            yield from paths_of(nested.routes, prefix)
        elif isinstance(route, Mount):
            yield f"{prefix}{route.path}/x"
        else:
            path = prefix + route.path
            for hole in ("{package_name}", "{fingerprinted_path:path}", "{entity_id:path}"):
                path = path.replace(hole, "x")
            yield from (path, f"{path}/") if isinstance(route, OgcRoute) else (path,)


def composed() -> list[Any]:
    """Give the routes behind the gate of the whole application."""
    app: Any = create_app(SETTINGS, store=MemoryStore(), accounts=MemoryAccounts())
    assert isinstance(app, gate.Gate)
    routes: list[Any] = app._app._app.routes  # type: ignore[attr-defined]
    return routes


def test_every_route_has_a_rule() -> None:
    """A route that somebody adds without a row in the table fails here, and is unreachable."""
    paths = set(paths_of(composed()))
    assert {"/command", "/api/v1/picture", "/healthz", "/_dash-update-component"} <= paths
    assert [path for path in sorted(paths) if find_rule(path) is None] == []


def test_every_rule_has_a_route() -> None:
    """The table promises no path that does not exist."""
    paths = set(paths_of(composed()))
    assert [rule.path for rule in RULES if not any(rule.covers(path) for path in paths)] == []


@pytest.mark.parametrize("rule", [r for r in RULES if r.access.least != "public"])
def test_nobody_passes_a_guarded_path(anybody: httpx.Client, rule: rules.Rule) -> None:
    """Without a session every guarded path, in every method it has, is refused."""
    for method in rule.methods:
        answer = anybody.request(method, rule.path, headers=JSON, content=b"{}")
        assert answer.status_code == (303 if rule.page else 401)


@pytest.mark.parametrize(
    "path",
    [
        "/_mcp",
        "/_mcp/",
        "/_dash-ws-callback",
        "/_alive_x",
        "/_dash_startup_route/x",
        "/docs",
        "/redoc",
        "/nothing",
        "/command/",
        "/api/v1/",
        "//command",
        "/assets/../cop/config.py",
        "/assets/%2e%2e/pyproject.toml",
        "/assets/",
    ],
)
def test_what_is_not_in_the_table_does_not_exist(server: Server, path: str) -> None:
    """Unknown paths are 404 for everybody, those who have signed in included."""
    host, port = server.url.removeprefix("http://").split(":")
    with server.client("chief") as chief:
        cookie = "; ".join(f"{name}={value}" for name, value in chief.cookies.items())
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n"
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(request.encode() + b"\r\n")
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert b" 404 " in answer.splitlines()[0]


def test_an_anonymous_dash_post_is_refused(server: Server, anybody: httpx.Client) -> None:
    """The one endpoint of all callbacks answers only to those who have signed in."""
    body = {"output": "x.y", "inputs": [], "changedPropIds": [], "outputs": {"id": "x"}}
    refused = anybody.post("/_dash-update-component", json=body)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    with server.client("team") as team:
        assert team.post("/_dash-update-component", json=body).status_code != 401
        assert team.get("/_dash-layout").status_code == 200


def test_web_sockets_are_refused(server: Server) -> None:
    """No path opens a web socket, whoever asks."""
    host, port = server.url.removeprefix("http://").split(":")
    for path in ("/_dash-ws-callback", "/api/v1/stream", "/"):
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
            )
            status = raw.recv(4096).splitlines()[0]
        assert b" 101 " not in status


def test_a_page_leads_to_the_sign_in_and_back(anybody: httpx.Client) -> None:
    """A deep link survives signing in; a foreign address as `next` does not."""
    answer = anybody.get("/command?sel=a%2Fb&lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fcommand%3Fsel%3Da%252Fb%26lang%3Den"
    page = anybody.get(answer.headers["location"]).text
    assert 'data-next="/command?sel=a%2Fb&amp;lang=en"' in page
    for bad in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        assert 'data-next="/command"' in anybody.get("/sign-in", params={"next": bad}).text


def test_every_answer_is_dressed(anybody: httpx.Client) -> None:
    """Pages, data, refusals and unknown paths all carry the headers that limit browsers."""
    for path in ("/", "/sign-in", "/api/v1/picture", "/nothing", "/_dash-layout", "/healthz"):
        headers = anybody.get(path).headers
        policy = headers["content-security-policy"].split("; ")
        assert "unsafe" not in next(one for one in policy if one.startswith("script-src "))
        assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= {*policy}
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers


def test_secure_sites_say_so() -> None:
    """Over https the cookie has the __Host- prefix and the site insists on https."""
    secure = Settings(secure_cookies=True)
    assert gate.cookie_name(secure) == "__Host-cop"
    assert b"strict-transport-security" in dict(gate.security_headers(secure))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_only_known_names_are_served(anybody: httpx.Client, host: str) -> None:
    """A request that names another host is refused before anything else."""
    assert anybody.get("/healthz", headers={"Host": host}).status_code in {400, 421}


@pytest.mark.parametrize("host", ["localhost", "localhost:9999", "LOCALHOST"])
def test_a_known_name_is_served_with_any_port(anybody: httpx.Client, host: str) -> None:
    """The port belongs to the proxy, not to the name."""
    assert anybody.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_another_site_cannot_act(server: Server, headers: dict[str, str], status: int) -> None:
    """What changes anything comes as JSON from our own pages, or from no browser at all."""
    with server.client("chief") as chief:
        answer = chief.post("/api/v1/session", headers=JSON | headers, content=b"{}")
        assert answer.status_code == status
        own = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
        assert chief.delete("/api/v1/session", headers=own).status_code == 204


def test_bodies_are_limited(anybody: httpx.Client) -> None:
    """A body past the limit is refused, with its length announced or not."""
    announced = anybody.post("/api/v1/session", headers=JSON, content=b"x" * 1_100_000)
    assert announced.status_code == 413
    parts = (b"x" * 100_000 for _ in range(12))
    try:
        status = anybody.post("/api/v1/session", headers=JSON, content=parts).status_code
    except httpx.WriteError:  # the answer came before the end of the body
        status = 413
    assert status == 413


def test_a_method_that_is_not_there(anybody: httpx.Client) -> None:
    """Another method is 405 and says which there are."""
    answer = anybody.request("TRACE", "/api/v1/picture")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_head_request_has_no_body(anybody: httpx.Client) -> None:
    """HEAD gives the headers of GET."""
    answer = anybody.head("/healthz")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_life_of_a_session(server: Server) -> None:
    """Sign in, be somebody, sign out, be nobody: the old cookie is worth nothing."""
    with server.client("chief") as chief:
        me = chief.get("/api/v1/me").json()
        assert (me["role"], me["audience"]) == ("commander", "command")
        stolen = chief.cookies["cop"]
        assert chief.delete("/api/v1/session").status_code == 204
        assert chief.get("/api/v1/me").json()["audience"] == "public"
    with server.client() as thief:
        thief.cookies.set("cop", stolen)
        answer = thief.get("/api/v1/me")
        assert answer.status_code == 401
        assert thief.get("/api/v1/stream").status_code == 401
        ended = thief.delete("/api/v1/session")
        assert "Max-Age=0" in ended.headers["set-cookie"]


def test_the_cookie_is_out_of_reach_of_scripts(server: Server) -> None:
    """The token is in an HttpOnly SameSite cookie and in no body."""
    with server.client() as client:
        credentials = {"username": " Chief ", "password": server.passwords["chief"]}
        answer = client.post("/api/v1/session", json=credentials)
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert client.cookies["cop"] not in answer.text


def test_wrong_passwords_are_told_in_words_and_limited(server: Server) -> None:
    """A wrong password and an unknown name look the same; too many must wait."""
    server.add("target", Role.VIEWER)
    with server.client() as client:
        answers = [
            client.post("/api/v1/session", json={"username": name, "password": "wrong"})
            for name in ("target", "stranger")
        ]
        assert [answer.status_code for answer in answers] == [401, 401]
        first, second = ({**answer.json(), "request_id": ""} for answer in answers)
        assert first == second
        for _ in range(10):
            last = client.post("/api/v1/session", json={"username": "target", "password": "x"})
        assert last.status_code == 429
        assert 0 < int(last.headers["retry-after"]) <= 300
        right = {"username": "target", "password": server.passwords["target"]}
        assert client.post("/api/v1/session", json=right).status_code == 429


def test_credentials_that_are_none_are_explained(anybody: httpx.Client) -> None:
    """A body without what is needed is a 400 that names what is missing, not its values."""
    answer = anybody.post("/api/v1/session", json={"username": "x", "secret": "pw-123"})
    assert answer.status_code == 400
    assert "password" in answer.json()["detail"]
    assert "pw-123" not in answer.text


def test_a_bearer_token_is_a_session(server: Server) -> None:
    """What the cookie carries serves as Authorization: Bearer; nonsense does not."""
    with server.client("team") as team:
        token = team.cookies["cop"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{server.url}/api/v1/me", headers=bearer).json()["name"] == "team"
    for bad in ("x", "A" * 43):
        headers = {"Authorization": f"Bearer {bad}"}
        status = httpx.get(f"{server.url}/command", headers=headers).status_code
        assert status in {303, 401}


def test_the_picture_is_cacheable(anybody: httpx.Client) -> None:
    """The same picture is not sent twice; it comes compressed to who can take it."""
    first = anybody.get("/api/v1/picture")
    assert first.headers["content-encoding"] == "gzip"
    assert {f["id"] for f in first.json()["features"]} == {"hko_wind:a", "hko_wind:b"}
    same = anybody.get("/api/v1/picture", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    plain = anybody.get("/api/v1/picture", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json()["features"] == first.json()["features"]


def test_audiences_do_not_share_a_tag(server: Server, anybody: httpx.Client) -> None:
    """The tag of one audience's picture does not stand for another's."""
    tag = anybody.get("/api/v1/picture").headers["etag"]
    with server.client("chief") as chief:
        answer = chief.get("/api/v1/picture", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "Cookie" in answer.headers["vary"]


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "nan,1,2,3"},
        {"bbox": "1,2,inf,3"},
        {"bbox": "3,2,1,4"},
        {"bbox": "1,4,3,2"},
        {"bbox": "-181,0,0,1"},
        {"bbox": ""},
        {"bbox": "a,b,c,d"},
        {"kind": "secret"},
    ],
)
def test_bad_questions_are_explained(anybody: httpx.Client, query: dict[str, str]) -> None:
    """A parameter that cannot be read is a problem that says what to give."""
    answer = anybody.get("/api/v1/picture", params=query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert next(iter(query)) in answer.json()["detail"]


def test_parts_of_the_picture(anybody: httpx.Client) -> None:
    """Kind and box select; an entity can be read alone."""
    assert anybody.get("/api/v1/picture?kind=alert&kind=road").json()["features"] == []
    here = anybody.get("/api/v1/picture?bbox=114,22,115,23").json()["features"]
    assert len(here) == 2
    assert anybody.get("/api/v1/entities/hko_wind:a").json()["properties"]["value"] == 1.0
    assert anybody.get("/api/v1/entities/hko_wind:zz").status_code == 404


def test_the_description_has_every_public_path(anybody: httpx.Client) -> None:
    """/openapi.json lists the API with examples."""
    paths = anybody.get("/openapi.json").json()["paths"]
    documented = {
        rule.path for rule in RULES if rule.path.startswith("/api") and "*" not in rule.path
    }
    assert documented <= set(paths)
    answer = paths["/api/v1/picture"]["get"]["responses"]["200"]
    assert answer["content"]["application/geo+json"]["example"]["type"] == "FeatureCollection"


def test_dash_has_no_mcp_server() -> None:
    """Dash's endpoint for programs, which exposes layout and callbacks, is off and unreachable."""
    assert not [path for path in paths_of(composed()) if "mcp" in path]
    assert find_rule("/_mcp") is None


def test_the_command_page_is_served_to_responders(server: Server) -> None:
    """After signing in the page opens, and only scripts with a known hash run inline."""
    with server.client("team") as team:
        page = team.get("/command")
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert "sha256-" in page.headers["content-security-policy"]
        assert team.get("/assets/sign-in.css").status_code == 200


def test_an_open_path_needs_no_redis() -> None:
    """Open rules never look at the session, so that the public pages outlive the accounts."""
    assert {rule.path for rule in RULES if rule.access is Access.OPEN} >= {"/", "/healthz"}
    accounts = MemoryAccounts()
    with web_server(accounts=accounts) as server, server.client() as client:
        client.cookies.set("cop", "A" * 43)
        assert client.get("/").status_code == 302
        until(lambda: client.get("/api/v1/picture").status_code == 401)


def test_scripts_and_styles_travel_compressed(server: Server, anybody: httpx.Client) -> None:
    """Text is compressed for who can take it, and a cached copy is confirmed, not sent again."""
    first = anybody.get("/assets/sign-in.css")
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["vary"] == "Accept-Encoding"
    plain = anybody.get("/assets/sign-in.css", headers={"Accept-Encoding": "identity"})
    assert ("content-encoding" in plain.headers, plain.text) == (False, first.text)
    assert int(first.headers["content-length"]) < len(plain.content)
    again = anybody.get("/assets/sign-in.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
