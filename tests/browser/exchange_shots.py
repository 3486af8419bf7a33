"""Pictures of exchange with others: warnings of our own, partners, layers of others."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

import cop.asgi
from cop.services.policy import Role
from tests.browser import others_town
from tests.browser.board import Board, marks, now, open_board, wait
from tests.browser.conftest import marking
from tests.browser.others_town import STATIONS
from tests.browser.partners_town import GD, exchange, set_up, shared
from tests.browser.test_alerting import WHOLE, asked, call
from tests.browser.town import severe_evening, store_all
from tests.integration.web_server import Server, web_server

DESK: Final = (1440, 900)
PHONE: Final = (390, 844)
BOX: Final = "113.95,22.22,114.35,22.55"


@contextmanager
def _evening() -> Iterator[Server]:
    """Serve a severe evening with two partners, their messages, and layers of others."""
    with tempfile.TemporaryDirectory() as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(cop.asgi, "open_pictures", lambda *_: others_town.picture)
        settings = set_up(Path(made)).model_copy(update={"layer_hosts": others_town.HOST})
        with web_server(with_pages=True, settings=settings) as server, marking(server.store):
            server.add("wong", Role.DUTY_OFFICER)
            server.add("lau", Role.COMMANDER)
            marks(server.store, ("exchange",), ttl_ms=600_000)
            shared(server, settings)
            others_town.keep(server.store)
            known = [*severe_evening(now()), *exchange(settings, now()), *others_town.layers(now())]
            store_all(server.store, {one.id: one for one in known}.values(), now())
            yield server


def _warning(board: Board, draft_id: str) -> None:
    board.page.keyboard.press("w")
    board.page.locator(f"#cop-alerting-list [data-id='{draft_id}'] button").click()
    board.page.locator(".check-sum").wait_for()


def _partner(board: Board) -> None:
    board.page.keyboard.press("p")
    board.page.locator(f"#cop-partners-list [data-id='{GD}'] button").click()
    board.page.locator("#cop-messages li").first.wait_for()


def _layers(board: Board) -> None:
    board.page.keyboard.press("l")
    row = board.page.locator(f'[data-other="{STATIONS}"]')
    row.locator("input").check()
    wait(lambda: board.ask(f"cop.others.stateOf('{STATIONS}') === 'drawn'"))
    board.page.locator(".others").evaluate("(node) => node.scrollIntoView()")
    board.ask(f"void cop.others.visit('{STATIONS}', cop.others.featuresOf('{STATIONS}')[0])")


def take_exchange(browser: Browser, folder: Path) -> None:
    """Take the pictures of warnings, partners and layers of others into *folder*."""
    with _evening() as server:
        waits = asked(server).id
        begun = call(server, "lau", "POST /drafts", {"event_type": "flooding"})
        said = {**WHOLE, "description": {}}  # something is missing
        written = call(server, "lau", f"PATCH /drafts/{begun['id']}", said, begun["version"])["id"]
        shots: tuple[tuple[str, str, tuple[int, int], Callable[[Board], object]], ...] = (
            ("warn-light-en", "wong", DESK, lambda board: _warning(board, written)),
            ("warn-release-dark-zh-hant", "lau", DESK, lambda board: _warning(board, waits)),
            ("partners-light-en", "wong", DESK, _partner),
            ("others-light-zh-hant", "wong", DESK, _layers),
            ("phone-warn-light-en", "lau", PHONE, lambda board: _warning(board, waits)),
            ("phone-partners-dark-zh-hant", "wong", PHONE, _partner),
        )
        for name, who, size, act in shots:
            board = open_board(
                browser,
                server.url,
                server.passwords[who],
                server.store,
                name=who,
                size=size,
                phone=size == PHONE,
            )
            board.open(
                bbox=BOX,
                theme="dark" if "dark" in name else "light",
                lang="zh-Hant" if "zh" in name else "en",
            )
            board.page.wait_for_timeout(1500)
            act(board)
            board.page.wait_for_timeout(2000)
            board.page.screenshot(path=folder / f"{name}.png")
            board.page.context.close()
