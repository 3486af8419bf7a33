"""A desk in memory with a clock that stands until it is moved, and people who act at it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from cop.config import Settings
from cop.model.entity import Entity
from cop.model.kinds import Assignment, Incident, Resource, decode
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Outcome
from cop.services.commands.registry import find_commands
from cop.services.policy import AUDIENCE_OF, Identity, Role
from cop.store.accounts import MemoryAccounts, User
from cop.store.memory import MemoryStore

E = TypeVar("E", bound=Entity)

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
_COMMANDS = {f"{command.method} {command.path}": command for command in find_commands()}
_keys = itertools.count()


class StandingClock:
    """A clock that is moved by hand."""

    speed = 1.0

    def __init__(self) -> None:
        """Begin at noon in Hong Kong."""
        self.moment = NOON

    def now(self) -> datetime:
        """Tell the time."""
        return self.moment

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)


def who(role: Role, agency: str = "", name: str = "", own: Iterable[str] = ()) -> Identity:
    """Make somebody who has signed in."""
    return Identity(
        name=name or role.value,
        role=role,
        agency=agency,
        belongs_to=frozenset(own),
        audience=AUDIENCE_OF[role],
        session="s",
    )


CHIEF = who(Role.COMMANDER)
DUTY = who(Role.DUTY_OFFICER)
DSD = who(Role.LIAISON, "DSD", "dsd")
TEAM = who(Role.FIELD, "DSD", "team", ["resource:pump-1"])


@dataclass(slots=True)
class Room:
    """A desk and what one does at it."""

    clock: StandingClock = field(default_factory=StandingClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    settings: Settings = field(default_factory=lambda: Settings(operation="live"))

    @property
    def desk(self) -> Desk:
        """The parts of the operation."""
        return Desk(self.store, self.accounts, self.clock, self.settings)

    def do(
        self,
        what: str,
        asker: Identity = CHIEF,
        target: str = "",
        *,
        key: str = "",
        made_from: int | None = None,
        **said: Any,
    ) -> Outcome:
        """Do the command *what*, for example `POST /assignments`, made from version *made_from*."""
        command = _COMMANDS[what]
        body = None if command.body is None else command.body.model_validate(said)
        asked = Asked(identity=asker, key=key or f"key-{next(_keys)}", expected=made_from)
        return perform(self.desk, command, target, body, asked)

    def see(self, entity_id: str, wanted: type[E]) -> E:
        """Give a stored entity."""
        entity = decode(self.store.read([entity_id])[entity_id].body)
        assert isinstance(entity, wanted)
        return entity

    def version(self, entity_id: str) -> int:
        """Tell the stored version of an entity."""
        return self.store.read([entity_id])[entity_id].version

    def put(self, *entities: Entity) -> None:
        """Put entities on the picture as a roster would."""
        from cop.model.record import put

        self.store.write([put(entity) for entity in entities], fetched_ms=0)

    def resource(self, name: str = "pump-1", **fields: Any) -> str:
        """Put a resource on the picture."""
        given = {"agency": "DSD", "status": "available", "resource_type": "team", **fields}
        self.put(Resource(id=f"resource:{name}", publisher=given["agency"], **given))
        return f"resource:{name}"

    def incident(self, name: str = "flood", **fields: Any) -> str:
        """Put an incident on the picture."""
        given = {"incident_type": "flooding", "status": "responding", "severity": "Severe"}
        self.put(
            Incident(
                id=f"incident:{name}", publisher="COP", reported_at=NOON, **{**given, **fields}
            )
        )
        return f"incident:{name}"

    def assign(self, resource: str = "resource:pump-1", **said: Any) -> Assignment:
        """Give a resource a task."""
        said = {"words": "Pump it out", **said}
        made = self.do("POST /assignments", DUTY, resource=resource, **said)
        return self.see(made.id, Assignment)

    def user(self, name: str, role: Role, agency: str = "", **fields: Any) -> None:
        """Add an account that nobody signs in to."""
        self.accounts.add_user(
            User(
                name=name,
                role=role.value,
                agency=agency,
                password="",
                disabled=fields.pop("disabled", False),
                created_ms=0,
                **fields,
            )
        )
