"""Processes of the product, each started by itself, so that each can be killed or held up."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from workers.lifeline import die_with_parent

ROOT = Path(__file__).parents[2]


class Running:
    """One process that is killed, stopped and started again as often as needed.

    Attributes:
        name: as it is called in what the drill says.
    """

    def __init__(
        self, name: str, argv: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        """Prepare *argv*; what it says goes to a file in *folder*. Nothing runs until `start`."""
        self.name = name
        self._argv = list(argv)
        self._environment = dict(environment)
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs, or is stopped in the midst of running."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Tell its process id."""
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    def start(self) -> None:
        """Start it, unless it runs. Call from the main thread only: it lives as long as that does.

        A signal that says "your file is too large" is ignored, so that Redis meets that as the
        error that a full disk is.
        """
        if self.alive:
            return
        parent = os.getpid()
        with self._log.open("ab") as said:
            self._process = subprocess.Popen(
                self._argv,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL, parent),  # noqa: PLW1509 - as above
                restore_signals=False,
            )

    def kill(self) -> None:
        """End it at once, and what it has started, as a crash or the kernel would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def hold(self) -> None:
        """Stop it where it is, without ending it."""
        os.killpg(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on where it was stopped."""
        if self.alive:
            os.killpg(self.pid, signal.SIGCONT)

    def files_up_to(self, size: int | None) -> None:
        """Let it write no file beyond *size* bytes from now on; None: as large as it likes."""
        bound = resource.RLIM_INFINITY if size is None else size
        hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (bound, hard))

    def said(self, last: int = 4_000) -> str:
        """Give the last characters of what it said."""
        return self._log.read_text(errors="replace")[-last:] if self._log.exists() else ""

    def __repr__(self) -> str:
        """Name it."""
        return f"<{self.name}>"


def environment_of(*parts: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a child: ours without settings of the product, then *parts*."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}
    joined = own | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    for part in parts:
        joined |= part
    return joined
