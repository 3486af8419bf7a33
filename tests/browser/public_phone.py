"""A mid-range phone on slow 4G before the public map: what comes over the air, and what it feels.

The processor is slowed by four, and the network is what Lighthouse takes for slow 4G. Requests for
tiles are noted and go nowhere.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from cop.config import TILE_HOSTS

SLOW_4G: Final = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
"""1.6 Mbit/s down, 750 kbit/s up and 150 ms for each request, as Chromium is told (bytes/s, ms)."""
SLOWED: Final = SLOW_4G | {"latency": 562.5}
"""The same with what a connection's first packets cost put onto each request, as Lighthouse does
where it slows a browser instead of reckoning."""
CPU_RATE: Final = 4
_FETCHED_AHEAD: Final = (
    "performance.getEntriesByType('resource')"
    ".some((one) => /\\/map\\.[0-9a-f]+\\.js$/.test(one.name) && one.responseEnd)"
)
_PATIENCE_S: Final = 90.0
_QUIET_S: Final = 2.0
_KINDS: Final = (
    ("/public/now.json", "pointer"),
    ("/public/c/", "changes"),
    ("/public/p/", "picture"),
)
_SUFFIXES: Final = {"js": "scripts", "css": "styles", "json": "base map", "png": "images"}

VITALS: Final = """
(() => {
  const seen = window.vitals = { content: 0, first: 0, shift: 0, longest: 0 };
  let sum = 0, begun = 0, last = 0;
  const on = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
    .observe({ type, buffered: true });
  on("largest-contentful-paint", (one) => { seen.content = one.startTime; });
  on("paint", (one) => { if (one.name === "first-contentful-paint") seen.first = one.startTime; });
  on("longtask", (one) => { seen.longest = Math.max(seen.longest, one.duration); });
  on("layout-shift", (one) => {
    if (one.hadRecentInput) return;
    const goesOn = one.startTime - last < 1000 && one.startTime - begun < 5000;
    if (!goesOn) { sum = 0; begun = one.startTime; }
    last = one.startTime;
    sum += one.value;
    seen.shift = Math.max(seen.shift, sum);
  });
})()
"""
"""In `window.vitals`: largest and first paint of content (ms), layout shift in its worst window of
five seconds, and the longest task (ms)."""


def kind_of(url: str) -> str:
    """Tell what the file at *url* is for."""
    path = urlsplit(url).path
    if path.startswith("/public/a/"):
        return _SUFFIXES.get(path.rpartition(".")[2], "other")
    if not path.startswith("/public/"):
        return "page"
    return next((kind for start, kind in _KINDS if path.startswith(start)), "other")


@dataclass
class Visit:
    """One page that was opened, and what it fetched.

    Attributes:
        asked: the addresses it asked for, in order, those that came from the cache with them.
        fetched: those of which anything came over the air.
        bytes: that came over the air, by `kind_of`, with the heads of the answers.
    """

    page: Page
    network: CDPSession
    home: str
    asked: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    bytes: Counter[str] = field(default_factory=Counter)
    _urls: dict[str, str] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)
    _last: float = 0.0

    def listen(self) -> None:
        """Note what is asked for from now on."""
        self.network.send("Network.enable")
        blocked = [f"*://{host}/*" for host in TILE_HOSTS]
        self.network.send("Network.setBlockedURLs", {"urls": blocked})
        self.network.on("Network.requestWillBeSent", self._sent)
        self.network.on("Network.loadingFinished", self._came)
        self.network.on("Network.loadingFailed", self._failed)

    def _sent(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if urlsplit(url).scheme not in ("http", "https"):
            return
        self._urls[event["requestId"]] = url
        self.asked.append(url)
        if kind_of(url) != "pointer":
            self._open.add(event["requestId"])
            self._last = time.monotonic()

    def _came(self, event: dict[str, Any]) -> None:
        url = self._urls.get(event["requestId"])
        self._open.discard(event["requestId"])
        if url is None:
            return
        length = int(event["encodedDataLength"])
        if length:
            self.fetched.append(url)
            self.bytes[kind_of(url)] += length
        if kind_of(url) != "pointer":
            self._last = time.monotonic()

    def _failed(self, event: dict[str, Any]) -> None:
        self._open.discard(event["requestId"])

    def rest(self) -> None:
        """Wait until what is fetched ahead is there and only the pointer is still asked for."""
        self.until(_FETCHED_AHEAD)
        end = time.monotonic() + _PATIENCE_S
        while self._open or time.monotonic() - self._last < _QUIET_S:
            assert time.monotonic() < end, f"still loading: {self._open}"
            self.page.wait_for_timeout(100)

    def elsewhere(self) -> set[str]:
        """List the hosts besides ours that were asked."""
        return {urlsplit(url).netloc for url in self.asked} - {urlsplit(self.home).netloc}

    def vitals(self) -> dict[str, float]:
        """Give what the page felt like; see `VITALS`."""
        found: dict[str, float] = self.page.evaluate("window.vitals")
        return found

    def busy_ms(self) -> float:
        """Give how long the main thread has worked until now, milliseconds."""
        metrics = self.network.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration") * 1000

    def until(self, script: str) -> Any:
        """Give the value of *script* once it is true."""
        end = time.monotonic() + _PATIENCE_S
        while not (value := self.page.evaluate(script)):
            assert time.monotonic() < end, f"never came to hold: {script}"
            self.page.wait_for_timeout(50)
        return value


@dataclass(slots=True)
class PublicPhone:
    """A browser that keeps what it is told to keep, from one visit to the next.

    Attributes:
        home: address of the site, without the last slash.
        conditions: of its network.
        cpu_rate: how many times slower than this machine its processor is. Slowing burns what it
            takes away, also while a page waits: 1 where only what is fetched is looked at.
        errors: what the scripts of its pages threw.
    """

    context: BrowserContext
    home: str
    conditions: dict[str, float]
    cpu_rate: int = CPU_RATE
    errors: list[str] = field(default_factory=list)

    def visit(self, path: str = "/en/") -> Visit:
        """Begin to load *path*; the answer has begun to come when this returns."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        network = self.context.new_cdp_session(page)
        visit = Visit(page, network, self.home)
        visit.listen()
        network.send("Network.emulateNetworkConditions", {"offline": False, **self.conditions})
        network.send("Emulation.setCPUThrottlingRate", {"rate": self.cpu_rate})
        network.send("Performance.enable")
        page.goto(f"{self.home}{path}", wait_until="commit")
        return visit


def public_phone(
    browser: Browser, home: str, conditions: dict[str, float] = SLOW_4G
) -> PublicPhone:
    """Give a phone that was never here."""
    context = browser.new_context(
        viewport={"width": 412, "height": 823},
        device_scale_factor=1.75,
        is_mobile=True,
        has_touch=True,
        locale="en-GB",
    )
    context.add_init_script(VITALS)
    return PublicPhone(context, home, conditions)
