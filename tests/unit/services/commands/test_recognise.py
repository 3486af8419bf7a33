"""From an alarm to an incident: what the report says, and that nothing is reported twice."""

from __future__ import annotations

from typing import Any

import pytest

from cop.errors import NotFound, NotPossible
from cop.model.desk import Attention, Reason
from cop.model.entity import Placing, Severity
from cop.model.geometry import polygon
from cop.model.kinds import Incident, IncidentStatus
from cop.model.text import LANGS
from cop.services.policy import Identity, Role
from cop.services.watch.keeper import item_id
from tests.unit.services.commands.acting import CHIEF, DUTY, NOON, Room, who
from tests.unit.services.watch.making import a_zone, an_alarm

WEST, SOUTH = 114.1722, 22.2932
SQUARE = polygon(
    [(WEST, SOUTH), (WEST + 4e-4, SOUTH), (WEST + 4e-4, SOUTH + 4e-4), (WEST, SOUTH + 4e-4)]
)
SEEN = "vision:pier.steps"


@pytest.fixture
def room() -> Room:
    """Give a desk in whose picture a crowd on some steps has stopped."""
    room = Room()
    alarms = (an_alarm("dense"), an_alarm("stopped", severity="Extreme"))
    room.put(a_zone(*alarms, geometry=SQUARE, observed_at=NOON))
    return room


def item(room: Room, reason: Reason = Reason.CROWDED, **fields: Any) -> str:
    """Put a thing to look at about the zone into the queue."""
    one = Attention(
        id=item_id(reason, SEEN),
        publisher="COP",
        reason=reason,
        subject=SEEN,
        rank=1,
        raised_at=NOON,
        **fields,
    )
    room.put(one)
    return one.id


def make(room: Room, asker: Identity = DUTY, kind: str = "crowd", **said: Any) -> Incident:
    """Make an incident of what was seen."""
    made = room.do("POST /incidents", asker, incident_type=kind, seen=SEEN, **said)
    return room.see(made.id, Incident)


def test_it_says_what_was_seen(room: Room) -> None:
    """Place, words in every language, numbers, as bad as the worst alarm; reported, unverified."""
    made = make(room)
    assert (made.status, made.verified, made.reported_by) == ("reported", False, "camera")
    assert (made.severity, made.camera, made.author) == (
        Severity.EXTREME,
        "camera:pier",
        "duty_officer",
    )
    assert made.title["en"] == "Crowd stands still: Steps · Pier"
    assert made.description["en"] == (
        "4.3 people per m² (level F), 312 ± 25 people, standing still. Counted by camera at 12:00."
    )
    assert set(made.title) == set(made.description) == set(LANGS)
    assert made.geometry is not None
    assert made.geometry.coordinates == (114.1724, 22.2934)
    assert (made.district, made.placing) == ("YTM", Placing.GIVEN)
    assert made.precision_m == 31


def test_what_is_said_goes_first(room: Room) -> None:
    """Whoever reports may know better; the other languages stay as they are."""
    made = make(room, words="Barrier down", severity="Minor", reported_by="phone")
    assert (made.title, made.severity, made.reported_by) == (
        {"en": "Barrier down"},
        Severity.MINOR,
        "phone",
    )


def test_a_zone_without_a_place_makes_an_incident_without_one() -> None:
    """The words have to do."""
    room = Room()
    room.put(a_zone(an_alarm(), observed_at=None))
    made = make(room)
    assert (made.geometry, made.district, made.placing) == (None, None, Placing.UNPLACED)
    assert "Counted" not in made.description["en"]
    with pytest.raises(NotPossible):
        make(room)


def test_it_is_made_once(room: Room) -> None:
    """An open one of the same camera, place and type is named instead; a closed one is past."""
    first = make(room)
    with pytest.raises(NotPossible) as refused:
        make(room, CHIEF)
    assert refused.value.code == "reported-already"
    assert refused.value.members == {"into": first.id}
    assert make(room, kind="fire").id != first.id
    room.put(first.model_copy(update={"status": IncidentStatus.CLOSED}))
    assert make(room).id != first.id


def test_another_place_of_the_same_camera_is_another_thing(room: Room) -> None:
    """A camera may look at two ends of a pier."""
    first = make(room)
    assert first.geometry is not None
    lon, lat = first.geometry.coordinates
    far = {"type": "Point", "coordinates": (lon + 0.0025, lat)}
    room.put(Incident.model_validate({**dict(first), "geometry": far}))
    assert make(room).id != first.id


def test_whoever_makes_it_looks_after_the_items(room: Room) -> None:
    """All that nobody has taken; what somebody has, or is over, is left alone."""
    crowded = item(room, snoozed_until=NOON)
    stopped = item(room, Reason.STANDSTILL, taken_by="lee", taken_at=NOON)
    over = item(room, Reason.COUNTER_FLOW, cleared_at=NOON)
    make(room)
    taken = room.see(crowded, Attention)
    assert (taken.taken_by, taken.taken_at, taken.snoozed_until) == ("duty_officer", NOON, None)
    assert room.see(stopped, Attention).taken_by == "lee"
    assert room.see(over, Attention).taken_by is None


def test_whoever_may_not_attend_takes_nothing(room: Room) -> None:
    """A team may report what it sees on the picture; the queue is the desk's."""
    crowded = item(room)
    make(room, who(Role.FIELD, "DSD", "wong"))
    assert room.see(crowded, Attention).taken_by is None


def test_only_an_alarm_makes_an_incident() -> None:
    """What is calm, is a publisher's, or is not there, is reported by hand."""
    room = Room()
    with pytest.raises(NotFound):
        make(room)
    for zone in (a_zone(), a_zone(an_alarm(), feed="hko_current")):
        room.put(zone)
        with pytest.raises(NotPossible) as refused:
            make(room)
        assert refused.value.code == "nothing-seen"
