"""What somebody may send to do harm, or by accident: refused, mended, and never dear."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from cop.errors import Invalid, NotPermitted
from cop.model.entity import Kind
from cop.model.kinds import Facility, Incident
from cop.model.record import Record
from cop.model.response import Methane
from cop.services import following
from cop.services.commands import context
from cop.services.commands.incident_bulk import ChangeStatuses
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, Room, who

END_OF_TIME = "9999-12-31T23:59:59-14:00"
BEGINNING_OF_TIME = "0001-01-01T00:00:00+14:00"


@pytest.fixture
def room() -> Room:
    """Give an empty desk."""
    return Room()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"words": "a\x00b\x1b[31m\u202ec\u2066d"}, {"title": {"en": "ab[31mcd"}}),
        ({"more": "one\r\n\ttwo 💧\u200f"}, {"description": {"en": "one\r\n\ttwo 💧\u200f"}}),
        ({"methane": {"hazards": "gas\x07"}}, {"methane": Methane(hazards="gas")}),
    ],
)
def test_what_nobody_sees_is_left_out(
    room: Room, said: dict[str, Any], kept: dict[str, Any]
) -> None:
    """No control character gets on the picture, nor one that shows other words than stand there."""
    made = room.do("POST /incidents", DUTY, incident_type="fire", **said).id
    incident = room.see(made, Incident)
    assert {name: getattr(incident, name) for name in kept} == kept


def test_numbers_that_nothing_can_hold_are_refused(room: Room) -> None:
    """They are refused before anything is done, as what is wrong with what was sent."""
    with pytest.raises(ValidationError):
        room.do("POST /incidents", DUTY, incident_type="fire", casualties={"dead": 10**30})
    with pytest.raises(ValidationError):
        ChangeStatuses.model_validate(
            {"items": [{"id": "incident:1", "version": 10**30}], "status": "closed"}
        )


@pytest.mark.parametrize("moment", [END_OF_TIME, BEGINNING_OF_TIME])
def test_moments_that_no_clock_can_show_are_refused(room: Room, moment: str) -> None:
    """The first and last hours that can be written are none in UTC."""
    need = {"subject": room.incident(), "item": "pump", "quantity": 1, "needed_by": moment}
    with pytest.raises(Invalid):
        room.do("POST /needs", DUTY, **need)
    with pytest.raises(Invalid):
        room.do("POST /notes", DUTY, topic="remark", words="so", expires_at=moment)
    with pytest.raises(ValidationError):
        room.do("POST /facilities/{id}/entries", DUTY, "facility:1", change=1, at=moment)


def test_nobody_stands_for_another_agencys_facility(room: Room) -> None:
    """Else whoever is first keeps the one counter of a place that is not theirs."""
    listed = {"feed": "had_shelters", "facility_type": "shelter", "status": "open"}
    room.put(Facility(id="had_shelters:1", publisher="HAD", **listed))
    room.put(Facility(id="facility:1", publisher="DSD", **(listed | {"feed": None})))
    with pytest.raises(NotPermitted):
        room.do("POST /facilities", DSD, stands_for="had_shelters:1")
    with pytest.raises(NotPermitted):
        room.do("PATCH /facilities/{id}", DSD, "facility:1", stands_for="had_shelters:1")
    made = room.do("POST /facilities", who(Role.LIAISON, "HAD", "had"), stands_for="had_shelters:1")
    assert room.see(made.id, Facility).publisher == "HAD"


def test_what_all_others_say_is_read_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of incidents do not make a deed dear: one reading, and few are decoded."""
    others = [room.incident(f"other-{number}") for number in range(50)]
    flood = room.incident(status="contained")
    room.incident("part", parent=flood)
    decoded: list[bytes] = []
    read = Counter[Kind]()
    decode, by_kind = context.decode, room.store.by_kind

    def counting_decode(body: bytes) -> Any:
        decoded.append(body)
        return decode(body)

    def counting_read(kind: Kind) -> dict[str, Record]:
        read[kind] += 1
        return by_kind(kind)

    for module in (context, following):
        monkeypatch.setattr(module, "decode", counting_decode)
    monkeypatch.setattr(room.store, "by_kind", counting_read)
    closed = room.do("POST /incidents/{id}/status", CHIEF, flood, status="closed")
    assert [one.code for one in closed.cautions] == ["parts-open"]
    assert len(decoded) == 2
    read.clear()
    room.do("POST /fusions", CHIEF, members=others[:20], primary=others[0])
    assert read[Kind.INCIDENT] == 1
