"""Many incidents at once: all or none."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from cop.errors import NotFound, NotPermitted, NotPossible
from cop.model.kinds import Incident
from cop.services.commands.incident_bulk import MOST
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, Room, who

BULK = "POST /incidents/status"


@pytest.fixture
def room() -> Room:
    """Give a desk with three verified incidents, of which DSD leads two."""
    room = Room()
    for name, lead in (("a", "DSD"), ("b", "DSD"), ("c", "FSD")):
        room.incident(name, status="verified", lead_agency=lead)
    return room


def items(*names: str, version: int = 1) -> list[dict[str, Any]]:
    """Name incidents at a version."""
    return [{"id": f"incident:{name}", "version": version} for name in names]


def statuses(room: Room) -> str:
    """Give the first letters of the three statuses."""
    return "".join(room.see(f"incident:{name}", Incident).status[0] for name in "abc")


def test_all_are_changed_in_one_deed(room: Room) -> None:
    """One write and one entry, which can be taken back as a whole."""
    outcome = room.do(BULK, items=items("a", "b", "c"), status="closed", reason="dry")
    assert statuses(room) == "ccc"
    assert room.store.journal_head()[0] == 1
    assert outcome.undo_until is not None
    again = room.do("POST /undo", journal=outcome.journal)
    assert again.journal == 2
    assert statuses(room) == "vvv"


def test_one_that_is_stale_stops_all(room: Room) -> None:
    """What was changed since is named with its version now."""
    room.do("PATCH /incidents/{id}", CHIEF, "incident:b", words="more")
    with pytest.raises(NotPossible) as refused:
        room.do(BULK, items=items("a", "b"), status="closed")
    assert refused.value.code == "stale"
    assert refused.value.members["stale"] == [{"id": "incident:b", "version": 2}]
    assert statuses(room) == "vvv"


def test_one_that_cannot_stops_all(room: Room) -> None:
    """A step that is none for one of them, and one that is not there, are named."""
    room.incident("d", status="contained")
    with pytest.raises(NotPossible, match="incident:d") as refused:
        room.do(BULK, items=items("a", "d"), status="rejected", reason="so")
    assert (refused.value.code, refused.value.members["id"]) == ("not-next", "incident:d")
    with pytest.raises(NotFound, match="incident:e"):
        room.do(BULK, items=items("a", "e"), status="closed")
    assert statuses(room) == "vvv"


def test_each_must_be_permitted(room: Room) -> None:
    """One of another agency's stops a liaison officer; a viewer has no business here."""
    room.do(BULK, DSD, items=items("a", "b"), status="closed")
    with pytest.raises(NotPermitted):
        room.do(BULK, DSD, items=items("c"), status="closed")
    with pytest.raises(NotPermitted):
        room.do(BULK, who(Role.VIEWER), items=items("c"), status="closed")
    assert statuses(room) == "ccv"


@pytest.mark.parametrize("names", [[], ["a", "a"], [f"x{n}" for n in range(MOST + 1)]])
def test_what_is_no_list_is_refused(room: Room, names: list[str]) -> None:
    """None, one twice, and more than two hundred are refused before anything is read."""
    with pytest.raises(ValidationError):
        room.do(BULK, items=items(*names), status="closed")


def test_two_hundred_at_once(room: Room) -> None:
    """The most that may be asked for is done in one write."""
    names = [f"n{n}" for n in range(MOST)]
    for name in names:
        room.incident(name)
    room.do(BULK, items=items(*names), status="contained")
    assert room.see("incident:n199", Incident).status == "contained"
    assert room.store.journal_head()[0] == 1


def test_parts_closed_with_the_whole_are_no_caution(room: Room) -> None:
    """Only parts that stay open are told."""
    room.incident("major")
    room.incident("p1", parent="incident:major")
    outcome = room.do(BULK, items=items("major", "p1"), status="closed")
    assert outcome.cautions == ()
