"""End a process with the one that started it, even when that one was killed without warning."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with_parent(sig: signal.Signals, parent: int) -> None:
    """Ask the kernel to send *sig* to this process when the thread that started it ends.

    Only Linux can; elsewhere an orderly stop still ends everything. *parent* is the process id
    of who started this one: if it is gone already, the signal comes at once.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), sig)
