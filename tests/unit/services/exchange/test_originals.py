"""The bytes of messages: kept, found again, and given up when nothing needs them."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from cop.config import Settings
from cop.errors import NotFound, StoreUnavailable
from cop.model.entity import Kind
from cop.model.record import Write
from cop.services import upkeep
from cop.services.exchange import originals
from cop.services.exchange.originals import KEPT_FOR, MOST_BYTES, Originals
from cop.store.memory import MemoryStore

HOUR = 3600.0
DAY = 24 * HOUR
LONG = KEPT_FOR.total_seconds() + DAY


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give an operation with a folder of its own."""
    return Settings(data_dir=tmp_path, operation="live")


@pytest.fixture
def kept(settings: Settings) -> Originals:
    """Give its messages."""
    return Originals(settings)


def age(settings: Settings, digest: str, seconds: float) -> None:
    """Make a message, and the last look at all, so old."""
    folder = settings.data_dir / "exchange" / settings.operation
    at = time.time() - seconds
    os.utime(folder / digest[:2] / digest, (at, at))
    (folder / "tidied").unlink(missing_ok=True)


def has(kept: Originals, digest: str) -> bool:
    """Tell whether a message can be read."""
    try:
        kept.read(digest)
    except NotFound:
        return False
    return True


def a_record(kind: Kind, digest: str) -> Write:
    """Make the write of something that refers to a message."""
    return Write(f"x:{kind}", kind, b'{"properties":{"original":"%s"}}' % digest.encode(), feed="x")


def test_a_message_is_kept_byte_for_byte(settings: Settings, kept: Originals) -> None:
    """Under its SHA-256, for every process; what is none is not found."""
    digest = kept.keep(b"<alert/>")
    assert digest == kept.keep(b"<alert/>") == hashlib.sha256(b"<alert/>").hexdigest()
    assert Originals(settings).read(digest) == b"<alert/>"
    for name in ("0" * 64, "../bytes", "", "bytes"):
        with pytest.raises(NotFound):
            kept.read(name)
        with pytest.raises(NotFound):
            kept.hold(name)
    with pytest.raises(ValueError, match="bytes"):
        kept.keep(b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize("kind", [Kind.ALERT, Kind.MESSAGE])
def test_what_nothing_refers_to_goes_in_the_end(
    settings: Settings, kept: Originals, kind: Kind
) -> None:
    """An alert in the picture or a message of a partner holds its bytes, however old they are."""
    store = MemoryStore()
    needed, left, young = (kept.keep(name) for name in (b"needed", b"left", b"young"))
    ours = kept.keep(b"ours", for_good=True)
    for digest in (needed, left):
        age(settings, digest, LONG)
    age(settings, young, LONG - 2 * DAY)
    store.write([a_record(kind, needed)], fetched_ms=1)
    assert upkeep.forget_originals(store, kept) == 1
    assert [has(kept, one) for one in (needed, left, young, ours)] == [True, False, True, True]
    store.write([Write(f"x:{kind}", kind, None)], fetched_ms=2)
    age(settings, young, LONG)
    assert upkeep.forget_originals(store, kept) == 1  # its own time begins only now
    assert [has(kept, one) for one in (needed, young, ours)] == [True, False, True]


def test_what_is_needed_again_stays(settings: Settings, kept: Originals) -> None:
    """What came again, or is about to be sent, is held for as long again."""
    first, second = kept.keep(b"first"), kept.keep(b"second")
    age(settings, first, LONG)
    age(settings, second, LONG)
    kept.keep(b"first")
    kept.hold(second)
    assert upkeep.forget_originals(MemoryStore(), kept) == 0


def test_where_room_is_short_the_oldest_go(
    settings: Settings, kept: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what nothing refers to, and nothing that came just now; then no more is taken."""
    store = MemoryStore()
    bodies = [bytes([number]) * 100 for number in range(5)]
    digests = [kept.keep(body) for body in bodies]
    for number, digest in enumerate(digests[:4]):
        age(settings, digest, DAY - number * HOUR)
    store.write([a_record(Kind.ALERT, digests[0])], fetched_ms=1)
    upkeep.forget_originals(store, kept)
    assert all(has(kept, digest) for digest in digests)
    monkeypatch.setattr(originals, "ROOM_BYTES", 350)
    assert upkeep.forget_originals(store, kept) == 2
    assert [has(kept, one) for one in digests] == [True, False, False, True, True]
    monkeypatch.setattr(originals, "LOOSE_BYTES", 350)
    with pytest.raises(StoreUnavailable, match="no room"):
        kept.keep(b"y" * 100, loose=True)
    monkeypatch.setattr(originals, "MOST_TOTAL_BYTES", 350)
    with pytest.raises(StoreUnavailable, match="no room"):
        kept.keep(b"y" * 100)
    assert kept.keep(bodies[4]) == digests[4]
    kept.keep(b"z" * 1000, for_good=True)
    age(settings, digests[3], LONG)
    assert upkeep.forget_originals(store, kept) == 1
    assert has(kept, kept.keep(b"y" * 100))


def test_a_count_that_was_lost_is_made_again(settings: Settings, kept: Originals) -> None:
    """A folder of an earlier version, or a damaged count, is counted by what lies in it."""
    kept.keep(b"x" * 100)
    count = settings.data_dir / "exchange" / "live" / "bytes"
    count.write_text("nonsense")
    kept.keep(b"y" * 10)
    assert count.read_text() == "110"


def test_nothing_is_tidied_where_nothing_was_kept(settings: Settings, kept: Originals) -> None:
    """An installation that exchanges nothing has no folder, and gets none."""
    assert upkeep.forget_originals(MemoryStore(), kept) == 0
    assert not (settings.data_dir / "exchange").exists()
