"""The widget works in a frame on anybody's page, the data page for anybody; both break no rule."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from cop.model.entity import Severity
from cop.model.kinds import Alert
from cop.model.record import remove
from cop.model.text import text
from cop.services.publishing import press
from cop.services.publishing.paths import LANG_PATHS, page_path
from tests.browser.axe import broken
from tests.browser.board import now, wait
from tests.browser.public_town import (
    DESK,
    PHONE,
    PublicTown,
    public_evening,
    public_town,
    quick_pages,
)

pytestmark = pytest.mark.browser

RENEW = "document.dispatchEvent(new Event('visibilitychange'))"
SANDBOX = "allow-scripts allow-top-navigation-by-user-activation"


@pytest.fixture(scope="module")
def town() -> Iterator[PublicTown]:
    """Give a site with an evening on it."""
    with quick_pages(), public_town(public_evening(now())) as made:
        yield made


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Give the address of somebody else's site, whose one page has the body in the list."""
    body = [""]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer with the page."""
            page = f"<!doctype html><title>Elsewhere</title>{body[0]}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_address[1]}/", body
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a fresh page; afterwards no script may have failed and no policy been broken."""
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    made = context.new_page()
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))

    def hear(message: Any) -> None:
        if "Content Security Policy" in message.text or "CORS" in message.text:
            wrong.append(message.text)

    made.on("console", hear)
    yield made
    context.close()
    assert wrong == []


def framed(page: Page, at: tuple[str, list[str]], url: str, more: str) -> Frame:
    """Open *url* in a frame of somebody else's page; gives the frame."""
    address, body = at
    body[0] = f'<iframe src="{url}" title="Warnings" width="340" height="420" {more}></iframe>'
    page.goto(address)
    page.frame_locator("iframe").locator("#main").wait_for()
    (frame,) = [one for one in page.frames if one.url == url]
    return frame


def warning(name: str) -> Alert:
    """Make a warning of the city."""
    return Alert(
        id=f"hko_warnings:{name}",
        feed="hko_warnings",
        publisher="HKO",
        event_type="tropical_cyclone",
        severity=Severity.EXTREME,
        issued_at=now(),
        title=text(f"Signal {name}", f"信號{name}", f"信号{name}"),
    )


@pytest.mark.parametrize("more", ["", f'sandbox="{SANDBOX}"'], ids=["plain", "sandboxed"])
def test_the_widget_renews_itself_on_a_foreign_page(
    page: Page, town: PublicTown, elsewhere: tuple[str, list[str]], more: str
) -> None:
    """In a frame of another origin, sandboxed or not: news come in place, the focus stays."""
    frame = framed(page, elsewhere, f"{town.url}/en/embed/", more)
    signals = frame.locator(".e-signals li")
    expect(signals.first).to_be_visible()
    frame.locator("#home").focus()
    frame.evaluate("window.mark = 1")
    name = "Sandboxed" if more else "Plain"
    town.say(warning(name))

    def has_come() -> bool:
        frame.evaluate(RENEW)
        return frame.locator(f".e-signals li:has-text('Signal {name}')").count() == 1

    wait(has_come)
    assert frame.evaluate("window.mark") == 1, "it was not loaded anew"
    expect(frame.locator("#home")).to_be_focused()
    expect(frame.locator("#late")).to_be_hidden()


def test_the_widget_is_whole_without_its_script(
    page: Page, town: PublicTown, elsewhere: tuple[str, list[str]]
) -> None:
    """Where the frame may run nothing it shows what it was written with, and the way on."""
    page.on("console", lambda _: None)
    frame = framed(page, elsewhere, f"{town.url}/tc/embed/sha-tin/", 'sandbox=""')
    expect(frame.locator(".e-signals li").first).to_be_visible()
    expect(frame.locator(".e-counts li")).to_have_count(3)
    expect(frame.locator("#as-of-time")).not_to_be_empty()
    link = frame.locator("#open")
    expect(link).to_have_attribute("target", "_top")
    expect(link).to_have_attribute("href", f"{page_path('zh-Hant', 'district', 'sha-tin')}")


def test_the_way_to_the_full_page_leaves_the_frame(
    page: Page, town: PublicTown, elsewhere: tuple[str, list[str]]
) -> None:
    """The link opens the whole page in place of the foreign one, as the sandbox lets it."""
    frame = framed(page, elsewhere, f"{town.url}/en/embed/", f'sandbox="{SANDBOX}"')
    frame.locator("#open").click()
    page.wait_for_url(f"{town.url}/en/")


def test_the_widget_says_when_it_is_not_renewed(page: Page, town: PublicTown) -> None:
    """When the server's own time stands still, or nothing answers, it says so, in words."""
    page.clock.install()
    page.goto(f"{town.url}/en/embed/")
    late = page.locator("#late")
    page.route("**/public/now.json", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.clock.run_for(70_000)
    expect(late).to_be_hidden()
    page.clock.run_for(100_000)
    expect(late).to_be_visible()
    expect(page.locator(".e-signals li").first).to_be_visible()
    page.unroute("**/public/now.json")

    def is_well() -> bool:
        page.evaluate(RENEW)
        return late.is_hidden()

    wait(is_well)  # the server's time moves on within its own ten seconds


def test_the_policy_is_tight_and_lets_anybody_frame_it(town: PublicTown) -> None:
    """Own script, style and requests; no form; any ancestor; no other page may be framed."""
    with town.server.client() as client:
        widget = client.get("/en/embed/").headers
        policy = widget["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors *" in policy
        assert "form-action 'none'" in policy
        assert "unsafe" not in policy
        assert "x-frame-options" not in widget
        assert widget["access-control-allow-origin"] == "*"
        assert "set-cookie" not in widget
        for path in ("/en/", "/en/data/"):
            headers = client.get(path).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("size", [DESK, PHONE, (340, 420)], ids=["desk", "phone", "frame"])
def test_no_rule_is_broken(browser: Browser, town: PublicTown, size: tuple[int, int]) -> None:
    """Data page and widget in each language; nothing is wider than the screen."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    for lang in LANG_PATHS:
        for parts in (("data",), ("embed",), ("embed", "yuen-long")):
            page.goto(f"{town.url}{page_path(lang, *parts)}")
            assert broken(page, colours=lang == "en") == [], (lang, parts)
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], (lang, parts)
            assert page.locator('meta[http-equiv="refresh"]').count() == 0
    context.close()


def test_the_example_follows_the_picture(
    page: Page, town: PublicTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code on the data page, as it stands there, has what the whole picture has."""
    monkeypatch.setattr(press, "DATA_EVERY_S", 0.0)
    page.goto(f"{town.url}/en/data/")
    code = page.locator("#d-live pre").inner_text()
    head, _, rest = code.partition("\n")
    assert head.startswith("const SITE = ")
    body, _, timer = rest.rpartition("\n")
    body = f'const SITE = "";{body}'  # the page cannot know on which port a test serves it
    assert timer == "setInterval(look, 15000);"
    page.evaluate(
        f"async () => {{ {body}\n window.look = look; window.ids = () => [...features.keys()]; }}"
    )

    def held() -> set[str]:
        return set(page.evaluate("look().then(ids)"))

    def published() -> set[str]:
        with town.server.client() as client:
            return {one["id"] for one in client.get("/public/data/all.geojson").json()["features"]}

    assert len(held()) > 10
    town.say(warning("Example"))
    wait(lambda: "hko_warnings:Example" in held())
    gone = next(id_ for id_ in held() if id_.startswith("hko_wind:"))
    (record,) = town.server.store.read([gone]).values()
    town.server.store.write([remove(record)], fetched_ms=int(now().timestamp() * 1000))
    wait(lambda: gone not in held())
    wait(lambda: gone not in published() and held() == published())


def test_all_that_the_data_page_leads_to_is_there(page: Page, town: PublicTown) -> None:
    """Every file, feed and widget; each says what it is, when it was so, and may be kept."""
    page.goto(f"{town.url}/tc/data/")
    links: list[str] = page.locator("main a").evaluate_all(
        "all => all.map((one) => one.getAttribute('href'))"
    )
    assert len(links) > 60
    types = {
        ".csv": "text/csv",
        ".geojson": "application/geo+json",
        ".atom": "application/atom+xml",
    }
    with town.server.client() as client:
        for path in (path for path in links if path.startswith("/")):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "cop-as-of" in answer.headers
            again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert again.status_code in (200, 304), path
            for suffix, kind in types.items():
                if path.endswith(suffix):
                    assert answer.headers["content-type"].startswith(kind)
            if "/feeds/" in path and path.endswith(".json"):
                assert answer.headers["content-type"].startswith("application/feed+json")
                assert orjson.loads(answer.content)["version"].endswith("/1.1")
