"""What a partner gives, checked as hostile and brought onto the picture.

A part of an answer and the cursor behind it are written in one step: after a crash the part comes
again, and changes nothing where it had been written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cop.config import Settings
from cop.errors import Conflict, PayloadError
from cop.formats.payload import read_object
from cop.model.entity import Entity, Kind
from cop.model.exchange import Partner
from cop.model.kinds import KINDS, decode
from cop.model.record import Record, Write, put, remove
from cop.services.exchange import shareable
from cop.services.exchange.doubles import partner_feeds, settle
from cop.services.exchange.partners import INSTALLATION, PartnerPlan, entity_of_plan, partners_of
from cop.services.exchange.sharing import Wanted
from cop.services.feed_status import millis
from cop.services.ingest import CHUNK, located
from cop.services.shapes import check_shape
from cop.store.port import Store

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one answer."""
MOST_THINGS: Final = 2_000
"""Put and removed by one answer."""
MOST_THING_BYTES: Final = 512 * 1024
MOST_HELD: Final = 20_000
"""Things of one partner on the picture."""
MOST_HELD_BYTES: Final = 64 * 1024 * 1024
"""Of all of them together."""
MOST_NAME: Final = 2_000
"""Characters of what stands in lists and on the map: title, place and area."""
YEARS: Final = range(1900, 2200)
"""In which the times of a thing may lie: near the ends of time nothing can be reckoned with."""
REASONS: Final = 20
"""Refused things of which the reason is kept."""

_ATTEMPTS: Final = 3
_ID: Final = re.compile(r"[a-z0-9_]+:[\x21-\x7e\u00a1-\uffef]{1,200}")
_LONGEST_ID: Final = 230

Installation = Annotated[str, Field(pattern=INSTALLATION)]


class _Said(BaseModel):
    """A document of another installation; a newer one may say more in it."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class _Agreement(_Said):
    number: str = Field(max_length=200)
    onward: bool = False


class _Between(_Said):
    after: str = Field(max_length=300)
    upto: str | None = Field(default=None, max_length=300)


class _Answer(_Said):
    format: Literal[1]
    installation: Installation
    exercise: bool
    agreement: _Agreement
    cursor: str = Field(min_length=1, max_length=600)
    whole: _Between | None = None
    more: bool = False
    put: list[Any] = Field(max_length=MOST_THINGS)
    remove: list[Any] = Field(max_length=MOST_THINGS)


class _Properties(_Said):
    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    kind: str = Field(max_length=40)
    origin: Installation | None = None
    via: tuple[Installation, ...] = Field(default=(), max_length=20)


class _Feature(_Said):
    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None = None
    properties: _Properties


@dataclass(slots=True)
class Part:
    """One answer as it was read.

    Attributes:
        cursor: behind it.
        more: there is more to ask for.
        onward: they let it be passed on.
        between: ids after and up to (None: all) which it is whole; None: it has changes.
        put: by id here.
        remove: ids here.
        refused: ids there, or where they stand, each with its reason: what was known of them stays.
        kept: ids here of those.
    """

    cursor: str
    more: bool
    onward: bool
    between: tuple[str, str | None] | None
    put: dict[str, Entity] = field(default_factory=dict)
    remove: dict[str, None] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)


def wanted_of(settings: Settings, plan: PartnerPlan, now: datetime) -> Wanted:
    """Give the terms under which things are taken from the partner of *plan* at *now*."""
    fetched = (one for one in partners_of(settings).values() if one.takes.kinds and one.holds(now))
    return Wanted(plan, settings.installation, frozenset(one.installation for one in fetched))


def read_part(body: bytes, wanted: Wanted, *, exercise: bool) -> Part:
    """Read one answer of a partner.

    Args:
        body: as it came.
        wanted: terms.
        exercise: whether this operation is an exercise; theirs must be the same.

    Raises:
        PayloadError: nothing of it can be used.
    """
    try:
        answer = _Answer.model_validate(read_object(body))
    except ValidationError as error:
        raise PayloadError(f"not an answer that we know: {_first(error)}") from None
    plan = wanted.plan
    if answer.installation != plan.installation:
        raise PayloadError(f"{answer.installation} answered, not {plan.installation}")
    if answer.exercise != exercise:
        theirs = "an exercise" if answer.exercise else "a live operation"
        raise PayloadError(f"what answered is {theirs}: nothing of it is taken here")
    between = None if answer.whole is None else (answer.whole.after, answer.whole.upto)
    part = Part(answer.cursor, answer.more, answer.agreement.onward, between)
    for number, said in enumerate(answer.put, start=1):
        _take(part, said, wanted, f"thing {number}")
    for number, said in enumerate(answer.remove, start=1):
        if isinstance(said, str) and _ID.fullmatch(said):
            part.remove[here(plan, said)] = None
        else:
            part.refused.append((f"removal {number}", "what is removed has no id"))
    return part


def here(plan: PartnerPlan, entity_id: str) -> str:
    """Give the id under which what a partner calls *entity_id* stands here."""
    return f"{plan.feed}:{entity_id}"


def _take(part: Part, said: Any, wanted: Wanted, where: str) -> None:
    """Read one thing of an answer into *part*."""
    name = said.get("id") if isinstance(said, dict) else None
    entity_id = ""
    if isinstance(name, str) and _ID.fullmatch(name):
        where, entity_id = name, here(wanted.plan, name)
    try:
        entity = _entity(_feature(said, entity_id), entity_id, wanted)
    except (ValueError, TypeError) as error:
        why = _first(error) if isinstance(error, ValidationError) else str(error)[:200]
        part.refused.append((where[:100], why))
        part.kept.add(entity_id)
        return
    if entity is None:  # it has left what is agreed
        part.remove[entity_id] = None
    else:
        part.put[entity_id] = entity


def _feature(said: Any, entity_id: str) -> _Feature:
    """Read a feature; raises ValueError."""
    if not entity_id or len(entity_id) > _LONGEST_ID:
        raise ValueError("id: it is none, or too long")
    if len(orjson.dumps(said)) > MOST_THING_BYTES:
        raise ValueError(f"it is larger than {MOST_THING_BYTES:,} bytes")
    return _Feature.model_validate(said)


def _entity(feature: _Feature, entity_id: str, wanted: Wanted) -> Entity | None:
    """Give what *feature* is here; None where kind or area are not agreed.

    Raises:
        ValueError: it is not taken, and why.
    """
    plan, said = wanted.plan, feature.properties
    origin = said.origin or plan.installation
    via = (*said.via, plan.installation) if said.origin else ()
    if said.origin == plan.installation:
        raise ValueError("origin: they name themselves as somebody else's way")
    if why := wanted.refuses_way(origin, via):
        raise ValueError(why)
    if said.kind not in shareable.KINDS:
        raise ValueError(f"kind: {said.kind[:40]!r} is not one that is shared")
    kind = Kind(said.kind)
    more = said.model_extra or {}
    unknown = more.keys() - shareable.FIELDS[kind] - {"fetched_at"}
    if unknown:
        raise ValueError(f"{min(unknown)[:40]}: there is no such field to share")
    if not shareable.may_go({"properties": {**more, "kind": kind}}):
        raise ValueError(f"{kind} of this sort is not shared")
    values = {name: value for name, value in more.items() if name != "fetched_at"}
    if feature.geometry is not None:  # where it lies is found here
        values.pop("district", None)
    name = shareable.NAMES.get(kind)
    if name is not None and isinstance(values.get(name), str):
        values[name] = here(plan, values[name])
    entity = KINDS[kind].model_validate_json(
        orjson.dumps(
            {
                **values,
                "kind": kind,
                "id": entity_id,
                "feed": plan.feed,
                "geometry": feature.geometry,
                "origin": origin,
                "via": via,
                "inside": not plan.publish,
            }
        )
    )
    _check_reckonable(entity)
    if not wanted.takes(kind, feature.geometry, entity.district):
        return None
    return located(entity)


def _check_reckonable(entity: Entity) -> None:
    """Return where shape and times can be reckoned with, and names be shown; raises ValueError."""
    names = (getattr(entity, name, None) for name in ("title", "place", "area"))
    # The area of a team is a shape.
    texts = (one.values() for one in names if isinstance(one, Mapping))
    if max((len(words) for text in texts for words in text), default=0) > MOST_NAME:
        raise ValueError(f"a title, place or area of more than {MOST_NAME:,} characters")
    if entity.geometry is not None:
        check_shape(entity.geometry)
    if any(at.year not in YEARS for at in _moments(dict(entity) | {"geometry": None})):
        raise ValueError(f"a time of it is before {YEARS.start} or after {YEARS.stop - 1}")


def _moments(value: Any) -> Iterator[datetime]:
    """List every time in *value*, however deep."""
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, BaseModel | Mapping):
        yield from _moments(tuple(dict(value).values()))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _moments(inner)


def _first(error: ValidationError) -> str:
    item = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, item['loc']))[:100]}: {item['msg']}"[:200]


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking a part did to the picture, in things."""

    put: int
    removed: int


def take(
    store: Store,
    plan: PartnerPlan,
    part: Part,
    *,
    now: datetime,
    said: Mapping[str, Any],
) -> Taken:
    """Bring *part* onto the picture, with the partner's entity, in which its cursor stands.

    Only differences are written; the last step holds the cursor.

    Args:
        store: the picture.
        plan: of the partner.
        part: as it was read.
        now: the operation's time.
        said: fields of the partner's entity as they are now.

    Raises:
        PayloadError: they give too much, or others kept changing the same things; the part comes
            again.
        StoreUnavailable: the store does not answer; the part comes again.
    """
    for _ in range(_ATTEMPTS):
        known = _known(store, plan, part)
        changes = _changes(plan, part, known, now)
        before = read_partner(store, plan)
        held = {"held": _check_room(store, plan, changes)} if changes else {}
        changes = settle(store, changes, known, {*partner_feeds(store), plan.feed})
        entity = entity_of_plan(plan, before[0], taken_to=part.cursor, **held, **said)
        partner = put(entity, expected=before[1])
        try:
            _write(store, [*changes, partner], now)
        except Conflict:
            continue
        mine = [write for write in changes if write.id.startswith(f"{plan.feed}:")]
        removed = sum(write.body is None for write in mine)
        return Taken(len(mine) - removed, removed)
    raise PayloadError("others kept changing the same things; the next try goes on")


def read_partner(store: Store, plan: PartnerPlan) -> tuple[Partner | None, int]:
    """Read how the line to a partner was, and the version of that; (None, 0) at first."""
    record = store.read([plan.entity_id]).get(plan.entity_id)
    if record is None:
        return None, 0
    try:
        entity = decode(record.body)
    except ValueError:  # written by another version of this program
        return None, record.version
    return (entity if isinstance(entity, Partner) else None), record.version


def _known(store: Store, plan: PartnerPlan, part: Part) -> dict[str, Record]:
    """Read what is here of all that *part* may change."""
    if part.between is None:
        return store.read([*part.put, *part.remove])
    after, upto = part.between
    begin = len(plan.feed) + 1
    found = {
        name: record
        for name, record in store.by_feed(plan.feed).items()
        if name[begin:] > after and (upto is None or name[begin:] <= upto)
    }
    return store.read([*part.put, *part.remove]) | found


def _changes(
    plan: PartnerPlan, part: Part, known: Mapping[str, Record], now: datetime
) -> list[Write]:
    """Give the writes from what is *known* to what *part* says."""
    changes: list[Write] = []
    over = {
        name
        for name, entity in part.put.items()
        if entity.expires_at is not None and entity.expires_at <= now
    }
    for name, entity in part.put.items():
        record = known.get(name)
        if name in over or (record is not None and record.feed != plan.feed):
            continue
        write = put(entity, expected=record.version if record else 0)
        if record is None or record.body != write.body:
            changes.append(write)
    left = (set(part.remove) - part.put.keys()) | over
    if part.between is not None:
        left |= known.keys() - part.put.keys() - part.kept
    changes += [
        remove(known[name])
        for name in sorted(left)
        if name in known and known[name].feed == plan.feed
    ]
    return changes


def _check_room(store: Store, plan: PartnerPlan, changes: Sequence[Write]) -> int:
    """Tell how many things of theirs are held after *changes*; less than before may always come.

    Raises:
        PayloadError: it is more than anybody has.
    """
    sizes = {name: len(record.body) for name, record in store.by_feed(plan.feed).items()}
    count, size = len(sizes), sum(sizes.values())
    for write in changes:
        if write.body is None:
            sizes.pop(write.id, None)
        else:
            sizes[write.id] = len(write.body)
    if len(sizes) > max(MOST_HELD, count):
        raise PayloadError(f"they give more than {MOST_HELD:,} things")
    if sum(sizes.values()) > max(MOST_HELD_BYTES, size):
        raise PayloadError(f"they give more than {MOST_HELD_BYTES:,} bytes of things")
    return len(sizes)


def _write(store: Store, writes: Sequence[Write], now: datetime) -> None:
    for begin in range(0, len(writes), CHUNK):
        store.write(writes[begin : begin + CHUNK], fetched_ms=millis(now))
