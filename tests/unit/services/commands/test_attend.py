"""Attending: an item is taken by one, put off for a while, and says what was found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.errors import NotFound, NotPermitted, NotPossible
from cop.model.entity import Severity
from cop.model.kinds import Attention, Reason
from cop.services.commands.attend import median_to_take
from cop.services.policy import Identity, Role
from tests.unit.services.commands.keeping import COMMANDER, LIAISON, OFFICER, START, Office

ID = "attention:new-0123456789abcdef"


def an_item(**fields: Any) -> Attention:
    """Make an item of the desk."""
    values = {
        "id": ID,
        "publisher": "COP",
        "reason": Reason.NEW,
        "subject": "incident:1",
        "severity": Severity.SEVERE,
        "rank": 10,
        "raised_at": START,
        **fields,
    }
    return Attention.model_validate(values)


@pytest.fixture
def office() -> Office:
    """Give an operation with one item."""
    made = Office()
    made.put(an_item())
    return made


def test_one_takes_it_and_the_other_is_told_who(office: Office) -> None:
    """Who comes second is refused with the name of whoever looks after it."""
    office.clock.pass_(minutes=2)
    office.ask(OFFICER, f"POST /attention/{ID}/take", {})
    office.clock.pass_(minutes=2)
    with pytest.raises(NotPossible) as refused:
        office.ask(COMMANDER, f"POST /attention/{ID}/take", {})
    assert (refused.value.code, refused.value.members) == ("taken", {"taken_by": "lee"})
    with pytest.raises(NotPossible):
        office.ask(COMMANDER, f"POST /attention/{ID}/take", {"release": True})
    item = office.read(ID, Attention)
    assert (item.taken_by, item.taken_at) == ("lee", START + timedelta(minutes=2))
    assert office.last_deed().action == "attend"


def test_taking_again_changes_nothing(office: Office) -> None:
    """Who has it keeps it, since when they had it."""
    office.ask(OFFICER, f"POST /attention/{ID}/take", {})
    before = office.store.read([ID])
    office.clock.pass_(minutes=2)
    office.ask(OFFICER, f"POST /attention/{ID}/take", {})
    assert office.store.read([ID]) == before


def test_it_is_given_back_and_taken_over(office: Office) -> None:
    """Back by whoever has it; over by the desk, where it says so."""
    office.ask(OFFICER, f"POST /attention/{ID}/take", {})
    office.ask(COMMANDER, f"POST /attention/{ID}/take", {"over": True})
    assert office.read(ID, Attention).taken_by == "chan"
    office.ask(COMMANDER, f"POST /attention/{ID}/take", {"release": True})
    item = office.read(ID, Attention)
    assert (item.taken_by, item.taken_at) == (None, None)


def test_a_liaison_attends_to_what_is_their_agencys(office: Office) -> None:
    """The desk's items are not theirs, and taking over is not theirs to decide."""
    with pytest.raises(NotPermitted):
        office.ask(LIAISON, f"POST /attention/{ID}/take", {})
    own = "attention:stale-0123456789abcdef"
    office.put(an_item(id=own, reason=Reason.STALE, agency="HAD"))
    office.ask(LIAISON, f"POST /attention/{own}/take", {})
    office.ask(COMMANDER, f"POST /attention/{own}/take", {"over": True})
    with pytest.raises(NotPossible):
        office.ask(LIAISON, f"POST /attention/{own}/take", {"over": True})
    warden = Identity(name="w", role=Role.WARDEN, agency="HAD")
    with pytest.raises(NotPermitted):
        office.ask(warden, f"POST /attention/{own}/note", {"words": "x"})


def test_it_is_put_off_and_brought_back(office: Office) -> None:
    """For some minutes; 0 brings it back, and so does taking it."""
    office.ask(OFFICER, f"POST /attention/{ID}/snooze", {"minutes": 15})
    assert office.read(ID, Attention).snoozed_until == START + timedelta(minutes=15)
    office.ask(OFFICER, f"POST /attention/{ID}/snooze", {"minutes": 0})
    assert office.read(ID, Attention).snoozed_until is None
    office.ask(OFFICER, f"POST /attention/{ID}/snooze", {"minutes": 240})
    office.ask(OFFICER, f"POST /attention/{ID}/take", {})
    assert office.read(ID, Attention).snoozed_until is None


def test_it_is_noted_on(office: Office) -> None:
    """The last remark stands on the item."""
    for words in ("called twice", "crew is there"):
        office.ask(OFFICER, f"POST /attention/{ID}/note", {"words": words})
    assert office.read(ID, Attention).remark == "crew is there"


def test_what_is_over_is_left_alone(office: Office) -> None:
    """An item whose cause has gone cannot be taken, nor one that never was."""
    gone = "attention:new-fedcba9876543210"
    office.put(an_item(id=gone, cleared_at=START))
    with pytest.raises(NotPossible) as refused:
        office.ask(OFFICER, f"POST /attention/{gone}/take", {})
    assert refused.value.code == "cleared"
    with pytest.raises(NotFound):
        office.ask(OFFICER, "POST /attention/attention:new-0000000000000000/take", {})


def test_half_were_taken_within_the_median() -> None:
    """Of the items raised since some time and taken; None where there is none."""
    items = [
        an_item(raised_at=START + timedelta(minutes=n), taken_at=START + timedelta(minutes=n + n))
        for n in range(5)
    ]
    waiting = an_item(raised_at=START + timedelta(minutes=9))
    assert median_to_take([*items, waiting], START) == timedelta(minutes=2)
    assert median_to_take([*items, waiting], START + timedelta(minutes=3)) == timedelta(minutes=3.5)
    assert median_to_take([waiting], START) is None
