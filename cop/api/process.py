"""What a web process sees to before it serves: room for sockets, no long pauses, no hoard."""

from __future__ import annotations

import gc
import resource
from typing import Final

import structlog

from cop.allocator import return_memory
from cop.api.viewers import MOST_STREAMS

log = structlog.get_logger(__name__)

MOST_FILES: Final = 65_536
"""More are not asked for: some programs count through all that they might have."""
_OTHERS: Final = 1_000
"""Open files that are no streams."""


def prepare() -> None:
    """Make this process, which does nothing else, ready to hold many streams."""
    return_memory()
    most = raise_files()
    if most < MOST_STREAMS + _OTHERS:
        log.warning("few_files", most=most, wanted=MOST_STREAMS + _OTHERS)
    # What is imported stays: looking through it for garbage would stop every stream now and then.
    gc.collect()
    gc.freeze()


def raise_files() -> int:
    """Raise the number of files that may be open, as far as this process may; tell it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft == resource.RLIM_INFINITY or soft >= most:
        return MOST_FILES if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
