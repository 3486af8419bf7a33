"""Incidents on the page: making them, choosing them, taking their next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from playwright.sync_api import Locator, expect

from cop.config import Settings
from cop.model.entity import Placing, Severity
from cop.model.geometry import point
from cop.model.kinds import Incident, IncidentStatus
from cop.model.text import text
from tests.browser.board import Board, now, wait

LIVE: Final = Settings(operation="live", allowed_hosts="127.0.0.1,localhost")
PLACE: Final = (114.1722, 22.3046)
BOX: Final = "114.15,22.29,114.20,22.32"
Opener = Callable[..., Board]


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
