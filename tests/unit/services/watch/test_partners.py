"""What of partners deserves attention, and from when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cop.model.desk import Reason
from cop.model.entity import Entity, Severity
from cop.model.exchange import Message, Partner
from cop.model.text import LANGS
from cop.services.watch.cause import Cause
from cop.services.watch.rules import causes, names
from tests.unit.services.watch.making import START, a_facility, a_need, after, an_incident

TITLE = {"en": "Dam"}


def a_partner(**fields: Any) -> Partner:
    """Make a partner whose line is as it should be."""
    values = {"id": "partner:gd", "publisher": "COP", "title": {"en": "GD"}, "state": "ok"}
    return Partner.model_validate({**values, "state_since": START, "agencies": ["SB"], **fields})


def a_message(**fields: Any) -> Message:
    """Make a message from a partner that nobody has looked at."""
    values = {
        "id": "message:1",
        "publisher": "COP",
        "title": TITLE,
        "partner": "partner:gd",
        "direction": "in",
        "received_at": START,
        "acknowledge_by": after(10),
        "task_by": after(30),
        "notice_by": after(60),
        "severity": Severity.SEVERE,
    }
    return Message.model_validate({**values, **fields})


def said_at(entity: Any, moment: datetime) -> dict[Reason, Cause]:
    """Give what holds at a moment."""
    partner = a_partner()
    found = causes(entity, {partner.id: partner})
    return {cause.reason: cause for cause in found if cause.holds(moment)}


@pytest.mark.parametrize(
    ("state", "severity", "words"),
    [
        ("never", None, ""),
        ("ok", None, ""),
        ("late", Severity.MINOR, "late since"),
        ("down", Severity.MODERATE, "down since"),
        ("ended", Severity.MODERATE, "ended at"),
    ],
)
def test_lines(state: str, severity: Severity | None, words: str) -> None:
    """A line that is late, down or at its end is brought up, with its reason, in all languages."""
    found = said_at(a_partner(state=state, why="no answer", agreed_until=after(-5)), START)
    if severity is None:
        assert found == {}
        return
    cause = found[Reason.STALE]
    assert (cause.severity, cause.agency, cause.title) == (severity, "SB", {"en": "GD"})
    assert words in cause.description["en"]
    assert set(cause.description) == set(LANGS)


@pytest.mark.parametrize(
    ("minutes", "reasons"),
    [
        (5, set[Reason]()),
        (10, {Reason.UNACKNOWLEDGED}),
        (30, {Reason.UNACKNOWLEDGED, Reason.OVERDUE}),
        (60, {Reason.UNACKNOWLEDGED, Reason.OVERDUE}),
    ],
)
def test_a_message_left_lying(minutes: float, reasons: set[Reason]) -> None:
    """Each step is brought up when its time is over, for whose partner it is."""
    found = said_at(a_message(), after(minutes))
    assert found.keys() == reasons
    assert {cause.agency for cause in found.values()} <= {"SB"}
    assert {cause.severity for cause in found.values()} <= {Severity.SEVERE}


def test_what_is_overdue_is_named() -> None:
    """First the task, then both; in the end whatever is left."""
    task = said_at(a_message(), after(30))[Reason.OVERDUE]
    both = said_at(a_message(), after(60))[Reason.OVERDUE]
    notice = said_at(a_message(task="need:1"), after(60))[Reason.OVERDUE]
    assert "task" in task.description["en"]
    assert "public" not in task.description["en"]
    assert "task" in both.description["en"]
    assert "public" in both.description["en"]
    assert "task" not in notice.description["en"]


def test_what_is_done_is_brought_up_no_more() -> None:
    """Nor what was found not to be needed, which has no time limit any more."""
    done = a_message(acknowledged_at=after(1), task="need:1", notice="alert:1")
    assert said_at(done, after(600)) == {}
    needless = a_message(acknowledged_at=after(1), task_by=None, notice_by=None)
    assert said_at(needless, after(600)) == {}


def test_a_message_of_ours_waits_for_their_receipt_alone() -> None:
    """What the partner makes of it is theirs to watch."""
    out = a_message(direction="out", publisher="DSD")
    found = said_at(out, after(600))
    assert found.keys() == {Reason.UNACKNOWLEDGED}
    assert found[Reason.UNACKNOWLEDGED].agency == "DSD"
    assert names(out) == ("partner:gd",)


@pytest.mark.parametrize("made", [an_incident, a_need, a_facility], ids=lambda made: made.__name__)
def test_what_others_made_is_watched_over_there(made: Callable[..., Entity]) -> None:
    """Their unverified incidents, unmet needs and full shelters are not in our queue."""
    grave = {"occupancy": 100} if made is a_facility else {"severity": Severity.EXTREME}
    assert said_at(made(**grave), START)
    assert said_at(made(**grave, origin="gd-cop"), START) == {}
