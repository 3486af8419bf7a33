"""One poll of every feed, parse to Redis, against merely decoding the same bytes.

The documents are those of a scenario, rendered beforehand, so that only our own work is counted:
the CPU time of this process from the request to the confirmed write. Redis' own CPU time is a
figure of its own. Fetching is not compressed and not over a network.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import psutil
import redis
from lxml import etree

from bench.figures import Figure
from bench.web_process import redis_url
from cop.store.memory import MemoryStore
from cop.store.port import Store
from cop.store.redis import RedisStore
from workers.feed import Feed
from workers.poll import Outcome, poll_feed
from workers.registry import find_feeds
from workers.replay import ReplayTransport, find_scenario

SCENARIO = "black-rainstorm-2023"
BETWEEN = timedelta(minutes=15)
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Stopped:
    """A clock that stands still."""

    at: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        """Tell the time at which it stands."""
        return self.at


class Recorded(httpx.BaseTransport):
    """Answers with bytes rendered beforehand; asks *source* for those it has not seen."""

    def __init__(self, source: httpx.BaseTransport) -> None:
        """Record what *source* answers."""
        self._source = source
        self.bodies: dict[str, tuple[int, bytes]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer 200 with the same bytes, always, like a publisher without validators."""
        url = str(request.url)
        if url not in self.bodies:
            plain = httpx.Request("GET", url)
            response = self._source.handle_request(plain)
            self.bodies[url] = (response.status_code, response.read())
        status, body = self.bodies[url]
        return httpx.Response(status, stream=httpx.ByteStream(body), request=request)


def cycle(store: Store, feeds: list[Feed], clock: Stopped, transport: Recorded) -> list[Outcome]:
    """Poll every feed once."""
    return [poll_feed(store, feed, clock=clock, transport=transport) for feed in feeds]


def decode(body: bytes) -> None:
    """Decode one document and do nothing with it: JSON, XML or CSV."""
    start = body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start in (b"{", b"["):
        json.loads(body.decode("utf-8-sig"))
    elif start == b"<":
        etree.fromstring(body)
    else:
        text = body.decode("big5hkscs" if b"|" in body[:300] else "utf-8-sig", "replace")
        for _ in csv.reader(io.StringIO(text)):
            pass


def cpu_s(work: Callable[[], object]) -> float:
    """Give the CPU seconds of calling *work*."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measure(name: str, feeds: list[Feed], url: str) -> Iterator[Figure]:
    """Measure a cycle of *feeds* in the Redis at *url*."""
    scenario = find_scenario(SCENARIO)
    first = Stopped(scenario.start.astimezone(UTC))
    second = Stopped(first.at + BETWEEN)
    later = Stopped(second.at + timedelta(minutes=1))
    before, after = (Recorded(ReplayTransport(scenario, clock)) for clock in (first, second))
    rehearsal = MemoryStore()
    for clock, transport in ((first, before), (second, after)):
        bad = [o.sentence() for o in cycle(rehearsal, feeds, clock, transport) if o.reason]
        if bad:
            raise RuntimeError("; ".join(bad))

    bodies = [body for status, body in after.bodies.values() if status == 200]
    floor = min(cpu_s(lambda: [decode(body) for body in bodies]) for _ in range(ROUNDS))
    server = psutil.Process(_server_pid(url))
    changed, same, in_redis = [], [], []
    for number in range(ROUNDS):
        store = RedisStore(url, f"bench-{len(feeds)}-{number}")
        cycle(store, feeds, first, before)
        begun = sum(server.cpu_times()[:2])
        changed.append(cpu_s(partial(cycle, store, feeds, second, after)))
        in_redis.append(sum(server.cpu_times()[:2]) - begun)
        same.append(cpu_s(partial(cycle, store, feeds, later, after)))
        entities = len(store.snapshot().records)
        store.close()
    size = sum(map(len, bodies)) / 1e6
    note = f"{len(bodies)} documents, {size:.1f} MB, {entities} entities"
    yield Figure(f"{name}: feeds", len(feeds), "feeds", note=note)
    yield Figure(f"{name}: content changed, CPU", min(changed) * 1e3, "ms", floor * 1e3)
    yield Figure(f"{name}: content changed, Redis' CPU", min(in_redis) * 1e3, "ms")
    yield Figure(f"{name}: nothing changed, CPU", min(same) * 1e3, "ms", floor * 1e3)
    yield Figure(f"{name}: unchanged against changed", 100 * min(same) / min(changed), "%")


def run() -> Iterator[Figure]:
    """Measure; about half a minute, most of it rendering the scenario."""
    feeds = list(find_feeds().values())
    often = [feed for feed in feeds if feed.every <= timedelta(hours=1)]
    with redis_url() as url:
        yield from measure("every feed", feeds, url)
        yield from measure("feeds polled within the hour", often, url)


def _server_pid(url: str) -> int:
    with redis.Redis.from_url(url) as client:
        info = client.info("server")
    return int(info["process_id"])
