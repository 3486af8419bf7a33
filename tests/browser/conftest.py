"""A web process with a severe evening on it, whose other processes seem to live."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from cop.config import Settings
from cop.services.policy import Role
from tests.browser.board import Board, marks, now, open_board
from tests.browser.town import severe_evening, store_all
from tests.integration.web_server import Server, web_server

MARK_EVERY_S = 0.7


@contextlib.contextmanager
def marking(store: Any) -> Iterator[None]:
    """Mark a worker and a scheduler as alive until the end of the block."""
    over = threading.Event()

    def keep_marking() -> None:
        while not over.is_set():
            marks(store)
            over.wait(MARK_EVERY_S)

    thread = threading.Thread(target=keep_marking, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def evening() -> Iterator[Server]:
    """Give a web process with the severe evening, ready and seemingly healthy."""
    settings = Settings(operation="live", allowed_hosts="127.0.0.1,localhost")
    with web_server(with_pages=True, settings=settings) as server, marking(server.store):
        server.add("chan", Role.COMMANDER)
        store_all(server.store, severe_evening(now(), count=300), now())
        yield server


@pytest.fixture
def board(browser: Browser, evening: Server) -> Iterator[Callable[..., Board]]:
    """Give a function that opens the page in a fresh context; closed afterwards, without errors."""
    opened: list[Board] = []

    def open_page(**options: Any) -> Board:
        board = open_board(
            browser, evening.url, evening.passwords["chan"], evening.store, **options
        )
        opened.append(board)
        return board

    yield open_page
    for one in opened:
        one.page.context.close()
        assert not one.errors, one.errors
