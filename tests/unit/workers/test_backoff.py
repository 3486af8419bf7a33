from __future__ import annotations

import contextlib

import pytest

from cop.errors import FetchError
from cop.store.memory import MemoryStore
from workers.backoff import FIRST_S, LONGEST_S, Backoff


class Time:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def time() -> Time:
    """Give a clock."""
    return Time()


def waits(store: MemoryStore, time: Time, *, speed: float = 1.0) -> float:
    """Tell for how many seconds the host is left alone from now on."""
    for seconds in range(1000):
        later = Backoff(store, speed=speed, now=lambda: time.now + seconds)  # noqa: B023
        with contextlib.suppress(FetchError):
            later.check("e.test")
            return seconds
    raise AssertionError("it is never asked again")


def test_a_host_that_answers_is_asked(time: Time) -> None:
    """A host of which nothing bad is known may be asked."""
    Backoff(MemoryStore(), now=time).check("e.test")


def test_waiting_doubles_up_to_ten_minutes(time: Time) -> None:
    """Each failure doubles the waiting time, up to the longest, and all workers share it."""
    store = MemoryStore()
    seen = []
    for _ in range(8):
        Backoff(store, now=time).failed("e.test")
        seen.append(waits(store, time))
    assert seen == [FIRST_S, 20, 40, 80, 160, 320, LONGEST_S, LONGEST_S]


def test_success_ends_the_waiting(time: Time) -> None:
    """A host that answered is asked at once, in every worker."""
    store = MemoryStore()
    backoff = Backoff(store, now=time)
    backoff.failed("e.test")
    backoff.succeeded("e.test")
    backoff.check("e.test")


def test_hosts_are_apart(time: Time) -> None:
    """One host's failure keeps nobody from asking another."""
    backoff = Backoff(MemoryStore(), now=time)
    backoff.failed("e.test")
    backoff.check("f.test")
    with pytest.raises(FetchError, match=r"e\.test did not answer; it is asked again in 10 s"):
        backoff.check("e.test")


def test_a_fast_exercise_waits_less(time: Time) -> None:
    """Waiting shrinks with the speed, or an outage of a minute would last the whole exercise."""
    store = MemoryStore()
    Backoff(store, speed=5, now=time).failed("e.test")
    assert waits(store, time, speed=5) == FIRST_S / 5


def test_a_clock_that_was_set_back_leaves_nobody_alone_for_an_hour(time: Time) -> None:
    """What lies further ahead than the longest waiting time was noted by another clock."""
    store = MemoryStore()
    Backoff(store, now=time).failed("e.test")
    time.now -= 3600
    Backoff(store, now=time).check("e.test")
