"""What looks at cameras, or speaks with partners, is missed only where there is something to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from cop.clock import RealClock
from cop.model.entity import Entity
from cop.model.exchange import Partner
from cop.model.kinds import FeedStatus
from cop.model.record import Write, put
from cop.services.replica import Replica
from cop.store.memory import MemoryStore

STATUS = FeedStatus(
    id="feed_status:vision", publisher="COP", every_s=120, stale_after_s=370, licence=""
)
PARTNER = Partner(id="partner:gd", publisher="COP")


@pytest.fixture
def store() -> MemoryStore:
    """Give a store in which the others are up."""
    made = MemoryStore()
    for name in ("worker:host:1", "beat:host:2"):
        made.mark(name, "", ttl_ms=3_600_000)
    return made


@pytest.fixture
def replica(store: MemoryStore) -> Iterator[Replica]:
    """Give a replica that follows it."""
    made = Replica(store, RealClock())
    made.start()
    yield made
    made.stop()


def until(holds: Callable[[], bool]) -> None:
    """Wait until *holds*."""
    end = time.monotonic() + 45
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("part", "needed"), [("vision", STATUS), ("exchange", PARTNER)], ids=["cameras", "partners"]
)
def test_nothing_is_missed_where_nothing_is_to_be_done(
    store: MemoryStore, replica: Replica, part: str, needed: Entity
) -> None:
    """Without cameras or partners nobody is told; with them, since when; no more once they go."""
    until(lambda: replica.health.beat)
    assert not getattr(replica.health, part)
    assert replica.health.since == {}
    store.write([put(needed)], fetched_ms=1)
    until(lambda: set(replica.health.since) == {part})
    store.mark(f"{part}:host:3", "", ttl_ms=3_600_000)
    until(lambda: getattr(replica.health, part) and not replica.health.since)
    store.mark(f"{part}:host:3", "", ttl_ms=1)
    until(lambda: set(replica.health.since) == {part})
    store.write([Write(needed.id, needed.kind, None)], fetched_ms=2)
    until(lambda: not replica.health.since)
    assert not getattr(replica.health, part)


def test_a_part_is_not_the_whole(store: MemoryStore, replica: Replica) -> None:
    """A process that looks at some cameras only, or only shows them, does not stand for all."""
    store.write([put(STATUS)], fetched_ms=1)
    for name in ("vision-1:host:4", "view:host:5"):
        store.mark(name, "", ttl_ms=3_600_000)
    until(lambda: set(replica.health.since) == {"vision"})
