"""The commander page in a browser, signed in, with what tests ask of it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from cop.model.entity import Entity
from cop.store.port import Store
from tests.browser.town import store_all

PATIENCE_S = 45.0


def now() -> datetime:
    """Tell the time, to the second, aware."""
    return datetime.now(UTC).replace(microsecond=0)


def wait(holds: Callable[[], Any], *, patience_s: float = PATIENCE_S) -> None:
    """Wait until *holds* is true; fail when it never is.

    The page's policy forbids strings as code, so that Playwright's own waiting for functions
    cannot be used.
    """
    end = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.05)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Board:
    """A signed-in page.

    Attributes:
        page: the browser's page.
        url: of the web process.
        store: the picture behind it.
        errors: what the page's scripts threw.
    """

    page: Page
    url: str
    store: Store
    errors: list[str]

    def open(self, **query: str) -> None:
        """Go to the page and wait until the whole picture is on it."""
        self.page.goto(f"{self.url}/command?{urlencode({'lang': 'en', **query})}")
        self.page.wait_for_selector("body[data-ready]")
        wait(lambda: self.ask("cop.picture.loaded && cop.link.state === 'live'"))

    def ask(self, script: str) -> Any:
        """Give the value of *script* in the page."""
        return self.page.evaluate(script)

    def put(self, *entities: Entity) -> str:
        """Change the picture; gives the cursor."""
        return store_all(self.store, entities, now())

    def has_come_to(self, cursor: str) -> bool:
        """Tell whether the page has applied everything up to *cursor*."""
        at = self.ask("cop.picture.cursor")
        return tuple(map(int, at.split("-"))) >= tuple(map(int, cursor.split("-")))

    def text(self, selector: str) -> str:
        """Give the visible text of the first element that fits."""
        return self.page.locator(selector).first.inner_text()


def open_board(
    browser: Browser,
    url: str,
    password: str,
    store: Store,
    *,
    name: str = "chan",
    size: tuple[int, int] = (1440, 900),
    phone: bool = False,
) -> Board:
    """Sign in as *name* in a fresh context; the page asks nothing of any other machine."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, is_mobile=phone, has_touch=phone
    )
    context.route(lambda address: not address.startswith(url), lambda route: route.abort())
    signed_in = context.request.post(
        f"{url}/api/v1/session", data={"username": name, "password": password}
    )
    assert signed_in.ok, signed_in.text()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return Board(page, url, store, errors)


def marks(store: Store, names: Iterable[str] = ("worker", "beat")) -> None:
    """Let processes of these names be alive for the next three seconds."""
    for name in names:
        store.mark(f"{name}:test:1", "1", ttl_ms=3000)
