"""The phone's page: first and later load on slow networks, bytes, taps, and how fast it sends.

The network is throttled by Chromium itself. The floor of a load is a page with one word on it over
the same line; that of sending is the same requests sent by a bare client, one after the other.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from bench.figures import Figure
from bench.page import served
from bench.web_process import redis_url
from cop.config import Settings
from cop.services.accounts import add_user, open_accounts
from cop.services.policy import Role
from cop.services.sessions import Opening, open_session
from cop.store import open_store
from tests.browser.desk_town import desk_evening
from tests.browser.slow_phone import NEXT, PRESET, SLOW_3G, SlowPhone, slow_phone
from tests.browser.town import all_well, roads, severe_evening, store_all
from tests.field_drill.cutting_proxy import CuttingProxy

RUNS: Final = 5
SENT: Final = 200
_FIELD: Final = ("ho", Role.FIELD, "DSD", "resource:team-8")
_WARDEN: Final = ("yip", Role.WARDEN, "HAD", "facility:hall")
_GOOD: Final = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
_SHELTER: Final = "facility:hall"


class _OneWord(BaseHTTPRequestHandler):
    """A page with one word on it."""

    def do_GET(self) -> None:
        """Give it."""
        body = b"<!doctype html><title>-</title><p>here</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextlib.contextmanager
def blank() -> Iterator[int]:
    """Serve a page with one word on it; give the port."""
    server = HTTPServer(("127.0.0.1", 0), _OneWord)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def _until(page: Page, script: str) -> Any:
    """Give the value of *script* when it is true; Chromium is asked gently."""
    while not (value := page.evaluate(script)):
        page.wait_for_timeout(20)
    return value


def _floor(browser: Browser, conditions: dict[str, Any]) -> float:
    """Tell how long a page with one word takes, in seconds."""
    with blank() as port:
        line = CuttingProxy(port)
        phone = slow_phone(browser, line, conditions)
        times = []
        for _ in range(3):
            page = phone.load("/")
            page.locator("p").wait_for()
            times.append(page.evaluate("performance.getEntriesByType('navigation')[0].duration"))
            page.close()
        phone.context.close()
        line.close()
    return statistics.median(times) / 1000


def _load(phone: SlowPhone) -> tuple[Page, float, float]:
    """Load the page; give it, seconds until the big button is there, and until a press shows."""
    page = phone.load()
    ready = float(_until(page, "window.seen && seen.button"))
    page.locator(NEXT).click()
    answered = float(_until(page, "seen.answered")) - float(page.evaluate("seen.pressed"))
    return page, ready / 1000, answered


def _loads(
    browser: Browser, port: int, password: str, conditions: dict[str, Any]
) -> tuple[list[float], list[float], int, int, float]:
    """Load twice on a phone that was never here; the task is one step further each time."""
    line = CuttingProxy(port)
    phone = slow_phone(browser, line, conditions)
    phone.sign_in("ho", password)
    line.answered = 0
    page, first, pressed = _load(phone)
    most = phone.rest(page)
    page.close()
    page, later, _ = _load(phone)
    bytes_later = phone.rest(page) - most
    page.close()
    phone.context.close()
    line.close()
    return [first], [later], most, bytes_later, pressed


def _speeds(
    browser: Browser, port: int, password: str, anew: Callable[[], None]
) -> Iterator[Figure]:
    for name, conditions, runs in (
        ("slow 3G (400 kbit/s, 400 ms)", SLOW_3G, RUNS),
        ("DevTools' slow 3G (400 kbit/s, 2,000 ms)", PRESET, 1),
    ):
        floor = _floor(browser, conditions)
        first, later, bytes_first, bytes_later, pressed = [], [], [], [], []
        for _ in range(runs):
            anew()
            one = _loads(browser, port, password, conditions)
            first += one[0]
            later += one[1]
            bytes_first.append(one[2])
            bytes_later.append(one[3])
            pressed.append(one[4])
        note = f"median of {runs}, worst {max(first):.2f}"
        yield Figure(
            f"{name}: first load to the big button", statistics.median(first), "s", floor, note
        )
        note = f"median of {runs}, worst {max(later):.2f}"
        yield Figure(f"{name}: later load", statistics.median(later), "s", floor, note)
        yield Figure(f"{name}: press to its answer", statistics.median(pressed), "ms")
        if conditions is SLOW_3G:
            note = "with the worker, the map and the icons that are kept for later"
            yield Figure("first load over the wire", max(bytes_first) / 1000, "kB", note=note)
            yield Figure("later load over the wire", max(bytes_later) / 1000, "kB")


def _sending(browser: Browser, port: int, password: str, token: str) -> Iterator[Figure]:
    """Time how fast an outbox goes out on a good network, and the same by a bare client."""
    address = f"http://127.0.0.1:{port}"
    path = f"/api/v1/facilities/{_SHELTER}/entries"
    line = CuttingProxy(port)
    phone = slow_phone(browser, line, _GOOD)
    phone.sign_in("yip", password)
    page = phone.load()
    _until(page, "window.cop && cop.field && cop.field.data.signed === 'in'")
    body = {"staff": 4}
    page.evaluate(
        """async ([path, n]) => {
          const at = cop.field.at();
          for (let i = 0; i < n; i += 1)
            await cop.outbox.add({ kind: "entry", path, body: { staff: 2 + (i % 9), at } });
        }""",
        [path.removeprefix("/api/v1"), SENT],
    )
    begun = time.perf_counter()
    page.evaluate("cop.outbox.flush()")
    spent = time.perf_counter() - begun
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}) as client:
        begun = time.perf_counter()
        for i in range(SENT):
            body = {"staff": 2 + i % 9, "at": datetime.now(UTC).isoformat()}
            key = {"Idempotency-Key": str(uuid.uuid4())}
            client.post(path, json=body, headers=key).raise_for_status()
        bare = time.perf_counter() - begun
    phone.context.close()
    line.close()
    note = f"{SENT} entries, one after the other; floor: a bare client"
    yield Figure("outbox sent on a good network", SENT / spent, "actions/s", SENT / bare, note)


def _taps(browser: Browser, port: int, password: str) -> Iterator[Figure]:
    """Count the taps from the first screen to a report that the phone keeps."""
    line = CuttingProxy(port)
    phone = slow_phone(browser, line, _GOOD)
    phone.sign_in("ho", password)
    page = phone.load()
    _until(page, "'whole' in document.body.dataset && window.seen.button")
    page.evaluate("addEventListener('click', () => { seen.taps = (seen.taps || 0) + 1; }, true)")
    begun = time.perf_counter()
    for press in ('[data-tab="report"]', '[data-key="type flooding"]'):
        page.locator(press).click()
    page.locator(".quick-place-words:not(.is-bad)").wait_for()
    page.locator('[data-key="send"]').click()
    _until(page, "cop.field.actions().some((one) => one.kind === 'incident')")
    spent, taps = time.perf_counter() - begun, page.evaluate("seen.taps")
    phone.context.close()
    line.close()
    note = f"what it is, where by GPS, send; {spent:.1f} s where nobody has to think"
    yield Figure("taps to file a report", taps, "taps", note=note)


def _people(settings: Settings) -> dict[str, tuple[str, str]]:
    """Add the two people; name to password and the token of a session."""
    accounts = open_accounts(settings)
    found = {}
    for name, role, agency, own in (_FIELD, _WARDEN):
        password = add_user(accounts, name, role, agency=agency, belongs_to=(own,))
        user = accounts.read_users([name])[name]
        token = open_session(accounts, user, Opening(operation=settings.operation)).token
        found[name] = (password, token)
    accounts.close()
    return found


def run() -> Iterator[Figure]:
    """Give the figures of the phone's page."""
    with redis_url() as url, sync_playwright() as playwright, served(url) as port:
        settings = Settings(redis_url=url, operation="bench")
        store, people = open_store(settings), _people(settings)
        now = datetime.now(UTC)
        store_all(store, [*severe_evening(now), *all_well(now), *roads(now)], now)

        def anew() -> None:
            at = datetime.now(UTC)
            store_all(store, desk_evening(at), at)

        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield from _speeds(browser, port, people["ho"][0], anew)
        yield from _taps(browser, port, people["ho"][0])
        yield from _sending(browser, port, *people["yip"])
        browser.close()
        store.close()
