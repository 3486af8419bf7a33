"""Remarks and drawings: shared, for a while, by their authors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from cop.errors import Invalid, NotFound, NotPermitted, NotPossible
from cop.model.access import Audience, project
from cop.model.kinds import Note
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, TEAM, Room, who

PLACES: dict[str, Any] = {
    "point": {"type": "Point", "coordinates": [114.17, 22.3]},
    "text": {"type": "Point", "coordinates": [114.17, 22.3]},
    "line": {"type": "LineString", "coordinates": [[114.17, 22.3], [114.18, 22.3]]},
    "area": {
        "type": "Polygon",
        "coordinates": [[[114.17, 22.3], [114.18, 22.3], [114.18, 22.31], [114.17, 22.3]]],
    },
}


@pytest.fixture
def room() -> Room:
    """Give a desk with one incident."""
    room = Room()
    room.incident()
    return room


def draw(room: Room, asker: Any = DUTY, shape: str = "area", **fields: Any) -> Note:
    """Share a drawing and give it."""
    drawing = {"topic": "drawing", "shape": shape, "geometry": PLACES[shape], "words": "Cordon"}
    return room.see(room.do("POST /notes", asker, **{**drawing, **fields}).id, Note)


def remark(room: Room, asker: Any = TEAM, **fields: Any) -> Note:
    """Share a remark about the incident and give it."""
    said = {"topic": "remark", "words": "drain blocked", "about": "incident:flood"}
    return room.see(room.do("POST /notes", asker, **{**said, **fields}).id, Note)


@pytest.mark.parametrize("shape", list(PLACES))
def test_a_drawing_has_a_shape_and_an_end(room: Room, shape: str) -> None:
    """Each shape is placed as it must be, and leaves after a day if nobody says when."""
    note = draw(room, shape=shape)
    assert (note.shape, note.author) == (shape, DUTY.name)
    assert note.expires_at == room.clock.now() + timedelta(hours=24)
    assert note.placing == "given"
    later = room.clock.now() + timedelta(days=7)
    assert draw(room, shape=shape, expires_at=later).expires_at == later


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": 7 * 24 * 3600 + 1},
        {"expires_at": -1},
        {"expires_at": 0},
        {"geometry": PLACES["point"]},
        {"geometry": None},
        {"shape": None},
        {"shape": "text", "geometry": PLACES["text"], "words": ""},
    ],
)
def test_what_is_no_drawing_is_refused(room: Room, fields: dict[str, Any]) -> None:
    """An end more than a week away or in the past, and another shape than its place has."""
    if "expires_at" in fields:
        fields = {"expires_at": room.clock.now() + timedelta(seconds=fields["expires_at"])}
    with pytest.raises(Invalid):
        room.do(
            "POST /notes",
            DUTY,
            **{"topic": "drawing", "shape": "area", "geometry": PLACES["area"], **fields},
        )


def test_a_drawing_stays_one(room: Room) -> None:
    """A change that would leave no whole drawing is refused; its end can be moved, not taken."""
    note = draw(room)
    for fields in ({"shape": "line"}, {"geometry": None}, {"expires_at": None}):
        with pytest.raises(Invalid):
            room.do("PATCH /notes/{id}", DUTY, note.id, **fields)
    room.do("PATCH /notes/{id}", DUTY, note.id, shape="line", geometry=PLACES["line"])
    assert room.see(note.id, Note).shape == "line"


def test_a_remark_says_when_it_was_written(room: Room) -> None:
    """One that waited on a phone for a network keeps its time; one without a time is of now."""
    written = room.clock.now() - timedelta(minutes=20)
    assert remark(room, at=written).observed_at == written
    assert remark(room).observed_at == room.clock.now()


def test_a_remark_is_about_something(room: Room) -> None:
    """A remark stands in the history of what it is about, which must be there to be seen."""
    note = remark(room)
    assert (note.title, note.about, note.expires_at) == (
        {"en": "drain blocked"},
        "incident:flood",
        None,
    )
    assert len(room.store.journal_of("incident:flood")) == 1
    with pytest.raises(NotFound):
        remark(room, about="incident:none")
    with pytest.raises(ValidationError):
        remark(room, words=" ")
    with pytest.raises(Invalid):
        remark(room, shape="point")
    with pytest.raises(Invalid):
        room.do("PATCH /notes/{id}", TEAM, note.id, words="")


def test_a_remark_tells_nobody_what_they_may_not_see(room: Room) -> None:
    """What somebody may not see is, for a remark of theirs, not there."""
    from cop.model.kinds import Attention, Reason

    seen = Attention(
        id="attention:new-1",
        publisher="COP",
        reason=Reason.NEW,
        subject="incident:flood",
        rank=1,
        raised_at=room.clock.now(),
    )
    room.put(seen)
    remark(room, DUTY, about=seen.id)
    with pytest.raises(NotFound):
        remark(room, TEAM, about=seen.id)


def test_authors_keep_their_own_and_the_desk_keeps_all(room: Room) -> None:
    """The author and the desk change and remove; nobody else does."""
    theirs = remark(room)
    mine = draw(room, DSD)
    other = who(Role.LIAISON, "DSD", "other")
    for asker in (other, who(Role.FIELD, "DSD", "else"), who(Role.VIEWER)):
        for note in (theirs, mine):
            with pytest.raises(NotPermitted):
                room.do("PATCH /notes/{id}", asker, note.id, words="mine now")
            with pytest.raises(NotPermitted):
                room.do("DELETE /notes/{id}", asker, note.id)
    room.do("PATCH /notes/{id}", TEAM, theirs.id, words="cleared")
    room.do("PATCH /notes/{id}", CHIEF, theirs.id, words="已清理", lang="zh-Hant")
    assert room.see(theirs.id, Note).title == {"en": "cleared", "zh-Hant": "已清理"}
    room.do("DELETE /notes/{id}", DSD, mine.id)
    room.do("DELETE /notes/{id}", DUTY, theirs.id)
    assert room.store.read([mine.id, theirs.id]) == {}


def test_only_the_desk_and_liaison_draw(room: Room) -> None:
    """What everybody sees on the map is drawn by those who answer for it."""
    for role in (Role.FIELD, Role.WARDEN, Role.VIEWER, Role.MACHINE):
        with pytest.raises(NotPermitted):
            draw(room, who(role))


def test_a_publishers_note_is_its_own(room: Room) -> None:
    """Nobody changes or removes what a feed says."""
    room.put(Note(id="hko_forecast:1", feed="hko_forecast", publisher="HKO", topic="forecast"))
    with pytest.raises(NotPossible) as refused:
        room.do("DELETE /notes/{id}", CHIEF, "hko_forecast:1")
    assert refused.value.code == "publishers-own"


def test_no_note_of_people_is_public(room: Room) -> None:
    """Remarks and drawings are for those inside."""
    for note in (remark(room), draw(room)):
        entity = note.model_dump(mode="json")
        for audience in Audience:
            shown = project(entity, version=1, fetched_at="", audience=audience)
            assert (shown is None) == (audience is Audience.PUBLIC)
