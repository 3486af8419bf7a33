"""Installations in memory that exchange things by the very code of worker and web process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson

from cop.config import Settings
from cop.errors import NotPossible
from cop.model.entity import Entity
from cop.model.kinds import decode
from cop.model.record import Write, put
from cop.services.commands.desk import Desk
from cop.services.exchange.giving import give
from cop.services.exchange.partners import partner_of
from cop.services.picture import Picture
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore
from workers.exchange import Round, exchange_with

NOW = datetime(2026, 9, 8, 4, tzinfo=UTC)


class StandingClock:
    """A clock that is moved by hand."""

    speed = 1.0

    def __init__(self) -> None:
        """Begin at noon in Hong Kong."""
        self.moment = NOW

    def now(self) -> datetime:
        """Tell the time."""
        return self.moment


@dataclass(slots=True)
class Node:
    """One installation."""

    name: str
    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: StandingClock = field(default_factory=StandingClock)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        """Make its folder of partners, with a token that nobody looks at, and its settings."""
        self.settings = Settings(
            operation="live",
            installation=f"{self.name}-cop",
            partners_dir=self.partners,
            data_dir=self.folder / f"{self.name}-data",
        )
        self.partners.mkdir(parents=True)
        (self.partners / "token").write_text("secret")

    @property
    def partners(self) -> Path:
        """Where the files of its partners are."""
        return self.folder / self.name

    @property
    def desk(self) -> Desk:
        """The parts of its operation."""
        return Desk(self.store, MemoryAccounts(), self.clock, self.settings)

    def knows(
        self, other: str, *, shares: Iterable[str], takes: Iterable[str], **more: Any
    ) -> None:
        """Write the file of a partner; all areas, unless *more* (fields of it) says otherwise."""
        areas = more.pop("areas", "all")
        said = {
            "id": other,
            "installation": f"{other}-cop",
            "url": f"https://{other}.example",
            "token_file": "token",
            "account": other,
            **more,
        }
        until = said.pop("until", NOW + timedelta(days=1)).isoformat()
        lines = [f"{name} = {orjson.dumps(value).decode()}" for name, value in said.items()]
        lines += [
            f'title = {{ en = "{other}", zh-Hant = "{other}", zh-Hans = "{other}" }}',
            *("[agreement]", 'number = "N 1"', f"from = {NOW.isoformat()}", f"until = {until}"),
            *("[shares]", f"kinds = {_list(shares)}", f"areas = {orjson.dumps(areas).decode()}"),
            *("[takes]", f"kinds = {_list(takes)}"),
        ]
        (self.partners / f"{other}.toml").write_text("\n".join(lines))

    def put(self, *entities: Entity) -> None:
        """Put entities on its picture."""
        self.store.write([put(entity) for entity in entities], fetched_ms=1)

    def take_off(self, *ids: str) -> None:
        """Take entities off its picture."""
        found = self.store.read(ids).values()
        self.store.write(
            [Write(id=one.id, kind=one.kind, body=None) for one in found], fetched_ms=1
        )

    def answer(self, asker: str, after: str = "") -> dict[str, Any]:
        """Give what it gives to the partner *asker*."""
        plan = partner_of(self.settings, asker)
        return give(self.desk, Picture(self.store.snapshot()), plan, after)

    def run(self, other: Node) -> Round:
        """Fetch once from *other*."""
        plan = partner_of(self.settings, other.name)
        with contextlib.closing(_To(other, self.name)) as line:
            return exchange_with(self.desk, plan, line)

    def held(self) -> list[Entity]:
        """Give everything that came from others."""
        found = (decode(record.body) for record in self.store.snapshot().records.values())
        return [entity for entity in found if entity.origin is not None]


class _To(httpx.BaseTransport):
    """Asks a node as its web process would answer."""

    def __init__(self, node: Node, asker: str) -> None:
        self._node = node
        self._asker = asker

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        status, said = 200, {}
        try:
            said = self._node.answer(self._asker, request.url.params["after"])
        except NotPossible as error:
            status, said = 409, {"code": error.code, "detail": str(error)}
        return httpx.Response(status, stream=httpx.ByteStream(orjson.dumps(said)))


def _list(kinds: Iterable[str]) -> str:
    return orjson.dumps(list(kinds)).decode()
