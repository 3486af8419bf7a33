"""10,000 telephones that ask for their duty and area at the pace of the real page.

Each asks for its duty every 60 s and for its area every 120 s, each by a quarter more or less, and
says what it has: some 250 requests a second. Two changes a second make some of the answers new. A
request counts from when it was due, so that one which waits behind others is not taken for quick.
The telephones share the accounts of `field` and a few connections, as behind a proxy. The floor is
`/healthz`, asked in the same way of the idle process.
"""

from __future__ import annotations

import asyncio
import heapq
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bench.field import Asker, fill_teams, head_of, sign_in, touch
from bench.figures import Figure
from bench.web_process import cpu_of, redis_url, web
from cop.config import Settings
from cop.store import open_store
from cop.store.port import Store

PHONES: Final = 10_000
EVERY_S: Final = {"duty": 60.0, "area": 120.0}
SECONDS: Final = 60.0
CONNECTIONS: Final = 64
CHANGES_PER_S: Final = 2.0
SEED: Final = 8
_FLOORS: Final = 200


@dataclass(order=True, slots=True)
class Due:
    """A question that is due: when, and whose which."""

    at: float
    number: int = field(compare=False)
    what: str = field(compare=False)


def run() -> Iterator[Figure]:
    """Measure; about a minute and a half."""
    with redis_url() as url:
        settings = Settings(redis_url=url, operation="bench")
        store = open_store(settings)
        fill_teams(store)
        tokens = sign_in(settings)
        with web(url) as (port, process):
            crowd = Crowd(port, tokens)
            floor = asyncio.run(crowd.idle())
            before = cpu_of(process)
            begun = time.monotonic()
            asyncio.run(crowd.ask(store))
            spent = 60 * (cpu_of(process) - before) / (time.monotonic() - begun)
    known = crowd.answers[304] / max(1, crowd.answers.total())
    note = f"{crowd.answers.total() / SECONDS:.0f} a second, {known:.0%} of them 304"
    taken = sorted(crowd.taken)
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        label = f"duty or area of {PHONES:,} telephones, {name}"
        yield Figure(label, _share(taken, share), "ms", _share(floor, share), note)
    yield Figure("CPU of the web process in a minute", spent, "s")


def _share(taken: list[float], share: float) -> float:
    return taken[int(len(taken) * share)]


class Crowd:
    """The telephones.

    Attributes:
        taken: milliseconds of each answer, from when its question was due.
        answers: how many there were of each status.
    """

    def __init__(self, port: int, tokens: list[str]) -> None:
        """Ask the web process on *port* as those who hold *tokens*."""
        self.taken: list[float] = []
        self.answers: Counter[int] = Counter()
        self._port = port
        self._tokens = tokens
        self._marks: dict[tuple[str, str], bytes] = {}
        self._due: asyncio.Queue[Due | None] = asyncio.Queue()

    async def idle(self) -> list[float]:
        """Give the milliseconds of what costs nothing, sorted."""
        asker = await Asker.open(self._port, "/healthz", self._tokens[0])
        taken = []
        for _ in range(_FLOORS):
            begun = time.perf_counter()
            await asker.ask()
            taken.append(1000 * (time.perf_counter() - begun))
        asker.close()
        return sorted(taken)

    async def ask(self, store: Store) -> None:
        """Let all of them ask for a while, while *store* changes."""
        askers = [
            await Asker.open(self._port, "/healthz", self._tokens[0]) for _ in range(CONNECTIONS)
        ]
        changing = asyncio.create_task(self._change(store))
        answering = [asyncio.create_task(self._answer(asker)) for asker in askers]
        await self._let_fall_due()
        for _ in answering:
            self._due.put_nowait(None)
        await asyncio.gather(*answering)
        await changing
        for asker in askers:
            asker.close()

    async def _let_fall_due(self) -> None:
        dice, begun = random.Random(SEED), time.perf_counter()
        waiting = [
            Due(dice.uniform(0, every), number, what)
            for number in range(PHONES)
            for what, every in EVERY_S.items()
        ]
        heapq.heapify(waiting)
        while waiting[0].at < SECONDS:
            due = waiting[0]
            await asyncio.sleep(max(0.0, begun + due.at - time.perf_counter()))
            self._due.put_nowait(Due(begun + due.at, due.number, due.what))
            after = due.at + EVERY_S[due.what] * dice.uniform(0.75, 1.25)
            heapq.heapreplace(waiting, Due(after, due.number, due.what))

    async def _answer(self, asker: Asker) -> None:
        while (due := await self._due.get()) is not None:
            token = self._tokens[due.number % len(self._tokens)]
            asker.request = head_of(f"/api/v1/me/{due.what}", token)
            asker.mark = self._marks.get((token, due.what), b"")
            status, head = await asker.ask()
            self.taken.append(1000 * (time.perf_counter() - due.at))
            self.answers[status] += 1
            self._marks[token, due.what] = head.partition(b"etag: ")[2].partition(b"\r\n")[0]

    async def _change(self, store: Store) -> None:
        for number in range(int(SECONDS * CHANGES_PER_S)):
            await asyncio.to_thread(touch, store, number % len(self._tokens))
            await asyncio.sleep(1 / CHANGES_PER_S)
