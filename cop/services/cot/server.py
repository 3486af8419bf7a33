"""The listeners, and the lines that are open: who comes in, what they are told, who is let go."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from cop.errors import Misconfigured
from cop.model.entity import Kind
from cop.model.record import Event, Snapshot
from cop.services.commands.desk import Desk
from cop.services.cot.clients import (
    AUTHORITY,
    SENT_KINDS,
    SERVER_CERT,
    SERVER_KEY,
    Book,
    Client,
    read_book,
    state_of,
)
from cop.services.cot.drawing import Drawer, Terms
from cop.services.cot.incoming import Incoming
from cop.services.cot.line import Line
from cop.services.cot.listener import Listener, notice_gone
from cop.services.cot.pace import Pace
from cop.services.cot.view import Drawn, Sight, View, resource_of, sight_of
from cop.services.frames import Frame
from cop.services.replica import Health, Replica, Restart

log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 1.0
"""How often the folder is looked at, and what is going stale."""
MOST_LINES: Final = 500
MOST_LINES_OF_ONE: Final = 4
LOOPBACK: Final = "127.0.0.1"
"""Where the listener without TLS is, and nowhere else."""

_SENT_AHEAD: Final = 128 * 1024
"""Bytes that the machine keeps for a client: who takes no more than that is noticed."""
_BY_ITSELF: Final = SENT_KINDS - {Kind.POSITION}
"""Kinds that are sent under their own ids."""
_OF_THE_LISTENER: Final = frozenset([AUTHORITY, SERVER_CERT, SERVER_KEY])


class CotServer:
    """Speaks Cursor-on-Target with the clients of a folder. Lives in one event loop.

    Attributes:
        port, plain_port: where it listens; 0 while it does not.
    """

    def __init__(self, desk: Desk, replica: Replica, terms: Terms, folder: Path) -> None:
        """Send the picture of *replica*, in the words of *terms*, to the clients of *folder*."""
        self.port = self.plain_port = 0
        self._desk = desk
        self._replica = replica
        self._terms = terms
        self._folder = folder
        self._book: Book | None = None
        self._state: tuple[tuple[str, int, int], ...] | None = None
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._views: dict[Sight, View] = {}
        self._paces: dict[str, Pace] = {}
        self._keys: tuple[tuple[str, int, int], ...] = ()
        self._listener: Listener | None = None
        self._plain: asyncio.Server | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until *stop* is set.

        Raises:
            OSError: a port is taken.
        """
        follower = Follower(self, asyncio.get_running_loop())
        self._replica.follow(follower)
        self._replica.subscribe(follower.hear)
        self._replica.start()
        try:
            while not stop.is_set():
                await self._look()
                self._renew()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_EVERY_S)
        finally:
            if self._listener is not None:
                self._listener.close()
            if self._plain is not None:
                self._plain.close()
            for line in list(self._lines):
                line.close("ended")
            await asyncio.to_thread(self._replica.stop)
            await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def lines(self) -> int:
        """How many lines are open."""
        return len(self._lines)

    def tell(self, ids: Iterable[str]) -> None:
        """Let every client have how these things are now."""
        drawn = dict.fromkeys(map(resource_of, ids))
        for line in self._lines:
            line.tell(drawn)

    def tell_all(self) -> None:
        """Let every client have how everything is now: the picture was read anew."""
        for line in self._lines:
            line.tell_all(self._ids(line.client))

    async def _look(self) -> None:
        """See to it that what the folder says is so: listeners, and who may stay."""
        state = await asyncio.to_thread(state_of, self._folder)
        if state == self._state:
            return
        self._state = state
        try:
            self._book = await asyncio.to_thread(read_book, self._folder)
        except Misconfigured as error:
            # Who is revoked cannot be told: nobody is let in, and nobody stays.
            log.error("cot_closed", reason=str(error))  # noqa: TRY400 - expected, and said in full
            self._book = None
        for fault in self._book.faults if self._book else ():
            log.warning("cot_client_left_out", reason=str(fault))
        for line in list(self._lines):
            if self._client_of(line.certificate) != line.client:
                line.close("no longer as it was")
        await self._listen(tuple(one for one in state if one[0] in _OF_THE_LISTENER))
        await self._listen_plain()

    def _client_of(self, certificate: bytes) -> Client | None:
        if self._book is None:
            return None
        return self._book.find(certificate) if certificate else self._book.plain

    async def _listen(self, keys: tuple[tuple[str, int, int], ...]) -> None:
        """Listen with the keys of the folder, if they are others than those in use.

        Whoever is connected stays, unless the authority is another. Keys that cannot be used, as
        while only one of two files is written, leave what is in use as it is.
        """
        if keys == self._keys:
            return
        try:
            context = tls_context(self._folder)
        except Misconfigured as error:
            log.error("cot_keys_refused", reason=str(error))  # noqa: TRY400 - said in full
            return
        if _authority(keys) != _authority(self._keys):
            for line in list(self._lines):
                if line.certificate:
                    line.close("another authority")
        port = self.port or self._desk.settings.cot_port
        if self._listener is not None:
            self._listener.close()
        listener = Listener(context, self._serve)
        self._listener = await listener.open(self._desk.settings.cot_host, port)
        self._keys = keys
        self.port = self._listener.port
        log.info("cot_listens", port=self.port)

    async def _listen_plain(self) -> None:
        if self._plain is not None or not self._desk.settings.cot_plain_port:
            return
        port = self._desk.settings.cot_plain_port
        self._plain = await asyncio.start_server(self._serve, LOOPBACK, port)
        self.plain_port = self._plain.sockets[0].getsockname()[1]
        log.info("cot_listens_plain", port=self.plain_port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one line until it ends."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        secured = writer.get_extra_info("ssl_object")
        certificate = b"" if secured is None else secured.getpeercert(binary_form=True)
        client = self._client_of(certificate)
        if client is None or not self._has_room(client):
            log.info("cot_refused", certificate=_digest(certificate), known=client is not None)
            writer.transport.abort()
            return
        carrier = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):  # it has ended already: that is noticed by reading
            carrier.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT_AHEAD)
            notice_gone(carrier)
        line = self._line(client, certificate, (reader, writer))
        self._lines.add(line)
        self._replica.viewers = len(self._lines)
        line.tell(self._ids(client))
        try:
            async with asyncio.timeout(_holds_s(secured)):
                await line.run()
        except TimeoutError:
            line.close("its certificate has ended")
        except Exception:
            log.exception("cot_line_failed")
        finally:
            self._lines.discard(line)
            self._replica.viewers = len(self._lines)
            log.info(
                "cot_line_ended",
                certificate=_digest(certificate),
                why=line.why or "left",
                **{f"in_{word}": count for word, count in line.incoming.counts.items()},
            )

    def _line(
        self,
        client: Client,
        certificate: bytes,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> Line:
        pace = self._paces.setdefault(client.model_dump_json(), Pace(client.rate_per_s))
        address = str(streams[1].get_extra_info("peername")[0])
        incoming = Incoming(self._desk, client, pace, address)
        sight = sight_of(client)
        if sight not in self._views:
            drawer = Drawer(self._desk.settings, self._desk.clock, self._terms, client.lang)
            self._views[sight] = View(sight, drawer)
        draw = partial(self._draw, self._views[sight])
        return Line(client, certificate, streams, draw, incoming)

    def _has_room(self, client: Client) -> bool:
        of_one = sum(line.client == client for line in self._lines)
        return len(self._lines) < MOST_LINES and of_one < MOST_LINES_OF_ONE

    def _draw(self, view: View, entity_id: str) -> Drawn | None:
        """Give a thing as it is now; before the picture was first read there is none."""
        if self._replica.state()[0] == "":
            return None
        return view.draw(self._replica.picture(), entity_id)

    def _ids(self, client: Client) -> list[str]:
        """List what there is for a client's audience, units by their resource."""
        if self._replica.state()[0] == "":
            return []
        picture = self._replica.picture()
        found = (picture.of_kind(client.audience, kind)[1] for kind in _BY_ITSELF)
        return [entity_id for some in found for entity_id, _ in some]

    def _renew(self) -> None:
        """Send again what would go stale; not while it is not sure that it is still so."""
        if self._replica.not_ready():
            return
        seen = {sight_of(line.client) for line in self._lines}
        self._views = {sight: view for sight, view in self._views.items() if sight in seen}
        for sight, view in self._views.items():
            due = list(view.due())
            for line in self._lines if due else ():
                if sight_of(line.client) == sight:
                    line.renew(due)


class Follower:
    """Hears of changes in the replica's thread, and tells the server in its own."""

    def __init__(self, server: CotServer, loop: asyncio.AbstractEventLoop) -> None:
        """Tell *server*, whose loop is *loop*."""
        self._server = server
        self._loop = loop

    def begin(self, snapshot: Snapshot) -> None:
        """Wait for the word that the picture is there."""

    def go_on(self, events: Sequence[Event]) -> None:
        """Tell which things have changed; the replica's picture has them by now."""
        ids = list(_sent(events))
        if ids:
            self._call(partial(self._server.tell, ids))

    def hear(self, news: Frame | Restart | Health) -> None:
        """Tell that everything is new."""
        if isinstance(news, Restart):
            self._call(self._server.tell_all)

    def _call(self, what: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what)


def tls_context(folder: Path) -> ssl.SSLContext:
    """Make what the listener is secured by: TLS 1.2 or newer, a certificate of every client.

    Sessions are not resumed: each line is judged by its certificate.

    Raises:
        Misconfigured: the files cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_COMPRESSION
    context.num_tickets = 0
    try:
        context.load_verify_locations(folder / AUTHORITY)
        context.load_cert_chain(folder / SERVER_CERT, folder / SERVER_KEY)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(
            f"{SERVER_CERT}, {SERVER_KEY}: cannot be used ({error}): make them by"
            " `cop cot authority`"
        ) from error
    return context


def _sent(events: Sequence[Event]) -> Iterator[str]:
    return (record.id for event in events for record in event.records if record.kind in SENT_KINDS)


def _authority(keys: tuple[tuple[str, int, int], ...]) -> list[tuple[str, int, int]]:
    return [one for one in keys if one[0] == AUTHORITY]


def _holds_s(secured: ssl.SSLObject | None) -> float | None:
    """Give the seconds until the certificate of the other side ends; None without TLS."""
    said = None if secured is None else secured.getpeercert()
    return ssl.cert_time_to_seconds(str(said["notAfter"])) - time.time() if said else None


def _digest(certificate: bytes) -> str:
    """Give what a certificate is called in the log: its name may be somebody's."""
    return hashlib.sha256(certificate).hexdigest()[:12] if certificate else "plain"
