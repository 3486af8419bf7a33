"""A crowd of simulated viewers, and when each version of a site was there for them to find."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from bench.web_process import ended

LOOK_EVERY_S: Final = 0.005


@dataclass(slots=True)
class Crowd:
    """Viewers in a process of their own that have all arrived.

    Attributes:
        arrival: what they had fetched when the last had everything.
    """

    process: subprocess.Popen[bytes]
    arrival: dict[str, Any]

    def tell(self) -> dict[str, Any]:
        """Give what they have seen since they were last asked; see `bench.public_viewers`."""
        return _ask(self.process)


def _ask(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"\n")
    process.stdin.flush()
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


@contextlib.contextmanager
def crowd(port: int, count: int, arrive_s: float) -> Iterator[Crowd]:
    """Let *count* viewers arrive on *port* within *arrive_s* seconds; they leave at the end."""
    command = [sys.executable, "-m", "bench.public_viewers", str(port), str(count), str(arrive_s)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with ended(process):
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield Crowd(process, _ask(process))


class Lookout:
    """Notes when the pointer of a site first named each version: seconds since 1970."""

    def __init__(self, pointer: Path) -> None:
        """Watch the file *pointer*; `close` when it is enough."""
        self._pointer = pointer
        self._over = threading.Event()
        self._last = 0
        self.found: dict[int, float] = {}
        self._look()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        file, at = self._pointer.stat().st_ino, time.time()
        if file != self._last:
            self._last = file
            version = json.loads(self._pointer.read_bytes())["version"]
            self.found.setdefault(version, at)

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self._look()

    def close(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()


@dataclass(slots=True)
class Meter:
    """CPU seconds that named processes, with all below them, have used."""

    processes: dict[str, psutil.Process]

    def read(self) -> dict[str, float]:
        """Give user and system seconds by name."""
        return {name: _spent(process) for name, process in self.processes.items()}


def _spent(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)
