"""Undo: taking back one's own deed while nobody has built on it.

What is taken back is what a deed changed, whole: a drawing that was made is removed, one that was
removed returns. An incident, a need or an order that was made is not unmade: others may have seen
it and acted; it is rejected, cancelled or taken back, with a reason, and stays in the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import orjson
from pydantic import Field

from cop.errors import NotFound, NotPossible
from cop.model.entity import Entity
from cop.model.journal import Change, Deed, revert
from cop.model.kinds import decode
from cop.services.commands.context import Context
from cop.services.commands.engine import UNDO_FOR
from cop.services.commands.plan import Body, Command, Plan
from cop.services.policy import Action


class Undo(Body):
    """Which deed is taken back, by the number of its entry in the journal."""

    journal: Annotated[int, Field(gt=0, le=10**15)]


def plan_undo(ctx: Context, _: str, body: Undo) -> Plan:
    """Take back one's own last deed, within half a minute and while nothing has come after it."""
    links = ctx.desk.store.journal([body.journal])
    if not links:
        raise NotFound(f"there is no entry {body.journal} in the journal")
    deed = Deed.decode(links[0].body)
    ctx.permit(Action.UNDO, own=[deed.who.name])
    if not deed.undoable or deed.undoes is not None:
        raise NotPossible("not-undoable", "this cannot be taken back: do what puts it right")
    if datetime.now(UTC) - deed.wall_at > UNDO_FOR:
        seconds = int(UNDO_FOR.total_seconds())
        raise NotPossible("too-late", f"this can be taken back for {seconds} seconds only")
    found = ctx.find(change.id for change in deed.changes)
    puts: list[Entity] = []
    removes: list[str] = []
    for change in deed.changes:
        _check_unchanged(ctx, change)
        before = _before(found.get(change.id), change)
        if before is None:
            removes.append(change.id)
        else:
            puts.append(before)
        if change.version is None:
            ctx.gone[change.id] = _left_with(ctx, change.id, body.journal)
    return Plan(
        puts=tuple(puts),
        removes=tuple(removes),
        about=(deed.id,) if deed.id else (),
        undoes=body.journal,
        main=deed.id or "",
    )


def _check_unchanged(ctx: Context, change: Change) -> None:
    """Return if the entity is as the deed left it; else raises NotPossible."""
    record = ctx.read_records.get(change.id)
    if (None if record is None else record.version) != change.version:
        raise NotPossible(
            "changed-since",
            "this was changed again in the meantime: look at how it is now",
            id=change.id,
        )


def _before(entity: Entity | None, change: Change) -> Entity | None:
    """Give the entity as it was before the deed; None where it was not there."""
    current: Mapping[str, Any] = {} if entity is None else orjson.loads(entity.encode())
    before = revert(current, change.before, change.after)
    return None if before is None else decode(orjson.dumps(before))


def _left_with(ctx: Context, entity_id: str, removal: int) -> int:
    """Give the version that the removal of an entity took, from what the journal says before it."""
    for link in reversed(ctx.desk.store.journal_of(entity_id, before=removal)):
        for change in Deed.decode(link.body).changes:
            if change.id == entity_id and change.version is not None:
                return change.version + 1
    return 0


COMMANDS: Final = (
    Command(
        actions=(Action.UNDO,),
        method="POST",
        path="/undo",
        body=Undo,
        plan=plan_undo,
        summary="Take back one's own last deed",
        example={"journal": 17},
    ),
)
