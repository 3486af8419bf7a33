"""Beat sends what is due, and nothing more to a queue from which nobody takes."""

from __future__ import annotations

import pytest

from workers import backlog as module
from workers.backlog import MOST_WAITING, Backlog


class Broker:
    """Queues, the time, and what is made of both.

    Attributes:
        waiting: how many messages each queue holds.
        answers: whether it does.
        asked: how often it was asked.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin empty."""
        self.waiting: dict[str, int] = {}
        self.answers = True
        self.asked = 0
        self.now = 100.0
        monkeypatch.setattr(module.time, "monotonic", lambda: self.now)
        self.backlog = Backlog(self.count)

    def count(self, queue: str) -> int:
        """Tell how many wait."""
        self.asked += 1
        if not self.answers:
            raise ConnectionError("gone")
        return self.waiting.get(queue, 0)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    """Give a broker on which nothing waits."""
    return Broker(monkeypatch)


def test_a_full_queue_is_given_no_more(broker: Broker) -> None:
    """While nobody takes anything its queue stays as it is; others, and it later, go on."""
    broker.waiting = {"feeds": MOST_WAITING}
    assert not broker.backlog.has_room("feeds")
    assert broker.backlog.has_room("upkeep")
    broker.waiting = {"feeds": MOST_WAITING - 1}
    assert not broker.backlog.has_room("feeds")
    broker.now += module.COUNT_EVERY_S
    assert broker.backlog.has_room("feeds")


def test_queues_are_counted_seldom(broker: Broker) -> None:
    """Hundreds of entries in a moment cost one question for each queue."""
    assert all(broker.backlog.has_room("feeds") for _ in range(300))
    assert broker.asked == 1


def test_a_broker_that_does_not_answer_is_not_a_full_one(broker: Broker) -> None:
    """What cannot be counted is tried: the sending says what is wrong."""
    broker.waiting, broker.answers = {"feeds": MOST_WAITING}, False
    assert broker.backlog.has_room("feeds")
