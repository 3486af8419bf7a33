"""The whole product as processes of its own, with publishers that are stood in for."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import httpx
from celery import Celery

from cop.config import Settings
from cop.launcher.exercise import resume_or_begin
from cop.launcher.processes import BEAT, WEB, WORKER, Process
from cop.services.accounts import add_user, open_accounts
from cop.services.broker import broker_options, broker_url
from cop.services.feed_status import read_standing
from cop.services.policy import Role
from cop.store import open_store
from tests.fault_drill.clock import WallClock
from tests.fault_drill.processes import Running, environment_of
from tests.fault_drill.publishers import HOSTS, PORT, WAIT
from tests.ports import free_port
from tests.system import wait_until
from workers.replay import find_scenario

SCENARIO: Final = "black-rainstorm-2023"
FOLLOWED: Final = ("hko_warnings", "hko_rain_gauges", "hko_temperature", "hko_wind")
"""The feeds by which it is told that feeds are polled."""
FOREVER_S: Final = 1e9


class Backing(Protocol):
    """The Redis, or those, that the product keeps everything in."""

    def environment(self) -> Mapping[str, str]:
        """Give the settings of the product that lead to it."""

    def start(self) -> None:
        """Start what does not run, and wait until it answers."""

    def close(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True)
class Web:
    """A web process and its port, which stays the same."""

    port: int
    process: Running

    @property
    def url(self) -> str:
        """Address of it."""
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> bool:
        """Tell whether it serves the picture, and worker and beat are up as it sees them."""
        with contextlib.suppress(httpx.HTTPError, ValueError):
            answer = httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False)
            return answer.status_code == 200 and answer.json()["worker"] and answer.json()["beat"]
        return False


class Site:
    """Everything that runs.

    Attributes:
        settings: of the operation, an exercise at the speed of life.
        store: its picture, read past the web processes.
        webs: at least two.
        worker, beat, publishers: the other processes.
    """

    def __init__(
        self, folder: Path, backing: Backing, clock: WallClock, *, hosts: str = "", webs: int = 2
    ) -> None:
        """Keep everything in *folder*; *hosts* are the publishers that answer, empty for all."""
        self.backing = backing
        self.clock = clock
        backing.start()
        given = {name.removeprefix("COP_").lower(): v for name, v in backing.environment().items()}
        begun, _ = resume_or_begin(folder / "data", find_scenario(SCENARIO), 1.0)
        self.settings = begun.applied_to(
            Settings.model_validate(given | {"data_dir": folder / "data"})
        )
        self.store = open_store(self.settings)
        self.accounts = open_accounts(self.settings)
        self._wait = folder / "wait"
        self.wait_publishers(0)
        self._told = {
            PORT: str(free_port()),
            HOSTS: hosts,
            WAIT: str(self._wait),
        }
        self._folder = folder
        self.publishers = self._running("publishers", self._module("tests.fault_drill.publishers"))
        self.worker = self._running("worker", WORKER, app="tests.fault_drill.polling")
        self.beat = self._running("beat", BEAT)
        ports = [free_port() for _ in range(webs)]
        self.webs = [
            Web(port, self._running(f"web-{number}", WEB, port=port))
            for number, port in enumerate(ports, 1)
        ]
        self._celery = Celery("drill", broker=broker_url(self.settings))
        self._celery.conf.broker_transport_options = broker_options(self.settings)
        self._celery.conf.task_publish_retry = False

    @staticmethod
    def _module(module: str) -> Process:
        return Process("", module, ())

    def _running(self, name: str, process: Process, *, port: int = 0, app: str = "") -> Running:
        settings = self.settings.model_copy(update={"port": port})
        own = {key: v for key, v in settings.environment().items() if key.startswith("COP_")}
        argv = [app if app and word == "workers.app" else word for word in process.argv(settings)]
        environment = environment_of(own, self._told, self.clock.environment())
        return Running(name, argv, environment, self._folder)

    @property
    def processes(self) -> list[Running]:
        """All processes of ours, in the order in which they are started."""
        return [self.publishers, *(web.process for web in self.webs), self.worker, self.beat]

    def start(self) -> None:
        """Start what does not run, and return without waiting for it to be ready."""
        self.backing.start()
        for process in self.processes:
            process.start()

    def ready(self) -> bool:
        """Tell whether all is up, as each web process sees it."""
        return all(web.ready() for web in self.webs)

    def wait_ready(self) -> None:
        """Return when all is up."""
        wait_until(self.ready)

    def sign_in(self, name: str, role: Role) -> str:
        """Make a user, let them sign in, and give what their requests say of it as a cookie."""
        password = add_user(self.accounts, name, role, "EMSC")
        answer = httpx.post(
            f"{self.webs[0].url}/api/v1/session",
            json={"username": name, "password": password},
            trust_env=False,
            timeout=30,
        ).raise_for_status()
        return str(answer.headers["set-cookie"]).partition(";")[0]

    def wait_publishers(self, seconds: float) -> None:
        """Let every publisher answer only after so many seconds; asked again at once."""
        fresh = self._wait.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self._wait)

    def deliver(self, task: str, *arguments: str, queue: str, task_id: str | None = None) -> None:
        """Put a message on the broker as beat does; with *task_id*, as often as wanted."""
        self._celery.send_task(
            f"workers.tasks.{task}", args=arguments, queue=queue, task_id=task_id, expires=60
        )

    def polled(self) -> tuple[datetime | None, ...]:
        """Tell when each of `FOLLOWED` was last fetched from its publisher."""
        standing = [read_standing(self.store, feed).status for feed in FOLLOWED]
        return tuple(None if one is None else one.fetched_at for one in standing)

    def close(self) -> None:
        """End everything."""
        for process in reversed(self.processes):
            process.kill()
        self._celery.close()
        self.store.close()
        self.accounts.close()

    def said(self) -> str:
        """Give the last words of every process."""
        words = [f"--- {one.name}\n{one.said(1_500)}" for one in self.processes]
        return "\n".join(words) + f"\n--- at {time.strftime('%H:%M:%S')}"
