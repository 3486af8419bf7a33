"""What deserves attention, from when, and how it is ranked."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest

from cop.model.desk import Reason
from cop.model.entity import Entity, Severity
from cop.model.kinds import AssignmentStatus, FacilityStatus, FusionStatus, IncidentStatus
from cop.model.response import NeedStatus
from cop.model.text import LANGS
from cop.services.watch import limits
from cop.services.watch.rules import causes, worst
from cop.ui.config import find_layers
from tests.unit.services.watch.making import (
    START,
    a_facility,
    a_feed,
    a_fusion,
    a_need,
    a_receipt,
    after,
    an_assignment,
    an_incident,
    an_order,
)
from workers.registry import feed_keys


def seen(
    entity: Entity, at: datetime = START, *others: Entity
) -> dict[Reason, tuple[Severity, str | None]]:
    """Tell what deserves attention at a time: reason to severity and agency."""
    found = causes(entity, {each.id: each for each in others})
    holding = worst([cause for cause in found if cause.holds(at)])
    return {reason: (cause.severity, cause.agency) for reason, cause in holding.items()}


def test_an_incident_is_new_and_then_unverified() -> None:
    """A severe one for ten minutes; an extreme one for five; then it says that it still waits."""
    for severity, minutes in ((Severity.SEVERE, 10), (Severity.EXTREME, 5)):
        incident = an_incident(severity=severity, lead_agency="DSD")
        assert seen(incident) == {Reason.NEW: (severity, "DSD")}
        assert seen(incident, after(minutes - 0.1)).keys() == {Reason.NEW}
        assert seen(incident, after(minutes)) == {Reason.UNVERIFIED: (severity, "DSD")}


def test_every_severity_has_a_limit() -> None:
    """The more severe, the sooner; and every severity and reason has its place in the queue."""
    assert limits.VERIFY_WITHIN.keys() == set(Severity)
    ranks = [limits.rank(*each) for each in itertools.product(Severity, Reason)]
    assert len(set(ranks)) == len(ranks)
    assert limits.rank(Severity.EXTREME, Reason.DUPLICATE) < limits.rank(
        Severity.SEVERE, Reason.NEW
    )


def test_an_incident_to_which_somebody_was_sent_is_not_new() -> None:
    """It has been looked at; that nobody verified it is said in its time."""
    incident = an_incident()
    assert seen(incident, START, an_assignment()) == {}
    done = an_assignment(status=AssignmentStatus.DECLINED)
    assert seen(incident, START, done).keys() == {Reason.NEW}
    assert seen(incident, after(10), an_assignment()).keys() == {Reason.UNVERIFIED}


def test_what_a_publisher_reports_needs_no_verifying() -> None:
    """Its publisher says that it is so; every other status has been judged by somebody."""
    assert seen(an_incident(id="td:1", feed="td_traffic_news", verified=True), after(60)) == {}
    assert seen(an_incident(id="td:1", feed="x", verified=False)).keys() == {Reason.NEW}
    for status in set(IncidentStatus) - {IncidentStatus.REPORTED}:
        assert seen(an_incident(status=status), after(60)) == {}


def test_an_assignment_waits_for_its_answer_and_for_its_steps() -> None:
    """Unacknowledged from the warning on, one step worse when overdue; later steps are overdue."""
    assignment = an_assignment()
    assert seen(assignment, after(4)) == {}
    assert seen(assignment, after(5)) == {Reason.UNACKNOWLEDGED: (Severity.MODERATE, "DSD")}
    assert seen(assignment, after(10)) == {Reason.UNACKNOWLEDGED: (Severity.SEVERE, "DSD")}
    on_its_way = an_assignment(status=AssignmentStatus.EN_ROUTE)
    assert seen(on_its_way, after(9)) == {}
    assert seen(on_its_way, after(10)) == {Reason.OVERDUE: (Severity.MODERATE, "DSD")}


def test_an_assignment_that_is_due_is_overdue() -> None:
    """Whichever comes first; nothing once it has ended; nothing where nothing is limited."""
    due = an_assignment(status=AssignmentStatus.ON_SCENE, due_at=after(3))
    assert seen(due, after(3)).keys() == {Reason.OVERDUE}
    assert seen(an_assignment(due_at=after(3)), after(20)).keys() == {
        Reason.OVERDUE,
        Reason.UNACKNOWLEDGED,
    }
    assert seen(an_assignment(status=AssignmentStatus.COMPLETED, due_at=after(3)), after(9)) == {}
    assert seen(an_assignment(warn_at=None, overdue_at=None), after(600)) == {}


def test_an_order_is_unanswered_until_all_have_acknowledged() -> None:
    """Reading is no answer; how many are missing is said in every language."""
    order = an_order()
    receipts = [a_receipt("a", acknowledged_at=after(1)), a_receipt("b", read_at=after(1))]
    assert seen(order, after(9.9), *receipts) == {}
    assert seen(order, after(10), *receipts) == {Reason.UNANSWERED: (Severity.EXTREME, "SB")}
    (cause,) = causes(order, {each.id: each for each in receipts})
    assert cause.escalates
    assert cause.description["en"] == "1 of 2 have not acknowledged"
    assert cause.description.keys() == set(LANGS)
    answered = [a_receipt(name, acknowledged_at=after(1)) for name in "ab"]
    assert seen(order, after(10), *answered) == {}
    assert seen(an_order(cancelled_at=after(2)), after(10)) == {}
    unlimited = an_order(reply_by=None)
    assert seen(unlimited, after(999), a_receipt("a"), a_receipt("b")) == {}


def test_a_need_is_unmet_when_late_or_when_nobody_is_asked() -> None:
    """Urgent and nobody asked: at once. Else when its time has come."""
    assert seen(a_need(), after(999)) == {}
    urgent = a_need(severity=Severity.SEVERE)
    assert seen(urgent) == {Reason.UNMET: (Severity.SEVERE, None)}
    assert seen(a_need(severity=Severity.SEVERE, asked_of="DSD")) == {}
    late = a_need(needed_by=after(30), asked_of="DSD")
    assert seen(late, after(29)) == {}
    assert seen(late, after(30)) == {Reason.UNMET: (Severity.MODERATE, "DSD")}
    for status in (NeedStatus.FULFILLED, NeedStatus.CANCELLED):
        assert seen(a_need(severity=Severity.SEVERE, status=status, needed_by=after(1))) == {}


def test_a_facility_fills() -> None:
    """By its figure, or because it soon will; not when its keeper has said that it is full."""
    assert seen(a_facility(occupancy=84)) == {}
    assert seen(a_facility(occupancy=85)) == {Reason.FILLING: (Severity.MODERATE, "HAD")}
    assert seen(a_facility(occupancy=95)) == {Reason.FILLING: (Severity.SEVERE, "HAD")}
    assert seen(a_facility(occupancy=120, status=FacilityStatus.FULL)) == {}
    assert seen(a_facility(occupancy=120, capacity=None)) == {}
    assert seen(a_facility(occupancy=0, capacity=0)) == {}
    forecast = {"earliest": after(90), "rate_per_h": 9, "made_at": START, "entries": 5}
    soon = a_facility(forecast=forecast)
    assert seen(soon, after(29)) == {}
    assert seen(soon, after(30)).keys() == {Reason.FILLING}
    assert Reason.FILLING not in seen(soon, after(120))


def test_a_keeper_who_says_nothing_is_asked() -> None:
    """After two hours, where it is open and somebody should enter something."""
    assert seen(a_facility(), after(119)) == {}
    assert seen(a_facility(), after(120)) == {Reason.STALE: (Severity.MINOR, "HAD")}
    assert seen(a_facility(status=FacilityStatus.STANDBY), after(999)) == {}
    assert seen(a_facility(facility_type="command_post"), after(999)) == {}
    assert seen(a_facility(id="had_shelters:1", feed="had_shelters"), after(999)) == {}


def test_keeper_and_publisher_differ() -> None:
    """The item names both values, their times and their sources, in every language."""
    keeper = a_facility(stands_for="had:1", publisher="RC", occupancy=60)
    publishers = a_facility(id="had:1", feed="had", status=FacilityStatus.CLOSED, occupancy=50)
    (cause,) = (
        one for one in causes(keeper, {"had:1": publishers}) if one.reason is Reason.CONFLICTING
    )
    assert cause.severity is Severity.SEVERE
    words = cause.description["en"]
    for part in ("keeper", "RC", "open", "closed", "2026-09-07 20:00"):
        assert part in words
    assert "People" not in words
    assert cause.description.keys() == set(LANGS)
    assert Reason.FILLING not in seen(publishers, START, keeper)


def test_reports_that_seem_to_be_one() -> None:
    """Until a person has decided."""
    assert seen(a_fusion(), START, an_incident()) == {Reason.DUPLICATE: (Severity.MINOR, None)}
    (cause,) = causes(a_fusion(), {"incident:1": an_incident()})
    assert cause.title == {"en": "Flood 1"}
    for status in (FusionStatus.CONFIRMED, FusionStatus.SPLIT):
        assert seen(a_fusion(status=status)) == {}


def test_a_vital_feed_is_missed_and_no_other() -> None:
    """Five minutes after its promise is broken, whether it fails or repeats itself."""
    assert seen(a_feed(), after(9.9)) == {}
    assert seen(a_feed(), after(10)).keys() == {Reason.STALE}
    same = a_feed(fetched_at=after(30), content_at=START)
    assert seen(same, after(30)).keys() == {Reason.STALE}
    assert seen(a_feed("hko_wind"), after(999)) == {}
    assert seen(a_feed(fetched_at=None, failures=2)) == {}
    assert seen(a_feed(fetched_at=None, failures=3)).keys() == {Reason.STALE}


def test_the_vital_feeds_are_those_of_the_vital_layers() -> None:
    """What veils the map when it is missing is what the desk is told of."""
    vital = {feed for layer in find_layers() if layer.vital for feed in layer.feeds}
    assert vital == limits.VITAL_FEEDS
    assert set(feed_keys()) >= limits.VITAL_FEEDS


@pytest.mark.parametrize("severity", list(Severity))
def test_worse_is_worse(severity: Severity) -> None:
    """One step up, as far as there are steps."""
    worse = limits.worse(severity)
    assert limits.is_worse(worse, severity) or worse is severity is Severity.EXTREME
