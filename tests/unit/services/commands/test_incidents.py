"""The life of an incident: who may take it where, and what is said of it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from cop.errors import NotFound, NotPermitted, NotPossible
from cop.model.entity import Kind
from cop.model.geometry import point
from cop.model.journal import Deed
from cop.model.kinds import Fusion, Incident, IncidentStatus
from cop.services.policy import Identity, Role
from tests.unit.services.commands.acting import CHIEF, DUTY, Room, who

AT = {"type": "Point", "coordinates": [114.1722, 22.3046]}

WAYS = {
    ("reported", "verified"),
    ("reported", "rejected"),
    ("verified", "responding"),
    ("verified", "closed"),
    ("verified", "rejected"),
    ("responding", "contained"),
    ("responding", "closed"),
    ("contained", "responding"),
    ("contained", "closed"),
    ("closed", "responding"),
    ("rejected", "reported"),
}
"""Every step that there is."""

DESK = {Role.COMMANDER, Role.DUTY_OFFICER}
ALSO = {("verified", "responding"), ("responding", "contained"), ("contained", "responding")}
"""What whoever works on it may say as well."""


@pytest.fixture
def room() -> Room:
    """Give an empty desk."""
    return Room()


def may(role: Role, before: str, after: str) -> bool:
    """Tell, in the words of the policy, whether *role* may take an incident of DSD's there."""
    if role in DESK or role is Role.LIAISON:
        return True
    if role is Role.FIELD and after in {"responding", "contained"}:
        return before not in {"closed", "rejected"}
    return False


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("before", "after"), list(product(IncidentStatus, IncidentStatus)))
def test_every_step_for_every_role(role: Role, before: str, after: str) -> None:
    """A step is taken exactly where there is one, by exactly those who may take it."""
    room = Room()
    room.resource()
    flood = room.incident(lead_agency="DSD", status="responding")
    room.assign(incident=flood)
    stored = room.see(flood, Incident)
    moved = Incident.model_validate({**dict(stored), "status": before})
    if moved != stored:
        room.put(moved)
    asker = who(role, "DSD", own=["resource:pump-1"])
    said = {"target": flood, "status": after, "reason": "because"}
    if not may(role, before, after):
        with pytest.raises(NotPermitted):
            room.do("POST /incidents/{id}/status", asker, **said)
    elif before != after and (before, after) not in WAYS:
        with pytest.raises(NotPossible) as refused:
            room.do("POST /incidents/{id}/status", asker, **said)
        assert refused.value.code == "not-next"
    else:
        room.do("POST /incidents/{id}/status", asker, **said)
    taken = may(role, before, after) and (before, after) in WAYS
    assert room.see(flood, Incident).status == (after if taken else before)


def step(room: Room, incident: str, asker: Identity = CHIEF, **said: Any) -> Incident:
    """Take a step and give the incident."""
    room.do("POST /incidents/{id}/status", asker, incident, **said)
    return room.see(incident, Incident)


def report(room: Room, asker: Identity = CHIEF, **said: Any) -> Incident:
    """Report an incident and give it."""
    made = room.do("POST /incidents", asker, **{"incident_type": "flooding", **said})
    return room.see(made.id, Incident)


def test_a_report_says_who_what_where(room: Room) -> None:
    """A report is unverified, numbered, placed, and its author's; times are the operation's."""
    flood = report(room, who(Role.FIELD, "DSD", "wong"), words=" Knee-deep ", geometry=AT)
    assert (flood.status, flood.verified, flood.number) == ("reported", False, "I-1")
    assert (flood.author, flood.publisher) == ("wong", "DSD")
    assert flood.title == {"en": "Knee-deep"}
    assert (flood.district, flood.placing) == ("YTM", "given")
    assert flood.reported_at == flood.steps[IncidentStatus.REPORTED] == room.clock.now()
    assert report(room).number == "I-2"


def test_steps_keep_their_times(room: Room) -> None:
    """It is known when it first came to each status, and when it last ended."""
    flood = report(room).id
    times = {"reported": room.clock.now()}
    for status in ("verified", "responding", "closed", "responding", "closed"):
        room.clock.wait(60)
        if status != "responding" or "responding" not in times:
            times[status] = room.clock.now()
        last = step(room, flood, status=status, reason="so")
    assert last.steps == times
    assert last.verified


@pytest.mark.parametrize("status", ["closed", "rejected"])
def test_ends_are_undone_with_a_reason(room: Room, status: str) -> None:
    """Rejecting, and opening again, need a reason, which stays with the incident."""
    flood = room.incident(status="verified")
    if status == "rejected":
        with pytest.raises(NotPossible, match="say why"):
            step(room, flood, status=status)
    step(room, flood, status=status, reason="a burst pipe")
    again = "responding" if status == "closed" else "reported"
    with pytest.raises(NotPossible) as refused:
        step(room, flood, status=again)
    assert refused.value.code == "reason-missing"
    assert step(room, flood, status=again, reason="it is back").reason == "it is back"


def test_confidence_can_be_said_later(room: Room) -> None:
    """The same status with another confidence changes the confidence alone."""
    flood = room.incident(status="verified")
    assert step(room, flood, status="verified", confidence="low").confidence == "low"
    assert step(room, flood, status="responding").confidence == "low"


def test_what_changes_nothing_leaves_no_trace(room: Room) -> None:
    """Saying what is so already is no deed, and no version, with a major incident as well."""
    major = report(room).id
    part = report(room, parent=major).id
    head, version = room.store.journal_head(), room.version(part)
    outcome = room.do("PATCH /incidents/{id}", CHIEF, part, severity="Unknown", parent=major)
    assert (room.store.journal_head(), room.version(part)) == (head, version)
    assert (outcome.version, outcome.journal, outcome.undo_until) == (version, 0, None)


def test_an_edit_says_only_what_it_says(room: Room) -> None:
    """Other fields and other languages stay; an empty text takes its language away."""
    flood = report(room, words="Knee-deep", more="two buses", severity="Severe").id
    room.do("PATCH /incidents/{id}", CHIEF, flood, words="水深及膝", lang="zh-Hant")
    stored = room.see(flood, Incident)
    assert stored.title == {"en": "Knee-deep", "zh-Hant": "水深及膝"}
    assert (stored.severity, stored.description) == ("Severe", {"en": "two buses"})
    room.do("PATCH /incidents/{id}", CHIEF, flood, words="", severity=None)
    assert room.see(flood, Incident).title == {"zh-Hant": "水深及膝"}


def test_a_new_place_is_as_exact_as_it_says(room: Room) -> None:
    """How exact the old place was, and its camera, say nothing of the new one."""
    said = {"geometry": AT, "precision_m": 1000, "camera": "td_cameras:x", "placing": "road"}
    flood = report(room, **said).id
    room.do("PATCH /incidents/{id}", CHIEF, flood, geometry=AT)
    stored = room.see(flood, Incident)
    assert (stored.precision_m, stored.camera, stored.placing) == (None, None, "given")
    room.do("PATCH /incidents/{id}", CHIEF, flood, geometry=None)
    stored = room.see(flood, Incident)
    assert (stored.geometry, stored.district, stored.placing) == (None, None, "unplaced")


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[114, 22], [114.1, 22], [114.1, 22.1], [114, 22.1]]]},
        {"type": "MultiPoint", "coordinates": []},
        {"type": "MultiPoint", "coordinates": [[114, 22]] * 5001},
        {
            "type": "Polygon",
            "coordinates": [[[114, 22], [114.1, 22.1], [114.1, 22], [114, 22.1], [114, 22]]],
        },
    ],
)
def test_a_shape_that_cannot_be_reckoned_with_is_refused(room: Room, geometry: Any) -> None:
    """An open ring, an empty or endless geometry and crossing edges never reach the picture."""
    with pytest.raises(ValueError, match="geometry"):
        report(room, geometry=geometry)


def test_parts_of_a_major_incident(room: Room) -> None:
    """A part has one major incident, which is open, kept by people, and no part itself."""
    major, other = report(room).id, report(room).id
    part = report(room, parent=major).id
    feeds = room.incident("x", feed="td_traffic_news")
    closed = room.incident("over", status="closed")
    for incident, parent, code in (
        (part, part, "not-a-parent"),
        (other, part, "not-a-parent"),
        (major, other, "has-parts"),
        (other, feeds, "publishers-own"),
        (other, closed, "not-a-parent"),
    ):
        with pytest.raises(NotPossible) as refused:
            room.do("PATCH /incidents/{id}", CHIEF, incident, parent=parent)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        report(room, parent="incident:none")
    room.do("PATCH /incidents/{id}", CHIEF, part, parent=None)
    assert room.see(part, Incident).parent is None
    numbers = [link.number for link in room.store.journal_of(major)]
    assert len(numbers) == 3, "what joins and leaves is in the history of the major incident"


def test_closing_over_open_parts_is_said(room: Room) -> None:
    """A major incident can be closed while parts are open: that is told, also to a retry."""
    major = room.incident("major", status="responding")
    report(room, parent=major)
    said: dict[str, Any] = {"target": major, "status": "closed"}
    first = room.do("POST /incidents/{id}/status", CHIEF, key="k", **said)
    assert [caution.code for caution in first.cautions] == ["parts-open"]
    assert "I-1" in first.cautions[0].detail
    again = room.do("POST /incidents/{id}/status", CHIEF, key="k", **said)
    assert again.repeated
    assert (again.cautions, again.undo_until) == (first.cautions, first.undo_until)


def test_what_is_merged_is_not_changed(room: Room) -> None:
    """A report that is merged into another points there."""
    merged = room.incident(status="merged", merged_into="incident:other")
    with pytest.raises(NotPossible) as refused:
        room.do("PATCH /incidents/{id}", CHIEF, merged, words="more")
    assert refused.value.members == {"into": "incident:other"}


def test_a_publishers_report_is_its_own(room: Room) -> None:
    """Nobody changes what a publisher says; their own report can be the same thing."""
    feeds = room.incident("tree", feed="td_traffic_news", geometry=point(114.17, 22.3))
    said: dict[str, dict[str, Any]] = {"": {"words": "more"}, "/status": {"status": "closed"}}
    for end, body in said.items():
        what = "POST" if end else "PATCH"
        with pytest.raises(NotPossible) as refused:
            room.do(f"{what} /incidents/{{id}}{end}", CHIEF, feeds, **body)
        assert refused.value.code == "publishers-own"


def fusions(room: Room) -> list[Fusion]:
    """Give every fusion."""
    return [room.see(key, Fusion) for key in room.store.by_kind(Kind.FUSION)]


def test_the_same_as_a_publishers_report_is_one_thing(room: Room) -> None:
    """Whoever may fuse makes two reports one by reporting; the journal tells both histories."""
    feeds = room.incident("tree", feed="td_traffic_news")
    mine = report(room, DUTY, same_as=feeds)
    (fusion,) = fusions(room)
    assert (fusion.status, fusion.primary) == ("confirmed", mine.id)
    assert set(fusion.members) == {feeds, mine.id}
    assert fusion.decided_by == DUTY.name
    assert len(room.store.journal_of(feeds)) == 1


@pytest.mark.parametrize("role", [Role.FIELD, Role.LIAISON, Role.WARDEN, Role.MACHINE])
def test_who_may_not_fuse_only_proposes(room: Room, role: Role) -> None:
    """Reporting is no way around the right to fuse."""
    feeds = room.incident("tree", feed="td_traffic_news")
    mine = report(room, who(role, "DSD"), same_as=feeds)
    (fusion,) = fusions(room)
    assert (fusion.status, fusion.primary, fusion.decided_by) == ("proposed", feeds, None)
    assert mine.id in fusion.members


def test_the_same_as_peoples_own_is_for_the_desk(room: Room) -> None:
    """What people already work on is never swallowed by a new report."""
    theirs = room.incident("theirs")
    report(room, DUTY, same_as=theirs)
    (fusion,) = fusions(room)
    assert (fusion.status, fusion.primary) == ("proposed", theirs)


def test_a_proposal_takes_up_another_report(room: Room) -> None:
    """A report is in one fusion: a proposal that knows its twin grows."""
    feeds = room.incident("tree", feed="td_traffic_news")
    other = room.incident("branch", feed="wsd_suspensions")
    known = {"status": "proposed", "members": (feeds, other), "primary": other}
    room.put(Fusion(id="fusion:1", publisher="COP", **known))
    mine = report(room, DUTY, same_as=feeds)
    (fusion,) = fusions(room)
    assert len(fusion.members) == 3
    assert (fusion.status, fusion.primary) == ("confirmed", mine.id)


def test_what_is_proposed_with_peoples_own_stays_for_the_desk(room: Room) -> None:
    """A team's report that a proposal holds is not made one with another behind its back.

    Confirming would have to merge it: until then no fusion is confirmed in which it is still open.
    """
    feeds = room.incident("tree", feed="td_traffic_news")
    theirs = report(room, who(Role.FIELD), same_as=feeds)
    report(room, DUTY, same_as=feeds)
    (fusion,) = fusions(room)
    assert len(fusion.members) == 3
    assert (fusion.status, fusion.primary, fusion.decided_by) == ("proposed", feeds, None)
    confirm: dict[str, Any] = {"primary": theirs.id, "made_from": room.version(fusion.id)}
    room.do("POST /fusions/{id}/confirm", DUTY, fusion.id, **confirm)
    statuses = [room.see(one, Incident).status for one in sorted(fusions(room)[0].members)]
    assert sorted(statuses) == ["merged", "reported", "responding"]


def test_the_journal_says_what_became_of_it(room: Room) -> None:
    """An entry has who, when, from where, why, and before and after of what differs."""
    flood = room.incident(status="verified")
    room.do("POST /incidents/{id}/status", DUTY, flood, status="rejected", reason="a drill")
    number, _ = room.store.journal_head()
    deed = Deed.decode(room.store.journal([number])[0].body)
    assert (deed.who.name, deed.who.role) == (DUTY.name, "duty_officer")
    assert (deed.action, deed.id, deed.reason) == ("verify_incident", flood, "a drill")
    (change,) = deed.changes
    assert change.before == {"status": "verified"}
    assert change.after["status"] == "rejected"
    assert change.after["reason"] == "a drill"
