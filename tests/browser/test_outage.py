"""When something dies the page says so, greys what is old, and resumes exactly on return."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, expect

from cop.config import Settings
from cop.services.accounts import add_user, open_accounts
from cop.services.policy import Role
from cop.store import open_store
from cop.store.port import Store
from tests.browser.board import Board, marks, now, open_board, wait
from tests.browser.town import detector, severe_evening, store_all
from tests.ports import free_port
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.browser, pytest.mark.redis]


@dataclass(slots=True)
class Parts:
    """A web process, a Redis and a worker that can each be killed and brought back."""

    redis: RedisServer
    port: int
    store: Store
    worker_lives: bool = True
    over: threading.Event = field(default_factory=threading.Event)
    web: subprocess.Popen[bytes] | None = None

    def start_web(self) -> None:
        """Start the web process and wait until it serves."""
        self.web = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "cop.asgi:create_app", "--factory"),
                *("--loop", "uvloop", "--http", "httptools", "--port", str(self.port)),
                *("--log-level", "warning", "--no-access-log"),
            ],
            env={**os.environ, "COP_REDIS_URL": self.redis.url, "COP_OPERATION": "live"},
            stdout=subprocess.DEVNULL,
        )
        wait(self.is_ready)

    def is_ready(self) -> bool:
        """Tell whether the web process serves the picture."""
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200
        return False

    def mend(self) -> None:
        """Bring back what does not run."""
        self.worker_lives = True
        if not self.redis.running:
            self.redis.start()
        if self.web is None or self.web.poll() is not None:
            self.start_web()
        wait(self.is_ready)

    def kill_web(self) -> None:
        """End the web process at once."""
        if self.web is not None:
            self.web.kill()
            self.web.wait()

    def keep_marking(self) -> None:
        """Mark the scheduler, and the worker while it lives."""
        while not self.over.wait(0.5):
            with contextlib.suppress(Exception):
                marks(self.store, ("worker", "beat") if self.worker_lives else ("beat",))


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Give the parts with a severe evening, for one test after the other."""
    redis = RedisServer(tmp_path_factory.mktemp("redis"))
    redis.start()
    settings = Settings(redis_url=redis.url)
    running = Parts(redis, free_port(), open_store(settings))
    thread = threading.Thread(target=running.keep_marking, daemon=True)
    thread.start()
    try:
        store_all(running.store, severe_evening(now(), count=100), now())
        running.start_web()
        yield running
    finally:
        running.over.set()
        thread.join()
        running.kill_web()
        redis.close()


@pytest.fixture
def parts(evening: Parts) -> Parts:
    """Give the parts, all running whatever came before, with the first value on its detector."""
    evening.mend()
    store_all(evening.store, [detector(7, (114.17, 22.3), now(), 0)], now())
    return evening


@pytest.fixture
def board(parts: Parts, browser: Browser) -> Iterator[Board]:
    """Give the open page, which counts every frame it is given and every one it takes."""
    name = f"chan-{secrets.token_hex(4)}"
    with contextlib.closing(open_accounts(Settings(redis_url=parts.redis.url))) as accounts:
        password = add_user(accounts, name, Role.COMMANDER)
    url = f"http://127.0.0.1:{parts.port}"
    board = open_board(browser, url, password, parts.store, name=name)
    board.open()
    board.ask(
        "void (window.values = [], cop.on('picture', ({ put, reset }) => put.forEach((f) => {"
        " if (f.id === 'td_detectors:7') window.values.push(f.properties.value); })))"
    )
    yield board
    board.page.context.close()


def _step(board: Board, value: int) -> None:
    board.put(detector(7, (114.17, 22.3), now(), value))


def _is_grey(board: Board) -> bool:
    seen: str = board.ask("getComputedStyle(document.querySelector('.picture-pane')).filter")
    return "grayscale" in seen


def _is_back(board: Board) -> bool:
    return bool(board.ask("cop.troubles().length === 0 && cop.link.state === 'live'"))


def test_a_dead_web_process_is_told_and_resumed_from(parts: Parts, board: Board) -> None:
    """The page says since when; afterwards each missed change arrives once."""
    _step(board, 1)
    wait(lambda: board.ask("values.at(-1)") == 1)
    parts.kill_web()
    notice = board.page.locator("#cop-notice")
    expect(notice).to_contain_text("Connection lost since")
    wait(lambda: _is_grey(board))
    for value in (2, 3, 4):
        _step(board, value)
    parts.start_web()
    wait(lambda: _is_back(board))
    wait(lambda: board.ask("values.at(-1)") == 4)
    _step(board, 5)
    wait(lambda: board.ask("values.at(-1)") == 5)
    seen = board.ask("values")
    assert seen == sorted(set(seen)), "nothing twice, nothing out of order"
    expect(notice).to_be_hidden()
    wait(lambda: not _is_grey(board))


def test_a_dead_redis_is_told_and_resumed_from(parts: Parts, board: Board) -> None:
    """The page says that the store is down; on return every change arrives once."""
    _step(board, 1)
    wait(lambda: board.ask("values.at(-1)") == 1)
    parts.redis.kill()
    notice = board.page.locator("#cop-notice")
    expect(notice).to_contain_text("The store is down")
    wait(lambda: _is_grey(board))
    assert board.ask("cop.picture.features.size") > 100, "the last known picture stays"
    parts.redis.start()
    wait(lambda: _is_back(board))
    for value in (2, 3):
        _step(board, value)
    wait(lambda: board.ask("values.at(-1)") == 3)
    assert board.ask("values") == [1, 2, 3]
    expect(notice).to_be_hidden()


def test_a_dead_worker_is_told(parts: Parts, board: Board) -> None:
    """Soon after its mark has gone the page names the worker; afterwards it is calm again."""
    parts.worker_lives = False
    notice = board.page.locator("#cop-notice")
    expect(notice).to_contain_text("The worker is down")
    wait(lambda: _is_grey(board))
    parts.worker_lives = True
    expect(notice).to_be_hidden()
    wait(lambda: not _is_grey(board))
