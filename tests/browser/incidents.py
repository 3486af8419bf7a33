"""Incidents on the page: making them, choosing them, taking their next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from playwright.sync_api import Browser, Locator, expect

from cop.config import Settings
from cop.model.entity import Placing, Severity
from cop.model.geometry import point
from cop.model.kinds import Incident, IncidentStatus
from cop.model.text import text
from tests.browser.board import Board, now, open_board, wait
from tests.integration.web_server import Server

LIVE: Final = Settings(operation="live", allowed_hosts="127.0.0.1,localhost")
PLACE: Final = (114.1722, 22.3046)
BOX: Final = "114.15,22.29,114.20,22.32"
Opener = Callable[..., Board]


@contextmanager
def opening(browser: Browser, server: Server, who: str = "chan", **first: str) -> Iterator[Opener]:
    """Give a function that opens the page; what it opened is closed afterwards, without errors.

    Args:
        browser: each page has a context of its own in it.
        server: what answers, and knows its people's passwords.
        who: signs in where nobody else is named.
        first: what stands in the address unless `at` says something else.
    """
    opened: list[Board] = []

    def open_page(name: str = who, *, at: dict[str, str] | None = None, **options: Any) -> Board:
        board = open_board(
            browser, server.url, server.passwords[name], server.store, name=name, **options
        )
        opened.append(board)
        board.open(**(first | (at or {})))
        wait(lambda: board.ask("cop.me.signed_in === true"))
        return board

    yield open_page
    for one in opened:
        one.page.context.close()
        assert not one.errors, one.errors


def incident(name: str = "a", **fields: Any) -> Incident:
    """Make an incident that somebody reported."""
    values: dict[str, Any] = {
        "id": f"incident:{name}",
        "publisher": "COP",
        "title": text(f"Incident {name}", f"事故{name}", f"事故{name}"),
        "incident_type": "flooding",
        "status": IncidentStatus.REPORTED,
        "severity": Severity.MODERATE,
        "geometry": point(*PLACE),
        "placing": Placing.GIVEN,
        "reported_at": now() - timedelta(minutes=3),
        "author": "chan",
    }
    return Incident(**(values | fields))


def stored(board: Board) -> list[dict[str, Any]]:
    """Give the incidents that the page knows, as features."""
    found: list[dict[str, Any]] = board.ask(
        "[...cop.picture.features.values()].filter((f) => f.properties.kind === 'incident')"
    )
    return found


def life(board: Board) -> Locator:
    """Give the part of the detail panel with steps and verbs."""
    return board.page.locator("[data-part=life]")


def step(board: Board, verb: str) -> None:
    """Press a verb of the chosen incident."""
    life(board).get_by_role("button", name=verb, exact=True).click()


def status(board: Board) -> str:
    """Tell the status of the chosen incident as the page shows it."""
    found: str = board.ask("cop.picture.get(cop.selected()).properties.status")
    return found


def choose(board: Board, name: str = "a") -> None:
    """Choose an incident and wait until its panel stands."""
    wait(lambda: board.ask(f"Boolean(cop.picture.get('incident:{name}'))"))
    board.ask(f"cop.select('incident:{name}')")
    expect(life(board)).to_be_visible()
