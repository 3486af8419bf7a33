"""A signed-in phone in the hands of a team or of a facility's keeper, and what tests ask of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from playwright.sync_api import Browser, Locator, Page

from cop.model.entity import Entity
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.board import now, wait
from tests.browser.desk_town import desk_evening
from tests.browser.town import all_well, roads, store_all
from tests.integration.web_server import Server

E = TypeVar("E", bound=Entity)

HERE: Final = {"latitude": 22.3362, "longitude": 114.1987, "accuracy": 12}
SIZE: Final = (360, 640)
USERS: Final[tuple[tuple[str, Role, str, tuple[str, ...]], ...]] = (
    ("ho", Role.FIELD, "DSD", ("resource:team-1",)),
    ("yip", Role.WARDEN, "HAD", ("facility:hall", "facility:post")),
    ("mak", Role.WARDEN, "HAD", ("facility:hall",)),
)
"""Who holds a phone: name, role, agency, and what is their own. The team has a task."""


def put_evening(server: Server) -> None:
    """Put an evening with teams, tasks and facilities on the picture, and its people."""
    for name, role, agency, own in USERS:
        server.passwords[name] = add_user(
            server.accounts, name, role, agency=agency, belongs_to=own
        )
    at = now()
    store_all(server.store, [*all_well(at), *roads(at), *desk_evening(at)], at)


@dataclass(slots=True)
class WorkPhone:
    """A phone at `/field`.

    Attributes:
        page: the browser's page.
        server: the web process.
        errors: what the page's scripts threw.
        taps: how many taps there were.
    """

    page: Page
    server: Server
    errors: list[str]
    taps: int = 0

    def at(self, key: str) -> Locator:
        """Give what can be pressed under *key* on the screen."""
        return self.page.locator(f"[data-key='{key}']")

    def tap(self, key: str) -> None:
        """Press what stands under *key*."""
        self.taps += 1
        self.at(key).first.tap()

    def tab(self, key: str) -> None:
        """Press a tab."""
        self.taps += 1
        self.page.locator(f"[data-tab='{key}']").tap()

    def offline(self, *, off: bool = True) -> None:
        """Take the network away, or give it back."""
        self.page.context.set_offline(off)

    def go_offline(self) -> None:
        """Take the network away once the page lies on the phone, so that it opens without."""
        shells = "caches.keys().then((all) => all.some((one) => one.startsWith('cop-field-shell')))"
        self.comes(lambda: self.ask("Boolean(navigator.serviceWorker.controller)"))
        self.comes(lambda: self.ask(shells))
        self.offline()

    def ask(self, script: str) -> Any:
        """Give the value of *script* in the page."""
        return self.page.evaluate(script)

    def waiting(self) -> int:
        """Count what lies in the outbox and is not confirmed or refused."""
        script = "cop.outbox.list().then((all) => all.filter(cop.outbox.isOpen).length)"
        found: int = self.ask(script)
        return found

    def comes(self, holds: Callable[[], Any]) -> None:
        """Wait until *holds*; the page goes on meanwhile."""
        wait(lambda: self.ask("1") and holds())

    def stored(self, wanted: type[E], entity_id: str) -> E:
        """Give one stored entity."""
        return next(one for one in self.server.entities(wanted) if one.id == entity_id)


def open_phone(
    browser: Browser,
    server: Server,
    name: str,
    *,
    size: tuple[int, int] = SIZE,
    lang: str = "en",
    place: dict[str, float] | None = HERE,
) -> WorkPhone:
    """Sign in as *name* and open the page; at *place*, or with a phone that may not tell it."""
    told = {"geolocation": place, "permissions": ["geolocation"]} if place else {}
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=True,
        has_touch=True,
        **told,  # type: ignore[arg-type]
    )
    credentials = {"username": name, "password": server.passwords[name]}
    assert context.request.post(f"{server.url}/api/v1/session", data=credentials).ok
    page = context.new_page()
    phone = WorkPhone(page, server, [])
    page.on("pageerror", lambda error: phone.errors.append(str(error)))
    page.goto(f"{server.url}/field?lang={lang}")
    page.wait_for_selector("body[data-whole]", state="attached")
    wait(lambda: phone.ask("Boolean(cop.field.data.duty)"))
    return phone
