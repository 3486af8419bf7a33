"""What thousands of telephones cost: asking for one's duty and area, and being told to.

One web process; it, Redis (fsync at every write), those who ask and the open streams share the
machine. The floor of the requests is `/healthz`, asked in the same way: what any answer of this
process costs. The floor of a nudge is from the same write to a program that does nothing but follow
the log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from bench.figures import Figure
from bench.web_process import redis_url, web_port
from cop.api.process import raise_files
from cop.config import Settings
from cop.model.geometry import point
from cop.model.kinds import Facility, Incident, Order, Resource, Road
from cop.model.record import put
from cop.services.accounts import open_accounts
from cop.services.policy import Role
from cop.services.sessions import Opening, open_session
from cop.store import open_store
from cop.store.accounts import User
from cop.store.port import Store

TEAMS: Final = 200
PHONES: Final = 5_000
ASKERS: Final = 16
SECONDS: Final = 3.0
NUDGES: Final = 40
_AT: Final = "2026-09-01T00:00:00Z"


def run() -> Iterator[Figure]:
    """Measure; less than a minute."""
    phones = min(PHONES, raise_files() - 500)
    with redis_url() as url:
        settings = Settings(redis_url=url, operation="bench")
        store = open_store(settings)
        fill_teams(store)
        tokens = sign_in(settings)
        with web_port(url) as port:
            yield from _asking(port, tokens)
            ours = _nudging(port, tokens, phones, store)
        floor = _floor(url)
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        index = int(len(ours) * share)
        note = f"{len(ours)} changes, one telephone concerned by each"
        label = f"write to the telephone concerned, {phones} open, {name}"
        yield Figure(label, ours[index], "ms", floor[int(len(floor) * share)], note)


def _place(number: int) -> Any:
    return point(113.9 + number % 20 * 0.025, 22.2 + number // 20 * 0.025)


def fill_teams(store: Store) -> None:
    """Put teams with tasks and orders, and what lies around them, on the picture."""
    for number in range(TEAMS):
        entities = [
            Resource.model_validate(
                {
                    "id": f"resource:{number}",
                    "publisher": "DSD",
                    "agency": "DSD",
                    "resource_type": "team",
                    "status": "available",
                    "leader": f"Leader {number}",
                    "geometry": _place(number),
                }
            ),
            Order.model_validate(
                {
                    "id": f"order:{number}",
                    "publisher": "EMSC",
                    "body": {"en": "Report water levels every half hour"},
                    "addressees": [f"resource:{number}"],
                    "recipients": [f"phone-{number}"],
                    "issued_by": "chief",
                    "issued_at": _AT,
                }
            ),
            Incident.model_validate(
                {
                    "id": f"incident:{number}",
                    "publisher": "COP",
                    "incident_type": "flooding",
                    "status": "responding",
                    "reported_at": _AT,
                    "geometry": _place(number),
                }
            ),
            *_around(number),
        ]
        store.write([put(entity) for entity in entities], fetched_ms=0)


def _around(number: int) -> Iterator[Any]:
    for n in range(10):
        fields = {"publisher": "TD", "status": "closed", "geometry": _place(number + n)}
        name = f"td_traffic_news:{number}-{n}"
        yield Road.model_validate({"id": name, "feed": "td_traffic_news", **fields})
    kind = {"publisher": "HAD", "facility_type": "shelter", "status": "open"}
    yield Facility.model_validate({"id": f"facility:{number}", "geometry": _place(number), **kind})


def sign_in(settings: Settings) -> list[str]:
    """Give a token for somebody of each team."""
    accounts, tokens = open_accounts(settings), []
    for number in range(TEAMS):
        user = User(
            name=f"phone-{number}",
            role=Role.FIELD.value,
            agency="DSD",
            password="",
            disabled=False,
            created_ms=0,
            belongs_to=(f"resource:{number}",),
        )
        accounts.add_user(user)
        tokens.append(open_session(accounts, user, Opening(operation="bench")).token)
    return tokens


def _asking(port: int, tokens: list[str]) -> Iterator[Figure]:
    """Ask for duty and area as fast as one process answers."""
    floor = asyncio.run(_rate(port, "/healthz", tokens, known=False))
    for name in ("duty", "area"):
        for known in (False, True):
            rate = asyncio.run(_rate(port, f"/api/v1/me/{name}", tokens, known=known))
            answer = "304, nothing new" if known else "200"
            label = f"/me/{name} a second of one process, {answer}"
            yield Figure(label, rate, "requests", floor, f"{ASKERS} at once; higher is better")


async def _rate(port: int, path: str, tokens: list[str], *, known: bool) -> float:
    """Tell how many answers a second *path* gives, to people in turn."""
    asking = [await Asker.open(port, path, token) for token in tokens[:ASKERS]]
    for asker in asking:
        status, head = await asker.ask()
        assert status == 200
        if known:
            asker.mark = head.partition(b"etag: ")[2].partition(b"\r\n")[0]
    wanted, until = 304 if known else 200, time.perf_counter() + SECONDS

    async def repeat(asker: Asker) -> int:
        answers = 0
        while time.perf_counter() < until:
            assert (await asker.ask())[0] == wanted
            answers += 1
        return answers

    begun = time.perf_counter()
    answers = sum(await asyncio.gather(*map(repeat, asking)))
    spent = time.perf_counter() - begun
    for asker in asking:
        asker.close()
    return answers / spent


@dataclass(slots=True)
class Asker:
    """One connection that asks for the same again and again, as cheaply as can be."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    request: bytes
    mark: bytes = b""

    @classmethod
    async def open(cls, port: int, path: str, token: str) -> Asker:
        """Connect."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        return cls(reader, writer, head_of(path, token))

    async def ask(self) -> tuple[int, bytes]:
        """Ask once; give the status and the head of the answer."""
        mark = b"If-None-Match: %b\r\n" % self.mark if self.mark else b""
        self.writer.write(self.request + mark + b"\r\n")
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if length:
            await self.reader.readexactly(int(length))
        return int(head[9:12]), head

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


def head_of(path: str, token: str) -> bytes:
    """Give the head of a request, but for the line that ends it."""
    lines = (f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}")
    return "".join(f"{line}\r\n" for line in (*lines, "Accept-Encoding: gzip")).encode()


@dataclass(slots=True)
class Ears:
    """What all open streams hear.

    Attributes:
        heard: event by the number of the team, set when its telephone is told of its duty.
        wanted, opened: how many streams there are to be, and are.
        complete: set when all are open.
    """

    heard: list[asyncio.Event]
    wanted: int
    opened: int = 0
    complete: asyncio.Event = field(default_factory=asyncio.Event)


class Phone(asyncio.Protocol):
    """One open stream."""

    def __init__(self, ears: Ears, number: int, request: bytes) -> None:
        self._ears = ears
        self._number = number
        self._request = request
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note that something was said."""
        if not self._open:
            self._open = True
            self._ears.opened += 1
            if self._ears.opened == self._ears.wanted:
                self._ears.complete.set()
        elif b"event: duty" in data and self._number < len(self._ears.heard):
            self._ears.heard[self._number].set()


async def _listen(port: int, requests: list[bytes]) -> Ears:
    loop = asyncio.get_running_loop()
    ears = Ears([asyncio.Event() for _ in range(TEAMS)], len(requests))
    for start in range(0, len(requests), 100):
        part = range(start, min(len(requests), start + 100))
        await asyncio.gather(
            *(
                loop.create_connection(lambda n=n: Phone(ears, n, requests[n]), "127.0.0.1", port)
                for n in part
            )
        )
    await ears.complete.wait()
    return ears


def _nudging(port: int, tokens: list[str], phones: int, store: Store) -> list[float]:
    """Give the milliseconds from writing a change of a team to its telephone, sorted."""
    requests = [
        head_of("/api/v1/me/stream", tokens[min(n, TEAMS - 1)]) + b"\r\n" for n in range(phones)
    ]

    async def measure() -> list[float]:
        ears = await _listen(port, requests)
        await asyncio.sleep(2)
        taken = []
        for number in range(NUDGES):
            event = ears.heard[number]
            event.clear()
            begun = time.perf_counter()
            await asyncio.to_thread(touch, store, number)
            await asyncio.wait_for(event.wait(), 30)
            taken.append(1000 * (time.perf_counter() - begun))
            await asyncio.sleep(0.1)
        return sorted(taken)

    return asyncio.run(measure())


def touch(store: Store, number: int) -> None:
    """Change one team."""
    fields = {"publisher": "DSD", "agency": "DSD", "resource_type": "team"}
    more = {"status": "available", "strength": number % 9 + 1, "geometry": _place(number)}
    team = Resource.model_validate({"id": f"resource:{number}", **fields, **more})
    store.write([put(team)], fetched_ms=0)


def _floor(url: str) -> list[float]:
    """Give the milliseconds from writing to somebody who does nothing but follow the log."""
    store, reader = (open_store(Settings(redis_url=url, operation="bench")) for _ in range(2))
    taken = []
    with ThreadPoolExecutor(1) as following:
        for number in range(NUDGES):
            heard = following.submit(_next, reader, store.cursor())
            time.sleep(0.1)
            begun = time.perf_counter()
            touch(store, number)
            taken.append(1000 * (heard.result(timeout=30) - begun))
    return sorted(taken)


def _next(reader: Store, after: str) -> float:
    """Wait for the next event, and tell when it came."""
    assert reader.events(after, wait_ms=10_000)
    return time.perf_counter()
