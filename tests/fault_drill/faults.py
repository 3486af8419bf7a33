"""How each thing goes wrong, who must say so, and how it is mended."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from tests.fault_drill.plan import Fault, Kind
from tests.fault_drill.replication import ReplicatedRedis
from tests.fault_drill.single import SingleRedis
from tests.fault_drill.site import FOLLOWED, FOREVER_S, Site
from tests.fault_drill.viewers import LOST
from tests.system import wait_until

_HOUR_S: Final = 3600
_PATIENCE_S: Final = 60.0
_ASK_EVERY_S: Final = 3.0
_UPKEEP: Final = ("expire", "fuse", "watch", "trim", "anchor", "deliver")
STORE: Final = frozenset({"redis"}) | LOST


@dataclass(frozen=True, slots=True)
class Expected:
    """Who must say what while it lasts.

    Attributes:
        words: any of which must be said; none: nothing need be said.
        port: of the web process whose viewers must say so; 0: all.
        unready: whether web processes must say that they are not ready.
    """

    words: frozenset[str] = frozenset()
    port: int = 0
    unready: bool = False


Way = Callable[[Site, Fault], AbstractContextManager[Expected]]
"""Strikes, gives what must be said, and mends on leaving."""


@contextlib.contextmanager
def _web(site: Site, fault: Fault) -> Iterator[Expected]:
    web = site.webs[fault.which % len(site.webs)]
    web.process.kill()
    yield Expected(LOST, port=web.port)
    web.process.start()


@contextlib.contextmanager
def _worker(site: Site, _: Fault) -> Iterator[Expected]:
    site.worker.kill()
    yield Expected(frozenset({"worker"}))
    site.worker.start()


@contextlib.contextmanager
def _beat(site: Site, _: Fault) -> Iterator[Expected]:
    site.beat.kill()
    yield Expected(frozenset({"beat"}))
    site.beat.start()


def _redis_of(site: Site) -> SingleRedis:
    assert isinstance(site.backing, SingleRedis)
    return site.backing


@contextlib.contextmanager
def _redis(site: Site, _: Fault) -> Iterator[Expected]:
    redis = _redis_of(site)
    redis.process.kill()
    yield Expected(STORE, unready=True)
    redis.start()


@contextlib.contextmanager
def _torn(site: Site, fault: Fault) -> Iterator[Expected]:
    """A power cut in the middle of a write: what came before it was confirmed, this was not."""
    redis = _redis_of(site)
    redis.process.kill()
    record = b"*3\r\n$3\r\nSET\r\n$4\r\ntorn\r\n$9999\r\n" + b"x" * 9_999
    with redis.log_file().open("ab") as log:
        # a script's writes go as one: of a cut one, what is whole must not be taken either
        log.write(b"*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$4\r\ntorn\r\n$1\r\nx\r\n")
        log.write(record[: fault.bytes])
    yield Expected(STORE, unready=True)
    redis.start()


@contextlib.contextmanager
def _disk(site: Site, fault: Fault) -> Iterator[Expected]:
    """The append-only file finds no more room: Redis ends rather than confirm what is not kept."""
    redis = _redis_of(site)
    size = redis.log_file().stat().st_size + fault.bytes
    redis.process.files_up_to(size)
    wait_until(lambda: not redis.process.alive, patience_s=_PATIENCE_S)
    yield Expected(STORE, unready=True)
    redis.process.start()  # whoever looks after it starts it, and the disk is still full
    redis.process.files_up_to(size)
    wait_until(lambda: not redis.process.alive, patience_s=_PATIENCE_S)
    redis.start()


@contextlib.contextmanager
def _pause(site: Site, _: Fault) -> Iterator[Expected]:
    redis = _redis_of(site)
    redis.process.hold()
    try:
        yield Expected(STORE, unready=True)
    finally:
        redis.process.go_on()


@contextlib.contextmanager
def _power(site: Site, _: Fault) -> Iterator[Expected]:
    """Everything ends in one moment."""
    redis = _redis_of(site)
    for process in (redis.process, *site.processes):
        process.kill()
    yield Expected(LOST, unready=True)
    site.start()


@contextlib.contextmanager
def _ahead(site: Site, _: Fault) -> Iterator[Expected]:
    site.clock.step(_HOUR_S)
    yield Expected()


@contextlib.contextmanager
def _back(site: Site, _: Fault) -> Iterator[Expected]:
    site.clock.step(-_HOUR_S)
    yield Expected()


@contextlib.contextmanager
def _slow(site: Site, fault: Fault) -> Iterator[Expected]:
    """Every publisher takes that long to answer, in the midst of polls."""
    site.wait_publishers(fault.lasts_s)
    _ask_for_polls(site, fault)
    yield Expected()
    site.wait_publishers(0)


@contextlib.contextmanager
def _silent(site: Site, fault: Fault) -> Iterator[Expected]:
    """Every publisher takes connections and says nothing."""
    site.wait_publishers(FOREVER_S)
    _ask_for_polls(site, fault)
    yield Expected()
    site.wait_publishers(0)


@contextlib.contextmanager
def _deliveries(site: Site, fault: Fault) -> Iterator[Expected]:
    """The broker gives the same messages several times, and in any order."""
    dice = random.Random(fault.which)
    messages = [("poll", (feed,), "feeds", f"{fault.which}-{feed}") for feed in FOLLOWED]
    messages += [(task, (), "upkeep", f"{fault.which}-{task}") for task in _UPKEEP]
    messages *= 3
    dice.shuffle(messages)
    for task, arguments, queue, task_id in messages:
        site.deliver(task, *arguments, queue=queue, task_id=task_id)
    yield Expected()


@contextlib.contextmanager
def _failover(site: Site, _: Fault) -> Iterator[Expected]:
    """The primary ends for good; the other is promoted, and gets a replica only later.

    As long as there is none nothing can be confirmed: what is written meanwhile is repeated.
    """
    assert isinstance(site.backing, ReplicatedRedis)
    servers = site.backing.servers
    gone = servers.kill_primary()
    yield Expected(STORE, unready=True)
    servers.wait_for_failover(gone)
    servers.start_again()


def _ask_for_polls(site: Site, fault: Fault) -> None:
    for feed in FOLLOWED:
        site.deliver("poll", feed, queue="feeds", task_id=f"{fault.which}-{feed}")


def wait_polled(site: Site) -> None:
    """Return when a feed has been fetched anew; all are asked for as beat would.

    A feed whose poll was under way in a worker that was killed is left alone for a minute.
    """
    before, asked = site.polled(), 0.0

    def fetched() -> bool:
        nonlocal asked
        if time.monotonic() - asked > _ASK_EVERY_S:
            asked = time.monotonic()
            for feed in FOLLOWED:
                site.deliver("poll", feed, queue="feeds")
        return site.polled() != before

    wait_until(fetched)


WAYS: Final[dict[Kind, Way]] = {
    Kind.WEB: _web,
    Kind.WORKER: _worker,
    Kind.BEAT: _beat,
    Kind.REDIS: _redis,
    Kind.TORN: _torn,
    Kind.POWER: _power,
    Kind.DISK: _disk,
    Kind.PAUSE: _pause,
    Kind.AHEAD: _ahead,
    Kind.BACK: _back,
    Kind.SLOW: _slow,
    Kind.SILENT: _silent,
    Kind.DELIVERIES: _deliveries,
    Kind.FAILOVER: _failover,
}

POLLS: Final = frozenset(Kind) - {Kind.WEB, Kind.AHEAD, Kind.BACK, Kind.BEAT}
"""After these it is waited until feeds are polled again."""
