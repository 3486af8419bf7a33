"""What the journal says of a deed: who did what, when, from where, and what it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from cop.model.entity import Instant, Kind

NO_HASH: Final = "0" * 64
"""What stands before the first entry."""

_WHERE_SET: Final = ("key", "undoable", "undoes", "warned")
"""Fields of a deed that stand in its JSON only where they say something."""


def link_hash(before: str, number: int, body: bytes) -> str:
    """Give the hash of entry *number* with *body*, which follows the entry whose hash is *before*.

    It is the SHA-256, hexadecimal, of `<before>:<number>:<SHA-256 of body, hexadecimal>`.
    """
    link = f"{before}:{number}:{hashlib.sha256(body).hexdigest()}"
    return hashlib.sha256(link.encode()).hexdigest()


class _Said(BaseModel):
    # A field that a newer version wrote must not make an entry unreadable.
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Who(_Said):
    """Whose deed it was.

    Attributes:
        name: of the account.
        role: as it was then, a value of `cop.services.policy.Role`.
        agency: code of the department or body; "" where there is none.
    """

    name: str
    role: str
    agency: str


class Origin(_Said):
    """From where it was done.

    Attributes:
        address: the network address that asked.
        entrance: how it came in, for example `page` or `token`.
    """

    address: str
    entrance: str


class Change(_Said):
    """What a deed changed in one entity.

    Attributes:
        id, kind: which entity.
        version: the one that the deed made; None where it removed the entity.
        before, after: the top-level fields of the entity's canonical JSON that differ, decoded, as
            they were and as they became; see `difference`.
    """

    id: str
    kind: Kind
    version: int | None
    before: dict[str, Any]
    after: dict[str, Any]


class Deed(_Said):
    """One entry of the journal.

    Attributes:
        at: when, by the clock of the operation, UTC.
        wall_at: when, in real time, UTC.
        who, origin: who did it, and from where; *origin* is called `from` in JSON.
        action: a value of `cop.services.policy.Action`.
        id: the entity that it was mainly about; None where there is none.
        reason: what was given as the reason.
        key: the idempotency key that came with it.
        undoable: whether it may be taken back for a while.
        undoes: number of the entry that this deed took back; None where it took none back.
        warned: what whoever did it was told to know, by its code.
        changes: what it changed; empty for what changes nothing on the picture.
    """

    at: Instant
    wall_at: Instant
    who: Who
    origin: Origin = Field(alias="from")
    action: str
    id: str | None = None
    reason: str | None = None
    key: str | None = None
    undoable: bool = False
    undoes: int | None = None
    warned: dict[str, str] = Field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    def shown(self) -> dict[str, Any]:
        """Give it as JSON values, as the journal is shown; without the idempotency key."""
        said = self.model_dump(mode="json", by_alias=True, exclude={"key"})
        for name in _WHERE_SET:
            if not getattr(self, name):
                said.pop(name, None)
        return said

    def encode(self) -> bytes:
        """Give the canonical JSON: fields in order, key, undoable… left out where not set."""
        absent = {name for name in _WHERE_SET if not getattr(self, name)}
        return self.model_dump_json(by_alias=True, exclude=absent).encode()

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Read what `encode` gave; raises ValueError if it is not that."""
        return cls.model_validate_json(body)


def difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the top-level fields that differ, as they were and as they became.

    Args:
        before: an entity's canonical JSON, decoded; None where there was none.
        after: the same as it became; None where there is none.

    Returns:
        Two mappings. Of a new entity the first is empty and the second is all of it; of a removed
        one the other way round.
    """
    old, new = before or {}, after or {}
    # Compared as JSON: to Python 1, 1.0 and true are equal.
    same = {name for name in old.keys() & new.keys() if to_json(old[name]) == to_json(new[name])}
    return (
        {name: value for name, value in old.items() if name not in same},
        {name: value for name, value in new.items() if name not in same},
    )


def revert(
    current: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Give an entity as it was before a change; the inverse of `difference`.

    Args:
        current: the entity's canonical JSON now, decoded; empty where the change removed it.
        before: what the change replaced, as `difference` gives it.
        after: what the change put in its place.

    Returns:
        The entity as it was; None where it was not there. Fields that the change did not touch are
        those of *current*.
    """
    if "id" in after and "id" not in before:  # an id never changes: it was made by this change
        return None
    return {**{name: value for name, value in current.items() if name not in after}, **before}
