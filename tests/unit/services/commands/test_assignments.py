from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cop.errors import CopError, NotFound, NotPermitted, NotPossible, Stale, VersionMissing
from cop.model.geometry import point
from cop.model.kinds import Assignment, AssignmentStatus, Resource, ResourceStatus
from cop.model.response import OPEN_ASSIGNMENT
from cop.services.commands.assignments import ENDED, WAYS
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, TEAM, Room, who

STEP = "POST /assignments/{id}/step"
HAND_OVER = "POST /assignments/{id}/hand-over"
A = AssignmentStatus
FSD = who(Role.LIAISON, "FSD", "fsd")
OTHERS = who(Role.FIELD, "DSD", "others", ["resource:pump-2"])


@pytest.fixture
def room() -> Room:
    """Give a desk with two teams of one agency, one of another, and an incident."""
    room = Room()
    room.resource("pump-1", leader="Pump One")
    room.resource("pump-2", leader="Pump Two")
    room.resource("engine-1", agency="FSD")
    room.incident(geometry=point(114.17, 22.32), placing="given", title={"en": "Nathan Road"})
    return room


def test_a_task_takes_from_its_incident_and_its_resource(room: Room) -> None:
    """What is not said comes from the incident (place, severity, words) and the team (leader)."""
    made = room.assign(words="", incident="incident:flood")
    assert made.duty == {"en": "Nathan Road"}
    assert (made.severity, made.geometry, made.placing) == ("Severe", point(114.17, 22.32), "given")
    assert (made.leader, made.agency, made.author) == ("Pump One", "DSD", "duty_officer")
    assert made.steps == {A.ASSIGNED: NOON}
    resource = room.see("resource:pump-1", Resource)
    assert (resource.status, resource.assignments) == (ResourceStatus.ASSIGNED, (made.id,))


def test_a_task_needs_a_duty() -> None:
    """Neither words nor an incident: there is nothing to do."""
    with pytest.raises(ValidationError, match="say the duty"):
        Room().assign(words="")


def test_the_whole_life_is_timed(room: Room) -> None:
    """Each step has its time; limits hold for the present step, and none after the end."""
    made = room.assign(incident="incident:flood")
    limits = []
    for status in ("delivered", "acknowledged", "en_route", "on_scene", "completed"):
        room.clock.wait(60)
        room.do(STEP, TEAM, made.id, status=status)
        now = room.see(made.id, Assignment)
        limits.append(now.overdue_at)
    end = room.see(made.id, Assignment)
    order = [A.ASSIGNED, A.DELIVERED, A.ACKNOWLEDGED, A.EN_ROUTE, A.ON_SCENE, A.COMPLETED]
    assert end.steps == {step: NOON + timedelta(minutes=n) for n, step in enumerate(order)}
    assert None not in limits[:-1]
    assert (end.warn_at, end.overdue_at) == (None, None)
    resource = room.see("resource:pump-1", Resource)
    assert (resource.status, resource.assignments) == (ResourceStatus.AVAILABLE, ())


def test_a_resource_may_leave_steps_out_but_not_go_back(room: Room) -> None:
    """On scene at once leaves the skipped steps without a time, also when one is said later."""
    made = room.assign()
    room.do(STEP, TEAM, made.id, status="on_scene")
    assert room.see(made.id, Assignment).steps.keys() == {A.ASSIGNED, A.ON_SCENE}
    version = room.version(made.id)
    for again in ("acknowledged", "on_scene"):
        told = room.do(STEP, TEAM, made.id, status=again)
        assert [caution.code for caution in told.cautions] == ["already-past"]
        assert (told.journal, room.version(made.id)) == (0, version)
    with pytest.raises(NotPossible) as refused:
        room.do(STEP, TEAM, made.id, status="declined", reason="no")
    assert refused.value.code == "not-next"
    assert refused.value.members["next"] == ["completed", "stood_down"]


@pytest.mark.parametrize("before", sorted(A))
@pytest.mark.parametrize("after", sorted(A))
def test_every_pair_of_steps(before: A, after: A) -> None:
    """A step is taken exactly where the table has it; one gone past changes nothing.

    Out of an end leads nothing, and nothing is said as if it did.
    """
    room = Room()
    held = () if before in {A.PROPOSED, *ENDED} else ("assignment:x",)
    room.resource(assignments=held, status="assigned" if held else "available")
    one = Assignment(
        id="assignment:x",
        publisher="COP",
        resource="resource:pump-1",
        agency="DSD",
        duty={"en": "x"},
        status=before,
        steps={before: NOON},
    )
    room.put(one)
    said = {"status": after, "reason": "because"}
    chain = [A.DELIVERED, A.ACKNOWLEDGED, A.EN_ROUTE, A.ON_SCENE]
    past = before in chain and after in chain and chain.index(after) <= chain.index(before)
    if past or after is before:
        told = room.do(STEP, DUTY, one.id, made_from=1, **said)
        assert [caution.code for caution in told.cautions] == ["already-past"]
        assert room.see(one.id, Assignment) == one
    elif after in WAYS and before in WAYS[after].after:
        room.do(STEP, DUTY, one.id, made_from=1, **said)
        assert room.see(one.id, Assignment).status is after
        assert before not in ENDED
    else:
        with pytest.raises(NotPossible, match="cannot follow"):
            room.do(STEP, DUTY, one.id, made_from=1, **said)


@pytest.mark.parametrize(
    ("asker", "steps", "stands_down"),
    [
        (TEAM, True, False),
        (DSD, True, True),
        (DUTY, True, True),
        (OTHERS, False, False),
        (FSD, False, False),
        (who(Role.WARDEN, "DSD"), False, False),
        (who(Role.VIEWER, "DSD"), False, False),
        (who(Role.MACHINE, "DSD"), False, False),
    ],
)
def test_who_may_take_a_step(room: Room, asker: Any, steps: bool, stands_down: bool) -> None:
    """The resource's own people, its agency and the desk answer; standing down is the desk's."""
    made = room.assign()

    def may(status: str) -> bool:
        try:
            version = room.version(made.id)
            room.do(STEP, asker, made.id, made_from=version, status=status, reason="because")
        except NotPermitted:
            return False
        return True

    assert may("acknowledged") is steps
    assert may("stood_down") is stands_down


def test_ending_early_needs_a_reason_and_frees_the_resource(room: Room) -> None:
    """Declining and standing down say why; standing down says from which version as well."""
    made = room.assign()
    with pytest.raises(NotPossible, match="say why"):
        room.do(STEP, TEAM, made.id, status="declined")
    with pytest.raises(VersionMissing):
        room.do(STEP, DUTY, made.id, status="stood_down", reason="no need")
    with pytest.raises(Stale):
        room.do(STEP, DUTY, made.id, made_from=9, status="stood_down", reason="no need")
    room.do(STEP, TEAM, made.id, status="declined", reason="pump broken")
    ended = room.see(made.id, Assignment)
    assert (ended.status, ended.reason) == (A.DECLINED, "pump broken")
    assert room.see("resource:pump-1", Resource).status is ResourceStatus.AVAILABLE


def test_nobody_is_assigned_twice_unawares(room: Room) -> None:
    """A second task is refused with the first one's id, until it is accepted; then it is noted."""
    first = room.assign()
    with pytest.raises(NotPossible) as refused:
        room.assign(incident="incident:flood")
    assert (refused.value.code, refused.value.members) == (
        "double-assigned",
        {"others": [first.id]},
    )
    told = room.do(
        "POST /assignments", DUTY, resource="resource:pump-1", words="and this", accept_double=True
    )
    assert "double-assigned" in [caution.code for caution in told.cautions]
    assert room.see(told.id, Assignment).also == (first.id,)
    room.do(STEP, TEAM, first.id, status="completed")
    resource = room.see("resource:pump-1", Resource)
    assert (resource.status, resource.assignments) == (ResourceStatus.ASSIGNED, (told.id,))


def test_a_proposal_takes_nobody(room: Room) -> None:
    """A proposed resource stays free; it becomes assigned when the proposal is taken up."""
    proposal = room.assign(propose=True)
    assert proposal.status is A.PROPOSED
    assert room.see("resource:pump-1", Resource).status is ResourceStatus.AVAILABLE
    with pytest.raises(NotPossible, match="cannot follow proposed"):
        room.do(STEP, TEAM, proposal.id, status="acknowledged")
    other = room.assign()
    with pytest.raises(NotPossible) as refused:
        room.do(STEP, DUTY, proposal.id, status="assigned")
    assert refused.value.code == "double-assigned"
    room.do(STEP, TEAM, other.id, status="completed")
    room.do(STEP, DUTY, proposal.id, status="assigned")
    assert room.see("resource:pump-1", Resource).assignments == (proposal.id,)
    assert room.see(proposal.id, Assignment).steps.keys() == {A.PROPOSED, A.ASSIGNED}


@pytest.mark.parametrize("status", ["closed", "rejected", "merged"])
def test_nobody_is_sent_to_what_has_ended(room: Room, status: str) -> None:
    """An incident that is closed, rejected or merged takes no assignment."""
    incident = room.incident("old", status=status)
    with pytest.raises(NotPossible) as refused:
        room.assign(incident=incident)
    assert refused.value.code == "incident-ended"
    assert room.see("resource:pump-1", Resource).status is ResourceStatus.AVAILABLE


@pytest.mark.parametrize(
    ("status", "code"),
    [("reported", "not-verified"), ("verified", "still-verified"), ("responding", None)],
)
def test_says_where_the_incident_stands(room: Room, status: str, code: str | None) -> None:
    """Assigning does not move the incident; that it has not moved is said."""
    incident = room.incident("new", status=status)
    told = room.do("POST /assignments", DUTY, resource="resource:pump-1", incident=incident)
    assert [caution.code for caution in told.cautions] == ([code] if code else [])


def test_a_resource_that_cannot_go(room: Room) -> None:
    """Out of service is refused; resting is sent, and that it rested is said."""
    broken = room.resource("broken", status="out_of_service")
    with pytest.raises(NotPossible, match="out of service"):
        room.assign(broken)
    tired = room.resource("tired", status="resting")
    told = room.do("POST /assignments", DUTY, resource=tired, words="go")
    assert [caution.code for caution in told.cautions] == ["was-resting"]


def test_what_there_is_not(room: Room) -> None:
    """A resource or an incident that does not exist, or a due time gone by, is refused."""
    with pytest.raises(NotFound):
        room.assign("resource:none")
    with pytest.raises(NotFound):
        room.assign(incident="incident:none")
    with pytest.raises(NotPossible, match="time to come"):
        room.assign(due_at=NOON)
    with pytest.raises(NotPermitted):
        room.do("POST /assignments", FSD, resource="resource:pump-1", words="go")


def test_due_goes_before_the_limits(room: Room) -> None:
    """What must be done sooner than its steps may take is overdue when it is due."""
    due = NOON + timedelta(seconds=30)
    made = room.assign(due_at=due)
    assert (made.warn_at, made.overdue_at) == (due, due)


def test_hands_over(room: Room) -> None:
    """One write ends the first task and begins the second; each says which is the other."""
    first = room.assign(incident="incident:flood")
    room.do(STEP, TEAM, first.id, status="en_route")
    version = room.version(first.id)
    room.clock.wait(60)
    told = room.do(
        HAND_OVER,
        DUTY,
        first.id,
        made_from=version,
        resource="resource:engine-1",
        reason="pump broken",
    )
    ended = room.see(told.id, Assignment)
    assert (ended.id, ended.status) == (first.id, A.STOOD_DOWN)
    assert ended.reason == "handed over: pump broken"
    assert ended.handed_over_to is not None
    second = room.see(ended.handed_over_to, Assignment)
    assert (second.handed_over_from, second.resource) == (first.id, "resource:engine-1")
    assert (second.agency, second.duty, second.incident) == ("FSD", first.duty, "incident:flood")
    assert second.steps == {A.ASSIGNED: room.clock.now()}
    assert room.see("resource:pump-1", Resource).status is ResourceStatus.AVAILABLE
    assert room.see("resource:engine-1", Resource).assignments == (second.id,)


def test_a_twin_that_was_faster_is_no_conflict(room: Room) -> None:
    """The same request done between looking for its key and planning gives its answer."""
    first = room.assign()
    said = {"made_from": 1, "key": "click", "resource": "resource:pump-2"}
    answered = room.store.answered
    twins: list[str] = []

    def slow(key: str, request: bytes) -> Any:
        found = answered(key, request)
        if not twins:
            twins.append(key)
            room.do(HAND_OVER, DUTY, first.id, **said)
        return found

    room.store.answered = slow  # type: ignore[method-assign]
    told = room.do(HAND_OVER, DUTY, first.id, **said)
    assert told.repeated
    assert (told.id, told.version) == (first.id, 2)


@pytest.mark.parametrize(
    ("resource", "error"),
    [
        ("resource:pump-1", NotPossible),
        ("resource:none", NotFound),
        ("resource:busy", NotPossible),
    ],
)
def test_what_cannot_be_handed_over(room: Room, resource: str, error: type[CopError]) -> None:
    """Not to itself, to nobody, or to one that is busy; and nothing has changed then."""
    first = room.assign()
    room.assign(room.resource("busy"))
    with pytest.raises(error):
        room.do(HAND_OVER, DUTY, first.id, made_from=1, resource=resource)
    assert room.see(first.id, Assignment) == first


def test_a_liaison_hands_over_within_the_agency(room: Room) -> None:
    """Both teams must be of the own agency; an ended or proposed task is not handed over."""
    first = room.assign()
    with pytest.raises(NotPermitted):
        room.do(HAND_OVER, DSD, first.id, made_from=1, resource="resource:engine-1")
    room.do(HAND_OVER, DSD, first.id, made_from=1, resource="resource:pump-2")
    with pytest.raises(NotPossible, match="cannot follow"):
        room.do(HAND_OVER, DSD, first.id, made_from=2, resource="resource:pump-2")
    proposal = room.assign(propose=True)
    with pytest.raises(NotPossible, match="cannot follow"):
        room.do(HAND_OVER, CHIEF, proposal.id, made_from=1, resource="resource:pump-2")


_deeds = st.lists(
    st.tuples(
        st.sampled_from(["assign", "propose", "double", "hand-over", *A]),
        st.integers(0, 1),
        st.integers(0, 7),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(deeds=_deeds)
def test_resources_know_their_tasks_exactly(deeds: list[tuple[str, int, int]]) -> None:
    """Whatever is done in whatever order, a team holds its open tasks and is assigned with one."""
    room = Room()
    teams = [room.resource(f"pump-{n}") for n in range(2)]
    made: list[str] = []
    for what, team, which in deeds:
        target = made[which % len(made)] if made else ""
        try:
            if what in ("assign", "propose", "double"):
                said = {"propose": what == "propose", "accept_double": what == "double"}
                made.append(room.assign(teams[team], **said).id)
            elif target and what == "hand-over":
                version = room.version(target)
                room.do(HAND_OVER, DUTY, target, made_from=version, resource=teams[team])
                made += [to for to in [room.see(target, Assignment).handed_over_to] if to]
            elif target:
                version = room.version(target)
                room.do(STEP, DUTY, target, made_from=version, status=what, reason="because")
        except NotPossible:
            pass
    tasks = [room.see(task, Assignment) for task in made]
    for team in teams:
        resource = room.see(team, Resource)
        held = {t.id for t in tasks if t.resource == team and t.status in OPEN_ASSIGNMENT}
        held -= {t.id for t in tasks if t.status is A.PROPOSED}
        assert set(resource.assignments) == held
        assert (resource.status is ResourceStatus.ASSIGNED) == bool(held)


def test_a_team_with_a_task_may_say_how_the_incident_goes(room: Room) -> None:
    """A team says that it contained what it works on; not what another team works on."""
    contained = {"status": "contained"}
    with pytest.raises(NotPermitted):
        room.do("POST /incidents/{id}/status", TEAM, "incident:flood", made_from=1, **contained)
    room.assign("resource:pump-2", incident="incident:flood")
    with pytest.raises(NotPermitted):
        room.do("POST /incidents/{id}/status", TEAM, "incident:flood", made_from=1, **contained)
    room.assign("resource:pump-1", incident="incident:flood")
    room.do("POST /incidents/{id}/status", TEAM, "incident:flood", made_from=1, **contained)
