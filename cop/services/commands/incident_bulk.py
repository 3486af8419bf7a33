"""Many incidents at once: one status for all of them, or for none."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from cop.errors import NotFound, NotPossible
from cop.model.entity import EntityId
from cop.model.kinds import Incident
from cop.services.commands.context import Context
from cop.services.commands.incidents import ChangeStatus, cautions_on, check_own, next_status
from cop.services.commands.plan import Body, Command, Plan
from cop.services.policy import Action

MOST: Final = 200
"""Incidents that can be changed at once."""


class Item(Body):
    """One incident, and the version of it that whoever asks has seen."""

    id: EntityId
    version: Annotated[int, Field(ge=1, le=10**15)]


class ChangeStatuses(ChangeStatus):
    """The next step of the lives of several incidents."""

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({item.id for item in self.items}) != len(self.items):
            raise ValueError("name each incident once")
        return self


def plan_statuses(ctx: Context, _: str, body: ChangeStatuses) -> Plan:
    """Take several incidents to one status: all of them, or none where one of them cannot be."""
    found = ctx.find(item.id for item in body.items)
    incidents: list[Incident] = []
    for item in body.items:
        incident = found.get(item.id)
        if not isinstance(incident, Incident):
            raise NotFound(f"there is no incident {item.id!r} on the picture; nothing was changed")
        incidents.append(check_own(incident))
    edited = [_next(ctx, incident, body) for incident in incidents]
    _check_versions(ctx, body.items)
    return Plan(
        puts=tuple(edited),
        about=tuple({one.parent: None for one in edited if one.parent}),
        reason=body.reason,
        cautions=cautions_on(ctx, edited),
        undoable=True,
    )


def _next(ctx: Context, incident: Incident, body: ChangeStatuses) -> Incident:
    try:
        return next_status(ctx, incident, body)
    except NotPossible as error:
        name = incident.number or incident.id
        members = {**error.members, "id": incident.id}
        raise NotPossible(error.code, f"{name}: {error}; nothing was changed", **members) from error


def _check_versions(ctx: Context, items: tuple[Item, ...]) -> None:
    now = {item.id: ctx.read_records[item.id].version for item in items}
    stale = [item.id for item in items if now[item.id] != item.version]
    if stale:
        raise NotPossible(
            "stale",
            "somebody changed some of these in the meantime; nothing was changed: look at them"
            " and decide again",
            stale=[{"id": each, "version": now[each]} for each in stale],
        )


COMMANDS: Final = (
    Command(
        actions=(Action.VERIFY_INCIDENT, Action.RESPOND_INCIDENT, Action.CLOSE_INCIDENT),
        method="POST",
        path="/incidents/status",
        body=ChangeStatuses,
        plan=plan_statuses,
        summary="Take several incidents to one status",
        example={
            "items": [
                {"id": "incident:5f0c7d1e9a3b4c52", "version": 3},
                {"id": "incident:0b1f2a7c9d3e4f60", "version": 1},
            ],
            "status": "closed",
            "reason": "water gone, road open",
        },
    ),
)
