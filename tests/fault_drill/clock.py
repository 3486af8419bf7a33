"""The wall clock of all processes of a drill, which can be stepped while they run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).with_name("clock_step.c")
_FLAGS: Final = ("-shared", "-fPIC", "-O2", "-nostdlib")
_NANO: Final = 10**9


def why_not() -> str:
    """Tell why no clock can be stepped on this machine; "" where one can."""
    if not sys.platform.startswith("linux"):
        return "only Linux lets a clock be stood in for"
    if _compiler() is None:
        return "there is no C compiler"
    return ""


def _compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")


class WallClock:
    """A clock that what is started with `environment` goes by; monotonic time is left alone.

    Attributes:
        ahead_s: by how much it goes wrong now.
    """

    def __init__(self, folder: Path) -> None:
        """Build what steps it in *folder*, where this machine can."""
        self.ahead_s = 0
        self._library = folder / "clock_step.so"
        self._file = folder / "clock_step"
        self._file.write_bytes(bytes(8))
        if not why_not():
            command = [str(_compiler()), *_FLAGS, "-o", str(self._library), str(_SOURCE)]
            subprocess.run(command, check=True)

    def environment(self) -> Mapping[str, str]:
        """Give what a process is to be started with."""
        if not self._library.exists():
            return {}
        return {"LD_PRELOAD": str(self._library), "CLOCK_STEP_FILE": str(self._file)}

    def step(self, seconds: int) -> None:
        """Set it forward by so many seconds, or back, for every process in one moment."""
        self.ahead_s += seconds
        with self._file.open("r+b", buffering=0) as file:
            file.write((self.ahead_s * _NANO).to_bytes(8, sys.byteorder, signed=True))
