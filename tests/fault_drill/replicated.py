"""A replicated Redis: a primary, a replica, and three Sentinels who promote it.

    with Replicated(folder) as site:
        settings = Settings(**site.settings())      # or Popen(env=site.environment())
        site.kill_primary()                         # kill -9
        site.wait_for_failover()                    # until all Sentinels name the other one
        site.start_again()                          # it comes back as a replica, and catches up

`pause` and `go_on` (SIGSTOP, SIGCONT) are for any of `site.servers`: `primary()` and `replica()`
tell which is what now. Everything listens on 127.0.0.1 and ends with the `with`. The servers are
Debian's redis-server and redis-sentinel where both are on PATH, else those of the wheel, where a
Sentinel is the same program.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.ports import free_port
from tests.redis_server import binary
from tests.system import wait_until

NAME: Final = "picture"
DOWN_AFTER_MS: Final = 1000
_ONCE: Final = Retry(NoBackoff(), 0)


def programs() -> tuple[str, list[str]]:
    """Give redis-server, and the words that begin a Sentinel."""
    server, sentinel = shutil.which("redis-server"), shutil.which("redis-sentinel")
    if server and sentinel:
        return server, [sentinel]
    return binary(), [binary()]


class Server:
    """One process, on a port of its own."""

    def __init__(self, folder: Path, port: int, argv: list[str]) -> None:
        """Prepare it; *argv* runs in *folder*."""
        self.port = port
        self.folder = folder
        self._argv = argv
        self._process: subprocess.Popen[bytes] | None = None
        self._client = redis.Redis(
            port=port, protocol=2, socket_timeout=2, socket_connect_timeout=1
        )

    @property
    def running(self) -> bool:
        """Whether it was started and not killed since."""
        return self._process is not None

    def start(self, *more: str) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._argv, *more], cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        wait_until(self.answers)

    def answers(self) -> bool:
        """Tell whether it does."""
        client = redis.Redis(port=self.port, protocol=2, socket_timeout=2, retry=_ONCE)
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
        finally:
            client.close()

    def send(self, what: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(what)

    def kill(self) -> None:
        """End it as a crash would, also while it is paused."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ask(self, *words: str | int) -> Any:
        """Give the answer to a command."""
        return self._client.execute_command(*words)

    def primary_of(self, name: str) -> dict[str, Any]:
        """Give what it, a Sentinel, says of the primary *name*."""
        found: dict[str, Any] = self._client.sentinel_masters()[name]
        return found

    def close(self) -> None:
        """End it."""
        self.kill()
        self._client.close()


class Replicated:
    """Two servers and three Sentinels. Use as a context manager."""

    def __init__(self, folder: Path, *, min_replicas: int = 0) -> None:
        """Keep the data below *folder*; *min_replicas* is the servers' `min-replicas-to-write`."""
        server, sentinel = programs()
        self._folder = folder
        self._sentinel = sentinel
        common = ["--bind", "127.0.0.1", "--save", "", "--maxmemory-policy", "noeviction"]
        common += ["--appendonly", "yes", "--appendfsync", "always"]
        common += ["--repl-diskless-sync-delay", "0", "--repl-timeout", "10"]
        common += ["--min-replicas-max-lag", "3", "--min-replicas-to-write", str(min_replicas)]
        self.servers = [
            Server(self._made(f"server-{n}"), port, [server, *common, "--port", str(port)])
            for n, port in enumerate((free_port(), free_port()))
        ]
        self.sentinels: list[Server] = []

    def _made(self, name: str) -> Path:
        made = self._folder / name
        made.mkdir(parents=True)
        return made

    def __enter__(self) -> Self:
        """Start everything, and wait until it knows of each other."""
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End everything."""
        self.close()

    def _start(self) -> None:
        first, second = self.servers
        first.start()
        second.start("--replicaof", "127.0.0.1", str(first.port))
        for n in range(3):
            port, folder = free_port(), self._made(f"sentinel-{n}")
            config = folder / "sentinel.conf"
            config.write_text(
                f"port {port}\nbind 127.0.0.1\n"
                f"sentinel monitor {NAME} 127.0.0.1 {first.port} 2\n"
                f"sentinel down-after-milliseconds {NAME} {DOWN_AFTER_MS}\n"
                f"sentinel failover-timeout {NAME} 1500\n"
            )
            made = Server(folder, port, [*self._sentinel, str(config), "--sentinel"])
            self.sentinels.append(made)
            made.start()
        wait_until(self.whole)

    def close(self) -> None:
        """End everything."""
        for one in (*self.sentinels, *self.servers):
            one.close()

    @property
    def url(self) -> str:
        """Address of the primary, whichever it is, by the Sentinels."""
        hosts = ",".join(f"127.0.0.1:{one.port}" for one in self.sentinels)
        return f"redis+sentinel://{hosts}/{NAME}/0"

    def settings(self) -> dict[str, Any]:
        """Give what an operation on it is set up by; the broker still has to be named."""
        return {"redis_url": self.url, "wait_replicas": 1, "wait_ms": 1000}

    def environment(self) -> dict[str, str]:
        """Give the same as variables."""
        return {f"COP_{name.upper()}": str(value) for name, value in self.settings().items()}

    def primary(self) -> Server:
        """Give the server that most Sentinels call the primary."""
        named = [port for port in map(self._named, self.sentinels) if port]
        port = max(named, key=named.count)
        return next(one for one in self.servers if one.port == port)

    def replica(self) -> Server:
        """Give the other one."""
        primary = self.primary()
        return next(one for one in self.servers if one is not primary)

    def _named(self, sentinel: Server) -> int:
        try:
            return int(sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)[1])
        except redis.exceptions.RedisError:
            return 0

    def whole(self) -> bool:
        """Tell whether the replica follows, and every Sentinel knows of it and of the others."""
        try:
            return self._follows() and all(map(self._knows_all, self.sentinels))
        except (redis.exceptions.RedisError, ValueError):
            return False

    def _follows(self) -> bool:
        primary = self.primary()
        told, links = primary.ask("INFO", "replication"), self.replica().ask("INFO", "replication")
        return (
            told["role"] == "master"
            and told["connected_slaves"] == 1
            and links.get("master_link_status") == "up"
            and links["master_port"] == primary.port
        )

    def _knows_all(self, sentinel: Server) -> bool:
        state = sentinel.primary_of(NAME)
        return (
            state["num-other-sentinels"] == 2
            and state["num-slaves"] == 1
            and state["flags"] == "master"
        )

    def kill_primary(self) -> Server:
        """Kill the primary (`kill -9`); gives it."""
        primary = self.primary()
        primary.kill()
        return primary

    def pause(self, server: Server) -> None:
        """Stop a server: it answers nobody until `go_on`."""
        server.send(signal.SIGSTOP)

    def go_on(self, server: Server) -> None:
        """Let a paused server go on."""
        server.send(signal.SIGCONT)

    def cut_off(self, replica: Server) -> None:
        """Pause the replica such that nothing reaches it any more, not even what was under way."""
        self.pause(replica)
        self.primary().ask("CLIENT", "KILL", "TYPE", "replica")

    def hand_over(self) -> Server:
        """Have the Sentinels promote the replica while the primary lives; give the new primary.

        The old one follows it, with the connections that it has.
        """
        gone = self.primary()
        self.sentinels[0].ask("SENTINEL", "FAILOVER", NAME)
        primary = self.wait_for_failover(gone)
        gone.ask("REPLICAOF", "127.0.0.1", primary.port)
        return primary

    def wait_for_failover(self, gone: Server) -> Server:
        """Wait until all Sentinels name another than *gone*, which takes writes; give it."""

        def is_over() -> bool:
            named = set(map(self._named, self.sentinels))
            if len(named) != 1 or named & {0, gone.port}:
                return False
            with contextlib.suppress(redis.exceptions.RedisError):
                return bool(self.primary().ask("INFO", "replication")["role"] == "master")
            return False

        wait_until(is_over)
        return self.primary()

    def start_again(self) -> None:
        """Start what was killed, as a replica of the primary, and wait until all is whole."""
        primary = self.primary()
        for server in self.servers:
            if not server.running:
                server.start("--replicaof", "127.0.0.1", str(primary.port))
        wait_until(self.whole)
