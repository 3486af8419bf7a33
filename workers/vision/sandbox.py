"""What a process that decodes frames may use, and what is made of a decoder that stumbles."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import cv2

from cop.model.sight import CameraState
from workers.vision.frame import Unusable

MEMORY: Final = 768 * 1024 * 1024
"""Bytes that looking at cameras may take beyond what the process has when it begins.

The largest frame that is let in, 4096 × 4096, takes 50 MB as pixels; a look holds a few of it.
"""

_Given = TypeVar("_Given")


def prepare(memory: int = MEMORY) -> None:
    """Make this process fit for frames: one thread of OpenCV, *memory* more bytes and no more."""
    cv2.setNumThreads(1)
    limit_memory(memory)


def limit_memory(more: int) -> None:
    """Let this process take *more* bytes than it has now; past that an allocation fails.

    The limit is that of data (RLIMIT_DATA), which Linux counts for all memory that is private and
    writable; address space alone is not limited, since runtimes reserve far more than they use.
    Elsewhere than on Linux nothing is limited. A limit that is lower already stays.
    """
    if sys.platform != "linux":
        return
    status = Path("/proc/self/status").read_text("ascii", "replace")
    has = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = has * 1024 + more
    lower = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([wanted, *lower]), hard))


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Turn what OpenCV or a lack of memory raises inside into Unusable: *what* is broken."""
    try:
        yield
    except MemoryError as error:
        raise Unusable(CameraState.BROKEN, f"{what} takes more memory than it may") from error
    except cv2.error as error:
        raise Unusable(CameraState.BROKEN, f"{what} cannot be decoded") from error


def overhear(call: Callable[[], _Given]) -> tuple[_Given, str]:
    """Give what *call* gives, and what was written on stderr meanwhile, at most 4 kB of it.

    libjpeg tells of damage there and nowhere else, and then gives a picture made up in part. What
    it writes is kept from the log. For a process of one thread: what others write is lost.
    """
    heard = os.memfd_create("stderr")
    try:
        usual = os.dup(2)
        try:
            os.dup2(heard, 2)
            try:
                given = call()
            finally:
                os.dup2(usual, 2)
        finally:
            os.close(usual)
        return given, os.pread(heard, 4096, 0).decode("utf-8", "replace")
    finally:
        os.close(heard)
