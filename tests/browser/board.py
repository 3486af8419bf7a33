"""The commander page in a browser, signed in, with what tests ask of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, Page

from cop.model.entity import Entity
from cop.store.port import Store
from tests.browser.town import store_all

T = TypeVar("T")
PATIENCE_S: Final = 45.0
_APART_S: Final = 0.15
_FADES_S: Final = 15.0


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


def becomes(look: Callable[[], T], wanted: T) -> None:
    """Wait until *look* gives *wanted*; where it never does, fail with what it gives instead."""
    end = time.monotonic() + PATIENCE_S
    while (found := look()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found == wanted


def settled(look: Callable[[], T]) -> T:
    """Give what *look* gives once it gives the same twice, a moment apart, and not nothing."""
    end = time.monotonic() + PATIENCE_S
    before, found = None, look()
    while found is None or found != before:
        assert time.monotonic() < end, f"it does not come to rest: {before}, {found}"
        time.sleep(_APART_S)
        before, found = found, look()
    return found


def box_of(where: Locator) -> dict[str, float]:
    """Give where an element stands, once it is on the page and stands still."""
    return dict(settled(where.bounding_box))


def lasting(look: Callable[[], list[str]]) -> list[str]:
    """Give the faults that *look* finds and that stay: what still rises or fades is none."""
    end = time.monotonic() + _FADES_S
    while (found := look()) and time.monotonic() < end:
        time.sleep(_APART_S)
    return found


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
    """Sign in as *name* in a fresh context."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, is_mobile=phone, has_touch=phone
    )
    signed_in = context.request.post(
        f"{url}/api/v1/session", data={"username": name, "password": password}
    )
    assert signed_in.ok, signed_in.text()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return Board(page, url, store, errors)


def marks(store: Store, names: Iterable[str] = ("worker", "beat"), *, ttl_ms: int = 3000) -> None:
    """Let processes of these names be alive, for the next three seconds unless told otherwise."""
    for name in names:
        store.mark(f"{name}:test:1", "1", ttl_ms=ttl_ms)
