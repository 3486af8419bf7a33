"""A phone with the field page open, signed in, and what tests do to its network and its server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page, Route

from cop.services.accounts import add_user
from tests.browser.at_desk import USERS
from tests.browser.board import now, wait
from tests.browser.desk_town import desk_evening
from tests.browser.incidents import LIVE
from tests.browser.town import all_well, roads, store_all
from tests.integration.web_server import Server, web_server

SIZE: Final = (360, 640)
TASK: Final = "assignment:task-3"
"""The open task of ho's team, acknowledged."""
TEAM: Final = "resource:team-8"
HALL: Final = "facility:hall"


@dataclass(slots=True)
class Phone:
    """A field page on a phone.

    Attributes:
        page: the browser's page.
        context: what it belongs to: cookies, storage, worker, network.
        server: the web process.
        name: who is signed in.
        errors: what the page's scripts threw.
    """

    page: Page
    context: BrowserContext
    server: Server
    name: str
    errors: list[str] = field(default_factory=list)

    def open(self, address: str = "", **query: str) -> Phone:
        """Go to the page and wait until all its screens are there."""
        said = urlencode({"lang": "en", **query})
        self.page.goto(f"{self.server.url}/field?{said}{address}")
        return self.ready()

    def ready(self) -> Phone:
        """Wait until the page has drawn what it holds and its scripts are there."""
        self.page.wait_for_selector("body[data-ready]", state="attached")
        self.page.wait_for_selector("body[data-whole]", state="attached")
        return self

    def fresh(self) -> Phone:
        """Wait until the page shows what the server says now."""
        wait(lambda: self.ask("cop.field.data.duty !== null && cop.field.data.link === 'live'"))
        return self

    def installed(self) -> Phone:
        """Wait until the page lies on the phone, so that it opens without network."""
        wait(lambda: self.ask("Boolean(navigator.serviceWorker.controller)"))
        wait(
            lambda: self.ask(
                "caches.keys().then((names) => names.some((n) => n.startsWith('cop-field-shell')))"
            )
        )
        return self

    def reload(self) -> Phone:
        """Load the page again."""
        self.page.reload()
        return self.ready()

    def another_tab(self) -> Phone:
        """Open a second tab of the same browser."""
        return _watched(Phone(self.context.new_page(), self.context, self.server, self.name)).open()

    def ask(self, script: str) -> Any:
        """Give the value of *script* in the page; promises are waited for."""
        return self.page.evaluate(script)

    def offline(self, is_so: bool = True) -> None:
        """Take the network away, or give it back."""
        self.context.set_offline(is_so)

    def tab(self, key: str) -> None:
        """Press a tab below."""
        self.page.locator(f"#f-tabs [data-tab='{key}']").click()

    def actions(self) -> list[dict[str, Any]]:
        """List what people did, as the outbox holds it; receipts sent by themselves left out."""
        found: list[dict[str, Any]] = self.ask(
            "cop.outbox.list().then((all) => all.filter((one) => !cop.isQuiet(one)))"
        )
        return found

    def states(self) -> list[str]:
        """List the states of what people did, oldest first."""
        return [action["state"] for action in self.actions()]

    def settled(self) -> Phone:
        """Wait until nothing waits in the outbox."""
        wait(
            lambda: self.ask(
                "cop.outbox.list().then((all) => all.every((one) => !cop.outbox.isOpen(one)))"
            )
        )
        return self

    def text(self) -> str:
        """Give the visible text of the present screen."""
        return self.page.locator("#f-main").inner_text()


@contextlib.contextmanager
def field_server() -> Iterator[Server]:
    """Run a web process with an evening at the duty desk, and somebody of each role."""
    with (
        TemporaryDirectory() as kept,
        web_server(
            with_pages=True, settings=LIVE.model_copy(update={"data_dir": Path(kept)})
        ) as server,
    ):
        for name, role, agency, own in USERS:
            server.passwords[name] = add_user(
                server.accounts, name, role, agency=agency, belongs_to=own
            )
        at = now()
        store_all(server.store, [*all_well(at), *roads(at), *desk_evening(at)], at)
        yield server


@contextlib.contextmanager
def phones(browser: Browser, server: Server) -> Iterator[Callable[..., Phone]]:
    """Give a function that makes a phone; at the end all are closed, and none had an error.

    It takes `name` (who signs in; "" for nobody), `size` and options of the browser's context.
    """
    made: list[Phone] = []

    def make(name: str = "ho", *, size: tuple[int, int] = SIZE, **options: Any) -> Phone:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            **{"is_mobile": True, "has_touch": True, "locale": "en-HK", **options},
        )
        _only_ours(context, server.url)
        if name:
            sign_in(context, server, name)
        phone = _watched(Phone(context.new_page(), context, server, name))
        made.append(phone)
        return phone

    yield make
    for phone in made:
        phone.context.close()
        assert not phone.errors, phone.errors


def sign_in(context: BrowserContext, server: Server, name: str) -> None:
    """Sign in outside the page, as on the page for signing in."""
    answer = context.request.post(
        f"{server.url}/api/v1/session",
        data={"username": name, "password": server.passwords[name]},
    )
    assert answer.ok, answer.text()


def _watched(phone: Phone) -> Phone:
    phone.page.on("pageerror", lambda error: phone.errors.append(str(error)))
    return phone


def _only_ours(context: BrowserContext, url: str) -> None:
    """Let nothing be asked of any other machine."""

    def refuse(route: Route) -> None:
        route.abort()

    context.route(lambda address: not address.startswith((url, "data:", "blob:")), refuse)
