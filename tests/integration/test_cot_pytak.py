"""`pytak`, a client that others wrote, speaks with the real process over a real Redis."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterator
from configparser import ConfigParser, SectionProxy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from cop.config import Settings
from cop.model.geometry import point
from cop.model.kinds import LivePosition, decode
from cop.model.record import remove
from cop.services.cot.drawing import uid_begin
from cop.services.positions import position_id
from cop.store import open_store
from cop.store.port import Store
from tests.integration.cot_picture import OTHER, PUMP, SQUARE, fill
from tests.integration.cot_site import cli
from tests.integration.web_server import until
from tests.ports import free_port
from tests.unit.services.commands.acting import Room

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what it would need for what is not used here
    import pytak

pytestmark = [
    pytest.mark.redis,
    pytest.mark.filterwarnings("ignore:ssl.OP_NO_:DeprecationWarning"),  # pytak's own
]


@dataclass
class Process:
    """The process that runs, its folder and store, and what its uids begin with."""

    begin: str
    folder: Path
    port: int
    store: Store

    def config(self, name: str) -> SectionProxy:
        """Give what pytak is set up by, as its users write it."""
        issued = self.folder / "issued" / name
        config = ConfigParser()
        config["pytak"] = {
            "COT_URL": f"tls://127.0.0.1:{self.port}",
            "PYTAK_TLS_CLIENT_CERT": str(issued / "client.pem"),
            "PYTAK_TLS_CLIENT_KEY": str(issued / "client.key"),
            "PYTAK_TLS_CLIENT_CAFILE": str(issued / "ca.pem"),
            "MAX_IN_QUEUE": "5000",
        }
        return config["pytak"]


@pytest.fixture
def process(tmp_path: Path, shared_redis: str) -> Iterator[Process]:
    """Run `python -m cop.cot` on a picture of its own."""
    folder, port = tmp_path / "cot", free_port()
    settings = Settings(
        redis_url=shared_redis, operation=f"cot-{os.getpid()}-{port}", cot_dir=folder, cot_port=port
    )
    store = open_store(settings)
    fill(Room(store=store))  # type: ignore[arg-type]
    cli("authority", "--host", "127.0.0.1", "--dir", str(folder))
    cli("certificate", "tablet", "--resource", PUMP, "--agency", "DSD", "--dir", str(folder))
    running = subprocess.Popen(
        [sys.executable, "-m", "cop.cot"], env=settings.environment(), stderr=subprocess.PIPE
    )
    try:
        until(lambda: any(name.startswith("cot:") for name in store.marks()))
        yield Process(uid_begin(settings), folder, port, store)
        running.send_signal(signal.SIGTERM)
        _, told = running.communicate(timeout=45)
        assert running.returncode == 0, told
        assert b"Traceback" not in told
    finally:
        running.kill()
        running.communicate()
        store.close()


@dataclass
class Tak:
    """A client of pytak that runs: what it was sent, and a queue to send by."""

    tool: pytak.CLITool
    events: list[etree._Element] = field(default_factory=list)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Take events until *holds*; fails when it never does."""
        async with asyncio.timeout(45):
            while not holds():
                with contextlib.suppress(TimeoutError):
                    body = await asyncio.wait_for(self.tool.rx_queue.get(), 0.05)
                    self.events.append(etree.fromstring(body))

    def last(self, uid: str) -> etree._Element | None:
        """Give the last event of a uid."""
        return next((one for one in reversed(self.events) if one.get("uid") == uid), None)


async def leave(*writers: asyncio.StreamWriter) -> None:
    """Close lines, whether or not the other side has done so already."""
    for writer in writers:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def speak(config: SectionProxy, talk: Callable[[Tak], Awaitable[None]]) -> None:
    """Connect by pytak and *talk*."""

    async def run() -> None:
        tool = pytak.CLITool(config)
        while True:
            try:
                await tool.setup()
                break
            except ConnectionRefusedError:  # its mark came before its listener
                await asyncio.sleep(0.05)
        writers = [worker.writer for worker in tool.tasks if hasattr(worker, "writer")]
        running = asyncio.create_task(tool.run())
        try:
            await talk(Tak(tool))
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            await leave(*writers)

    asyncio.run(run())


def test_pytak_reads_and_sends(process: Process) -> None:
    """It gets units, incidents, shapes and deletes; what it sends moves its team and no other."""
    begin = process.begin

    async def talk(tak: Tak) -> None:
        wanted = {begin + one for one in (PUMP, OTHER, "incident:flood", "hko:rain", "td:1")}
        await tak.until(lambda: wanted <= {one.get("uid") for one in tak.events})
        unit, rain = tak.last(begin + PUMP), tak.last(begin + "hko:rain")
        assert unit is not None
        assert rain is not None
        assert (unit.get("type"), unit.get("how")) == ("a-f-G-U-C-E", "h-e")
        assert len(rain.findall("detail/link")) == len(SQUARE) + 1
        for event in tak.events:
            stale = datetime.fromisoformat(str(event.get("stale")))
            assert datetime.now(UTC) < stale

        for uid, lon in ((begin + OTHER, 114.4), (OTHER, 114.4), ("PYTAK-1", 114.25)):
            body = pytak.gen_cot(lat=22.27, lon=lon, ce=5, uid=uid, cot_type="a-f-G-U-C", stale=60)
            await tak.tool.tx_queue.put(body)
        await tak.until(lambda: position_id(PUMP) in process.store.read([position_id(PUMP)]))
        shared = decode(process.store.read([position_id(PUMP)])[position_id(PUMP)].body)
        assert isinstance(shared, LivePosition)
        assert shared.geometry == point(114.25, 22.27)
        assert process.store.read([position_id(OTHER)]) == {}
        await tak.until(lambda: _how(tak, begin + PUMP) == "m-g")

        await tak.tool.tx_queue.put(pytak.gen_cot(uid="ping", cot_type="t-x-c-t", lat=0, lon=0))
        await tak.until(lambda: any(one.get("type") == "t-x-c-t-r" for one in tak.events))

        record = process.store.read(["td:1"])["td:1"]
        process.store.write([remove(record)], fetched_ms=0)
        await tak.until(lambda: any(_deletes(one, begin + "td:1") for one in tak.events))

    speak(process.config("tablet"), talk)


def _how(tak: Tak, uid: str) -> str | None:
    last = tak.last(uid)
    return None if last is None else last.get("how")


def _deletes(event: etree._Element, uid: str) -> bool:
    link = event.find("detail/link")
    return event.get("type") == "t-x-d-d" and link is not None and link.get("uid") == uid


def test_pytak_is_cut_when_revoked(process: Process) -> None:
    """It reads what there is; then its line ends, and a new one is let go with nothing said."""

    async def talk() -> None:
        config = process.config("tablet")
        while True:
            try:
                reader, first = await pytak.protocol_factory(config)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
        worker = pytak.RXWorker(asyncio.Queue(), config, reader)
        async with asyncio.timeout(45):
            assert b"<event" in await worker.readcot()
            cli("revoke", "tablet", "--dir", str(process.folder))
            with contextlib.suppress(OSError):
                while await worker.readcot() is not None:
                    pass
            reader, again = await pytak.protocol_factory(config)
            with contextlib.suppress(OSError):
                assert await pytak.RXWorker(asyncio.Queue(), config, reader).readcot() is None
        await leave(first, again)

    asyncio.run(talk())
