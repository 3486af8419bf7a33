"""The worker's run: it follows the log, writes proposals, and gives way to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from cop.errors import StoreUnavailable
from cop.model.entity import Kind
from cop.model.kinds import Fusion, decode
from cop.model.record import Answer, Record, Write, put
from cop.services.fusion.keeper import LOCK, FusionKeeper
from cop.store.memory import MemoryStore
from tests.unit.services.fusion.making import NIGHT, report

TREE = "Fallen tree at 123 Nathan Road"


def add(store: MemoryStore, *entities: Any) -> None:
    """Write entities as people and feeds do."""
    store.write([put(one) for one in entities], fetched_ms=0)


def fusions(store: MemoryStore) -> list[Fusion]:
    """List the fusions on the picture."""
    found = [decode(record.body) for record in store.by_kind(Kind.FUSION).values()]
    return [one for one in found if isinstance(one, Fusion)]


def test_it_proposes_and_withdraws() -> None:
    """What arrives is proposed, what leaves is withdrawn, and a quiet run writes nothing."""
    store = MemoryStore()
    keeper = FusionKeeper(store)
    assert keeper.run(NIGHT) == 0
    add(store, report("a", TREE), report("b", TREE, minutes=4))
    assert keeper.run(NIGHT) == 1
    assert [one.members for one in fusions(store)] == [("incident:a", "incident:b")]
    cursor = store.cursor()
    assert [keeper.run(NIGHT) for _ in range(3)] == [0, 0, 0]
    assert store.cursor() == cursor
    store.write([Write("incident:b", Kind.INCIDENT, None)], fetched_ms=0)
    assert keeper.run(NIGHT) == 1
    assert fusions(store) == []


def test_a_second_process_writes_nothing_more() -> None:
    """A keeper begun anew on the same picture finds it right."""
    store = MemoryStore()
    add(store, *(report(str(n), TREE, minutes=n) for n in range(5)))
    assert FusionKeeper(store).run(NIGHT) == 1
    assert FusionKeeper(store).run(NIGHT) == 0


def test_one_at_a_time() -> None:
    """While another process works, a run does nothing; what it missed it does later."""
    store = MemoryStore()
    add(store, report("a", TREE), report("b", TREE))
    keeper = FusionKeeper(store)
    token = store.lock(LOCK, ttl_ms=60_000)
    assert token is not None
    assert keeper.run(NIGHT) == 0
    store.unlock(LOCK, token)
    assert keeper.run(NIGHT) == 1


def test_after_the_log_was_cut() -> None:
    """A keeper whose place in the log is gone reads everything anew."""
    store = MemoryStore()
    keeper = FusionKeeper(store)
    keeper.run(NIGHT)
    for name in "abc":
        add(store, report(name, TREE))
    store.trim(1, tombstones_before_ms=0)
    assert keeper.run(NIGHT) == 1
    assert len(fusions(store)[0].members) == 3


class _Interrupted(MemoryStore):
    """A store in which a person changes the proposal just before it is written again."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Write] = []
        self.broken = False

    def write(self, writes: Sequence[Write], **options: Any) -> Answer:
        """Let the person write first."""
        if self.broken:
            self.broken = False
            raise StoreUnavailable("gone")
        if self.meanwhile and any(write.kind is Kind.FUSION for write in writes):
            first, self.meanwhile = self.meanwhile, []
            super().write(first, fetched_ms=0)
        return super().write(writes, **options)


def test_a_person_was_faster() -> None:
    """A proposal that a person has just confirmed is not overwritten; the next run adapts."""
    store = _Interrupted()
    keeper = FusionKeeper(store)
    add(store, report("a", TREE), report("b", TREE), report("z", "Flood", east=4_000))
    keeper.run(NIGHT)
    confirmed = fusions(store)[0].model_copy(update={"status": "confirmed"})
    confirmed = Fusion.model_validate(dict(confirmed))
    store.meanwhile = [put(confirmed)]
    add(store, report("c", TREE, minutes=2), report("y", "Flood", east=4_000))
    assert keeper.run(NIGHT) == 1  # what nobody else touched was written all the same
    assert confirmed in fusions(store)
    assert keeper.run(NIGHT) == 1
    by_status = {
        one.status: one.members for one in fusions(store) if "incident:z" not in one.members
    }
    assert by_status == {
        "confirmed": ("incident:a", "incident:b"),
        "proposed": ("incident:a", "incident:c"),
    }
    assert keeper.run(NIGHT) == 0


def test_a_store_that_fails() -> None:
    """A run that could not write is told, gives the lock back, and is made good by the next."""
    store = _Interrupted()
    keeper = FusionKeeper(store)
    add(store, report("a", TREE), report("b", TREE))
    store.broken = True
    with pytest.raises(StoreUnavailable):
        keeper.run(NIGHT)
    assert keeper.run(NIGHT) == 1


def test_many_at_once() -> None:
    """More proposals than fit in one write are written in several."""
    store = MemoryStore()
    for begin in range(0, 450, 50):
        add(
            store,
            *(
                report(f"{n}-{letter}", TREE, east=1_500.0 * (n % 30), north=1_500.0 * (n // 30))
                for n in range(begin, begin + 50)
                for letter in "ab"
            ),
        )
    assert FusionKeeper(store).run(NIGHT) == 450
    assert all(isinstance(one, Record) for one in store.by_kind(Kind.FUSION).values())


def test_a_report_that_cannot_be_read_stops_nobody() -> None:
    """One that another version wrote is left out; the others are proposed as ever."""
    store = MemoryStore()
    store.write([replace(put(report("odd", "x")), body=b'{"kind":"incident"}')], fetched_ms=0)
    add(store, report("a", TREE), report("b", TREE, minutes=4))
    keeper = FusionKeeper(store)
    assert keeper.run(NIGHT) == 1
    assert keeper.run(NIGHT) == 0
