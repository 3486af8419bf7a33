"""Assignments: a task given to a resource, step by step to its end.

A resource holds the ids of the open assignments that it was given, and every command that adds or
takes one writes the resource in the same step. Of two desks that give it a task at the same
moment one is therefore told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, NamedTuple, Self

from pydantic import AwareDatetime, Field, model_validator

from cop.errors import NotFound, NotPossible, VersionMissing
from cop.model.entity import EntityId, Instant, Kind, Placing, Severity
from cop.model.geometry import Geometry
from cop.model.kinds import (
    Assignment,
    AssignmentStatus,
    Incident,
    IncidentStatus,
    Resource,
    ResourceStatus,
)
from cop.model.response import OPEN_INCIDENT
from cop.model.text import Lang
from cop.services.commands.context import Context
from cop.services.commands.moments import moment
from cop.services.commands.plan import Body, Caution, Command, Plan, said
from cop.services.commands.resources import amended
from cop.services.geography import district_of
from cop.services.limits import limits_of
from cop.services.policy import Action

A: Final = AssignmentStatus
ENDED: Final = frozenset([A.COMPLETED, A.DECLINED, A.STOOD_DOWN])
_ON_ITS_WAY: Final = (A.ASSIGNED, A.DELIVERED, A.ACKNOWLEDGED, A.EN_ROUTE)
_GONE_PAST: Final = (A.DELIVERED, A.ACKNOWLEDGED, A.EN_ROUTE, A.ON_SCENE)
"""What the resource says of a task that goes on, in its order: each says the earlier ones."""


@dataclass(frozen=True, slots=True)
class Way:
    """How an assignment comes to a status.

    Attributes:
        action: what one must be permitted to do: `STEP_ASSIGNMENT` for the resource's own people,
            its agency or the desk; `ASSIGN` for the desk alone.
        after: the statuses that it may follow. A resource may leave steps out, never go back.
        reasoned: whether a reason must be given.
        matched: whether the version that it was decided from must be given.
    """

    action: Action
    after: frozenset[AssignmentStatus]
    reasoned: bool = False
    matched: bool = False


WAYS: Final[dict[AssignmentStatus, Way]] = {
    A.ASSIGNED: Way(Action.ASSIGN, frozenset([A.PROPOSED])),
    A.DELIVERED: Way(Action.STEP_ASSIGNMENT, frozenset(_ON_ITS_WAY[:1])),
    A.ACKNOWLEDGED: Way(Action.STEP_ASSIGNMENT, frozenset(_ON_ITS_WAY[:2])),
    A.EN_ROUTE: Way(Action.STEP_ASSIGNMENT, frozenset(_ON_ITS_WAY[:3])),
    A.ON_SCENE: Way(Action.STEP_ASSIGNMENT, frozenset(_ON_ITS_WAY)),
    A.COMPLETED: Way(Action.STEP_ASSIGNMENT, frozenset([*_ON_ITS_WAY, A.ON_SCENE])),
    A.DECLINED: Way(Action.STEP_ASSIGNMENT, frozenset([A.PROPOSED, *_ON_ITS_WAY]), reasoned=True),
    A.STOOD_DOWN: Way(
        Action.ASSIGN,
        frozenset([A.PROPOSED, *_ON_ITS_WAY, A.ON_SCENE]),
        reasoned=True,
        matched=True,
    ),
}
"""The one table of steps; nothing comes to `proposed` but by being made so."""

Reason = Annotated[str, Field(max_length=1000)]


class Assign(Body):
    """A task for a resource; what is left out is taken from the incident and the resource."""

    resource: EntityId
    incident: EntityId | None = None
    words: Annotated[str, Field(max_length=4000)] = ""
    lang: Lang = "en"
    geometry: Geometry | None = None
    leader: Annotated[str, Field(max_length=120)] | None = None
    contact: Annotated[str, Field(max_length=120)] | None = None
    due_at: AwareDatetime | None = None
    severity: Severity | None = None
    propose: bool = False
    accept_double: bool = False

    @model_validator(mode="after")
    def _has_a_duty(self) -> Self:
        if not self.words and self.incident is None:
            raise ValueError("say the duty in words, or name the incident")
        return self


class TakeStep(Body):
    """The next step of an assignment, and when it was taken; now, where that is left out."""

    status: AssignmentStatus
    at: Instant | None = None
    reason: Reason = ""
    accept_double: bool = False


class Given(NamedTuple):
    """A resource with one more assignment, the others it has, and what should be known."""

    resource: Resource
    others: tuple[str, ...]
    cautions: tuple[Caution, ...]


def given_to(resource: Resource, assignment_id: str, *, accept_double: bool) -> Given:
    """Give *resource* one more assignment.

    Raises:
        NotPossible: it has another that was not accepted, or it is out of service.
    """
    others = tuple(one for one in resource.assignments if one != assignment_id)
    if others and not accept_double:
        raise NotPossible(
            "double-assigned",
            "this resource has an open assignment already: choose another, hand that one over, or"
            " accept that it has two",
            others=list(others),
        )
    if resource.status is ResourceStatus.OUT_OF_SERVICE:
        raise NotPossible("out-of-service", "this resource is out of service: choose another")
    cautions: tuple[Caution, ...] = ()
    if others:
        cautions += (Caution("double-assigned", "this resource now has more than one assignment"),)
    if resource.status is ResourceStatus.RESTING:
        cautions += (Caution("was-resting", "this resource was resting: its people must know"),)
    held = (*others, assignment_id)
    return Given(
        amended(resource, assignments=held, status=ResourceStatus.ASSIGNED), others, cautions
    )


def taken_from(resource: Resource, assignment_id: str) -> Resource:
    """Give *resource* without an assignment: available, if that was its last and nothing else is.

    What it has said of itself meanwhile, resting or out of service, stays.
    """
    left = tuple(one for one in resource.assignments if one != assignment_id)
    frees = resource.status is ResourceStatus.ASSIGNED and not left
    status = ResourceStatus.AVAILABLE if frees else resource.status
    return amended(resource, assignments=left, status=status)


def stepped(
    ctx: Context,
    assignment: Assignment,
    status: AssignmentStatus,
    incident: Incident | None,
    *,
    at: datetime | None = None,
    **values: Any,
) -> Assignment:
    """Give *assignment* at *status* since *at* (now), with the limits of that step and *values*."""
    since = at or ctx.now
    warn_at, overdue_at = _limits(ctx, assignment, status, incident, since)
    return Assignment.model_validate(
        {
            **dict(assignment),
            "status": status,
            "steps": {**assignment.steps, status: since},
            "warn_at": warn_at,
            "overdue_at": overdue_at,
            **values,
        }
    )


def _limits(
    ctx: Context,
    assignment: Assignment,
    status: AssignmentStatus,
    incident: Incident | None,
    since: datetime,
) -> tuple[datetime | None, datetime | None]:
    if status in ENDED:
        return None, None
    return limits_of(ctx.desk.settings).times(
        status,
        since,
        incident_type=None if incident is None else incident.incident_type,
        severity=assignment.severity,
        due_at=assignment.due_at,
    )


def check_open(incident: Incident | None) -> tuple[Caution, ...]:
    """Return what should be known of the incident of an assignment.

    Raises:
        NotPossible: it has ended.
    """
    if incident is None:
        return ()
    if incident.status not in OPEN_INCIDENT:
        raise NotPossible(
            "incident-ended",
            f"the incident is {incident.status}: open it again, or assign to another",
            incident=incident.merged_into or incident.id,
        )
    if incident.status is IncidentStatus.REPORTED:
        return (Caution("not-verified", "nobody has verified this incident yet"),)
    if incident.status is IncidentStatus.VERIFIED:
        return (
            Caution("still-verified", "the incident is not marked as responding; mark it if it is"),
        )
    return ()


def related(
    ctx: Context, assignment: Assignment, *more: str
) -> tuple[dict[str, Resource], Incident | None]:
    """Read the resources, the assignment's own and *more*, and the incident of an assignment."""
    ids = [assignment.resource, *more, *([assignment.incident] if assignment.incident else [])]
    found = ctx.find(ids)
    incident = found.get(assignment.incident or "")
    resources = {key: one for key, one in found.items() if isinstance(one, Resource)}
    return resources, incident if isinstance(incident, Incident) else None


def plan_assign(ctx: Context, _: str, body: Assign) -> Plan:
    """Give a resource a task, or propose to."""
    resource = ctx.read(body.resource, Resource)
    ctx.permit(Action.ASSIGN, agencies=[resource.agency])
    incident = None if body.incident is None else ctx.read(body.incident, Incident)
    cautions = check_open(incident)
    if body.due_at is not None and body.due_at <= ctx.now:
        raise NotPossible("due-in-the-past", "say a time to come by which it must be done")
    assignment = _first(ctx, body, resource, incident)
    about = (incident.id,) if incident is not None else ()
    if body.propose:
        proposed = stepped(ctx, assignment, A.PROPOSED, incident)
        return Plan(puts=(proposed,), about=(*about, resource.id), cautions=cautions)
    given = given_to(resource, assignment.id, accept_double=body.accept_double)
    made = stepped(ctx, assignment, A.ASSIGNED, incident, also=given.others)
    return Plan(
        puts=(made, given.resource),
        about=(*about, *given.others),
        cautions=(*cautions, *given.cautions),
    )


def _first(ctx: Context, body: Assign, resource: Resource, incident: Incident | None) -> Assignment:
    geometry, placing, precision_m = body.geometry, Placing.GIVEN, None
    severity = body.severity
    if incident is not None:
        severity = severity or incident.severity
        if geometry is None:
            geometry, placing = incident.geometry, incident.placing
            precision_m = incident.precision_m
    duty = said(body.words, body.lang)
    return Assignment(
        id=ctx.new_id(Kind.ASSIGNMENT),
        publisher=ctx.identity.agency or "COP",
        resource=resource.id,
        agency=resource.agency,
        incident=None if incident is None else incident.id,
        duty=duty or ({} if incident is None else incident.title),
        place={} if incident is None or body.geometry is not None else incident.place,
        status=A.PROPOSED,
        severity=severity or Severity.UNKNOWN,
        leader=body.leader or resource.leader,
        contact=body.contact or resource.contact,
        due_at=body.due_at,
        observed_at=ctx.now,
        geometry=geometry,
        placing=Placing.UNPLACED if geometry is None else placing,
        precision_m=precision_m,
        district=district_of(geometry),
        author=ctx.identity.name,
    )


def plan_step(ctx: Context, assignment_id: str, body: TakeStep) -> Plan:
    """Take an assignment to another step.

    A step that it has come to or gone past already changes nothing: a second phone of the team
    says it, or one that was without network.
    """
    assignment = ctx.read(assignment_id, Assignment)
    way = WAYS.get(body.status)
    agencies, own = [assignment.agency], [assignment.resource]
    ctx.permit(Action.ASSIGN if way is None else way.action, agencies=agencies, own=own)
    if is_past(assignment.status, body.status):
        words = f"nothing was changed: it is {assignment.status} already"
        return Plan(cautions=(Caution("already-past", words),))
    if way is None or assignment.status not in way.after:
        raise not_next(assignment)
    if way.matched and ctx.expected is None:
        raise VersionMissing
    if way.reasoned and not body.reason:
        raise NotPossible("reason-missing", "say why: a reason is needed for this step")
    at, cautions = moment(ctx, body.at, not_before=last_step(assignment))
    resources, incident = related(ctx, assignment)
    resource = resources.get(assignment.resource)
    values: dict[str, Any] = {"reason": body.reason} if body.reason else {}
    puts: list[Resource] = []
    if body.status is A.ASSIGNED:
        if resource is None:
            raise NotFound(f"there is no resource {assignment.resource!r} on the picture any more")
        cautions += check_open(incident)
        given = given_to(resource, assignment.id, accept_double=body.accept_double)
        puts, values["also"] = [given.resource], given.others
        cautions += given.cautions
    elif body.status in ENDED and resource is not None:
        puts = [taken_from(resource, assignment.id)]
    return Plan(
        puts=(stepped(ctx, assignment, body.status, incident, at=at, **values), *puts),
        about=tuple(one for one in (assignment.resource, assignment.incident) if one),
        reason=body.reason,
        cautions=cautions,
    )


def is_past(present: AssignmentStatus, asked: AssignmentStatus) -> bool:
    """Tell whether an assignment that is *present* is at *asked* already, or has gone past it.

    One that has ended is past nothing but its end: whoever says a step must learn that it has.
    """
    if present in _GONE_PAST and asked in _GONE_PAST:
        return _GONE_PAST.index(asked) <= _GONE_PAST.index(present)
    return asked is present


def last_step(assignment: Assignment) -> datetime | None:
    """Tell when the last step of *assignment* was taken; None where it has none yet."""
    return max(assignment.steps.values(), default=None)


def not_next(assignment: Assignment) -> NotPossible:
    """Make the refusal of a step that cannot follow the present one."""
    ways = sorted(status for status, way in WAYS.items() if assignment.status in way.after)
    return NotPossible(
        "not-next",
        f"this cannot follow {assignment.status}; what may come next: {', '.join(ways) or 'none'}",
        next=ways,
        present=assignment.status,
    )


COMMANDS: Final = (
    Command(
        actions=(Action.ASSIGN,),
        method="POST",
        path="/assignments",
        body=Assign,
        plan=plan_assign,
        makes=Kind.ASSIGNMENT,
        summary="Give a resource a task, or propose to",
        example={
            "resource": "resource:demo-team-1",
            "incident": "incident:5f0c7d1e9a3b4c52",
            "words": "Pump out the underpass; keep one lane open",
            "due_at": "2023-09-07T17:00:00Z",
        },
    ),
    Command(
        actions=(Action.STEP_ASSIGNMENT, Action.ASSIGN),
        method="POST",
        path="/assignments/{id}/step",
        body=TakeStep,
        plan=plan_step,
        summary="Take an assignment to its next step, or end it",
        example={"status": "acknowledged"},
    ),
)
