"""Orders and assignments reach phones through push services: each once, none lost, nobody else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from cop.config import Settings
from cop.model.entity import Severity
from cop.model.kinds import AssignmentStatus
from cop.model.record import remove
from cop.services.accounts import set_user
from cop.services.commands.desk import Desk
from cop.services.delivery.deliverer import Came, Deliverer
from cop.services.sessions import Opening, open_session
from tests.browsers import Browser, subscription
from tests.integration.both_accounts import accounts
from tests.integration.delivering import LIFE_MS, Sent, answered, desk, person, receipt_of, write
from tests.redis_server import shared_redis
from tests.unit.services.watch.making import (
    START,
    a_sent_assignment,
    after,
    an_assignment,
    an_order,
)

__all__ = ["accounts", "desk", "shared_redis"]


def test_an_order_is_pushed_once(desk: Desk) -> None:
    """To each recipient who has a phone; the receipts say when, and it does not go out again."""
    for name in ("a", "b", "stranger"):
        person(desk, name)
    write(desk, an_order(recipients=["a", "b", "without"]))
    send = Sent()
    deliverer = Deliverer(desk, send)
    assert deliverer.run(after(1)) == Counter({Came.TAKEN: 2})
    assert send.said() == [("order:1", "a"), ("order:1", "b")]
    for name in ("a", "b"):
        receipt = receipt_of(desk, "order:1", name)
        assert receipt is not None
        assert (receipt.sent_at, receipt.delivered_at) == (after(1), None)
        assert receipt.publisher == "DSD"
    assert receipt_of(desk, "order:1", "without") is None
    assert desk.store.journal_size() == 0
    assert deliverer.run(after(2)) == Counter()
    assert Deliverer(desk, send).run(after(2)) == Counter()
    assert send.said() == []


def test_who_has_it_is_not_pushed(desk: Desk) -> None:
    """Whose phone had it by the live stream is left alone, before and after a start."""
    for name in ("a", "b"):
        person(desk, name)
    send = Sent()
    deliverer = Deliverer(desk, send)
    write(desk, an_order())
    answered(desk, "order:1", "a", delivered_at=START)
    deliverer.run(after(1))
    assert send.said() == [("order:1", "b")]
    write(desk, an_order(id="order:2", recipients=["a"]))
    answered(desk, "order:2", "a", delivered_at=START)
    assert Deliverer(desk, send).run(after(1)) == Counter()


def test_an_assignment_is_pushed_to_its_team(desk: Desk) -> None:
    """To everybody who belongs to the resource, also who came to it later; to no other team."""
    person(desk, "a", "resource:1")
    person(desk, "b", "resource:1", "resource:2")
    person(desk, "c", "resource:2")
    write(desk, a_sent_assignment())
    send = Sent()
    deliverer = Deliverer(desk, send)
    deliverer.run(after(1))
    assert send.said() == [("assignment:1", "a"), ("assignment:1", "b")]
    set_user(desk.accounts, "c", belongs_to=["resource:1"])
    write(desk, an_assignment(steps={AssignmentStatus.ASSIGNED: START}))
    assert deliverer.run(after(2)) == Counter()  # the sign-in of c ended with the change
    user = desk.accounts.read_users(["c"])["c"]
    session = open_session(desk.accounts, user, Opening(operation="live")).session
    fresh = subscription("c", Browser(), "https://push.test/201/c/new", session=session.id)
    desk.accounts.add_subscription(fresh, ttl_ms=LIFE_MS)
    Deliverer(desk, send).run(after(3))
    assert send.said() == [("assignment:1", "c")]


@pytest.mark.parametrize(
    "status",
    [
        AssignmentStatus.PROPOSED,
        AssignmentStatus.ACKNOWLEDGED,
        AssignmentStatus.EN_ROUTE,
        AssignmentStatus.COMPLETED,
        AssignmentStatus.STOOD_DOWN,
    ],
)
def test_what_needs_no_answer_is_not_pushed(desk: Desk, status: AssignmentStatus) -> None:
    """Nobody is woken for what is not decided, or what their team has answered or left."""
    person(desk, "a", "resource:1")
    write(desk, an_assignment(status=status, steps={status: START}))
    send = Sent()
    deliverer = Deliverer(desk, send)
    assert deliverer.run(after(1)) == Counter()
    write(desk, a_sent_assignment())
    assert deliverer.run(after(1)) == Counter({Came.TAKEN: 1})


def test_what_was_taken_back_is_not_pushed(desk: Desk) -> None:
    """Neither an order that was cancelled nor one that is gone."""
    person(desk, "a")
    send = Sent()
    deliverer = Deliverer(desk, send)
    write(desk, an_order(cancelled_at=START), an_order(id="order:2"))
    desk.store.write([remove(desk.store.read(["order:2"])["order:2"])], fetched_ms=1)
    assert deliverer.run(after(1)) == Counter()


def test_what_a_message_is(desk: Desk) -> None:
    """An order, a roll call or an assignment, how bad, and since when; the worst goes first."""
    person(desk, "a", "resource:1")
    write(
        desk,
        an_order(severity=Severity.MINOR),
        an_order(id="order:2", asks="all_safe", severity=Severity.SEVERE, issued_at=after(1)),
        a_sent_assignment(severity=Severity.EXTREME),
    )
    send = Sent()
    Deliverer(desk, send).run(after(2))
    assert [
        (job.message.type, job.message.id, job.message.severity, job.message.at)
        for job in send.jobs
    ] == [
        ("assignment", "assignment:1", Severity.EXTREME, START),
        ("roll_call", "order:2", Severity.SEVERE, after(1)),
        ("order", "order:1", Severity.MINOR, START),
    ]
    assert {job.message.exercise for job in send.jobs} == {False}
    drill = replace(desk, settings=Settings(operation="exercise-1"))
    person(drill, "drill", operation="exercise-1")
    write(drill, an_order(id="order:3", recipients=["a", "drill"]))
    send.jobs.clear()
    Deliverer(drill, send).run(after(2))
    assert [(job.to.user, job.message.exercise) for job in send.jobs] == [("drill", True)]


def test_every_phone_of_somebody_is_pushed(desk: Desk) -> None:
    """One that took it is enough for the receipt."""
    person(desk, "a", phones=3)
    write(desk, an_order(recipients=["a"]))
    send = Sent(lambda job: (Came.TAKEN if job.to.made_ms == 2 else Came.LATER, 0, 0))
    deliverer = Deliverer(desk, send)
    assert deliverer.run(after(1)) == Counter({Came.LATER: 2, Came.TAKEN: 1})
    receipt = receipt_of(desk, "order:1", "a")
    assert receipt is not None
    assert receipt.sent_at == after(1)


def test_an_urgent_one_is_pushed_once_more(desk: Desk) -> None:
    """To who has not answered when it gets late, also who had it; then no more."""
    for name in ("a", "b", "c"):
        person(desk, name)
    write(desk, an_order(recipients=["a", "b", "c"]))
    send = Sent()
    deliverer = Deliverer(desk, send)
    answered(desk, "order:1", "b", delivered_at=START)
    deliverer.run(after(1))
    assert send.said() == [("order:1", "a"), ("order:1", "c")]
    answered(desk, "order:1", "c", delivered_at=after(2), acknowledged_at=after(2))
    deliverer.run(after(9))
    assert send.said() == []
    deliverer.run(after(10))
    assert send.said() == [("order:1", "a"), ("order:1", "b")]
    for minutes in (11, 60):
        deliverer.run(after(minutes))
        Deliverer(desk, send).run(after(minutes))
    assert send.said() == []


def test_an_urgent_assignment_is_pushed_once_more(desk: Desk) -> None:
    """After its time to answer; one that is not urgent is not."""
    person(desk, "a", "resource:1", "resource:2")
    urgent = a_sent_assignment(severity=Severity.SEVERE)
    calm = a_sent_assignment(id="assignment:2", resource="resource:2")
    write(desk, urgent, calm)
    send = Sent()
    deliverer = Deliverer(desk, send)
    deliverer.run(after(1))
    send.said()
    deliverer.run(after(6))
    assert send.said() == [("assignment:1", "a")]
    deliverer.run(after(30))
    assert send.said() == []
