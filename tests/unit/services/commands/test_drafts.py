"""Alerts of our own: what a draft begins with, what each message says, and what is kept when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cop.config import Settings
from cop.errors import NotFound, NotPermitted, NotPossible, Stale
from cop.formats.cap import CapAlert, read_alert
from cop.model.geometry import Geometry, Polygon, point, polygon
from cop.model.kinds import Alert, Draft, Hazard
from cop.services.exchange.alerting.issued import KEPT_FOR, LISTED_FOR, Ledger, messages_of
from cop.services.exchange.alerting.shapes import covers
from cop.services.exchange.originals import Originals
from cop.services.policy import Role
from cop.services.publishing.files import PublicFiles
from cop.services.publishing.paths import public_root
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, TEAM, Room, who

HOUR = timedelta(hours=1)
AREA = polygon([(114.0, 22.44), (114.05, 22.44), (114.05, 22.47), (114.0, 22.47)])
THREE = {"en": "Water rises", "zh-Hant": "水位上升", "zh-Hans": "水位上升"}
SAID: dict[str, Any] = {
    "event_type": "flooding",
    "geometry": AREA.model_dump(),
    "severity": "Severe",
    "urgency": "Immediate",
    "certainty": "Observed",
    "description": THREE,
    "instruction": THREE,
}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give a desk of an installation that may send alerts."""
    settings = Settings(operation="live", data_dir=tmp_path, alert_sender="cop@example.hk")
    return Room(settings=settings)


def draft(room: Room, asker: Any = DUTY, **said: Any) -> Draft:
    """Begin a draft."""
    return room.see(room.do("POST /drafts", asker, **{**SAID, **said}).id, Draft)


def release(room: Room, draft_id: str) -> Alert:
    """Ask for a release, where that was not done, and grant it."""
    if room.see(draft_id, Draft).state != "asked":
        room.do("POST /drafts/{id}/ask", DUTY, draft_id)
    return room.see(room.do("POST /drafts/{id}/release", CHIEF, draft_id).id, Alert)


def change(room: Room, what: str, alert: Alert) -> Alert:
    """Have an alert updated, extended or cancelled."""
    return release(room, room.do(f"POST /alerts/{{id}}/{what}", DUTY, alert.id).id)


def message(room: Room, alert: Alert) -> CapAlert:
    """Give the last message of an alert."""
    assert alert.original is not None
    return read_alert(Originals(room.settings).read(alert.original))


def test_a_draft_of_an_incident_takes_no_words_of_people(room: Room) -> None:
    """Type, place and severity come along; what somebody wrote about it does not."""
    flood = room.incident(
        title={"en": "Mr Chan, 12 Main Street"},
        description={"en": "his knee"},
        geometry=point(114.03, 22.45),
        severity="Extreme",
    )
    made = room.see(room.do("POST /drafts", DUTY, source=flood).id, Draft)
    assert "Chan" not in made.model_dump_json()
    assert "knee" not in made.model_dump_json()
    assert (made.event_type, made.severity, made.urgency) == ("flooding", "Extreme", "Immediate")
    assert made.title["zh-Hant"] == "水浸：元朗"
    assert isinstance(made.geometry, Polygon)
    assert covers(made.geometry, point(114.03, 22.45))
    assert made.ends_at == NOON + 3 * HOUR


def test_a_draft_of_a_hazard_covers_it(room: Room) -> None:
    """Its publisher's words and grades come along, and none of its area is left out."""
    ring = [(114.0123456, 22.44), (114.0512345, 22.4412345), (114.05, 22.47)]
    hazard = Hazard(
        id="hko_nowcast:1",
        feed="hko_nowcast",
        publisher="HKO",
        phenomenon="rain_nowcast",
        severity="Moderate",
        certainty="Likely",
        forecast=True,
        title=THREE,
        geometry=polygon(ring),
    )
    room.put(hazard)
    made = room.see(room.do("POST /drafts", DUTY, source=hazard.id).id, Draft)
    assert (made.urgency, made.certainty, made.title) == ("Expected", "Likely", THREE)
    assert made.geometry is not None
    assert covers(made.geometry, polygon(ring))


def test_what_cannot_be_a_source_is_refused(room: Room) -> None:
    """Something else, something that is not there, and what was rejected."""
    with pytest.raises(NotFound):
        room.do("POST /drafts", DUTY, source=room.resource())
    with pytest.raises(NotFound):
        room.do("POST /drafts", DUTY, source="incident:none")
    with pytest.raises(NotPossible):
        room.do("POST /drafts", DUTY, source=room.incident(status="rejected"))


def test_holes_are_told(room: Room) -> None:
    """An area with a hole is taken whole, and whoever drew it is told."""
    hole = [[114.02, 22.45], [114.03, 22.45], [114.03, 22.46], [114.02, 22.45]]
    drawn = {"type": "Polygon", "coordinates": [*SAID["geometry"]["coordinates"], hole]}
    outcome = room.do("POST /drafts", DUTY, **{**SAID, "geometry": drawn})
    assert [one.code for one in outcome.cautions] == ["holes-covered"]
    assert room.see(outcome.id, Draft).geometry == AREA


def test_each_agency_writes_its_own(room: Room) -> None:
    """A liaison officer writes for the own agency; whoever is in the field writes none."""
    made = draft(room, DSD)
    assert made.publisher == "DSD"
    with pytest.raises(NotPermitted):
        room.do("PATCH /drafts/{id}", who(Role.LIAISON, "FSD", "fsd"), made.id, contact="1823")
    with pytest.raises(NotPermitted):
        draft(room, TEAM)


def test_writing_makes_the_writer_its_author(room: Room) -> None:
    """Who wrote in it last cannot release it, however little that was."""
    made = draft(room)
    room.do("POST /drafts/{id}/ask", DUTY, made.id)
    room.do("PATCH /drafts/{id}", CHIEF, made.id, contact="")
    assert room.see(made.id, Draft).state == "asked"
    room.do("PATCH /drafts/{id}", CHIEF, made.id, contact="1823")
    changed = room.see(made.id, Draft)
    assert (changed.author, changed.state, changed.asked_by) == (CHIEF.name, "writing", None)
    room.do("POST /drafts/{id}/ask", DUTY, made.id)
    with pytest.raises(NotPermitted):
        room.do("POST /drafts/{id}/release", CHIEF, made.id)


def test_who_asked_takes_it_back_and_only_another_sends_it_back(room: Room) -> None:
    """The author's own request is withdrawn, not sent back; a second person sends it back."""
    made = draft(room, CHIEF)
    with pytest.raises(NotPossible, match="nobody has asked"):
        room.do("POST /drafts/{id}/withdraw", CHIEF, made.id)
    room.do("POST /drafts/{id}/ask", CHIEF, made.id)
    with pytest.raises(NotPermitted, match="withdraw"):
        room.do("POST /drafts/{id}/return", CHIEF, made.id, reason="mine")
    room.do("POST /drafts/{id}/withdraw", CHIEF, made.id)
    back = room.see(made.id, Draft)
    assert (back.state, back.asked_by, back.author) == ("writing", None, CHIEF.name)
    room.do("POST /drafts/{id}/ask", CHIEF, made.id)
    room.do("POST /drafts/{id}/return", DUTY, made.id, reason="Which streets?")
    assert room.see(made.id, Draft).state == "returned"


@pytest.mark.parametrize("said", [{}, {"reason": "It rises faster"}], ids=["silent", "said"])
def test_why_it_was_sent_back_is_never_published(room: Room, said: dict[str, Any]) -> None:
    """What the author gives as reason stays; what the second person wrote goes when asked again."""
    made = draft(room)
    room.do("POST /drafts/{id}/ask", DUTY, made.id)
    room.do("POST /drafts/{id}/return", CHIEF, made.id, reason="Which streets?")
    room.do("PATCH /drafts/{id}", DUTY, made.id, contact="1823", **said)
    room.do("POST /drafts/{id}/ask", DUTY, made.id)
    assert room.see(made.id, Draft).reason == said.get("reason", "")


ELSEWHERE = polygon([(114.16, 22.30), (114.17, 22.30), (114.17, 22.31)])


@pytest.mark.parametrize(
    ("begun", "said", "expected"),
    [
        ({"geometry": None}, {"geometry": AREA}, ("水浸：元朗", "元朗", "水浸")),
        ({}, {"geometry": ELSEWHERE}, ("水浸：油尖旺", "油尖旺", "水浸")),
        ({}, {"event_type": "fire"}, ("火警：元朗", "元朗", "火警")),
        ({}, {"event": THREE}, ("水位上升：元朗", "元朗", "水位上升")),
        ({"area": THREE}, {"geometry": ELSEWHERE}, ("水浸：元朗", "水位上升", "水浸")),
        ({"title": THREE}, {"geometry": ELSEWHERE}, ("水位上升", "油尖旺", "水浸")),
        ({}, {"geometry": ELSEWHERE, "area": THREE}, ("水浸：水位上升", "水位上升", "水浸")),
        ({}, {"geometry": None}, (None, None, "水浸")),
    ],
    ids=["first", "moved", "event", "name", "own-area", "own-title", "both", "taken-away"],
)
def test_words_that_nobody_has_touched_follow(
    room: Room, begun: dict[str, Any], said: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    """Area, event and headline in words follow the area and the event; what is written stays."""
    plain = {name: _plain(one) for name, one in begun.items()}
    made = draft(room, **{name: one for name, one in {**SAID, **plain}.items() if one})
    room.do(
        "PATCH /drafts/{id}", DUTY, made.id, **{name: _plain(one) for name, one in said.items()}
    )
    now = room.see(made.id, Draft)
    assert tuple(one.get("zh-Hant") for one in (now.title, now.area, now.event)) == expected
    assert now.categories == (("Fire",) if now.event_type == "fire" else ("Met", "Safety"))


def _plain(value: Any) -> Any:
    return value.model_dump() if isinstance(value, Polygon) else value


def test_a_discarded_draft_comes_back_by_undo(room: Room) -> None:
    """It stays for a day, cannot be changed, and its discarding can be taken back."""
    made = draft(room)
    outcome = room.do("DELETE /drafts/{id}", DUTY, made.id)
    gone = room.see(made.id, Draft)
    assert (gone.state, gone.expires_at) == ("discarded", NOON + 24 * HOUR)
    with pytest.raises(NotPossible):
        room.do("PATCH /drafts/{id}", DUTY, made.id, contact="1")
    room.do("POST /undo", DUTY, journal=outcome.journal)
    assert room.see(made.id, Draft).state == "writing"


def test_messages_follow_one_another(room: Room) -> None:
    """One alert over its life; each message has its own name and refers to those not expired."""
    first = release(room, draft(room, contact="1823", event=THREE).id)
    assert (first.id, first.author, first.released_by) == ("alert:1", DUTY.name, CHIEF.name)
    said = message(room, first)
    log = room.store.epoch()[:6]
    assert said.identifier == f"cop-live-20260908-{log}-1-1"
    assert (said.sent, said.infos[0].onset) == (NOON, NOON)
    room.clock.wait(3600)
    second = change(room, "extend", first)
    assert second.id == first.id
    assert second.expires_at == NOON + 6 * HOUR
    assert (second.issued_at, second.updated_at) == (NOON, NOON + HOUR)
    told = message(room, second)
    assert (told.msg_type, told.infos[0].event, told.infos[0].contact) == (
        "Update",
        "Water rises",
        "1823",
    )
    assert [one.identifier for one in told.references] == [said.identifier]
    room.clock.wait(3 * 3600)
    third = change(room, "extend", second)
    assert [one.identifier for one in message(room, third).references] == [told.identifier], (
        "the first has expired by then"
    )
    assert third.references == (f"cop@example.hk,{told.identifier},2026-09-08T13:00:00+08:00",)


def test_a_cancellation_ends_it(room: Room) -> None:
    """The alert ends at once; the message says so in three languages, and is of use for a while."""
    alert = release(room, draft(room).id)
    room.clock.wait(60)
    over = change(room, "cancel", alert)
    assert (over.msg_type, over.expires_at) == ("Cancel", NOON + timedelta(minutes=1))
    told = message(room, over)
    assert told.is_over
    assert {info.headline for info in told.infos} == {
        "Cancelled: Flooding: Yuen Long",
        "取消：水浸：元朗",
    }
    assert all(info.expires == NOON + 3 * HOUR for info in told.infos)
    with pytest.raises(NotPossible, match="over"):
        change(room, "update", over)


def test_what_was_changed_meanwhile_is_not_written_over(room: Room) -> None:
    """An old version of a draft goes nowhere, nor does a draft of an alert that was changed."""
    made = draft(room)
    room.do("POST /drafts/{id}/ask", DUTY, made.id)
    with pytest.raises(Stale):
        room.do("POST /drafts/{id}/release", CHIEF, made.id, made_from=1)
    alert = release(room, made.id)
    update = room.see(room.do("POST /alerts/{id}/update", DUTY, alert.id).id, Draft)
    room.clock.wait(60)
    room.put(alert.model_copy(update={"released_at": room.clock.now()}))
    room.do("POST /drafts/{id}/ask", DUTY, update.id)
    with pytest.raises(NotPossible, match="changed after"):
        room.do("POST /drafts/{id}/release", CHIEF, update.id)


def test_an_alert_of_a_feed_is_not_ours(room: Room) -> None:
    """Nobody updates or cancels what another authority has said."""
    room.put(
        Alert(
            id="hko_cap:1",
            feed="hko_cap",
            publisher="HKO",
            event_type="rainstorm",
            issued_at=NOON,
            expires_at=NOON + HOUR,
        )
    )
    with pytest.raises(NotPossible, match="publisher"):
        room.do("POST /alerts/{id}/cancel", DUTY, "hko_cap:1")


def ledger(room: Room) -> Ledger:
    """Give the ledger of a publisher that has just started."""
    return Ledger(room.settings, room.store)


def names(found: Any) -> list[str]:
    """Give the identifiers of messages."""
    return [one.message.identifier for one in found]


def test_the_ledger_holds_what_was_released_and_no_more(room: Room) -> None:
    """A file that nothing released is not published; a start anew finds the same, and the rest."""
    first = release(room, draft(room).id)
    made = draft(room)
    room.do("POST /drafts/{id}/ask", DUTY, made.id)
    Originals(room.settings).keep(Originals(room.settings).read(first.original or "") + b" ")
    kept = ledger(room)
    log = room.store.epoch()[:6]
    assert names(kept.look(NOON, NOON)) == [f"cop-live-20260908-{log}-1-1"]
    room.clock.wait(60)
    second = change(room, "extend", first)
    assert messages_of(room.store, first.id) == [first.original, second.original]
    both = [f"cop-live-20260908-{log}-1-{count}" for count in (2, 1)]
    assert names(kept.look(NOON, NOON)) == both
    assert names(ledger(room).look(NOON, NOON)) == both
    assert names(ledger(room).look(NOON + LISTED_FOR + 9 * HOUR, NOON)) == both
    assert ledger(room).look(NOON + KEPT_FOR + 9 * HOUR, NOON) == []


def test_the_ledger_begins_anew_with_another_journal(room: Room) -> None:
    """What it remembers of a store that was emptied counts for nothing."""
    release(room, draft(room).id)
    ledger(room).look(NOON, NOON)
    empty = Room(settings=room.settings)
    assert ledger(empty).look(NOON, NOON) == []
    PublicFiles(public_root(room.settings.data_dir)).write(".kept/issued", b"{", NOON)
    assert len(ledger(room).look(NOON, NOON)) == 1


def test_a_message_that_is_lost_stops_no_other(room: Room) -> None:
    """Where the bytes are gone the rest is published."""
    alert = release(room, draft(room).id)
    second = change(room, "extend", alert)
    digest = alert.original or ""
    folder = room.settings.data_dir / "exchange" / "live" / "ours"
    (folder / digest[:2] / digest).unlink()
    assert names(ledger(room).look(NOON, NOON)) == [second.identifier]


ASKED: dict[str, Callable[[Room, str], Any]] = {
    "asked twice": lambda room, one: room.do("POST /drafts/{id}/ask", DUTY, one),
    "no reason to send it back": lambda room, one: room.do(
        "POST /drafts/{id}/return", DSD, one, reason="x"
    ),
}


@pytest.mark.parametrize("name", list(ASKED))
def test_what_waits_is_left_in_peace(room: Room, name: str) -> None:
    """It is asked for once, and sent back by nobody who may not release it."""
    made = draft(room)
    room.do("POST /drafts/{id}/ask", DUTY, made.id)
    with pytest.raises((NotPossible, NotPermitted)):
        ASKED[name](room, made.id)


def test_a_draft_without_area_has_nothing_to_simplify(room: Room) -> None:
    """It says that there is none; what is simple stays as it is."""
    made = room.see(room.do("POST /drafts", DUTY, event_type="fire").id, Draft)
    with pytest.raises(NotPossible, match="no area"):
        room.do("POST /drafts/{id}/simplify", DUTY, made.id)
    simple = draft(room)
    room.do("POST /drafts/{id}/simplify", DUTY, simple.id)
    assert room.version(simple.id) == 1
    geometry: Geometry | None = room.see(simple.id, Draft).geometry
    assert geometry == AREA
