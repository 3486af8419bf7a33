"""A web process with a severe evening on it, whose other processes seem to live."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from cop.config import Settings
from cop.services.accounts import add_user
from cop.services.policy import Role
from tests.browser.at_desk import USERS
from tests.browser.board import PATIENCE_S, Board, marks, now, open_board
from tests.browser.desk_town import desk_evening
from tests.browser.incidents import BOX, LIVE, Opener, opening
from tests.browser.town import all_well, roads, severe_evening, store_all
from tests.integration.web_server import Server, web_server

MARK_EVERY_S = 0.7
MARKED_MS = 60_000  # long: a moment without a turn is no death

expect.set_options(timeout=PATIENCE_S * 1000)  # a busy machine is slow, not wrong


@contextlib.contextmanager
def marking(store: Any) -> Iterator[None]:
    """Mark a worker and a scheduler as alive until the end of the block."""
    over = threading.Event()

    def keep_marking() -> None:
        while not over.is_set():
            marks(store, ttl_ms=MARKED_MS)
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


@pytest.fixture
def centre() -> Iterator[Server]:
    """Give a web process with nothing on the picture but feeds that are well, and three users."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        server.add("chan", Role.COMMANDER)
        server.add("wong", Role.DUTY_OFFICER)
        server.add("lee", Role.VIEWER)
        store_all(server.store, all_well(now()), now())
        yield server


@pytest.fixture
def open_as(browser: Browser, centre: Server) -> Iterator[Opener]:
    """Give a function that opens the page as one of them, where incidents are made."""
    with opening(browser, centre, bbox=BOX) as open_page:
        yield open_page


@pytest.fixture
def desk_centre() -> Iterator[Server]:
    """Give a web process with an evening at the duty desk, and somebody of each role."""
    with web_server(with_pages=True, settings=LIVE) as server, marking(server.store):
        for name, role, agency, own in USERS:
            server.passwords[name] = add_user(
                server.accounts, name, role, agency=agency, belongs_to=own
            )
        at = now()
        store_all(server.store, [*all_well(at), *roads(at), *desk_evening(at)], at)
        yield server


@pytest.fixture
def desk(browser: Browser, desk_centre: Server) -> Iterator[Opener]:
    """Give a function that opens the page as one of them."""
    with opening(browser, desk_centre, "wong") as open_page:
        yield open_page
