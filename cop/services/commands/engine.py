"""Does commands: decides, writes once, and writes down who did what.

The order matters. A key that was seen gives the first answer before anything is read; what is
planned is written over the versions that it was planned from, in one step with the journal.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from pydantic import BaseModel, ValidationError

from cop.errors import Conflict, Invalid, NotFound, NotPermitted, NotPossible, Stale
from cop.model.entity import Entity, Kind
from cop.model.journal import Change, Deed, Who, difference
from cop.model.record import Answer, Page, Record, check, put, remove
from cop.services.commands.context import Context, check_ours, made_id
from cop.services.commands.desk import Desk
from cop.services.commands.plan import Asked, Caution, Command, Outcome, Plan
from cop.services.policy import Scope, scope_of
from cop.services.positions import no_longer_followed

UNDO_FOR: Final = timedelta(seconds=30)
"""Real time in which somebody may take back what they did."""

_ATTEMPTS: Final = 40
_PAUSE_S: Final = 0.02
"""Twenty people at the doors of one shelter must all get through."""


def perform(
    desk: Desk, command: Command, target: str, body: BaseModel | None, asked: Asked
) -> Outcome:
    """Do *command* on *target* ("" where it has none) once, however often it is asked.

    Raises:
        NotPermitted: whoever asks may not.
        NotFound: there is no such entity.
        NotPossible: not in the present state.
        Invalid: what was sent makes no valid entity.
        Stale: what it is about has changed since; or, over and over, what it was planned from.
        IdempotencyMismatch: the key was used for another request.
        StoreUnavailable: the store does not answer; asking again with the same key is safe.
    """
    if all(scope_of(asked.identity, action) is Scope.NO for action in command.actions):
        raise NotPermitted(f"{command.actions[0].value}: your role may not do this")
    request = _request(command, target, body, asked)
    key = f"{asked.identity.name}:{asked.key}"
    makes = made_id(command.makes, asked) if command.makes else ""
    first = desk.store.answered(key, request)
    if first is not None:
        return _again(desk, first, target or makes)
    for _ in range(_ATTEMPTS):
        context = Context(desk, asked, target)
        try:
            plan = _plan(context, command, target, body)
        except (NotFound, NotPossible, Stale):
            first = desk.store.answered(key, request)
            if first is None:
                raise
            return _again(desk, first, target or makes)  # its twin has been done meanwhile
        main = plan.main or target or makes
        wall = datetime.now(UTC).replace(microsecond=0)
        try:
            answer = _write(context, plan, asked, _Keys(key, request, main, wall))
        except Conflict as conflict:
            _explain(conflict, target, makes, asked)
            time.sleep(random.uniform(0, _PAUSE_S))  # noqa: S311 - only spreads load
            continue
        if answer.repeated:
            return _again(desk, answer, main)
        undoable = plan.undoable and bool(answer.journal)
        until = wall + UNDO_FOR if undoable else None
        return _outcome(desk, answer, main, until, plan.cautions)
    raise NotPossible("busy", "too many are changing this at once; try again in a moment")


def _request(command: Command, target: str, body: BaseModel | None, asked: Asked) -> bytes:
    said = None if body is None else body.model_dump(mode="json", exclude_unset=True)
    words = [command.method, command.path, target, said, asked.expected]
    return orjson.dumps(words, option=orjson.OPT_SORT_KEYS)


def _plan(context: Context, command: Command, target: str, body: BaseModel | None) -> Plan:
    try:
        plan = command.plan(context, target, body)
    except ValidationError as error:
        wrong = ((".".join(map(str, item["loc"])), item["msg"]) for item in error.errors())
        raise Invalid(*wrong) from error
    if context.action not in command.actions:
        raise RuntimeError(f"{command.path}: the policy was not asked")
    return plan


def _explain(conflict: Conflict, target: str, makes: str, asked: Asked) -> None:
    """Return where planning again may help; what cannot be mended so is raised."""
    if target in conflict.current and asked.expected is not None:
        raise Stale(target) from conflict
    if conflict.current.get(makes):
        raise NotPossible(
            "key-used",
            "this was done under the same key more than a week ago; it is not done again",
        ) from conflict


@dataclass(frozen=True, slots=True)
class _Keys:
    """What a write is known by: its idempotency key, request, main entity and real time."""

    idempotency: str
    request: bytes
    main: str
    wall: datetime


def _write(context: Context, plan: Plan, asked: Asked, keys: _Keys) -> Answer:
    """Write what *plan* changes; one that changes nothing leaves no trace but what it notes.

    Live positions of whoever goes off duty leave with it, and stand in no journal.
    """
    read = context.read_records
    changed = [
        entity
        for entity in plan.puts
        if entity.id not in read or read[entity.id].body != entity.encode()
    ]
    _check_ours(changed, [read[entity_id] for entity_id in plan.removes])
    writes = [put(entity, expected=_version(read.get(entity.id))) for entity in changed]
    writes += [remove(read[entity_id]) for entity_id in plan.removes]
    changes = [_change(context, read.get(entity.id), entity) for entity in changed]
    changes += [_change(context, read[entity_id], None) for entity_id in plan.removes]
    writes += map(remove, no_longer_followed(context.desk.store, changed))
    if writes:  # what it was decided by must still be so
        written = {write.id for write in writes}
        writes += [check(record) for record in read.values() if record.id not in written]
    identity = asked.identity
    deed = Deed(
        at=context.now,
        wall_at=keys.wall,
        who=Who(name=identity.name, role=identity.role or "", agency=identity.agency),
        origin=asked.origin,
        action=context.action or "",
        id=keys.main or None,
        reason=plan.reason or None,
        key=asked.key,
        undoable=plan.undoable,
        undoes=plan.undoes,
        warned={caution.code: caution.detail for caution in plan.cautions},
        changes=tuple(changes),
    )
    return context.desk.store.write(
        writes,
        fetched_ms=int(context.now.timestamp() * 1000),
        idempotency_key=keys.idempotency,
        request=keys.request,
        page=Page(deed.encode(), plan.about) if writes or plan.noted else None,
    )


def _check_ours(changed: Iterable[Entity], removed: Iterable[Record]) -> None:
    """Return if nothing of it was made by another installation; messages are worked on here.

    Raises:
        NotPossible: something was.
    """
    origins = [one.origin for one in changed if one.kind is not Kind.MESSAGE]
    origins += [orjson.loads(record.body).get("origin") for record in removed]
    for origin in origins:
        check_ours(origin)


def _version(record: Record | None) -> int:
    return 0 if record is None else record.version


def _change(context: Context, before: Record | None, after: Entity | None) -> Change:
    old: dict[str, Any] | None = None if before is None else orjson.loads(before.body)
    new: dict[str, Any] | None = None if after is None else orjson.loads(after.encode())
    was, became = difference(old, new)
    if after is not None:
        version = 1 + (_version(before) or context.gone.get(after.id, 0))
        return Change(id=after.id, kind=after.kind, version=version, before=was, after=became)
    assert before is not None  # noqa: S101 - a removal is of what was read
    return Change(id=before.id, kind=before.kind, version=None, before=was, after=became)


def _again(desk: Desk, first: Answer, main: str) -> Outcome:
    """Give the first answer again; what is not kept with it stands in the journal."""
    links = desk.store.journal([first.journal]) if first.journal else []
    if not links:
        return _outcome(desk, first, main, None, ())
    deed = Deed.decode(links[0].body)
    cautions = tuple(Caution(code, detail) for code, detail in deed.warned.items())
    until = deed.wall_at + UNDO_FOR if deed.undoable else None
    return _outcome(desk, first, deed.id or main, until, cautions)


def _outcome(
    desk: Desk, answer: Answer, main: str, until: datetime | None, cautions: tuple[Caution, ...]
) -> Outcome:
    version = answer.versions.get(main)
    if version is None and main:  # the deed left it as it was
        version = _version(desk.store.read([main]).get(main))
    return Outcome(
        id=main,
        version=version or 0,
        cursor=answer.cursor,
        repeated=answer.repeated,
        journal=answer.journal,
        undo_until=until,
        cautions=cautions,
    )
