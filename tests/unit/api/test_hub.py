"""The hub with connections that misbehave in ways a real one hardly can be made to."""

from __future__ import annotations

from typing import Any

import pytest

from cop.api.hub import PARTS, Hub
from cop.api.viewers import Viewer
from cop.clock import RealClock
from cop.model.access import Audience
from cop.services.frames import Frame, Ring
from cop.services.policy import ANYBODY
from cop.services.replica import Health, Replica, Restart
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore


class Wire:
    """A transport that takes bytes, or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.pieces: list[bytes] = []
        self.fails = fails
        self.aborted = False

    def is_closing(self) -> bool:
        """Tell whether it was cut."""
        return self.aborted

    def get_write_buffer_size(self) -> int:
        """Tell that nothing is held back."""
        return 0

    def write(self, data: bytes) -> None:
        """Take *data*."""
        if self.fails:
            raise RuntimeError("the handler is closed")
        self.pieces.append(data)

    @property
    def sent(self) -> bytes:
        """All that was taken."""
        return b"".join(self.pieces)

    def abort(self) -> None:
        """Cut it."""
        self.aborted = True


class Cycle:
    """The server's side of one request."""

    keep_alive = True

    def __init__(self, wire: Wire) -> None:
        self.transport = wire


@pytest.fixture
def hub() -> Hub:
    """Give a hub whose replica has just read an empty picture."""
    hub = Hub(Replica(MemoryStore(), RealClock()), MemoryAccounts(), operation="x", exercise=False)
    hub._receive(Restart(Ring("1-0")))
    hub._pump()
    return hub


def join(hub: Hub, wire: Wire, after: str = "1-0") -> Viewer:
    """Open a stream on *wire*."""
    cycle: Any = Cycle(wire)
    viewer = Viewer(cycle, ANYBODY, "127.0.0.1", after)
    hub.join(viewer)
    return viewer


def test_a_connection_that_fails_costs_the_others_nothing(hub: Hub) -> None:
    """An error in one socket ends that stream alone; everybody else gets the change."""
    wires = [Wire() for _ in range(9)]
    for wire in wires:
        join(hub, wire)
    wires[4].fails = True
    hub._receive(Frame("2-0", {Audience.PUBLIC: b"event: picture\n\n"}))
    hub._pump()
    assert [b"event: picture" in wire.sent for wire in wires] == [n != 4 for n in range(9)]
    assert [wire.aborted for wire in wires] == [n == 4 for n in range(9)]
    assert len(hub._everyone()) == 8


def test_half_of_a_batch_is_told_to_begin_anew(hub: Hub) -> None:
    """Who comes from a faster process, in the middle of what is a batch here, reads anew."""
    middle, end = Wire(), Wire()
    join(hub, middle, after="2-0")
    join(hub, end, after="3-0")
    hub._receive(Frame("3-0", {Audience.PUBLIC: b"event: picture\n\n"}, begins="2-0"))
    hub._pump()
    assert b"event: resync" in middle.sent
    assert b"event: picture" not in middle.sent + end.sent
    assert b"event: resync" not in end.sent
    assert not hub._ahead


@pytest.mark.parametrize("after", ["1-1", "9-0"], ids=["earlier", "later"])
def test_who_comes_from_a_log_before_a_failover_begins_anew(hub: Hub, after: str) -> None:
    """A cursor of another line is resumed from nowhere, whatever the clocks of the two said."""
    hub._receive(Restart(Ring(f"5-{7 << 32}")))
    hub._pump()
    wire = Wire()
    join(hub, wire, after=after)
    assert wire.sent.count(b"event: resync") == 1
    assert not hub._ahead
    hub._receive(Frame(f"6-{7 << 32}", {Audience.PUBLIC: b"event: picture\n\n"}))
    hub._pump()
    assert b"event: picture" in wire.sent


def test_beats_go_round(hub: Hub) -> None:
    """Everybody has one in a round, part by part; that something is down is told to all at once."""
    wires = [Wire() for _ in range(3 * PARTS)]
    for wire in wires:
        join(hub, wire)
        wire.pieces.clear()
    for tick in range(1, PARTS + 1):
        hub._tick()
        assert sum(b"event: health" in wire.sent for wire in wires) == 3 * tick
    assert all(wire.sent.count(b"event: health") == 1 for wire in wires)
    hub._receive(Health())
    hub._pump()
    assert all(wire.sent.count(b"event: health") == 2 for wire in wires)


def test_a_beat_does_not_say_a_cursor_that_is_not_there_yet(hub: Hub) -> None:
    """Who came with a later cursor than ours would take ours for theirs, and have it twice."""
    ahead, here = Wire(), Wire()
    join(hub, ahead, after="5-0")
    join(hub, here)
    for wire in (ahead, here):
        wire.pieces.clear()
    for _ in range(PARTS):
        hub._tick()
    assert b"event: health" in ahead.sent
    assert b"id: " not in ahead.sent
    assert b"id: 1-0\n" in here.sent


def test_what_all_have_missed_is_in_memory_once(hub: Hub) -> None:
    """After a restart everybody comes with one cursor: what they are given are the same bytes."""
    body = b"event: picture\n\n" * 1000
    hub._receive(Frame("2-0", {Audience.PUBLIC: body}))
    hub._pump()
    wires = [Wire() for _ in range(5)]
    for wire in wires:
        join(hub, wire)
    missed = [next(one for one in wire.pieces if body in one) for wire in wires]
    assert all(one is missed[0] for one in missed)
    hub._receive(Frame("3-0", {Audience.PUBLIC: b"event: picture\ndata: new\n\n"}))
    hub._pump()
    late = Wire()
    join(hub, late)
    assert late.sent.index(body) < late.sent.index(b"data: new") < late.sent.index(b"id: 3-0\n")
    assert all(wire.sent.count(b"data: new") == 1 for wire in wires)


def test_of_who_leaves_nothing_is_kept(hub: Hub) -> None:
    """However many came and went, by whichever cursor."""
    for number in range(200):
        viewer = join(hub, Wire(), after=f"{number + 1}-0")
        assert hub.viewers == 1
        hub.leave(viewer)
    assert hub.viewers == 0
    assert not hub._everyone()
    assert not any(hub._viewers.values())
    assert not hub._ahead
    assert not hub._addresses
