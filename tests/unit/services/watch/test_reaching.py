"""What came to nobody's phone, and who calls for help, is brought to the desk."""

from __future__ import annotations

from cop.model.desk import Reason
from cop.model.entity import Severity
from cop.model.geometry import point
from cop.model.kinds import AssignmentStatus, Order, Receipt
from cop.model.text import LANGS
from cop.services.watch import limits
from cop.services.watch.keeper import item_id
from cop.services.watch.rules import causes
from tests.unit.services.watch.making import (
    START,
    a_receipt,
    a_sent_assignment,
    after,
    an_assignment,
    an_order,
)
from tests.unit.services.watch.test_keeper import World
from tests.unit.services.watch.test_rules import seen


def a_call(name: str = "a", **fields: object) -> Receipt:
    """Make an answer that calls for help."""
    return a_receipt(
        name, **{"answer": "help", "acknowledged_at": after(1), "words": "Stuck", **fields}
    )


def a_roll_call(**fields: object) -> Order:
    """Make a roll call to two."""
    return an_order(**{"asks": "all_safe", "reply_by": after(5), **fields})


def test_a_task_that_came_to_nobody_is_unreached_and_nothing_else() -> None:
    """From its warning time, one step worse when overdue; once on a phone it is unacknowledged."""
    task = a_sent_assignment(warn_at=after(3), overdue_at=after(8))
    assert seen(task, after(2.9)) == {}
    assert seen(task, after(3)) == {Reason.UNREACHED: (Severity.MODERATE, "DSD")}
    assert seen(task, after(8)) == {Reason.UNREACHED: (Severity.SEVERE, "DSD")}
    (cause, _) = causes(task, {})
    assert cause.description.keys() == set(LANGS)
    on_a_phone = an_assignment(warn_at=after(3), overdue_at=after(8))
    assert seen(on_a_phone, after(8)) == {Reason.UNACKNOWLEDGED: (Severity.SEVERE, "DSD")}
    proposed = an_assignment(status=AssignmentStatus.PROPOSED)
    assert seen(proposed, after(8)).keys() == {Reason.UNACKNOWLEDGED}


def test_a_task_that_came_to_nobody_waits_no_longer_than_this() -> None:
    """Two minutes where it is urgent, else five, however long the limits of its step are."""
    free = {"warn_at": None, "overdue_at": None}
    for severity, minutes in ((Severity.SEVERE, 2), (Severity.EXTREME, 2), (Severity.MINOR, 5)):
        for own in (free, {"warn_at": after(60), "overdue_at": after(90)}):
            task = a_sent_assignment(severity=severity, **own)
            assert seen(task, after(minutes - 0.1)) == {}
            assert seen(task, after(minutes)) == {Reason.UNREACHED: (severity, "DSD")}
    ended = a_sent_assignment(steps={}, **free)
    assert seen(ended, after(999)) == {}, "when it was sent is not known"


def test_an_order_tells_to_how_many_it_has_not_come() -> None:
    """To whom it was only sent it has not; taken by a push service is on no device yet."""
    order = an_order(severity=Severity.SEVERE, reply_by=None)
    sent = a_receipt("a", delivered_at=None, sent_at=after(0))
    assert seen(order, after(1.9), sent) == {}
    assert seen(order, after(2), sent) == {Reason.UNREACHED: (Severity.SEVERE, "SB")}
    assert seen(order, after(4), sent) == {Reason.UNREACHED: (Severity.EXTREME, "SB")}
    (cause, _) = causes(order, {"r": a_receipt("a")})
    assert cause.description["en"].startswith("1 of 2 people have it on no device")
    assert cause.description.keys() == set(LANGS)
    assert not cause.escalates, "it is marked when answers are late, not before"
    both = [a_receipt("a"), a_receipt("b")]
    assert seen(order, after(9), *both) == {}
    assert seen(an_order(reply_by=None, cancelled_at=after(1)), after(9)) == {}


def test_what_is_not_urgent_does_not_get_worse() -> None:
    """An order of no great severity that came to nobody is brought up after five minutes."""
    order = an_order(severity=Severity.MODERATE, reply_by=None)
    assert seen(order, after(4.9)) == {}
    assert seen(order, after(500)) == {Reason.UNREACHED: (Severity.MODERATE, "SB")}


def test_a_roll_call_says_how_many_have_not_said() -> None:
    """In words of its own; those who call for help have answered."""
    receipts = [a_call("a"), a_receipt("b")]
    order = a_roll_call()
    assert seen(order, after(4.9), *receipts) == {}
    assert seen(order, after(5), *receipts) == {Reason.UNANSWERED: (Severity.EXTREME, "SB")}
    (cause,) = causes(order, {one.id: one for one in receipts})
    assert cause.description["en"] == "1 of 2 people have not said whether they are safe"
    assert cause.escalates


def test_a_call_for_help_is_extreme_and_says_who_and_what() -> None:
    """At once, before everything else, and for the agency of whoever calls.

    Where they did not send their place, that is said.
    """
    order = a_roll_call(severity=Severity.MINOR)
    call = a_call(title={"en": "Pump 1"}, publisher="DSD")
    assert seen(call, START, order) == {Reason.HELP: (Severity.EXTREME, "DSD")}
    (cause,) = causes(call, {order.id: order})
    assert cause.title == {"en": "Pump 1"}
    assert cause.description["en"] == "a (Pump 1): Stuck. Where they are was not sent."
    assert cause.description.keys() == set(LANGS)
    placed = a_call(geometry=point(114, 22), words="")
    (cause,) = causes(placed, {order.id: order})
    assert cause.description["en"] == "a: needs help, without further words"
    assert cause.title == order.body
    highest = limits.rank(Severity.EXTREME, Reason.HELP)
    assert highest == min(limits.rank(s, r) for s in Severity for r in Reason) == 0


def test_a_call_for_help_ends_with_its_cause() -> None:
    """Safe again, or known when the roll call was taken back; not one that came after that."""
    order = a_roll_call(cancelled_at=after(10))
    assert seen(a_call(), after(11), a_roll_call()).keys() == {Reason.HELP}
    assert seen(a_call(answer="safe"), after(11), a_roll_call()) == {}
    assert seen(a_call(), after(11), order) == {}
    assert seen(a_call(acknowledged_at=after(10)), after(11), order).keys() == {Reason.HELP}
    assert seen(a_call(), after(11)) == {}, "the order itself has left the picture"


def test_each_who_calls_has_an_item_of_their_own() -> None:
    """Whoever goes to one does not thereby go to the other; what was put off stays so alone."""
    world = World()
    world.put(a_roll_call(), a_call("a"), a_receipt("b"))
    world.run()
    first, second = (item_id(Reason.HELP, a_receipt(name).id) for name in "ab")
    assert world.open() == {first}
    world.change(first, taken_by="lee", taken_at=after(1), snoozed_until=after(60))
    world.put(a_call("b"))
    world.run(1)
    assert world.open() == {first, second}
    assert (world.item(first).taken_by, world.item(second).taken_by) == ("lee", None)
    assert world.item(second).subject == a_receipt("b").id
    world.put(a_call("a", answer="safe", acknowledged_at=after(2)))
    world.run(1)
    assert world.open() == {second}
    world.put(a_roll_call(cancelled_at=after(3)))
    world.run(1)
    assert world.open() == set()


def test_the_reason_follows_the_step() -> None:
    """One item at a time says that a task waits: unreached until it is on a phone, then the other.

    What was noted on the first does not come back with the second.
    """
    world = World()
    world.put(a_sent_assignment())
    world.run(5)
    unreached, unacknowledged = (
        item_id(reason, "assignment:1") for reason in (Reason.UNREACHED, Reason.UNACKNOWLEDGED)
    )
    assert world.open() == {unreached}
    world.put(an_assignment(warn_at=after(8), overdue_at=after(12)))
    world.run(1)
    assert world.open() == set()
    world.run(2)
    assert world.open() == {unacknowledged}
