"""Who is who: roles, and the audience each belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cop.model.access import Audience


class Role(StrEnum):
    """What a user is in an operation."""

    COMMANDER = "commander"
    DUTY_OFFICER = "duty_officer"
    LIAISON = "liaison"
    FIELD = "field"
    WARDEN = "warden"
    VIEWER = "viewer"
    MACHINE = "machine"


AUDIENCE_OF: Final[Mapping[Role, Audience]] = {
    Role.COMMANDER: Audience.COMMAND,
    Role.DUTY_OFFICER: Audience.COMMAND,
    Role.LIAISON: Audience.COMMAND,
    Role.FIELD: Audience.RESPONDER,
    Role.WARDEN: Audience.RESPONDER,
    Role.VIEWER: Audience.RESPONDER,
    Role.MACHINE: Audience.RESPONDER,
}

_RANK: Final = {audience: rank for rank, audience in enumerate(Audience)}


def at_least(audience: Audience, least: Audience) -> bool:
    """Tell whether *audience* sees everything that *least* does."""
    return _RANK[audience] >= _RANK[least]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is asking.

    Attributes:
        name: the user's name; "" for anybody who has not signed in.
        role: None for anybody who has not signed in.
        agency: code of the user's department or body.
        audience: what they may see.
        session: id of the session; "" without one.
    """

    name: str = ""
    role: Role | None = None
    agency: str = ""
    audience: Audience = Audience.PUBLIC
    session: str = ""


ANYBODY: Final = Identity()
