"""Facilities and their books: one counter that entries add to, and what is refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cop.errors import NotPermitted, NotPossible, Stale
from cop.model.kinds import Entry, Facility, FacilityStatus
from cop.services.commands.entries import KEPT, TREND, AddEntry, thin
from cop.services.policy import Identity, Role
from tests.unit.services.commands.keeping import (
    COMMANDER,
    LIAISON,
    START,
    Office,
    a_publishers,
    a_shelter,
    a_warden,
)

ENTRIES = "POST /facilities/facility:1/entries"
WARDEN = a_warden("facility:1")


@pytest.fixture
def office() -> Office:
    """Give an operation with one shelter."""
    made = Office()
    made.put(a_shelter())
    return made


def shelter(office: Office) -> Facility:
    """Read the shelter."""
    return office.read("facility:1", Facility)


def test_a_facility_is_added_on_standby_and_opened_by_an_entry(office: Office) -> None:
    """Somebody adds a first-aid post; it is not open before an entry says so."""
    body = {"facility_type": "first_aid_post", "name": "Gate B", "capacity": 20, "agency": "AMS"}
    made = office.ask(COMMANDER, "POST /facilities", body).id
    added = office.read(made, Facility)
    assert (added.status, added.publisher, added.feed) == (FacilityStatus.STANDBY, "AMS", None)
    entry = {"status": "open", "queue": {"urgent": 2}, "staff": 6, "supplies": {"stretcher": 4}}
    office.ask(COMMANDER, f"POST /facilities/{made}/entries", entry)
    office.ask(COMMANDER, f"POST /facilities/{made}/entries", {"queue": {"immediate": 1}})
    now = office.read(made, Facility)
    assert now.status is FacilityStatus.OPEN
    assert now.queue == {"urgent": 2, "immediate": 1}
    assert (now.staff, now.supplies, now.occupancy) == (6, {"stretcher": 4}, None)


def test_what_is_edited_keeps_the_rest(office: Office) -> None:
    """A name in another language is added to the first; what was entered stays."""
    office.ask(WARDEN, ENTRIES, {"change": 3})
    body = {"name": "庇護中心", "lang": "zh-Hant", "capacity": 80, "access": ["lift"]}
    with pytest.raises(Stale):
        office.ask(COMMANDER, "PATCH /facilities/facility:1", body, expected=1)
    office.ask(COMMANDER, "PATCH /facilities/facility:1", body, expected=2)
    now = shelter(office)
    assert now.title == {"en": "Shelter", "zh-Hant": "庇護中心"}
    assert (now.capacity, now.access, now.occupancy) == (80, ("lift",), 3)


def test_changes_add_up_and_a_count_sets(office: Office) -> None:
    """Changes come to one number; who made the last entry, and when, is said with it."""
    office.ask(WARDEN, ENTRIES, {"change": 5})
    office.ask(WARDEN, ENTRIES, {"change": -2})
    office.clock.pass_(minutes=5)
    office.ask(COMMANDER, ENTRIES, {"occupancy": 40})
    now = shelter(office)
    assert [(one.occupancy, one.change) for one in now.entries] == [(5, 5), (3, -2), (40, None)]
    assert (now.occupancy, now.reporter, now.asserted_at) == (40, "chan", office.clock.at)


def test_the_journal_says_what_was_entered(office: Office) -> None:
    """Each entry is one of the journal, with who, why, before and after."""
    office.ask(WARDEN, ENTRIES, {"occupancy": 9})
    office.ask(WARDEN, ENTRIES, {"occupancy": 7, "reason": "counted twice"})
    deed = office.last_deed()
    assert (deed.who.name, deed.action, deed.reason) == ("wong", "enter_facility", "counted twice")
    (change,) = deed.changes
    assert (change.before["occupancy"], change.after["occupancy"]) == (9, 7)


def test_fewer_needs_a_reason_and_nobody_leaves_an_empty_house(office: Office) -> None:
    """The refusal names the present figure, and nothing was changed."""
    office.ask(WARDEN, ENTRIES, {"occupancy": 5})
    for body, code in (({"change": -6}, "below-zero"), ({"occupancy": 4}, "reason-missing")):
        with pytest.raises(NotPossible) as refused:
            office.ask(WARDEN, ENTRIES, body)
        assert refused.value.code == code
        assert refused.value.members == {"occupancy": 5}
    assert shelter(office).occupancy == 5


def test_over_capacity_is_entered_and_said(office: Office) -> None:
    """Nobody is turned away by a form: too many are entered, with what should be done."""
    outcome = office.ask(WARDEN, ENTRIES, {"change": 101})
    assert [one.code for one in outcome.cautions] == ["from-zero", "over-capacity", "full"]
    assert shelter(office).occupancy == 101
    closed = office.ask(WARDEN, ENTRIES, {"status": "full"})
    assert [one.code for one in closed.cautions] == ["over-capacity"]
    closed = office.ask(WARDEN, ENTRIES, {"status": "closed"})
    assert [one.code for one in closed.cautions] == ["people-inside", "over-capacity"]


def at(minutes: float) -> str:
    """Give a time, in minutes from the start."""
    return (START + timedelta(minutes=minutes)).isoformat()


def test_a_late_change_still_counts(office: Office) -> None:
    """People whom a phone reports after it was offline are in it; the newest figures stay new."""
    office.ask(WARDEN, ENTRIES, {"change": 10})
    office.clock.pass_(minutes=30)
    office.ask(WARDEN, ENTRIES, {"change": 1, "status": "limited"})
    office.ask(WARDEN, ENTRIES, {"change": 5, "at": at(10)})
    now = shelter(office)
    assert now.occupancy == 16
    assert [one.occupancy for one in now.entries] == [10, 15, 16]
    assert [one.change for one in now.entries] == [10, 5, 1]
    assert (now.asserted_at, now.status) == (office.clock.at, FacilityStatus.LIMITED)


def test_a_late_change_that_a_count_has_already_is_only_written_down(office: Office) -> None:
    """Who was counted at the half hour is not added again for having come before."""
    office.clock.pass_(minutes=30)
    office.ask(WARDEN, ENTRIES, {"occupancy": 20})
    outcome = office.ask(WARDEN, ENTRIES, {"change": 5, "at": at(10), "reason": "offline"})
    assert [one.code for one in outcome.cautions] == ["not-the-newest"]
    assert shelter(office).occupancy == 20
    deed = office.last_deed()
    assert outcome.journal > 0
    assert deed.reason is not None
    assert '"change":5' in deed.reason
    assert "offline" in deed.reason


def test_what_is_so_now_counts_though_the_clock_was_set_back(office: Office) -> None:
    """A machine's clock that goes back an hour makes no entry older than those there were."""
    office.ask(WARDEN, ENTRIES, {"occupancy": 20, "status": "open"})
    office.clock.pass_(hours=-1)
    outcome = office.ask(WARDEN, ENTRIES, {"change": 5})
    assert [one.code for one in outcome.cautions] == []
    office.ask(WARDEN, ENTRIES, {"occupancy": 30, "status": "limited"})
    now = shelter(office)
    assert (now.occupancy, now.status) == (30, FacilityStatus.LIMITED)
    assert [one.at for one in now.entries] == [START] * 3


@pytest.mark.parametrize("said", [{"occupancy": 3}, {"status": "closed"}, {"staff": 2}])
def test_what_is_older_than_the_newest_sets_nothing(office: Office, said: dict[str, Any]) -> None:
    """An old count, status or queue does not overwrite a newer one; the journal has it."""
    office.clock.pass_(minutes=30)
    office.ask(WARDEN, ENTRIES, {"occupancy": 20, "staff": 4})
    before = office.store.read(["facility:1"])
    outcome = office.ask(WARDEN, ENTRIES, said | {"at": at(10)})
    assert [one.code for one in outcome.cautions] == ["not-the-newest"]
    assert office.store.read(["facility:1"]) == before
    assert office.last_deed().id == "facility:1"


def test_when_it_was_must_be_possible(office: Office) -> None:
    """Neither tomorrow nor the day before; a phone's clock may be a little ahead."""
    for minutes, code in ((3, "not-yet"), (-12 * 60 - 1, "too-late")):
        with pytest.raises(NotPossible) as refused:
            office.ask(WARDEN, ENTRIES, {"change": 1, "at": at(minutes)})
        assert refused.value.code == code
    office.ask(WARDEN, ENTRIES, {"change": 1, "at": at(1)})
    assert shelter(office).asserted_at == office.clock.at


@pytest.mark.parametrize("body", [{}, {"reason": "x"}, {"change": 1, "occupancy": 2}])
def test_an_entry_says_one_thing_about_the_counter(body: dict[str, Any]) -> None:
    """Nothing at all, or a change and a count at once, is no entry."""
    with pytest.raises(ValidationError):
        AddEntry.model_validate(body)


def test_a_warden_enters_in_their_own_book_alone(office: Office) -> None:
    """Own facility, own agency's facility, any for the desk; a machine as far as its agency."""
    machine = Identity(name="gate", role=Role.MACHINE, agency="HAD")
    for who in (WARDEN, COMMANDER, LIAISON, machine):
        office.ask(who, ENTRIES, {"change": 1})
    for who in (a_warden("facility:2"), Identity(name="x", role=Role.LIAISON, agency="DSD")):
        with pytest.raises(NotPermitted):
            office.ask(who, ENTRIES, {"change": 1})
    with pytest.raises(NotPermitted):
        office.ask(WARDEN, "PATCH /facilities/facility:1", {"capacity": 1}, expected=5)
    with pytest.raises(NotPermitted):
        office.ask(LIAISON, "PATCH /facilities/facility:1", {"agency": "DSD"}, expected=5)
    assert shelter(office).occupancy == 4


def test_a_publishers_facility_gets_one_keepers_twin(office: Office) -> None:
    """What the publisher says is not touched: entries go into a facility that stands for it."""
    listed = a_publishers(occupancy=12)
    office.put(listed)
    warden = a_warden(listed.id)
    first = office.ask(warden, f"POST /facilities/{listed.id}/entries", {"change": 3})
    second = office.ask(warden, f"POST /facilities/{listed.id}/entries", {"change": 1})
    assert first.id == second.id != listed.id
    twin = office.read(first.id, Facility)
    assert (twin.feed, twin.stands_for, twin.occupancy) == (None, listed.id, 16)
    assert twin.geometry == listed.geometry
    assert first.cautions[0].code == "keepers-own"
    assert office.read(listed.id, Facility) == listed
    for who in (a_warden("facility:1"), Identity(name="x", role=Role.LIAISON, agency="DSD")):
        with pytest.raises(NotPermitted):
            office.ask(who, f"POST /facilities/{listed.id}/entries", {"change": 1})


def test_a_twin_that_was_made_by_hand_is_the_one(office: Office) -> None:
    """A second facility cannot stand for the same; entries find the first."""
    office.put(a_publishers())
    made = office.ask(COMMANDER, "POST /facilities", {"stands_for": "had_shelters:1"}).id
    with pytest.raises(NotPossible) as refused:
        office.ask(COMMANDER, "POST /facilities", {"stands_for": "had_shelters:1"})
    assert refused.value.members == {"others": [made]}
    line = "POST /facilities/had_shelters:1/entries"
    assert office.ask(COMMANDER, line, {"occupancy": 3}).id == made
    for path in ("had_shelters:1", "facility:1"):
        body = {"stands_for": "facility:1"} if path == "facility:1" else {"capacity": 3}
        with pytest.raises(NotPossible):
            office.ask(COMMANDER, f"PATCH /facilities/{path}", body)


def test_a_facility_needs_a_type_and_a_name(office: Office) -> None:
    """Unless it stands for one that has both."""
    with pytest.raises(NotPossible):
        office.ask(COMMANDER, "POST /facilities", {"facility_type": "shelter"})


def test_twenty_at_the_doors(office: Office) -> None:
    """Twenty keepers enter one person each at the same moment: there are exactly twenty."""
    begin = threading.Barrier(20)

    def enter(number: int) -> None:
        begin.wait(45)
        for _ in range(2):  # and each sends it twice
            office.ask(WARDEN, ENTRIES, {"change": 1}, key=f"door-{number}")

    with ThreadPoolExecutor(20) as doors:
        list(doors.map(enter, range(20)))
    assert shelter(office).occupancy == 20
    assert shelter(office).entries[-1].occupancy == 20


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 600), st.one_of(st.none(), st.integers(-3, 5))), max_size=120
    )
)
@settings(max_examples=60, deadline=None)
def test_thinned_entries_still_add_up(steps: list[tuple[float, int | None]]) -> None:
    """At most 48 are held, in order, the newest as they were; changes between counts add up."""
    entries: tuple[Entry, ...] = ()
    now, inside = START, 0
    for minutes, change in steps:
        now += timedelta(seconds=minutes)
        inside = 7 if change is None else max(0, inside + change)
        before = entries[-1].occupancy if entries else 0
        made = None if change is None else inside - before
        entries = thin((*entries, Entry(at=now, occupancy=inside, change=made)))
    assert len(entries) <= KEPT
    assert list(entries) == sorted(entries, key=lambda entry: entry.at)
    for earlier, later in pairwise(entries):
        assert later.change is None or earlier.occupancy + later.change == later.occupancy
    if len(steps) > KEPT and all(change is not None for _, change in steps):
        assert entries[-1].at - entries[0].at >= min(TREND, now - START - timedelta(seconds=600))
