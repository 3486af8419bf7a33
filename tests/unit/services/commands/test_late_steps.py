"""Steps and receipts of assignments that come late, twice, or from a second phone of the team."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.errors import NotPermitted, NotPossible
from cop.model.kinds import Assignment, AssignmentStatus, Receipt, Resource
from cop.services.policy import Identity, Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, TEAM, Room, who

STEP = "POST /assignments/{id}/step"
RECEIPT = "POST /assignments/{id}/receipts"
A = AssignmentStatus
MATE = who(Role.FIELD, "DSD", "mate", ["resource:pump-1"])
CHAIN = (A.DELIVERED, A.ACKNOWLEDGED, A.EN_ROUTE, A.ON_SCENE, A.COMPLETED)


@pytest.fixture
def room() -> Room:
    """Give a desk with two teams and an incident."""
    room = Room()
    room.resource("pump-1", contact="channel 4")
    room.resource("pump-2", contact="channel 5")
    room.incident()
    return room


def minutes(number: float) -> datetime:
    """Give a time, in minutes after noon."""
    return NOON + timedelta(minutes=number)


def codes(cautions: object) -> list[str]:
    """List what should be known."""
    return [caution.code for caution in cautions]  # type: ignore[attr-defined]


def test_a_step_is_of_when_it_was_taken(room: Room) -> None:
    """Said twenty minutes late: its time is the phone's, and its limits run from then."""
    made = room.assign(incident="incident:flood")
    room.clock.wait(25 * 60)
    room.do(STEP, TEAM, made.id, status="acknowledged", at=minutes(5))
    now = room.see(made.id, Assignment)
    assert now.steps[A.ACKNOWLEDGED] == minutes(5)
    assert (now.warn_at, now.overdue_at) == (minutes(15), minutes(20))
    told = room.do(STEP, TEAM, made.id, status="en_route", at=minutes(2))
    assert room.see(made.id, Assignment).steps[A.EN_ROUTE] == minutes(5)
    assert codes(told.cautions) == ["clock-off"]
    told = room.do(STEP, TEAM, made.id, status="on_scene", at=minutes(90))
    assert room.see(made.id, Assignment).steps[A.ON_SCENE] == minutes(25)
    assert codes(told.cautions) == ["clock-off"]


@pytest.mark.parametrize("end", ["stood_down", "declined", "completed"])
def test_that_a_task_has_ended_is_said(room: Room, end: str) -> None:
    """A late step for one is refused with how it is now; the end itself may be said again."""
    made = room.assign()
    room.do(STEP, DUTY, made.id, made_from=1, status=end, reason="no need")
    with pytest.raises(NotPossible) as refused:
        room.do(STEP, TEAM, made.id, status="acknowledged", at=minutes(0))
    assert refused.value.code == "not-next"
    assert refused.value.members == {"next": [], "present": end}
    if end != "stood_down":
        told = room.do(STEP, TEAM, made.id, status=end, reason="no need")
        assert codes(told.cautions) == ["already-past"]


_replays = st.lists(
    st.tuples(
        st.sampled_from(CHAIN),  # which step
        st.integers(-10, 40),  # at which minute, by the phone's clock
        st.integers(0, 15),  # minutes until it gets through
        st.booleans(),  # by which phone
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(replays=_replays, twice=st.booleans())
def test_replays_in_any_order_come_to_the_same(
    replays: list[tuple[A, int, int, bool]], twice: bool
) -> None:
    """However steps come, how late, how often: the furthest counts, once each, times in order."""
    room = Room()
    room.resource("pump-1")
    made = room.assign()
    keys = itertools.count()
    for status, said, wait, second in replays:
        room.clock.wait(wait * 60)
        asker, key = (MATE if second else TEAM), f"phone-{next(keys)}"
        before = room.see(made.id, Assignment)
        for again in range(1 + twice):
            try:
                told = room.do(STEP, asker, made.id, key=key, status=status, at=minutes(said))
            except NotPossible as refused:
                assert (refused.code, before.status) == ("not-next", A.COMPLETED)  # noqa: PT017
            else:
                assert told.repeated is bool(again)
        now = room.see(made.id, Assignment)
        assert now.steps.items() >= before.steps.items(), "a step that was taken stays as it was"
        assert len(now.steps) <= len(before.steps) + 1
    end = room.see(made.id, Assignment)
    assert end.status is max((status for status, *_ in replays), key=CHAIN.index)
    steps = [end.steps[step] for step in (A.ASSIGNED, *CHAIN) if step in end.steps]
    assert steps == sorted(steps)
    assert steps[-1] <= room.clock.now()
    assert room.version(made.id) == len(end.steps), "each step was written once"
    assert room.see("resource:pump-1", Resource).assignments == (
        () if end.status is A.COMPLETED else (made.id,)
    )


def test_the_first_phone_that_has_it_delivers_it(room: Room) -> None:
    """Each of the team has a receipt; the first one takes the task to delivered, the rest not."""
    made = room.assign(incident="incident:flood")
    room.clock.wait(60)
    room.do(RECEIPT, MATE, made.id, step="delivered", at=minutes(0.5))
    delivered = room.see(made.id, Assignment)
    assert (delivered.status, delivered.steps[A.DELIVERED]) == (A.DELIVERED, minutes(0.5))
    assert delivered.overdue_at == minutes(5.5)
    room.clock.wait(60)
    room.do(RECEIPT, TEAM, made.id, step="read")
    assert room.see(made.id, Assignment) == delivered
    end = made.id.partition(":")[2]
    receipts = {name: room.see(f"receipt:{end}/{name}", Receipt) for name in ("mate", "team")}
    assert receipts["mate"].subject == made.id
    assert (receipts["mate"].delivered_at, receipts["mate"].read_at) == (minutes(0.5), None)
    assert (receipts["team"].delivered_at, receipts["team"].read_at) == (minutes(2), minutes(2))
    again = room.do(RECEIPT, MATE, made.id, step="delivered")
    assert again.journal == 0, "what is known already is not written again"


def test_an_assignment_that_was_opened_was_delivered(room: Room) -> None:
    """Reading says having received; neither is before it was sent, and neither goes back."""
    made = room.assign()
    room.clock.wait(600)
    told = room.do(RECEIPT, TEAM, made.id, step="read", at=minutes(-30))
    assert codes(told.cautions) == ["clock-off"]
    assert room.see(made.id, Assignment).steps[A.DELIVERED] == NOON
    room.do(STEP, TEAM, made.id, status="on_scene")
    room.do(RECEIPT, MATE, made.id, step="delivered")
    assert room.see(made.id, Assignment).status is A.ON_SCENE


def test_a_receipt_of_what_ended_is_kept(room: Room) -> None:
    """It came to the phone all the same; that it is over is said. A proposal came to nobody."""
    made = room.assign()
    room.do(STEP, DUTY, made.id, made_from=1, status="stood_down", reason="no need")
    told = room.do(RECEIPT, TEAM, made.id, step="delivered")
    assert codes(told.cautions) == ["already-past"]
    assert room.see(made.id, Assignment).status is A.STOOD_DOWN
    proposal = room.assign(propose=True)
    with pytest.raises(NotPossible, match="cannot follow proposed"):
        room.do(RECEIPT, TEAM, proposal.id, step="delivered")


@pytest.mark.parametrize("asker", [CHIEF, DUTY, DSD, who(Role.FIELD, "DSD", "x", ["resource:o"])])
def test_nobody_receives_for_others(room: Room, asker: Identity) -> None:
    """What the desk or another team looks at has not come to this one's phone."""
    made = room.assign()
    with pytest.raises(NotPermitted):
        room.do(RECEIPT, asker, made.id, step="delivered")
    assert room.see(made.id, Assignment) == made


def test_whom_to_call_comes_with_the_task(room: Room) -> None:
    """The team's contact, unless the desk says another; after a hand-over the other team's."""
    assert room.assign().contact == "channel 4"
    other = room.assign(accept_double=True, contact="9123 4567")
    assert other.contact == "9123 4567"
    hand_over = {"made_from": 1, "resource": "resource:pump-2"}
    told = room.do("POST /assignments/{id}/hand-over", DUTY, other.id, **hand_over)
    second = room.see(told.id, Assignment).handed_over_to
    assert second is not None
    assert room.see(second, Assignment).contact == "channel 5"
