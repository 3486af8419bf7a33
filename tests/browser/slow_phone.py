"""A phone on a slow network: what the line lets through, and when the page can be used."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page

from tests.field_drill.cutting_proxy import CuttingProxy

SLOW_3G: Final = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s each way and 400 ms for each request, as Chromium is told (bytes/s, ms)."""
PRESET: Final = SLOW_3G | {"latency": 2000}
"""What the developer tools of Chromium call slow 3G: 2,000 ms for each request."""
NEXT: Final = '[data-key="next-step"]'

_WATCH: Final = """
(() => {
  window.seen = {};
  const look = () => {
    const button = document.querySelector('[data-key="next-step"]');
    if (button && button.offsetParent !== null && !button.disabled && !seen.button) {
      seen.button = performance.now();
      seen.words = button.textContent;
    }
    if (button && seen.pressed && !seen.answered && button.textContent !== seen.words)
      seen.answered = performance.now();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-key="next-step"]')) seen.pressed = performance.now();
  }, true);
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})()
"""


@dataclass(slots=True)
class SlowPhone:
    """A context of 360 by 640 whose pages are on a throttled network.

    Attributes:
        errors: what the page's scripts threw.
    """

    context: BrowserContext
    line: CuttingProxy
    conditions: dict[str, Any]
    errors: list[str] = field(default_factory=list)

    def load(self, path: str = "/field?lang=en") -> Page:
        """Begin to load *path* on a fresh page."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        network = self.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", {"offline": False, **self.conditions})
        page.goto(f"http://127.0.0.1:{self.line.port}{path}", wait_until="commit")
        return page

    def sign_in(self, name: str, password: str) -> None:
        """Sign in before any page is open."""
        credentials = {"username": name, "password": password}
        address = f"http://127.0.0.1:{self.line.port}/api/v1/session"
        assert self.context.request.post(address, data=credentials).ok

    def rest(self, page: Page, *, quiet_s: float = 3.0, patience_s: float = 120.0) -> int:
        """Wait until nothing but heartbeats came for a while; give all bytes that ever came."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            before = self.line.answered
            page.wait_for_timeout(quiet_s * 1000)
            if self.line.answered - before < _HEARTBEATS_BYTES:
                break
        return self.line.answered


_HEARTBEATS_BYTES: Final = 600


def slow_phone(
    browser: Browser, line: CuttingProxy, conditions: dict[str, Any] = SLOW_3G
) -> SlowPhone:
    """Give a phone whose connections go over *line*."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640},
        has_touch=True,
        locale="en-GB",
        geolocation={"latitude": 22.336, "longitude": 114.199, "accuracy": 12},
        permissions=["geolocation"],
    )
    context.add_init_script(_WATCH)
    return SlowPhone(context, line, conditions)
