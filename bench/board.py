"""How the command board answers with 5,000 open incidents: from a press to the next paint.

Measured by the browser itself (Event Timing, in steps of 8 ms), while five incidents a second
change. The floor is a press on the plain body of the page, which changes nothing.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure
from bench.page import percentile, served
from bench.web_process import redis_url
from cop.config import Settings
from cop.model.entity import Placing, Severity
from cop.model.geometry import point
from cop.model.kinds import Incident, IncidentStatus
from cop.model.record import put
from cop.services.accounts import add_user, open_accounts
from cop.services.policy import Role
from cop.store import open_store
from cop.store.port import Store

INCIDENTS: Final = 5_000
ROUNDS: Final = 12
_OPEN: Final = tuple(IncidentStatus)[:4]
_SEVERITIES: Final = tuple(Severity)

_WATCH: Final = """
() => {
  window.presses = [];
  new PerformanceObserver((list) => {
    for (const e of list.getEntries())
      if (e.interactionId) presses.push([e.interactionId, e.duration]);
  }).observe({ type: "event", durationThreshold: 16, buffered: false });
}
"""
_SPENT: Final = """
() => {
  const worst = new Map();
  for (const [id, ms] of presses) worst.set(id, Math.max(ms, worst.get(id) || 0));
  presses = [];
  return [...worst.values()];
}
"""


def _incident(number: int, begun: datetime, step: int = 0) -> Incident:
    return Incident(
        id=f"incident:{number:016x}",
        publisher="EMSC",
        title={"en": f"Flooded subway {number}", "zh-Hant": f"行人隧道水浸 {number}"},
        incident_type="flooding",
        status=_OPEN[number % 4],
        severity=_SEVERITIES[(number + step) % 5],
        reported_at=begun - timedelta(seconds=number),
        verified=number % 4 > 0,
        geometry=point(114.0 + number % 97 / 300, 22.25 + number % 89 / 400),
        placing=Placing.GIVEN,
        lead_agency="DSD",
        author="bench",
    )


def _fill(store: Store, begun: datetime) -> None:
    for start in range(0, INCIDENTS, 500):
        some = [put(_incident(number, begun)) for number in range(start, start + 500)]
        store.write(some, fetched_ms=time.time_ns() // 1_000_000)


def _keep_changing(store: Store, begun: datetime, over: threading.Event) -> None:
    """Change five incidents a second until *over*."""
    step = 0
    while not over.wait(0.2):
        step += 1
        changed = put(_incident(step * 37 % INCIDENTS, begun, step))
        store.write([changed], fetched_ms=time.time_ns() // 1_000_000)


def _use(page: Page) -> None:
    """Do what somebody at the board does."""
    lane = page.locator("[data-lane=reported]")
    lane.locator(".card").nth(2).click()
    for key in ("ArrowDown", "Space", "ArrowDown", "Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    page.locator(".board-bulk button").last.click()
    lane.locator(".lane-box").evaluate("(box) => { box.scrollTop += 4000; }")
    page.locator("#cop-board-search").focus()
    page.keyboard.type("subway 12", delay=60)
    for _ in range(9):
        page.keyboard.press("Backspace")
        page.wait_for_timeout(40)
    page.locator("#cop-board header").first.click()


def run() -> Iterator[Figure]:
    """Give the figures of the board."""
    over = threading.Event()
    with redis_url() as url, sync_playwright() as playwright, served(url) as port:
        settings = Settings(redis_url=url, operation="bench")
        store, begun = open_store(settings), datetime.now(UTC)
        _fill(store, begun)
        password = add_user(open_accounts(settings), "bench", Role.COMMANDER)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        address = f"http://127.0.0.1:{port}"
        context.request.post(
            f"{address}/api/v1/session", data={"username": "bench", "password": password}
        )
        page = context.new_page()
        page.goto(f"{address}/command?lang=en&board=1")
        page.wait_for_selector("body[data-ready]")
        page.locator("[data-lane=contained] .card").first.wait_for()
        page.wait_for_timeout(4000)
        page.evaluate(_WATCH)
        for _ in range(20):
            page.keyboard.press("Shift")
            page.mouse.click(1300, 600)
            page.wait_for_timeout(60)
        floor = page.evaluate(_SPENT)
        changing = threading.Thread(target=_keep_changing, args=(store, begun, over), daemon=True)
        changing.start()
        for _ in range(ROUNDS):
            _use(page)
        page.wait_for_timeout(500)
        spent = page.evaluate(_SPENT)
        cards = page.locator(".card").count()
        over.set()
        changing.join()
        browser.close()
        store.close()
    least = percentile(floor, 0.5) if floor else 16.0
    note = f"{len(spent)} presses of 16 ms and more; {cards} cards exist"
    yield Figure("press to next paint, p50", percentile(spent, 0.5), "ms", least, note)
    yield Figure("press to next paint, p98", percentile(spent, 0.98), "ms", least)
    yield Figure("press to next paint, worst", max(spent), "ms", least)
