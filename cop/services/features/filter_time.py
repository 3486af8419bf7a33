"""Times in filters: moments, days and intervals, and how they can lie to each other.

A day is the whole day in UTC. What lies between two times is told by their begins and ends, both
included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from cop.services.features.cql2 import wrong
from cop.services.features.subject import Operand, Subject, Test, Truth
from cop.services.features.times import Span, read_moment

Relation = Callable[[Span, Span], bool]

RELATIONS: Final[Mapping[str, Relation]] = {
    "t_after": lambda a, b: a[0] > b[1],
    "t_before": lambda a, b: a[1] < b[0],
    "t_contains": lambda a, b: a[0] < b[0] and a[1] > b[1],
    "t_disjoint": lambda a, b: a[1] < b[0] or a[0] > b[1],
    "t_during": lambda a, b: a[0] > b[0] and a[1] < b[1],
    "t_equals": lambda a, b: a == b,
    "t_finishedby": lambda a, b: a[0] < b[0] and a[1] == b[1],
    "t_finishes": lambda a, b: a[0] > b[0] and a[1] == b[1],
    "t_intersects": lambda a, b: a[1] >= b[0] and a[0] <= b[1],
    "t_meets": lambda a, b: a[1] == b[0],
    "t_metby": lambda a, b: a[0] == b[1],
    "t_overlappedby": lambda a, b: b[0] < a[0] < b[1] < a[1],
    "t_overlaps": lambda a, b: a[0] < b[0] < a[1] < b[1],
    "t_startedby": lambda a, b: a[0] == b[0] and a[1] > b[1],
    "t_starts": lambda a, b: a[0] == b[0] and a[1] < b[1],
}

_COMPARE: Final[Mapping[str, Relation]] = {
    "=": lambda a, b: a[0] <= b[1] and a[1] >= b[0],
    "<>": lambda a, b: a[0] > b[1] or a[1] < b[0],
    "<": lambda a, b: a[1] < b[0],
    "<=": lambda a, b: a[0] <= b[1],
    ">": lambda a, b: a[0] > b[1],
    ">=": lambda a, b: a[1] >= b[0],
}
"""A moment is equal to a day that it lies in."""


def moment(words: object) -> Operand:
    """Read a literal time.

    Raises:
        Invalid: it is none.
    """
    span = _read(words)
    return Operand("time", lambda _: span)


def interval(begin: Operand | str, end: Operand | str) -> Operand:
    """Put a time together from two ends; `..` is open.

    Raises:
        Invalid: an end is no time, or a literal interval ends before it begins.
    """
    first, last = _end(begin, -math.inf), _end(end, math.inf)
    if isinstance(first, tuple) and isinstance(last, tuple) and last[1] < first[0]:
        raise wrong("an interval ends before it begins")

    def of(subject: Subject) -> Span | None:
        one = first if isinstance(first, tuple) else first(subject)
        two = last if isinstance(last, tuple) else last(subject)
        return None if one is None or two is None else (one[0], two[1])

    return Operand("time", of, instant=False)


def _end(end: Operand | str, open_at: float) -> Span | Callable[[Subject], Span | None]:
    if isinstance(end, Operand):
        return end.of
    return (open_at, open_at) if end == ".." else _read(end)


def _read(words: object) -> Span:
    try:
        return read_moment(str(words))
    except ValueError:
        told = str(words)[:60]
        raise wrong(f"{told!r} is no time: write 2026-09-07T15:04:05Z or 2026-09-07") from None


def relate_times(name: str, one: Operand, two: Operand) -> Test:
    """Make the test whether two times lie to each other as *name*, of `RELATIONS`, says."""
    return _test(RELATIONS[name], one, two)


def compare_times(op: str, one: Operand, two: Operand) -> Test:
    """Make the test that compares two moments or days."""
    return _test(_COMPARE[op], one, two)


def _test(holds: Relation, one: Operand, two: Operand) -> Test:
    left, right = one.of, two.of

    def test(subject: Subject) -> Truth:
        first, second = left(subject), right(subject)
        return None if first is None or second is None else holds(first, second)

    return test
