"""The whole product on a scenario, as `make demo` starts it, seen by a commander."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from cop.store.memory import MemoryStore
from tests.browser.board import open_board, wait
from tests.system import System

pytestmark = [pytest.mark.browser, pytest.mark.redis]


def test_the_black_rainstorm_is_seen_live(system: Callable[..., System], browser: Browser) -> None:
    """Signals, district rain, detectors and feeds reach the page, which says it is a drill."""
    running = system("--scenario", "black-rainstorm-2023", "--speed", "60")
    assert running.passwords is not None
    name, password = next(iter(running.passwords.items()))
    board = open_board(browser, running.url, password, MemoryStore(), name=name)
    board.open()
    page = board.page
    expect(page.locator("#cop-mode")).to_have_text("EXERCISE")
    expect(page.locator("#cop-signals .signal").first).to_be_visible()
    wait(lambda: board.ask("cop.layers.count('rain_district')") == 18, patience_s=90)
    wait(lambda: board.ask("cop.layers.count('detectors')") > 100, patience_s=90)
    wait(lambda: board.ask("cop.map.drawnCount()") > 30)
    wait(lambda: page.locator(".feed.is-live").count() > 30)
    expect(page.locator("#cop-notice")).to_be_hidden()
    assert not board.errors
    page.context.close()
