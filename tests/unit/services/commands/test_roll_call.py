"""Roll calls: are all safe? Each says so or calls for help; the newest answer counts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cop.errors import NotPossible
from cop.model.geometry import point
from cop.model.journal import Deed
from cop.model.kinds import Order, Receipt
from cop.model.text import LANGS
from cop.services.commands.orders import ROLL_CALL, IssueOrder
from cop.services.commands.receipts import AnswerOrder
from cop.services.policy import Role
from tests.unit.services.commands.acting import DUTY, NOON, Room, who

ANSWER = "POST /orders/{id}/receipts"
ANN = who(Role.FIELD, "DSD", "ann", ["resource:pump-1"])


def minutes(number: float) -> datetime:
    """Give a time, in minutes after noon."""
    return NOON + timedelta(minutes=number)


def called(**said: Any) -> tuple[Room, Order]:
    """Call the roll at a desk with one team of one."""
    room = Room()
    room.resource("pump-1", title={"en": "Pump 1", "zh-Hant": "泵一隊"})
    room.user("ann", Role.FIELD, "DSD", belongs_to=("resource:pump-1",))
    made = room.do("POST /orders", DUTY, asks="all_safe", addressees=["role:field"], **said)
    return room, room.see(made.id, Order)


def receipt(room: Room, order: Order) -> Receipt:
    """Give ann's receipt."""
    return room.see(order.id.replace("order:", "receipt:") + "/ann", Receipt)


def test_a_roll_call_needs_no_words() -> None:
    """It asks in three languages, and waits for five minutes; both can be said otherwise."""
    _, order = called()
    assert (order.asks, order.body, order.reply_by) == ("all_safe", ROLL_CALL, minutes(5))
    assert order.body.keys() == set(LANGS)
    _, order = called(words="Slope 12 gave way: all safe?", reply_by=minutes(9))
    assert (order.body, order.reply_by) == ({"en": "Slope 12 gave way: all safe?"}, minutes(9))
    with pytest.raises(ValidationError, match="say what to do"):
        IssueOrder.model_validate({"addressees": ["everyone"], "words": " "})


def test_an_answer_says_who_and_where() -> None:
    """With the words, the place and its accuracy, and the names of the own teams."""
    room, order = called()
    room.clock.wait(120)
    where = point(114.17, 22.3)
    said = {"answer": "help", "words": "Van in the water", "geometry": where, "precision_m": 12}
    room.do(ANSWER, ANN, order.id, step="acknowledged", at=minutes(1), **said)
    kept = receipt(room, order)
    assert (kept.answer, kept.words, kept.precision_m) == ("help", "Van in the water", 12)
    assert (kept.geometry, kept.placing) == (where, "given")
    assert kept.title["zh-Hant"] == "泵一隊"
    assert kept.title["zh-Hans"] != ""
    assert kept.delivered_at == kept.read_at == kept.acknowledged_at == minutes(1)


def test_opening_it_is_no_answer() -> None:
    """Delivered and read need none; acknowledging does; an order that asks nothing takes none."""
    room, order = called()
    room.do(ANSWER, ANN, order.id, step="read")
    with pytest.raises(NotPossible) as refused:
        room.do(ANSWER, ANN, order.id, step="acknowledged")
    assert refused.value.code == "answer-missing"
    assert receipt(room, order).acknowledged_at is None
    plain = room.do("POST /orders", DUTY, words="x", addressees=["role:field"]).id
    with pytest.raises(NotPossible) as refused:
        room.do(ANSWER, ANN, plain, step="acknowledged", answer="safe")
    assert refused.value.code == "not-a-roll-call"


@pytest.mark.parametrize(
    "said",
    [
        {"step": "read", "answer": "safe"},
        {"step": "acknowledged", "words": "all well"},
        {"step": "acknowledged", "geometry": {"type": "Point", "coordinates": [114, 22]}},
        {"step": "acknowledged", "answer": "perhaps"},
    ],
)
def test_what_is_no_answer(said: dict[str, Any]) -> None:
    """An answer goes with acknowledging, and words and a place with an answer."""
    with pytest.raises(ValidationError):
        AnswerOrder.model_validate(said)


def test_an_answer_changes() -> None:
    """From safe to help and back; with the last answer go its words, its place and its time."""
    room, order = called()
    room.do(ANSWER, ANN, order.id, step="acknowledged", answer="safe")
    room.clock.wait(300)
    room.do(
        ANSWER,
        ANN,
        order.id,
        step="acknowledged",
        answer="help",
        words="x",
        geometry=point(114, 22),
    )
    assert receipt(room, order).answer == "help"
    assert receipt(room, order).acknowledged_at == minutes(5)
    room.clock.wait(300)
    room.do(ANSWER, ANN, order.id, step="acknowledged", answer="safe")
    kept = receipt(room, order)
    assert (kept.answer, kept.words, kept.geometry) == ("safe", "", None)
    assert (kept.placing, kept.district) == ("unplaced", None)
    assert (kept.delivered_at, kept.acknowledged_at) == (NOON, minutes(10))


def test_an_older_answer_stands_in_the_journal_alone() -> None:
    """Who says it is told, so that they can say it again; nothing that was said is lost."""
    room, order = called()
    room.clock.wait(600)
    room.do(ANSWER, ANN, order.id, step="acknowledged", answer="safe", at=minutes(9))
    late = {"answer": "help", "words": "Stuck", "at": minutes(3)}
    told = room.do(ANSWER, ANN, order.id, step="acknowledged", **late)
    assert [caution.code for caution in told.cautions] == ["not-the-newest"]
    assert receipt(room, order).answer == "safe"
    (link,) = room.store.journal([told.journal])
    assert "Stuck" in (Deed.decode(link.body).reason or "")


def test_a_call_for_help_outlives_the_roll_call() -> None:
    """What comes after it was taken back counts as said then, so that somebody still sees it."""
    room, order = called()
    room.clock.wait(600)
    room.do("POST /orders/{id}/cancel", DUTY, order.id, made_from=1, reason="all accounted for")
    room.clock.wait(600)
    told = room.do(ANSWER, ANN, order.id, step="acknowledged", answer="help", at=minutes(3))
    assert [caution.code for caution in told.cautions] == ["cancelled"]
    assert receipt(room, order).acknowledged_at == minutes(10)


@pytest.mark.parametrize("wrong", [-60 * 24 * 3650, 60 * 24 * 3650])
def test_a_wrong_clock_hides_no_call_for_help(wrong: float) -> None:
    """Nobody knows when it was said: help counts then, and "safe" takes no call for help back."""
    room, order = called()
    room.clock.wait(600)

    def answer(said: str, at: float) -> list[str]:
        told = room.do(ANSWER, ANN, order.id, step="acknowledged", answer=said, at=minutes(at))
        return [caution.code for caution in told.cautions]

    assert answer("safe", 9) == []
    assert answer("help", wrong) == ["clock-off"]
    assert (receipt(room, order).answer, receipt(room, order).acknowledged_at) == (
        "help",
        minutes(10),
    )
    assert answer("safe", wrong) == ["clock-off", "not-the-newest"]
    assert receipt(room, order).answer == "help"
    room.clock.wait(60)
    assert answer("safe", 11) == []
    assert receipt(room, order).answer == "safe"


@pytest.mark.parametrize("wrong", [-60 * 24 * 3650, 60 * 24 * 3650])
def test_safe_by_a_wrong_clock_is_the_oldest_answer(wrong: float) -> None:
    """A call for help that comes late from a phone whose clock is right counts after it."""
    room, order = called()
    room.clock.wait(600)
    room.do(ANSWER, ANN, order.id, step="acknowledged", answer="safe", at=minutes(wrong))
    assert receipt(room, order).acknowledged_at == NOON
    room.do(ANSWER, ANN, order.id, step="acknowledged", answer="help", at=minutes(2))
    assert receipt(room, order).answer == "help"


_answers = st.lists(st.tuples(st.sampled_from(["safe", "help"]), st.integers(0, 20)), max_size=5)


@settings(max_examples=60, deadline=None)
@given(answers=_answers.filter(bool), data=st.data())
def test_answers_in_any_order_come_to_the_same(
    answers: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Of several phones the newest answer counts; of two at the same moment the call for help."""

    def answered(order_of: Sequence[tuple[str, int]]) -> tuple[str | None, datetime | None]:
        room, order = called()
        room.clock.wait(1500)
        keys = itertools.count()
        for answer, at in order_of:
            for _ in range(2):
                said = {"key": f"k{next(keys)}", "answer": answer, "at": minutes(at)}
                room.do(ANSWER, ANN, order.id, step="acknowledged", **said)
        kept = receipt(room, order)
        return kept.answer, kept.acknowledged_at

    newest = max(at for _, at in answers)
    answer = "help" if ("help", newest) in answers else "safe"
    assert answered(answers) == (answer, minutes(newest))
    assert answered(data.draw(st.permutations(answers))) == (answer, minutes(newest))
