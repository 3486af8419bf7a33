"""Alerts of our own that run out, and drafts that nobody releases, come to the queue in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.model.desk import Reason
from cop.model.entity import Kind, Severity
from cop.model.kinds import Alert, Attention, Draft, decode
from cop.model.record import put
from cop.services.watch.keeper import Keeper
from cop.services.watch.rules import causes
from cop.store.memory import MemoryStore
from tests.unit.services.watch.making import START, after

END = START + timedelta(hours=2)


def an_alert(**fields: Any) -> Alert:
    """Make an alert of our own that ends after two hours."""
    given = {
        "id": "alert:1",
        "publisher": "DSD",
        "event_type": "flooding",
        "severity": "Severe",
        "title": {"en": "Flood"},
        "issued_at": START,
        "released_at": START,
        "expires_at": END,
    }
    return Alert.model_validate({**given, **fields})


def a_draft(**fields: Any) -> Draft:
    """Make a draft whose release was just asked for."""
    given = {
        "id": "draft:1",
        "publisher": "DSD",
        "event_type": "flooding",
        "severity": "Severe",
        "author": "ann",
        "state": "asked",
        "asked_at": START,
        "asked_by": "ann",
    }
    return Draft.model_validate({**given, **fields})


def test_an_alert_that_runs_out_is_brought_up() -> None:
    """From half an hour before its end until then, as severe as it is, to its own agency."""
    (cause,) = causes(an_alert(), {})
    assert (cause.reason, cause.severity, cause.agency) == (Reason.EXPIRING, "Severe", "DSD")
    assert [cause.holds(after(minutes)) for minutes in (89, 90, 119, 120)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"msg_type": "Cancel"},
        {"expires_at": None},
        {"released_at": None},
        {"origin": "macao"},
        {"feed": "hko_cap", "id": "hko_cap:1"},
    ],
    ids=["cancelled", "endless", "unreleased", "a-partner's", "a-feed's"],
)
def test_alerts_of_others_run_out_by_themselves(fields: dict[str, Any]) -> None:
    """Only what we can extend is brought up."""
    assert causes(an_alert(**fields), {}) == ()


def test_a_draft_that_waits_is_brought_up() -> None:
    """Ten minutes after it was asked for, for as long as it waits; to the desk, not its author."""
    (cause,) = causes(a_draft(), {})
    assert (cause.reason, cause.severity) == (Reason.UNRELEASED, Severity.SEVERE)
    assert cause.agency is None
    assert [cause.holds(after(minutes)) for minutes in (9, 10, 600)] == [False, True, True]
    for state in ("writing", "returned", "released", "discarded"):
        assert causes(a_draft(state=state), {}) == ()


def test_the_queue_follows_an_alert() -> None:
    """It comes when its time comes, and goes when it is extended; feeds' are not looked at."""
    store = MemoryStore()
    keeper = Keeper(store)
    others = [an_alert(id=f"hko_cap:{n}", feed="hko_cap") for n in range(3)]
    store.write([put(one) for one in (an_alert(), *others)], fetched_ms=0)
    assert _open(store, keeper, 80) == []
    assert _open(store, keeper, 95) == ["alert:1"]
    store.write([put(an_alert(expires_at=END + timedelta(hours=2)))], fetched_ms=0)
    assert _open(store, keeper, 96) == []


def _open(store: MemoryStore, keeper: Keeper, minutes: float) -> list[str]:
    keeper.run(after(minutes))
    items = [decode(record.body) for record in store.by_kind(Kind.ATTENTION).values()]
    return [one.subject for one in items if isinstance(one, Attention) and one.cleared_at is None]
