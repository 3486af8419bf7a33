"""A phone: Chromium with a profile that outlives it, so that page and browser can be killed."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any, Final

import psutil
from playwright.sync_api import BrowserContext, Locator, Page, Playwright
from playwright.sync_api import Error as BrowserError

from tests.conftest import FLAGS, find_browser

_STARTED: Final = "Boolean(document.body) && 'whole' in document.body.dataset"
_READY: Final = (
    "cop.field.data.signed === 'in' && cop.field.data.duty"
    " && Boolean(navigator.serviceWorker.controller)"
)
_LISTED: Final = """
Promise.race([cop.outbox.list(), new Promise((_, no) => setTimeout(no, 5000, "no answer"))])
"""
_ASKED_WHO: Final = "Boolean(document.querySelector('.sign-in'))"
_SOON_S: Final = 0.5
_PATIENCE_S: Final = 120.0
_PRESS_MS: Final = 8000
PLACE: Final = {"latitude": 22.3407, "longitude": 114.195, "accuracy": 12.0}


class Phone:
    """One phone of 360 by 640 with one page on `/field`.

    Attributes:
        errors: what the page's scripts threw, over all its lives.
    """

    def __init__(
        self, playwright: Playwright, folder: Path, address: str, credentials: tuple[str, str]
    ) -> None:
        """Keep the profile in *folder*; the site is at *address*. It is off until `switch_on`.

        *credentials*: name and password of whoever holds it.
        """
        self.errors: list[str] = []
        self._playwright = playwright
        self._folder = folder
        self._address = address
        self._credentials = credentials
        self._context: BrowserContext | None = None
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """The page as it is now."""
        assert self._page is not None, "the page is closed"
        return self._page

    def switch_on(self) -> None:
        """Start the browser, with what it kept, and open the page."""
        self._context = self._playwright.chromium.launch_persistent_context(
            self._folder,
            executable_path=find_browser(),
            args=FLAGS,
            viewport={"width": 360, "height": 640},
            has_touch=True,
            geolocation=PLACE,
            permissions=["geolocation"],
            locale="en-GB",
        )
        self._context.set_default_timeout(_PRESS_MS)
        self.open_page()

    def open_page(self) -> None:
        """Open the page; whether the network is there is the page's own affair."""
        assert self._context is not None
        for page in self._context.pages[:-1]:
            page.close()
        self._page = self._context.pages[-1] if self._context.pages else self._context.new_page()
        self._page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._go()

    def _go(self) -> None:
        """Load the page; without network, and before the worker keeps it, that fails: so be it."""
        with contextlib.suppress(BrowserError):
            self.page.goto(f"{self._address}/field?lang=en", wait_until="commit")

    def reload(self) -> None:
        """Load the page again."""
        with contextlib.suppress(BrowserError):
            self.page.reload(wait_until="commit")

    def close_page(self) -> None:
        """Close the page, without asking it."""
        assert self._context is not None
        gone, self._page = self.page, None
        self._context.new_page()  # a browser without pages ends
        gone.close()

    def kill(self) -> None:
        """End the browser at once, as a phone whose battery goes empty."""
        self._page = None
        mark = f"--user-data-dir={self._folder}"
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if mark in process.cmdline():
                    process.kill()
                    process.wait(20)
        if self._context is not None:
            with contextlib.suppress(BrowserError):
                self._context.close()
            self._context = None

    def switch_off(self) -> None:
        """End the browser in order."""
        if self._context is not None:
            self._context.close()
        self._context = self._page = None

    @property
    def alive(self) -> bool:
        """Whether there is a page to look at."""
        return self._page is not None and not self._page.is_closed()

    @property
    def asks_who(self) -> bool:
        """Whether the page asks for name and password."""
        return self.alive and bool(self._asked(_ASKED_WHO))

    def ask(self, script: str) -> Any:
        """Give the value of *script* in the page."""
        return self.page.evaluate(script)

    def outbox(self) -> list[dict[str, Any]] | None:
        """Give what the phone lists as done here, oldest first; None while it cannot be asked."""
        if not (self.alive and self._asked(_STARTED)):
            return None
        found: list[dict[str, Any]] | None = self._asked(_LISTED)
        return found

    def control(self, key: str) -> Locator:
        """Give what is known by *key* on the page."""
        return self.page.locator(f'[data-key="{key}"]').first

    def show(self, screen: str) -> None:
        """Go to a screen by its tab."""
        self.page.locator(f'[data-tab="{screen}"]').click()

    def settle(self) -> None:
        """Bring the phone back to where a person can press: page open, started, signed in.

        Whoever is asked for the password gives it; that waits for the network.
        """
        if self._context is None:
            self.switch_on()
        if not self.alive:
            self.open_page()
        with contextlib.suppress(BrowserError):
            if not self.ask(_STARTED):
                time.sleep(_SOON_S)
                if not self.ask(_STARTED):
                    self._go()
            elif self.ask(_ASKED_WHO):
                self.sign_in()

    def begin(self) -> None:
        """Wait until a person can work: signed in, and the page kept on the phone.

        A browser writes a cookie to the disk within half a minute, or when it ends in order: who
        has just signed in here ends it once, so that killing it later leaves the sign-in alone.
        """
        if self._wait_ready():
            self.switch_off()
            self.switch_on()
            self._wait_ready()

    def _wait_ready(self) -> bool:
        """Wait until the page is ready; tell whether the password had to be given."""
        end = time.monotonic() + _PATIENCE_S
        asked = False
        while not (self.alive and self._asked(_READY)):
            assert time.monotonic() < end, self.says()
            asked = asked or self.asks_who
            self.settle()
            time.sleep(_SOON_S / 5)
        return asked

    def sign_in(self) -> None:
        """Give name and password to the page."""
        name, password = self._credentials
        self.page.locator("#username").fill(name)
        self.page.locator("#password").fill(password)
        self.page.locator(".sign-in button[type=submit]").click()
        self.page.locator(".sign-in").wait_for(state="detached")

    def _asked(self, script: str) -> Any:
        with contextlib.suppress(BrowserError):
            return self.ask(script)
        return None

    def says(self) -> str:
        """Give what can be seen on the page, for whoever reads of a failure."""
        with contextlib.suppress(BrowserError):
            return self.page.locator("body").inner_text()
        return "no page"
