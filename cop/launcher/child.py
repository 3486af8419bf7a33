"""A process that the launcher starts, watches, starts again and ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Final

from workers.lifeline import die_with_parent

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0
_HEALTHY_AFTER_S: Final = 60.0


class Child:
    """One process in a process group of its own, so that a Ctrl-C reaches the launcher alone.

    Attributes:
        name: as it is called in messages.
        deaths: how often in a row it has ended without being asked to.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        environment: Mapping[str, str],
        *,
        slow_to_end_s: float = 8.0,
        keeps: Sequence[int] = (),
    ) -> None:
        """Prepare *argv*; nothing is started yet. Open files of ours in *keeps* are its own too."""
        self.name = name
        self.deaths = 0
        self._argv = list(argv)
        self._environment = dict(environment)
        self._slow_to_end_s = slow_to_end_s
        self._keeps = tuple(keeps)
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = False
        self._started = 0.0
        self._again_at = 0.0

    @property
    def pid(self) -> int | None:
        """Tell its process id; None when it is not running."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it. Call from the main thread only: it lives as long as the thread does."""
        parent = os.getpid()
        self._process = subprocess.Popen(
            self._argv,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            process_group=0,
            pass_fds=self._keeps,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM, parent),  # noqa: PLW1509 - one thread
        )
        self._asked = False
        self._started = time.monotonic()

    def watch(self) -> str:
        """Start it again if it has ended, after a pause; give what to tell, or ""."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._again_at:
                self.start()
                return f"{self.name} started again"
            return ""
        code = self._process.poll()
        if code is None:
            if self.deaths and now - self._started > _HEALTHY_AFTER_S:
                self.deaths = 0
            return ""
        self._end_group(signal.SIGKILL)
        self._process = None
        self.deaths += 1
        pause = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** (self.deaths - 1))
        self._again_at = now + pause
        return f"{self.name} ended unexpectedly ({_how(code)}); starting it again in {pause:g} s"

    def ask(self) -> None:
        """Ask it to end, once, and do not wait for that: `stop` does."""
        if self._process is not None and not self._asked:
            self._asked = True
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ask it to end, then insist: first to drop its work, at last by force."""
        if self._process is None:
            return
        self.ask()
        for sig, patience in (
            (None, self._slow_to_end_s),
            (signal.SIGQUIT, 2.0),
            (signal.SIGKILL, 5.0),
        ):
            if sig is not None:
                with contextlib.suppress(ProcessLookupError):
                    self._process.send_signal(sig)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=patience)
                break
        self._end_group(signal.SIGKILL)
        self._process = None

    def kill(self) -> None:
        """End it and its own children by force, now."""
        if self._process is not None:
            self._end_group(signal.SIGKILL)

    def _end_group(self, sig: signal.Signals) -> None:
        """Signal the process and its own children, which share its group."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sig)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
