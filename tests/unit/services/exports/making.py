"""Exports made by hand for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.services.exports.table import Export
from cop.services.publishing.picture import FeedKnown

NOW = datetime(2026, 9, 7, 15, 0, tzinfo=UTC)


def feature(count: int, geometry: Any = None, **said: Any) -> dict[str, Any]:
    """Make the feature of an incident; keywords are more properties."""
    return {
        "type": "Feature",
        "id": f"incident:{count}",
        "geometry": geometry,
        "properties": {
            "kind": "incident",
            "version": 1,
            "fetched_at": "2026-09-07T15:00:00.000Z",
            "publisher": "DSD",
            "title": {"en": f"Flooding {count}"},
            "incident_type": "flooding",
            "status": "reported",
            "reported_at": "2026-09-07T15:00:00Z",
            **said,
        },
    }


def export(features: Sequence[Any], **changes: Any) -> Export:
    """Make an export of incidents; keywords override its fields."""
    fields: dict[str, Any] = {
        "kind": Kind.INCIDENT,
        "audience": Audience.COMMAND,
        "lang": "en",
        "operation": "live",
        "exercise": False,
        "cursor": "1-0",
        "as_of": NOW,
        "now": NOW,
        "features": features,
        "sources": {},
        "address": "https://cop.example",
    }
    return Export(**(fields | changes))


def known(licence: str = "terms of the feed") -> FeedKnown:
    """Make a feed that was read a moment ago."""
    return FeedKnown(
        title={"en": "A feed"},
        publisher="HKO",
        licence=licence,
        state="ok",
        fetched_at=NOW,
        content_at=None,
        stale_after_s=600,
    )
