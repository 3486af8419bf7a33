"""The live stream through a real server: resuming, audiences, slow readers, ended sessions."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cop.api import hub, viewers
from cop.errors import StoreUnavailable
from cop.model.kinds import Note
from cop.model.record import cursor_key, put
from cop.services.accounts import disable_user
from cop.services.policy import Role
from cop.store.memory import MemoryStore
from tests.integration.web_server import Listener, Server, until, web_server, wind


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run one web process for the tests of this module."""
    store = MemoryStore()
    write(store, wind("first"))
    with web_server(store) as running:
        running.add("chief", Role.COMMANDER)
        running.add("team", Role.FIELD)
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Give a client that has not signed in."""
    with server.client() as client:
        yield client


def write(store: Any, *entities: Any) -> str:
    """Put *entities* on the picture and give the cursor."""
    answer = store.write([put(entity) for entity in entities], fetched_ms=1)
    cursor: str = answer.cursor
    return cursor


def test_a_change_reaches_an_open_stream(server: Server, client: httpx.Client) -> None:
    """A viewer is told first how things are, then every change with its cursor."""
    listener = Listener(client)
    until(lambda: "health" in listener.names())
    cursor = write(server.store, wind("live"))
    until(lambda: listener.put() == ["hko_wind:live"])
    assert listener.changes()[0].id == listener.changes()[0].data["cursor"] == cursor
    health = listener.told[0].data
    assert health["redis"] is True
    assert health["worker"] is False
    assert "worker" in health["since"]
    listener.close()


def test_picture_and_stream_join_without_gap(server: Server, client: httpx.Client) -> None:
    """What was written between reading the picture and opening the stream comes once."""
    write(server.store, wind("before"))
    cursor = client.get("/api/v1/picture").json()["cursor"]
    write(server.store, wind("between-1"))
    write(server.store, wind("between-2"))
    listener = Listener(client, params={"after": cursor})
    write(server.store, wind("after"))
    until(lambda: "hko_wind:after" in listener.put())
    listener.close()
    put_after = [told for told in listener.changes() if cursor_key(told.id) > cursor_key(cursor)]
    ids = [feature["id"] for told in put_after for feature in told.data["put"]]
    assert [i for i in ids if "be" in i or "after" in i][-3:] == [
        "hko_wind:between-1",
        "hko_wind:between-2",
        "hko_wind:after",
    ]
    assert len(ids) == len(set(ids))


def test_last_event_id_wins_over_the_address(server: Server, client: httpx.Client) -> None:
    """A browser that reconnects sends both; the later one counts."""
    old = write(server.store, wind("older"))
    new = write(server.store, wind("newer"))
    last = write(server.store, wind("newest"))
    until(lambda: server.has_come_to(last))
    listener = Listener(client, params={"after": old}, headers={"Last-Event-ID": new})
    until(lambda: listener.last_id() == last)
    listener.close()
    assert listener.put() == ["hko_wind:newest"]


def test_a_cursor_too_old_is_told_to_begin_anew(server: Server, client: httpx.Client) -> None:
    """A cursor from before this process began gets `resync`, and still what comes next."""
    listener = Listener(client, params={"after": "1-0"})
    until(lambda: "resync" in listener.names())
    write(server.store, wind("next"))
    until(lambda: "hko_wind:next" in listener.put())
    listener.close()


def test_a_cursor_ahead_of_this_process_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A viewer who comes from a faster process gets nothing that they have, then the rest."""
    monkeypatch.setattr(hub, "WAIT_FOR_CURSOR_S", 600.0)
    clock = [1_000]
    store = MemoryStore(lambda: clock[0])
    with web_server(store) as server, server.client() as client:
        write(store, wind("now"))
        listener = Listener(client, params={"after": "1800-0"})
        write(store, wind("known-already"))
        clock[0] = 2_000
        write(store, wind("really-new"))
        until(lambda: "hko_wind:really-new" in listener.put())
        listener.close()
    assert listener.put() == ["hko_wind:really-new"]
    assert "resync" not in listener.names()


def test_a_cursor_that_never_comes_is_told_to_begin_anew(client: httpx.Client) -> None:
    """A cursor of another log, later than ours, ends in `resync` within seconds."""
    listener = Listener(client, params={"after": "9999999999999-0"})
    until(lambda: "resync" in listener.names())
    listener.close()


def test_what_is_no_cursor_is_refused(client: httpx.Client) -> None:
    """A bad cursor is a 400 that says what to give."""
    answer = client.get("/api/v1/stream", params={"after": "yesterday"})
    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


def test_each_audience_hears_its_own(server: Server, client: httpx.Client) -> None:
    """An author is told to command, the note alone to responders, nothing to the public."""
    note = Note(id="note:1", publisher="COP", topic="remark", author="chief", title={"en": "x"})
    with server.client("chief") as chief, server.client("team") as team:
        listeners = [Listener(each) for each in (client, team, chief)]
        for listener in listeners:
            until(lambda listener=listener: bool(listener.told))
        write(server.store, note)
        write(server.store, wind("for-all"))
        for listener in listeners:
            until(lambda listener=listener: "hko_wind:for-all" in listener.put())
        public, responder, command = (listener.changes()[0].data["put"] for listener in listeners)
        for listener in listeners:
            listener.close()
    assert public[0]["id"] == "hko_wind:for-all"
    assert "author" not in responder[0]["properties"]
    assert command[0]["properties"]["author"] == "chief"


def test_a_disabled_user_loses_the_stream(server: Server) -> None:
    """Disabling a user ends their streams within seconds, and they cannot come back."""
    server.add("leaver", Role.WARDEN)
    with server.client("leaver") as leaver:
        listener = Listener(leaver)
        until(lambda: bool(listener.told))
        disable_user(server.accounts, "leaver")
        assert listener.ended.wait(60)
        assert leaver.get("/api/v1/stream").status_code == 401


def test_signing_out_ends_the_stream(server: Server) -> None:
    """Ending a session ends its streams, and only its own."""
    with server.client("team") as leaving, server.client("team") as staying:
        left, stayed = Listener(leaving), Listener(staying)
        until(lambda: bool(left.told and stayed.told))
        assert leaving.delete("/api/v1/session").status_code == 204
        assert left.ended.wait(60)
        assert not stayed.ended.is_set()
        stayed.close()


def test_a_slow_viewer_is_let_go_and_slows_nobody(
    server: Server, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who does not read is cut off at a bound; who reads gets every change."""
    monkeypatch.setattr(hub, "SLOW_BYTES", 64 * 1024)
    monkeypatch.setattr(viewers, "FLUSH_S", 0.5)
    host, port = server.url.removeprefix("http://").split(":")
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((host, int(port)))
    slow.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    listener = Listener(client)
    until(lambda: bool(listener.told))
    until(lambda: listener.told[-1].data.get("viewers", 0) >= 2)
    padding = {"en": "x" * 60_000}
    for n in range(150):
        write(server.store, wind(f"big-{n}", description=padding))
        until(lambda n=n: listener.put()[-1:] == [f"hko_wind:big-{n}"])
    assert "resync" not in listener.names()
    until(lambda: listener.told[-1].data.get("viewers") == 1)
    slow.close()
    listener.close()


def test_health_and_ready_stay_quick_with_many_streams(server: Server) -> None:
    """Open streams hold no worker: the server answers others as before."""
    host, port = server.url.removeprefix("http://").split(":")
    crowd = [socket.create_connection((host, int(port))) for _ in range(200)]
    for one in crowd:
        one.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert all(one.recv(15) == b"HTTP/1.1 200 OK" for one in crowd)
    with server.client() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").status_code == 200
    for one in crowd:
        one.close()


def test_viewers_that_vanish_disturb_nobody(server: Server, client: httpx.Client) -> None:
    """Connections reset in the middle of the writing cost the others no change."""
    host, port = server.url.removeprefix("http://").split(":")
    listener = Listener(client)
    until(lambda: bool(listener.told))
    crowd = [socket.create_connection((host, int(port))) for _ in range(100)]
    for one in crowd:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert all(one.recv(15) == b"HTTP/1.1 200 OK" for one in crowd)
    for n, one in enumerate(crowd):
        write(server.store, wind(f"reset-{n}"))
        one.close()
    until(lambda: "hko_wind:reset-99" in listener.put())
    listener.close()
    assert listener.put() == [f"hko_wind:reset-{n}" for n in range(100)]


def test_too_many_streams_are_refused(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the limit of an address the answer is 503 and says when to try again."""
    monkeypatch.setattr(viewers, "MOST_PER_ADDRESS", 0)
    answer = client.get("/api/v1/stream")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


def test_old_http_is_refused_with_advice(server: Server) -> None:
    """A proxy that speaks HTTP/1.0 gets an answer that says what to change."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as old:
        old.sendall(b"GET /api/v1/stream HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        answer = b"".join(iter(lambda: old.recv(4096), b""))
    assert b" 505 " in answer.splitlines()[0]
    assert b"proxy_http_version" in answer


class Switch(MemoryStore):
    """A store that can be switched off."""

    is_down = False

    def events(self, *args: Any, **kwargs: Any) -> Any:
        """Fail while switched off."""
        if self.is_down:
            raise StoreUnavailable("switched off")
        answer = super().events(*args, **kwargs)
        if self.is_down:
            raise StoreUnavailable("switched off")
        return answer


def test_an_outage_of_redis_is_told_and_nothing_is_lost() -> None:
    """Viewers hear that Redis is gone, the probe says so, and on return nothing is missing."""
    store = Switch()
    with web_server(store) as server, server.client() as client:
        listener = Listener(client)
        until(lambda: bool(listener.told))
        store.is_down = True
        until(lambda: listener.told[-1].data.get("redis") is False)
        assert "redis" in listener.told[-1].data["since"]
        assert client.get("/readyz").status_code == 503
        for n in range(3):
            write(store, wind(f"unseen-{n}"))
        store.is_down = False
        until(lambda: listener.told[-1].data.get("redis") is True)
        until(lambda: "hko_wind:unseen-2" in listener.put())
        assert listener.put() == [f"hko_wind:unseen-{n}" for n in range(3)]
        listener.close()
