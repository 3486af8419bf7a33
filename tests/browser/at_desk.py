"""What tests of the duty desk ask of the page and of the server behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Locator

from cop.services.policy import Role
from tests.browser.board import Board, wait
from tests.integration.web_server import Server

DESK: Final = (1440, 900)
PHONE: Final = (390, 844)
USERS: Final[tuple[tuple[str, Role, str, tuple[str, ...]], ...]] = (
    ("wong", Role.COMMANDER, "", ()),
    ("lau", Role.DUTY_OFFICER, "", ()),
    ("ho", Role.FIELD, "DSD", ("resource:team-8",)),
    ("yip", Role.WARDEN, "HAD", ("facility:hall",)),
    ("lee", Role.VIEWER, "HAD", ()),
)
"""Who sits where: name, role, agency, and what is their own."""


def item(board: Board, item_id: str) -> Locator:
    """Give the row of one thing in the attention queue."""
    return board.page.locator(f"#cop-queue-list > [data-id='attention:{item_id}']")


def queued(board: Board) -> list[str]:
    """List the ids in the queue as they stand."""
    found: list[str] = board.ask(
        "[...document.querySelectorAll('#cop-queue-list > li')].map((row) => row.dataset.id)"
    )
    return found


def part(board: Board, key: str) -> Locator:
    """Give a part of the detail panel."""
    return board.page.locator(f"#cop-detail-body [data-part='{key}']")


def press(where: Locator, name: str) -> None:
    """Press the button called *name*, or whose name begins so."""
    where.get_by_role("button", name=name).first.click()


def one(server: Server, wanted: type[Any], entity_id: str) -> Any:
    """Give one stored entity."""
    return next(entity for entity in server.entities(wanted) if entity.id == entity_id)


def comes(board: Board, holds: Callable[[], bool]) -> None:
    """Wait until *holds* of the server; the page's requests pass through here meanwhile."""
    wait(lambda: board.ask("true") and holds())
