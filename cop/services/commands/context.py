"""What a command reads, and what it may do: each read is remembered with its version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from pydantic import ValidationError

from cop.errors import NotFound, NotPossible, Stale
from cop.model.entity import Entity, Kind
from cop.model.kinds import Assignment, Resource, decode
from cop.model.record import Record
from cop.services.commands.desk import Desk
from cop.services.commands.plan import Asked
from cop.services.following import entity_of, where_wrong
from cop.services.policy import Action, Identity, Scope, permit, scope_of

E = TypeVar("E", bound=Entity)


class Context:
    """The state that one command plans from. Made anew for each attempt.

    Attributes:
        read_records: what was read by id.
        gone: of ids that are put back on the picture, the version with which each left it.
        action: the first action that was permitted.
    """

    def __init__(self, desk: Desk, asked: Asked, target: str) -> None:
        """Read through *desk* for *asked*; *target* is the id that its version is about."""
        self.desk = desk
        self.identity: Identity = asked.identity
        self.now: datetime = desk.clock.now().replace(microsecond=0)
        self.read_records: dict[str, Record] = {}
        self.gone: dict[str, int] = {}
        self.action: Action | None = None
        self._asked = asked
        self._target = target
        self._made = 0
        self._listed: dict[tuple[Kind, bytes], dict[str, Entity]] = {}

    @property
    def expected(self) -> int | None:
        """The version that the change was made from; None where it was not said."""
        return self._asked.expected

    def permit(
        self,
        action: Action,
        *,
        agencies: Iterable[str | None] = (),
        own: Iterable[str | None] = (),
    ) -> None:
        """Return if whoever asks may do *action* on something; see `policy.permit`.

        The first action that was asked for is what the journal calls the deed.
        """
        permit(self.identity, action, agencies=agencies, own=own)
        self.action = self.action or action

    def new_id(self, kind: Kind) -> str:
        """Give the id of what is made: the same for a request that is sent again."""
        self._made += 1
        return made_id(kind, self._asked, self._made)

    def read(self, entity_id: str, wanted: type[E]) -> E:
        """Read one entity.

        Raises:
            NotFound: there is none, or it is not a *wanted*.
            Stale: it is what the request is about, and no longer as the request was made from.
        """
        entity = self.find([entity_id]).get(entity_id)
        if not isinstance(entity, wanted):
            raise NotFound(f"there is no {wanted.__name__.lower()} {entity_id!r} on the picture")
        return entity

    def find(self, ids: Iterable[str]) -> dict[str, Entity]:
        """Read entities by id; absent ones are left out.

        Raises:
            Stale: one is what the request is about, and no longer as the request was made from.
        """
        records = self.desk.store.read(list(ids))
        for record in records.values():
            self._check_version(record)
        self.read_records |= records
        return {entity_id: _decode(record) for entity_id, record in records.items()}

    def all(self, kind: Kind, wanted: type[E], *, having: str = "") -> dict[str, E]:
        """Read every entity of *kind*; what is then written must be read by id as well.

        They are read once for each attempt. Where *having* names a field, only those are decoded
        and given in which it may be set. One that cannot be read is left out: it must not stop work
        on all the others.
        """
        mark = f'"{having}":'.encode() if having else b""
        if (kind, mark) not in self._listed:
            self._listed[kind, mark] = dict(self._decoded(kind, mark))
        listed = self._listed[kind, mark].items()
        return {key: entity for key, entity in listed if isinstance(entity, wanted)}

    def _decoded(self, kind: Kind, mark: bytes) -> Iterator[tuple[str, Entity]]:
        for key, record in self.desk.store.by_kind(kind).items():
            if mark not in record.body:
                continue
            entity = entity_of(record)
            if entity is not None:
                yield key, entity

    def working_on(self, incident_id: str, action: Action) -> list[str]:
        """List the asker's own resources that have a task at an incident.

        None where that does not decide who may do *action*.
        """
        if scope_of(self.identity, action) is not Scope.OWN:
            return []
        own = self.find(sorted(self.identity.belongs_to)).values()
        tasks = self.find(
            task for one in own if isinstance(one, Resource) for task in one.assignments
        )
        return [
            one.resource
            for one in tasks.values()
            if isinstance(one, Assignment) and one.incident == incident_id
        ]

    def _check_version(self, record: Record) -> None:
        expected = self._asked.expected
        if record.id == self._target and expected not in (None, record.version):
            raise Stale(record.id)


def _decode(record: Record) -> Entity:
    try:
        return decode(record.body)
    except ValidationError as error:  # ours, not a fault of what was asked
        where = where_wrong(error)
        raise RuntimeError(f"{record.id}: what is stored is no entity: {where}") from None


def check_ours(origin: str | None) -> None:
    """Return if what was made at the installation *origin* was made here (None).

    Raises:
        NotPossible: it was not, and whose it is; what is changed of it would be lost with the next
            exchange.
    """
    if origin is not None:
        raise NotPossible("others-own", f"this is kept by {origin}: write to them")


def made_id(kind: Kind, asked: Asked, count: int = 1) -> str:
    """Give the id of the *count*-th thing that the request *asked* makes."""
    words = f"{asked.identity.name}\n{asked.key}\n{kind.value}\n{count}"
    return f"{kind.value}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"
