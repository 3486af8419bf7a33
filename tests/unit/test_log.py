"""Which id a request goes by, and what stands on each line of the log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.contextvars import clear_contextvars, get_contextvars

from cop.log import begin_request, begin_task, end_task, request_id

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(autouse=True)
def nothing_bound() -> Iterator[None]:
    """Begin and end without anything on the lines."""
    clear_contextvars()
    yield
    clear_contextvars()


@pytest.mark.parametrize(
    ("given", "traceparent", "called"),
    [
        ("order-7.a_B", "", "order-7.a_B"),
        ("order-7.a_B", TRACE, "order-7.a_B"),
        ("", TRACE, TRACE[3:35]),
        ("short", TRACE, TRACE[3:35]),
    ],
    ids=["given", "given-first", "trace", "too-short"],
)
def test_a_well_formed_id_is_taken(given: str, traceparent: str, called: str) -> None:
    """What the asker, or a tracer before us, calls the request is its id."""
    assert begin_request(given, traceparent) == called == request_id()


@pytest.mark.parametrize(
    ("given", "traceparent"),
    [
        ("", ""),
        ("x" * 65, ""),
        ("two words", "00-zz"),
        ('quote"line\n', "ff" + TRACE[2:]),
        ("", TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32)),
    ],
    ids=["none", "too-long", "blank", "line-end", "no-trace"],
)
def test_otherwise_there_is_a_new_one(given: str, traceparent: str) -> None:
    """Nothing that could break a line, or fill the log, gets into it; each request has its own."""
    first, second = (begin_request(given, traceparent) for _ in range(2))
    assert first != second
    assert len(first) == 32
    assert given not in {first, second}


def test_lines_of_a_task_name_it_and_what_asked_for_it() -> None:
    """Nothing of the task before is left; a request's id is taken only if it is one."""
    begin_request("of-before", "")
    begin_task("poll", "t1", "request-1")
    assert get_contextvars() == {"task": "poll", "task_id": "t1", "request_id": "request-1"}
    begin_task("poll", "t2", "a\nb")
    assert get_contextvars() == {"task": "poll", "task_id": "t2"}
    end_task()
    assert get_contextvars() == {}
