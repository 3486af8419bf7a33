"""The situation report: what follows from the journal, at any time that is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cop.config import Settings
from cop.errors import Invalid
from cop.formats.edxl.sitrep import Casualties, Resources, Situation
from cop.model.access import Audience
from cop.model.entity import Entity, Kind
from cop.model.facility import Facility
from cop.model.journal import Change, difference
from cop.model.kinds import Incident, Need, Resource
from cop.model.record import Record, Snapshot
from cop.model.response import Assignment
from cop.services.exchange.edxl import Reader, have, resource_message
from cop.services.exchange.situation import Part, situation_report
from cop.services.picture import Picture
from cop.store.memory import MemoryStore
from tests.deeds import BEGIN, a_deed, write_deeds

LATE = BEGIN + timedelta(days=1)


class Book:
    """A journal that is written by saying how things became."""

    def __init__(self) -> None:
        """Begin with an empty one."""
        self.store = MemoryStore()
        self._known: dict[str, dict[str, Any]] = {}
        self._number = 0

    def say(self, minute: int, action: str, entity: Entity | None, gone: str = "") -> None:
        """Write that *entity* became so, *minute* minutes after the beginning."""
        self._number += 1
        key = gone or (entity.id if entity else "")
        before = self._known.get(key)
        after = None if entity is None else entity.model_dump(mode="json", exclude_defaults=True)
        if after is not None and entity is not None:
            after |= {"kind": entity.kind.value}
        was, became = difference(before, after)
        if after is None:
            self._known.pop(key, None)
        else:
            self._known[key] = after
        kind = Kind.INCIDENT if entity is None else entity.kind
        change = Change(
            id=key, kind=kind, version=None if after is None else 1, before=was, after=became
        )
        at = BEGIN + timedelta(minutes=minute)
        deed = a_deed(self._number, at=at, wall_at=at, action=action, id=key, changes=(change,))
        write_deeds(self.store, deed)


def incident(number: int, **changes: Any) -> Incident:
    """Make an incident; keywords override its fields."""
    fields: dict[str, Any] = {
        "id": f"incident:{number}",
        "publisher": "DSD",
        "title": {"en": f"Flooding {number}"},
        "incident_type": "flooding",
        "status": "reported",
        "severity": "Moderate",
        "reported_at": BEGIN,
    }
    return Incident.model_validate(fields | changes)


def need(**changes: Any) -> Need:
    """Make a need; keywords override its fields."""
    fields: dict[str, Any] = {
        "id": "need:1",
        "publisher": "DSD",
        "subject": "incident:1",
        "item": "pump",
        "quantity": 5,
        "asked_at": BEGIN,
    }
    return Need.model_validate(fields | changes)


def task(status: str) -> Assignment:
    """Make a task at *status*."""
    return Assignment.model_validate(
        {
            "id": "assignment:1",
            "publisher": "DSD",
            "resource": "resource:1",
            "duty": {"en": "pump"},
            "status": status,
        }
    )


def reader(tmp_path: Path, *entities: Entity, operation: str = "live") -> Reader:
    """Give a commander who sees *entities*."""
    records = {one.id: Record(one.id, one.kind, 1, 0, one.encode()) for one in entities}
    settings = Settings(
        data_dir=tmp_path, operation=operation, organisation="SB", lei="00EXAMPLE00000000159"
    )
    picture = Picture(Snapshot("1-0", "e", records))
    return Reader(picture, Audience.COMMAND, settings, "en", LATE)


def at(minute: int) -> datetime:
    """Give a moment."""
    return BEGIN + timedelta(minutes=minute)


def body(book: Book, tmp_path: Path, part: Part, since: int, until: int, *known: Entity) -> Any:
    """Give what a report on some minutes says."""
    made = situation_report(book.store, reader(tmp_path, *known), at(since), at(until), part)
    return made.body


def test_the_situation_is_that_of_the_time_asked_for(tmp_path: Path) -> None:
    """A report on the past knows nothing of what came after it."""
    book = Book()
    book.say(1, "report_incident", incident(1))
    book.say(2, "report_incident", incident(2, severity="Severe", reported_at=at(2)))
    book.say(10, "close_incident", incident(1, status="closed"))
    early = body(book, tmp_path, "situation", 0, 5)
    assert isinstance(early, Situation)
    assert [line.id for line in early.incidents] == ["incident:2", "incident:1"]
    assert "2 reported" in early.whole.words
    late = body(book, tmp_path, "situation", 9, 20)
    assert "1 closed, 1 reported" in late.whole.words
    assert "close_incident 1" in late.whole.words
    assert "report_incident" not in late.whole.words
    assert "Reported in this time: 0" in late.whole.words


def test_what_publishers_report_is_filled_in_from_the_picture(tmp_path: Path) -> None:
    """Of a publisher's incident the journal has what people changed; the rest is as it is."""
    book = Book()
    name = {"id": "td_news:IN-26-1", "feed": "td_news"}
    theirs = incident(1, **name).model_dump(mode="json", exclude_defaults=True)
    book._known[name["id"]] = theirs | {"kind": "incident"}
    book.say(1, "verify_incident", incident(1, status="verified", **name))
    now = incident(1, status="closed", **name)
    [line] = body(book, tmp_path, "situation", 0, 5, now).incidents
    assert line.id == name["id"]
    assert line.name == "Flooding 1"
    assert "status: verified" in line.words


def test_needs_and_people_at_work_are_counted(tmp_path: Path) -> None:
    """What was asked for, came and lacks; a cancelled need and a proposal count for nothing."""
    book = Book()
    team = Resource.model_validate(
        {
            "id": "resource:1",
            "publisher": "DSD",
            "resource_type": "team",
            "agency": "DSD",
            "status": "assigned",
            "strength": 7,
        }
    )
    book.say(1, "ask_need", need())
    book.say(2, "ask_need", need(id="need:2", item="bus", quantity=2))
    book.say(3, "meet_need", need(fulfilled=3, status="part"))
    book.say(4, "ask_need", need(id="need:2", item="bus", quantity=2, status="cancelled"))
    book.say(5, "assign", task("proposed"))
    before = body(book, tmp_path, "resources", 0, 5, team)
    assert before == Resources(
        requested=5, committed=3, needed=2, on_hand=0, people=0, details=(("pump", 5, 3),)
    )
    book.say(6, "assign", task("assigned"))
    after = body(book, tmp_path, "resources", 0, 7, team)
    assert (after.on_hand, after.people) == (1, 7)
    book.say(8, "meet_need", need())
    assert body(book, tmp_path, "resources", 0, 9, team).committed == 0


def test_casualties_of_a_time_and_altogether(tmp_path: Path) -> None:
    """People are counted as of the end, and what is new in the time; unknown is no zero."""
    book = Book()
    book.say(1, "report_incident", incident(1, casualties={"trapped": 3}))
    book.say(2, "report_incident", incident(2, casualties={"serious": 1, "minor": 2}))
    book.say(10, "edit_incident", incident(1, casualties={"trapped": 1, "dead": 1}))
    book.say(11, "fuse", incident(2, status="merged", casualties={"serious": 1, "minor": 2}))
    early = body(book, tmp_path, "casualties", 0, 5)
    assert early == Casualties(
        period={"injured": 3, "trapped": 3}, total={"injured": 3, "trapped": 3}
    )
    late = body(book, tmp_path, "casualties", 5, 10)
    assert late.period == {"dead": 1, "injured": 0, "trapped": -2}
    assert "missing" not in late.total
    assert "injured" not in body(book, tmp_path, "casualties", 5, 20).total


def test_what_left_the_picture_is_no_longer_counted(tmp_path: Path) -> None:
    """A removal takes an incident out of the report."""
    book = Book()
    book.say(1, "report_incident", incident(1))
    book.say(2, "undo", None, gone="incident:1")
    assert body(book, tmp_path, "situation", 0, 5).incidents == ()


def test_the_head_says_whose_report_it_is(tmp_path: Path) -> None:
    """An office with its LEI stands for it, never a person; an exercise says that it is one."""
    book = Book()
    book.say(1, "report_incident", incident(1, severity="Extreme"))
    made = situation_report(book.store, reader(tmp_path), at(0), at(5), "situation")
    assert made.by == "Duty officer, Security Bureau, LEI 00EXAMPLE00000000159"
    assert (made.severity, made.incidents, made.number) == ("Extreme", ("incident:1",), 1)
    drill = reader(tmp_path, operation="exercise-black")
    assert situation_report(book.store, drill, at(0), at(5), "casualties").title.startswith(
        "EXERCISE"
    )


@pytest.mark.parametrize("operation", ["live", "exercise-black"])
def test_what_goes_out_without_an_envelope_says_that_it_is_an_exercise(
    tmp_path: Path, operation: str
) -> None:
    """Needs, tasks and facilities of an exercise say so in their own words; real ones do not."""
    hospital = Facility.model_validate(
        {
            "id": "facility:1",
            "publisher": "HA",
            "facility_type": "hospital",
            "geometry": {"type": "Point", "coordinates": (114.17, 22.31)},
        }
    )
    drill = reader(tmp_path, need(), task("assigned"), hospital, operation=operation)
    said = [
        resource_message(drill, "need:1", "request").description,
        resource_message(drill, "assignment:1", "commit").description,
        "".join(str(part) for part in have(drill, "1.0", None).itertext()),
        "".join(str(part) for part in have(drill, "2.0", None).itertext()),
    ]
    marked = ["EXERCISE exercise-black" in words for words in said]
    assert marked == [operation != "live"] * 4


def test_a_time_that_ends_before_it_begins_is_none(tmp_path: Path) -> None:
    """Such a time is refused in words."""
    with pytest.raises(Invalid, match="before"):
        situation_report(MemoryStore(), reader(tmp_path), LATE, LATE, "situation")
