"""Needs: asked for, met in parts, tracked to closure."""

from __future__ import annotations

from typing import Any

import pytest

from cop.errors import Invalid, NotFound, NotPermitted, NotPossible
from cop.model.kinds import Facility, Need
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, TEAM, Room, who

CHANGE = "PATCH /needs/{id}"
PUMPS: dict[str, Any] = {"subject": "incident:flood", "item": "pump", "quantity": 3}


@pytest.fixture
def room() -> Room:
    """Give a desk with one incident and one shelter."""
    room = Room()
    room.incident()
    room.put(Facility(id="facility:hall", publisher="HAD", facility_type="shelter"))
    return room


def ask(room: Room, **fields: Any) -> str:
    """Ask for something and give the need's id."""
    return room.do("POST /needs", DUTY, **{**PUMPS, **fields}).id


def test_what_is_asked_for(room: Room) -> None:
    """A need says what, how much, of whom and until when; it is open, and in the history."""
    until = room.clock.now().isoformat()
    need = room.see(ask(room, unit="sets", asked_of="DSD", needed_by=until, words="basement"), Need)
    assert (need.status, need.quantity, need.fulfilled, need.unit) == ("open", 3, 0, "sets")
    assert (need.asked_of, need.author, need.title) == ("DSD", DUTY.name, {"en": "basement"})
    assert need.asked_at == need.needed_by == room.clock.now()
    assert len(room.store.journal_of("incident:flood")) == 1


@pytest.mark.parametrize(
    ("quantity", "fulfilled", "status"),
    [(3, 0, "open"), (3, 1, "part"), (3, 3, "fulfilled"), (3, 5, "fulfilled"), (1, 0, "open")],
)
def test_status_follows_from_the_quantities(
    room: Room, quantity: int, fulfilled: int, status: str
) -> None:
    """How a need stands is never said: it follows. More than was asked for is told, not refused."""
    need = ask(room)
    outcome = room.do(CHANGE, CHIEF, need, quantity=quantity, fulfilled=fulfilled)
    assert room.see(need, Need).status == status
    assert [caution.code for caution in outcome.cautions] == (
        ["more-than-asked"] if fulfilled > quantity else []
    )


def test_the_history_is_the_journal(room: Room) -> None:
    """Every delivery is an entry, listed with the need and with what asked for it."""
    need = ask(room)
    for fulfilled in (1, 2, 3):
        room.do(CHANGE, CHIEF, need, fulfilled=fulfilled)
    assert len(room.store.journal_of(need)) == 4
    assert len(room.store.journal_of("incident:flood")) == 4


def test_a_need_is_cancelled_with_a_reason(room: Room) -> None:
    """A cancelled need takes nothing more until it is opened again; then it stands as before."""
    need = ask(room)
    room.do(CHANGE, CHIEF, need, fulfilled=1)
    with pytest.raises(NotPossible, match="say why"):
        room.do(CHANGE, CHIEF, need, cancelled=True)
    room.do(CHANGE, CHIEF, need, cancelled=True, reason="the tide went out")
    stored = room.see(need, Need)
    assert (stored.status, stored.reason) == ("cancelled", "the tide went out")
    with pytest.raises(NotPossible) as refused:
        room.do(CHANGE, CHIEF, need, fulfilled=2)
    assert refused.value.code == "cancelled"
    room.do(CHANGE, CHIEF, need, cancelled=False)
    stored = room.see(need, Need)
    assert (stored.status, stored.reason) == ("part", "")


def test_numbers_are_numbers(room: Room) -> None:
    """No quantity can be taken away; who is asked can."""
    need = ask(room, asked_of="DSD")
    with pytest.raises(Invalid):
        room.do(CHANGE, CHIEF, need, quantity=None)
    room.do(CHANGE, CHIEF, need, asked_of=None)
    assert room.see(need, Need).asked_of is None


def test_only_what_is_worked_on_asks(room: Room) -> None:
    """What is not there, no incident, or over, asks for nothing."""
    for subject in ("incident:none", "note:x"):
        with pytest.raises(NotFound):
            ask(room, subject=subject)
    room.incident("over", status="closed")
    with pytest.raises(NotPossible) as refused:
        ask(room, subject="incident:over")
    assert refused.value.code == "subject-over"


def test_a_team_asks_for_its_own_incident(room: Room) -> None:
    """Field staff ask where they are assigned, and change what they asked; they do not say it came.

    A warden asks for their own facility.
    """
    with pytest.raises(NotPermitted):
        room.do("POST /needs", TEAM, **PUMPS)
    room.resource()
    room.assign(incident="incident:flood")
    need = room.do("POST /needs", TEAM, **PUMPS).id
    room.do(CHANGE, TEAM, need, quantity=5)
    with pytest.raises(NotPermitted):
        room.do(CHANGE, TEAM, need, fulfilled=5)
    warden = who(Role.WARDEN, own=["facility:hall"])
    beds: dict[str, Any] = {"item": "bedding", "quantity": 40}
    room.do("POST /needs", warden, subject="facility:hall", **beds)
    with pytest.raises(NotPermitted):
        room.do("POST /needs", warden, **PUMPS)


def test_who_is_asked_says_what_came(room: Room) -> None:
    """The liaison officer of the agency that is asked says what came; another's may not."""
    need = ask(room, asked_of="DSD")
    room.do(CHANGE, DSD, need, fulfilled=1)
    with pytest.raises(NotPermitted):
        room.do(CHANGE, who(Role.LIAISON, "FSD"), need, fulfilled=2)
