"""Following the log from where one is, and reading what it brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import structlog
from pydantic import ValidationError

from cop.model.entity import Entity
from cop.model.kinds import decode
from cop.model.record import Cursor, Event, Record
from cop.store.port import Store

log = structlog.get_logger(__name__)

BATCH: Final = 1_000


def new_events(store: Store, after: Cursor) -> Iterator[Event]:
    """Give every event after a cursor, up to the end of the log.

    Raises:
        Resync: the log does not reach back to *after*.
        StoreUnavailable: the store does not answer.
    """
    while True:
        events = store.events(after, limit=BATCH)
        yield from events
        if len(events) < BATCH:
            return
        after = events[-1].cursor


def entity_of(record: Record) -> Entity | None:
    """Read the entity of a record that is no removal; None where it cannot be read.

    None, too, of one that waits behind another of the same thing. One that another version of this
    program wrote must not stop work on all the others.
    """
    try:
        entity = decode(record.body)
    except ValidationError as error:
        # The end of a receipt's id is somebody's name.
        one = record.id.partition("/")[0]
        log.error("record_unreadable", id=one, where=where_wrong(error))  # noqa: TRY400
        return None
    return entity if entity.double_of is None else None


def where_wrong(error: ValidationError) -> str:
    """Tell which fields are wrong; what stands in them may be personal, and goes to no log."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return ", ".join(".".join(map(str, item["loc"])) for item in found)
