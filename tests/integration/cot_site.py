"""A Cursor-on-Target server in a thread, with certificates that the command line made."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from cop.cli import main
from cop.config import Settings
from cop.cot import WORDS_OF_CODES
from cop.errors import PayloadError
from cop.formats.cot.event import CotEvent, read_event
from cop.formats.cot.stream import Garbage, Splitter
from cop.services.cot import server as server_module
from cop.services.cot.server import CotServer
from cop.services.replica import Replica
from tests.integration.web_server import until
from tests.unit.services.commands.acting import Room


def cli(*words: str) -> str:
    """Type a command; give what it prints."""
    answer = CliRunner().invoke(main, ["cot", *words])
    assert answer.exit_code == 0, answer.output
    return answer.output


@dataclass(slots=True)
class Site:
    """A server that runs, the desk behind it, and its folder."""

    folder: Path
    room: Room
    server: CotServer
    failures: list[BaseException] = field(default_factory=list)

    def issue(self, name: str, *words: str, toml: str = "") -> Path:
        """Make a client by the command line, and wait until it is known; *toml* is its file."""
        file = self.folder / "clients" / f"{name}.toml"
        if toml:
            file.parent.mkdir(exist_ok=True)
            file.write_text(f'cn = "{name}"\n{toml}\n', "utf-8")
        cli("certificate", name, *words, "--dir", str(self.folder))
        until(lambda: name in (self.server._book.clients if self.server._book else {}))
        return self.folder / "issued" / name

    @contextlib.contextmanager
    def connect(self, name: str) -> Iterator[Device]:
        """Connect as the client *name*."""
        context = context_of(self.folder / "issued" / name)
        with (
            socket.create_connection(("127.0.0.1", self.server.port), timeout=45) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
        ):
            yield from _device(secured)

    @contextlib.contextmanager
    def connect_plain(self) -> Iterator[Device]:
        """Connect without TLS."""
        with socket.create_connection(("127.0.0.1", self.server.plain_port), timeout=45) as plain:
            yield from _device(plain)


def context_of(issued: Path) -> ssl.SSLContext:
    """Give what a client connects with: its key and certificate, and the authority."""
    context = ssl.create_default_context(cafile=issued / "ca.pem")
    context.load_cert_chain(issued / "client.pem", issued / "client.key")
    return context


def _device(line: socket.socket) -> Iterator[Device]:
    device = Device(line)
    thread = threading.Thread(target=device.read, daemon=True)
    thread.start()
    try:
        yield device
    finally:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=45)


class Device:
    """A client: what it was sent, in order, and what it knows by that."""

    def __init__(self, line: socket.socket) -> None:
        """Read from *line* by `read`, in a thread."""
        self.heard: list[CotEvent] = []
        self.raw: list[bytes] = []
        self.ended = threading.Event()
        self._line = line

    def read(self) -> None:
        """Read until the line ends."""
        splitter = Splitter(1 << 20)
        with contextlib.suppress(OSError):
            while body := self._line.recv(65_536):
                for one in splitter.feed(body):
                    assert not isinstance(one, Garbage), one
                    self.raw.append(one)
                    with contextlib.suppress(PayloadError):
                        self.heard.append(read_event(one))
        self.ended.set()

    def send(self, body: bytes) -> None:
        """Send bytes; whether the line has ended meanwhile does not matter."""
        with contextlib.suppress(OSError):
            self._line.sendall(body)

    def shown(self) -> dict[str, CotEvent]:
        """Give what is on its map: the last of each uid, without what was deleted."""
        found: dict[str, CotEvent] = {}
        for event in list(self.heard):
            if event.deletes is not None:
                found.pop(event.deletes[0], None)
            elif not event.type.startswith("t-x-"):
                found[event.uid] = event
        return found

    def ids(self) -> set[str]:
        """Give the ids of what is on its map."""
        return {uid.removeprefix("cop.cop.live.") for uid in self.shown()}


@contextlib.contextmanager
def cot_site(folder: Path, room: Room | None = None, **settings: object) -> Iterator[Site]:
    """Run a server on the picture of *room*; gives it when it listens and knows the picture."""
    room = room or Room()
    cli("authority", "--host", "127.0.0.1", "--dir", str(folder))
    room.settings = Settings(operation="live", cot_dir=folder, cot_port=0, **settings)  # type: ignore[arg-type]
    replica = Replica(room.store, room.clock, role="cot")
    server = CotServer(room.desk, replica, WORDS_OF_CODES, folder)
    site = Site(folder, room, server)
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        try:
            loop.run_until_complete(server.run(stop))
        except BaseException as error:  # noqa: BLE001 - the test must know of it
            site.failures.append(error)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server_module, "LOOK_EVERY_S", 0.1)
        thread.start()
        try:
            until(lambda: bool(server.port) and not replica.not_ready())
            until(lambda: bool(server.plain_port) or not room.settings.cot_plain_port)
            yield site
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(timeout=45)
            assert not thread.is_alive()
            assert site.failures == []
