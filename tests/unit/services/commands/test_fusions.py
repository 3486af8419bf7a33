"""People say which reports are one: merge, confirm, split, and everything is reversible."""

from __future__ import annotations

from typing import Any

import pytest

from cop.errors import NotFound, NotPermitted, NotPossible, Stale
from cop.model.entity import Kind
from cop.model.kinds import Fusion, FusionStatus, Incident, IncidentStatus
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, Room, who

S = IncidentStatus
A, B, C, FEED = "incident:a", "incident:b", "incident:c", "hotline:1"


@pytest.fixture
def room() -> Room:
    """Give a desk with three reports of people, and one of a publisher."""
    room = Room()
    room.incident("a", status="verified", verified=True, steps={"reported": NOON, "verified": NOON})
    room.incident("b", status="reported", steps={"reported": NOON})
    room.incident("c", status="responding", steps={"reported": NOON, "responding": NOON})
    room.put(
        Incident(
            id=FEED,
            feed="hotline",
            publisher="1823",
            incident_type="flooding",
            status="reported",
            reported_at=NOON,
        )
    )
    return room


def merge(room: Room, *members: str, primary: str = A) -> str:
    """Merge reports and give the fusion's id."""
    return room.do("POST /fusions", CHIEF, members=members, primary=primary).id


def propose(room: Room, *members: str, name: str = "1", **fields: Any) -> str:
    """Put a proposal on the picture, as the machine does."""
    values: dict[str, Any] = {"status": "proposed", "primary": members[0], **fields}
    room.put(Fusion(id=f"fusion:{name}", publisher="COP", members=members, **values))
    return f"fusion:{name}"


def act(room: Room, what: str, fusion: str, **said: Any) -> Any:
    """Confirm or split a fusion as it is now."""
    return room.do(
        f"POST /fusions/{{id}}/{what}", DUTY, fusion, made_from=room.version(fusion), **said
    )


def statuses(room: Room) -> dict[str, str]:
    """Tell the status of each report."""
    return {one: room.see(one, Incident).status.value for one in (A, B, C, FEED)}


def code(error: pytest.ExceptionInfo[NotPossible]) -> str:
    """Tell why something was not possible."""
    return error.value.code


def test_ours_is_never_merged_into_what_another_installation_keeps(room: Room) -> None:
    """It can end there at any time: one of ours is the primary, whatever was proposed."""
    theirs = "partner_gd:incident:1"
    room.put(
        Incident(
            id=theirs,
            feed="partner_gd",
            origin="gd-cop",
            publisher="GD",
            incident_type="flooding",
            status="verified",
            verified=True,
            reported_at=NOON,
        )
    )
    with pytest.raises(NotPossible) as refused:
        merge(room, theirs, B, primary=theirs)
    assert code(refused) == "others-own"
    fusion = propose(room, theirs, B)
    act(room, "confirm", fusion)
    assert room.see(fusion, Fusion).primary == B
    assert room.see(B, Incident).status is S.REPORTED


def test_merge(room: Room) -> None:
    """What people reported is merged into the primary; a publisher's report stays as it is."""
    fusion = room.see(merge(room, A, B, FEED), Fusion)
    assert (fusion.status, fusion.primary) == (FusionStatus.CONFIRMED, A)
    assert fusion.members == (FEED, A, B)
    assert (fusion.decided_by, fusion.decided_at) == ("commander", NOON)
    assert statuses(room) == {A: "verified", B: "merged", C: "responding", FEED: "reported"}
    merged = room.see(B, Incident)
    assert (merged.merged_into, merged.steps[S.MERGED]) == (A, NOON)


def test_confirm(room: Room) -> None:
    """A confirmed proposal is a merge, under the primary that was proposed or another."""
    act(room, "confirm", propose(room, A, B))
    assert statuses(room)[B] == "merged"
    act(room, "confirm", propose(room, FEED, C, name="2"), primary=C)
    assert statuses(room) == {A: "verified", B: "merged", C: "responding", FEED: "reported"}


def test_confirm_leaves_out_what_has_ended(room: Room) -> None:
    """Reports that ended since the proposal was made do not come back; one alone is no fusion."""
    room.incident("d", status="closed")
    fusion = propose(room, "incident:d", A, B)
    act(room, "confirm", fusion)
    assert room.see(fusion, Fusion).members == (A, B)
    assert room.see(fusion, Fusion).primary == A
    with pytest.raises(NotPossible) as error:
        act(room, "confirm", propose(room, C, "incident:d", name="2"))
    assert code(error) == "nothing-left"


def test_confirming_twice_changes_nothing(room: Room) -> None:
    """Confirming what is confirmed is no deed; under another primary it is refused."""
    fusion = propose(room, A, B)
    act(room, "confirm", fusion)
    version = room.version(fusion)
    assert act(room, "confirm", fusion).journal == 0
    assert room.version(fusion) == version
    with pytest.raises(NotPossible) as error:
        act(room, "confirm", fusion, primary=B)
    assert code(error) == "not-proposed"


@pytest.mark.parametrize("confirmed", [True, False])
def test_split_gives_back(room: Room, confirmed: object) -> None:
    """After a split every report is as it was, and the pairs are remembered as apart."""
    before = {one: room.see(one, Incident) for one in (A, B, C)}
    fusion = propose(room, A, B, C)
    if confirmed:
        act(room, "confirm", fusion)
    act(room, "split", fusion)
    assert {one: room.see(one, Incident) for one in (A, B, C)} == before
    split = room.see(fusion, Fusion)
    assert split.status is FusionStatus.SPLIT
    assert set(split.apart) == set(split.members) == {A, B, C}
    with pytest.raises(NotPossible) as error:
        act(room, "split", fusion)
    assert code(error) == "split"


def test_split_one_of_three(room: Room) -> None:
    """One report is taken out; the others stay together, and stay merged."""
    fusion = merge(room, A, B, C)
    act(room, "split", fusion, reports=[C])
    assert statuses(room) == {A: "verified", B: "merged", C: "responding", FEED: "reported"}
    rest = room.see(fusion, Fusion)
    assert (rest.status, rest.members, rest.apart) == (FusionStatus.CONFIRMED, (A, B), (C,))


def test_split_one_after_the_other(room: Room) -> None:
    """What was taken out first stays apart from what is taken out later."""
    fusion = merge(room, A, B, C)
    act(room, "split", fusion, reports=[C])
    act(room, "split", fusion, reports=[B])
    records = room.store.by_kind(Kind.FUSION)
    apart = {
        frozenset((one, other))
        for found in (room.see(key, Fusion) for key in records)
        for one in found.apart
        for other in found.members
    }
    assert apart == {frozenset(pair) for pair in ((A, B), (A, C), (B, C))}


def test_split_the_primary(room: Room) -> None:
    """When the primary is taken out, the best of the rest takes its place."""
    fusion = merge(room, A, B, C)
    act(room, "split", fusion, reports=[A])
    rest = room.see(fusion, Fusion)
    assert (rest.members, rest.primary) == ((B, C), B)
    assert statuses(room)[B] == "reported"
    assert room.see(C, Incident).merged_into == B
    act(room, "split", fusion, reports=[B])
    assert statuses(room) == {A: "verified", B: "reported", C: "responding", FEED: "reported"}
    assert room.see(fusion, Fusion).status is FusionStatus.SPLIT


def test_a_status_that_was_gone_back_to(room: Room) -> None:
    """A report that was contained and then worked on again is given back as worked on."""
    room.do("POST /incidents/{id}/status", CHIEF, C, made_from=1, status="contained")
    room.clock.wait(60)
    room.do("POST /incidents/{id}/status", CHIEF, C, made_from=2, status="responding")
    room.clock.wait(60)
    fusion = merge(room, A, C)
    act(room, "split", fusion)
    given_back = room.see(C, Incident)
    assert given_back.status is S.RESPONDING
    assert given_back.merged_into is None
    assert S.MERGED not in given_back.steps


def test_merged_before_there_was_a_journal(room: Room) -> None:
    """Without a word in the journal the steps tell the status before."""
    room.incident(
        "old",
        status="merged",
        merged_into=A,
        steps={"reported": NOON, "verified": NOON.replace(hour=5), "merged": NOON.replace(hour=6)},
    )
    fusion = propose(room, A, "incident:old", status="confirmed")
    act(room, "split", fusion)
    assert room.see("incident:old", Incident).status is S.VERIFIED


def test_undo(room: Room) -> None:
    """A merge, a confirmation and a split can be taken back for a moment."""
    before = {one: room.see(one, Incident) for one in (A, B)}
    proposal = propose(room, A, B)
    stored = room.see(proposal, Fusion)
    done = act(room, "confirm", proposal)
    room.do("POST /undo", DUTY, journal=done.journal)
    assert {one: room.see(one, Incident) for one in (A, B)} == before
    assert room.see(proposal, Fusion) == stored
    done = act(room, "confirm", proposal)
    after = room.see(proposal, Fusion)
    done = act(room, "split", proposal)
    room.do("POST /undo", DUTY, journal=done.journal)
    assert (room.see(proposal, Fusion), statuses(room)[B]) == (after, "merged")


def test_a_later_proposal_to_a_confirmed_primary(room: Room) -> None:
    """A second fusion under the same primary is confirmed apart; splitting one leaves the other."""
    first = merge(room, A, B)
    second = propose(room, A, C)
    act(room, "confirm", second)
    assert (statuses(room)[B], statuses(room)[C]) == ("merged", "merged")
    act(room, "split", second)
    assert (statuses(room)[B], statuses(room)[C]) == ("merged", "responding")
    assert room.see(first, Fusion).status is FusionStatus.CONFIRMED


@pytest.mark.parametrize(("members", "primary"), [((A, C), C), ((FEED, C), C)])
def test_one_confirmed_fusion_for_a_report(
    room: Room, members: tuple[str, ...], primary: str
) -> None:
    """What is in a confirmed fusion is not merged elsewhere, but under the same primary."""
    merge(room, A, B, FEED)
    with pytest.raises(NotPossible) as error:
        merge(room, *members, primary=primary)
    assert code(error) == "already-merged"
    assert error.value.members["primary"] == A


def test_a_merge_takes_the_place_of_its_proposal(room: Room) -> None:
    """A proposal whose reports were all merged by hand is gone at once."""
    proposal = propose(room, A, B)
    merge(room, A, B, C)
    assert room.store.read([proposal]) == {}


@pytest.mark.parametrize(
    ("members", "primary", "wrong"),
    [
        ((A, A), A, "one-report"),
        ((A, B), C, "not-a-member"),
        ((A, "incident:shut"), A, "not-open"),
        ((A, "incident:whole"), A, "has-parts"),
    ],
)
def test_what_cannot_be_merged(
    room: Room, members: tuple[str, ...], primary: str, wrong: str
) -> None:
    """Refused with a reason: one report, a foreign primary, what has ended, what has parts."""
    room.incident("shut", status="closed")
    room.incident("whole")
    room.incident("part", parent="incident:whole")
    with pytest.raises(NotPossible) as error:
        merge(room, *members, primary=primary)
    assert code(error) == wrong


def test_unknown_reports(room: Room) -> None:
    """A report that is not on the picture, or not in the fusion, is told."""
    with pytest.raises(NotFound):
        merge(room, A, "incident:nowhere")
    with pytest.raises(NotPossible) as error:
        act(room, "split", propose(room, A, B), reports=[C])
    assert code(error) == "not-a-member"


def test_who_may(room: Room) -> None:
    """The desk fuses; a liaison, the field and everybody else do not."""
    proposal = propose(room, A, B)
    for asker in (DSD, who(Role.FIELD), who(Role.WARDEN), who(Role.VIEWER), who(Role.MACHINE)):
        with pytest.raises(NotPermitted):
            room.do("POST /fusions", asker, members=[A, B], primary=A)
        with pytest.raises(NotPermitted):
            room.do("POST /fusions/{id}/split", asker, proposal, made_from=1)


def test_an_old_version(room: Room) -> None:
    """Who confirms what has changed since they saw it is told so."""
    proposal = propose(room, A, B)
    room.put(room.see(proposal, Fusion).model_copy(update={"members": (A, B, C)}))
    with pytest.raises(Stale):
        room.do("POST /fusions/{id}/confirm", DUTY, proposal, made_from=1)


def test_the_same_request_again(room: Room) -> None:
    """A merge that is sent twice is one merge."""
    once = room.do("POST /fusions", CHIEF, key="k", members=[A, B], primary=A)
    again = room.do("POST /fusions", CHIEF, key="k", members=[A, B], primary=A)
    assert (again.repeated, again.id, again.version) == (True, once.id, once.version)
