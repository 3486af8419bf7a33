"""What the tests of ingest are made of: a feed of gauges, its payloads, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from cop.errors import FeedError
from cop.model.entity import Entity
from cop.model.kinds import FeedStatus, Observation
from cop.services.ingest import Ingested, Parsed, Promise, fail, ingest
from cop.store.memory import MemoryStore

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STATUS = "feed_status:gauges"

PROMISE = Promise(
    key="gauges",
    title={"en": "Gauges", "zh-Hant": "雨量計", "zh-Hans": "雨量计"},
    publisher="HKO",
    licence="free",
    complete=True,
    expected=(0, 10_000),
    max_loss=0.5,
    every_s=60,
    stale_after_s=600,
)


def gauge(name: str, value: float = 1.0, **changes: Any) -> Observation:
    """Make a reading; keywords override its fields."""
    fields: dict[str, Any] = {
        "id": f"gauges:{name}",
        "feed": "gauges",
        "publisher": "HKO",
        "measure": "rain_1h",
        "value": value,
    }
    return Observation.model_validate(fields | changes)


def gauges(count: int, value: float = 1.0) -> list[Observation]:
    """Make *count* readings."""
    return [gauge(str(number), value) for number in range(count)]


def parsed(entities: Sequence[Entity] = (), **changes: Any) -> Parsed:
    """Make what a payload held."""
    empty = Parsed(tuple(entities), (), (), (), None)
    return replace(empty, **changes)


def take(
    store: MemoryStore,
    entities: Sequence[Entity] = (),
    *,
    promise: Promise = PROMISE,
    at: datetime = NOW,
    degraded: str = "",
    **changes: Any,
) -> Ingested:
    """Ingest a payload as a runner does, telling the status when it is refused."""
    try:
        return ingest(store, promise, parsed(entities, **changes), checked_at=at, degraded=degraded)
    except FeedError as error:
        fail(store, promise, str(error), checked_at=at)
        raise


def status(store: MemoryStore) -> FeedStatus:
    """Read the feed's status."""
    return FeedStatus.model_validate_json(store.read([STATUS])[STATUS].body)


def names(store: MemoryStore) -> set[str]:
    """Give the ids of what the feed has on the picture."""
    return {entity_id.removeprefix("gauges:") for entity_id in store.by_feed("gauges")}


def field(store: MemoryStore, entity_id: str, name: str) -> Any:
    """Give one field of a stored entity."""
    return orjson.loads(store.read([entity_id])[entity_id].body).get(name)


def touched(store: MemoryStore, since: str) -> list[str]:
    """List the ids in the log after *since*."""
    return [record.id for event in store.events(since) for record in event.records]
