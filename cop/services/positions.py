"""Live positions: where a resource is now, for as long as one of its people shares it.

They are on the picture and nowhere else: in no journal and no log, and gone soon after the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from cop.errors import Conflict, NotFound, NotPossible, TooOften
from cop.model.entity import Entity, EntityId, Kind, Placing
from cop.model.geometry import Point
from cop.model.kinds import LivePosition, Resource, ResourceStatus, decode
from cop.model.record import Record, check, put, remove
from cop.services.commands.desk import Desk
from cop.services.commands.plan import Body
from cop.services.following import entity_of
from cop.services.policy import Action, Identity, permit
from cop.store.port import Store

LIVES_FOR: Final = timedelta(minutes=15)
"""After so long in real time without a new one a position says nothing any more, and leaves the
picture."""
LEAST_APART: Final = timedelta(seconds=3)
"""Real time between two positions of one resource, whoever sends them."""
OFF_DUTY: Final = frozenset([ResourceStatus.RESTING, ResourceStatus.OUT_OF_SERVICE])
_ATTEMPTS: Final = 5


class SharePosition(Body):
    """Where a resource is, as a telephone of its people measured it."""

    resource: EntityId
    geometry: Point
    precision_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    at: AwareDatetime
    heading_deg: Annotated[float, Field(ge=0, le=360)] | None = None
    speed_kmh: Annotated[float, Field(ge=0, le=1000)] | None = None


class WithdrawPosition(Body):
    """Whose position is taken off."""

    resource: EntityId


def position_id(resource_id: str) -> str:
    """Give the id of the live position of a resource."""
    return f"{Kind.POSITION.value}:{resource_id.partition(':')[2]}"


def share(
    desk: Desk, identity: Identity, body: SharePosition, lasts: timedelta = LIVES_FOR
) -> bool:
    """Put the position of a resource on the picture; one that is older than known changes nothing.

    A time ahead of ours counts as now. Tells whether it was taken.

    Args:
        desk: whose picture it is.
        identity: who shares it.
        body: where it is.
        lasts: real time for which it holds; never longer than `LIVES_FOR`.

    Raises:
        NotFound: there is no such resource.
        NotPermitted: it is not theirs.
        NotPossible: the resource is not on duty.
        TooOften: another has come just before it.
    """
    paced = False
    lives_for = min(lasts, LIVES_FOR) * desk.clock.speed
    for _ in range(_ATTEMPTS):
        now = desk.clock.now()
        found = desk.store.read([body.resource, position_id(body.resource)])
        resource = _resource(found.get(body.resource))
        if resource is None:
            raise NotFound(f"there is no resource {body.resource!r} on the picture")
        permit(identity, Action.SHARE_POSITION, agencies=[resource.agency], own=[resource.id])
        if resource.status in OFF_DUTY:
            raise NotPossible(
                "off-duty", "a resource that rests or is out of service shares no position"
            )
        before = found.get(position_id(body.resource))
        at = min(body.at, now)
        if at + lives_for <= now or _is_later(before, at):
            return False
        if not paced:
            _keep_pace(desk.store, resource.id)
            paced = True
        position = _position(resource, identity, body, (at, at + lives_for))
        version = 0 if before is None else before.version
        writes = [put(position, expected=version), check(found[resource.id])]
        try:
            desk.store.write(writes, fetched_ms=int(now.timestamp() * 1000))
        except Conflict as conflict:
            if before is not None and conflict.current.get(position.id) == 0:
                return False  # somebody stopped sharing at this very moment
            continue
        return True
    return False  # others of the team were quicker each time


def _position(
    resource: Resource, identity: Identity, body: SharePosition, span: tuple[datetime, datetime]
) -> LivePosition:
    return LivePosition(
        id=position_id(resource.id),
        publisher=resource.agency,
        resource=resource.id,
        agency=resource.agency,
        observed_at=span[0],
        expires_at=span[1],
        geometry=body.geometry,
        placing=Placing.GIVEN,
        precision_m=body.precision_m,
        heading_deg=body.heading_deg,
        speed_kmh=body.speed_kmh,
        author=identity.name,
    )


def withdraw(desk: Desk, identity: Identity, body: WithdrawPosition) -> None:
    """Take the position of a resource off the picture, if there is one.

    Whoever shares it may do so, also when they no longer belong to it.

    Raises:
        NotPermitted: it is not theirs.
    """
    for _ in range(_ATTEMPTS):
        found = desk.store.read([body.resource, position_id(body.resource)])
        resource = _resource(found.get(body.resource))
        record = found.get(position_id(body.resource))
        shared = None if record is None else entity_of(record)
        author = shared.author if isinstance(shared, LivePosition) else None
        permit(
            identity,
            Action.SHARE_POSITION,
            agencies=[resource.agency] if resource else [],
            own=[body.resource, author],
        )
        if record is None:
            return
        try:
            now_ms = int(desk.clock.now().timestamp() * 1000)
            desk.store.write([remove(record)], fetched_ms=now_ms)
        except Conflict:
            continue
        return
    raise NotPossible("busy", "too many are changing this at once; try again in a moment")


def withdraw_off_duty(store: Store, now: datetime) -> int:
    """Take the positions of resources that are not on duty off the picture; tell how many."""
    shared = {
        record.id: (record, one.resource)
        for record in store.by_kind(Kind.POSITION).values()
        if isinstance(one := entity_of(record), LivePosition)
    }
    resources = store.read({resource for _, resource in shared.values()})
    gone = [
        record
        for record, owner in shared.values()
        if (resource := _resource(resources.get(owner))) is None or resource.status in OFF_DUTY
    ]
    for record in gone:
        try:
            store.write([remove(record)], fetched_ms=int(now.timestamp() * 1000))
        except Conflict:
            continue  # a new one has come just now: the next round looks at it
    return len(gone)


def no_longer_followed(store: Store, changed: Iterable[Entity]) -> list[Record]:
    """List the positions that go with *changed*: of resources that are not on duty any more.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    off_duty = [one.id for one in changed if isinstance(one, Resource) and one.status in OFF_DUTY]
    return list(store.read(map(position_id, off_duty)).values()) if off_duty else []


def as_they_are(resources: Iterable[Resource], positions: Iterable[LivePosition]) -> list[Resource]:
    """Give *resources*, each at its live position where that is later than its reported one."""
    live = {position.resource: position for position in positions}
    return [_at(one, live[one.id]) if one.id in live else one for one in resources]


def _at(resource: Resource, live: LivePosition) -> Resource:
    if resource.position_at and live.observed_at and live.observed_at < resource.position_at:
        return resource
    where = {"geometry": live.geometry, "position_at": live.observed_at}
    return resource.model_copy(update=where)


def _resource(record: Record | None) -> Resource | None:
    found = None if record is None else decode(record.body)
    return found if isinstance(found, Resource) else None


def _is_later(before: Record | None, at: datetime) -> bool:
    known = None if before is None else entity_of(before)
    return known is not None and known.observed_at is not None and known.observed_at >= at


def _keep_pace(store: Store, resource_id: str) -> None:
    """Return once in a while for each resource, in all processes together; raises TooOften."""
    span = LEAST_APART // timedelta(milliseconds=1)
    if store.lock(f"position:{resource_id}", ttl_ms=span) is None:
        raise TooOften(
            "another position of this resource came just now; send the next one later",
            retry_after_s=round(LEAST_APART.total_seconds()),
        )
