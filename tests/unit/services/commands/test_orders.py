from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from cop.errors import NotFound, NotPermitted, NotPossible, Stale
from cop.model.geometry import point
from cop.model.kinds import Order, Receipt
from cop.services.commands.orders import IssueOrder
from cop.services.policy import Identity, Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, Room, who

ISSUE = "POST /orders"
RECEIPT = "POST /orders/{id}/receipts"
CANCEL = "POST /orders/{id}/cancel"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[114.1, 22.3], [114.2, 22.3], [114.2, 22.4], [114.1, 22.4], [114.1, 22.3]]],
}
TWISTED = {
    "type": "Polygon",
    "coordinates": [[[114.1, 22.3], [114.2, 22.4], [114.2, 22.3], [114.1, 22.4], [114.1, 22.3]]],
}
BESIDE = {
    "type": "Polygon",
    "coordinates": [[[114.19, 22.35], [114.3, 22.35], [114.3, 22.36], [114.19, 22.35]]],
}


@pytest.fixture
def room() -> Room:
    """Give a desk, three teams and the accounts of an operation."""
    room = Room()
    room.resource("in", geometry=point(114.15, 22.35))
    room.resource("reaches-in", agency="FSD", geometry=point(114.5, 22.5), area=BESIDE)
    room.resource("out", geometry=point(114.5, 22.5))
    room.user("commander", Role.COMMANDER)
    room.user("ann", Role.FIELD, "DSD", belongs_to=("resource:in",))
    room.user("bob", Role.FIELD, "DSD", belongs_to=("resource:in", "resource:out"))
    room.user("eve", Role.LIAISON, "FSD")
    room.user("kim", Role.VIEWER)
    room.user("gone", Role.FIELD, "DSD", disabled=True)
    room.user("drill", Role.FIELD, "DSD", operations=("exercise-x",))
    room.user("here", Role.WARDEN, operations=("live",))
    room.user("tracker", Role.MACHINE, "DSD")
    return room


def issue(room: Room, *addressees: str, asker: Identity = CHIEF, **said: Any) -> Order:
    """Issue an order."""
    said = {"words": "Report water levels", **said}
    return room.see(room.do(ISSUE, asker, addressees=addressees, **said).id, Order)


@pytest.mark.parametrize(
    ("addressees", "recipients"),
    [
        (["everyone"], ["ann", "bob", "eve", "here", "kim"]),
        (["role:field"], ["ann", "bob"]),
        (["role:warden", "role:viewer"], ["here", "kim"]),
        (["agency:DSD"], ["ann", "bob"]),
        (["agency:FSD", "role:field"], ["ann", "bob", "eve"]),
        (["resource:out"], ["bob"]),
        (["resource:in"], ["ann", "bob"]),
        (["area"], ["ann", "bob"]),
    ],
)
def test_addressees_become_accounts(
    room: Room, addressees: list[str], recipients: list[str]
) -> None:
    """Each addressee means accounts of this operation that can answer.

    Not the disabled, those of another operation, machines, or whoever issues it.
    """
    area = {"geometry": SQUARE} if "area" in addressees else {}
    assert list(issue(room, *addressees, **area).recipients) == recipients


def test_what_no_account_belongs_to_is_named(room: Room) -> None:
    """A team that lies in the area, or whose own area reaches in, and has no account is told."""
    told = room.do(ISSUE, CHIEF, words="x", addressees=["area"], geometry=SQUARE)
    assert room.see(told.id, Order).unreachable == ("resource:reaches-in",)
    assert [caution.code for caution in told.cautions] == ["unreachable"]


def test_an_order_to_nobody_is_refused(room: Room) -> None:
    """Where no account would receive it nothing is written, and whom it meant is said."""
    with pytest.raises(NotPossible) as refused:
        issue(room, "resource:reaches-in")
    assert refused.value.code == "nobody"
    assert refused.value.members == {"unreachable": ["resource:reaches-in"]}
    with pytest.raises(NotPossible, match="no account"):
        issue(room, "agency:HKPF")
    with pytest.raises(NotFound):
        issue(room, "resource:none")


def test_a_liaison_addresses_the_own_agency_alone(room: Room) -> None:
    """Own agency, own teams, own teams in an area; not everyone, roles or others' teams."""
    assert issue(room, "agency:DSD", asker=DSD).recipients == ("ann", "bob")
    assert issue(room, "resource:in", asker=DSD).recipients == ("ann", "bob")
    for addressee in ("everyone", "role:field", "agency:FSD", "resource:reaches-in"):
        with pytest.raises(NotPermitted):
            issue(room, addressee, asker=DSD)
    told = room.do(ISSUE, DSD, words="x", addressees=["area"], geometry=SQUARE)
    assert room.see(told.id, Order).unreachable == ()
    assert [caution.code for caution in told.cautions] == ["others-left-out"]


@pytest.mark.parametrize("role", [Role.FIELD, Role.WARDEN, Role.VIEWER, Role.MACHINE])
def test_who_may_not_issue(room: Room, role: Role) -> None:
    """Those who carry out orders do not issue them."""
    with pytest.raises(NotPermitted):
        issue(room, "everyone", asker=who(role, "DSD"))


@pytest.mark.parametrize(
    "said",
    [
        {"addressees": []},
        {"addressees": ["role:king"]},
        {"addressees": ["all"]},
        {"addressees": ["agency:"]},
        {"addressees": ["area"]},
        {"addressees": ["everyone"], "geometry": SQUARE},
        {"addressees": ["area"], "geometry": {"type": "Point", "coordinates": [114, 22]}},
        {"addressees": ["area"], "geometry": TWISTED},
        {"addressees": ["everyone"], "words": "  "},
    ],
)
def test_what_is_no_order(said: dict[str, Any]) -> None:
    """Unknown addressees, none, an area without a shape, a shape without an area, or a bad one."""
    with pytest.raises(ValidationError):
        IssueOrder.model_validate({"words": "x", **said})


def test_an_answer_is_due(room: Room) -> None:
    """Without a time to answer by, that of its severity holds; one gone by is refused."""
    severe = issue(room, "everyone", severity="Extreme")
    assert severe.reply_by == NOON + timedelta(minutes=5)
    by = NOON + timedelta(hours=3)
    assert issue(room, "everyone", reply_by=by).reply_by == by
    with pytest.raises(NotPossible, match="time to come"):
        issue(room, "everyone", reply_by=NOON)


def test_a_receipt_goes_forward(room: Room) -> None:
    """A later step says the earlier ones; an earlier one afterwards changes nothing."""
    order = issue(room, "everyone")
    ann = who(Role.FIELD, "DSD", "ann")
    receipt = order.id.replace("order:", "receipt:") + "/ann"
    room.do(RECEIPT, ann, order.id, step="delivered")
    room.clock.wait(60)
    room.do(RECEIPT, ann, order.id, step="acknowledged")
    after = room.see(receipt, Receipt)
    later = NOON + timedelta(minutes=1)
    assert (after.delivered_at, after.read_at, after.acknowledged_at) == (NOON, later, later)
    room.clock.wait(60)
    for step in ("read", "delivered", "acknowledged"):
        told = room.do(RECEIPT, ann, order.id, step=step)
        assert told.journal == 0
    assert room.see(receipt, Receipt) == after
    assert room.version(order.id) == 1, "the order itself is not written"


@pytest.mark.parametrize("name", ["drill", "stranger", "commander"])
def test_only_recipients_answer(room: Room, name: str) -> None:
    """Nobody gives a receipt for an order that was not sent to them, or for another."""
    order = issue(room, "everyone")
    with pytest.raises(NotPermitted):
        room.do(RECEIPT, who(Role.FIELD, "DSD", name), order.id, step="read")


def test_recipients_are_those_of_the_moment(room: Room) -> None:
    """Who comes later has not been sent it."""
    order = issue(room, "everyone")
    room.user("late", Role.FIELD, "DSD")
    with pytest.raises(NotPermitted):
        room.do(RECEIPT, who(Role.FIELD, "DSD", "late"), order.id, step="read")


def test_taken_back(room: Room) -> None:
    """With a reason, once, from the version seen; who reads it afterwards is told."""
    order = issue(room, "everyone")
    with pytest.raises(Stale):
        room.do(CANCEL, DUTY, order.id, made_from=2, reason="safe")
    with pytest.raises(NotPermitted):
        room.do(CANCEL, DSD, order.id, made_from=1, reason="safe")
    room.do(CANCEL, DUTY, order.id, made_from=1, reason="safe")
    after = room.see(order.id, Order)
    assert (after.cancelled_at, after.reason) == (NOON, "safe")
    with pytest.raises(NotPossible, match="already"):
        room.do(CANCEL, DUTY, order.id, made_from=2, reason="again")
    told = room.do(RECEIPT, who(Role.FIELD, "DSD", "ann"), order.id, step="read")
    assert [caution.code for caution in told.cautions] == ["cancelled"]


def test_five_hundred_cost_one_order(room: Room) -> None:
    """An order to five hundred is one entity; each receipt is one of a few hundred bytes."""
    for n in range(500):
        room.user(f"u{n:03}", Role.FIELD, "AMS")
    before = len(room.store.snapshot().records)
    order = issue(room, "agency:AMS")
    assert len(order.recipients) == 500
    assert len(room.store.snapshot().records) == before + 1
    room.do(RECEIPT, who(Role.FIELD, "AMS", "u000"), order.id, step="acknowledged")
    (receipt,) = room.store.by_kind(Receipt.model_fields["kind"].default).values()
    assert len(receipt.body) < 400
