"""Upkeep: what has expired leaves, what was renewed stays, the log keeps its length."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cop.model.entity import Kind
from cop.model.record import Record, Write
from cop.services import upkeep
from cop.store.memory import MemoryStore
from cop.store.port import Resync

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


def an_alert(name: str, expires_ms: int | None) -> Write:
    """Make the write of an alert."""
    return Write(f"alerts:{name}", Kind.ALERT, b"{}", feed="alerts", expires_ms=expires_ms)


def test_what_is_past_its_expiry_leaves() -> None:
    """An alert leaves at its expiry, whether few or many; one without or with a later one stays."""
    store = MemoryStore()
    store.write([an_alert(str(n), NOW_MS) for n in range(900)], fetched_ms=1)
    store.write([an_alert("later", NOW_MS + 1), an_alert("never", None)], fetched_ms=1)
    assert upkeep.expire(store, NOW) == 900
    assert set(store.snapshot().records) == {"alerts:later", "alerts:never"}
    assert upkeep.expire(store, NOW) == 0


class Renewing(MemoryStore):
    """A store in which an alert is renewed between being listed as due and being removed."""

    def expired(self, now_ms: int, *, limit: int = 1000) -> list[Record]:
        """List what is due; then renew one of it, once."""
        due = super().expired(now_ms, limit=limit)
        if len(due) == 2:
            self.write([an_alert("a", now_ms + 1)], fetched_ms=2)
        return due


def test_what_was_renewed_just_now_stays() -> None:
    """A renewal that comes in between wins; the others leave all the same."""
    store = Renewing()
    store.write([an_alert("a", NOW_MS), an_alert("b", NOW_MS)], fetched_ms=1)
    assert upkeep.expire(store, NOW) == 1
    assert set(store.snapshot().records) == {"alerts:a"}


def test_the_log_keeps_its_last_events() -> None:
    """Readers can resume over the events that are kept, and over no others."""
    store = MemoryStore()
    cursors = [store.write([an_alert("a", None)], fetched_ms=n).cursor for n in range(5)]
    assert upkeep.trim(store, keep=2) == 3
    assert len(store.events(cursors[2])) == 2
    with pytest.raises(Resync):
        store.events(cursors[1])


def test_recent_removals_are_remembered() -> None:
    """Trimming does not let the versions of a just removed entity begin again."""
    store = MemoryStore()
    store.write([an_alert("a", None)], fetched_ms=1)
    store.write([Write("alerts:a", Kind.ALERT, None)], fetched_ms=2)
    upkeep.trim(store, keep=0)
    again = store.write([an_alert("a", None)], fetched_ms=3)
    assert again.versions == {"alerts:a": 3}
