"""Installations of this system that exchange things: each a Redis, a web process, and a worker.

The web process is one of its own and can be killed; what the worker's task does is done here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import orjson
from starlette.types import ASGIApp

from cop.asgi import create_app as compose
from cop.config import Settings
from cop.model.entity import Entity
from cop.model.exchange import Partner
from cop.model.geometry import point
from cop.model.kinds import Incident, decode
from cop.model.record import Write, cursor_key, put
from cop.services.accounts import add_user, open_accounts
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Outcome
from cop.services.commands.registry import find_commands
from cop.services.exchange import giving
from cop.services.exchange.partners import partner_of
from cop.services.policy import AUDIENCE_OF, Identity, Role
from cop.services.tokens import issue_token
from cop.store.redis import RedisStore
from tests.integration.web_server import until
from tests.ports import free_port
from tests.redis_server import RedisServer
from workers.exchange import Round, exchange_with
from workers.transports import LiveTransport

E = TypeVar("E", bound=Entity)

NOW = datetime.now(UTC).replace(microsecond=0)
SHENZHEN_RIVER = [113.9, 22.45, 114.3, 22.6]
NAMES = {"hk": "hk-cop", "gd": "gd-cop"}
_APP = "tests.integration.federating:create_app"
_COMMANDS = {f"{command.method} {command.path}": command for command in find_commands()}


def create_app() -> ASGIApp:
    """Compose a web process without pages; `COP_TEST_PART` says how large its answers are."""
    giving.MOST_FEATURES = int(os.environ.get("COP_TEST_PART", giving.MOST_FEATURES))  # type: ignore[misc]
    return compose(with_pages=False)


def partner_file(partner: str, url: str, account: str, **changes: Any) -> str:
    """Give the text of a partner's file: incidents and alerts near the border, both ways.

    *changes* of the tables `shares`, `takes`, `agreement` and `timers` are added to them.
    """
    tables: dict[str, dict[str, Any]] = {
        "agreement": {
            "number": "HK-GD 1",
            "from": NOW - timedelta(days=1),
            "until": NOW + timedelta(days=1),
        },
        "shares": {"kinds": ["incident", "alert"], "areas": [SHENZHEN_RIVER]},
        "takes": {"kinds": ["incident", "alert"], "areas": "all"},
        "timers": {"acknowledge_min": 10, "task_min": 30, "notice_min": 60},
    }
    head: dict[str, Any] = {
        "id": partner,
        "installation": NAMES.get(partner, partner),
        "url": url,
        "token_file": "token",
        "account": account,
        "private": True,
        "agencies": ["SB"],
    }
    for name, value in changes.items():
        if name in tables:
            tables[name] |= value
        else:
            head[name] = value
    lines = [f"{name} = {_toml(value)}" for name, value in head.items()]
    lines.append(f'title = {{ en = "{partner}", zh-Hant = "{partner}", zh-Hans = "{partner}" }}')
    for table, fields in tables.items():
        lines += [f"[{table}]", *(f"{name} = {_toml(value)}" for name, value in fields.items())]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else orjson.dumps(value).decode()


def incident(name: str, lon: float = 114.1, lat: float = 22.5, **fields: Any) -> Incident:
    """Make an incident with everything in it that partners never get."""
    values = {
        "id": f"incident:{name}",
        "publisher": "DSD",
        "title": {"en": f"Flood {name}"},
        "incident_type": "flooding",
        "status": "verified",
        "reported_at": NOW,
        "geometry": point(lon, lat),
        "author": "a-person",
        "reported_by": "phone",
        **fields,
    }
    return Incident.model_validate(values)


@dataclass(slots=True)
class Town:
    """One installation."""

    name: str
    folder: Path
    redis: RedisServer
    port: int = field(default_factory=free_port)
    token: str = ""
    _process: subprocess.Popen[bytes] | None = None
    _desk: Desk | None = None

    @property
    def url(self) -> str:
        """Address of its web process."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        """What its processes share."""
        return Settings(
            operation="live",
            redis_url=self.redis.url,
            data_dir=self.folder / "data",
            partners_dir=self.folder / "partners",
            installation=NAMES[self.name],
            port=self.port,
        )

    @property
    def desk(self) -> Desk:
        """The parts of its operation."""
        if self._desk is None:
            settings = self.settings
            store = RedisStore(settings.redis_url, settings.operation)
            self._desk = Desk(store, open_accounts(settings), settings.clock(), settings)
        return self._desk

    def start(self) -> None:
        """Start its web process, and wait until it serves."""
        environment = {**os.environ, **self.settings.environment()}
        command = [sys.executable, "-m", "uvicorn", _APP, "--factory", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--log-level", "error"],
            env=environment,
            stdout=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
        until(self.is_ready)

    def is_ready(self) -> bool:
        """Tell whether its web process serves the picture."""
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=60).status_code == 200
        return False

    def kill(self) -> None:
        """End its web process as a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def give_token(self, partner: str) -> str:
        """Add the machine of *partner*, and give its token."""
        add_user(self.desk.accounts, partner, Role.MACHINE)
        return issue_token(
            self.desk.accounts,
            partner,
            operation="live",
            label="exchange",
            scopes=("federate",),
            days=1,
        ).token

    def knows(self, other: Town, token: str = "", **changes: Any) -> None:
        """Write the file by which it exchanges things with *other*."""
        folder = self.folder / "partners"
        folder.mkdir(parents=True, exist_ok=True)
        if token:
            (folder / "token").write_text(token)
        text = partner_file(other.name, other.url, other.name, **changes)
        (folder / f"{other.name}.toml").write_text(text)

    def run(self, partner: str, transport: httpx.BaseTransport | None = None) -> Round:
        """Do what the worker does for *partner* when it is due."""
        plan = partner_of(self.settings, partner)
        with contextlib.closing(transport or LiveTransport(allow_private=True)) as line:
            return exchange_with(self.desk, plan, line)

    def run_task(self, partner: str) -> None:
        """Run the worker's task for *partner* in a process of its own, set up as workers are."""
        task = f"from workers.tasks import exchange; exchange({partner!r})"
        environment = {**os.environ, **self.settings.environment()}
        subprocess.run(
            [sys.executable, "-c", task],
            env=environment,
            cwd=Path(__file__).parents[2],
            check=True,
            timeout=120,
        )

    def put(self, *entities: Entity) -> None:
        """Put entities on its picture, and wait until its web process has them."""
        writes = [put(entity) for entity in entities]
        self._come_to(self.desk.store.write(writes, fetched_ms=1).cursor)

    def take_off(self, *ids: str) -> None:
        """Take entities off its picture."""
        records = self.desk.store.read(ids).values()
        writes = [Write(id=one.id, kind=one.kind, body=None) for one in records]
        self._come_to(self.desk.store.write(writes, fetched_ms=1).cursor)

    def _come_to(self, cursor: str) -> None:
        if self._process is not None:
            until(lambda: self._has(cursor))

    def _has(self, cursor: str) -> bool:
        answer = httpx.get(f"{self.url}/readyz", timeout=60)
        return answer.is_success and cursor_key(answer.json()["cursor"]) >= cursor_key(cursor)

    def settle(self) -> None:
        """Wait until its web process has all that was written."""
        self._come_to(self.desk.store.cursor())

    def see(self, entity_id: str, wanted: type[E]) -> E | None:
        """Give a stored entity; None where there is none."""
        record = self.desk.store.read([entity_id]).get(entity_id)
        entity = None if record is None else decode(record.body)
        assert entity is None or isinstance(entity, wanted)
        return entity

    def from_partner(self, partner: str) -> set[str]:
        """Give the ids, as the partner has them, of what came from it."""
        feed = f"partner_{partner}"
        return {name.removeprefix(f"{feed}:") for name in self.desk.store.by_feed(feed)}

    def line(self, partner: str) -> Partner:
        """Give the entity that says how the line to *partner* is."""
        found = self.see(f"partner:{partner}", Partner)
        assert found is not None
        return found

    def do(self, what: str, target: str = "", *, key: str, **said: Any) -> Outcome:
        """Do a command as its commander."""
        command = _COMMANDS[what]
        body = None if command.body is None else command.body.model_validate(said)
        commander = Identity(
            name="chan",
            role=Role.COMMANDER,
            agency="SB",
            audience=AUDIENCE_OF[Role.COMMANDER],
            session="s",
        )
        return perform(self.desk, command, target, body, Asked(identity=commander, key=key))

    def close(self) -> None:
        """End everything."""
        self.kill()
        if self._desk is not None:
            self._desk.store.close()
        self.redis.close()


@contextlib.contextmanager
def two_towns(folder: Path) -> Iterator[tuple[Town, Town]]:
    """Run Hong Kong and Guangdong, which know each other."""
    towns = []
    try:
        for name in NAMES:
            (folder / name / "redis").mkdir(parents=True)
            redis = RedisServer(folder / name / "redis")
            towns.append(Town(name, folder / name, redis))
            redis.start()
        hk, gd = towns
        for_gd, for_hk = hk.give_token("gd"), gd.give_token("hk")
        hk.knows(gd, for_hk)
        gd.knows(hk, for_gd)
        for town in towns:
            town.start()
        yield hk, gd
    finally:
        for town in towns:
            town.close()
