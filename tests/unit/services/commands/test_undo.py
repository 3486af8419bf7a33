"""Taking back: one's own, at once, and only while nobody has built on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cop.errors import NotFound, NotPermitted, NotPossible
from cop.model.journal import Deed
from cop.model.kinds import Incident, Note
from cop.services.commands import undo
from cop.services.commands.engine import UNDO_FOR
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DUTY, Room, who

REMARK: dict[str, Any] = {"topic": "remark", "words": "drain blocked"}


@pytest.fixture
def room() -> Room:
    """Give a desk with one incident."""
    room = Room()
    room.incident(status="verified")
    return room


def last(room: Room) -> Deed:
    """Give the journal's last entry."""
    return Deed.decode(room.store.journal([room.store.journal_head()[0]])[0].body)


def test_a_change_is_taken_back_whole(room: Room) -> None:
    """What differs is as it was; the undoing is a deed that names the one it takes back."""
    before = room.see("incident:flood", Incident)
    done = room.do("POST /incidents/{id}/status", CHIEF, "incident:flood", status="closed")
    assert done.undo_until is not None
    undone = room.do("POST /undo", CHIEF, journal=done.journal)
    assert room.see("incident:flood", Incident) == before
    assert (undone.id, undone.version, undone.undo_until) == ("incident:flood", 3, None)
    deed = last(room)
    assert (deed.action, deed.undoes, deed.undoable) == ("undo", done.journal, False)
    assert deed.changes[0].after["status"] == "verified"


def test_undoing_is_done_once(room: Room) -> None:
    """Sent again it gives the first answer; asked for again, or of itself, it is refused."""
    done = room.do("PATCH /incidents/{id}", CHIEF, "incident:flood", words="deep")
    first = room.do("POST /undo", CHIEF, key="u", journal=done.journal)
    again = room.do("POST /undo", CHIEF, key="u", journal=done.journal)
    assert (again.id, again.version, again.repeated) == (first.id, first.version, True)
    for entry, code in ((done.journal, "changed-since"), (first.journal, "not-undoable")):
        with pytest.raises(NotPossible) as refused:
            room.do("POST /undo", CHIEF, journal=entry)
        assert refused.value.code == code


def test_what_was_made_goes_and_what_was_removed_returns(room: Room) -> None:
    """A remark that was made is removed, one that was removed is back, in versions that go on."""
    made = room.do("POST /notes", CHIEF, **REMARK)
    room.do("POST /undo", CHIEF, journal=made.journal)
    assert room.store.read([made.id]) == {}
    kept = room.do("POST /notes", CHIEF, **REMARK)
    note = room.see(kept.id, Note)
    for version in (3, 5):
        gone = room.do("DELETE /notes/{id}", CHIEF, kept.id)
        back = room.do("POST /undo", CHIEF, journal=gone.journal)
        assert room.see(kept.id, Note) == note
        assert (back.version, last(room).changes[0].version) == (version, version)


def test_nothing_is_taken_back_that_others_built_on(room: Room) -> None:
    """A later change, by whomever, stands; it is named."""
    done = room.do("PATCH /incidents/{id}", CHIEF, "incident:flood", words="deep")
    room.do("PATCH /incidents/{id}", DUTY, "incident:flood", severity="Minor")
    with pytest.raises(NotPossible) as refused:
        room.do("POST /undo", CHIEF, journal=done.journal)
    assert refused.value.code == "changed-since"
    assert refused.value.members["id"] == "incident:flood"
    made = room.do("POST /notes", CHIEF, **REMARK)
    room.do("DELETE /notes/{id}", DUTY, made.id)
    with pytest.raises(NotPossible):
        room.do("POST /undo", CHIEF, journal=made.journal)


def test_only_ones_own_is_taken_back(room: Room) -> None:
    """Not even the desk takes back what somebody else did: it does what puts it right."""
    done = room.do("PATCH /incidents/{id}", DUTY, "incident:flood", words="deep")
    for asker in (CHIEF, who(Role.VIEWER, name=DUTY.name), who(Role.MACHINE, name=DUTY.name)):
        with pytest.raises(NotPermitted):
            room.do("POST /undo", asker, journal=done.journal)
    with pytest.raises(NotFound):
        room.do("POST /undo", DUTY, journal=99)


def test_what_others_may_have_seen_is_not_unmade(room: Room) -> None:
    """An incident or a need that was made is rejected or cancelled, not taken back."""
    made = [
        room.do("POST /incidents", incident_type="fire"),
        room.do("POST /needs", subject="incident:flood", item="pump", quantity=1),
    ]
    for outcome in made:
        assert outcome.undo_until is None
        with pytest.raises(NotPossible) as refused:
            room.do("POST /undo", journal=outcome.journal)
        assert refused.value.code == "not-undoable"


def test_it_is_soon_too_late(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """After half a minute of real time a deed stands, whatever the operation's clock says."""
    done = room.do("PATCH /incidents/{id}", CHIEF, "incident:flood", words="deep")
    room.clock.wait(3600)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(UTC) + UNDO_FOR + timedelta(seconds=1)

    with monkeypatch.context() as patch:
        patch.setattr(undo, "datetime", Later)
        with pytest.raises(NotPossible) as refused:
            room.do("POST /undo", CHIEF, journal=done.journal)
        assert refused.value.code == "too-late"
    room.do("POST /undo", CHIEF, journal=done.journal)
