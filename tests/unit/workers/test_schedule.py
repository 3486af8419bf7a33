from __future__ import annotations

from cop.config import Settings
from workers.registry import feed_keys
from workers.schedule import beat_schedule


def test_every_feed_is_due() -> None:
    """Every feed that exists is polled, as often as it says, and nothing else but upkeep."""
    entries = beat_schedule(Settings())
    assert entries.keys() == {f"poll {key}" for key in feed_keys()} | {
        "anchor",
        "deliver",
        "expire",
        "fuse",
        "trim",
        "watch",
    }
    assert all(
        entry["args"] == (name.removeprefix("poll "),)
        for name, entry in entries.items()
        if name.startswith("poll ")
    )


def test_what_was_missed_is_dropped() -> None:
    """A message expires when the next one is due, so that an outage leaves no backlog."""
    for entry in beat_schedule(Settings()).values():
        assert entry["options"]["expires"] == max(5, entry["schedule"].total_seconds())


def test_upkeep_has_a_queue_of_its_own() -> None:
    """Slow publishers do not hold up what ends expired warnings."""
    entries = beat_schedule(Settings())
    assert {
        entries[name]["options"]["queue"]
        for name in ("anchor", "deliver", "expire", "fuse", "trim", "watch")
    } == {"upkeep"}
