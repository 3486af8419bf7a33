"""What a duty says of needs, and of a facility that is kept in place of its publisher's."""

from __future__ import annotations

from cop.model.kinds import Facility, Need
from cop.services.policy import Role
from tests.unit.services.commands.acting import NOON, TEAM, who
from tests.unit.services.test_duty import Following, following, ids

__all__ = ["following"]


def need(name: str, subject: str, *, fulfilled: int = 0) -> Need:
    """Make a need of ten pumps."""
    return Need(
        id=f"need:{name}",
        publisher="DSD",
        subject=subject,
        item="pump",
        quantity=10,
        fulfilled=fulfilled,
        asked_at=NOON,
    )


def test_needs_of_ones_own_alone(following: Following) -> None:
    """Those of own facilities and of the incidents of own tasks; a change is another duty."""
    room = following.room
    incident = room.incident()
    room.assign(incident=incident)
    room.put(need("task", incident), need("aid", "facility:aid"), need("no", "incident:x"))
    warden = who(Role.WARDEN, "AMS", "nurse", ["facility:aid"])
    assert ids(following.of(TEAM)["needs"]) == ["need:task"]
    before = following.find(warden)
    assert ids(before.body()["needs"]) == ["need:aid"]
    room.put(need("aid", "facility:aid", fulfilled=3))
    after = following.find(warden)
    assert after.body()["needs"][0]["properties"]["fulfilled"] == 3
    assert after.etag != before.etag


def test_a_kept_facility_stands_in_for_its_publishers(following: Following) -> None:
    """Whoever is named for a publisher's facility has the one that is kept in its place."""
    room = following.room
    warden = who(Role.WARDEN, "HAD", "yip", ["had_shelters:1"])
    room.put(
        Facility(id="had_shelters:1", publisher="HAD", feed="had_shelters", facility_type="shelter")
    )
    assert ids(following.of(warden)["facilities"]) == ["had_shelters:1"]
    kept = Facility(
        id="facility:kept", publisher="HAD", facility_type="shelter", stands_for="had_shelters:1"
    )
    room.put(kept)
    assert ids(following.of(warden)["facilities"]) == ["facility:kept"]
