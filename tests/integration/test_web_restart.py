"""Web processes that end and come back: viewers resume without missing or repeating an event."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cop.config import Settings
from cop.model.kinds import Note
from cop.model.record import Cursor, Snapshot, Write, put
from cop.services.accounts import add_user
from cop.services.policy import Role
from cop.store.accounts import RedisAccounts
from cop.store.memory import MemoryStore
from cop.store.redis import RedisStore
from tests.integration.web_server import Listener, until, web_server, wind
from tests.ports import free_port
from tests.redis_server import RedisServer

_COMMAND = "-m uvicorn cop.asgi:create_app --factory --loop uvloop --http httptools"


def note(name: str) -> Note:
    """Make a remark that only people who have signed in see."""
    return Note(id=f"note:{name}", publisher="COP", topic="remark", title={"en": "inside"})


def gone(entity: Any) -> Write:
    """Make the write that takes *entity* off the picture."""
    return Write(id=entity.id, kind=entity.kind, body=None)


@contextlib.contextmanager
def started(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run a web process of its own with *settings*; give it when it listens; kill it."""
    words = ("--port", str(settings.port), "--log-level", "error")
    command = [sys.executable, *_COMMAND.split(), *words]
    environment = {**os.environ, **settings.environment()}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        until(lambda: listens(settings.port))
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def web_process(redis_url: str, port: int) -> Iterator[str]:
    """Run a web process of its own on *port*; give its address when it listens; kill it."""
    with started(Settings(redis_url=redis_url, port=port)):
        yield f"http://127.0.0.1:{port}"


def listens(port: int) -> bool:
    """Tell whether anybody takes connections on *port*."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def listening(url: str, password: str = "", after: Cursor = "") -> Iterator[Listener]:
    """Follow the stream at *url*, as command where a *password* is given."""
    with httpx.Client(base_url=url, timeout=30) as client:
        if password:
            credentials = {"username": "chief", "password": password}
            client.post("/api/v1/session", json=credentials).raise_for_status()
        listener = Listener(client, headers={"Last-Event-ID": after} if after else {})
        yield listener
        listener.close()


def removed(listener: Listener) -> list[str]:
    """List the ids removed so far, in order, as often as they came."""
    return [name for told in listener.changes() for name in told.data["remove"]]


@pytest.mark.redis
def test_viewers_resume_across_a_killed_web_process(redis_server: RedisServer) -> None:
    """A second process on the same Redis carries every viewer on from where the first left them."""
    store, accounts = RedisStore(redis_server.url, "live"), RedisAccounts(redis_server.url)
    password = add_user(accounts, "chief", Role.COMMANDER)
    store.write([put(wind("old")), put(note("old"))], fetched_ms=1)
    port = free_port()
    with web_process(redis_server.url, port) as url:
        until(lambda: httpx.get(f"{url}/readyz", timeout=60).status_code == 200)
        with listening(url) as public, listening(url, password) as command:
            last = store.write([put(wind("before")), put(note("before"))], fetched_ms=1).cursor
            until(lambda: public.last_id() == command.last_id() == last)
    for write in (
        put(wind("while-down")),
        put(note("while-down")),
        gone(wind("old")),
        gone(note("old")),
        gone(note("before")),
    ):
        store.write([write], fetched_ms=1)
    with (
        web_process(redis_server.url, port) as url,
        listening(url, after=last) as public,
        listening(url, password, after=last) as command,
    ):
        until(lambda: removed(command) == ["hko_wind:old", "note:old", "note:before"])
        until(lambda: removed(public) == ["hko_wind:old"])
        store.write([put(wind("after"))], fetched_ms=1)
        until(lambda: public.put() == ["hko_wind:while-down", "hko_wind:after"])
        whole = ["hko_wind:while-down", "note:while-down", "hko_wind:after"]
        until(lambda: command.put() == whole)
        assert "resync" not in public.names() + command.names()
        assert len(removed(public)) == 1
        assert len(removed(command)) == 3
    store.close()
    accounts.close()


@pytest.mark.redis
def test_who_is_asked_to_end_serves_on_and_says_so(redis_server: RedisServer) -> None:
    """A proxy learns it, and keeps no connection; streams go on, and end with a word.

    While only Redis is gone, which it is for all, the proxy goes on sending.
    """
    settings = Settings(redis_url=redis_server.url, port=free_port(), leave_s=300)
    url = f"http://127.0.0.1:{settings.port}"
    with started(settings) as process, httpx.Client(base_url=url, timeout=60) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        redis_server.kill()
        until(lambda: client.get("/readyz").status_code == 503)
        told = client.get("/readyz", params={"store": "any"})
        assert (told.status_code, told.json()["status"]) == (200, "last known")
        redis_server.start()
        until(lambda: client.get("/readyz").status_code == 200)
        with listening(url) as before:
            process.send_signal(signal.SIGTERM)
            until(lambda: client.get("/readyz").status_code == 503)
            told = client.get("/readyz", params={"store": "any"})
            assert (told.status_code, told.json()["detail"][:7]) == (503, "leaving")
            for path in ("/healthz", "/api/v1/picture"):
                answer = client.get(path)
                assert (answer.status_code, answer.headers["connection"]) == (200, "close")
            with listening(url) as late:
                with contextlib.closing(RedisStore(redis_server.url, "live")) as store:
                    store.write([put(wind("on"))], fetched_ms=1)
                until(lambda: before.put() == late.put() == ["hko_wind:on"])
                process.send_signal(signal.SIGTERM)  # asked twice: now
                for listener in (before, late):
                    assert listener.ended.wait(60)
                    assert listener.names()[-1] == "bye"
        assert process.wait(60) == -signal.SIGTERM


class Slow(MemoryStore):
    """A store whose picture takes a while to be read."""

    def __init__(self) -> None:
        """Hold readers back until `go` is set."""
        super().__init__()
        self.go = threading.Event()

    def snapshot(self) -> Snapshot:
        """Give the picture when it may be read."""
        self.go.wait(120)
        return super().snapshot()


def test_who_comes_back_before_the_picture_is_read_waits_for_it() -> None:
    """Early viewers hear how things are, without a cursor, and then resume like everybody."""
    store = Slow()
    had = store.write([put(wind("had"))], fetched_ms=1).cursor
    store.write([put(wind("missed"))], fetched_ms=1)
    with web_server(store, ready=False) as server, server.client() as client:
        early = Listener(client, headers={"Last-Event-ID": had})
        anew = Listener(client)
        until(lambda: early.names().count("health") >= 2 and "health" in anew.names())
        assert early.told[0].data["redis"] is False
        assert early.last_id() == ""
        store.go.set()
        until(lambda: early.put() == ["hko_wind:missed"])
        until(lambda: "resync" in anew.names())
        store.write([put(wind("next"))], fetched_ms=1)
        until(lambda: early.put() == ["hko_wind:missed", "hko_wind:next"])
        assert "resync" not in early.names()
        early.close()
        anew.close()


def test_a_cursor_older_than_the_log_is_told_to_begin_anew() -> None:
    """What has been trimmed away cannot be told: `resync`, and then what comes next."""
    store = MemoryStore()
    had = store.write([put(wind("had"))], fetched_ms=1).cursor
    for n in range(3):
        cut = store.write([put(wind(f"cut-{n}"))], fetched_ms=1).cursor
    store.write([put(wind("last"))], fetched_ms=1)
    store.trim(1, tombstones_before_ms=0)
    with web_server(store) as server, server.client() as client:
        late = Listener(client, params={"after": had})
        just = Listener(client, params={"after": cut})
        until(lambda: late.names()[:1] == ["resync"])
        until(lambda: just.put() == ["hko_wind:last"])
        assert "resync" not in just.names()
        late.close()
        just.close()


def test_a_viewer_who_keeps_no_connection_does_not_hold_up_the_end() -> None:
    """A proxy that asks for `Connection: close` still loses its stream when the server stops."""
    with httpx.Client(timeout=30) as client:
        with web_server() as server:
            client.base_url = httpx.URL(server.url)
            listener = Listener(client, headers={"Connection": "close"})
            until(lambda: bool(listener.told))
        assert listener.ended.wait(60)


def test_a_viewer_ahead_of_us_hears_how_things_are() -> None:
    """While their cursor is waited for they get the heartbeat, without a cursor of ours."""
    with web_server() as server, server.client() as client:
        listener = Listener(client, params={"after": "9999999999999-0"})
        until(lambda: "resync" in listener.names())
        names = listener.names()
        assert names[: names.index("resync")].count("health") >= 2
        listener.close()
