"""What a partner gets: the whole, then the changes after its cursor; and the book of what it got.

The answer to a cursor that is too old, that was given under other terms, or behind which more has
changed at once than an answer holds, is the whole anew. It comes in parts, in the order of the ids:
each part says between which ids it is whole, so that who takes it needs to remember nothing but the
cursor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from cop.clock import utc_iso
from cop.config import Settings
from cop.errors import NotPermitted, NotPossible, TooOften
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.record import Cursor, cursor_key
from cop.services.commands.desk import Desk
from cop.services.exchange.book import Book
from cop.services.exchange.partners import PartnerPlan, partners_of
from cop.services.exchange.shareable import NAMES, shared_feature
from cop.services.exchange.sharing import FORMAT, Terms
from cop.services.picture import Picture, encode_features
from cop.services.policy import Action, Identity, permit
from cop.store.port import Resync

MOST_FEATURES: Final = 500
"""After so many a part ends; what one event brings stays together."""
MOST_BYTES: Final = 4 * 1024 * 1024
MOST_ANSWER_BYTES: Final = 12 * 1024 * 1024
"""Of changes; where one event brings more, the whole comes, which can be cut between things."""
_EVENTS: Final = 200
_LOCK_MS: Final = 15_000
_BREAK: Final = "~"


@dataclass(slots=True)
class _Part:
    """What one answer holds."""

    cursor: str = ""
    whole: dict[str, str | None] | None = None
    more: bool = False
    put: dict[str, dict[str, Any]] = field(default_factory=dict)
    remove: dict[str, None] = field(default_factory=dict)
    size: int = 0

    @property
    def full(self) -> bool:
        """Whether nothing more is to be added."""
        return len(self.put) + len(self.remove) >= MOST_FEATURES or self.size >= MOST_BYTES


@dataclass(frozen=True, slots=True)
class _After:
    """Where whoever asks is: read from the cursor that we gave them.

    Attributes:
        cursor: of the log; "" for nothing yet.
        terms: digest of the terms.
        last: id up to which the whole was given; None where all of it was.
    """

    cursor: Cursor = ""
    terms: str = ""
    last: str | None = None


def terms_of(settings: Settings, picture: Picture, plan: PartnerPlan, now: datetime) -> Terms:
    """Give the terms under which the partner of *plan* gets things at *now*."""
    others = partners_of(settings)
    onward = set()
    for encoded in picture.select(Audience.COMMAND, {Kind.PARTNER}, None)[1]:
        feature = orjson.loads(encoded)
        other = others.get(feature["id"].partition(":")[2])
        gives_onward = feature["properties"].get("gives_onward", False)
        if other is not None and other.onward and gives_onward and other.holds(now):
            onward.add(other.feed)
    return Terms(plan, settings.installation, frozenset(onward))


def give(desk: Desk, picture: Picture, plan: PartnerPlan, after: str) -> dict[str, Any]:
    """Give the partner of *plan* what has changed for it after the cursor *after*, or the whole.

    Args:
        desk: the operation.
        picture: as this process has it.
        plan: of the partner that asks.
        after: the cursor of its last answer; "" at first.

    Returns:
        The document; see docs/exchange.md.

    Raises:
        NotPossible: the agreement does not hold.
        TooOften: another answer to the same partner is being made.
        ValueError: *after* is no cursor.
        StoreUnavailable: the store does not answer.
    """
    now = desk.clock.now()
    check_agreement(plan, now)
    where = _read_after(after)
    lock = f"exchange:give:{plan.id}"
    token = desk.store.lock(lock, ttl_ms=_LOCK_MS)
    if token is None:
        raise TooOften("another answer to you is being made: ask again", retry_after_s=1)
    try:
        book = Book.read(desk.store, plan.id)
        part = _part(desk, picture, terms_of(desk.settings, picture, plan, now), where, book)
        counts: dict[str, int] = {}
        for feature in part.put.values():
            kind = feature["properties"]["kind"]
            counts[kind] = counts.get(kind, 0) + 1
        book.note(now, counts, len(part.remove))
        book.write(desk.store)
        book.settle(desk, plan)
    finally:
        desk.store.unlock(lock, token)
    return _document(desk.settings, plan, part, now)


def partner_asking(settings: Settings, identity: Identity) -> PartnerPlan:
    """Give the partner whose installation *identity* is; raises NotPermitted."""
    plans = partners_of(settings).values()
    own = next((one for one in plans if one.account and one.account == identity.name), None)
    permit(identity, Action.FEDERATE, own=[None if own is None else own.account])
    if own is None:
        raise NotPermitted("federate: this account is not that of a partner")
    return own


def check_agreement(plan: PartnerPlan, now: datetime) -> None:
    """Return if the agreement holds at *now*; raises NotPossible, which says since or from when."""
    if plan.holds(now):
        return
    number, since = plan.agreement.number, plan.agreement.since
    if now < since:
        raise NotPossible("agreement-not-begun", f"agreement {number} holds from {utc_iso(since)}")
    until = utc_iso(plan.agreement.until)
    raise NotPossible("agreement-ended", f"agreement {number} ended at {until}: nothing is shared")


def _document(settings: Settings, plan: PartnerPlan, part: _Part, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "installation": settings.installation,
        "operation": settings.operation,
        "exercise": settings.exercise,
        "agreement": {
            "number": plan.agreement.number,
            "until": utc_iso(plan.agreement.until),
            "onward": plan.onward,
        },
        "generated_at": utc_iso(now),
        "cursor": part.cursor,
        "whole": part.whole,
        "more": part.more,
        "put": list(part.put.values()),
        "remove": list(part.remove),
    }


def _part(desk: Desk, picture: Picture, terms: Terms, where: _After, book: Book) -> _Part:
    if where.cursor and where.terms == _mark(terms, picture):
        if where.last is not None:
            return _whole(picture, terms, where, book)
        try:
            part = _changes(desk, picture, terms, where.cursor, book)
            if part.size <= MOST_ANSWER_BYTES:
                return part
        except Resync:
            pass
    return _whole(picture, terms, _After(), book)


def _whole(picture: Picture, terms: Terms, where: _After, book: Book) -> _Part:
    """Give the part of the whole that comes after the id *where* has come to."""
    cursor, encoded = picture.select(Audience.RESPONDER, frozenset(terms.plan.shares.kinds), None)
    if where.cursor:  # what changed since the first part was made comes again, after the last
        cursor = min(cursor, where.cursor, key=cursor_key)
    last = where.last or ""
    features = [orjson.loads(feature) for feature in encoded]
    features = sorted(
        (feature for feature in features if feature["id"] > last), key=lambda one: str(one["id"])
    )
    part, upto, cut = _Part(more=True), "", False  # after the last part, what changed meanwhile
    for feature in features:
        cut = part.full
        if cut:
            break
        if terms.gives(feature):
            _put(part, _shared(picture, terms, feature), book)
        upto = feature["id"]
    part.whole = {"after": last, "upto": upto if cut else None}
    book.replace_between(last, part.whole["upto"], part.put, cursor)
    mark = _mark(terms, picture)
    part.cursor = _BREAK.join((cursor, mark, upto) if cut else (cursor, mark))
    return part


def _mark(terms: Terms, picture: Picture) -> str:
    """Give what a cursor holds for besides its place: these terms and this log."""
    return f"{terms.fingerprint()}.{picture.epoch}"


def _changes(desk: Desk, picture: Picture, terms: Terms, after: Cursor, book: Book) -> _Part:
    """Give what has changed after a cursor of the log; raises Resync."""
    before, last = desk.store.events_until(after, limit=1)
    if after not in (before, *(event.cursor for event in last)):
        raise Resync  # the log was put back to an earlier time, and what they hold was lost here
    events = desk.store.events(after, limit=_EVENTS)
    book.confirm(after)
    part, cursor = _Part(), after
    for event in events:
        if part.full:
            part.more = True
            break
        for record in event.records:
            feature = encode_features(record).get(Audience.RESPONDER)
            shown = None if feature is None else orjson.loads(feature)
            if shown is not None and terms.gives(shown):
                part.remove.pop(record.id, None)
                _put(part, _shared(picture, terms, shown), book)
            elif book.gone(record.id, event.cursor):
                part.put.pop(record.id, None)
                part.remove[record.id] = None
        cursor = event.cursor
    part.more = part.more or len(events) == _EVENTS
    part.cursor = _BREAK.join((cursor, _mark(terms, picture)))
    return part


def _shared(picture: Picture, terms: Terms, feature: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the partner gets of *feature*; what that is for is named where it gets that too."""
    shared = shared_feature(feature)
    properties = shared["properties"]
    name = NAMES.get(properties["kind"])
    if name is not None and name in properties:
        other = picture.find(Audience.RESPONDER, properties[name])
        if other is None or not terms.gives(orjson.loads(other)):
            properties[name] = feature["id"]  # no id of ours that says nothing there
    return shared


def _put(part: _Part, shared: dict[str, Any], book: Book) -> None:
    part.put[shared["id"]] = shared
    part.size += len(orjson.dumps(shared))
    book.has(shared["id"])


def _read_after(after: str) -> _After:
    if not after:
        return _After()
    cursor, _, rest = after.partition(_BREAK)
    mark, _, last = rest.partition(_BREAK)
    cursor_key(cursor)
    if not mark:
        raise ValueError("after: give the cursor of the last answer, or nothing")
    return _After(cursor, mark, last or None)
