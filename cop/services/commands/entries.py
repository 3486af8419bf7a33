"""Entries in a facility's book: its one counter, queue, staff, stock, and whether it is open.

An entry is never an overwrite: what was entered stands in the journal; the facility holds what the
entries come to. A change (+3, −1) adds to whatever the counter is by then, so that two keepers at
two doors, or a phone that was without network, lose nothing. A count sets it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, Self

import orjson
from pydantic import Field, model_validator

from cop.errors import NotPossible
from cop.model.entity import Instant
from cop.model.kinds import Entry, Facility, FacilityStatus, Triage
from cop.services.commands.context import Context
from cop.services.commands.facilities import changed, find_twins, owners, twin
from cop.services.commands.plan import Body, Caution, Command, Plan
from cop.services.forecast import forecast
from cop.services.policy import Action

OLDEST: Final = timedelta(hours=12)
"""How long after the fact something may still be entered."""

AHEAD: Final = timedelta(minutes=2)
"""How far a phone's clock may be ahead; what is entered then is taken as of now."""

KEPT: Final = 48
"""Entries that the facility itself holds; the journal has all."""

TREND: Final = timedelta(hours=2)
"""The entries held reach back so long, even where somebody taps for each person at the door."""

_UNTOUCHED: Final = 8
"""The newest entries held are as they were made."""

_MOST_ITEMS: Final = 60

_ADDED: Final = ("change", "occupancy", "queue_change")
"""What an entry that comes late can still add to."""

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Change = Annotated[int, Field(ge=-100_000, le=100_000)]
Item = Annotated[str, Field(min_length=1, max_length=40)]


class AddEntry(Body):
    """What is so at the facility; what is left out stays as it is.

    Attributes:
        change: people more (or fewer, negative) than before.
        occupancy: people counted; instead of *change*.
        queue: people waiting, by triage category; the categories that are given.
        queue_change: people more or fewer waiting, by triage category; instead of *queue*.
        supplies: stock by item, in the item's own unit; null: no longer kept.
        at: when it was so; now, where it is left out.
        reason: why; needed where a count is lower than the counter.
    """

    change: Change | None = None
    occupancy: Count | None = None
    queue: dict[Triage, Count] | None = None
    queue_change: dict[Triage, Change] | None = None
    staff: Count | None = None
    supplies: (
        Annotated[
            dict[Item, Annotated[float, Field(ge=0, le=1e9)] | None], Field(max_length=_MOST_ITEMS)
        ]
        | None
    ) = None
    status: Literal["open", "full", "limited", "standby", "closed"] | None = None
    at: Instant | None = None
    reason: Annotated[str, Field(max_length=1000)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.change is not None and self.occupancy is not None:
            raise ValueError("give change or occupancy, not both")
        if self.queue is not None and self.queue_change is not None:
            raise ValueError("give queue or queue_change, not both")
        if not self.given():
            raise ValueError(
                "give change, occupancy, queue, queue_change, staff, supplies or status"
            )
        return self

    def given(self) -> dict[str, Any]:
        """Give what is entered."""
        said = self.model_dump(mode="json", exclude={"at", "reason"}, exclude_unset=True)
        return {name: value for name, value in said.items() if value is not None}


def plan_entry(ctx: Context, facility_id: str, body: AddEntry) -> Plan:
    """Enter something in a facility's book; a publisher's facility gets a keeper's twin for it."""
    named = ctx.read(facility_id, Facility)
    kept = named if named.feed is None else _keepers(ctx, named)
    stored = [one for one in (named, kept) if one.id in ctx.read_records]
    ctx.permit(
        Action.ENTER_FACILITY,
        agencies=[one.publisher for one in stored],
        own=[owner for one in stored for owner in owners(one)],
    )
    at = _moment(ctx, body, kept)
    entered, cautions = _enter(kept, body, at, ctx)
    if kept.id != named.id:
        cautions = [
            Caution("keepers-own", f"entered in {kept.id}, which stands for {named.id}"),
            *cautions,
        ]
    reason = body.reason
    if entered is kept:  # the journal alone keeps it, so that has to say what it was
        words = orjson.dumps(body.given()).decode()
        reason = f"as of {at.isoformat()}: {words}" + (f"; {reason}" if reason else "")
        about = tuple(dict.fromkeys([kept.id, named.id]))
        return Plan(about=about, reason=reason, cautions=tuple(cautions), noted=True)
    return Plan(
        puts=(entered,),
        about=() if kept.id == named.id else (named.id,),
        reason=reason,
        cautions=tuple(cautions),
        undoable=True,
        main=kept.id,
    )


def _keepers(ctx: Context, original: Facility) -> Facility:
    """Give the keeper's facility that stands for a publisher's: the one there is, or a new one.

    The new one's id follows from the publisher's, so that two first entries make one facility.
    """
    own = f"facility:{hashlib.sha256(original.id.encode()).hexdigest()[:16]}"
    known = [own, *sorted(one.id for one in find_twins(ctx, original.id))]
    found = ctx.find(known)
    for entity_id in known:
        one = found.get(entity_id)
        if isinstance(one, Facility):
            return one
    return twin(own, original, ctx.identity.agency)


def _moment(ctx: Context, body: AddEntry, facility: Facility) -> datetime:
    """Give when it was so; what is so now is never before what was entered until now.

    Else a clock that was set back would leave out everything until it has caught up.

    Raises:
        NotPossible: too long ago, or still to come.
    """
    if body.at is None:
        newest = [entry.at for entry in facility.entries[-1:]]
        return max(ctx.now, facility.asserted_at or ctx.now, *newest)
    at = body.at
    if at > ctx.now + AHEAD:
        raise NotPossible("not-yet", "this is still to come: check the clock of the phone")
    if at < ctx.now - OLDEST:
        raise NotPossible("too-late", f"enter what is at most {OLDEST // timedelta(hours=1)} h old")
    return min(at, ctx.now)


def _enter(
    facility: Facility, body: AddEntry, at: datetime, ctx: Context
) -> tuple[Facility, list[Caution]]:
    """Give the facility after the entry; itself, where the entry says nothing of how it is now."""
    late = facility.asserted_at is not None and at < facility.asserted_at
    values, cautions = _counted(facility, body, at)
    values |= _queued(facility, body)
    if not late:
        values |= _set(facility, body)
        values |= {"asserted_at": at, "observed_at": at}
    else:
        left = [name for name in body.given() if name not in _ADDED]
        if left or not values:
            cautions.append(
                Caution(
                    "not-the-newest",
                    "something newer was entered already: this stands in the journal alone"
                    + (f" ({', '.join(left)})" if values else ""),
                )
            )
    if not values:
        return facility, cautions
    entered = changed(facility, **values, reporter=ctx.identity.name)
    if "occupancy" in values:
        guess = forecast(entered.entries, entered.capacity, ctx.now)
        entered = changed(entered, forecast=guess)
    return entered, cautions + _cautions(entered)


def _set(facility: Facility, body: AddEntry) -> dict[str, Any]:
    """Give the fields that an entry sets whatever they were."""
    values: dict[str, Any] = {}
    if body.status is not None:
        values["status"] = FacilityStatus(body.status)
    if body.staff is not None:
        values["staff"] = body.staff
    if body.queue is not None:
        values["queue"] = {**facility.queue, **body.queue}
    if body.supplies is not None:
        stock = {**facility.supplies, **body.supplies}
        values["supplies"] = {item: left for item, left in stock.items() if left is not None}
        if len(values["supplies"]) > _MOST_ITEMS:
            raise NotPossible("too-many-items", f"a facility keeps at most {_MOST_ITEMS} items")
    return values


def _queued(facility: Facility, body: AddEntry) -> dict[str, Any]:
    """Give the queue after people joined or left it; a change counts whenever it comes.

    Raises:
        NotPossible: fewer than none would wait.
    """
    if body.queue_change is None:
        return {}
    queue = dict(facility.queue)
    for category, change in body.queue_change.items():
        before = queue.get(category, 0)
        if before + change < 0:
            raise NotPossible(
                "below-zero",
                f"{before} wait as {category}: {-change} cannot leave",
                category=category,
                waiting=before,
            )
        queue[category] = before + change
    return {"queue": queue}


def _counted(
    facility: Facility, body: AddEntry, at: datetime
) -> tuple[dict[str, Any], list[Caution]]:
    """Give counter and entries after a change or a count; nothing, where it is neither or too old.

    A change counts whenever it comes, unless somebody has counted since: that count has it already.

    Raises:
        NotPossible: there would be fewer than none, or the reason for a lower count is missing.
    """
    before, entries = facility.occupancy or 0, facility.entries
    if body.change is not None:
        if _counted_since(entries, at):
            return {}, []
        return _changed(facility, before, body.change, at)
    if body.occupancy is None or (entries and at < entries[-1].at):
        return {}, []
    if body.occupancy < before and not body.reason:
        raise NotPossible(
            "reason-missing",
            f"this is fewer than the {before} counted so far: say why",
            occupancy=before,
        )
    newest = Entry(at=at, occupancy=body.occupancy)
    return {"occupancy": body.occupancy, "entries": thin((*entries, newest))}, []


def _changed(
    facility: Facility, before: int, change: int, at: datetime
) -> tuple[dict[str, Any], list[Caution]]:
    after = before + change
    if after < 0:
        raise NotPossible(
            "below-zero", f"there are {before} in it: {-change} cannot leave", occupancy=before
        )
    cautions = []
    if facility.occupancy is None:
        cautions.append(Caution("from-zero", "nobody had counted yet: counted from 0"))
    earlier = [entry for entry in facility.entries if entry.at <= at]
    later = facility.entries[len(earlier) :]
    base = before - sum(entry.change or 0 for entry in later)
    own = Entry(at=at, occupancy=max(0, base + change), change=change)
    moved = [
        entry.model_copy(update={"occupancy": max(0, entry.occupancy + change)}) for entry in later
    ]
    return {"occupancy": after, "entries": thin((*earlier, own, *moved))}, cautions


def _counted_since(entries: Sequence[Entry], at: datetime) -> bool:
    """Tell whether people were counted after *at*, or may have been: no entry reaches so far."""
    if len(entries) >= KEPT and at < entries[0].at:
        return True
    return any(entry.change is None and entry.at > at for entry in entries)


def thin(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give at most `KEPT` entries that reach back for `TREND` where they can.

    Beyond that the oldest goes; or, where all are young, the two closest older changes become one,
    with the sum of both and the last figure.
    """
    kept = list(entries)
    while len(kept) > KEPT:
        pairs = [
            (later.at - earlier.at, place)
            for place, (earlier, later) in enumerate(pairwise(kept[1:-_UNTOUCHED]), start=1)
            if earlier.change is not None and later.change is not None
        ]
        if not pairs or kept[-1].at - kept[1].at >= TREND:
            del kept[0]
            continue
        _, place = min(pairs)
        first, second = kept[place], kept[place + 1]
        total = (first.change or 0) + (second.change or 0)
        kept[place : place + 2] = [second.model_copy(update={"change": total})]
    return tuple(kept)


def _cautions(facility: Facility) -> list[Caution]:
    inside, room = facility.occupancy or 0, facility.capacity
    found = []
    if facility.status is FacilityStatus.CLOSED and inside:
        found.append(Caution("people-inside", f"it is closed with {inside} people in it"))
    if room is None or facility.occupancy is None:
        return found
    if inside > room:
        found.append(Caution("over-capacity", f"{inside} people in a place for {room}"))
    if inside >= room and facility.status in (FacilityStatus.OPEN, FacilityStatus.LIMITED):
        found.append(Caution("full", "it is full: enter its status as full, or open another"))
    return found


COMMANDS: Final = (
    Command(
        actions=(Action.ENTER_FACILITY,),
        method="POST",
        path="/facilities/{id}/entries",
        body=AddEntry,
        plan=plan_entry,
        summary="Enter who came and left, the queue, staff, stock, or open and close",
        example={"change": 3, "queue": {"urgent": 1}, "status": "open"},
    ),
)
