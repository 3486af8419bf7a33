"""Structured logs: JSON lines outside a terminal, never with personal data.

Each line that is written for a request has its `request_id`; each that is written for a task has
`task_id` and `task`, and the `request_id` of the request that asked for it, where one did.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
from typing import Final

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

_GIVEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_SPEAK_THEMSELVES: Final = ("uvicorn", "uvicorn.error")
"""Loggers whose program gives them a form of their own before it runs ours."""
_TRACE: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def begin_request(given: str, traceparent: str) -> str:
    """Give the id of a request, and write it on every line that is logged for it from now on.

    Args:
        given: what the asker calls it; taken if it has 8 to 64 letters, digits, `.`, `_` or `-`.
        traceparent: the header of W3C Trace Context; the trace's id is taken where nothing is
            given.

    Returns:
        One of both, or a new random one.
    """
    trace = _TRACE.match(traceparent)
    called = given if _GIVEN.fullmatch(given) else trace[1] if trace else secrets.token_hex(16)
    bind_contextvars(request_id=called)
    return called


def request_id() -> str:
    """Give the id of the request that is served here; "" where there is none."""
    return str(get_contextvars().get("request_id", ""))


def begin_task(task: str, task_id: str, request: str) -> None:
    """Write on every line from now on for which task it is, and by which *request*, if any."""
    clear_contextvars()
    bind_contextvars(task=task, task_id=task_id)
    if _GIVEN.fullmatch(request):
        bind_contextvars(request_id=request)


def end_task() -> None:
    """Write none of that any more."""
    clear_contextvars()


def configure(*, level: int = logging.INFO) -> None:
    """Set up logs once per process; *level* is the least that is written.

    What libraries say, from warnings on, goes the same way: the server's words on a request that
    failed have its id.
    """
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _SPEAK_THEMSELVES:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
