"""A desk in memory at a time that tests set, and people who ask it for things."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from cop.config import Settings
from cop.model.access import Audience
from cop.model.entity import Entity
from cop.model.geometry import point
from cop.model.journal import Deed
from cop.model.kinds import Facility, FacilityStatus, decode
from cop.model.record import put
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Outcome
from cop.services.commands.registry import find_commands
from cop.services.policy import Identity, Role
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore
from cop.store.port import Store

E = TypeVar("E", bound=Entity)

START = datetime(2026, 9, 7, 12, tzinfo=UTC)
COMMANDS = {(command.method, command.path): command for command in find_commands()}

COMMANDER = Identity(name="chan", role=Role.COMMANDER, agency="SB", audience=Audience.COMMAND)
OFFICER = Identity(name="lee", role=Role.DUTY_OFFICER, agency="SB", audience=Audience.COMMAND)
LIAISON = Identity(name="ho", role=Role.LIAISON, agency="HAD", audience=Audience.COMMAND)


def a_warden(*facilities: str, name: str = "wong") -> Identity:
    """Make a warden of some facilities."""
    return Identity(
        name=name,
        role=Role.WARDEN,
        agency="RC",
        belongs_to=frozenset(facilities),
        audience=Audience.RESPONDER,
    )


@dataclass(slots=True)
class Time:
    """A clock that stands until it is set."""

    at: datetime = START
    speed: float = 1.0

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    def pass_(self, **spans: float) -> None:
        """Let time pass."""
        self.at += timedelta(**spans)


@dataclass(slots=True)
class Office:
    """One operation in memory."""

    store: Store = field(default_factory=MemoryStore)
    clock: Time = field(default_factory=Time)
    desk: Desk = field(init=False)
    _keys: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        """Make the desk."""
        self.desk = Desk(self.store, MemoryAccounts(), self.clock, Settings())

    def ask(
        self,
        who: Identity,
        line: str,
        body: dict[str, Any],
        *,
        key: str = "",
        expected: int | None = None,
    ) -> Outcome:
        """Ask for a command, for example `POST /facilities/facility:1/entries`."""
        method, _, path = line.partition(" ")
        parts = path.split("/")
        target = next((part for part in parts if ":" in part), "")
        command = COMMANDS[method, "/".join("{id}" if ":" in part else part for part in parts)]
        assert command.body is not None
        key = key or f"key-{next(self._keys)}"
        asked = Asked(identity=who, key=key, expected=expected)
        return perform(self.desk, command, target, command.body.model_validate(body), asked)

    def put(self, *entities: Entity) -> None:
        """Put entities on the picture."""
        self.store.write([put(each) for each in entities], fetched_ms=1)

    def read(self, entity_id: str, wanted: type[E]) -> E:
        """Read one entity."""
        entity = decode(self.store.read([entity_id])[entity_id].body)
        assert isinstance(entity, wanted)
        return entity

    def last_deed(self) -> Deed:
        """Read the journal's last entry."""
        number, _ = self.store.journal_head()
        return Deed.model_validate_json(self.store.journal([number])[0].body)


def a_shelter(**fields: Any) -> Facility:
    """Make a shelter that people keep."""
    values: dict[str, Any] = {
        "id": "facility:1",
        "publisher": "HAD",
        "facility_type": "shelter",
        "status": FacilityStatus.OPEN,
        "title": {"en": "Shelter"},
        "capacity": 100,
        "asserted_at": START - timedelta(hours=1),
        **fields,
    }
    return Facility.model_validate(values)


def a_publishers(**fields: Any) -> Facility:
    """Make a shelter as its publisher lists it."""
    listed = {"id": "had_shelters:1", "feed": "had_shelters", "geometry": point(114.17, 22.31)}
    return a_shelter(**(listed | fields))
