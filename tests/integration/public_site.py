"""The public site as it stands in production, on loopback: publisher, web process, nginx cache."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from cop.asgi import create_app as compose
from cop.config import Settings
from cop.services.publishing.follower import Compiling
from cop.services.publishing.paths import public_root
from cop.services.publishing.publisher import Publisher, Site
from cop.store.port import Store
from tests.integration.web_server import until
from tests.ports import free_port

ROOT = Path(__file__).parents[2]


def create_app() -> ASGIApp:
    """Compose the web process without the pages of those who sign in: it starts sooner."""
    return compose(with_pages=False)


def find_nginx() -> str | None:
    """Find the nginx that `deploy/debian.sh` installs."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def publishing(
    store: Store, settings: Settings, site: Site, compiling: Callable[[bytes | None], Compiling]
) -> Iterator[Path]:
    """Publish what *store* holds, in a thread; gives the root of the files."""
    stop = threading.Event()
    publisher = Publisher(settings, store, site, compiling)
    thread = threading.Thread(target=publisher.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield public_root(settings.data_dir)
    finally:
        stop.set()
        thread.join(timeout=60)
        assert not thread.is_alive()


@dataclass(slots=True)
class Web:
    """A web process of its own, which can be killed and started again on the same port."""

    settings: Settings
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        own = self.settings.environment() | {"COP_PORT": str(self.port)}
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "tests.integration.public_site:create_app"),
                *("--factory", "--loop", "uvloop", "--http", "httptools", "--no-access-log"),
                *("--port", str(self.port), "--log-level", "warning"),
            ],
            env=own | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
        )
        until(self.answers)

    def answers(self) -> bool:
        """Tell whether it lives."""
        host = self.settings.allowed_hosts.partition(",")[0]
        with contextlib.suppress(httpx.TransportError):
            answer = httpx.get(f"{self.url}/healthz", headers={"Host": host}, trust_env=False)
            return answer.status_code == 200
        return False

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def web_process(settings: Settings) -> Iterator[Web]:
    """Run a web process on the files of *settings*; without a Redis it has a store of its own."""
    alone = {} if settings.redis_url else {"redis_url": "memory:"}
    web = Web(settings.model_copy(update=alone))
    try:
        web.start()
        yield web
    finally:
        web.kill()


@dataclass(slots=True)
class Cache:
    """A running nginx with the configuration of `deploy/nginx.conf`.

    Attributes:
        url: where it listens.
        log: a line for each request that went on to the web process: path and status.
    """

    url: str
    log: Path

    def asked(self) -> list[str]:
        """List the paths that the web process was asked for, in order."""
        return [line.partition(" ")[0] for line in self.log.read_text().splitlines()]


@contextlib.contextmanager
def nginx_cache(application: str, *, workers: int = 1) -> Iterator[Cache]:
    """Run the cache before the web process at *application*, `http://127.0.0.1:PORT`."""
    nginx = find_nginx()
    if nginx is None:
        pytest.skip("there is no nginx: `deploy/debian.sh` installs it where apt-get works")
    folder = Path(tempfile.mkdtemp(prefix="cop-cache-"))  # a socket's path must be short
    port = free_port()
    cache = Cache(f"http://127.0.0.1:{port}", folder / "asked.log")
    cache.log.touch()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for wanted, given in (
        ("/tmp/", f"{folder}/"),  # before any that may hold it
        ("worker_processes auto", f"{_user()}worker_processes {workers}"),
        ("worker_rlimit_nofile 65536;\n", ""),  # a limit of the machine's
        ("listen 8080", f"listen 127.0.0.1:{port}"),
        ("web:8050", application.removeprefix("http://")),
        ("/var/cache/nginx", f"{folder}/cache"),
        ("access_log off;", "access_log off;\n  log_format asked '$uri $status';"),
        ("server_name application;", f"server_name application;\n access_log {cache.log} asked;"),
        ("set_real_ip_from 10.77.0.0/24", "set_real_ip_from 127.0.0.1"),
    ):
        assert wanted in text, wanted
        text = text.replace(wanted, given)
    (folder / "nginx.conf").write_text(text)
    command = [nginx, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, process_group=0)
    try:
        until(lambda: _listens(port, process))
        yield cache
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str:
    """Let the workers stay who they are: as root nginx would make them somebody else."""
    return "user root;\n" if os.geteuid() == 0 else ""


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "nginx does not start: see its words above"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
