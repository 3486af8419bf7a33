"""Frames made again from the log: word for word what was told live, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.model.access import Audience
from cop.model.entity import Entity
from cop.model.kinds import Alert, Camera, Incident, IncidentStatus, Note, Observation
from cop.model.record import Cursor, Write, cursor_key, put
from cop.services.frames import MOST_MISSED, Frame, Ring
from cop.services.history import recall
from cop.services.picture import Picture
from cop.store.memory import MemoryStore
from cop.store.port import Resync

AT = datetime(2026, 1, 1, tzinfo=UTC)


def alert(name: str, *, exercise: bool, words: str = "") -> Alert:
    """Make a warning, or a publisher's own drill, which the public does not see."""
    return Alert(
        id=f"feed:{name}",
        feed="hko_warnings",
        publisher="HKO",
        event_type="rainstorm",
        issued_at=AT,
        exercise=exercise,
        description={"en": words} if words else {},
    )


def note(name: str, feed: str | None, words: str = "") -> Note:
    """Make a note of a publisher, of one with no open licence, or of a person."""
    title = {"en": words or "note"}
    return Note(id=f"feed:{name}", feed=feed, publisher="X", topic="news", title=title)


def camera(name: str) -> Camera:
    """Make a camera, of which the public sees every one."""
    return Camera(id=f"feed:{name}", feed="td_cameras", publisher="TD")


def wind(name: str, value: float) -> Observation:
    """Make a reading."""
    return Observation(
        id=f"feed:{name}", feed="hko_wind", publisher="HKO", measure="wind", value=value
    )


def incident(name: str) -> Incident:
    """Make an incident, which the public never sees."""
    return Incident(
        id=f"feed:{name}",
        publisher="COP",
        incident_type="flooding",
        status=IncidentStatus.REPORTED,
        reported_at=AT,
    )


_NAMES = st.sampled_from("abcd")
_ENTITIES: st.SearchStrategy[Entity] = st.one_of(
    st.builds(alert, _NAMES, exercise=st.booleans(), words=st.sampled_from(["", "x"])),
    st.builds(note, _NAMES, st.sampled_from([None, "gov_news", "nmc_warnings"])),
    st.builds(wind, _NAMES, st.sampled_from([1.0, 2.0])),
    st.builds(incident, _NAMES),
)
_WRITES: st.SearchStrategy[Write] = st.one_of(
    _ENTITIES.map(put),
    _ENTITIES.map(lambda entity: Write(id=entity.id, kind=entity.kind, body=None)),
)
_BATCHES = st.lists(_WRITES, min_size=1, max_size=3, unique_by=lambda write: write.id)


def live(store: MemoryStore, batches: list[list[Write]]) -> tuple[Ring, list[Cursor]]:
    """Write *batches* while a process looks on; give its ring, and all cursors there are."""
    picture = Picture(store.snapshot())
    ring, cursors = Ring(picture.cursor), [picture.cursor]
    for batch in batches:
        store.write(batch, fetched_ms=1)
        for event in store.events(picture.cursor):
            ring.add(picture.apply([event]))
            cursors.append(event.cursor)
    return ring, cursors


@settings(max_examples=300, deadline=None)
@given(batches=st.lists(_BATCHES, max_size=12), keep=st.integers(0, 12), most=st.integers(1, 12))
def test_what_is_recalled_is_what_was_told(
    batches: list[list[Write]], keep: int, most: int
) -> None:
    """From every cursor and for every audience: the very frames told live, or a new snapshot."""
    store = MemoryStore()
    ring, cursors = live(store, batches)
    store.trim(keep, tombstones_before_ms=0)
    again = recall(store, store.cursor(), most_events=most)
    assert again.cursor == cursors[-1]
    reach = min(keep, most, len(cursors) - 1)
    for back, cursor in enumerate(reversed(cursors)):
        for audience in Audience:
            told = again.after(cursor, audience)
            assert told is None or told == ring.after(cursor, audience)
            if audience is not Audience.PUBLIC:  # nothing that they see hangs on a past unknown
                assert (told is not None) == (back <= reach)
        assert again.after(cursors[-1], Audience.PUBLIC) == []


def recalled(before: list[Any], after: list[Any]) -> tuple[Ring, Ring, Cursor]:
    """Give the live ring, the one recalled from *after* alone, and the cursor between."""
    store = MemoryStore()
    ring, cursors = live(store, [*before, *after])
    store.trim(len(after), tombstones_before_ms=0)
    return ring, recall(store, store.cursor()), cursors[-1 - len(after)]


def gone(entity: Entity) -> list[Write]:
    """Make the write that takes *entity* off the picture."""
    return [Write(id=entity.id, kind=entity.kind, body=None)]


def test_a_removal_reaches_those_who_saw_it_and_nobody_else() -> None:
    """What left during the restart is removed for the public only if a publisher had put it."""
    official, own = camera("a"), note("b", None)
    told, again, between = recalled([[put(official), put(own)]], [gone(official), gone(own)])
    for audience in Audience:
        assert told.after(between, audience)
        assert again.after(between, audience) == told.after(between, audience)
    public = b"".join(again.after(between, Audience.PUBLIC) or [])
    assert b"feed:a" in public
    assert b"feed:b" not in public


def test_a_removal_that_nothing_proves_is_a_new_snapshot() -> None:
    """Whether a warning that left was a drill is not known any more: the public reads anew."""
    drill = alert("a", exercise=True)
    told, again, between = recalled([[put(drill)]], [gone(drill), [put(wind("b", 1.0))]])
    assert told.after(between, Audience.PUBLIC) is not None
    assert again.after(between, Audience.PUBLIC) is None
    assert again.after(between, Audience.COMMAND) == told.after(between, Audience.COMMAND)


class Cut(MemoryStore):
    """A store whose log is cut while it is read."""

    def events_until(self, until: Cursor, *, limit: int) -> Any:
        """Cut the log after the first page."""
        found = super().events_until(until, limit=limit)
        self.trim(50, tombstones_before_ms=0)
        return found


def test_a_log_that_is_cut_meanwhile_is_used_as_far_as_read() -> None:
    """Trimming between two pages costs older events only."""
    store = Cut()
    ring, cursors = live(store, [[put(wind("a", float(n)))] for n in range(250)])
    again = recall(store, store.cursor())
    assert again.after(cursors[-101], Audience.PUBLIC) == ring.after(cursors[-101], Audience.PUBLIC)
    assert again.after(cursors[-102], Audience.PUBLIC) is None


def test_a_log_that_has_gone_is_no_error() -> None:
    """When the store was emptied in between the ring begins at the cursor asked for."""

    class Gone(MemoryStore):
        def events_until(self, until: Cursor, *, limit: int) -> Any:
            raise Resync

    again = recall(Gone(), "5-0")
    assert again.cursor == "5-0"
    assert again.after("5-0", Audience.PUBLIC) == []
    assert again.after("4-0", Audience.PUBLIC) is None


def test_a_cursor_inside_a_batch_is_a_new_snapshot() -> None:
    """What came and went inside a batch is in no frame: who has the half of it reads anew."""
    store = MemoryStore()
    picture = Picture(store.snapshot())
    ring, start = Ring(picture.cursor), picture.cursor
    came = store.write([put(wind("a", 1.0))], fetched_ms=1).cursor
    left = store.write(gone(wind("a", 1.0)), fetched_ms=1).cursor
    ring.add(picture.apply(store.events(start)))
    assert ring.after(came, Audience.PUBLIC) is None
    assert ring.after(start, Audience.PUBLIC) == []
    assert ring.after(left, Audience.PUBLIC) == []


def test_who_has_missed_very_much_reads_the_picture() -> None:
    """More than a socket may hold back is not poured into it: the picture is compressed."""
    ring = Ring("0-0")
    for n in range(1, 5):
        ring.add(Frame(f"{n}-0", {Audience.PUBLIC: b"x" * (MOST_MISSED // 2)}))
    assert ring.after("2-0", Audience.PUBLIC) is not None
    assert ring.after("1-0", Audience.PUBLIC) is None
    assert ring.after("1-0", Audience.COMMAND) == []


def test_a_box_is_forgotten_with_its_entity() -> None:
    """Places that were asked for are kept only as long as the entity is on the picture."""
    store = MemoryStore()
    picture = Picture(store.snapshot())
    store.write([put(wind("a", 1.0))], fetched_ms=1)
    picture.apply(store.events(picture.cursor))
    picture.select(Audience.PUBLIC, (), (-180, -90, 180, 90))
    assert set(picture._boxes) == {"feed:a"}
    store.write(gone(wind("a", 1.0)), fetched_ms=1)
    picture.apply(store.events(picture.cursor))
    assert not picture._boxes


def test_only_plain_digits_are_a_cursor() -> None:
    """Digits of other scripts, which Python would read too, are refused."""
    assert cursor_key("12-3") == (12, 3)
    for wrong in ("\u0663-0", "1-\uff10", "1", "-", "1-0-0", "1e3-0", " 1-0", "+1-0"):
        with pytest.raises(ValueError, match="not a cursor"):
            cursor_key(wrong)
