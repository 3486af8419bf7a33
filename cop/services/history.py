"""The frames from before a process began, made again from the log, so that viewers can resume.

What an audience was told of an event depends on what it saw before: an entity that leaves is a
removal for those who saw it, and is not mentioned to the others. Before the oldest event that is
read nothing is known, so each frame is made only as far as it can be proven; where it cannot,
who has not come past it yet takes a new snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import orjson

from cop.model.access import Audience, was_seen
from cop.model.record import Cursor, Event, Record, cursor_key
from cop.services.frames import Frame, Ring, encode_picture_event
from cop.services.picture import encode_features
from cop.store.port import Resync, Store

MOST_EVENTS: Final = 2_000
"""Viewers who are connected know a cursor of the last second: this is for a restart, not a day."""

MOST_BYTES: Final = 16 * 1024 * 1024
_PAGE: Final = 100


def recall(
    store: Store, cursor: Cursor, *, since: Cursor = "", most_events: int = MOST_EVENTS
) -> Ring:
    """Give the ring as it would be at *cursor*, had this process been there from *since* on.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    after, events = _read(store, cursor, most_events)
    if since and cursor_key(since) > cursor_key(after):
        after = min(since, cursor, key=cursor_key)
        events = [one for one in events if cursor_key(one.cursor) > cursor_key(after)]
    ring = Ring(after)
    past = _Past()
    for event in events:
        frame = past.frame(event)
        ring.add(frame)
        for audience in past.unsure:
            ring.forbid(audience)
    return ring


def _read(store: Store, cursor: Cursor, most: int) -> tuple[Cursor, list[Event]]:
    """Read the last events up to *cursor*, newest first in pages, within bounds."""
    pages: list[list[Event]] = []
    after, count, size = cursor, 0, 0
    while count < most and size < MOST_BYTES:
        try:
            earlier, events = store.events_until(after, limit=min(_PAGE, most - count))
        except Resync:  # the log is being cut: what has been read is enough
            break
        after = earlier
        if not events:
            break
        pages.append(events)
        count += len(events)
        size += sum(len(record.body) for event in events for record in event.records)
    return after, [event for page in reversed(pages) for event in page]


class _Past:
    """What each audience saw of the ids that have come up so far.

    Attributes:
        unsure: audiences for whom the last frame could not be made exactly.
    """

    def __init__(self) -> None:
        self._seen: dict[Audience, dict[str, bool]] = {audience: {} for audience in Audience}
        self.unsure: set[Audience] = set()

    def frame(self, event: Event) -> Frame:
        """Make the frame of *event* as it was told live."""
        encoded = [(record, encode_features(record)) for record in event.records]
        self.unsure = set()
        bodies: dict[Audience, bytes] = {}
        last = b""
        for audience in Audience:
            body = self._tell(event.cursor, audience, encoded)
            if body:
                last = last if body == last else body
                bodies[audience] = last
        return Frame(event.cursor, bodies)

    def _tell(
        self,
        cursor: Cursor,
        audience: Audience,
        encoded: list[tuple[Record, dict[Audience, bytes]]],
    ) -> bytes:
        seen = self._seen[audience]
        put: list[bytes] = []
        gone: list[str] = []
        for record, features in encoded:
            feature = features.get(audience)
            if feature is not None:
                put.append(feature)
            else:
                before = _was_seen(record, audience, seen)
                if before is None:
                    self.unsure.add(audience)
                elif before:
                    gone.append(record.id)
            seen[record.id] = feature is not None
        if not put and not gone:
            return b""
        return encode_picture_event(cursor, put, orjson.dumps(gone))


def _was_seen(record: Record, audience: Audience, seen: Mapping[str, bool]) -> bool | None:
    """Tell whether *audience* saw the entity until *record*; None where nothing proves it."""
    known = seen.get(record.id)
    if known is not None:
        return known
    if record.removed:  # its kind and feed are those of what was there
        return was_seen(audience, record.kind, record.feed)
    return False if record.version == 1 else None
