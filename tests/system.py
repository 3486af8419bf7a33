"""The whole product, started by its own command on a free port, for tests."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

_ADDRESS = re.compile(r"(http://\S+?)/command")
_SIGN_IN = re.compile(r"^  (\S+) +((?:[a-z2-9]{5}-){3}[a-z2-9]{5})$", re.MULTILINE)
_PATIENCE_S = 120.0


@dataclass(slots=True)
class System:
    """A running `cop up`.

    Attributes:
        process: the launcher.
        log: the file that holds everything it and its children have said.
        url: where the web process listens.
        passwords: user name to password, in an exercise.
    """

    process: subprocess.Popen[bytes]
    log: Path
    url: str = ""
    passwords: dict[str, str] | None = None

    def said(self) -> str:
        """Give everything that was said until now."""
        return self.log.read_text(errors="replace")

    def children(self) -> dict[str, psutil.Process]:
        """Give the launcher's own children by name: redis, worker, vision, beat, publisher, web."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = child.cmdline()
                if "vision,view" in words:
                    found["vision"] = child
                    continue
                for name, sign in (
                    ("worker", "worker"),
                    ("beat", "beat"),
                    ("publisher", "cop.publisher"),
                    ("web", "uvicorn"),
                ):
                    if sign in words:
                        found[name] = child
                if words and "redis-server" in words[0]:
                    found["redis"] = child
        return found

    def family(self) -> list[psutil.Process]:
        """Give every process that the launcher started, however deep."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=120)

    @contextlib.contextmanager
    def client(self, name: str = "") -> Iterator[httpx.Client]:
        """Give a client; signed in as *name* when that is given."""
        with httpx.Client(base_url=self.url, timeout=60, trust_env=False) as client:
            if name:
                credentials = {"username": name, "password": (self.passwords or {})[name]}
                client.post("/api/v1/session", json=credentials).raise_for_status()
            yield client


def launch(log: Path, *arguments: str, environment: dict[str, str] | None = None) -> System:
    """Start `cop up` with *arguments*, saying everything into *log*; do not wait."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", "from cop.cli import main; main()", "up", *arguments],
            stdout=said,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=own | (environment or {}),
        )
    return System(process, log)


@contextlib.contextmanager
def running_system(folder: Path, *arguments: str) -> Iterator[System]:
    """Run `cop up --port 0` with its data in *folder* until the end of the block.

    Args:
        folder: an empty folder, or one on which it ran before.
        arguments: for example `--scenario`, `black-rainstorm-2023`, `--speed`, `60`.
    """
    system = launch(folder / "said.log", "--port", "0", "--data", str(folder / "data"), *arguments)
    try:
        wait_until(lambda: "Ctrl-C" in system.said() or system.process.poll() is not None)
        found = _ADDRESS.search(system.said())
        assert found, system.said()
        system.url = found[1]
        system.passwords = dict(_SIGN_IN.findall(system.said()))
        yield system
    except BaseException:
        sys.stderr.write(system.said())
        raise
    finally:
        family = system.family() if system.process.poll() is None else []
        try:
            system.stop()
        except subprocess.TimeoutExpired:
            for process in (*family, system.process):
                process.kill()
            raise


def wait_until(holds: Callable[[], object], *, patience_s: float = _PATIENCE_S) -> None:
    """Wait until *holds* is true; fail the test when it does not become so."""
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.1)
