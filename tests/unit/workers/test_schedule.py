from __future__ import annotations

from pathlib import Path

from cop.config import Settings
from tests.integration.federating import partner_file
from tests.unit.workers.vision.watching import plan, written
from workers.registry import feed_keys
from workers.schedule import beat_schedule
from workers.vision.shards import queue_of


def test_every_feed_is_due() -> None:
    """Every feed that exists is polled, as often as it says, and nothing else but upkeep."""
    entries = beat_schedule(Settings())
    assert entries.keys() == {f"poll {key}" for key in feed_keys()} | {
        "anchor",
        "deliver",
        "expire",
        "forget partners",
        "fuse",
        "layers",
        "survey",
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


def test_every_camera_is_due_on_its_queue(tmp_path: Path) -> None:
    """Each camera is looked at as often as its file says, by the process that it is dealt to.

    A file that cannot be used leaves out its own camera alone.
    """
    for name, every_s in (("pier-4", 120), ("gate-1", 2)):
        (tmp_path / f"{name}.toml").write_text(written(plan(name), every_s))
    (tmp_path / "broken.toml").write_text("id = 4")
    entries = beat_schedule(Settings(cameras_dir=tmp_path, vision_shards=5))
    looks = {
        name: (entry["args"], entry["options"]["queue"], entry["schedule"].total_seconds())
        for name, entry in entries.items()
        if name.startswith("look ")
    }
    assert looks == {
        "look gate-1": (("gate-1",), queue_of("gate-1", 5), 5.0),
        "look pier-4": (("pier-4",), queue_of("pier-4", 5), 120.0),
    }
    assert entries["survey"]["options"]["queue"] == "vision"


def test_every_partner_is_due(tmp_path: Path) -> None:
    """Each partner is asked as often as its file says, in real time, and by a task of its own.

    One that does not answer holds up no feed: the queue is another.
    """
    text = partner_file("gd", "https://gd.example", "gd", every_s=7)
    (tmp_path / "gd.toml").write_text(text)
    (tmp_path / "broken.toml").write_text("id = 4")
    entries = beat_schedule(Settings(partners_dir=tmp_path))
    found = {name: entry for name, entry in entries.items() if name.startswith("exchange ")}
    assert list(found) == ["exchange gd"]
    entry = found["exchange gd"]
    assert (entry["task"], entry["args"]) == ("workers.tasks.exchange", ("gd",))
    assert entry["options"]["queue"] == "exchange"
    assert entry["schedule"].total_seconds() == 7
