"""Web processes and the worker are replaced one after the other, and nobody notices.

Real processes by the launcher's command lines stand behind a proxy that asks `/readyz`. Meanwhile
the picture changes ten times a second, readers follow it and come back when their stream ends,
commands are sent, and one page is open. What came of it all is looked at afterwards.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser

from cop.config import Settings
from cop.launcher.processes import WEB, WORKER, Process
from cop.model.entity import Kind
from cop.services.accounts import add_user, open_accounts
from cop.services.policy import Role
from cop.store import open_store
from cop.store.port import Store
from tests.browser.board import marks, now, open_board, wait
from tests.browser.town import detector, store_all
from tests.front import Front, front
from tests.integration.asking import FIRE
from tests.ports import free_port
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.browser, pytest.mark.redis]

READERS: Final = 6
EVERY_S: Final = 0.1
STARTS_S: Final = 120.0
"""Four web processes at once, on a busy machine."""
WATCHED: Final = (
    "void (window.states = [cop.link.state], window.notices = [], window.values = [],"
    " cop.on('link', () => states.push(cop.link.state)),"
    " new MutationObserver(() => notices.push(document.querySelector('#cop-notice').innerText))"
    ".observe(document.querySelector('#cop-notice'), {subtree: true, childList: true,"
    " characterData: true, attributes: true}),"
    " cop.on('picture', ({ put, reset }) => put.forEach((f) => {"
    " if (!reset && f.id === 'td_detectors:7') window.values.push(f.properties.value); })))"
)


@dataclass(slots=True)
class Reader:
    """Follows the stream, and comes back after the last cursor when it ends."""

    values: list[float] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    opened: int = 0

    def follow(self, client: httpx.Client, over: threading.Event) -> None:
        """Read until *over*."""
        after = ""
        while not over.is_set():
            headers = {"Last-Event-ID": after} if after else {}
            with (
                contextlib.suppress(httpx.TransportError),
                client.stream("GET", "/api/v1/stream", headers=headers) as answer,
            ):
                self.opened += 1
                if answer.status_code != httpx.codes.OK:
                    self.troubles.append(f"the stream answered {answer.status_code}")
                after = self._read(answer, after, over)
            over.wait(0.1)

    def _read(self, answer: httpx.Response, after: str, over: threading.Event) -> str:
        """Take events until the stream ends; give the last cursor."""
        told: dict[str, str] = {}
        for line in answer.iter_lines():
            if over.is_set():
                break
            if line:
                name, _, value = line.partition(": ")
                told[name] = value
                continue
            after = told.get("id") or after
            self._take(told.get("event", ""), json.loads(told.get("data", "{}")))
            told = {}
        return after

    def _take(self, name: str, data: dict[str, Any]) -> None:
        self.names.append(name)
        if name == "picture":
            wanted = [one for one in data["put"] if one["id"] == "td_detectors:7"]
            self.values += [one["properties"]["value"] for one in wanted]
        if name == "health":
            self.troubles += [part for part in ("redis", "worker", "beat") if not data[part]]


@dataclass(slots=True)
class Rolled:
    """What came of a rolling restart.

    Attributes:
        written: the values that were written, in order.
        readers: who followed the stream.
        answers: the status of every answer to a command or a read, and how many commands were done.
        incidents: how many incidents there are.
        page: what the page saw: states of its connection, notices, values.
        codes: with which exit codes the old processes ended.
    """

    written: list[float] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    commands: int = 0
    incidents: int = 0
    page: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def write(self, store: Store, over: threading.Event) -> None:
        """Change the picture until *over*."""
        while not over.is_set():
            value = float(len(self.written) + 1)
            store_all(store, [detector(7, (114.17, 22.3), now(), value)], now())
            self.written.append(value)
            over.wait(EVERY_S)

    def act(self, client: httpx.Client, over: threading.Event) -> None:
        """Send commands and read until *over*; again, under its key, where a connection broke."""
        while not over.is_set():
            key = {"Idempotency-Key": secrets.token_hex(8)}
            answer = _until_answered(
                lambda key=key: client.post("/api/v1/incidents", json=FIRE, headers=key)
            )
            self.commands += 1
            self.answers.append(answer.status_code)
            self.answers.append(_until_answered(lambda: client.get("/api/v1/me")).status_code)
            over.wait(EVERY_S)


def _until_answered(ask: Callable[[], httpx.Response]) -> httpx.Response:
    while True:
        with contextlib.suppress(httpx.TransportError):
            return ask()


@dataclass(slots=True)
class Site:
    """Processes on one Redis behind one proxy."""

    settings: Settings
    folder: Path
    front: Front
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, process: Process, port: int = 0) -> subprocess.Popen[bytes]:
        """Start a process of the launcher's."""
        settings = self.settings.model_copy(update={"port": port})
        with (self.folder / f"{process.name}-{len(self.running)}.log").open("wb") as log:
            child = subprocess.Popen(
                process.argv(settings), env=settings.environment(), stdout=log, stderr=log
            )
        self.running.append(child)
        return child

    def roll(self, olds: dict[int, subprocess.Popen[bytes]], rolled: Rolled) -> None:
        """Start one more for each old web process, and end the old one when that is ready."""
        news = [free_port() for _ in olds]
        for port in news:
            self.start(WEB, port)
        for (old, child), new in zip(olds.items(), news, strict=True):
            self.front.behind.append(new)
            wait(lambda new=new: new in self.front.ready, patience_s=STARTS_S)
            child.send_signal(signal.SIGTERM)
            rolled.codes[f"web-{old}"] = child.wait(45)
            self.front.behind.remove(old)


def _count(store: Store, role: str) -> int:
    return sum(name.startswith(f"{role}:") for name in store.marks())


@pytest.fixture(scope="module")
def rolled(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Rolled:
    """Replace everything once, under load, and give what came of it."""
    folder = tmp_path_factory.mktemp("rolled")
    with contextlib.ExitStack() as stack:
        redis = RedisServer(folder)
        redis.start()
        stack.callback(redis.close)
        settings = Settings(redis_url=redis.url, leave_s=2.0, data_dir=folder, operation="live")
        store = stack.enter_context(contextlib.closing(open_store(settings)))
        password = add_user(open_accounts(settings), "chan", Role.COMMANDER)
        store_all(store, [detector(7, (114.17, 22.3), now(), 0.0)], now())
        ports = [free_port(), free_port()]
        site = Site(settings, folder, stack.enter_context(front([*ports])))
        stack.callback(_end, site.running)
        olds = {port: site.start(WEB, port) for port in ports}
        worker = site.start(WORKER)
        over, enough, threads = threading.Event(), threading.Event(), []
        stack.callback(_join, threads, over, enough)

        def begin(work: Callable[..., None], *given: Any) -> None:
            threads.append(threading.Thread(target=work, args=given, daemon=True))
            threads[-1].start()

        begin(_mark_beat, store, over)
        wait(lambda: len(site.front.ready) == 2, patience_s=STARTS_S)
        wait(lambda: _count(store, "worker") == 1, patience_s=STARTS_S)
        outcome = Rolled(readers=[Reader() for _ in range(READERS)])
        for reader in outcome.readers:
            begin(reader.follow, stack.enter_context(_client(site.front.url)), over)
        actor = stack.enter_context(_client(site.front.url))
        actor.post(
            "/api/v1/session", json={"username": "chan", "password": password}
        ).raise_for_status()
        board = open_board(browser, site.front.url, password, store)
        stack.callback(board.page.context.close)
        board.open()
        board.ask(WATCHED)
        wait(lambda: all("health" in reader.names for reader in outcome.readers))
        begin(outcome.write, store, enough)
        begin(outcome.act, actor, enough)
        new_worker = site.start(WORKER)
        site.roll(olds, outcome)
        wait(lambda: _count(store, "worker") == 2, patience_s=STARTS_S)
        worker.send_signal(signal.SIGTERM)
        outcome.codes["worker"] = worker.wait(45)
        assert new_worker.poll() is None
        until = len(outcome.written) + 10
        wait(lambda: len(outcome.written) > until)
        _join(threads[-2:], enough)
        wait(lambda: all(one.values[-1:] == outcome.written[-1:] for one in outcome.readers))
        wait(lambda: board.ask("values.at(-1)") == outcome.written[-1])
        outcome.page = {name: board.ask(name) for name in ("states", "notices", "values")}
        outcome.page["errors"] = board.errors
        outcome.incidents = len(store.by_kind(Kind.INCIDENT))
    return outcome


def _client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=45, trust_env=False)


def _mark_beat(store: Store, over: threading.Event) -> None:
    while not over.is_set():
        marks(store, ("beat",), ttl_ms=60_000)
        over.wait(1)


def _join(threads: list[threading.Thread], *over: threading.Event) -> None:
    for each in over:
        each.set()
    for thread in threads:
        thread.join(45)


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for child in running:
        child.kill()
        child.wait()


def test_every_reader_has_every_change_once(rolled: Rolled) -> None:
    """Who comes back to another process goes on where they were, never told to begin anew."""
    assert len(rolled.written) > 20
    for reader in rolled.readers:
        assert reader.values == rolled.written
        assert "resync" not in reader.names
        assert reader.opened > 1
        assert reader.names.count("bye") == reader.opened - 1, "each move was announced"


def test_nobody_is_told_that_a_part_is_down(rolled: Rolled) -> None:
    """Neither the picture's readers nor the page hear of a worker or a store that is gone."""
    assert [reader.troubles for reader in rolled.readers] == [[]] * READERS


def test_the_page_never_says_that_the_connection_is_lost(rolled: Rolled) -> None:
    """It moves from process to process, and misses and repeats nothing."""
    assert "lost" not in rolled.page["states"]
    assert not any(rolled.page["notices"])
    assert rolled.page["values"] == rolled.written
    assert rolled.page["errors"] == []


def test_no_request_is_answered_with_an_error(rolled: Rolled) -> None:
    """Each command is answered with success and done once; the old processes end in order."""
    assert rolled.commands > 5
    assert [status for status in rolled.answers if status >= 400] == []
    assert rolled.incidents == rolled.commands
    assert rolled.codes.pop("worker") == 0
    assert {*rolled.codes.values()} == {-signal.SIGTERM}
