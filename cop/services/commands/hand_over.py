"""Hand over: another resource goes on with a task; both assignments point at each other."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from cop.errors import NotFound, NotPossible
from cop.model.entity import EntityId, Kind
from cop.model.kinds import Assignment, AssignmentStatus
from cop.services.commands.assignments import (
    WAYS,
    check_open,
    given_to,
    not_next,
    related,
    stepped,
    taken_from,
)
from cop.services.commands.context import Context
from cop.services.commands.plan import Body, Command, Plan
from cop.services.policy import Action

A: Final = AssignmentStatus
HANDED_OVER: Final = "handed over"
"""The reason of an assignment that another resource goes on with."""


class HandOver(Body):
    """Who goes on with the task."""

    resource: EntityId
    reason: Annotated[str, Field(max_length=1000)] = ""
    accept_double: bool = False


def plan_hand_over(ctx: Context, assignment_id: str, body: HandOver) -> Plan:
    """Stand one resource down and give its task to another, in one step."""
    first = ctx.read(assignment_id, Assignment)
    ctx.permit(Action.ASSIGN, agencies=[first.agency])
    resources, incident = related(ctx, first, body.resource)
    other = resources.get(body.resource)
    if other is None:
        raise NotFound(f"there is no resource {body.resource!r} on the picture")
    ctx.permit(Action.ASSIGN, agencies=[other.agency])
    if first.status is A.PROPOSED or first.status not in WAYS[A.STOOD_DOWN].after:
        raise not_next(first)
    if other.id == first.resource:
        raise NotPossible("same-resource", "this resource has the task already: choose another")
    cautions = check_open(incident)
    second_id = ctx.new_id(Kind.ASSIGNMENT)
    given = given_to(other, second_id, accept_double=body.accept_double)
    second = first.model_copy(
        update={
            "id": second_id,
            "publisher": ctx.identity.agency or "COP",
            "resource": other.id,
            "agency": other.agency,
            "leader": other.leader,
            "contact": other.contact,
            "observed_at": ctx.now,
            "steps": {},
            "reason": "",
            "also": given.others,
            "handed_over_from": first.id,
            "handed_over_to": None,
            "author": ctx.identity.name,
        }
    )
    reason = f"{HANDED_OVER}: {body.reason}" if body.reason else HANDED_OVER
    ended = stepped(ctx, first, A.STOOD_DOWN, incident, reason=reason, handed_over_to=second_id)
    before = resources.get(first.resource)
    return Plan(
        puts=(
            ended,
            stepped(ctx, second, A.ASSIGNED, incident),
            given.resource,
            *([] if before is None else [taken_from(before, first.id)]),
        ),
        about=tuple(one for one in (first.incident, *given.others) if one),
        reason=body.reason,
        cautions=(*cautions, *given.cautions),
    )


COMMANDS: Final = (
    Command(
        actions=(Action.ASSIGN,),
        method="POST",
        path="/assignments/{id}/hand-over",
        body=HandOver,
        plan=plan_hand_over,
        matched=True,
        summary="Give a task to another resource",
        example={"resource": "resource:demo-team-1", "reason": "the first pump has failed"},
    ),
)
