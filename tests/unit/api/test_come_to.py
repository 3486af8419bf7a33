"""A phone that was nudged by one web process asks another, which may be a little behind."""

from __future__ import annotations

import asyncio
import itertools
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cop.api.web import come_to


class _Behind:
    """A replica that comes to each cursor when it is asked where it is."""

    def __init__(self, *cursors: str) -> None:
        self.cursors = list(cursors)
        self.asked = 0

    def state(self) -> tuple[str, frozenset[str]]:
        self.asked += 1
        return self.cursors[min(self.asked, len(self.cursors)) - 1], frozenset()


def wait(replica: _Behind, after: str) -> None:
    """Wait for *after* as a route does."""
    asyncio.run(come_to(cast("Any", replica), after))


def test_it_is_waited_until_the_copy_has_come_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is made from a picture that knows what the phone was told of."""
    monkeypatch.setattr("cop.api.web._BEHIND_S", 45.0)
    replica = _Behind("", "9-0", "10-1", "10-2", "11-0")
    wait(replica, "10-2")
    assert replica.asked == 4


@pytest.mark.parametrize("after", ["", "yesterday", "5-0", "1-2-3"])
def test_what_is_no_later_cursor_holds_nobody_up(after: str) -> None:
    """Nothing, nonsense, or a cursor that is past already: the answer comes at once."""
    replica = _Behind("6-0")
    wait(replica, after)
    assert replica.asked <= 1


def test_a_copy_that_stands_still_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a moment the answer is what there is: late is better than never."""
    ticks = itertools.count(step=0.3)  # a look takes that long
    clock = SimpleNamespace(monotonic=lambda: next(ticks))
    monkeypatch.setattr("cop.api.web.time", clock)
    replica = _Behind("6-0")
    wait(replica, "7-0")
    assert replica.asked >= 1
