"""Deeds for tests of the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cop.model.entity import Kind
from cop.model.journal import Change, Deed, Origin, Who
from cop.model.record import Page, Write
from cop.store.port import Store

BEGIN = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)


def a_deed(number: int = 1, **changes: object) -> Deed:
    """Make a deed, *number* minutes after the beginning; keywords override its fields."""
    entity = f"incident:{number:016x}"
    at = BEGIN + timedelta(minutes=number)
    fields: dict[str, object] = {
        "at": at,
        "wall_at": at,
        "who": Who(name="chan.tai-man", role="duty_officer", agency="DSD"),
        "origin": Origin(address="192.0.2.7", entrance="api"),
        "action": "report_incident",
        "id": entity,
        "changes": (
            Change(
                id=entity,
                kind=Kind.INCIDENT,
                version=1,
                before={},
                after={"kind": "incident", "id": entity, "title": {"zh-Hant": f"水浸 {number}"}},
            ),
        ),
    }
    return Deed(**(fields | changes))  # type: ignore[arg-type]


def write_deeds(store: Store, *deeds: Deed) -> None:
    """Write each deed with the entity that it is about."""
    for deed in deeds:
        writes = [Write(deed.id, Kind.INCIDENT, b"{}")] if deed.id else []
        store.write(writes, fetched_ms=1, page=Page(deed.encode()))
