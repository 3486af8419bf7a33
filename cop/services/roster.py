"""Rosters: files that say which resources and facilities an operation begins with.

Loading one again changes what the file says otherwise, and nothing of what has happened since:
position, status, tasks and counters are what people and devices made of them.
"""

from __future__ import annotations

import secrets
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from cop.errors import Misconfigured
from cop.model.entity import Entity, Placing
from cop.model.geometry import Geometry, Point
from cop.model.journal import Origin
from cop.model.kinds import Facility, FacilityStatus, Resource, ResourceStatus
from cop.model.publisher import PUBLISHERS
from cop.model.response import Skill
from cop.model.text import Text
from cop.services.commands.context import Context
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.facilities import Access, FacilityType
from cop.services.commands.plan import Asked, Body, Command, Plan
from cop.services.commands.resources import Area
from cop.services.geography import district_of
from cop.services.policy import Action, Identity, Role

MOST_AT_ONCE: Final = 200
"""Entities in one write, and so in one entry of the journal."""
MOST_BYTES: Final = 32 * 1024 * 1024

_WHO: Final = Identity(name="cli", role=Role.MACHINE)


class _Listed(Body):
    """What both lists have."""

    name: Annotated[Text, Field(min_length=1)]
    agency: str
    contact: Annotated[str, Field(max_length=300)] | None = None

    @field_validator("agency")
    @classmethod
    def _is_known(cls, code: str) -> str:
        if code not in PUBLISHERS:
            raise ValueError(f"{code!r} is no agency that cop/model/publisher.py knows")
        return code


class ListedResource(_Listed):
    """One team, vehicle or piece of equipment; `geometry` is where it is when first loaded."""

    id: Annotated[str, Field(pattern=r"^resource:[a-z0-9-]{1,100}$")]
    resource_type: Literal["team", "vehicle", "equipment"]
    skills: tuple[Skill, ...] = ()
    strength: Annotated[int, Field(ge=0, le=10_000)] | None = None
    leader: Annotated[str, Field(max_length=120)] | None = None
    geometry: Point | None = None
    area: Area | None = None
    duty: Text = Field(default_factory=dict)
    status: Literal["available", "resting", "out_of_service"] = "available"

    def on(self, known: Entity | None, ctx: Context) -> Resource:
        """Give the resource as the file has it, over the one that is *known*, if there is one."""
        first = known if isinstance(known, Resource) else None
        values: dict[str, Any] = {
            "resource_type": self.resource_type,
            "title": self.name,
            "agency": self.agency,
            "publisher": self.agency,
            "skills": self.skills,
            "strength": self.strength,
            "leader": self.leader,
            "contact": self.contact,
            "area": self.area,
            "duty": self.duty,
        }
        if first is None:
            values |= {"status": ResourceStatus(self.status), "observed_at": ctx.now}
        if self.geometry is not None and (first is None or first.geometry is None):
            values |= _placed(self.geometry) | {"position_at": ctx.now}
        return Resource.model_validate({**(dict(first) if first else {"id": self.id}), **values})


class ListedFacility(_Listed):
    """One facility; `status` is what it is when first loaded."""

    id: Annotated[str, Field(pattern=r"^facility:[a-z0-9-]{1,100}$")]
    facility_type: FacilityType
    geometry: Geometry | None = None
    place: Text = Field(default_factory=dict)
    capacity: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    access: tuple[Access, ...] = ()
    pets: Literal["yes", "no", "caged"] | None = None
    status: Literal["open", "standby", "closed"] = "standby"

    def on(self, known: Entity | None, ctx: Context) -> Facility:
        """Give the facility as the file has it, over the one that is *known*, if there is one."""
        first = known if isinstance(known, Facility) else None
        values: dict[str, Any] = {
            "facility_type": self.facility_type,
            "title": self.name,
            "publisher": self.agency,
            "place": self.place,
            "capacity": self.capacity,
            "access": self.access,
            "pets": self.pets,
            "contact": self.contact,
            **_placed(self.geometry),
        }
        if first is None:
            status = FacilityStatus(self.status)
            values |= {"status": status, "observed_at": ctx.now, "asserted_at": ctx.now}
        return Facility.model_validate({**(dict(first) if first else {"id": self.id}), **values})


def _placed(place: Geometry | None) -> dict[str, Any]:
    return {
        "geometry": place,
        "placing": Placing.UNPLACED if place is None else Placing.GIVEN,
        "district": district_of(place),
    }


class Roster(Body):
    """A whole file.

    Attributes:
        about: what it is, and where it comes from.
        synthetic: nothing in it is real: good for exercises alone.
    """

    about: Text
    synthetic: bool
    resources: tuple[ListedResource, ...] = ()
    facilities: tuple[ListedFacility, ...] = ()

    @property
    def listed(self) -> list[ListedResource | ListedFacility]:
        """Everything in it."""
        return [*self.resources, *self.facilities]

    @model_validator(mode="after")
    def _has_each_once(self) -> Self:
        ids = [one.id for one in self.listed]
        twice = sorted(one for one, times in Counter(ids).items() if times > 1)
        if twice:
            raise ValueError(f"listed more than once: {', '.join(twice)}")
        return self


class Loaded(NamedTuple):
    """How many entities loading made, changed, and left as they were."""

    made: int
    changed: int
    same: int


def read_roster(file: Path) -> Roster:
    """Read a roster.

    Raises:
        Misconfigured: it cannot be read, or is none; the message says where and why.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Misconfigured(f"{file}: larger than {MOST_BYTES} bytes")
        return Roster.model_validate_json(file.read_bytes())
    except OSError as error:
        raise Misconfigured(f"{file}: {error.strerror or error}") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}" for item in error.errors()
        )
        raise Misconfigured(f"{file}: {wrong}") from error


def load_roster(desk: Desk, roster: Roster) -> Loaded:
    """Put *roster* on the picture, journalled as done at the machine itself.

    Raises:
        Misconfigured: it is synthetic, and the operation is live.
        StoreUnavailable: the store does not answer; loading again goes on where it ended.
    """
    if roster.synthetic and not desk.settings.exercise:
        raise Misconfigured(
            "this roster is synthetic: it is for exercises, never for the live operation"
        )
    loaded = Loaded(0, 0, 0)
    for first in range(0, max(len(roster.resources), len(roster.facilities)), MOST_AT_ONCE):
        some = slice(first, first + MOST_AT_ONCE)
        part = roster.model_copy(
            update={"resources": roster.resources[some], "facilities": roster.facilities[some]}
        )
        loaded = Loaded(*map(sum, zip(loaded, _load(desk, part), strict=True)))
    return loaded


def _load(desk: Desk, part: Roster) -> Loaded:
    ids = [one.id for one in part.listed]
    before = desk.store.read(ids)
    asked = Asked(
        identity=_WHO, key=secrets.token_hex(16), origin=Origin(address="", entrance="cli")
    )
    perform(desk, _LOAD, "", part, asked)
    after = desk.store.read(ids)
    made = len(after.keys() - before.keys())
    changed = sum(before[one].version != after[one].version for one in before.keys() & after.keys())
    return Loaded(made, changed, len(ids) - made - changed)


def _plan_load(ctx: Context, _: str, part: Roster) -> Plan:
    """Bring what is listed onto the picture, or up to date."""
    # Whoever runs commands on this machine holds its Redis: there is no role to ask for.
    ctx.action = Action.MANAGE_RESOURCE
    known = ctx.find([one.id for one in part.listed])
    return Plan(puts=tuple(one.on(known.get(one.id), ctx) for one in part.listed))


_LOAD: Final = Command(
    actions=(Action.MANAGE_RESOURCE, Action.REPORT_RESOURCE),
    method="POST",
    path="/roster",
    body=Roster,
    plan=_plan_load,
    summary="Load a roster",
)
"""Not in the registry: there is no route to it, only this machine's own commands."""
