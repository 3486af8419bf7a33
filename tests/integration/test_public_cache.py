"""The cache of `deploy/nginx.conf` before a web process: what the crowd is given, and who asks."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from cop.config import Settings
from cop.model.text import choose_lang
from cop.services.publishing.files import PublicFiles
from cop.services.publishing.paths import KEPT_UP, LANG_PATHS, public_root
from tests.integration.public_site import Cache, Web, nginx_cache, web_process
from tests.integration.test_public_site import FILES, POINTER, SCRIPT, lay_out
from tests.integration.web_server import until
from tests.ports import free_port

CLIENT = httpx.Client(trust_env=False, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))
"""Each request is somebody else's: who is behind a renewal waits for it with the next one."""


@pytest.fixture(scope="module", autouse=True)
def _hang_up() -> Iterator[None]:
    """Close the connections in the end."""
    yield
    CLIENT.close()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the settings of a data directory with a small site."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    lay_out(public_root(settings.data_dir), datetime.now(UTC))
    return settings


@pytest.fixture(scope="module")
def web(settings: Settings) -> Iterator[Web]:
    """Run a web process on it."""
    with web_process(settings) as running:
        yield running


@pytest.fixture
def cache(web: Web) -> Iterator[Cache]:
    """Run a cache before it that has nothing in it yet."""
    with nginx_cache(web.url) as running:
        yield running


def get(cache: Cache, path: str, **headers: str) -> httpx.Response:
    """Ask the cache for a path."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return CLIENT.get(f"{cache.url}/{path}", headers=given)


def test_everything_is_asked_for_once(cache: Cache) -> None:
    """A crowd that reads every file, in both codings, costs the web process two requests each."""
    paths = [path.removesuffix("index.html") for path in FILES]
    with ThreadPoolExecutor(8) as crowd:
        for coding in ("gzip, deflate, br", "identity", "gzip;q=0.9", "br", "x-gzip,br;q=1", ""):
            coded = partial(get, cache, Accept_Encoding=coding)
            answers = list(crowd.map(coded, paths * 3))
            for path, answer in zip(paths * 3, answers, strict=True):
                name = f"{path}index.html" if path.endswith("/") else path
                assert (answer.status_code, answer.text) == (200, FILES[name])
    lasting = {path for path in FILES if re.match(r"public/[pca]/", path)}
    asked = Counter(path.removeprefix("/") for path in cache.asked())
    assert {path: asked[path] for path in lasting} == dict.fromkeys(lasting, 2)
    # what is short-lived may have been renewed meanwhile, once each time
    assert set(asked) == set(paths)


def test_what_never_changes_is_never_asked_for_again(cache: Cache) -> None:
    """Whoever comes, with whatever behind the question mark, and whatever cookie."""
    for number in range(50):
        answer = get(cache, f"{SCRIPT}?bust={number}", Cookie=f"cop={number}")
        assert answer.text == FILES[SCRIPT]
        assert "set-cookie" not in answer.headers
    assert cache.asked() == [f"/{SCRIPT}"]


def test_a_query_makes_nothing_new_of_a_page(cache: Cache) -> None:
    """Random questions reach the cache alone."""
    first = get(cache, "en/")
    before = cache.asked().count("/en/")
    for number in range(50):
        answer = get(cache, f"en/?x={number}&lang=sc", Accept_Language=f"xx-{number}")
        assert answer.content == first.content
    assert before == 1
    assert cache.asked().count("/en/") <= 3, "one for every fifteen seconds at most"


def test_the_root_speaks_as_the_application_does(web: Web, cache: Cache) -> None:
    """The cache tells the languages apart by the same rule; questions do not multiply."""
    for accepted in ("", "en-GB", "fr, en", "zh-CN", "zh-HK,en", "zh-Hans", "de, zh-SG;q=0.1"):
        for asked in ("", "en", "zh-Hant", "zh-Hans", "xx"):
            wanted = f"/{LANG_PATHS[choose_lang(asked, accepted)]}/"
            for url in (web.url, cache.url):
                for extra in ("", "&x=1"):
                    said = {"Accept-Language": accepted}
                    answer = CLIENT.get(f"{url}/?lang={asked}{extra}", headers=said)
                    assert (answer.status_code, answer.headers["location"]) == (302, wanted)
                    assert answer.headers["vary"] == "Accept-Language"
    assert cache.asked() == ["/"] * 3


def test_nothing_but_the_public_site_is_there(cache: Cache) -> None:
    """What needs a session, looks like no address of ours, or changes something is refused."""
    for path in (
        *("api/v1/picture", "command", "field", "sign-in", "assets/tokens.css", "healthz", "x"),
        *("en/%0d%0aX-Evil:%20a", "public/a b", "tc/%2e%2e/command", "EN/", "en/~x"),
        *("openapi.json", "_dash-layout", "account", "robots.txt/x", "enx/"),
    ):
        assert get(cache, path).status_code in (400, 404), path
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert CLIENT.request(method, f"{cache.url}/en/").status_code == 405
    assert cache.asked() == []


def test_a_known_answer_is_confirmed_by_the_cache(cache: Cache) -> None:
    """Who has it is told 304 without the web process being asked."""
    tag = get(cache, "public/feeds/en/all.atom").headers["etag"]
    again = get(cache, "public/feeds/en/all.atom", If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert cache.asked() == ["/public/feeds/en/all.atom"]


def test_the_last_answer_stands_when_the_core_is_gone(settings: Settings) -> None:
    """With the web process killed everything that was read before is read as before."""
    with web_process(settings) as web, nginx_cache(web.url) as cache:
        before = {path: get(cache, path) for path in ("", "tc/", POINTER, SCRIPT, "robots.txt")}
        web.kill()
        with ThreadPoolExecutor(4) as crowd:
            for path, first in before.items():
                for answer in crowd.map(lambda path: get(cache, path), [path] * 12):
                    assert answer.status_code == first.status_code
                    assert answer.content == first.content
        assert get(cache, "sc/").status_code == 503, "nobody had read it"
        web.start()
        assert get(cache, "sc/").status_code == 200


class Application(BaseHTTPRequestHandler):
    """Stands for the web process: answers with a number that grows, as it is told to."""

    protocol_version = "HTTP/1.1"
    served: Counter[str]
    how: dict[str, Any]

    def do_GET(self) -> None:
        """Answer with how often this path was asked for."""
        type(self).served[self.path] += 1
        wait = self.how.get("wait")
        if wait is not None:
            wait.wait(120)
        body = str(self.served[self.path]).encode()
        self.send_response(self.how.get("status", 200))
        for name, value in self.how.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def application(**how: Any) -> Iterator[tuple[Cache, type[Application]]]:
    """Run an application that answers as *how* says, and the cache before it."""
    handler = type("Told", (Application,), {"served": Counter(), "how": how})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with nginx_cache(f"http://127.0.0.1:{server.server_address[1]}") as cache:
            yield cache, handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_cookie_is_never_kept_nor_passed_on() -> None:
    """Should anything behind ever set one, the answer is given to one alone, and without it."""
    headers = {"Cache-Control": "public, max-age=600", "Set-Cookie": "cop=secret"}
    with application(headers=headers) as (cache, told):
        for number in range(1, 4):
            answer = get(cache, "en/")
            assert answer.text == str(number), "not kept"
            assert "set-cookie" not in answer.headers
        assert told.served["/en/"] == 3


def test_what_may_not_be_kept_is_not() -> None:
    """A page that says no-store is asked for each time."""
    with application(headers={"Cache-Control": "no-store"}) as (cache, told):
        assert [get(cache, "en/").text for _ in range(3)] == ["1", "2", "3"]
        assert told.served["/en/"] == 3


def test_a_crowd_that_comes_first_waits_for_one_answer() -> None:
    """While the first asks, the others wait for the same: one request in all."""
    wait = threading.Event()
    headers = {"Cache-Control": "public, max-age=600"}
    with application(headers=headers, wait=wait) as (cache, told):
        with ThreadPoolExecutor(20) as crowd:
            coming = [crowd.submit(get, cache, "en/") for _ in range(20)]
            until(lambda: told.served["/en/"] > 0)
            wait.set()
            assert {one.result().text for one in coming} == {"1"}
        assert told.served["/en/"] == 1


def test_the_pointer_is_renewed_behind_the_crowds_back() -> None:
    """While the new one is fetched, however slowly, everybody is given the old one at once."""
    wait = threading.Event()
    wait.set()
    headers = {"Cache-Control": "public, max-age=1, stale-while-revalidate=600"}
    with application(headers=headers, wait=wait) as (cache, told):
        assert get(cache, POINTER).text == "1"
        wait.clear()
        path = f"/{POINTER}"
        # when its second is over somebody is sent for the next
        until(lambda: get(cache, POINTER).text == "1" and told.served[path] == 2)
        with ThreadPoolExecutor(10) as crowd:
            answers = list(crowd.map(lambda _: get(cache, POINTER), range(40)))
        assert {answer.text for answer in answers} == {"1"}
        assert told.served[path] == 2, "one at a time"
        wait.set()
        until(lambda: get(cache, POINTER).text != "1")


def test_a_reader_after_a_quiet_night_is_not_given_yesterday() -> None:
    """Past the time that an answer allows, it is given only where there is no newer."""
    how: dict[str, Any] = {"headers": {"Cache-Control": "public, max-age=1"}}
    with application(**how) as (cache, told):
        assert get(cache, "en/").text == "1"
        threading.Event().wait(2.1)  # nginx counts whole seconds
        assert get(cache, "en/").text == "2"
        told.how["status"] = 503
        threading.Event().wait(2.1)
        answer = get(cache, "en/")
        assert (answer.status_code, answer.text) == (200, "2")


def test_a_core_that_hangs_holds_up_nobody() -> None:
    """When the application takes requests and answers none, what is known is still given out."""
    wait = threading.Event()
    wait.set()
    headers = {"Cache-Control": "public, max-age=1, stale-while-revalidate=600"}
    with application(headers=headers, wait=wait) as (cache, _):
        first = {path: get(cache, path).text for path in ("en/", POINTER)}
        wait.clear()
        try:
            threading.Event().wait(2.1)
            for _ in range(30):
                for path, text in first.items():
                    assert get(cache, path).text == text
        finally:
            wait.set()


def test_a_flood_of_unknown_addresses_is_cut_off() -> None:
    """Whoever makes addresses up is soon refused, and what others read is given to all the same."""
    headers = {"Cache-Control": "public, max-age=600"}
    with application(headers=headers) as (cache, told):
        known = get(cache, "en/").text
        flood = (get(cache, f"public/p/{n}-0123456789abcdef.json") for n in range(5_000))
        refused = next((n for n, one in enumerate(flood) if one.status_code == 429), None)
        assert refused is not None
        assert sum(told.served.values()) == refused + 1, "those let through, and the page"
        assert get(cache, "en/").text == known


def test_what_clients_say_of_themselves_goes_no_further(web: Web, cache: Cache) -> None:
    """A forged address for the limit, an account, a strange coding: nothing of it is passed on."""
    host, port = cache.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as raw:
        raw.sendall(
            b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Client: 1.2.3.4\r\nConnection: close\r\n"
            b"Authorization: Bearer x\r\nCookie: cop=x\r\nAccept-Encoding: gzip, ../../x\r\n\r\n"
        )
        said = b""
        while part := raw.recv(65536):
            said += part
    assert said.startswith(b"HTTP/1.1 200")


def test_a_reader_decides_nothing_for_the_others(settings: Settings) -> None:
    """The name that the application knows is passed on at every address; nothing else is."""
    own = settings.model_copy(update={"allowed_hosts": "cop.example"})
    with web_process(own) as web, nginx_cache(web.url) as cache:
        strange = {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "gopher",
            "X-Client": "1.2.3.4",
            "Cop-Account": "somebody",
            "Authorization": "Bearer x",
            "Cookie": "cop=x",
            "Range": "bytes=0-3",
            "If-None-Match": "*",
            "If-Match": '"x"',
            "Origin": "https://evil.example",
            "Upgrade": "websocket",
            "Accept": "text/html",
        }
        for path in ("", "en/", POINTER, "public/data/roads.csv", "en/nowhere/"):
            for name, value in strange.items():
                CLIENT.get(f"{cache.url}/{path}", headers={"Host": "cop.example", name: value})
            given = CLIENT.get(f"{cache.url}/{path}", headers={"Host": "cop.example"})
            assert given.status_code == {"": 302, "en/nowhere/": 404}.get(path, 200), path
            assert "evil" not in str(given.headers) + given.text
            refused = CLIENT.get(f"{cache.url}/{path}", headers={"Host": "evil.example"})
            assert refused.status_code == 421
            assert CLIENT.get(f"{cache.url}/{path}", headers={"Host": "cop.example"}).content == (
                given.content
            )


def test_the_time_of_an_answer_goes_on_though_its_content_does_not() -> None:
    """What the application says anew of the same bytes is what readers are told."""
    headers = {"Cache-Control": "public, max-age=1", "ETag": '"same"', "Cop-As-Of": "1"}
    with application(headers=headers) as (cache, _):
        assert get(cache, "public/data/roads.csv").headers["cop-as-of"] == "1"
        headers["Cop-As-Of"] = "2"
        until(lambda: get(cache, "public/data/roads.csv").headers["cop-as-of"] == "2")


def test_without_the_application_pages_lose_the_sign_of_being_kept_up() -> None:
    """It is asked for again and never stands in for itself; other files do."""
    how: dict[str, Any] = {"headers": {"Cache-Control": "public, max-age=1"}}
    with application(**how) as (cache, told):
        assert get(cache, KEPT_UP).status_code == get(cache, "en/").status_code == 200
        told.how["status"] = 503
        until(lambda: get(cache, KEPT_UP).status_code == 503)
        assert get(cache, "en/").status_code == 200


def test_nothing_to_give_out_is_said_in_words(settings: Settings) -> None:
    """Where the application is gone and the cache is empty, people are told in each language."""
    with nginx_cache(f"http://127.0.0.1:{free_port()}") as cache:
        answer = get(cache, "en/")
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        for words in ("請稍後再試", "try again", "请稍后再试", "999"):
            assert words in answer.text


def test_a_request_that_never_ends_is_ended(cache: Cache) -> None:
    """Whoever says a request a byte at a time is hung up on, and gets nobody else into trouble."""
    host, port = cache.url.removeprefix("http://").split(":")
    with contextlib.ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection((host, int(port)), timeout=60))
            for _ in range(50)
        ]
        for one in slow:
            one.sendall(b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
        assert get(cache, "en/").status_code == 200
        for one in slow:
            with contextlib.suppress(ConnectionError):
                assert one.recv(1) in (b"", b"H"), "closed, or told that it took too long"


def test_the_first_edition_is_seen_at_once(settings: Settings, tmp_path: Path) -> None:
    """That a page is not there yet is not kept for anybody."""
    own = settings.model_copy(update={"data_dir": tmp_path})
    lay_out(public_root(tmp_path), datetime.now(UTC), but="en/index.html")
    with web_process(own) as web, nginx_cache(web.url) as cache:
        assert get(cache, "en/").status_code == 503
        PublicFiles(public_root(tmp_path)).write("en/index.html", b"new", datetime.now(UTC))
        assert get(cache, "en/").text == "new", "that there was none was not kept"
        assert get(cache, "en/nowhere/").status_code == 404
