"""What the C library does with memory that is given back to it."""

from __future__ import annotations

import ctypes
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""Numbers of glibc's `malloc.h`."""

_LARGE: Final = 128 * 1024
_ARENAS: Final = 2


def return_memory() -> None:
    """Let what was given back go back to the system; call it before threads are started.

    Frames, documents and polls are objects of hundreds of KiB that come and go in several threads.
    Left to itself glibc, once it has been given such a one back, takes the next from the heap, up
    to 32 MiB each, and has a heap for each thread: what lives on in between keeps the rest from
    being returned. Source: mallopt(3). Does nothing where there is no such function.
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune is not None:
        for name, value in (
            (_TRIM_THRESHOLD, _LARGE),
            (_MMAP_THRESHOLD, _LARGE),
            (_ARENA_MAX, _ARENAS),
        ):
            tune(name, value)
