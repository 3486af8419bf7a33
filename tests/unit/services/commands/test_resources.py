from __future__ import annotations

from datetime import timedelta

import pytest

from cop.errors import NotPermitted, NotPossible, Stale
from cop.model.geometry import point
from cop.model.kinds import Resource, ResourceStatus
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, TEAM, Room, who

HERE = {"type": "Point", "coordinates": [114.17, 22.32]}
THERE = {"type": "Point", "coordinates": [114.18, 22.33]}
MACHINE = who(Role.MACHINE, "DSD", "tracker")


@pytest.fixture
def room() -> Room:
    """Give a desk with one team."""
    room = Room()
    room.resource()
    return room


def test_a_new_resource_is_placed_and_can_be_sent() -> None:
    """A resource is of the liaison's own agency, available, and where it was put since now."""
    room = Room()
    made = room.do(
        "POST /resources",
        DSD,
        resource_type="vehicle",
        name="Pump lorry",
        skills=["pumping"],
        strength=3,
        geometry=HERE,
    )
    resource = room.see(made.id, Resource)
    assert made.id.startswith("resource:")
    assert (resource.agency, resource.publisher) == ("DSD", "DSD")
    assert resource.status is ResourceStatus.AVAILABLE
    assert resource.title == {"en": "Pump lorry"}
    assert (resource.position_at, resource.district) == (NOON, "YTM")


def test_nobody_adds_to_another_agency() -> None:
    """A liaison adds to the own agency alone, and moves nothing into another."""
    room = Room()
    with pytest.raises(NotPermitted):
        room.do("POST /resources", DSD, resource_type="team", name="x", agency="FSD")
    own = room.resource()
    with pytest.raises(NotPermitted):
        room.do("PATCH /resources/{id}", DSD, own, made_from=1, agency="FSD")
    with pytest.raises(NotPossible, match="agency"):
        room.do("POST /resources", CHIEF, resource_type="team", name="x")


def test_an_edit_keeps_what_it_does_not_say(room: Room) -> None:
    """A name in one language leaves the others; an unnamed field stays; null empties one."""
    target = "resource:pump-1"
    room.do(
        "PATCH /resources/{id}", DUTY, target, made_from=1, name="Pump 1", strength=4, leader="A"
    )
    room.do(
        "PATCH /resources/{id}",
        DUTY,
        target,
        made_from=2,
        name="泵隊一",
        lang="zh-Hant",
        leader=None,
    )
    resource = room.see(target, Resource)
    assert resource.title == {"en": "Pump 1", "zh-Hant": "泵隊一"}
    assert (resource.strength, resource.leader) == (4, None)
    with pytest.raises(Stale):
        room.do("PATCH /resources/{id}", DUTY, target, made_from=2, strength=5)


def test_reports_move_it_forward_in_time_only(room: Room) -> None:
    """A position older than the known one is left alone, and that is said."""
    target = "resource:pump-1"
    room.do("POST /resources/{id}/report", TEAM, target, geometry=HERE, precision_m=8)
    first = room.see(target, Resource)
    assert (first.geometry, first.position_at, first.precision_m) == (point(114.17, 22.32), NOON, 8)
    late = NOON - timedelta(minutes=1)
    told = room.do(
        "POST /resources/{id}/report", TEAM, target, geometry=THERE, at=late, status="resting"
    )
    assert [caution.code for caution in told.cautions] == ["older-position"]
    after = room.see(target, Resource)
    assert after.geometry == first.geometry
    assert after.status is ResourceStatus.RESTING


def test_a_clock_that_is_a_little_ahead_does_no_harm(room: Room) -> None:
    """Up to two minutes ahead count as now, so that the next report is not older; more is none."""
    target, ahead = "resource:pump-1", NOON + timedelta(minutes=2)
    room.do("POST /resources/{id}/report", TEAM, target, geometry=HERE, at=ahead)
    assert room.see(target, Resource).position_at == NOON
    with pytest.raises(NotPossible) as refused:
        room.do(
            "POST /resources/{id}/report",
            TEAM,
            target,
            at=ahead + timedelta(seconds=1),
            status="resting",
        )
    assert refused.value.code == "in-the-future"


@pytest.mark.parametrize(
    ("asker", "may"),
    [
        (TEAM, True),
        (MACHINE, True),
        (DSD, True),
        (DUTY, True),
        (who(Role.FIELD, "DSD", "others", ["resource:pump-2"]), False),
        (who(Role.MACHINE, "FSD", "stranger"), False),
        (who(Role.WARDEN, "DSD"), False),
        (who(Role.VIEWER), False),
    ],
)
def test_who_may_report(room: Room, asker: object, may: bool) -> None:
    """Its own people, its agency and machines of it, and the desk; nobody else moves a team."""
    try:
        room.do("POST /resources/{id}/report", asker, "resource:pump-1", geometry=HERE)  # type: ignore[arg-type]
    except NotPermitted:
        assert not may
    else:
        assert may


def test_assigned_follows_from_assignments(room: Room) -> None:
    """Nobody is assigned by saying so, and nobody with a task is available by saying so."""
    target = "resource:pump-1"
    with pytest.raises(NotPossible) as refused:
        room.do("POST /resources/{id}/report", TEAM, target, status="assigned")
    assert refused.value.code == "nothing-assigned"
    room.assign()
    told = room.do("POST /resources/{id}/report", TEAM, target, status="available")
    assert [caution.code for caution in told.cautions] == ["still-assigned"]
    assert room.see(target, Resource).status is ResourceStatus.ASSIGNED
    told = room.do("POST /resources/{id}/report", TEAM, target, status="out_of_service")
    assert [caution.code for caution in told.cautions] == ["still-assigned"]
    assert room.see(target, Resource).status is ResourceStatus.OUT_OF_SERVICE
