"""What ends does not just vanish, what changes is told; what may not be said leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from cop.model.entity import Entity
from tests.unit.services.publishing.compiling import (
    Town,
    at,
    flood,
    iso,
    listed_shelter,
    rain,
    reading,
    road,
    shelter,
)


@pytest.mark.parametrize(
    ("entity", "minutes"),
    [(rain(), 120), (road(), 60), (shelter(), 120), (listed_shelter(), 120)],
    ids=lambda one: one.id if isinstance(one, Entity) else str(one),
)
def test_what_is_removed_lingers_as_over(entity: Entity, minutes: float) -> None:
    """As it was last shown, until its time is over."""
    town = Town()
    town.put(entity)
    shown = town.said(entity, 1)
    town.remove(entity)
    assert town.said(entity, 10) == {**(shown or {}), "ended": {"at": iso(10), "why": "over"}}
    assert town.compiler.due() == at(10 + minutes)
    assert town.said(entity, 10 + minutes - 0.01) is not None
    assert town.said(entity, 10 + minutes) is None


@pytest.mark.parametrize("entity", [reading(), road("reopened")], ids=lambda one: one.id)
def test_a_value_and_good_news_do_not_linger(entity: Entity) -> None:
    """A measured value that is gone is gone; so is a road that had been reopened."""
    town = Town()
    town.put(entity)
    assert town.said(entity, 1) is not None
    town.remove(entity)
    assert town.said(entity, 2) is None


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (road(), road("normal"), "over"),
        (road(), road("works"), "over"),
        (shelter(), shelter("closed"), "over"),
        (shelter(), shelter("standby"), "over"),
        (flood(), flood("closed"), "over"),
        (flood(), flood("rejected"), "withdrawn"),
        (flood(), flood("merged"), "withdrawn"),
        (flood(), flood("reported", verified=None), "withdrawn"),
        (flood(), flood("closed", verified=None), "withdrawn"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one.status}",
)
def test_what_may_not_be_shown_as_it_is_lingers_as_it_was(
    before: Entity, after: Entity, why: str
) -> None:
    """What is over says so; what should not have been said is withdrawn, in its last words."""
    town = Town()
    town.put(before)
    shown = town.said(before, 6)
    assert shown is not None
    town.put(after)
    assert town.said(after, 7) == {**shown, "ended": {"at": iso(7), "why": why}}


def test_an_incident_that_is_just_gone_was_withdrawn() -> None:
    """Incidents end by being closed: one that was taken back was not so."""
    town = Town()
    town.put(flood())
    town.picture(6)
    town.remove(flood())
    assert (town.said(flood(), 7) or {})["ended"]["why"] == "withdrawn"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rain(), rain(exercise=True)),
        (rain(), rain(event_type="cap_rainstorm")),
        (flood(), flood(incident_type="rescue")),
        (flood(), flood(incident_type="other", status="closed")),
        (shelter(), shelter(facility_type="command_post")),
        (shelter(), shelter(facility_type="station", status="closed")),
    ],
    ids=str,
)
def test_what_may_not_be_said_leaves_no_trace(before: Entity, after: Entity) -> None:
    """A drill, or a type that is not for the public, vanishes at once; also what lingered of it."""
    town = Town()
    town.put(before)
    assert town.said(before, 6) is not None
    town.put(after)
    assert town.picture(7).features == {}
    assert town.picture(7).spans == ()
    town.put(before)
    assert town.said(before, 8) is not None or before.kind == "incident"
    town = Town()
    town.put(before)
    town.picture(6)
    town.remove(before)
    assert "ended" in (town.said(before, 7) or {})
    town.put(after)
    assert town.picture(8).features == {}
    town.remove(after)
    assert town.picture(9).features == {}


def test_a_drill_that_was_removed_at_once_leaves_no_trace_either() -> None:
    """Why something could not be shown outlives its record."""
    town = Town()
    town.put(rain())
    town.picture(1)
    town.put(rain(exercise=True))
    town.remove(rain())
    assert town.picture(2).features == {}


def test_a_closed_incident_that_is_then_doubted_is_withdrawn() -> None:
    """What lingers as over changes to withdrawn, for the rest of its time."""
    town = Town()
    town.put(flood())
    town.picture(6)
    town.put(flood("closed"))
    town.picture(10)
    town.put(flood("rejected"))
    assert (town.said(flood(), 20) or {})["ended"] == {"at": iso(10), "why": "withdrawn"}
    assert town.said(flood(), 130) is None


def test_an_alert_that_expires_ended_then() -> None:
    """The end is the time that its publisher gave, whenever it is noticed."""
    town = Town()
    town.put(rain(expires_at=at(30)))
    assert "ended" not in (town.said(rain(), 29) or {"ended": 1})
    assert town.compiler.due() == at(30)
    assert (town.said(rain(), 50) or {})["ended"] == {"at": iso(30), "why": "over"}
    assert town.said(rain(), 150) is None
    late = Town()
    late.put(rain(expires_at=at(30)))
    late.picture(1)
    late.remove(rain())
    assert late.said(rain(), 200) is None


def test_what_comes_back_is_no_longer_ended() -> None:
    """A warning issued again, and an incident opened again, are shown as they are."""
    town = Town()
    town.put(rain(), flood())
    town.picture(6)
    town.remove(rain())
    town.put(flood("closed"))
    town.picture(7)
    town.put(rain(), flood("responding"))
    for entity in (rain(), flood()):
        said = town.said(entity, 8)
        assert said is not None
        assert not {"ended", "changed"} & set(said)


@pytest.mark.parametrize(
    ("before", "after", "was", "corrected"),
    [
        (
            rain(),
            rain("WRAINR", "Severe"),
            {"signal": "WRAINA", "severity": "Moderate"},
            False,
        ),
        (flood(), flood("responding"), {"status": "verified"}, False),
        (flood(), flood(severity="Extreme"), {"severity": "Moderate"}, True),
        (flood(), flood(incident_type="fire"), {"incident_type": "flooding"}, True),
        (shelter(), shelter("full"), {"status": "open"}, False),
        (road(), road("reopened"), {"status": "closed"}, False),
        (road("slow"), road(), {"status": "slow"}, False),
    ],
    ids=str,
)
def test_a_change_is_told_for_two_hours(
    before: Entity, after: Entity, was: dict[str, Any], corrected: bool
) -> None:
    """With what it was before, and whether what was said had been wrong."""
    town = Town()
    town.put(before)
    assert town.said(before, 6) is not None
    town.put(after)
    told = {"at": iso(10), "was": was, "corrected": corrected}
    assert (town.said(after, 10) or {})["changed"] == told
    assert (town.said(after, 129.9) or {})["changed"] == told
    assert town.compiler.due() == at(130)
    said = town.said(after, 130)
    assert said is not None
    assert "changed" not in said


def test_a_place_that_moves_was_wrong() -> None:
    """A moved incident is a correction, and says where it was thought to be, as coarse."""
    town = Town()
    town.put(flood())
    first = town.picture(6).features["incident:a1"]["geometry"]
    near = {"type": "Point", "coordinates": [114.16944, 22.30891]}
    town.put(flood(geometry=near))
    assert "changed" not in (town.said(flood(), 7) or {"changed": 1})
    town.put(flood(geometry={"type": "Point", "coordinates": [114.18, 22.31]}))
    changed = (town.said(flood(), 8) or {})["changed"]
    assert changed == {"at": iso(8), "was": {"geometry": first}, "corrected": True}


def test_several_changes_are_told_together() -> None:
    """Each for its own two hours; the time is that of the last."""
    town = Town()
    town.put(flood())
    town.picture(6)
    town.put(flood(severity="Severe"))
    town.picture(10)
    town.put(flood("responding", severity="Severe"))
    assert (town.said(flood(), 60) or {})["changed"] == {
        "at": iso(60),
        "was": {"severity": "Moderate", "status": "verified"},
        "corrected": True,
    }
    assert (town.said(flood(), 131) or {})["changed"] == {
        "at": iso(60),
        "was": {"status": "verified"},
        "corrected": False,
    }


def test_other_words_of_a_warning_are_no_change_to_tell() -> None:
    """A new text of the same level is shown, without remark."""
    town = Town()
    town.put(rain())
    town.picture(1)
    town.put(rain(title={"en": "new words"}))
    said = town.said(rain(), 2)
    assert said is not None
    assert said["title"] == {"en": "new words"}
    assert "changed" not in said
