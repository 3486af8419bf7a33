"""The hub with connections that misbehave in ways a real one hardly can be made to."""

from __future__ import annotations

from typing import Any

import pytest

from cop.api.hub import Hub
from cop.api.viewers import Viewer
from cop.clock import RealClock
from cop.model.access import Audience
from cop.services.frames import Frame, Ring
from cop.services.policy import ANYBODY
from cop.services.replica import Replica, Restart
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore


class Wire:
    """A transport that takes bytes, or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.sent = b""
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
        self.sent += data

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
