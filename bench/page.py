"""What the reader's browser pays: change to pixel, main thread, first load, in Chromium."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.figures import Figure
from bench.web_process import ended, free_port, redis_url, wait_ready
from cop.config import Settings
from cop.services.accounts import add_user, open_accounts
from cop.services.policy import Role
from cop.store import open_store
from cop.store.port import Store
from tests.browser.town import detector, severe_evening, store_all

ENTITIES = 5000
CHANGES = 60
EVERY_S = 0.2

_WATCH = """
() => {
  window.seen = []; window.gaps = []; window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((e) => longTasks.push(e.duration)))
    .observe({ type: "longtask" });
  const channel = new MessageChannel();
  let last = performance.now(), worst = 0;
  channel.port1.onmessage = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    channel.port2.postMessage(0);
  };
  channel.port2.postMessage(0);
  const frames = (n, then) => n ? requestAnimationFrame(() => frames(n - 1, then)) : then();
  cop.on("picture", ({ put }) => {
    if (!put.length || !put[0].id.startsWith("td_detectors:")) return;
    const written = Date.parse(put[0].properties.observed_at);
    worst = 0;
    frames(3, () => {
      seen.push(Date.now() - written);
      setTimeout(() => gaps.push(worst), 100);
    });
  });
}
"""
_FLOOR = """
async () => {
  const spent = [];
  for (let i = 0; i < 20; i += 1) {
    const begun = performance.now();
    for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
    spent.push(performance.now() - begun);
  }
  return spent;
}
"""


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextlib.contextmanager
def served(url: str) -> Iterator[int]:
    """Run a web process with its pages on the Redis at *url*; give its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "cop.asgi:create_app", "--factory"]
    command += ["--loop", "uvloop", "--http", "httptools", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "warning"]
    environment = {**os.environ, "COP_REDIS_URL": url, "COP_OPERATION": "bench"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    with ended(process):
        wait_ready(port)
        yield port


def _load(context: BrowserContext, address: str) -> tuple[Page, float, float]:
    """Open the page with an empty cache; give it, bytes over the wire and seconds to the map."""
    page = context.new_page()
    wire = 0.0

    def count(event: dict[str, Any]) -> None:
        nonlocal wire
        wire += event["encodedDataLength"]

    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", count)
    begun = time.perf_counter()
    page.goto(f"{address}/command?lang=en&bbox=114.0,22.2,114.3,22.45")
    page.wait_for_selector("body[data-ready]")
    while not page.evaluate("cop.picture.loaded && cop.map.drawnCount() > 1000"):
        time.sleep(0.02)
    return page, wire, time.perf_counter() - begun


def _change(store: Store, page: Page) -> None:
    """Move one detector at a time, five a second."""
    dice = random.Random(5)
    for step in range(CHANGES):
        now = datetime.now(UTC)
        at = (114.1 + dice.random() / 10, 22.3 + dice.random() / 20)
        store_all(store, [detector(dice.randrange(ENTITIES), at, now, step)], now)
        page.wait_for_timeout(EVERY_S * 1000)


def _measure(browser: Browser, store: Store, address: str, password: str) -> Iterator[Figure]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.route(lambda url: not url.startswith(address), lambda route: route.abort())
    credentials = {"username": "bench", "password": password}
    context.request.post(f"{address}/api/v1/session", data=credentials)
    page, wire, seconds = _load(context, address)
    held = page.evaluate("cop.picture.features.size")
    yield Figure("first load over the wire", wire / 1e6, "MB", note=f"{held} entities, cold cache")
    yield Figure("first load until the map is drawn", seconds, "s", note="server on same 2 cores")
    page.wait_for_timeout(3000)
    floor = statistics.median(page.evaluate(_FLOOR))
    page.evaluate(_WATCH)
    _change(store, page)
    page.wait_for_timeout(500)
    seen, gaps = page.evaluate("seen"), page.evaluate("gaps")
    longest = page.evaluate("longTasks")
    note = f"{len(seen)} changes at 5/s; floor: three animation frames"
    yield Figure("change to pixel p50", statistics.median(seen), "ms", floor, note)
    yield Figure("change to pixel p95", percentile(seen, 0.95), "ms", floor)
    yield Figure("main-thread block per change p50", statistics.median(gaps), "ms")
    yield Figure("main-thread block per change p95", percentile(gaps, 0.95), "ms")
    yield Figure(
        "main-thread block per change, worst", max(gaps), "ms", note=f"{len(longest)} long tasks"
    )
    context.close()


def run() -> Iterator[Figure]:
    """Give the figures of one page at 5,000 entities."""
    with redis_url() as url, sync_playwright() as playwright, served(url) as port:
        settings = Settings(redis_url=url, operation="bench")
        store, now = open_store(settings), datetime.now(UTC)
        store_all(store, severe_evening(now, count=ENTITIES), now)
        password = add_user(open_accounts(settings), "bench", Role.COMMANDER)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield from _measure(browser, store, f"http://127.0.0.1:{port}", password)
        browser.close()
        store.close()
