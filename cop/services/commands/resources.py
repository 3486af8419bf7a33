"""Resources: teams, vehicles and equipment; what they are, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, Field

from cop.errors import NotPossible
from cop.model.entity import Kind, Placing
from cop.model.geometry import MultiPolygon, Point, Polygon
from cop.model.kinds import Resource, ResourceStatus
from cop.model.response import Skill
from cop.model.text import Lang
from cop.services.commands.context import Context
from cop.services.commands.incidents import Agency, Line
from cop.services.commands.plan import Body, Caution, Command, Plan, said
from cop.services.geography import district_of
from cop.services.policy import Action

AHEAD: Final = timedelta(minutes=2)
"""So far a device's clock may be ahead of ours."""

S: Final = ResourceStatus
Area = Annotated[Polygon | MultiPolygon, Field(discriminator="type")]
Word = Annotated[str, Field(max_length=120)]


class EditResource(Body):
    """What may be said of a resource; what is left out stays as it is."""

    resource_type: Literal["team", "vehicle", "equipment"] | None = None
    name: Line | None = None
    agency: Agency | None = None
    skills: Annotated[tuple[Skill, ...], Field(max_length=20)] | None = None
    strength: Annotated[int, Field(ge=0, le=10_000)] | None = None
    leader: Word | None = None
    contact: Word | None = None
    geometry: Point | None = None
    area: Area | None = None
    duty: Annotated[str, Field(max_length=1000)] | None = None
    status: ResourceStatus | None = None
    lang: Lang = "en"


class AddResource(EditResource):
    """A new resource; of the asker's agency where none is named."""

    resource_type: Literal["team", "vehicle", "equipment"]
    name: Annotated[str, Field(min_length=1, max_length=300)]


class ReportResource(Body):
    """What a resource says of itself: its status, and where it is or was `at`."""

    status: ResourceStatus | None = None
    geometry: Point | None = None
    at: AwareDatetime | None = None
    precision_m: Annotated[float, Field(ge=0, le=100_000)] | None = None


def amended(resource: Resource, **values: Any) -> Resource:
    """Give *resource* with *values*, checked as a whole."""
    return Resource.model_validate({**dict(resource), **values})


def status_said(resource: Resource, wanted: ResourceStatus) -> tuple[ResourceStatus, str]:
    """Give the status of *resource* when somebody says *wanted*, and what should be known ("": no).

    Whether it is assigned follows from its assignments, never from what somebody says.

    Raises:
        NotPossible: it is said to be assigned, and is not.
    """
    busy = bool(resource.assignments)
    if wanted is S.ASSIGNED and not busy:
        raise NotPossible(
            "nothing-assigned", "it has no open assignment: give it one, or say another status"
        )
    if wanted is S.AVAILABLE and busy:
        return S.ASSIGNED, "it still has an open assignment, and so is assigned"
    if wanted in (S.RESTING, S.OUT_OF_SERVICE) and busy:
        return wanted, "it still has an open assignment: stand it down or hand it over"
    return wanted, ""


def _cautions(words: str) -> tuple[Caution, ...]:
    return (Caution("still-assigned", words),) if words else ()


def _fields(body: EditResource, before: Resource | None, now: datetime) -> Mapping[str, Any]:
    """Give the fields of a resource that *body* says."""
    given = body.model_fields_set
    plain = (
        "resource_type",
        "agency",
        "skills",
        "strength",
        "leader",
        "contact",
        "geometry",
        "area",
    )
    values = {name: getattr(body, name) for name in plain if name in given}
    for name, field in (("name", "title"), ("duty", "duty")):
        if name in given:
            old = {} if before is None else dict(getattr(before, field))
            old.pop(body.lang, None)
            values[field] = {**old, **said(getattr(body, name) or "", body.lang)}
    if "geometry" in given and (before is None or body.geometry != before.geometry):
        values |= _placed(body.geometry, now, None)
    for name in ("resource_type", "agency", "skills"):
        if name in values and values[name] is None:
            del values[name]
    return values


def _placed(place: Point | None, at: datetime, precision_m: float | None) -> Mapping[str, Any]:
    return {
        "geometry": place,
        "position_at": None if place is None else at,
        "observed_at": at,
        "precision_m": precision_m,
        "placing": Placing.UNPLACED if place is None else Placing.GIVEN,
        "district": district_of(place),
    }


def plan_add(ctx: Context, _: str, body: AddResource) -> Plan:
    """Put a new resource on the picture."""
    agency = body.agency or ctx.identity.agency
    if not agency:
        raise NotPossible("agency-missing", "say whose it is: name an agency")
    ctx.permit(Action.MANAGE_RESOURCE, agencies=[agency])
    blank = {"status": S.AVAILABLE, "observed_at": ctx.now, **_fields(body, None, ctx.now)}
    resource = Resource.model_validate(
        {
            **blank,
            "id": ctx.new_id(Kind.RESOURCE),
            "publisher": agency,
            "agency": agency,
        }
    )
    if body.status is None:
        return Plan(puts=(resource,))
    status, _words = status_said(resource, body.status)
    return Plan(puts=(amended(resource, status=status),))


def plan_edit(ctx: Context, resource_id: str, body: EditResource) -> Plan:
    """Change what is said of a resource."""
    resource = ctx.read(resource_id, Resource)
    ctx.permit(Action.MANAGE_RESOURCE, agencies=[resource.agency])
    values = dict(_fields(body, resource, ctx.now))
    agency = values.get("agency", resource.agency)
    if agency != resource.agency:
        ctx.permit(Action.MANAGE_RESOURCE, agencies=[agency])
        values["publisher"] = agency
    words = ""
    if body.status is not None:
        values["status"], words = status_said(resource, body.status)
    return Plan(puts=(amended(resource, **values),), cautions=_cautions(words), undoable=True)


def plan_report(ctx: Context, resource_id: str, body: ReportResource) -> Plan:
    """Take what a resource says of itself; an older position than the known one is left alone."""
    resource = ctx.read(resource_id, Resource)
    ctx.permit(Action.REPORT_RESOURCE, agencies=[resource.agency], own=[resource.id])
    at = ctx.now if body.at is None else body.at
    if at > ctx.now + AHEAD:
        raise NotPossible("in-the-future", "the time of the report lies ahead: check the clock")
    at = min(at, ctx.now)  # else what comes next would seem older
    values: dict[str, Any] = {}
    cautions: tuple[Caution, ...] = ()
    if body.status is not None:
        values["status"], words = status_said(resource, body.status)
        cautions = _cautions(words)
    if body.geometry is not None:
        if resource.position_at is not None and at < resource.position_at:
            cautions += (Caution("older-position", "a later position is known and was kept"),)
        else:
            values |= _placed(body.geometry, at, body.precision_m)
    return Plan(puts=(amended(resource, **values),), cautions=cautions)


COMMANDS: Final = (
    Command(
        actions=(Action.MANAGE_RESOURCE,),
        method="POST",
        path="/resources",
        body=AddResource,
        plan=plan_add,
        makes=Kind.RESOURCE,
        summary="Add a team, vehicle or piece of equipment",
        example={
            "resource_type": "team",
            "name": "Drainage team Kowloon 3",
            "agency": "DSD",
            "skills": ["pumping", "road_clearing"],
            "strength": 6,
            "leader": "DSD Kowloon 3",
            "contact": "channel 4",
            "geometry": {"type": "Point", "coordinates": [114.1694, 22.3193]},
        },
    ),
    Command(
        actions=(Action.MANAGE_RESOURCE,),
        method="PATCH",
        path="/resources/{id}",
        body=EditResource,
        plan=plan_edit,
        matched=True,
        summary="Change what is said of a resource",
        example={"strength": 5, "status": "resting"},
    ),
    Command(
        actions=(Action.REPORT_RESOURCE,),
        method="POST",
        path="/resources/{id}/report",
        body=ReportResource,
        plan=plan_report,
        summary="Report one's own status and position",
        example={
            "status": "available",
            "geometry": {"type": "Point", "coordinates": [114.1702, 22.3211]},
            "at": "2023-09-07T15:06:40Z",
            "precision_m": 12,
        },
    ),
)
