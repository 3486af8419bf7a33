"""The public page on a phone: bytes, paint, shifts and work; and what an edition costs to make.

A mid-range phone on slow 4G, simulated by Chromium (see `tests/browser/public_phone.py`), before
nginx as in production. The floor of a load is a page with one word on it over the same line.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

import httpx
from playwright.sync_api import Browser, sync_playwright

from bench.field_page import blank
from bench.figures import Figure
from bench.public_audits import audits
from bench.public_cost import costs
from bench.public_site import PublicSite, public_site
from cop.services.publishing.paths import POINTER
from tests.browser.public_nights import public_night, worst_night
from tests.browser.public_phone import (
    SLOW_4G,
    SLOWED,
    PublicPhone,
    Visit,
    public_phone,
)
from tests.integration.public_site import find_nginx

RUNS: Final = 3
_LINES: Final = {line["latency"]: line for line in (SLOW_4G, SLOWED)}
_CHANGES: Final = 3
_ONLY_WHEN_TOLD: Final = "Object.defineProperty(document, 'hidden', { get: () => true })"
"""A page that is not seen asks for no news by itself."""
_PATIENCE_S: Final = 120.0
_TOO_OLD_S: Final = 80.0
"""After it a page in the browser's cache has to be asked for again."""


def run() -> Iterator[Figure]:
    """Measure; about six minutes."""
    if find_nginx() is None:
        print("   nginx is not there (deploy/debian.sh installs it): no figures", flush=True)
        return
    yield from costs()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        least = {latency: _floor(browser, line) for latency, line in _LINES.items()}
        for name, night in (("played night", public_night), ("2,000 things", worst_night)):
            with public_site(night(datetime.now(UTC))) as site:
                yield from _on_phones(browser, site, name, least)
        browser.close()


def _on_phones(
    browser: Browser, site: PublicSite, name: str, least: dict[float, float]
) -> Iterator[Figure]:
    home = site.cache.url
    first, phones = [], []
    for _ in range(RUNS):
        phone = public_phone(browser, home)
        visit = phone.visit()
        visit.rest()
        first.append(visit.vitals())
        phones.append(phone)
    yield from _weight(visit, name, site.things)
    content = [one["content"] / 1000 for one in first]
    note = f"median of {RUNS}, worst {max(content):.2f}"
    yield Figure(f"{name}: largest paint", statistics.median(content), "s", least[150], note)
    yield Figure(f"{name}: layout shift, worst of {RUNS}", max(one["shift"] for one in first), "")
    longest = statistics.median(one["longest"] for one in first)
    yield Figure(f"{name}: longest task of the first view", longest, "ms")
    slower = public_phone(browser, home, SLOWED)
    visit = slower.visit()
    visit.rest()
    content_s = visit.vitals()["content"] / 1000
    name_of_it = f"{name}: largest paint, 562 ms a request"
    yield Figure(name_of_it, content_s, "s", least[562.5])
    slower.context.close()
    yield _later(phones, f"{name}: later visit, at once", least[150])
    left = time.monotonic()
    if name == "played night":
        yield from audits(home)
        time.sleep(max(0.0, left + _TOO_OLD_S - time.monotonic()))
        yield _later(phones, f"{name}: later visit, after {_TOO_OLD_S:.0f} s", least[150])
    yield from _change(site, phones[-1], name)
    for phone in phones:
        phone.context.close()


def _weight(visit: Visit, name: str, things: int) -> Iterator[Figure]:
    """Give what came, and what comes besides when the map is opened."""
    at_first, requests = visit.bytes.copy(), len(visit.fetched)
    kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in at_first.most_common())
    note = f"{things} things: {kinds}"
    yield Figure(f"{name}: first view over the air", at_first.total() / 1000, "kB", note=note)
    yield Figure(f"{name}: requests of the first view", requests, "requests")
    visit.page.locator("#tool-map").click()
    visit.rest()
    more = visit.bytes - at_first
    kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in more.most_common())
    yield Figure(f"{name}: besides, to open the map", more.total() / 1000, "kB", note=kinds)
    visit.page.close()


def _later(phones: list[PublicPhone], name: str, least: float) -> Figure:
    """Come back on each phone; the floor is a page with one word, never seen before."""
    shown, came = [], []
    for phone in phones:
        visit = phone.visit()
        visit.rest()
        shown.append(visit.vitals()["first"] / 1000)
        came.append(visit.bytes.total() / 1000)
        visit.page.close()
    note = f"median of {RUNS}, worst {max(shown):.2f}; {max(came):.1f} kB at most"
    return Figure(name, statistics.median(shown), "s", least, note)


def _change(site: PublicSite, phone: PublicPhone, name: str) -> Iterator[Figure]:
    """Let the page take changes, as text and with the map open; the floor is asking in vain."""
    for view in ("text", "map"):
        visit = phone.visit()
        visit.rest()
        if view == "map":
            visit.page.locator("#tool-map").click()
            visit.rest()
        visit.page.evaluate(_ONLY_WHEN_TOLD)
        visit.rest()
        idle, busy = [], []
        for _ in range(_CHANGES):
            idle.append(_asking(visit, lambda: None))
            busy.append(_asking(visit, lambda: _published(site)))
        longest = visit.vitals()["longest"]
        yield Figure(
            f"{name}: main thread for one change, {view}",
            statistics.median(busy),
            "ms",
            statistics.median(idle),
            f"longest task since it was opened {longest:.0f}",
        )
        visit.page.close()


def _asking(visit: Visit, change: Callable[[], None]) -> float:
    """Give how long the main thread works while the page asks for news and shows it."""
    change()
    before = visit.busy_ms()
    visit.page.evaluate(
        "cop.live.ask().then(() => new Promise((done) =>"
        " requestAnimationFrame(() => requestAnimationFrame(done))))"
    )
    return visit.busy_ms() - before


def _published(site: PublicSite) -> None:
    """Change something and wait until whoever asks the cache is told so."""
    find = site.change()
    until = time.monotonic() + _PATIENCE_S
    while True:
        version = find()
        pointer = httpx.get(f"{site.cache.url}/{POINTER}", trust_env=False).json()
        if version and pointer["version"] >= version:
            return
        if time.monotonic() > until:
            raise TimeoutError("the change was not published")
        time.sleep(0.2)


def _floor(browser: Browser, conditions: dict[str, float]) -> float:
    """Tell when a page with one word on it is painted, in seconds."""
    with blank() as port:
        times = []
        for _ in range(RUNS):
            phone = public_phone(browser, f"http://127.0.0.1:{port}", conditions)
            visit = phone.visit("/")
            times.append(float(visit.until("window.vitals && vitals.first")) / 1000)
            phone.context.close()
    return statistics.median(times)
