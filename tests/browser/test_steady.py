"""The picture never moves under the operator."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from cop.model.kinds import RoadStatus
from tests.browser.board import Board, becomes, now, settled, wait
from tests.browser.town import detector, severe_evening, store_all

pytestmark = pytest.mark.browser

PLACE = (114.17, 22.32)


def _view(board: Board) -> dict[str, Any]:
    return {
        "popup": board.text(".leaflet-popup .popup-body strong"),
        "selected": board.ask("cop.selected()"),
        "search": board.ask("document.getElementById('cop-search').value"),
        "focused": board.ask("document.activeElement.id"),
        "caret": board.ask("document.getElementById('cop-search').selectionStart"),
        "bounds": board.ask("cop.map.leaflet.getBounds().toBBoxString()"),
        "list": board.ask("document.getElementById('cop-list-box').scrollTop"),
    }


def test_fifty_updates_among_two_thousand_leave_popup_selection_search_and_view(
    board: Callable[..., Board],
) -> None:
    """An open popup, the selection, a half-typed search and the view survive 50 updates."""
    dice = random.Random(3)
    page = board()
    store_all(page.store, severe_evening(now(), count=1800), now())
    page.open(bbox="114.0,22.2,114.3,22.45")
    wait(lambda: page.ask("cop.picture.features.size") >= 2000)
    page.put(detector(0, PLACE, now(), 33))
    wait(lambda: page.ask("cop.picture.get('td_detectors:0').properties.value") == 33)
    page.ask("cop.select('td_detectors:0', { from: 'map' })")
    page.page.locator("#cop-search").press_sequentially("lung ch")
    wait(lambda: page.page.locator("#cop-list .row").count() == 1)
    before = settled(lambda: _view(page))
    popup = page.page.locator(".leaflet-popup").element_handle()
    cursor = ""
    for step in range(50):
        ids = [0, *(dice.randrange(1, 1800) for _ in range(4))]
        cursor = page.put(
            *(
                detector(n, PLACE if n == 0 else (114.1 + n / 9000, 22.3), now(), 20 + step)
                for n in ids
            )
        )
        time.sleep(0.2)
    wait(lambda: page.has_come_to(cursor))
    wait(lambda: "69 km/h" in page.text(".leaflet-popup .popup-fact"))
    assert _view(page) == before
    assert popup is not None
    assert popup.evaluate("node => node.isConnected"), "the popup must be the same element"
    becomes(lambda: page.text("#cop-detail-body .detail-lead"), "69 km/h")


def test_a_row_keeps_its_place_while_it_is_pointed_at(board: Callable[..., Board]) -> None:
    """Order in the list changes only when the reader is not pointing at it."""
    page = board()
    page.open()
    rows = page.page.locator("#cop-list .row")
    wait(lambda: rows.count() > 5)
    last = page.ask("[...document.querySelectorAll('#cop-list .row')].at(-1).dataset.id")
    rows.nth(1).hover()
    rows_now = "[...document.querySelectorAll('#cop-list .row')].map((r) => r.dataset.id)"
    order = settled(lambda: page.ask(rows_now))
    entity = next(e for e in severe_evening(now(), count=1) if e.id == last)
    cursor = page.put(entity.model_copy(update={"status": RoadStatus.CLOSED, "observed_at": now()}))
    wait(lambda: page.has_come_to(cursor))
    page.page.wait_for_timeout(600)
    assert page.ask(rows_now) == order
    page.page.locator(".leaflet-container").hover(position={"x": 300, "y": 300})
    wait(lambda: page.ask(rows_now) != order)
