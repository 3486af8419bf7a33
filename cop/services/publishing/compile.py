"""The public picture, put together from the log: what the table allows, and when it does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import structlog

from cop.config import Settings
from cop.model.entity import Kind
from cop.model.kinds import FeedStatus
from cop.model.publishing import INSIDE_ONLY, TABLE, row_of, row_of_ended, table_text
from cop.model.record import Event, Record, Snapshot
from cop.services.publishing.features import Item, make_item
from cop.services.publishing.lingering import Past, fate_of
from cop.services.publishing.picture import FeedKnown, PublicPicture
from cop.services.publishing.spans import Timeline

log = structlog.get_logger(__name__)

_FORMAT: Final = 2
_KINDS: Final = frozenset(row.kind for row in TABLE if row.outlet == "picture")
_SAYS_NOTHING: Final = ("standby", "unknown")
"""What a keeper's facility has to say otherwise to stand in for its publisher's."""

_TICK: Final = timedelta(microseconds=1)


class Compiler:
    """Follows the picture and gives what the public may have of it. For one thread.

    The cost of a picture depends on how many entities the public may see, not on how many there
    are; while nothing happens it costs nothing.
    """

    def __init__(self, settings: Settings, kept: bytes | None = None) -> None:
        """Begin with what a process before this one *kept* (`memory`), where it is of use."""
        self._settings = settings
        self._open = settings.public_exercise or not settings.exercise
        self._items: dict[str, Item] = {}
        self._twins: dict[str, str] = {}
        self._feeds: dict[str, FeedKnown] = {}
        self._epoch = ""
        self._forget()
        self._last: PublicPicture | None = None
        self._due: datetime | None = None
        self._news = True
        if kept is not None:
            self._load(kept)

    def begin(self, snapshot: Snapshot) -> None:
        """Begin anew with *snapshot*; what was shown lately is still known."""
        if self._epoch not in ("", snapshot.epoch):
            log.warning("public_memory_dropped", reason="the store was emptied in between")
            self._forget()
        self._epoch = snapshot.epoch
        self._items.clear()
        self._twins.clear()
        self._feeds.clear()
        self._past.begin()
        self._news = True
        for record in snapshot.records.values():
            self._take(record)

    def go_on(self, events: Sequence[Event]) -> None:
        """Take what has changed since, in order."""
        for event in events:
            for record in event.records:
                self._take(record)
        self._news = self._news or bool(events)

    def picture(
        self, now: datetime, *, made_at: datetime, down: Mapping[str, datetime]
    ) -> PublicPicture:
        """Give the public picture at *now* of the operation, which is *made_at* in real time.

        Args:
            now: aware, in the operation's time; never earlier than at the call before.
            made_at: aware, the same moment in real time.
            down: which parts are down since when, in the operation's time.
        """
        last = self._last
        self._timeline.look(now, self._settings.speed)
        if last is not None and not self._news and (self._due is None or now < self._due):
            self._last = replace(
                last,
                as_of=now,
                made_at=made_at,
                down=dict(down),
                spans_since=self._timeline.since(now),
            )
        else:
            self._last = self._made(now, made_at, down)
            self._news = False
        return self._last

    def due(self) -> datetime | None:
        """Tell at which time of the operation the last picture changes though nothing happens.

        None: at none. Something may also begin or cease to be true of it then that is no part of
        it: that a feed is stale.
        """
        return self._due

    def memory(self) -> bytes:
        """Give what a process after this one has to know to go on from the last picture."""
        return orjson.dumps(
            {
                "format": _FORMAT,
                "operation": self._settings.operation,
                "epoch": self._epoch,
                "table": _fingerprint(),
                "timeline": self._timeline.dump(),
                **self._past.dump(),
            }
        )

    def _forget(self) -> None:
        self._past = Past()
        self._timeline = Timeline()

    def _load(self, kept: bytes) -> None:
        try:
            memory = orjson.loads(kept)
            reason = self._unusable(memory)
            if not reason:
                self._past.load(memory)
                self._timeline.load(memory["timeline"])
                self._epoch = str(memory["epoch"])
                return
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            reason = f"it cannot be read: {type(error).__name__}"
            self._forget()
        log.warning("public_memory_dropped", reason=reason)

    def _unusable(self, memory: Mapping[str, Any]) -> str:
        """Give the reason why *memory* says nothing to us; "" where it does."""
        if memory["format"] != _FORMAT:
            return "it was written by another version of this program"
        if memory["operation"] != self._settings.operation:
            return "it is of another operation"
        if memory["table"] != _fingerprint():
            return "the table of publishing was another: what it allowed may be too much now"
        return ""

    def _take(self, record: Record) -> None:
        """Take over a record: cheap for what is not for the picture, once for what is."""
        self._items.pop(record.id, None)
        self._twins.pop(record.id, None)
        if record.kind is Kind.FEED_STATUS:
            self._take_feed(record)
        elif record.removed:
            self._past.removed(record.id)
        elif record.kind in _KINDS:
            try:
                self._take_entity(record, orjson.loads(record.body))
            except (ValueError, TypeError, LookupError, AttributeError):
                # What cannot be judged is denied, and must not stop all the rest.
                log.exception("record_unreadable", id=record.id, version=record.version)
                self._past.doubt(record.id, "vanished")

    def _take_entity(self, record: Record, entity: Mapping[str, Any]) -> None:
        row = row_of(entity)
        if row is not None and row.outlet == "picture":
            self._items[record.id] = make_item(record, entity, row)
            self._past.back(record.id)
        elif self._past.knows(record.id):
            self._past.doubt(record.id, fate_of(entity))
        if record.kind is Kind.FACILITY:
            self._take_twin(entity)

    def _take_twin(self, entity: Mapping[str, Any]) -> None:
        """Note whose place a keeper's facility takes: as open, full or closed it knows better."""
        row, original = row_of_ended(entity), entity.get("stands_for")
        says_nothing = entity.get("status", "unknown") in _SAYS_NOTHING
        if row is not None and row.verified == "keeper" and original and not says_nothing:
            self._twins[entity["id"]] = original

    def _take_feed(self, record: Record) -> None:
        key = record.id.partition(":")[2]
        self._feeds.pop(key, None)
        if record.removed or key in INSIDE_ONLY:
            return
        try:
            said = FeedStatus.model_validate_json(record.body)
        except ValueError:  # written by another version of this program
            log.warning("record_unreadable", id=record.id, version=record.version)
            return
        self._feeds[key] = FeedKnown(
            title=said.title,
            publisher=said.publisher,
            licence=said.licence,
            state=said.state.value,
            fetched_at=said.fetched_at,
            content_at=said.content_at,
            stale_after_s=said.stale_after_s,
        )

    def _made(
        self, now: datetime, made_at: datetime, down: Mapping[str, datetime]
    ) -> PublicPicture:
        shown = self._features(now) if self._open else {}
        spans = self._timeline.at(now) if self._open else ()
        self._due = min((at for at in self._dues(now) if at > now), default=None)
        return PublicPicture(
            operation=self._settings.operation,
            exercise=self._settings.exercise,
            as_of=now,
            made_at=made_at,
            speed=self._settings.speed,
            features=shown,
            feeds=dict(self._feeds) if self._open else {},
            down=dict(down),
            spans=spans,
            spans_since=self._timeline.since(now),
        )

    def _features(self, now: datetime) -> dict[str, Mapping[str, Any]]:
        stood_for = set(self._twins.values())
        for entity_id in stood_for:
            self._past.forget(entity_id)
        shown: dict[str, Mapping[str, Any]] = {}
        for entity_id, item in self._items.items():
            gives_way = entity_id in stood_for and item.row.kind is Kind.FACILITY
            if gives_way or not self._is_time(entity_id, item, now):
                continue
            row = item.row
            if row.linger_s or row.tells:
                shown[entity_id] = self._past.show(entity_id, item, now)
            else:
                shown[entity_id] = item.feature
            if row.timeline:
                self._timeline.see(item.feature, now)
        for ending in self._past.end(now, shown.keys(), self._items):
            if ending.fate == "vanished":
                self._timeline.forget(ending.id)
            else:
                self._timeline.end(ending.id, ending.at)
        shown.update(self._past.over(now))
        return shown

    def _is_time(self, entity_id: str, item: Item, now: datetime) -> bool:
        if item.until is not None and item.until <= now:
            return False
        early = item.from_at is not None and now < item.from_at
        return not early or self._past.is_shown(entity_id)

    def _dues(self, now: datetime) -> Iterator[datetime]:
        """List when something begins or ceases to be so; also some moments that are over."""
        for item in self._items.values():
            if item.from_at is not None:
                yield item.from_at
            if item.until is not None:
                yield item.until
        yield from self._past.due()
        next_span = self._timeline.due()
        if next_span is not None:
            yield next_span
        for feed in self._feeds.values():
            known = feed.known_at()
            if known is not None and not feed.is_stale(now):
                yield known + timedelta(seconds=feed.stale_after_s) + _TICK


def _fingerprint() -> str:
    """Give what changes with the table: what was shown by another one may be too much."""
    return hashlib.sha256(table_text().encode()).hexdigest()
