"""A real uvicorn on loopback around the composed application, and a reader of its streams."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import uvicorn

from cop.asgi import create_app
from cop.config import Settings
from cop.model.entity import Entity
from cop.model.geometry import point
from cop.model.kinds import Observation, decode
from cop.model.record import cursor_key
from cop.services.accounts import add_user
from cop.services.policy import Role
from cop.store.accounts import Accounts, MemoryAccounts
from cop.store.memory import MemoryStore
from cop.store.port import Store

E = TypeVar("E", bound=Entity)

SETTINGS = Settings(operation="live", allowed_hosts="127.0.0.1,localhost")


@dataclass(slots=True)
class Server:
    """A running web process and what stands behind it."""

    store: Any
    accounts: Accounts
    url: str = ""
    passwords: dict[str, str] = field(default_factory=dict)

    @contextlib.contextmanager
    def client(self, name: str = "") -> Iterator[httpx.Client]:
        """Give a client; signed in as *name* when that is given."""
        with httpx.Client(base_url=self.url, timeout=60) as client:
            if name:
                credentials = {"username": name, "password": self.passwords[name]}
                client.post("/api/v1/session", json=credentials).raise_for_status()
            yield client

    def has_come_to(self, cursor: str) -> bool:
        """Tell whether this process has applied the event *cursor*."""
        answer = httpx.get(f"{self.url}/readyz", timeout=60)
        if answer.status_code != 200:
            return False
        # a page that is open writes too: the process may be further than that by now
        return cursor_key(answer.json()["cursor"]) >= cursor_key(cursor)

    def entities(self, wanted: type[E]) -> list[E]:
        """Give every stored entity of one class."""
        records = self.store.by_kind(wanted.model_fields["kind"].default)
        found = (decode(record.body) for record in records.values())
        return [entity for entity in found if isinstance(entity, wanted)]

    def status(self, entity_id: str) -> str:
        """Tell the status of one stored entity."""
        stored = decode(self.store.read([entity_id])[entity_id].body)
        return str(getattr(stored, "status", ""))

    def add(self, name: str, role: Role) -> None:
        """Add a user."""
        self.passwords[name] = add_user(self.accounts, name, role)


@contextlib.contextmanager
def web_server(
    store: Store | None = None,
    accounts: Accounts | None = None,
    settings: Settings = SETTINGS,
    *,
    with_pages: bool = False,
    ready: bool = True,
) -> Iterator[Server]:
    """Run the web process; gives it when it is ready, or, if that is not to be, when it listens."""
    server = Server(store or MemoryStore(), accounts or MemoryAccounts())
    app = create_app(settings, store=server.store, accounts=server.accounts, with_pages=with_pages)
    config = uvicorn.Config(
        app, port=0, loop="uvloop", http="httptools", log_level="warning", access_log=False
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    try:
        until(lambda: running.started)
        port = running.servers[0].sockets[0].getsockname()[1]
        server.url = f"http://127.0.0.1:{port}"
        with server.client() as client:
            until(lambda: not ready or client.get("/readyz").status_code == 200)
        yield server
    finally:
        running.should_exit = True
        thread.join(timeout=60)
        assert not thread.is_alive(), "open streams must not keep the server from ending"


def until(holds: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait until *holds*; fails when it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def wind(name: str, value: float = 1.0, **fields: Any) -> Observation:
    """Make a public observation."""
    return Observation(
        id=f"hko_wind:{name}",
        feed="hko_wind",
        publisher="HKO",
        measure="wind",
        value=value,
        observed_at=datetime(2026, 1, 1, tzinfo=UTC),
        geometry=point(114.1, 22.3),
        **fields,
    )


@dataclass(slots=True)
class Told:
    """One event of a stream."""

    name: str
    id: str
    data: Any


class Listener:
    """Reads one stream in a thread and keeps what it says."""

    def __init__(self, client: httpx.Client, **request: Any) -> None:
        """Open the stream; *request* goes to httpx."""
        self.told: list[Told] = []
        self.status = 0
        self.ended = threading.Event()
        self._opened = threading.Event()
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(client, request), daemon=True)
        self._thread.start()
        assert self._opened.wait(60)

    def _read(self, client: httpx.Client, request: dict[str, Any]) -> None:
        with (
            contextlib.suppress(httpx.TransportError),
            client.stream("GET", "/api/v1/stream", **request) as answer,
        ):
            self.status = answer.status_code
            self._opened.set()
            fields: dict[str, str] = {}
            for line in answer.iter_lines():
                if self._leave.is_set():
                    break
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "event" in fields:
                    data = json.loads(fields["data"])
                    self.told.append(Told(fields["event"], fields.get("id", ""), data))
                    fields = {}
        self._opened.set()
        self.ended.set()

    def close(self) -> None:
        """Leave the stream."""
        self._leave.set()
        self._thread.join(timeout=60)

    def names(self) -> list[str]:
        """List the events so far, by name."""
        return [told.name for told in self.told]

    def changes(self) -> list[Told]:
        """List the changes of the picture so far."""
        return [told for told in self.told if told.name == "picture"]

    def put(self) -> list[str]:
        """List the ids put so far, in order, as often as they came."""
        return [feature["id"] for told in self.changes() for feature in told.data["put"]]

    def last_id(self) -> str:
        """Give what a browser would send as Last-Event-ID."""
        return next((told.id for told in reversed(self.told) if told.id), "")
