"""Receipts: how far an order or an assignment has come with each of those it is for.

Each receipt is a small entity of its own, so that those who answer at the same moment never stand
in each other's way. What is there already stays; a later time says the earlier ones as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

import orjson
from pydantic import Field, model_validator

from cop.errors import NotPossible
from cop.model.entity import Instant, Kind, Placing
from cop.model.geometry import Point
from cop.model.kinds import Assignment, AssignmentStatus, Facility, Order, Receipt, Resource
from cop.model.text import LANGS, Text, say
from cop.services.commands.assignments import ENDED, last_step, not_next, related, stepped
from cop.services.commands.context import Context
from cop.services.commands.moments import moment
from cop.services.commands.plan import Body, Caution, Command, Plan
from cop.services.geography import district_of
from cop.services.policy import Action

STEPS: Final = ("delivered", "read", "acknowledged")
"""In their order; the time of each is kept under its name with `_at`."""


class ReceiveAssignment(Body):
    """What the asker's phone has done with an assignment: it came, or it was opened."""

    step: Literal["delivered", "read"]
    at: Instant | None = None


class AnswerOrder(Body):
    """What the asker has done with an order; a later step says the earlier ones as well.

    Attributes:
        at: when; now, where it is left out.
        answer: to a roll call, which is acknowledged with it.
        words: what help is needed.
        geometry, precision_m: where whoever answers is, and how far off that may be.
    """

    step: Literal["delivered", "read", "acknowledged"]
    at: Instant | None = None
    answer: Literal["safe", "help"] | None = None
    words: Annotated[str, Field(max_length=1000)] = ""
    geometry: Point | None = None
    precision_m: Annotated[float, Field(ge=0, le=100_000)] | None = None

    @model_validator(mode="after")
    def _answers_when_it_acknowledges(self) -> Self:
        if self.answer is not None and self.step != "acknowledged":
            raise ValueError("an answer goes with the step acknowledged")
        if self.answer is None and (self.words or self.geometry is not None):
            raise ValueError("words and geometry go with an answer")
        return self


def receipt_id(subject_id: str, account: str) -> str:
    """Give the id of the receipt of *account* for an order or an assignment."""
    return f"{Kind.RECEIPT.value}:{subject_id.partition(':')[2]}/{account}"


def _own(ctx: Context, subject_id: str) -> Receipt:
    """Give the asker's own receipt; a blank one, where there is none yet."""
    name = ctx.identity.name
    own_id = receipt_id(subject_id, name)
    found = ctx.find([own_id]).get(own_id)
    if isinstance(found, Receipt):
        return found
    publisher = ctx.identity.agency or "COP"
    return Receipt(id=own_id, publisher=publisher, subject=subject_id, recipient=name)


def _earliest(receipt: Receipt, step: str, begun: datetime | None) -> datetime | None:
    """Tell before when *receipt* cannot have come to *step*: what it follows was then."""
    before = (getattr(receipt, f"{one}_at") for one in STEPS[: STEPS.index(step)])
    return max((at for at in (begun, *before) if at is not None), default=None)


def _come_to(receipt: Receipt, step: str, at: datetime) -> Receipt:
    """Give *receipt* at *step* since *at*; what it has come to already stays as it is."""
    reached = [f"{one}_at" for one in STEPS[: STEPS.index(step) + 1]]
    times = {field: getattr(receipt, field) or at for field in reached}
    return receipt.model_copy(update=times)


def plan_receive(ctx: Context, assignment_id: str, body: ReceiveAssignment) -> Plan:
    """Take the asker's own receipt of their resource's assignment to a step.

    The first one of all says that the assignment was delivered.
    """
    assignment = ctx.read(assignment_id, Assignment)
    ctx.permit(Action.ANSWER_ORDER, own=[assignment.resource])
    if assignment.status is AssignmentStatus.PROPOSED:
        raise not_next(assignment)
    receipt = _own(ctx, assignment_id)
    begun = assignment.steps.get(AssignmentStatus.ASSIGNED)
    at, cautions = moment(ctx, body.at, not_before=_earliest(receipt, body.step, begun))
    come = _come_to(receipt, body.step, at)
    if assignment.status in ENDED:
        words = f"this task has ended: it is {assignment.status}"
        cautions += (Caution("already-past", words),)
    if assignment.status is not AssignmentStatus.ASSIGNED or come.delivered_at is None:
        return Plan(puts=(come,), cautions=cautions)
    _, incident = related(ctx, assignment)
    since = max(come.delivered_at, last_step(assignment) or come.delivered_at)
    delivered = stepped(ctx, assignment, AssignmentStatus.DELIVERED, incident, at=since)
    about = tuple(one for one in (assignment.resource, assignment.incident) if one)
    return Plan(puts=(come, delivered), about=about, cautions=cautions)


def plan_answer(ctx: Context, order_id: str, body: AnswerOrder) -> Plan:
    """Take the asker's own receipt of an order to a step; of a roll call, the newest answer counts.

    An answer that is older than the known one stands in the journal alone.
    """
    order = ctx.read(order_id, Order)
    ctx.permit(Action.ANSWER_ORDER, own=order.recipients)
    if body.answer is not None and order.asks is None:
        raise NotPossible("not-a-roll-call", "this order asks nothing: acknowledge it")
    if body.answer is None and body.step == "acknowledged" and order.asks is not None:
        raise NotPossible("answer-missing", "say whether you are safe or need help")
    receipt = _own(ctx, order_id)
    answers = body.answer is not None  # then the answer itself tells what was before it
    earliest = order.issued_at if answers else _earliest(receipt, body.step, order.issued_at)
    # Of a clock that is wrong, a call for help is the newest answer and "safe" the oldest.
    if_wrong = {"help": max(ctx.now, order.issued_at), "safe": order.issued_at}
    at, cautions = moment(
        ctx, body.at, not_before=earliest, if_wrong=if_wrong.get(body.answer or "")
    )
    if order.cancelled_at is not None:
        cautions += (Caution("cancelled", "this order has been taken back"),)
    if body.answer is None:
        return Plan(puts=(_come_to(receipt, body.step, at),), cautions=cautions)
    if _is_older(receipt, body, at):
        words = "a newer answer is known and was kept: answer again if this is how it is now"
        said = orjson.dumps(body.model_dump(mode="json", exclude_unset=True)).decode()
        return Plan(
            reason=f"as of {at.isoformat()}: {said}",
            cautions=(*cautions, Caution("not-the-newest", words)),
            noted=True,
        )
    if order.cancelled_at is not None:  # nobody has seen this answer when it was taken back
        at = max(at, order.cancelled_at)
    return Plan(puts=(_answered(ctx, receipt, body, at),), cautions=cautions)


def _is_older(receipt: Receipt, body: AnswerOrder, at: datetime) -> bool:
    """Tell whether *body*, said *at*, is older than the known answer; of two at once, help counts.

    So the answers of two phones come to the same, in whichever order they arrive.
    """
    known = receipt.acknowledged_at
    if receipt.answer is None or known is None:
        return False
    return at < known or (at == known and receipt.answer == "help" and body.answer == "safe")


def _answered(ctx: Context, receipt: Receipt, body: AnswerOrder, at: datetime) -> Receipt:
    """Give *receipt* with the answer of *body*, and whose it is in the words of the picture."""
    answer: dict[str, Any] = {
        "answer": body.answer,
        "words": body.words,
        "delivered_at": min(receipt.delivered_at or at, at),
        "read_at": min(receipt.read_at or at, at),
        "acknowledged_at": at,
        "title": _teams(ctx),
        "geometry": body.geometry,
        "precision_m": None if body.geometry is None else body.precision_m,
        "placing": Placing.UNPLACED if body.geometry is None else Placing.GIVEN,
        "district": district_of(body.geometry),
    }
    return receipt.model_copy(update=answer)


def _teams(ctx: Context) -> Text:
    """Name the asker's own teams and facilities."""
    found = ctx.find(sorted(ctx.identity.belongs_to)).values()
    titles = [one.title for one in found if isinstance(one, Resource | Facility) and one.title]
    return {lang: ", ".join(say(title, lang) for title in titles) for lang in LANGS if titles}


COMMANDS: Final = (
    Command(
        actions=(Action.ANSWER_ORDER,),
        method="POST",
        path="/assignments/{id}/receipts",
        body=ReceiveAssignment,
        plan=plan_receive,
        summary="Say that a phone has received, or its owner opened, an assignment",
        example={"step": "delivered", "at": "2023-09-07T15:06:44Z"},
    ),
    Command(
        actions=(Action.ANSWER_ORDER,),
        method="POST",
        path="/orders/{id}/receipts",
        body=AnswerOrder,
        plan=plan_answer,
        summary="Say that one has received, read or acknowledged an order, or answer a roll call",
        example={"step": "acknowledged"},
    ),
)
