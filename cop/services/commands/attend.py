"""What deserves attention: take it, put it off, note what was found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Annotated, Any, Final

from pydantic import Field

from cop.errors import NotPossible
from cop.model.desk import Attention
from cop.model.response import Words
from cop.services.commands.context import Context
from cop.services.commands.plan import Body, Command, Plan
from cop.services.policy import Action, Scope, scope_of

LONGEST_SNOOZE_MIN: Final = 240


class Take(Body):
    """Look after it.

    Attributes:
        release: give it back instead.
        over: although somebody else has it; for those who may attend to everything.
    """

    release: bool = False
    over: bool = False


class Snooze(Body):
    """Put it out of the way for some minutes; 0 brings it back."""

    minutes: Annotated[int, Field(ge=0, le=LONGEST_SNOOZE_MIN)]


class Remark(Body):
    """What was found; it takes the place of an earlier remark, which the journal keeps."""

    words: Words


def plan_take(ctx: Context, item_id: str, body: Take) -> Plan:
    """Take an item, or give it back."""
    item = _read(ctx, item_id)
    me, holder = ctx.identity.name, item.taken_by
    over = body.over and scope_of(ctx.identity, Action.ATTEND) is Scope.ANY
    if holder not in (None, me) and not over:
        raise NotPossible(
            "taken", f"{holder} looks after it: ask them, or have it taken over", taken_by=holder
        )
    if body.release:
        values: dict[str, Any] = {"taken_by": None, "taken_at": None}
    elif holder == me:
        values = {"snoozed_until": None}
    else:
        values = {"taken_by": me, "taken_at": ctx.now, "snoozed_until": None}
    return _plan(item, **values)


def plan_snooze(ctx: Context, item_id: str, body: Snooze) -> Plan:
    """Put an item off; it comes back by itself when its time is over or it gets worse."""
    item = _read(ctx, item_id)
    until = ctx.now + timedelta(minutes=body.minutes) if body.minutes else None
    return _plan(item, snoozed_until=until)


def plan_note(ctx: Context, item_id: str, body: Remark) -> Plan:
    """Note on an item what was found."""
    return _plan(_read(ctx, item_id), remark=body.words)


def median_to_take(items: Iterable[Attention], since: datetime) -> timedelta | None:
    """Give how long items raised at or after *since* waited until somebody took them.

    Half of those that were taken waited longer. None when none was: what still waits, and what
    went by itself, is not in it.
    """
    waits = [
        max(0.0, (item.taken_at - item.raised_at).total_seconds())
        for item in items
        if item.taken_at is not None and item.raised_at >= since
    ]
    return timedelta(seconds=median(waits)) if waits else None


def _read(ctx: Context, item_id: str) -> Attention:
    """Read an item that somebody may still attend to.

    Raises:
        NotPossible: its cause has gone.
    """
    item = ctx.read(item_id, Attention)
    ctx.permit(Action.ATTEND, agencies=[item.agency])
    if item.cleared_at is not None:
        raise NotPossible("cleared", "its cause has gone: there is nothing left to do")
    return item


def _plan(item: Attention, **values: Any) -> Plan:
    after = Attention.model_validate({**dict(item), **values})
    return Plan(puts=(after,), about=() if after == item else (item.subject,), undoable=True)


COMMANDS: Final = (
    Command(
        actions=(Action.ATTEND,),
        method="POST",
        path="/attention/{id}/take",
        body=Take,
        plan=plan_take,
        summary="Look after something that deserves attention",
        example={"release": False},
    ),
    Command(
        actions=(Action.ATTEND,),
        method="POST",
        path="/attention/{id}/snooze",
        body=Snooze,
        plan=plan_snooze,
        summary="Put it out of the way for some minutes",
        example={"minutes": 15},
    ),
    Command(
        actions=(Action.ATTEND,),
        method="POST",
        path="/attention/{id}/note",
        body=Remark,
        plan=plan_note,
        summary="Note what was found",
        example={"words": "Called the station officer, crew on its way"},
    ),
)
